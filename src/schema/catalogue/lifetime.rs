//! The releases that have a field.

use crate::expr::Version;
use crate::schema::releases;

/// The releases that have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The first one.
    pub since: Version,
    /// The last one; `None` while the newest release has it.
    pub until: Option<Version>,
}

impl Lifetime {
    /// Since the first release, and still.
    pub(super) fn always() -> Option<Lifetime> {
        let since = releases().first()?.version;
        Some(Lifetime { since, until: None })
    }

    /// When both this and another exist.
    pub(super) fn within(self, other: Lifetime) -> Lifetime {
        Lifetime {
            since: self.since.max(other.since),
            until: match (self.until, other.until) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (one, other) => one.or(other),
            },
        }
    }
}
