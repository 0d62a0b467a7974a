//! Whether the vendor of Postgres still releases minors of the cluster's major.
//!
//! Source: the `PostgreSQL` versioning policy; PGO has the table from 5.8.0 on (`internal/postgres/versions.go`), gives a month
//! more, and says so in an event.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::row::{LivingFact, row};
use super::super::subject::Living;
use crate::fact::Type;
use crate::fact::v4::fields;

/// Majors and the days of their last minors.
const LAST: [(i64, (i16, i8, i8)); 9] = [
    (10, (2022, 11, 10)),
    (11, (2023, 11, 9)),
    (12, (2024, 11, 21)),
    (13, (2025, 11, 13)),
    (14, (2026, 11, 12)),
    (15, (2027, 11, 11)),
    (16, (2028, 11, 9)),
    (17, (2029, 11, 8)),
    (18, (2030, 11, 14)),
];

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[row(
    "upgrade.lastMinor",
    Type::String,
    "the day of the last minor of the cluster's Postgres major where that is past, as 2025-11-13; \"\" where minors still come, or the major is not known",
    |living| {
        let path = ["spec", "postgresVersion"];
        let major = fields::number(living.object, &path, "the Postgres version");
        major.map(|major| {
            past(living, major)
                .map_or_else(String::new, |day| day.to_string())
                .into()
        })
    },
)];

fn past(living: &Living<'_>, major: Option<i64>) -> Option<Date> {
    let (_, (year, month, day)) = LAST.iter().find(|(known, _)| Some(*known) == major)?;
    let last = Date::new(*year, *month, *day).ok()?;
    let today = living.run.now.to_zoned(TimeZone::UTC).date();
    (today > last).then_some(last)
}
