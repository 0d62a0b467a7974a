//! Every place where a claim is described: instance sets, their tablespaces and temporary files, repositories, pgAdmin.

mod refused;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::claim_spec::ClaimSpec;
use crate::expr::{Quantity, Value};
use crate::fact::Element;
use crate::fact::spec::around::existing;
use crate::fact::spec::pods::instances;
use crate::fact::spec::reading::{bare, word};
use crate::fact::spec::repository::repos::{REPOS, repos};
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Completeness, Fact, Found, Kind, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.claimSpecs",
    "every claim spec of data, WAL, tablespaces, temporary files, repositories and pgAdmin: {place, shortcuts, volumeName, replicas, sameVolumeAs, modesRefused, rawBlocks, refused, others, request, limit, classAbsent}; shortcuts are the fields that ask for a certain volume, replicas how many claims are made of it, sameVolumeAs the place of another one that asks for the same PersistentVolume, modesRefused its access modes that are none, or that go with no other, rawBlocks whether its volumeMode is Block, refused why the server takes no such claim besides, in words, others what it asks for besides storage, request and limit its amounts of storage where the request is above the limit, else \"\", classAbsent whether its storage class is known not to exist: nothing in the input has it, and all classes and volumes are there",
    &[
        "place",
        "shortcuts",
        "volumeName",
        "replicas",
        "sameVolumeAs",
        "modesRefused",
        "rawBlocks",
        "refused",
        "others",
        "request",
        "limit",
        "classAbsent",
    ],
    everywhere,
)];

const PGADMIN: [&str; 4] = ["spec", "userInterface", "pgAdmin", "dataVolumeClaimSpec"];

/// The access modes a claim may ask for (Kubernetes pkg/apis/core/validation, `supportedAccessModes`).
const MODES: [&str; 4] = [
    "ReadWriteOnce",
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOncePod",
];

/// It goes with no other (`validatePersistentVolumeClaimSpec`, there).
const FOR_ONE_POD: &str = "ReadWriteOncePod";

/// The access modes of a claim spec that are none, or that no claim may have together.
fn modes_refused(spec: Node<'_>) -> Fact<Value> {
    let modes = spec.get("accessModes").into_iter().flat_map(Node::items);
    let modes: Vec<Node<'_>> = modes.collect();
    let refused = |mode: &Node<'_>| {
        mode.as_str().is_some_and(|mode| !MODES.contains(&mode)) && !mode.is_unsaid()
    };
    let refused: Vec<Node<'_>> = modes.iter().copied().filter(refused).collect();
    let names: Vec<&str> = refused.iter().map(|mode| mode.text()).collect();
    let alone = modes.iter().find(|mode| mode.text() == FOR_ONE_POD);
    let others = modes.iter().any(|mode| mode.text() != FOR_ONE_POD);
    if let Some(alone) = alone.filter(|_| others && names.is_empty()) {
        let names = vec![format!("{FOR_ONE_POD} beside others")];
        return Fact::at(names.into(), alone.span(), "goes with no other");
    }
    let place = refused.first().map_or(spec.span(), |mode| mode.span());
    Fact::at(names.into(), place, "the access modes")
}

/// The claim specs of an instance set, tablespaces aside.
const OF_SETS: [&[&str]; 3] = [
    &["dataVolumeClaimSpec"],
    &["walVolumeClaimSpec"],
    &["volumes", "temp"],
];

/// All claim specs with the place each stands in and the number of claims made of it.
fn written<'a>(draft: &Draft<'a>) -> Fact<Vec<(String, Node<'a>, i64)>> {
    let sets = bare(instances::sets(draft).both(repos(draft)));
    sets.map(|(sets, repos)| {
        let mut all = Vec::new();
        for (number, set) in sets.into_iter().enumerate() {
            let path = format!("spec.instances[{}]", instances::name(number, set));
            let replicas = instances::replicas(set);
            for field in OF_SETS {
                let spec = set.at(field);
                let path = format!("{path}.{}", field.join("."));
                all.extend(spec.map(|spec| (path, spec, replicas)));
            }
            let spaces = set
                .get("tablespaceVolumes")
                .into_iter()
                .flat_map(Node::items);
            for space in spaces {
                let path = format!(
                    "{path}.tablespaceVolumes[{}].dataVolumeClaimSpec",
                    word(space, &["name"])
                );
                all.extend(
                    space
                        .get("dataVolumeClaimSpec")
                        .map(|spec| (path, spec, replicas)),
                );
            }
        }
        for repo in repos {
            let path = format!(
                "{}[{}].volume.volumeClaimSpec",
                REPOS.join("."),
                repo.name()
            );
            let spec = repo.node.at(&["volume", "volumeClaimSpec"]);
            all.extend(spec.map(|spec| (path, spec, 1)));
        }
        let of_pgadmin = draft.at(&PGADMIN);
        all.extend(of_pgadmin.map(|spec| (PGADMIN.join("."), spec, 1)));
        all
    })
}

