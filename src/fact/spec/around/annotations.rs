//! Annotations of the draft in the operator's own domain.

use crate::expr::nearest;
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

const DOMAIN: &str = "postgres-operator.crunchydata.com/";
const PLACE: [&str; 2] = ["metadata", "annotations"];

/// Those that the operator reads from a PostgresCluster or writes to it: its internal/naming/annotations.go, at every tag
/// from 5.7.9 to 6.0.3.
const KNOWN: [&str; 12] = [
    "authorizeBackupRemoval",
    "autoCreateUserSchema",
    "pgbackrest-backup",
    "pgbackrest-backup-job-completion",
    "pgbackrest-cloud-log-volume",
    "pgbackrest-config",
    "pgbackrest-hash",
    "pgbackrest-ip-version",
    "pgbackrest-restore",
    "postgres-exporter-collectors",
    "trigger-switchover",
    "finalizer",
];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.annotationsUnknown",
    "annotations in the domain of the operator that it does not know: {name, suggestion}",
    &["name", "suggestion"],
    unknown,
)];

fn unknown(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let found = draft.entries(&PLACE).map(|entries| {
        let strange = entries.into_iter().filter_map(|(key, _)| {
            let name = key.key();
            let rest = name.strip_prefix(DOMAIN)?;
            if KNOWN.contains(&rest) {
                return None;
            }
            let meant = nearest(rest, KNOWN.into_iter()).unwrap_or("");
            let path = format!("metadata.annotations[{name}]");
            let element = Element::new(path, key.span(), "no annotation of PGO");
            let element = element.with("name", Fact::known((&*name).into()));
            Some(element.with("suggestion", Fact::known(meant.into())))
        });
        strange.collect()
    });
    found.and_at(draft.nearest(&PLACE), "the annotations")
}
