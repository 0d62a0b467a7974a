//! What a draft says that may tell which v4 cluster it replaces: claims, repository paths, buckets.

use super::super::Draft;
use super::super::reading::{last_entries, word};
use crate::manifest::{Evidence, Node};

/// Most repositories whose buckets are looked at.
const MOST: usize = 16;

/// Something written in a draft that a v4 cluster may have, too.
pub(super) struct Clue {
    /// As written.
    pub(super) text: String,
    /// Where it is written, and as what.
    pub(super) place: Evidence,
    /// The field, for words: "pgDataVolume".
    pub(super) field: String,
}

impl Clue {
    fn new(written: Node<'_>, field: &str, note: &'static str) -> Option<Clue> {
        let text = written.text().to_owned();
        let place = Evidence {
            absent: false,
            span: written.span(),
            note,
        };
        let field = field.to_owned();
        (!text.is_empty()).then_some(Clue { text, place, field })
    }
}

/// The claims named in `dataSource.volumes`: of the data, of the WAL, of the repository, in this order.
pub(super) fn claims(draft: &Draft<'_>) -> Vec<Clue> {
    let volumes = draft.object.at(&["spec", "dataSource", "volumes"]);
    let fields = ["pgDataVolume", "pgWALVolume", "pgBackRestVolume"];
    let clue = |field: &str| {
        let name = volumes?.at(&[field, "pvcName"])?;
        Clue::new(name, field, "the claim the draft adopts")
    };
    fields.into_iter().filter_map(clue).collect()
}

/// The name of the directory within the repository's volume.
pub(super) fn repository_directory(draft: &Draft<'_>) -> Option<Clue> {
    let path = [
        "spec",
        "dataSource",
        "volumes",
        "pgBackRestVolume",
        "directory",
    ];
    let node = draft.object.at(&path)?;
    Clue::new(
        node,
        "pgBackRestVolume",
        "the repository's directory in the draft",
    )
}

/// The paths of repositories as written: `repoN-path`.
pub(super) fn repository_paths(draft: &Draft<'_>) -> Vec<Clue> {
    let globals = [
        &["spec", "dataSource", "pgbackrest", "global"][..],
        &["spec", "backups", "pgbackrest", "global"],
    ];
    let maps = globals.into_iter().filter_map(|path| draft.object.at(path));
    let options = maps.flat_map(last_entries);
    let paths = options.filter(|(key, _)| {
        let key = key.key();
        key.starts_with("repo") && key.ends_with("-path") && key.len() == "repo1-path".len()
    });
    paths
        .filter_map(|(key, value)| {
            Clue::new(value, &key.key(), "the repository's path in the draft")
        })
        .collect()
}

/// The system identifier of the database that runs already.
pub(super) fn database(draft: &Draft<'_>) -> Option<Clue> {
    let path = ["status", "patroni", "systemIdentifier"];
    let node = draft.object.at(&path)?;
    Clue::new(
        node,
        "systemIdentifier",
        "the system identifier of its database",
    )
}

/// The buckets of repositories.
pub(super) fn buckets(draft: &Draft<'_>) -> Vec<Clue> {
    let repos = draft.object.at(&["spec", "backups", "pgbackrest", "repos"]);
    let source = draft
        .object
        .at(&["spec", "dataSource", "pgbackrest", "repo"]);
    let repos = repos.into_iter().flat_map(Node::items).chain(source);
    let bucket = |repo: Node<'_>| {
        let node = ["s3", "gcs"]
            .into_iter()
            .find_map(|kind| repo.at(&[kind, "bucket"]))?;
        Clue::new(
            node,
            &word(repo, &["name"]),
            "the repository's bucket in the draft",
        )
    };
    // A server takes four; no draft is searched for thousands.
    repos.take(MOST).filter_map(bucket).collect()
}
