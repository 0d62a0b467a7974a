//! What Patroni writes into annotations, the same under PGO v4 and v5: the state of each member and the history of timelines.
//!
//! Source: Patroni `patroni/dcs/kubernetes.py` (annotations `initialize`, `history`, `optime`, `status`) and
//! `patroni/ha.py`; roles are `master` before 4.0, `primary` from then on.

use serde_json::Value as Json;

use crate::expr::Value;

/// What one member says of itself in its pod's annotation `status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Member {
    /// `primary`, `standby_leader`, `replica`; empty where it does not say.
    pub(super) role: String,
    /// Its timeline; 0 where it does not say.
    pub(super) timeline: i64,
    /// Where it writes or replays, as a number of bytes; 0 where it does not say.
    pub(super) position: i64,
    /// Whether its Postgres is said not to run: what led before it fell still calls itself so.
    pub(super) down: bool,
    /// Whether Patroni leaves it alone: nothing is promoted when it falls.
    pub(super) paused: bool,
    /// Whether parameters wait for a restart.
    pub(super) pending_restart: bool,
}

/// The states in which no Postgres runs (Patroni `patroni/postgresql/misc.py`); a restart that failed says why in brackets.
const DOWN: [&str; 6] = [
    "stopped",
    "crashed",
    "start failed",
    "restart failed",
    "initdb failed",
    "custom bootstrap failed",
];

impl Member {
    /// Reads the annotation; `None` where it is no JSON object.
    pub(super) fn parse(text: &str) -> Option<Member> {
        let status: Json = serde_json::from_str(text).ok()?;
        let status = status.as_object()?;
        let number = |keys: &[&str]| {
            let mut found = keys.iter().filter_map(|key| status.get(*key)?.as_i64());
            found.next().unwrap_or(0)
        };
        let word = |key: &str| status.get(key).and_then(Json::as_str).unwrap_or("");
        let (role, state) = (word("role"), word("state"));
        Some(Member {
            role: match role {
                "master" => "primary",
                "promoted" | "demoted" => "",
                other => other,
            }
            .to_owned(),
            timeline: number(&["timeline"]),
            position: number(&["xlog_location", "replayed_location", "received_location"]),
            down: DOWN.iter().any(|down| state.starts_with(down)),
            paused: status.get("pause") == Some(&Json::Bool(true)),
            pending_restart: status
                .get("pending_restart")
                .is_some_and(|flag| flag != &Json::Bool(false)),
        })
    }

    /// Whether it leads: writes, or follows another cluster at the head of its own.
    pub(super) fn leads(&self) -> bool {
        !self.down && matches!(self.role.as_str(), "primary" | "standby_leader")
    }
}

/// The timelines that ended, oldest first, each with the position where it ended; `None` where the text is not that.
/// Only some entries carry times and reasons, so they are compared as pairs.
pub(super) fn history(text: &str) -> Option<Vec<(i64, i64)>> {
    let rows: Json = serde_json::from_str(text).ok()?;
    let pair = |row: &Json| Some((row.get(0)?.as_i64()?, row.get(1)?.as_i64()?));
    rows.as_array()?.iter().map(pair).collect()
}

/// When timelines ended, as far as the history's rows say; empty where the text is not that.
pub(super) fn ends(text: &str) -> Vec<jiff::Timestamp> {
    let rows: Json = serde_json::from_str(text).unwrap_or_default();
    let time = |row: &Json| row.get(3)?.as_str()?.parse().ok();
    let rows = rows.as_array().into_iter().flatten();
    rows.filter_map(time).collect()
}

/// Ended timelines as rules see them.
pub(super) fn as_records(rows: Vec<(i64, i64)>) -> Value {
    let record = |(timeline, position): (i64, i64)| {
        Value::Map(
            [
                ("timeline".into(), timeline.into()),
                ("position".into(), position.into()),
            ]
            .into_iter()
            .collect(),
        )
    };
    Value::List(rows.into_iter().map(record).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_tells_role_timeline_and_position() {
        let status = r#"{"state":"running","role":"master","xlog_location":83886416,"timeline":3}"#;
        let member = Member::parse(status).unwrap();
        assert_eq!(member.role, "primary");
        assert_eq!((member.timeline, member.position), (3, 83_886_416));
        assert!(member.leads() && !member.pending_restart);
    }

    #[test]
    fn a_former_leader_that_does_not_start_leads_no_more() {
        let leads = |state: &str| {
            let status = format!(r#"{{"state":"{state}","role":"primary"}}"#);
            Member::parse(&status).unwrap().leads()
        };
        assert!(leads("running") && leads("restarting") && leads("starting") && leads(""));
        assert!(!leads("start failed") && !leads("crashed"));
        assert!(!leads("restart failed (start failed)"));
    }

    #[test]
    fn what_is_no_status_tells_nothing() {
        assert_eq!(Member::parse("running"), None);
        assert_eq!(Member::parse("[]"), None);
        assert_eq!(Member::parse("{}"), Some(Member::default()));
    }

    #[test]
    fn a_history_is_pairs_whatever_else_its_rows_hold() {
        let text = r#"[[1,25165984,"no recovery target specified"],[2,33554592,"x","2023-01-01T00:00:00+00:00"]]"#;
        assert_eq!(history(text), Some(vec![(1, 25_165_984), (2, 33_554_592)]));
        assert_eq!(history("[]"), Some(Vec::new()));
        assert_eq!(history("[[1]]"), None);
        assert_eq!(history("3"), None);
    }
}
