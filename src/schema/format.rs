//! The `format` of values, as the API server understands it.
//!
//! Of formats of numbers only `int32` is checked, since every integer has 64 bits anyhow; unknown ones accept everything.

use core::net::{Ipv4Addr, Ipv6Addr};

/// A format that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Format {
    Date,
    DateTime,
    Duration,
    Ipv4,
    Ipv6,
    Cidr,
    Uuid,
    Byte,
    /// Of integers, the only one that is checked.
    Int32,
}

/// Formats that the server checks and this program does not.
pub(super) const UNCHECKED: [&str; 14] = [
    "bsonobjectid",
    "uri",
    "email",
    "hostname",
    "mac",
    "isbn",
    "isbn10",
    "isbn13",
    "creditcard",
    "ssn",
    "hexcolor",
    "rgbcolor",
    "uuid3",
    "uuid5",
];

impl Format {
    pub(super) fn named(name: &str) -> Option<Format> {
        Some(match name {
            "date" => Format::Date,
            "date-time" | "datetime" => Format::DateTime,
            "duration" => Format::Duration,
            "ipv4" => Format::Ipv4,
            "ipv6" => Format::Ipv6,
            "cidr" => Format::Cidr,
            "uuid" => Format::Uuid,
            "byte" => Format::Byte,
            "int32" => Format::Int32,
            _ => return None,
        })
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Format::Date => "a date such as 2024-02-29",
            Format::DateTime => "a time such as 2024-02-29T08:30:00Z",
            Format::Duration => "a duration such as 90s, 1h30m or 2 weeks",
            Format::Ipv4 => "an IPv4 address",
            Format::Ipv6 => "an IPv6 address",
            Format::Cidr => "a network such as 10.0.0.0/8",
            Format::Uuid => "a UUID",
            Format::Byte => "base64 text",
            Format::Int32 => "an integer of 32 bits, from -2147483648 to 2147483647",
        }
    }

    pub(super) fn accepts(self, text: &str) -> bool {
        match self {
            Format::Date => text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10,
            Format::DateTime => is_date_time(text),
            Format::Duration => duration(text).is_some(),
            Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Format::Cidr => is_cidr(text),
            Format::Uuid => is_uuid(text),
            Format::Byte => is_base64(text),
            Format::Int32 => true,
        }
    }

    /// Whether a pattern is the one that Kubernetes gives quantities.
    pub(super) fn is_quantity_pattern(pattern: &str) -> bool {
        pattern.contains("[KMGTPE]i") && pattern.contains("numkMGTPE")
    }
}

fn is_date_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some((date, time)) = lower.split_once('t') else {
        return false;
    };
    Format::Date.accepts(date) && is_time(time)
}

