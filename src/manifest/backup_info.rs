//! What pgBackRest said of its repositories: the saved output of `pgbackrest info --output=json`.
//!
//! It comes from a file that anybody may have written, so nothing of it is shown but structure, labels and types of
//! backups: every other text and number is overwritten before anything can point into it.
//!
//! Source: pgBackRest `src/command/info/info.c`; labels are `YYYYMMDD-HHMMSSF`, with `_YYYYMMDD-HHMMSSD` or `I` behind.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::source::{SourceId, Span};

/// The backups of one cluster, as pgBackRest listed them.
#[derive(Clone, Debug)]
pub struct BackupInfo {
    /// The cluster's namespace.
    pub namespace: String,
    /// The cluster's name.
    pub cluster: String,
    /// The system identifier of the database that the stanza is of now; `None` where it does not say.
    pub system: Option<String>,
    /// The backups, the oldest first.
    pub backups: Vec<SavedBackup>,
}

impl BackupInfo {
    /// Whether it is about a cluster; one whose export names no namespace is meant by its name.
    pub fn is_of(&self, namespace: Option<&str>, name: &str) -> bool {
        self.cluster == name && namespace.is_none_or(|one| one == self.namespace)
    }
}

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedBackup {
    /// Its label.
    pub label: String,
    /// Whether it is a full one.
    pub full: bool,
    /// Whether pages of it were damaged.
    pub damaged: bool,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Where its label stands.
    pub span: Span,
}

/// Reads the output. The text that comes with it is what may be shown of it, of the same length.
///
/// # Errors
/// What is expected instead, in words; nothing of the text.
pub fn read_backup_info(
    namespace: &str,
    cluster: &str,
    source: SourceId,
    text: &str,
) -> Result<(BackupInfo, String), String> {
    let wanted = "this is not the output of `pgbackrest info --output=json`";
    let json: Json = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("{wanted}: no JSON from line {line}, column {column} on")
    })?;
    let stanzas = json
        .as_array()
        .ok_or_else(|| format!("{wanted}: no list of stanzas"))?;
    let named = |stanza: &&Json| stanza["name"] == "db";
    let stanza = match stanzas.iter().find(named) {
        Some(stanza) => stanza,
        None => match stanzas.as_slice() {
            // A list cut down by hand may have lost the name; one of another name is another cluster's.
            [only] if only.is_object() && only["name"].is_null() => only,
            _ => return Err(format!("{wanted} of a stanza `db`, as PGO names it")),
        },
    };
    let listed = stanza["backup"]
        .as_array()
        .ok_or_else(|| format!("{wanted}: the stanza has no list of backups"))?;
    let places = labels(text);
    let mut backups: Vec<SavedBackup> = listed
        .iter()
        .filter_map(|one| backup(one, source, &places))
        .collect();
    backups.sort_by_key(|one| one.ended);
    let info = BackupInfo {
        namespace: namespace.to_owned(),
        cluster: cluster.to_owned(),
        system: system(stanza),
        backups,
    };
    Ok((info, shown(text)))
}

/// The system identifier under the highest number: a stanza keeps those of databases that it was of before.
fn system(stanza: &Json) -> Option<String> {
    let all = stanza["db"].as_array()?;
    let last = all.iter().max_by_key(|one| one["id"].as_i64())?;
    Some(last["system-id"].as_u64()?.to_string())
}

fn backup(one: &Json, source: SourceId, places: &HashMap<&str, usize>) -> Option<SavedBackup> {
    let label = one["label"].as_str().filter(|label| is_label(label))?;
    let time = |key: &str| Timestamp::from_second(one.get("timestamp")?.get(key)?.as_i64()?).ok();
    let start = places.get(label).copied().unwrap_or(0);
    Some(SavedBackup {
        label: label.to_owned(),
        full: one["type"] == "full" && label.ends_with('F'),
        damaged: one["error"] == true,
        started: time("start")?,
        ended: time("stop")?,
        span: Span {
            source,
            start: u32::try_from(start).unwrap_or(0),
            end: u32::try_from(start + label.len()).unwrap_or(0),
        },
    })
}

fn is_label(text: &str) -> bool {
    let part = |text: &str, kinds: &[u8]| {
        let bytes = text.as_bytes();
        bytes.len() == 16
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                8 => *byte == b'-',
                15 => kinds.contains(byte),
                _ => byte.is_ascii_digit(),
            })
    };
    match text.split_once('_') {
        None => part(text, b"F"),
        Some((full, rest)) => part(full, b"F") && part(rest, b"DI"),
    }
}

