//! Ports that two containers of the Postgres pod want at once: the second of them never starts.

use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Node};

/// Postgres listens here unless told otherwise.
const POSTGRES: i64 = 5432;
/// Patroni's own port unless told otherwise.
const PATRONI: i64 = 8008;

const PORT: [&str; 2] = ["spec", "port"];
const PATRONI_PORT: [&str; 3] = ["spec", "patroni", "port"];

pub(in super::super) static FACTS: &[DraftFact] = &[row(
    "draft.portTaken",
    Type::String,
    "who else in the pod of Postgres listens on its port, or on Patroni's: \"Patroni\", \"pgBackRest\", \"the exporter\"; \"\" for nobody",
    |draft| taken(draft).map(Value::from),
)];

/// Sources: PGO v5 internal/patroni/config.go; internal/pgmonitor/exporter.go (`ExporterPort`); internal/pgbackrest/iana.go, whose
/// server every pod of Postgres has (`AddServerToInstancePod`), wherever the repositories are; the pods of Postgres share one
/// network.
fn taken(draft: &Draft<'_>) -> Fact<String> {
    let exporter = ["spec", "monitoring", "pgmonitor", "exporter"];
    let postgres = draft.number(&PORT, "the port of Postgres");
    let patroni = draft.number(&PATRONI_PORT, "the port of Patroni");
    let exporter = draft.given(&exporter, "the exporter");
    let backups = draft.given(&["spec", "backups", "pgbackrest"], "pgBackRest");
    let served = draft.target().releases.iter();
    let served = served.last().is_none_or(|last| last.version >= SERVED);
    let all = bare(postgres.both(patroni).both(exporter.both(backups)));
    all.and_then(|((postgres, patroni), (exporter, backups))| {
        let pgbackrest = backups && served;
        let (postgres, patroni) = (postgres.unwrap_or(POSTGRES), patroni.unwrap_or(PATRONI));
        let who = match () {
            () if postgres == patroni => "Patroni",
            () if pgbackrest && postgres == PGBACKREST => "pgBackRest",
            () if pgbackrest && patroni == PGBACKREST => "pgBackRest, on the port of Patroni",
            () if exporter && postgres == EXPORTER => "the exporter",
            () if exporter && patroni == EXPORTER => "the exporter, on the port of Patroni",
            () => "",
        };
        let node = draft.at(&PORT).or_else(|| draft.at(&PATRONI_PORT));
        let place = node.map_or_else(|| draft.nearest(&["spec"]), Node::span);
        Fact::at(who.to_owned(), place, "the port")
    })
}

/// The port of pgBackRest's server, and the first release that has one: those before go by SSH.
const PGBACKREST: i64 = 8432;
const SERVED: Version = Version::of(&[5, 1, 0]);

/// The exporter's port.
const EXPORTER: i64 = 9187;
