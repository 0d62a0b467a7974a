//! What pgBackRest said of its repositories: the saved output of `pgbackrest info --output=json`.
//!
//! It comes from a file that anybody may have written, so nothing of it is shown but structure, labels and types of
//! backups: every other text and number is overwritten before anything can point into it.
//!
//! Source: pgBackRest `src/command/info/info.c`; labels are `YYYYMMDD-HHMMSSF`, with `_YYYYMMDD-HHMMSSD` or `I` behind.

mod places;
mod shown;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::source::{SourceId, Span};
use places::Places;
use shown::{is_label, shown};

/// The backups of one cluster, as pgBackRest listed them.
#[derive(Clone, Debug)]
pub struct BackupInfo {
    /// The cluster's namespace.
    pub namespace: String,
    /// The cluster's name.
    pub cluster: String,
    /// The system identifier of the database that the stanza is of now; `None` where it does not say.
    pub system: Option<String>,
    /// The major release of Postgres of that database: "13", "9.6"; `None` where it does not say.
    pub major: Option<String>,
    /// The backups of that database, the oldest first.
    pub backups: Vec<SavedBackup>,
    /// Where the list of backups stands, be it empty.
    pub place: Span,
    /// Why there may be more backups than are listed; `None` where what is listed is all.
    pub partial: Option<&'static str>,
    /// Whether the repository is encrypted, and where that stands; `None` where it does not say.
    pub encrypted: Option<(bool, Span)>,
    /// What pgBackRest was doing when it was asked, in words, and where that stands.
    pub running: Option<(&'static str, Span)>,
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
    /// Whether pages of it, or of the full one that it rests on, were damaged.
    pub damaged: bool,
    /// Whether WAL that makes it consistent is not in the archive.
    pub lacks_wal: bool,
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
    let nothing = serde_json::json!({"backup": []});
    let named = |stanza: &&Json| stanza["name"] == "db";
    let stanza = match (stanzas.iter().find(named), stanzas.as_slice()) {
        (Some(stanza), _) => stanza,
        // What pgBackRest prints of a repository without any stanza.
        (None, []) => &nothing,
        // A list cut down by hand may have lost the name; one of another name is another cluster's.
        (None, [only]) if only.is_object() && only["name"].is_null() => only,
        _ => return Err(format!("{wanted} of a stanza `db`, as PGO names it")),
    };
    let listed = stanza["backup"]
        .as_array()
        .ok_or_else(|| format!("{wanted}: the stanza has no list of backups"))?;
    let places = Places::of(source, text);
    let database = database(stanza);
    let mut backups: Vec<SavedBackup> = listed
        .iter()
        .filter(|one| is_of_today(stanza, database, one))
        .filter_map(|one| backup(stanza, one, &places))
        .collect();
    backups.sort_by_key(|one| one.ended);
    spread_damage(&mut backups);
    let info = BackupInfo {
        namespace: namespace.to_owned(),
        cluster: cluster.to_owned(),
        system: database.and_then(|one| Some(one["system-id"].as_u64()?.to_string())),
        major: database.and_then(|one| Some(one["version"].as_str()?.to_owned())),
        partial: partial(stanza, backups.is_empty()),
        encrypted: cipher(stanza).map(|encrypted| (encrypted, places.key("cipher", "\""))),
        running: running(stanza).map(|what| (what, places.key("held", "true"))),
        place: places.key("backup", "["),
        backups,
    };
    Ok((info, shown(text)))
}

/// The database under the highest number: a stanza keeps those that it was of before.
fn database(stanza: &Json) -> Option<&Json> {
    let all = stanza["db"].as_array()?;
    all.iter().max_by_key(|one| one["id"].as_i64())
}

/// Whether a backup is of the database that the stanza is of now. Repositories number their databases each for itself.
fn is_of_today(stanza: &Json, today: Option<&Json>, backup: &Json) -> bool {
    let own = &backup["database"];
    let same = |one: &&Json| one["id"] == own["id"] && one["repo-key"] == own["repo-key"];
    let of = stanza["db"]
        .as_array()
        .and_then(|all| all.iter().find(same));
    match (of, today) {
        (Some(of), Some(today)) => of["system-id"] == today["system-id"],
        _ => true,
    }
}

/// A status code of pgBackRest's that says what is there: ok, no stanza's path, no backup, no stanza's data, or one of
/// these in each repository.
fn is_told(code: Option<i64>) -> bool {
    matches!(code, None | Some(0..=4))
}

/// Why there may be more backups than are listed.
fn partial(stanza: &Json, none: bool) -> Option<&'static str> {
    let code = |status: &Json| status["code"].as_i64();
    match code(&stanza["status"]) {
        Some(5) => return Some("it is of repositories of several databases"),
        Some(6) => return Some("it was asked for one backup, not for all"),
        _ => {}
    }
    let repositories = stanza["repo"].as_array().map_or(&[][..], Vec::as_slice);
    let statuses = repositories.iter().map(|one| &one["status"]);
    let failed = statuses
        .chain([&stanza["status"]])
        .any(|status| !is_told(code(status)));
    (failed && none).then_some("pgBackRest could not read a repository when it made the list")
}

