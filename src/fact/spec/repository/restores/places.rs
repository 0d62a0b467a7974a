//! The sections that ask for a restore.

use crate::fact::spec::Draft;
use crate::fact::spec::bootstrap::source::{Restore, kind};
use crate::fact::spec::reading::bare;
use crate::manifest::{Fact, Gaps};

pub(super) const SOURCE: [&str; 2] = ["spec", "dataSource"];
/// It takes the same fields as a data source, and is done where it is enabled.
const IN_PLACE: [&str; 4] = ["spec", "backups", "pgbackrest", "restore"];
const ENABLED: [&str; 5] = ["spec", "backups", "pgbackrest", "restore", "enabled"];

/// A section that asks for a restore, or of which that cannot be said.
pub(super) struct Place {
    pub(super) path: &'static [&'static str],
    pub(super) open: Option<Gaps>,
}

impl Restore {
    fn path(self) -> &'static [&'static str] {
        match self {
            Restore::PostgresCluster => &["spec", "dataSource", "postgresCluster"],
            Restore::PgBackRest => &["spec", "dataSource", "pgbackrest"],
        }
    }
}

/// The data source in effect, and the restore in place where it is enabled.
pub(super) fn places(draft: &Draft<'_>) -> Vec<Place> {
    let source = bare(kind(draft)).map(|kind| kind.map(Restore::path));
    let enabled = draft.truth(&ENABLED, "whether the restore in place is enabled");
    let in_place = enabled.map(|enabled| enabled.then_some(&IN_PLACE[..]));
    let both = [(source, &SOURCE[..]), (in_place, &IN_PLACE[..])];
    let place = |(path, section): (Fact<Option<&'static [&'static str]>>, _)| match path {
        Fact::Known(truth) => truth.value.map(|path| Place { path, open: None }),
        Fact::Unknown(gaps) => Some(Place {
            path: section,
            open: Some(gaps),
        }),
    };
    both.into_iter().filter_map(place).collect()
}
