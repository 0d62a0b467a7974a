//! `spec.standby`: following another cluster.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::Fact;

const STANDBY: [&str; 2] = ["spec", "standby"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.standby.given",
        Type::Bool,
        "the draft has a standby section",
        |draft| given(draft).map(Value::from),
    ),
    row(
        "draft.standby.enabled",
        Type::Bool,
        "the draft is a standby: it has the section, and does not say enabled: false there",
        |draft| enabled(draft).map(Value::from),
    ),
    row(
        "draft.standby.repoName",
        Type::String,
        "the repository it follows; \"\" for none",
        |draft| repo_name(draft).map(Value::from),
    ),
    row(
        "draft.standby.host",
        Type::String,
        "the host it streams from; \"\" for none",
        |draft| {
            let host = draft.text(&["spec", "standby", "host"], "the host it streams from");
            host.map(Value::from)
        },
    ),
    row(
        "draft.standby.hostIsNear",
        Type::Bool,
        "the host it streams from is a Service of its own namespace, where all PostgresClusters have certificates of one authority",
        |draft| {
            let host = draft.text(&["spec", "standby", "host"], "the host it streams from");
            host.and_then(|host| {
                let host = host.trim_end_matches('.');
                let host = host.strip_suffix(".cluster.local").unwrap_or(host);
                let host = host.strip_suffix(".svc").unwrap_or(host);
                match host.split_once('.') {
                    None => Fact::known((!host.is_empty()).into()),
                    Some((_, namespace)) if namespace.contains('.') => Fact::known(false.into()),
                    Some((_, namespace)) => draft.namespace().map(|own| (own == namespace).into()),
                }
            })
            .and_at(
                draft.nearest(&["spec", "standby", "host"]),
                "the host it streams from",
            )
        },
    ),
    row(
        "draft.standby.port",
        Type::Int,
        "the port it streams from; 0 where it is not given",
        |draft| {
            let port = draft.number(&["spec", "standby", "port"], "the port it streams from");
            port.map(|port| port.unwrap_or(0).into())
        },
    ),
];

/// Whether there is a standby section.
pub(in crate::fact::spec) fn given(draft: &Draft<'_>) -> Fact<bool> {
    draft.given(&STANDBY, "the standby section")
}

/// Whether the draft is a standby. The server sets `enabled` where the section leaves it out.
pub(in crate::fact::spec) fn enabled(draft: &Draft<'_>) -> Fact<bool> {
    let enabled = &draft.memo().standby;
    enabled.get_or_init(|| find_enabled(draft)).clone()
}

fn find_enabled(draft: &Draft<'_>) -> Fact<bool> {
    let section = draft.section(&STANDBY);
    section.and_then(|section| {
        if section.is_none() {
            return Fact::at(false, draft.nearest(&STANDBY), "the standby section");
        }
        let path = ["spec", "standby", "enabled"];
        if draft.at(&path).is_some_and(|node| !node.is_null()) {
            draft.truth(&path, "whether it is a standby")
        } else {
            given(draft)
        }
    })
}

/// The repository a standby follows; `""` for none.
pub(in crate::fact::spec) fn repo_name(draft: &Draft<'_>) -> Fact<String> {
    let path = ["spec", "standby", "repoName"];
    draft.text(&path, "the repository it follows")
}
