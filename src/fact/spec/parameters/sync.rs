//! Synchronous replication, as Patroni reads it.

use super::{DYNAMIC, in_effect, named, place};
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
    row(
        "draft.syncNames",
        Type::String,
        "the standbys that Postgres is to wait for by synchronous_standby_names, which Patroni replaces where it makes replication synchronous itself; \"\" for none",
        |draft| {
            in_effect(draft).and_then(|parameters| {
                let found = named(&parameters, "synchronous_standby_names");
                let text = found.and_then(|one| one.text.as_deref()).unwrap_or("");
                let span = found.map_or_else(|| place(draft), |one| one.value.span());
                let text = text.trim_matches(['\'', ' ']).to_owned();
                Fact::at(text.into(), span, "the standbys to wait for")
            })
        },
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
