//! Synchronous replication, as Patroni reads it.

use super::DYNAMIC;
use crate::fact::Type;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::Fact;

pub(in super::super) static FACTS: &[DraftFact] = &[
    row(
        "draft.syncReplication",
        Type::Bool,
        "replication is synchronous: synchronous_mode of Patroni's dynamic configuration",
        |draft| {
            mode(draft, "synchronous_mode").map(|mode| (is_on(&mode) || mode == "quorum").into())
        },
    ),
    row(
        "draft.syncStrict",
        Type::Bool,
        "where replication is synchronous, nothing is written without a replica: synchronous_mode_strict of Patroni's dynamic configuration",
        |draft| mode(draft, "synchronous_mode_strict").map(|mode| is_on(&mode).into()),
    ),
];

fn mode(draft: &Draft<'_>, key: &str) -> Fact<String> {
    let [spec, patroni, dynamic] = DYNAMIC;
    draft.text(
        &[spec, patroni, dynamic, key],
        "whether replication is synchronous",
    )
}

/// What Patroni takes for true (`parse_bool` in its utils.py).
fn is_on(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "on" | "true" | "yes" | "1"
    )
}
