//! Whether the living database is the one that v4 had, and how far it came.

use super::row::{MigrationFact, row};
use super::subject::{Migration, Moment};
use crate::expr::{Names, Value};
use crate::fact::v4::{self, fields};
use crate::fact::{Type, live};
use crate::manifest::{Fact, Gap};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.sameMajor",
        Type::Bool,
        "the living cluster runs the Postgres major that v4 ran: only then must system identifiers be equal",
        |migration| same_major(migration).map(Value::from),
    ),
    row(
        "moved.sameIdentifier",
        Type::Bool,
        "the living database has v4's system identifier, whatever the major; false where it has none yet",
        |migration| equal_identifiers(migration).map(Value::from),
    ),
    row(
        "moved.sameDatabase",
        Type::Bool,
        "the living database is the one that v4 had, by its system identifier; unknown at another Postgres major, where it gets a new one by right",
        |migration| same_database(migration).map(Value::from),
    ),
    row(
        "moved.sameHistory",
        Type::Bool,
        "v4's ended timelines begin the living database's; compared as pairs of timeline and position",
        |migration| same_history(migration).map(Value::from),
    ),
    row(
        "moved.behind",
        Type::Int,
        "how many bytes of what v4 is known to have written the living database lacks: it has not come as far, or it left v4's timeline before v4's last known position, the furthest of all exports; 0 where neither is so, which does not prove that it caught up",
        |migration| behind(migration).map(Value::from),
    ),
];

fn whole(fact: Fact<Value>) -> Fact<i64> {
    fact.map(|value| match value {
        Value::Int(number) => number,
        _ => 0,
    })
}

/// By the numbers in the spec and the image. Whatever the spec asks for, a database of v4's own identifier is of v4's major,
/// since `pg_upgrade` gives a new one.
fn same_major(migration: &Migration<'_>) -> Fact<bool> {
    let equal = equal_identifiers(migration);
    if equal.value() == Some(&true) {
        return equal;
    }
    let before = whole(migration.v4_named("postgres.majorNumber"));
    let path = ["spec", "postgresVersion"];
    let note = "the Postgres major of the living cluster";
    let now = fields::number(migration.living.object, &path, note);
    before.both(now).map(|(before, now)| now == Some(before))
}

/// Whether both databases have one system identifier, of two that are there.
fn equal_identifiers(migration: &Migration<'_>) -> Fact<bool> {
    let before = migration.v4_named("cluster.systemIdentifier");
    let now = migration.living_named("live.systemIdentifier");
    now.both(before)
        .map(|(now, before)| now == before && now != Value::from(""))
}

/// Equal numbers prove it whatever the major; different ones disprove it at one major only.
fn same_database(migration: &Migration<'_>) -> Fact<bool> {
    let equal = equal_identifiers(migration);
    match &equal {
        Fact::Known(truth) if !truth.value => same_major(migration).and_then(|same| {
            if same {
                equal.clone()
            } else {
                Fact::unknown(another_major(migration))
            }
        }),
        _ => equal,
    }
}

fn another_major(migration: &Migration<'_>) -> Gap {
    Gap {
        missing: format!("whether {} holds v4's database", migration.living.name),
        because: "it runs another Postgres major, and an upgrade gives a new system identifier".to_owned(),
        ask: "compare on both sides, in each database: select schemaname, relname, n_live_tup from pg_stat_user_tables order by 1, 2".to_owned(),
    }
}

/// A history as pairs; the facts hold records.
fn pairs(fact: Fact<Value>) -> Fact<Vec<Value>> {
    fact.map(|value| match value {
        Value::List(rows) => rows.to_vec(),
        _ => Vec::new(),
    })
}