/// Where each label stands as a backup's own, not as another's reference: behind the key `label`.
fn labels(text: &str) -> HashMap<&str, usize> {
    let mut places = HashMap::new();
    for (key, _) in text.match_indices("\"label\"") {
        let rest = text.get(key + "\"label\"".len()..).unwrap_or("");
        let value = rest.trim_start_matches([' ', '\t', '\r', '\n', ':']);
        let Some(label) = value
            .strip_prefix('"')
            .and_then(|rest| rest.get(..rest.find('"')?))
        else {
            continue;
        };
        let start = text.len() - value.len() + 1;
        places.entry(label).or_insert(start);
    }
    places
}

/// Words of pgBackRest's own that are shown.
const SHOWN: [&str; 12] = [
    "backup",
    "label",
    "type",
    "full",
    "diff",
    "incr",
    "name",
    "db",
    "timestamp",
    "start",
    "stop",
    "stanza",
];

/// The text with everything overwritten but structure, labels and the words above; of the same length.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let end = end_of_string(rest);
            let inner = rest.get(1..end.saturating_sub(1)).unwrap_or("");
            out.push('"');
            if SHOWN.contains(&inner) || is_label(inner) {
                out.push_str(inner);
            } else {
                out.extend(std::iter::repeat_n('*', inner.len()));
            }
            if end > 1 {
                out.push('"');
            }
            rest = rest.get(end..).unwrap_or("");
            continue;
        }
        let structure = matches!(
            first,
            '{' | '}' | '[' | ']' | ':' | ',' | ' ' | '\t' | '\r' | '\n'
        );
        if structure {
            out.push(first);
        } else {
            out.extend(std::iter::repeat_n('*', first.len_utf8()));
        }
        rest = rest.get(first.len_utf8()..).unwrap_or("");
    }
    out
}

/// Where a string that begins the text ends, its quotes counted in.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: &str = r#"[{"backup":[{"label":"20261118-010000F","type":"full","error":false,"timestamp":{"start":1794963600,"stop":1794963900}},{"label":"20261118-010000F_20261119-010000I","prior":"20261118-010000F","type":"incr","timestamp":{"start":1795050000,"stop":1795050100}}],"db":[{"id":1,"system-id":7000000000000000001,"version":"13"}],"name":"db","status":{"code":0,"message":"ok"}}]"#;

    fn read(text: &str) -> Result<(BackupInfo, String), String> {
        read_backup_info("pgo", "hippo", SourceId(3), text)
    }

    #[test]
    fn the_list_of_another_stanza_is_refused() {
        let other = SAVED.replace("\"name\":\"db\"", "\"name\":\"main\"");
        let error = read_backup_info("pgo", "hippo", SourceId(0), &other).unwrap_err();
        assert!(error.contains("stanza `db`"), "{error}");
        let nameless = SAVED.replace("\"name\":\"db\",", "");
        assert!(read_backup_info("pgo", "hippo", SourceId(0), &nameless).is_ok());
    }

    #[test]
    fn backups_come_with_kind_time_and_place() {
        let (info, shown) = read(SAVED).unwrap();
        assert_eq!(info.system.as_deref(), Some("7000000000000000001"));
        let [full, incr] = info.backups.as_slice() else {
            panic!("{info:?}");
        };
        assert!(full.full && !incr.full && !full.damaged);
        assert_eq!(full.ended.to_string(), "2026-11-18T01:05:00Z");
        let span = incr.span;
        let at = shown.get(span.start as usize..span.end as usize);
        assert_eq!(at, Some("20261118-010000F_20261119-010000I"));
    }

    #[test]
    fn nothing_but_structure_and_labels_is_shown() {
        let text = SAVED.replace("\"ok\"", "\"hunter2 \\\" \u{e9}\"");
        let (_, shown) = read(&text).unwrap();
        assert_eq!(shown.len(), text.len());
        assert!(!shown.contains("hunter") && !shown.contains("7000000000000000001"));
    }

    #[test]
    fn what_is_no_such_output_is_told_without_its_text() {
        let nested = "[".repeat(100_000);
        for text in [
            "",
            "hunter2",
            "{}",
            "[]",
            "[{}]",
            "[1]",
            "[{\"backup\":3}]",
            "[{\"name\":\"db\"}]",
            &nested,
            "[{\"backup\":[{\"label\":\"x\"}]}",
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains("pgbackrest info") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }

    #[test]
    fn bad_values_are_left_out() {
        let text = r#"[{"name":"db","backup":[{"label":"20261118-010000F","type":"full","timestamp":{"start":9999999999999999,"stop":1}},{"label":7},3,null]}]"#;
        assert_eq!(read(text).unwrap().0.backups, []);
    }
}
