//! Values of Postgres' parameters that Patroni does not take: it leaves the parameter out, and the default applies.
//!
//! As its patroni/postgresql/validator.py and patroni/utils.py (`parse_int`, `parse_real`, `parse_bool`) read them.

use super::postgres_parameters::takes;
use super::{Parameter, in_effect, place};
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.parameterValuesRefused",
    "every parameter with a value that Patroni does not take for it: {name, value, takes}",
    &["name", "value", "takes"],
    refused,
)];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let found = in_effect(draft).map(|parameters| {
        let refused = parameters.iter().filter_map(element);
        refused.collect()
    });
    found.and_at(place(draft), super::NOTE)
}

fn element(one: &Parameter<'_>) -> Option<Element> {
    // The operator writes its own over some.
    if one.value.is_unsaid() || super::is_owned(&one.name) {
        return None;
    }
    let text = one.text.as_deref()?;
    let takes = takes(&one.name).filter(|takes| !accepts(takes, text))?;
    let note = "not a value of this parameter";
    let element = Element::new(format!("parameters.{}", one.name), one.value.span(), note)
        .with("name", Fact::known(one.name.as_str().into()))
        .with("value", Fact::at(text.into(), one.value.span(), note))
        .with("takes", Fact::known(words(takes).into()));
    Some(element)
}

fn accepts(takes: &str, value: &str) -> bool {
    let (kind, unit) = takes.split_once(':').unwrap_or((takes, ""));
    match kind {
        "int" | "real" => is_number(value, unit),
        _ => takes.split('|').any(|one| match one {
            "bool" => is_truth(value),
            word => word.eq_ignore_ascii_case(value),
        }),
    }
}

fn is_truth(value: &str) -> bool {
    let words = ["on", "off", "true", "false", "yes", "no", "1", "0"];
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// A number, and behind it a unit that can be turned into the parameter's own.
fn is_number(value: &str, own: &str) -> bool {
    let value = value.trim();
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let hex = unsigned.strip_prefix("0x").or(unsigned.strip_prefix("0X"));
    let rest = match hex {
        Some(digits) => digits.trim_start_matches(|c: char| c.is_ascii_hexdigit()),
        None => behind_decimal(unsigned),
    };
    if rest.len() == hex.unwrap_or(unsigned).len() {
        return false;
    }
    match rest.trim() {
        "" => true,
        unit => units(own).contains(&unit),
    }
}

/// What follows a decimal number.
fn behind_decimal(text: &str) -> &str {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (_, after) = text.split_at(digits(text));
    let Some(fraction) = after.strip_prefix('.') else {
        return exponent(after);
    };
    let whole = after.len() < text.len();
    let (some, behind) = fraction.split_at(digits(fraction));
    if some.is_empty() && !whole {
        return text;
    }
    exponent(behind)
}

/// What follows `e-3`.
fn exponent(text: &str) -> &str {
    let Some(power) = text.strip_prefix(['e', 'E']) else {
        return text;
    };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let rest = power.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == power.len() {
        text
    } else {
        rest
    }
}

fn units(own: &str) -> &'static [&'static str] {
    match own.trim_start_matches(|c: char| c.is_ascii_digit()) {
        "B" | "kB" | "MB" => &["B", "kB", "MB", "GB", "TB"],
        "ms" | "s" | "min" => &["us", "ms", "s", "min", "h", "d"],
        _ => &[],
    }
}

fn words(takes: &str) -> String {
    let (kind, unit) = takes.split_once(':').unwrap_or((takes, ""));
    match (kind, units(unit)) {
        ("int" | "real", units @ [first, ..]) => {
            let kind = if *first == "B" { "a size" } else { "a time" };
            format!("{kind} in {}", units.join(", "))
        }
        ("int", _) => "a whole number".to_owned(),
        ("real", _) => "a number".to_owned(),
        _ => takes.replace("bool", "on|off").replace('|', ", "),
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, takes, words};

    fn fine(name: &str, value: &str) -> bool {
        takes(name).is_none_or(|takes| accepts(takes, value))
    }

    #[test]
    fn values_are_taken_as_patroni_takes_them() {
        for (name, value) in [
            ("work_mem", "64MB"),
            ("work_mem", "64 MB"),
            ("Work_Mem", "65536"),
            ("shared_buffers", "0.5GB"),
            ("max_wal_size", "1TB"),
            ("statement_timeout", "30 s"),
            ("autovacuum_naptime", "1min"),
            ("random_page_cost", "1.1"),
            ("random_page_cost", "1e-1"),
            ("max_connections", "200.5"),
            ("jit", "No"),
            ("log_statement", "DDL"),
            ("synchronous_commit", "on"),
            ("wal_compression", "zstd"),
            ("log_min_duration_statement", "-1"),
            ("bgwriter_lru_multiplier", ".5"),
            ("search_path", "anything"),
            ("pg_stat_statements.max", "many"),
        ] {
            assert!(fine(name, value), "{name}: {value}");
        }
        for (name, value) in [
            ("work_mem", "64Mi"),
            ("shared_buffers", "2G"),
            ("shared_buffers", "25%"),
            ("effective_cache_size", "4gb"),
            ("autovacuum_naptime", "1m"),
            ("max_connections", "many"),
            ("max_connections", "200MB"),
            ("random_page_cost", "1,1"),
            ("jit", "maybe"),
            ("log_statement", "everything"),
            ("synchronous_commit", "remote"),
            ("work_mem", ""),
            ("work_mem", "-"),
            ("work_mem", "."),
            ("work_mem", "1e"),
        ] {
            assert!(!fine(name, value), "{name}: {value}");
        }
    }

    #[test]
    fn what_is_taken_is_said_in_words() {
        assert_eq!(words("int:8kB"), "a size in B, kB, MB, GB, TB");
        assert_eq!(words("int"), "a whole number");
        assert_eq!(words("bool|local"), "on, off, local");
    }
}
