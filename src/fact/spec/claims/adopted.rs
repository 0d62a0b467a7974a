//! The claims a draft adopts, looked at more closely: how they are named, who wrote what they hold.

use super::absent::absent;
use super::volumes::{self, Volume, parts};
use crate::expr::Value;
use crate::fact::spec::around::{existing, neighbours};
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

const VOLUMES: [&str; 3] = ["spec", "dataSource", "volumes"];
const DATA: [&str; 4] = ["spec", "dataSource", "volumes", "pgDataVolume"];
const NOTE: &str = "the claims the draft adopts";

const FIELDS: [&str; 9] = [
    "field",
    "name",
    "invalid",
    "directory",
    "mountPoint",
    "outside",
    "sameAs",
    "alsoBy",
    "absent",
];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.adopted",
        "every volume in dataSource.volumes: {field, name, invalid, directory, mountPoint, outside, sameAs, alsoBy, absent}; field is pgDataVolume or its like, name and directory as written, invalid whether no claim can have the name (it is empty, or no DNS name), mountPoint whether the directory begins with a place where a volume is mounted, as in the environment of v4's pods, outside whether it is the volume itself or leads out of it, sameAs the field before it that names the same claim, alsoBy another PostgresCluster of the input that adopts it, absent whether there is no such claim where the draft will be, as far as the input shows anything of that place; a claim that the v4 cluster is known to use is left to the comparison with it",
        &FIELDS,
        everywhere,
    ),
    row(
        "draft.volumes.data.writtenBy",
        Type::String,
        "who wrote what the adopted data claim holds: \"v4\" or \"v5\" by its labels, \"v4\" beside a paired cluster or a repository in v4's layout; \"\" where none is adopted; unknown for a claim that is not in the input or bears no such label",
        |draft| {
            let by = written_by(draft).map(Value::from);
            by.and_at(draft.nearest(&DATA), "the data volume")
        },
    ),
];

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut before: Vec<(Volume, Node<'_>)> = Vec::new();
    let mut all = Vec::new();
    let [spec, source, volumes] = VOLUMES;
    for volume in Volume::ALL {
        let path = [spec, source, volumes, volume.field()];
        let Some((key, section)) = draft.entry(&path).filter(|(_, value)| value.is_map()) else {
            continue;
        };
        let scalar = |field: &str| {
            let node = draft.keys().entry(section, field)?.value;
            (node.scalar().is_some() && !node.is_null()).then_some(node)
        };
        let (name, directory) = (scalar("pvcName"), scalar("directory"));
        let can_be = |name: &Node<'_>| !name.is_placeholder() && is_claim_name(name.text());
        let element = Element::new(path.join("."), key.span(), NOTE)
            .with("field", Fact::known(volume.field().into()))
            .with("name", text(name))
            .with(
                "invalid",
                said(name, |name| !is_claim_name(name), "no name of a claim"),
            )
            .with("directory", text(directory))
            .with(
                "mountPoint",
                said(
                    directory,
                    |path| has_mount_point(path, name.map_or("", Node::text)),
                    "the mount point is put in front once more",
                ),
            )
            .with(
                "outside",
                said(directory, is_outside, "no directory within the volume"),
            )
            .with("sameAs", same_as(name, &before))
            .with("alsoBy", neighbours::adopts(draft, name))
            .with("absent", absent(draft, volume, name.filter(can_be)));
        before.extend(name.map(|name| (volume, name)));
        all.push(element);
    }
    Fact::at(all, draft.nearest(&VOLUMES), NOTE)
}

fn text(node: Option<Node<'_>>) -> Fact<Value> {
    match node {
        Some(node) => Fact::at(node.text().into(), node.span(), NOTE),
        None => Fact::known("".into()),
    }
}

fn said(node: Option<Node<'_>>, is: impl Fn(&str) -> bool, note: &'static str) -> Fact<Value> {
    match node {
        // What is still to be filled in is told as that.
        Some(node) => Fact::at(
            (!node.is_placeholder() && is(node.text())).into(),
            node.span(),
            note,
        ),
        None => Fact::known(false.into()),
    }
}

/// The field before it that names the same claim.
fn same_as(name: Option<Node<'_>>, before: &[(Volume, Node<'_>)]) -> Fact<Value> {
    let Some(name) = name.filter(|name| !name.text().is_empty()) else {
        return Fact::known("".into());
    };
    let mut same = before.iter();
    match same.find(|(_, other)| other.text() == name.text()) {
        Some((volume, other)) => Fact::at(volume.field().into(), name.span(), "named twice")
            .and_at(other.span(), "here first"),
        None => Fact::at("".into(), name.span(), NOTE),
    }
}

/// A DNS-1123 subdomain.
fn is_claim_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Where PGO mounts volumes: v5 the data, the WAL, the repositories; v4 its repository.
const MOUNTS: [&str; 4] = ["/pgdata/", "/pgwal/", "/pgbackrest/", "/backrestrepo/"];

