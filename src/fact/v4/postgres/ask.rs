//! How to ask Postgres itself.

use crate::fact::v4::Cluster;
use crate::fact::v4::servers::exec::{Whose, in_postgres};

/// The question that a query to any server of the cluster answers.
pub(in crate::fact::v4) fn ask(cluster: &Cluster<'_>, query: &str) -> String {
    in_postgres(cluster, Whose::Any, &format!("psql -Atc \"{query}\""))
}