fn same_history(migration: &Migration<'_>) -> Fact<bool> {
    let then = whole(migration.v4_named("cluster.timeline"));
    let here = whole(migration.living_named("live.timeline"));
    let before = recorded(migration.v4_named("cluster.history"), &then);
    let now = recorded_here(migration, &here);
    // Whatever is recorded, on an earlier timeline than v4's last one it has not all that v4 had.
    match (then.value(), here.value()) {
        (Some(last), Some(own)) if 0 < *own && own < last => here.both(then).map(|_| false),
        _ => before.both(now).and_then(|(before, now)| {
            let first = now.first().and_then(|row| field(row, "timeline"));
            let missing = |row: &&Value| !now.contains(row);
            // Patroni may be told to keep the last timelines only (max_timelines_history).
            let is_cut = |row: &Value| field(row, "timeline") < first;
            match before.iter().find(missing) {
                None => Fact::known(true),
                Some(row) if first.is_some() && is_cut(row) => Fact::unknown(cut_short(migration)),
                Some(_) => Fact::known(false),
            }
        }),
    }
}

fn cut_short(migration: &Migration<'_>) -> Gap {
    Gap {
        missing: format!("the first timelines of {}", migration.living.name),
        because: "Patroni's history of it begins later than v4's".to_owned(),
        ask: HISTORIES.to_owned(),
    }
}

/// What lists the whole history of each side.
const HISTORIES: &str = "compare what lies in pg_wal on both sides: select name from pg_ls_waldir() where name like '%.history'";

/// v4's history; unknown where none is recorded although its database was on a later timeline than its first: an empty
/// history would begin any other.
fn recorded(history: Fact<Value>, timeline: &Fact<i64>) -> Fact<Vec<Value>> {
    pairs(history).and_then(|rows| match timeline.value() {
        Some(number) if rows.is_empty() && *number > 1 => Fact::unknown(Gap {
            missing: "the history of v4's timelines".to_owned(),
            because: format!(
                "its database was on timeline {number}, and none that ended is recorded"
            ),
            ask: HISTORIES.to_owned(),
        }),
        _ => Fact::known(rows),
    })
}

/// The living database's history; unknown where Patroni has recorded none although it leads on a later timeline than its first.
fn recorded_here(migration: &Migration<'_>, timeline: &Fact<i64>) -> Fact<Vec<Value>> {
    let rows = pairs(migration.living_named("live.history"));
    rows.and_then(|rows| match timeline.value() {
        Some(number) if rows.is_empty() && *number > 1 => Fact::unknown(Gap {
            missing: format!("the history of the timelines of {}", migration.living.name),
            because: format!(
                "its database is on timeline {number}, and Patroni has recorded none that ended"
            ),
            ask: HISTORIES.to_owned(),
        }),
        _ => Fact::known(rows),
    })
}

fn behind(migration: &Migration<'_>) -> Fact<i64> {
    let before = last_position(migration);
    let now = whole(migration.living_named("live.position"));
    let (record, word) = live::positions(migration.living);
    let says = |fact: &Fact<i64>| fact.value().copied().filter(|position| *position > 0);
    let least = says(&record).into_iter().chain(says(&word)).min();
    let short = before.both(now).and_then(|(before, now)| match least {
        Some(least) if least < before && before <= now => {
            Fact::unknown(two_positions(migration, least, now))
        }
        _ => Fact::known((before - now).max(0)),
    });
    match short.value() {
        Some(0) => left_early(migration, short),
        _ => short,
    }
}

/// What v4 wrote after the point at which the living database left its timeline: however far that has come since, it lacks
/// this. `reached` says that it has come as far.
fn left_early(migration: &Migration<'_>, reached: Fact<i64>) -> Fact<i64> {
    let history = pairs(migration.living_named("live.history"));
    let ended = |(timeline, position): (i64, i64)| {
        let left = end_of(history.value()?, timeline)?;
        Some((left, position - left))
    };
    let lost = places(migration).into_iter().filter_map(ended);
    match lost.max_by_key(|(_, lost)| *lost) {
        Some((left, lost)) if lost > 0 && is_after_a_switch(left, lost) => {
            Fact::unknown(perhaps_idle(migration, lost))
        }
        Some((_, lost)) if lost > 0 => history.map(|_| lost),
        _ => reached,
    }
}