/// `hh:mm:ss`, a fraction, and a zone.
fn is_time(text: &str) -> bool {
    let (clock, rest) = (text.get(..8), text.get(8..));
    let (Some(clock), Some(rest)) = (clock, rest) else {
        return false;
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let at_most = |part: Option<&&str>, max: u8| {
        part.is_some_and(|part| part.len() == 2 && part.parse::<u8>().is_ok_and(|n| n <= max))
    };
    let zone = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let fraction = rest.get(..rest.len() - zone.len()).unwrap_or("");
    let zoned = zone == "z"
        || zone.strip_prefix(['+', '-']).is_some_and(|zone| {
            zone.len() == 5 && zone.split(':').all(|part| at_most(Some(&part), 99))
        });
    parts.len() == 3
        && at_most(parts.first(), 23)
        && at_most(parts.get(1), 59)
        && at_most(parts.get(2), 59)
        && (fraction.is_empty() || fraction.len() > 1)
        && zoned
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let max = if address.parse::<Ipv4Addr>().is_ok() {
        32
    } else if address.parse::<Ipv6Addr>().is_ok() {
        128
    } else {
        return false;
    };
    bits.bytes().all(|b| b.is_ascii_digit()) && bits.parse::<u8>().is_ok_and(|bits| bits <= max)
}

fn is_uuid(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    digits == 32 && text.len() - digits == text.bytes().filter(|b| *b == b'-').count()
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// A duration in nanoseconds, as Go writes it (`1h30m`) or in words (`2 weeks 1 day`).
pub(super) fn duration(text: &str) -> Option<i64> {
    go_duration(text).or_else(|| worded_duration(text))
}

const SECOND: i128 = 1_000_000_000;

fn go_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i128 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number = leading(rest, |c| c.is_ascii_digit() || c == '.');
        rest = rest.get(number.len()..)?;
        let unit = leading(rest, |c| c != '.' && !c.is_ascii_digit());
        rest = rest.get(unit.len()..)?;
        let unit = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => SECOND,
            "m" => 60 * SECOND,
            "h" => 3600 * SECOND,
            _ => return None,
        };
        total = total.checked_add(scaled(number, unit)?)?;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// A decimal number times a unit.
fn scaled(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || whole.len() > 18 || fraction.contains('.') {
        return None;
    }
    let fraction = fraction.get(..fraction.len().min(18))?;
    let whole: i128 = format!("0{whole}").parse().ok()?;
    let part: i128 = format!("0{fraction}").parse().ok()?;
    let ten = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    whole
        .checked_mul(unit)?
        .checked_add(part.checked_mul(unit)? / ten)
}

/// Words begin like these; the longest ones may go on (`minutes`, `weeks`).
const UNITS: [(&[&str], &str, i128); 8] = [
    (&["ns"], "nano", 1),
    (&["us", "µs"], "micro", 1_000),
    (&["ms"], "milli", 1_000_000),
    (&["s"], "sec", SECOND),
    (&["m"], "min", 60 * SECOND),
    (&["h", "hr"], "hour", 3600 * SECOND),
    (&["d"], "day", 86_400 * SECOND),
    (&["w", "wk"], "week", 604_800 * SECOND),
];

/// Adds up every number that is followed by a word, whatever stands between them: so the server reads
/// `PT1D2H`, too.
fn worded_duration(text: &str) -> Option<i64> {
    let (mut total, mut known) = (0_i128, false);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = rest.get(at..)?;
        let number = leading(rest, |c| c.is_ascii_digit());
        rest = rest.get(number.len()..)?;
        let word =
            leading(rest.trim_start(), |c| c.is_ascii_alphabetic() || c == 'µ').to_lowercase();
        if word.is_empty() {
            continue;
        }
        let unit = UNITS
            .iter()
            .find(|(names, stem, _)| names.contains(&word.as_str()) || word.starts_with(stem));
        if let Some((_, _, unit)) = unit {
            known = true;
            let factor = i128::from(number.parse::<i64>().ok()?);
            total = total.checked_add(factor.checked_mul(*unit)?)?;
        }
    }
    i64::try_from(total).ok().filter(|_| known)
}

fn leading(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !wanted(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_the_api_server_reads_them() {
        let hour = 3_600_000_000_000;
        for (text, nanoseconds) in [
            ("1h30m", hour * 3 / 2),
            ("1.5h", hour * 3 / 2),
            ("0", 0),
            ("-5m", -hour / 12),
            ("90 DAY", 90 * 24 * hour),
            ("1 week 2 days", 9 * 24 * hour),
            ("28 weeks", 28 * 7 * 24 * hour),
            ("PT1D2H", 26 * hour),
        ] {
            assert_eq!(duration(text), Some(nanoseconds), "{text}");
        }
        for text in ["", "soon", "5", "h", "5 apples", "9999999999999999999h"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn times_need_a_date_a_clock_and_a_zone() {
        let accepts = |text| Format::DateTime.accepts(text);
        assert!(accepts("2024-02-29T08:30:00Z"));
        assert!(accepts("2024-02-29t08:30:00.125+01:00"));
        assert!(!accepts("2023-02-29T08:30:00Z"));
        assert!(!accepts("2024-02-29T24:00:00Z"));
        assert!(!accepts("2024-02-29T08:30:00"));
        assert!(!accepts("2024-02-29"));
    }

    #[test]
    fn other_formats() {
        assert!(Format::Cidr.accepts("10.0.0.0/8") && !Format::Cidr.accepts("10.0.0.0/33"));
        assert!(Format::Byte.accepts("aGk=") && !Format::Byte.accepts("aGk"));
        assert!(Format::Uuid.accepts("123e4567-e89b-12d3-a456-426614174000"));
        assert!(Format::Ipv6.accepts("::1") && !Format::Ipv4.accepts("::1"));
    }
}