/// What the first repository, PGO v4's only one, is encrypted with.
fn cipher(stanza: &Json) -> Option<bool> {
    let repositories = stanza["repo"].as_array().map_or(&[][..], Vec::as_slice);
    let first = repositories.iter().find(|one| one["key"] == 1);
    let said = first.and_then(|one| one["cipher"].as_str());
    match said.or_else(|| stanza["cipher"].as_str())? {
        "mixed" | "" => None,
        cipher => Some(cipher != "none"),
    }
}

fn running(stanza: &Json) -> Option<&'static str> {
    let locks = stanza.get("status").and_then(|status| status.get("lock"));
    let held = |what: &str| {
        let lock = locks.and_then(|locks| locks.get(what));
        lock.is_some_and(|lock| lock["held"] == true)
    };
    match (held("backup"), held("restore")) {
        (true, _) => Some("a backup"),
        (_, true) => Some("a restore"),
        _ => None,
    }
}

fn backup(stanza: &Json, one: &Json, places: &Places<'_>) -> Option<SavedBackup> {
    let label = one["label"].as_str().filter(|label| is_label(label))?;
    let time = |key: &str| Timestamp::from_second(one.get("timestamp")?.get(key)?.as_i64()?).ok();
    Some(SavedBackup {
        label: label.to_owned(),
        full: one["type"] == "full" && label.ends_with('F'),
        damaged: one["error"] == true,
        lacks_wal: lacks_wal(stanza, one),
        started: time("start")?,
        ended: time("stop")?,
        span: places.label(label),
    })
}

/// Whether the archive of a backup's database ends before, or begins after, what makes the backup consistent. WAL files sort
/// by their names. A list that was cut down, and a backup made without WAL, say nothing.
fn lacks_wal(stanza: &Json, backup: &Json) -> bool {
    let Some(archives) = stanza["archive"].as_array() else {
        return false;
    };
    let needed = &backup["archive"];
    let (Some(from), Some(to)) = (needed["start"].as_str(), needed["stop"].as_str()) else {
        return false;
    };
    let own = |one: &&Json| one["database"] == backup["database"];
    let there = archives
        .iter()
        .filter(own)
        .find_map(|one| Some((one["min"].as_str()?, one["max"].as_str()?)));
    there.is_none_or(|(first, last)| from < first || last < to)
}

