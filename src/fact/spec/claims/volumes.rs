//! `spec.dataSource.volumes`: the claims the draft adopts.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Node};

const VOLUMES: [&str; 3] = ["spec", "dataSource", "volumes"];

/// A volume of v4 that a draft can adopt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact::spec) enum Volume {
    Data,
    Wal,
    Repo,
}

impl Volume {
    pub(in crate::fact::spec) const ALL: [Volume; 3] = [Volume::Data, Volume::Wal, Volume::Repo];

    /// Its field in `dataSource.volumes`.
    pub(in crate::fact::spec) fn field(self) -> &'static str {
        match self {
            Volume::Data => "pgDataVolume",
            Volume::Wal => "pgWALVolume",
            Volume::Repo => "pgBackRestVolume",
        }
    }

    /// Its name in facts.
    pub(in crate::fact::spec) fn role(self) -> &'static str {
        match self {
            Volume::Data => "data",
            Volume::Wal => "wal",
            Volume::Repo => "repo",
        }
    }

    /// The prefix of the facts about v4's claim of this role.
    pub(in crate::fact::spec) fn v4_prefix(self) -> &'static str {
        match self {
            Volume::Data => "dataClaim",
            Volume::Wal => "walClaim",
            Volume::Repo => "repoClaim",
        }
    }
}

/// The rows of one volume.
macro_rules! volume {
    ($prefix:literal, $volume:expr, $meaning:literal) => {
        [
            row(
                concat!($prefix, ".given"),
                Type::Bool,
                concat!($meaning, " is given"),
                |draft| given(draft, $volume).map(Value::from),
            ),
            row(
                concat!($prefix, ".name"),
                Type::String,
                concat!("the claim named in ", $meaning, "; \"\" for none"),
                |draft| claim_name(draft, $volume).map(Value::from),
            ),
            row(
                concat!($prefix, ".directory"),
                Type::String,
                concat!(
                    "the directory named in ",
                    $meaning,
                    ", without slashes around it; \"\" for none"
                ),
                |draft| directory(draft, $volume).map(Value::from),
            ),
        ]
    };
}

pub(in crate::fact::spec) static DATA: &[DraftFact] =
    &volume!("draft.volumes.data", Volume::Data, "pgDataVolume");
pub(in crate::fact::spec) static WAL: &[DraftFact] =
    &volume!("draft.volumes.wal", Volume::Wal, "pgWALVolume");
pub(in crate::fact::spec) static REPO: &[DraftFact] =
    &volume!("draft.volumes.repo", Volume::Repo, "pgBackRestVolume");

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.volumes.given",
        Type::Bool,
        "dataSource.volumes is given",
        |draft| {
            let given = draft.given(&VOLUMES, "the claims the draft adopts");
            given.map(Value::from)
        },
    ),
    row(
        "draft.volumes.names",
        Type::Strings,
        "the claims named in dataSource.volumes",
        names,
    ),
];

/// Whether a volume is given.
pub(in crate::fact::spec) fn given(draft: &Draft<'_>, volume: Volume) -> Fact<bool> {
    draft.given(&path(volume), "a claim the draft adopts")
}

/// The claim named for a volume; `""` for none.
pub(in crate::fact::spec) fn claim_name(draft: &Draft<'_>, volume: Volume) -> Fact<String> {
    let [spec, source, volumes, field] = path(volume);
    let path = [spec, source, volumes, field, "pvcName"];
    draft.text(&path, "the claim the draft adopts")
}

/// The directory named for a volume, without slashes around it; `""` for none.
pub(in crate::fact::spec) fn directory(draft: &Draft<'_>, volume: Volume) -> Fact<String> {
    let [spec, source, volumes, field] = path(volume);
    let path = [spec, source, volumes, field, "directory"];
    let written = draft.text(&path, "the directory in the claim");
    written.map(|directory| {
        let within = parts(&directory).join("/");
        // The volume itself is one, and no way to name it.
        if within.is_empty() && !directory.is_empty() {
            ".".to_owned()
        } else {
            within
        }
    })
}

/// The parts of a path as `mv` takes it: slashes in a row are one, and `.` is where it stands.
pub(super) fn parts(path: &str) -> Vec<&str> {
    let parts = path.split('/');
    parts.filter(|part| !matches!(*part, "" | ".")).collect()
}

fn path(volume: Volume) -> [&'static str; 4] {
    let [spec, source, volumes] = VOLUMES;
    [spec, source, volumes, volume.field()]
}

fn names(draft: &Draft<'_>) -> Fact<Value> {
    let section = draft.section(&VOLUMES);
    section.and_then(|section| {
        let nodes = Volume::ALL.into_iter().filter_map(|volume| {
            let name = section?.at(&[volume.field(), "pvcName"])?;
            (!name.text().is_empty()).then_some(name)
        });
        let nodes: Vec<Node<'_>> = nodes.collect();
        let names: Vec<&str> = nodes.iter().map(|node| node.text()).collect();
        let fact = Fact::known(names.into());
        let fact = nodes.iter().fold(fact, |fact, node| {
            fact.and_at(node.span(), "the claim the draft adopts")
        });
        match nodes.first() {
            Some(_) => fact,
            None => fact.and_at(draft.nearest(&VOLUMES), "the adopted claims"),
        }
    })
}
