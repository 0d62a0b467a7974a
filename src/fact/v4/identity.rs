//! Who the cluster is: its name, its PGO version, how it is labelled and managed.

mod keys;
#[cfg(test)]
mod tests;

use keys::ignored_keys;

use super::{Cluster, ClusterFact, row};
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::manifest::{Evidence, Fact, Gap, Node, Object};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.name",
        Type::String,
        "the cluster's name",
        |cluster| {
            Fact::at(
                cluster.name.into(),
                cluster.name_span(),
                "the cluster's name",
            )
        },
    ),
    row(
        "cluster.namespace",
        Type::String,
        "its namespace; \"\" where the manifest names none",
        namespace,
    ),
    row(
        "cluster.seen",
        Type::Bool,
        "the Pgcluster object is in the input",
        |cluster| {
            Fact::at(
                cluster.object.is_some().into(),
                cluster.name_span(),
                "the cluster",
            )
        },
    ),
    row(
        "cluster.remains",
        Type::Bool,
        "the cluster was deleted and only its kept claims remain: no Pgcluster, no Deployment, no database pod",
        |cluster| cluster.remains().clone().map(Value::from),
    ),
    row(
        "cluster.v4",
        Type::Version,
        "the PGO v4 version that manages the cluster",
        |cluster| cluster.version().clone().map(Value::from),
    ),
    row(
        "cluster.v4Sources",
        Type::Strings,
        "the different PGO versions that the cluster's labels and image tag name; more than one where they disagree",
        version_sources,
    ),
    row(
        "cluster.labelled",
        Type::Bool,
        "the Pgcluster carries the labels name and pg-cluster by which the pgo client finds it",
        |cluster| labelled(cluster).map(Value::from),
    ),
    row(
        "cluster.declarative",
        Type::Bool,
        "the Pgcluster is managed from manifests: kubectl apply, Argo CD, Flux or Helm have left their marks",
        |cluster| declarative(cluster).map(Value::from),
    ),
    row(
        "cluster.misnamed",
        Type::Bool,
        "spec.name or spec.clustername differ from metadata.name",
        |cluster| misnamed(cluster).map(Value::from),
    ),
    row(
        "cluster.ignoredKeys",
        Type::Strings,
        "keys of the spec that PGO ignores because of their spelling",
        |cluster| ignored_keys(cluster).map(Value::from),
    ),
];

fn namespace(cluster: &Cluster<'_>) -> Fact<Value> {
    let written = cluster.anchor.at(&["metadata", "namespace"]);
    let span = written.map_or_else(|| cluster.name_span(), Node::span);
    Fact::at(
        cluster.namespace.unwrap_or("").into(),
        span,
        "the cluster's namespace",
    )
}

/// Every place that names a PGO version, in the order of trust.
fn versions(cluster: &Cluster<'_>) -> Vec<Fact<String>> {
    let tag = "the PGO version in the image tag";
    let label = "the PGO version label";
    let mut written = Vec::new();
    if let Some(object) = cluster.object {
        let read = |path: &[&str], note| super::fields::text(object, path, note);
        written.push(read(&["spec", "userlabels", "pgo-version"], label));
        written.push(read(&["metadata", "labels", "pgo-version"], label));
        written.push(read(&["spec", "ccpimagetag"], tag).map(|tag| tag_version(&tag)));
    } else {
        let instances = cluster.instances().seen.iter();
        for deployment in instances.filter_map(|instance| instance.deployment) {
            let path = ["metadata", "labels", "pgo-version"];
            written.push(super::fields::text(deployment, &path, label));
        }
    }
    written.retain(|fact| {
        fact.value()
            .is_none_or(|text| Version::parse(text).is_some())
    });
    written
}

/// `4.7.10` of `ubi8-13.10-4.7.10`; `""` where the tag ends otherwise.
fn tag_version(tag: &str) -> String {
    let plain = tag.split('@').next().unwrap_or(tag);
    let is_v4 = |part: &&str| part.starts_with("4.") && Version::parse(part).is_some();
    // A pre-release (`-rc.1`) may follow the version.
    let parts: Vec<&str> = plain.split('-').skip(2).collect();
    let version = parts.into_iter().rev().find(is_v4);
    version.unwrap_or_default().to_owned()
}

