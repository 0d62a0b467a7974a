//! The parameters that Postgres knows, by name, and the majors that know them: `postgres.parameters`.

use std::sync::OnceLock;

use crate::expr::nearest;
use crate::fact::spec::option_table::OptionTable;
use crate::schema::Minors;

/// The newest major that the table was read for: of a later one nothing is known.
const NEWEST: i64 = 18;

fn table() -> &'static OptionTable {
    static TABLE: OnceLock<OptionTable> = OnceLock::new();
    TABLE.get_or_init(|| OptionTable::read(include_str!("postgres.parameters"), ""))
}

fn majors_of(name: &str) -> Option<Minors> {
    table().get(&name.to_ascii_lowercase())
}

/// What values a parameter takes, as the table has it; nothing where any will do.
pub(super) fn takes(name: &str) -> Option<&'static str> {
    table().takes(&name.to_ascii_lowercase())
}

/// Whether some Postgres has a parameter of this name; one of an extension has a dot.
pub(super) fn is_parameter(name: &str) -> bool {
    name.contains('.') || majors_of(name).is_some()
}

/// What is to be said of a parameter that a Postgres of this major does not have.
pub(super) struct Strange {
    /// Which majors have it, in words; `""` where none has.
    pub(super) known_in: String,
    /// The name that may be meant; `""` for none.
    pub(super) suggestion: &'static str,
}

/// Whether a Postgres of this major lacks a parameter; 0 is one that is not known.
pub(super) fn strange(name: &str, major: i64) -> Option<Strange> {
    // Patroni makes one of the other.
    let translated = matches!(name, "wal_keep_segments" | "wal_keep_size");
    if name.contains('.') || major > NEWEST || translated || name.len() > 60 {
        return None;
    }
    let Some(majors) = majors_of(name) else {
        let lower = name.to_ascii_lowercase().replace('-', "_");
        return Some(Strange {
            known_in: String::new(),
            suggestion: nearest(&lower, table().names()).unwrap_or(""),
        });
    };
    let inside = |major: u32| (majors.min..=majors.max).contains(&major);
    let outside = u32::try_from(major).is_ok_and(|major| major > 0 && !inside(major));
    outside.then(|| Strange {
        known_in: table().in_words(majors),
        suggestion: "",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_and_go_with_majors() {
        let known = |name, major| strange(name, major).map(|one| one.known_in);
        assert_eq!(known("work_mem", 13), None);
        assert_eq!(known("Work_Mem", 13), None);
        assert_eq!(known("io_method", 17).as_deref(), Some("from 18 on"));
        assert_eq!(known("io_method", 18), None);
        assert_eq!(
            known("stats_temp_directory", 15).as_deref(),
            Some("until 14")
        );
        // Of a Postgres that is not known, and of one to come, nothing follows.
        assert_eq!(known("io_method", 0), None);
        assert_eq!(known("whatever", 19), None);
        assert_eq!(known("wal_keep_segments", 16), None);
        assert_eq!(known("pg_stat_statements.max", 16), None);
    }

    #[test]
    fn slips_get_the_right_name() {
        let meant = |name| strange(name, 16).map(|one| one.suggestion);
        assert_eq!(meant("max_conections"), Some("max_connections"));
        assert_eq!(meant("max-connections"), Some("max_connections"));
        assert_eq!(meant("something_else_entirely"), Some(""));
    }
}
