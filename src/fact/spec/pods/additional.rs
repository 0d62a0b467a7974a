//! What is to be mounted into the operator's pods besides their own volumes, and backups by snapshots: what they need that a
//! manifest does not make.

use super::additional_volumes::{everywhere, volumes};
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::around::existing;
use crate::fact::spec::pods::instances;
use crate::fact::spec::problems::Culprits;
use crate::fact::spec::reading::bare;
use crate::fact::spec::release::gates;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Found, Kind, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.claimsNamed",
        "every claim that pods are to mount and that must exist: of additional volumes, and of the annotation for the log of backups to an object store: {place, name, there}",
        &["place", "name", "there"],
        claims,
    ),
    each(
        "draft.containersUnfound",
        "containers that an additional volume of instances is meant for and that their pods do not have: {volume, container}",
        &["volume", "container"],
        containers,
    ),
    each(
        "draft.instrumentations",
        "spec.instrumentation, as a list of one or none: {leftOut, leftOutBy}; leftOut tells which of the releases the draft may go to leave it out, by the gates of the operator in the input, of which either is enough",
        &["leftOut", "leftOutBy"],
        instrumentation,
    ),
    each(
        "draft.snapshots",
        "backups.snapshots, as a list of one or none: {class, leftOut, leftOutBy}; leftOut tells which of the releases the draft may go to leave it out, by the gates of the operator in the input",
        &["class", "leftOut", "leftOutBy"],
        snapshots,
    ),
];

const LOG_VOLUME: [&str; 3] = [
    "metadata",
    "annotations",
    "postgres-operator.crunchydata.com/pgbackrest-cloud-log-volume",
];

/// The containers of an instance's pod, whatever of them is there; PGO `internal/naming/names.go`, 5.7.9 to 6.0.3.
const OF_INSTANCE: [&str; 9] = [
    "collector",
    "database",
    "exporter",
    "nss-wrapper-init",
    "pgbackrest",
    "pgbackrest-config",
    "postgres-startup",
    "replication-cert-copy",
    "pgbackrest-log-dir",
];

fn claims(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let all = everywhere(draft).map(|volumes| {
        let volumes = volumes.into_iter();
        let claims = volumes.filter_map(|(path, volume)| {
            let claim = volume.get("claimName")?;
            Some((format!("{path}.claimName"), claim))
        });
        let mut named: Vec<(String, Node<'_>)> = claims.collect();
        let log = draft.at(&LOG_VOLUME);
        named.extend(log.map(|claim| (LOG_VOLUME.join("."), claim)));
        let named = named.into_iter();
        let named = named.filter(|(_, claim)| !claim.text().is_empty() && !claim.is_unsaid());
        named
            .map(|(path, claim)| claim_of(draft, path, claim))
            .collect()
    });
    all.and_at(draft.nearest(&["spec", "instances"]), "the volumes")
}

fn claim_of(draft: &Draft<'_>, path: String, claim: Node<'_>) -> Element {
    let note = "a claim that is to be mounted";
    let namespace = draft.namespace().map(str::to_owned);
    let there = namespace.and_then(|namespace| {
        let kind = Kind::PersistentVolumeClaim;
        let is = |it: bool| Fact::at(Value::from(it), claim.span(), note);
        match existing::find(draft, kind, Some(&namespace), claim.text()) {
            Found::Here(object) => is(true).and_at(object.name_span(), "it exists"),
            Found::Absent(None) => is(false),
            Found::Absent(Some(assumption)) => is(false).assuming(assumption),
            Found::Unseen(gap) => Fact::unknown(gap),
        }
    });
    Element::new(path.clone(), claim.span(), note)
        .with("place", Fact::known(path.into()))
        .with("name", Fact::known(claim.text().into()))
        .with("there", there)
}

fn containers(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let sets = problems.look(bare(instances::sets(draft)));
    for (number, set) in sets.into_iter().flat_map(|sets| sets.value).enumerate() {
        let own = set.get("containers").into_iter().flat_map(Node::items);
        let own = own.filter_map(|one| Some(one.get("name")?.text()));
        let known: Vec<&str> = own.chain(OF_INSTANCE).collect();
        for volume in volumes(set) {
            let name = volume.get("name").map_or("", Node::text);
            let meant = volume.get("containers").into_iter().flat_map(Node::items);
            for container in meant.filter(|one| !known.contains(&one.text()) && !one.is_unsaid()) {
                let set = instances::name(number, set);
                let key = format!(
                    "spec.instances[{set}].volumes.additional[{name}].containers[{}]",
                    container.text()
                );
                let at = Fact::at(
                    container.text().into(),
                    container.span(),
                    "no such container",
                );
                let element = Element::new(key, container.span(), "no such container");
                let element = element.with("volume", Fact::known(name.into()));
                problems.add(element.with("container", at));
            }
        }
    }
    problems.list(draft.nearest(&["spec", "instances"]), "the volumes")
}

fn instrumentation(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let path = ["spec", "instrumentation"];
    let section = bare(draft.section(&path));
    let found = section.map(|section| {
        let asked = section.map(|section| {
            let key = draft.key(&path).unwrap_or(section).span();
            let gate = if gates::opened(draft, &gates::METRICS) {
                &gates::METRICS
            } else {
                &gates::LOGS
            };
            let element = Element::new(path.join("."), key, "the collector of OpenTelemetry");
            gates::left_out(element, draft, gate)
        });
        asked.into_iter().collect::<Vec<_>>()
    });
    found.and_at(draft.nearest(&path), "the spec")
}

fn snapshots(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let path = ["spec", "backups", "snapshots"];
    let section = bare(draft.section(&path));
    let found = section.map(|section| {
        let asked = section.map(|section| {
            let key = draft.key(&path).unwrap_or(section).span();
            let class = section
                .get("volumeSnapshotClassName")
                .map_or("", Node::text);
            let element = Element::new(path.join("."), key, "backups by snapshots")
                .with("class", Fact::known(class.into()));
            gates::left_out(element, draft, &gates::SNAPSHOTS)
        });
        asked.into_iter().collect::<Vec<_>>()
    });
    found.and_at(draft.nearest(&path), "the backups")
}
