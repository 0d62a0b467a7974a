//! Values of Postgres parameters that are amounts of memory or time: `64MB` is `65536kB`, and `8192` of a parameter that counts
//! pages of 8 kB.
//!
//! Source: Postgres `src/backend/utils/misc/guc.c` (`parse_int`, `parse_real`, `convert_to_base_unit`); units of each parameter in
//! `postgres.units`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How a parameter counts.
struct Count {
    /// Whether fractions are kept.
    real: bool,
    /// What one of it is, in bytes or microseconds; nothing where numbers have no unit.
    base: Option<Unit>,
}

#[derive(Clone, Copy)]
enum Unit {
    Bytes(f64),
    Microseconds(f64),
}

/// Whether two values of a parameter are the same amount; `None` where it counts nothing, or one of them is no amount.
pub(super) fn same_amount(name: &str, left: &str, right: &str) -> Option<bool> {
    let count = table().get(name.to_ascii_lowercase().as_str())?;
    let (left, right) = (amount(left, count)?, amount(right, count)?);
    Some((left - right).abs() <= f64::EPSILON * left.abs().max(right.abs()))
}

/// A value that is an amount of memory, in bytes; `None` for others.
pub(super) fn bytes(name: &str, text: &str) -> Option<f64> {
    let count = table().get(name)?;
    let amount = amount(text, count)?;
    match count.base? {
        Unit::Bytes(one) => Some(amount * one),
        Unit::Microseconds(_) => None,
    }
}

fn table() -> &'static BTreeMap<&'static str, Count> {
    static TABLE: OnceLock<BTreeMap<&'static str, Count>> = OnceLock::new();
    TABLE.get_or_init(|| {
        include_str!("postgres.units")
            .lines()
            .filter_map(count)
            .collect()
    })
}

fn count(line: &'static str) -> Option<(&'static str, Count)> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|word| *word != "#")?;
    let real = words.next()? == "real";
    let base = words.next().and_then(unit);
    Some((name, Count { real, base }))
}

/// Units are spelled as here, capitals included; `8kB` and `16MB` only count.
fn unit(text: &str) -> Option<Unit> {
    let kilobyte = 1024.0;
    let megabyte = kilobyte * kilobyte;
    Some(match text {
        "B" => Unit::Bytes(1.0),
        "kB" => Unit::Bytes(kilobyte),
        "8kB" => Unit::Bytes(8.0 * kilobyte),
        "MB" => Unit::Bytes(megabyte),
        "16MB" => Unit::Bytes(16.0 * megabyte),
        "GB" => Unit::Bytes(megabyte * kilobyte),
        "TB" => Unit::Bytes(megabyte * megabyte),
        "us" => Unit::Microseconds(1.0),
        "ms" => Unit::Microseconds(1e3),
        "s" => Unit::Microseconds(1e6),
        "min" => Unit::Microseconds(6e7),
        "h" => Unit::Microseconds(3.6e9),
        "d" => Unit::Microseconds(8.64e10),
        _ => return None,
    })
}

/// A value in what the parameter counts.
fn amount(text: &str, count: &Count) -> Option<f64> {
    let text = text.trim().trim_matches('\'').trim();
    let number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let end = text.find(|c| !number(c)).unwrap_or(text.len());
    let (digits, suffix) = text.split_at_checked(end)?;
    let leading_zero = digits.len() > 1 && digits.bytes().all(|b| b.is_ascii_digit());
    let octal = !count.real && leading_zero && digits.starts_with('0');
    let value: f64 = if octal {
        f64::from(u32::from_str_radix(digits, 8).ok()?)
    } else {
        digits.parse().ok()?
    };
    let value = match (suffix.trim(), count.base) {
        ("", _) => value,
        (suffix, Some(base)) => value * times(unit(suffix)?, base)?,
        _ => return None,
    };
    Some(if count.real { value } else { value.round() })
}

fn times(given: Unit, base: Unit) -> Option<f64> {
    match (given, base) {
        (Unit::Bytes(given), Unit::Bytes(base))
        | (Unit::Microseconds(given), Unit::Microseconds(base)) => Some(given / base),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_told_in_bytes() {
        let mebibyte = 1024.0 * 1024.0;
        assert_eq!(bytes("shared_buffers", "16384"), Some(128.0 * mebibyte));
        assert_eq!(bytes("max_wal_size", "16MB"), Some(16.0 * mebibyte));
        assert_eq!(bytes("statement_timeout", "1s"), None);
        assert_eq!(bytes("shared_buffers", "1Gi"), None);
    }

    #[test]
    fn amounts_are_the_same_in_whatever_unit() {
        for (name, left, right) in [
            ("work_mem", "64MB", "65536kB"),
            ("work_mem", "65536", "64MB"),
            ("work_mem", "0.5GB", "512MB"),
            ("shared_buffers", "8192", "64MB"),
            ("Shared_Buffers", "1 GB", "1024MB"),
            ("checkpoint_timeout", "300", "5min"),
            ("log_rotation_age", "1d", "1440"),
            ("statement_timeout", "60000", "1min"),
            ("min_wal_size", "1GB", "1024"),
            ("checkpoint_completion_target", "0.90", ".9"),
            ("autovacuum_vacuum_cost_delay", "2", "2000us"),
            ("log_min_duration_statement", "-1", "-1"),
            ("max_slot_wal_keep_size", "10240MB", "10GB"),
        ] {
            assert_eq!(same_amount(name, left, right), Some(true), "{name}");
        }
        for (name, left, right) in [
            ("work_mem", "64MB", "64kB"),
            ("shared_buffers", "64", "64MB"),
            ("checkpoint_timeout", "5", "5min"),
            ("random_page_cost", "1.1", "1.10001"),
        ] {
            assert_eq!(same_amount(name, left, right), Some(false), "{name}");
        }
    }

    #[test]
    fn what_is_no_amount_is_left_to_its_text() {
        assert_eq!(same_amount("application_name", "1", "1.0"), None);
        assert_eq!(same_amount("work_mem", "64mb", "64MB"), None);
        assert_eq!(same_amount("work_mem", "5min", "5min"), None);
        assert_eq!(same_amount("work_mem", "", "0"), None);
        assert_eq!(same_amount("timescaledb.max", "1GB", "1024MB"), None);
    }

    #[test]
    fn every_unit_of_the_table_is_one() {
        for line in include_str!("postgres.units").lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if let ([_, kind, rest @ ..], false) = (words.as_slice(), line.starts_with('#')) {
                assert!(["integer", "real"].contains(kind), "{line}");
                assert!(rest.iter().all(|word| unit(word).is_some()), "{line}");
            }
        }
    }
}
