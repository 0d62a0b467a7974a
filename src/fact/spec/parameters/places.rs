//! Where a draft can write Postgres parameters.

use super::super::Draft;
use crate::source::Span;

/// Patroni's dynamic configuration.
pub(in crate::fact::spec) const DYNAMIC: [&str; 3] = ["spec", "patroni", "dynamicConfiguration"];

pub(super) const PARAMETERS: [&str; 5] = [
    "spec",
    "patroni",
    "dynamicConfiguration",
    "postgresql",
    "parameters",
];

pub(super) const CONFIG: [&str; 3] = ["spec", "config", "parameters"];

/// Where parameters are, or would be.
pub(in crate::fact::spec) fn place(draft: &Draft<'_>) -> Span {
    match draft.key(&CONFIG) {
        Some(key) if draft.at(&PARAMETERS).is_none() => key.span(),
        _ => draft.nearest(&PARAMETERS),
    }
}
