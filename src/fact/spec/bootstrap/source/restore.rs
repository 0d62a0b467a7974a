//! The ways of restoring from a repository.

/// A way of restoring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact::spec) enum Restore {
    /// From a repository of this or another PostgresCluster.
    PostgresCluster,
    /// From a repository in an object store.
    PgBackRest,
}

impl Restore {
    /// Its field in `spec.dataSource`.
    pub(in crate::fact::spec) fn field(self) -> &'static str {
        match self {
            Restore::PostgresCluster => "postgresCluster",
            Restore::PgBackRest => "pgbackrest",
        }
    }
}