/// Whether a timeline was left at the start of a segment, and what v4 wrote there may be no more than what an idle server
/// writes by itself, the record of its shutdown among it: that segment is not archived.
fn is_after_a_switch(left: i64, lost: i64) -> bool {
    const SEGMENT: i64 = 16 << 20;
    const PAGE: i64 = 8 << 10;
    left % SEGMENT < 64 && lost < PAGE
}

fn perhaps_idle(migration: &Migration<'_>, lost: i64) -> Gap {
    Gap {
        missing: format!("whether {} lacks anything of v4", migration.living.name),
        because: format!(
            "it left v4's timeline at the end of a segment, {lost} bytes before v4's last known position: no more than an idle server writes by itself, but perhaps more"
        ),
        ask: "compare on both sides, in each database: select schemaname, relname, n_live_tup from pg_stat_user_tables order by 1, 2".to_owned(),
    }
}

fn two_positions(migration: &Migration<'_>, least: i64, most: i64) -> Gap {
    Gap {
        missing: format!("how far the database of {} has come", migration.living.name),
        because: format!(
            "Patroni's record and its leader do not say the same, {least} and {most}, and v4's last position lies between"
        ),
        ask: "select pg_is_in_recovery(), pg_last_wal_replay_lsn()".to_owned(),
    }
}

/// The furthest position that any export shows: a database does not go back, so their order does not matter.
fn last_position(migration: &Migration<'_>) -> Fact<i64> {
    let each = moments(migration).map(|(_, position)| position);
    each.max_by_key(|fact| fact.value().copied())
        .unwrap_or_else(|| whole(migration.v4_named("cluster.position")))
}

/// Where v4 is known to have been, as timeline and position: where its exports show it, and where its timelines ended.
fn places(migration: &Migration<'_>) -> Vec<(i64, i64)> {
    let known = moments(migration).filter_map(|(timeline, position)| {
        let position = position.value().copied().filter(|at| *at > 0);
        Some((timeline?, position?))
    });
    let history = pairs(migration.v4_named("cluster.history"));
    let ended = history.value().into_iter().flatten();
    let ended = ended.filter_map(|row| Some((field(row, "timeline")?, field(row, "position")?)));
    known.chain(ended).collect()
}

/// A number of a record.
fn field(row: &Value, name: &str) -> Option<i64> {
    match row {
        Value::Map(fields) => fields.iter().find_map(|(key, value)| match value {
            Value::Int(number) if &**key == name => Some(*number),
            _ => None,
        }),
        _ => None,
    }
}

/// The timeline and the position that each export shows. Where the database was restored within v4, what it had written after
/// the point that its history names was given up by v4 itself.
fn moments<'m, 'a>(
    migration: &'m Migration<'a>,
) -> impl Iterator<Item = (Option<i64>, Fact<i64>)> + use<'m, 'a> {
    let read = |name: &str, moment: &Moment<'_>| {
        let number = v4::FACTS.fact(name)?;
        v4::FACTS.read(number, moment.cluster).map(whole)
    };
    let history = pairs(migration.v4_named("cluster.history"));
    migration.moments.iter().filter_map(move |moment| {
        let timeline = read("cluster.timeline", moment)?.value().copied();
        let end = history.value().and_then(|rows| end_of(rows, timeline?));
        let position = read("cluster.position", moment)?;
        let position = position.map(|at| end.map_or(at, |end| at.min(end)));
        Some((timeline, position))
    })
}

/// Where a timeline ended, by the records of a history.
fn end_of(history: &[Value], timeline: i64) -> Option<i64> {
    let mut rows = history.iter();
    rows.find(|row| field(row, "timeline") == Some(timeline))
        .and_then(|row| field(row, "position"))
}
