//! The stanza: the name of the cluster within its repository.

use crate::fact::trust::Trust;
use crate::fact::v4::Cluster;
use crate::fact::v4::traces::{V4Order, running, source, to_the_letter};
use crate::manifest::Fact;

/// Who tells the stanza. PGO v4 always calls it `db`; only changed templates of its Deployments call it otherwise.
pub(super) static STANZA: V4Order = V4Order {
    what: "the stanza",
    same: to_the_letter,
    sources: &[source(
        Trust::Runs,
        "PGBACKREST_STANZA of the Deployments",
        |cluster| running(cluster, &["PGBACKREST_STANZA"], "the stanza"),
    )],
};

/// `db` where nothing says otherwise.
pub(in crate::fact::v4) fn stanza(cluster: &Cluster<'_>) -> Fact<String> {
    let said = cluster.settled(&STANZA);
    said.map(|said| {
        said.filter(|name| !name.is_empty())
            .unwrap_or_else(|| "db".to_owned())
    })
}
