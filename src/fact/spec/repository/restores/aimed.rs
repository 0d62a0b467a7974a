//! The time a restore is to reach, and the backup it could start from.
//!
//! Source: Postgres 13 and later end recovery with an error where the target is never reached; pgBackRest restores the
//! latest backup that ended before the target (`src/command/restore/restore.c`).

use jiff::Timestamp;

use crate::expr::Value;
use crate::fact::spec::Draft;
use crate::manifest::SavedBackup;

/// No zone is further from UTC than this, in seconds.
const FURTHEST: i64 = 14 * 60 * 60;

/// A time as it is written for `--target`: as early and as late as it can be meant, in seconds of Unix. Without an offset the
/// server's time zone decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) earliest: i64,
    pub(super) latest: i64,
}

impl Moment {
    /// `None` for what is no time.
    pub(super) fn read(target: &str) -> Option<Moment> {
        let target = target.trim();
        let (date, rest) = (target.get(..10)?, target.get(10..)?);
        let rest = rest.trim_start_matches(['T', ' ']);
        let ends = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'));
        let (time, zone) = rest.split_at(ends.unwrap_or(rest.len()));
        let time = match time.split(':').count() {
            _ if time.is_empty() => "00:00:00".to_owned(),
            2 => format!("{time}:00"),
            _ => time.to_owned(),
        };
        let at = |offset: &str| format!("{date}T{time}{offset}").parse::<Timestamp>().ok();
        if let Some(offset) = offset(zone.trim()) {
            let second = at(&offset)?.as_second();
            return Some(Moment {
                earliest: second,
                latest: second,
            });
        }
        let second = at("Z")?.as_second();
        Some(Moment {
            earliest: second - FURTHEST,
            latest: second + FURTHEST,
        })
    }
}

/// An offset as Postgres takes it, in the form of RFC 3339; `None` for none, and for the name of a zone.
fn offset(zone: &str) -> Option<String> {
    if matches!(zone, "Z" | "z" | "UTC" | "GMT") {
        return Some("Z".to_owned());
    }
    let sign = zone.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let digits: String = zone.get(1..)?.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 => (format!("0{digits}"), "00".to_owned()),
        2 => (digits, "00".to_owned()),
        4 => (digits.get(..2)?.to_owned(), digits.get(2..)?.to_owned()),
        _ => return None,
    };
    Some(format!("{sign}{hours}:{minutes}"))
}

/// The oldest backup that pgBackRest lists for the v4 cluster the draft replaces; `None` where nobody saved the list, and
/// where it is that of another database.
pub(super) fn oldest_backup<'a>(draft: &Draft<'a>) -> Option<&'a SavedBackup> {
    let cluster = draft.pairing.pair()?.cluster;
    let own = draft.v4("cluster.systemIdentifier");
    let own = match own.value() {
        Some(Value::Str(text)) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    };
    let infos = cluster.inventory.backup_infos.iter();
    let of_it = infos.filter(|info| info.is_of(cluster.namespace, cluster.name));
    let of_it = of_it.filter(|info| match (&own, &info.system) {
        (Some(own), Some(system)) => own == system,
        _ => true,
    });
    let backups = of_it.flat_map(|info| &info.backups);
    let whole = backups.filter(|backup| !backup.damaged);
    whole.min_by_key(|backup| backup.ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_postgres_reads_them() {
        let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        let exact = second("2026-11-20T10:00:00Z");
        for target in [
            "2026-11-20 10:00:00+00",
            "2026-11-20T10:00:00Z",
            "2026-11-20 10:00:00.000 UTC",
            "2026-11-20 06:00:00-04",
            "2026-11-20 15:30:00+05:30",
            "2026-11-20 10:00+0000",
        ] {
            let moment = Moment::read(target).unwrap();
            assert_eq!((moment.earliest, moment.latest), (exact, exact), "{target}");
        }
        for loose in ["2026-11-20 10:00:00", "2026-11-20 10:00:00 Europe/Berlin"] {
            let moment = Moment::read(loose).unwrap();
            assert!(moment.earliest < exact && exact < moment.latest, "{loose}");
        }
        for no_time in [
            "",
            "before-migration",
            "0/30000D8",
            "2026-13-45 10:00:00+00",
            "latest",
        ] {
            assert_eq!(Moment::read(no_time), None, "{no_time}");
        }
    }
}
