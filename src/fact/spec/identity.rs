//! Who the draft is.

use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::Fact;

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.name",
        Type::String,
        "the draft's name; \"\" where it writes none",
        |draft| Fact::at(draft.name.into(), draft.name_span(), "the draft's name"),
    ),
    row(
        "draft.nameLength",
        Type::Int,
        "the length of its name",
        |draft| {
            let length = i64::try_from(draft.name.chars().count()).unwrap_or(i64::MAX);
            Fact::at(length.into(), draft.name_span(), "the draft's name")
        },
    ),
    row(
        "draft.namespace",
        Type::String,
        "its namespace; unknown where the manifest writes none and --pair does not say it",
        |draft| draft.namespace().map(Value::from),
    ),
    row(
        "draft.apiVersion",
        Type::String,
        "the version of its API, without the group: \"v1beta1\", \"v1\"",
        api_version,
    ),
    row(
        "draft.live",
        Type::Bool,
        "a server has seen it: it has a status or a uid (only with --lint-live)",
        |draft| {
            let live = draft.object.is_live();
            Fact::at(live.into(), draft.name_span(), "the draft")
        },
    ),
];

fn api_version(draft: &Draft<'_>) -> Fact<Value> {
    let version = draft.text(&["apiVersion"], "the version of its API");
    version.map(|version| match version.rsplit_once('/') {
        Some((_, version)) => version.into(),
        None => Value::from(version),
    })
}