/// What rests on a damaged full backup holds its damaged pages.
fn spread_damage(backups: &mut [SavedBackup]) {
    let full = |label: &str| label.split('_').next().unwrap_or("").to_owned();
    let damaged = backups.iter().filter(|one| one.full && one.damaged);
    let damaged: Vec<String> = damaged.map(|one| one.label.clone()).collect();
    for one in backups {
        one.damaged |= damaged.contains(&full(&one.label));
    }
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

    /// What pgBackRest says of a stanza, beside its backups.
    fn with(more: &str) -> BackupInfo {
        let text = SAVED.replace("\"name\":\"db\"", &format!("{more},\"name\":\"db\""));
        read(&text).unwrap().0
    }

    #[test]
    fn a_repository_without_a_stanza_is_a_list_without_backups() {
        let (info, _) = read("[]").unwrap();
        assert_eq!((info.backups.len(), info.partial), (0, None));
        let text = r#"[{"name":"db","backup":[],"db":[],"status":{"code":1,"message":"missing stanza path"}}]"#;
        let (info, shown) = read(text).unwrap();
        assert_eq!((info.backups.len(), info.partial), (0, None));
        let place = shown.get(info.place.start as usize..info.place.end as usize);
        assert_eq!(place, Some("\"backup\""));
        // The repository could not be read: nobody knows what it holds.
        let failed = text.replace("\"code\":1", "\"code\":99");
        assert!(read(&failed).unwrap().0.partial.is_some());
    }

    #[test]
    fn backups_of_a_database_from_before_are_none_of_today() {
        let text = r#"[{"name":"db","db":[{"id":1,"repo-key":1,"system-id":7,"version":"12"},{"id":2,"repo-key":1,"system-id":8,"version":"13"}],"backup":[{"label":"20261118-010000F","type":"full","database":{"id":1,"repo-key":1},"timestamp":{"start":1,"stop":2}}]}]"#;
        let (info, _) = read(text).unwrap();
        assert_eq!((info.major.as_deref(), info.backups.len()), (Some("13"), 0));
        let today = text.replace("\"database\":{\"id\":1", "\"database\":{\"id\":2");
        assert_eq!(read(&today).unwrap().0.backups.len(), 1);
    }

    #[test]
    fn wal_that_is_not_in_the_archive_is_missed() {
        let text = |archive: &str| {
            format!(
                r#"[{{"name":"db","archive":{archive},"db":[{{"id":1,"system-id":7}}],"backup":[{{"label":"20261118-010000F","type":"full","archive":{{"start":"000000010000000000000003","stop":"000000010000000000000004"}},"database":{{"id":1}},"timestamp":{{"start":1,"stop":2}}}}]}}]"#
            )
        };
        let lacks = |first: &str, last: &str| {
            let archive = format!(
                r#"[{{"database":{{"id":1}},"min":"00000001000000000000000{first}","max":"00000001000000000000000{last}"}}]"#
            );
            read(&text(&archive)).unwrap().0.backups[0].lacks_wal
        };
        assert!(!lacks("3", "4") && !lacks("1", "9"));
        assert!(lacks("4", "9") && lacks("1", "3"));
        assert!(read(&text("[]")).unwrap().0.backups[0].lacks_wal);
        assert!(!read(SAVED).unwrap().0.backups[0].lacks_wal);
    }

    #[test]
    fn the_cipher_is_the_first_repositorys() {
        let of = |more: &str| with(more).encrypted.map(|(encrypted, _)| encrypted);
        assert_eq!(of(r#""cipher":"none""#), Some(false));
        assert_eq!(of(r#""cipher":"aes-256-cbc""#), Some(true));
        assert_eq!(of(r#""cipher":"mixed""#), None);
        let both = r#""cipher":"mixed","repo":[{"key":1,"cipher":"none"},{"key":2,"cipher":"aes-256-cbc"}]"#;
        assert_eq!(of(both), Some(false));
        assert_eq!(of(r#""other":1"#), None);
    }

    #[test]
    fn what_pgbackrest_does_shows_in_its_locks() {
        let locked = SAVED.replace(
            "\"code\":0",
            "\"code\":0,\"lock\":{\"backup\":{\"held\":true}}",
        );
        assert_eq!(
            read(&locked).unwrap().0.running.map(|one| one.0),
            Some("a backup")
        );
        let free = locked.replace("true}}", "false}}");
        assert_eq!(read(&free).unwrap().0.running, None);
    }

    #[test]
    fn what_rests_on_a_damaged_full_backup_is_damaged() {
        let text = SAVED.replacen("\"error\":false", "\"error\":true", 1);
        let (info, _) = read(&text).unwrap();
        assert!(info.backups.iter().all(|one| one.damaged));
    }
}