/// Whether the path of a mount is in front. Without a slash it may be the name of a directory, too, unless what follows is one
/// that v4 makes.
fn has_mount_point(directory: &str, claim: &str) -> bool {
    let parts = parts(directory);
    let path = parts
        .iter()
        .fold(String::new(), |path, part| path + "/" + part);
    let inside = MOUNTS.iter().find_map(|mount| path.strip_prefix(mount));
    let of_v4 = |inside: &str| inside == claim || inside.ends_with("-backrest-shared-repo");
    inside.is_some_and(|inside| directory.starts_with('/') || of_v4(inside))
}

/// Whether it is the volume itself, or leads out of it.
fn is_outside(directory: &str) -> bool {
    let parts = parts(directory);
    !directory.is_empty() && (parts.is_empty() || parts.contains(&".."))
}

fn written_by(draft: &Draft<'_>) -> Fact<&'static str> {
    let claim = volumes::given(draft, Volume::Data).both(volumes::claim_name(draft, Volume::Data));
    claim.and_then(|(given, name)| {
        if given && !name.is_empty() {
            of_claim(draft, &name)
        } else {
            Fact::known("")
        }
    })
}

fn of_claim(draft: &Draft<'_>, name: &str) -> Fact<&'static str> {
    let kind = Kind::PersistentVolumeClaim;
    let of_v4 = is_of_v4(draft);
    let namespace = match draft.namespace() {
        Fact::Known(truth) => truth.value,
        Fact::Unknown(_) if of_v4 => return Fact::known("v4"),
        Fact::Unknown(gaps) => return Fact::Unknown(gaps),
    };
    match existing::find(draft, kind, Some(namespace), name) {
        Found::Here(claim) => by_labels(draft, claim),
        _ if of_v4 => Fact::known("v4"),
        Found::Absent(_) => Fact::unknown(unseen(
            name,
            namespace,
            "there is no such claim in the input",
        )),
        Found::Unseen(gap) => Fact::unknown(gap),
    }
}

/// Whether it is v4's cluster that is adopted: it is in the input, or the repository beside the data lies in v4's layout.
fn is_of_v4(draft: &Draft<'_>) -> bool {
    let repository = volumes::directory(draft, Volume::Repo);
    let directory = repository
        .value()
        .is_some_and(|directory| !directory.is_empty());
    directory || draft.pairing.pair().is_some()
}

fn by_labels(draft: &Draft<'_>, claim: &Object) -> Fact<&'static str> {
    let signs = [
        ("postgres-operator.crunchydata.com/data", "v5"),
        ("postgres-operator.crunchydata.com/role", "v5"),
        ("pg-cluster", "v4"),
    ];
    // A claim of v4 that v5 adopted bears both, and is in v5's form once it was started.
    let sign = signs
        .into_iter()
        .find_map(|(key, of)| Some((claim.label(key)?, of)));
    match sign {
        Some((label, of)) => Fact::at(of, label.span(), "whose claim it is"),
        None if is_of_v4(draft) => Fact::at("v4", claim.name_span(), "the claim"),
        None => Fact::unknown(unseen(
            &claim.name,
            claim.namespace.as_deref().unwrap_or(""),
            "it bears no label of PGO",
        )),
    }
}

fn unseen(claim: &str, namespace: &str, because: &str) -> Gap {
    let gap = Gap::of_one(Kind::PersistentVolumeClaim, Some(namespace), claim);
    Gap {
        missing: format!("whether PGO v4 or v5 wrote what claim {claim} holds"),
        because: because.to_owned(),
        ..gap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_lie_within_their_volume() {
        for (directory, mounted, outside) in [
            ("hippo", false, false),
            ("/hippo", false, false),
            ("./hippo/", false, false),
            ("pgdata", false, false),
            ("pgdata/data", false, false),
            ("/pgdata", false, false),
            ("/pgdata/data", true, false),
            ("//pgdata//hippo/", true, false),
            ("pgdata/hippo", true, false),
            ("backrestrepo/hippo-backrest-shared-repo", true, false),
            ("", false, false),
            (".", false, true),
            ("/", false, true),
            ("../hippo", false, true),
            ("hippo/..", false, true),
        ] {
            let said = (has_mount_point(directory, "hippo"), is_outside(directory));
            assert_eq!(said, (mounted, outside), "{directory}");
        }
    }

    #[test]
    fn names_of_claims() {
        for name in ["hippo", "hippo-pgbr-repo", "a.b-1", "0"] {
            assert!(is_claim_name(name), "{name}");
        }
        for name in [
            "",
            "pgo/hippo",
            "Hippo",
            "-a",
            "a-",
            "a..b",
            "a b",
            "${CLAIM}",
        ] {
            assert!(!is_claim_name(name), "{name}");
        }
    }
}