/// Whether the storage class of a claim spec is known not to exist. A class is no more than a word to volumes that were made by
/// hand, and a claim keeps its own when the object is gone: whatever bears the word has it.
fn class_absent<'d>(
    draft: &'d Draft<'_>,
    borne: &OnceCell<BTreeSet<&'d str>>,
    spec: Node<'_>,
) -> Fact<Value> {
    let class = spec.get("storageClassName");
    let Some(class) = class.filter(|class| !class.is_unsaid() && !class.text().is_empty()) else {
        return Fact::known(false.into());
    };
    let of = |absent: bool| Fact::at(absent.into(), class.span(), "the storage class");
    let found = existing::find(draft, Kind::StorageClass, None, class.text());
    // Of volumes, too, the first place tells whether all are there.
    let mut listings = draft
        .places()
        .map(|place| place.list_all(Kind::PersistentVolume));
    let completeness = listings.next().map(|volumes| volumes.completeness);
    let assumed = match (found, completeness) {
        (Found::Absent(one), Some(Completeness::Full)) => vec![one],
        (Found::Absent(one), Some(Completeness::Inferred(other))) => vec![one, Some(other)],
        _ => return of(false),
    };
    if borne.get_or_init(|| classes(draft)).contains(class.text()) {
        return of(false);
    }
    assumed.into_iter().flatten().fold(of(true), Fact::assuming)
}

/// The storage classes that volumes and claims of the input bear.
fn classes<'d>(draft: &'d Draft<'_>) -> BTreeSet<&'d str> {
    let kinds = [Kind::PersistentVolume, Kind::PersistentVolumeClaim];
    let listed = |kind| {
        draft
            .places()
            .flat_map(move |place| place.list_all(kind).objects)
    };
    let objects = kinds.into_iter().flat_map(listed);
    let named = objects.filter_map(|object| object.at(&["spec", "storageClassName"]));
    named.map(Node::text).collect()
}

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let all = written(draft).map(|all| {
        let asks = all
            .iter()
            .map(|(path, spec, _)| (path.as_str(), volume(*spec)));
        let asks: Vec<(&str, Option<Node<'_>>)> = asks.filter(|(_, name)| name.is_some()).collect();
        let borne = OnceCell::new();
        let elements = all.iter().map(|one| {
            let (_, spec, _) = one;
            element(one, &asks).with("classAbsent", class_absent(draft, &borne, *spec))
        });
        elements.collect()
    });
    all.and_at(draft.nearest(&["spec", "instances"]), "the drafted claims")
}

/// The PersistentVolume that a claim spec asks for.
fn volume(spec: Node<'_>) -> Option<Node<'_>> {
    let named = |name: &Node<'_>| !name.text().is_empty() && !name.is_null();
    spec.get("volumeName").filter(named)
}

fn element(
    (path, spec, replicas): &(String, Node<'_>, i64),
    asks: &[(&str, Option<Node<'_>>)],
) -> Element {
    let claim = ClaimSpec {
        node: Some(*spec),
        key: spec.span(),
    };
    let own = volume(*spec);
    let (name, span) = own.map_or(("", spec.span()), |own| (own.text(), own.span()));
    let is_same = |(place, other): &&(&str, Option<Node<'_>>)| {
        own.is_some() && *place != path && other.is_some_and(|other| other.text() == name)
    };
    let note = "asks for a certain volume";
    let same = match asks.iter().find(is_same) {
        Some((place, other)) => {
            let there = other.map_or(span, Node::span);
            Fact::at((*place).into(), span, note).and_at(there, "and so does this")
        }
        None => Fact::at("".into(), span, note),
    };
    let above = above_limit(*spec);
    Element::new(path.clone(), spec.span(), "the drafted claim")
        .with("place", Fact::known(path.as_str().into()))
        .with("shortcuts", claim.shortcuts())
        .with("volumeName", Fact::at(name.into(), span, note))
        .with("replicas", Fact::known((*replicas).into()))
        .with("sameVolumeAs", same)
        .with("modesRefused", modes_refused(*spec))
        .with("rawBlocks", raw_blocks(*spec))
        .with("refused", refused::why(*spec))
        .with("others", others(*spec))
        .with("request", above.0)
        .with("limit", above.1)
}

/// Whether it asks for a device instead of a file system.
fn raw_blocks(spec: Node<'_>) -> Fact<Value> {
    let mode = spec.get("volumeMode");
    let is = mode.is_some_and(|mode| mode.text() == "Block");
    let place = mode.unwrap_or(spec).span();
    Fact::at(is.into(), place, "the volume mode")
}

/// What a claim asks for besides storage, of which there is nothing in a volume.
fn others(spec: Node<'_>) -> Fact<Value> {
    let lists = ["requests", "limits"].into_iter();
    let lists = lists.filter_map(|list| spec.at(&["resources", list]));
    let keys = lists.flat_map(|list| list.entries().map(|(key, _)| key).collect::<Vec<_>>());
    let others: Vec<Node<'_>> = keys.filter(|key| key.key() != "storage").collect();
    let names: Vec<String> = others.iter().map(|key| key.key().into_owned()).collect();
    let place = others.first().map_or(spec.span(), |key| key.span());
    Fact::at(names.into(), place, "nothing that a volume has")
}

/// The request and the limit of a claim that asks for more than its limit.
fn above_limit(spec: Node<'_>) -> (Fact<Value>, Fact<Value>) {
    let storage = |list: &str| spec.at(&["resources", list, "storage"]);
    let amount = |node: Node<'_>| Quantity::parse(node.text()).filter(|_| !node.is_unsaid());
    let both = storage("requests").zip(storage("limits"));
    let above = both.filter(|(request, limit)| {
        // A limit of nothing is none.
        let both = amount(*request).zip(amount(*limit).filter(|limit| limit.0 > 0));
        both.is_some_and(|(request, limit)| request > limit)
    });
    if let Some((request, limit)) = above {
        return (
            Fact::at(request.text().into(), request.span(), "above the limit"),
            Fact::at(limit.text().into(), limit.span(), "the limit"),
        );
    }
    let nothing = || Fact::at("".into(), spec.span(), "the drafted claim");
    (nothing(), nothing())
}
