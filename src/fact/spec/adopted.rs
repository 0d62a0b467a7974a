//! The claims a draft adopts, looked at more closely: how they are named, who wrote what they hold.

use super::problems::{Problems, at};
use super::volumes::{self, Volume};
use super::{Draft, DraftFact, existing, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Found, Gap, Kind, Object};

const VOLUMES: [&str; 3] = ["spec", "dataSource", "volumes"];
const DATA: [&str; 4] = ["spec", "dataSource", "volumes", "pgDataVolume"];
const NOTE: &str = "the claims the draft adopts";

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.claimNamesInvalid",
        Type::Strings,
        "names in dataSource.volumes that no claim can have: empty, or no DNS name: \"pgDataVolume: pgo/hippo\"",
        invalid_names,
    ),
    row(
        "draft.directoriesWithMountPoint",
        Type::Strings,
        "directories in dataSource.volumes that begin with a place where a volume is mounted, as in the environment of v4's pods: \"pgDataVolume: /pgdata/hippo\"",
        with_mount_point,
    ),
    row(
        "draft.claimsTwice",
        Type::Strings,
        "claims that dataSource.volumes names for two volumes: \"hippo (pgDataVolume and pgWALVolume)\"",
        twice,
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

/// The names and directories that are written, with their fields.
fn written<'a>(
    draft: &Draft<'a>,
    field: &'static str,
) -> impl Iterator<Item = (Volume, crate::manifest::Node<'a>)> {
    let node = move |volume: Volume| {
        let [spec, source, volumes] = VOLUMES;
        let node = draft.at(&[spec, source, volumes, volume.field(), field])?;
        let scalar = node.scalar().is_some() && !node.is_null();
        scalar.then_some((volume, node))
    };
    Volume::ALL
        .into_iter()
        .filter_map(node)
        .collect::<Vec<_>>()
        .into_iter()
}

fn invalid_names(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    for (volume, node) in written(draft, "pvcName") {
        if !is_claim_name(node.text()) {
            let text = format!("{}: {}", volume.field(), quoted(node.text()));
            problems.add(text, &[at(node.span(), "no name of a claim")]);
        }
    }
    problems.list(draft.nearest(&VOLUMES), NOTE)
}

fn quoted(name: &str) -> &str {
    if name.is_empty() { "\"\"" } else { name }
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

fn with_mount_point(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    for (volume, node) in written(draft, "directory") {
        let text = node.text();
        // Slashes in a row are one.
        let path = text.split('/').filter(|part| !part.is_empty());
        let path = path.fold(String::new(), |path, part| path + "/" + part);
        if text.starts_with('/') && MOUNTS.iter().any(|mount| path.starts_with(mount)) {
            let place = at(node.span(), "the mount point is put in front once more");
            problems.add(format!("{}: {text}", volume.field()), &[place]);
        }
    }
    problems.list(draft.nearest(&VOLUMES), NOTE)
}

fn twice(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let names: Vec<_> = written(draft, "pvcName").collect();
    for (number, (volume, node)) in names.iter().enumerate() {
        let mut before = names.iter().take(number);
        let same = before.find(|(_, other)| other.text() == node.text());
        if let Some((first, other)) = same
            && !node.text().is_empty()
        {
            let both = format!("{} ({} and {})", node.text(), first.field(), volume.field());
            let places = [
                at(node.span(), "named twice"),
                at(other.span(), "here first"),
            ];
            problems.add(both, &places);
        }
    }
    problems.list(draft.nearest(&VOLUMES), NOTE)
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
