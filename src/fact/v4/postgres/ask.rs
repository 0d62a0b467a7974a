//! How to ask Postgres itself, and what it runs in.

use crate::fact::v4::Cluster;
use crate::fact::v4::servers::exec::{Whose, in_postgres};

/// The question that a query to any server of the cluster answers.
pub(in crate::fact::v4) fn ask(cluster: &Cluster<'_>, query: &str) -> String {
    in_the_database(cluster, &format!("psql -Atc \"{query}\""))
}

/// The question that a command beside any server of the cluster answers.
pub(in crate::fact::v4) fn in_the_database(cluster: &Cluster<'_>, command: &str) -> String {
    in_postgres(cluster, Whose::Any, command)
}