impl Cluster<'_> {
    /// The PGO v4 version that manages the cluster.
    pub fn version(&self) -> &Fact<Version> {
        let read = || version(self);
        self.memo.version.get_or_init(read)
    }
}

/// The version by the most trusted place that names one.
fn version(cluster: &Cluster<'_>) -> Fact<Version> {
    if let Some(first) = versions(cluster).into_iter().next() {
        return first.and_then(|text| match Version::parse(&text) {
            Some(version) => Fact::known(version),
            None => Fact::unknown(unversioned(cluster)),
        });
    }
    match cluster.object {
        Some(_) => Fact::unknown(unversioned(cluster)),
        None => Fact::unknown(cluster.gap_of_object()),
    }
}

fn unversioned(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("the PGO version of {}", cluster.name),
        because: "neither the label pgo-version nor the image tag names one".to_owned(),
        ask: "pgo version".to_owned(),
    }
}

fn version_sources(cluster: &Cluster<'_>) -> Fact<Value> {
    let mut named: Vec<String> = Vec::new();
    let mut places: Vec<Evidence> = Vec::new();
    for fact in versions(cluster) {
        match fact {
            Fact::Unknown(gaps) => return Fact::Unknown(gaps),
            Fact::Known(truth) => {
                if !named.contains(&truth.value) {
                    named.push(truth.value);
                }
                places.extend(truth.evidence);
            }
        }
    }
    if named.is_empty() && cluster.object.is_none() {
        return Fact::unknown(cluster.gap_of_object());
    }
    let fact = places
        .iter()
        .fold(Fact::known(()), |fact, at| fact.and_at(at.span, at.note));
    let fact = if places.is_empty() {
        fact.and_at(cluster.name_span(), "the cluster")
    } else {
        fact
    };
    fact.map(|()| named.into())
}

fn labelled(cluster: &Cluster<'_>) -> Fact<bool> {
    let by_name = cluster.label("name", "the label the pgo client looks for");
    let by_cluster = cluster.label("pg-cluster", "the cluster's label");
    let is_own = |label: String| label == cluster.name;
    all_hold(by_name.map(is_own), by_cluster.map(is_own))
}

/// Whether both hold; pointing first at the one that does not.
fn all_hold(left: Fact<bool>, right: Fact<bool>) -> Fact<bool> {
    match (left.value(), right.value()) {
        (Some(false), _) => left,
        (_, Some(false)) => right,
        _ => right.both(left).map(|_| true),
    }
}

/// What tools that apply manifests leave on the objects they manage.
const MARKS: [&[&str]; 9] = [
    &[
        "metadata",
        "annotations",
        "kubectl.kubernetes.io/last-applied-configuration",
    ],
    &["metadata", "annotations", "argocd.argoproj.io/tracking-id"],
    &["metadata", "labels", "argocd.argoproj.io/instance"],
    &["metadata", "labels", "app.kubernetes.io/instance"],
    &["metadata", "labels", "kustomize.toolkit.fluxcd.io/name"],
    &["metadata", "labels", "helm.toolkit.fluxcd.io/name"],
    &["metadata", "annotations", "meta.helm.sh/release-name"],
    &["metadata", "labels", "helm.sh/chart"],
    &["metadata", "labels", "app.kubernetes.io/managed-by"],
];

fn declarative(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster.of_object(|object: &Object| {
        if object.helm_source.is_some() {
            return Fact::at(true, object.name_span(), "rendered from a Helm chart");
        }
        let note = "the mark of a tool that applies manifests";
        let mark = |path: &&[&str]| {
            let (key, parents) = path.split_last()?;
            object.at(parents)?.entry(key)
        };
        // The key says it; the value may be the whole object once more.
        match MARKS.iter().find_map(mark) {
            Some((key, _)) => Fact::at(true, key.span(), note),
            None => Fact::at(false, object.name_span(), "the Pgcluster"),
        }
    })
}

fn misnamed(cluster: &Cluster<'_>) -> Fact<bool> {
    let name = cluster.string(&["spec", "name"], "the name in the spec");
    let clustername = cluster.string(&["spec", "clustername"], "the cluster's name in the spec");
    let agrees = |written: String| written.is_empty() || written == cluster.name;
    all_hold(name.map(agrees), clustername.map(agrees)).map(|agree| !agree)
}
