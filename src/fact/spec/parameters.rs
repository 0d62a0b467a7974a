//! Postgres parameters: `spec.config.parameters` over Patroni's dynamic configuration.

mod amount;
pub(super) mod clashes;
pub(super) mod log;
mod misplaced;
mod owned;
mod parameter;
pub(super) mod patroni_keys;
mod places;
mod postgres_parameters;
pub(super) mod strange;
pub(super) mod sync;
pub(super) mod values;

pub(in crate::fact) use log::is_sensitive;
pub(super) use owned::is_owned;
pub(super) use parameter::Parameter;
use places::{CONFIG, PARAMETERS};
pub(super) use places::{DYNAMIC, place};

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Draft, DraftFact, each, row};
use crate::expr::Value;
use crate::fact::v4::fields::scalar_text;
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Gap, Node};
use crate::source::Span;

const NOTE: &str = "the Postgres parameters";

/// The parameters that must not be lower than where the write-ahead log comes from, with Postgres' own defaults.
pub(in crate::fact) const AT_LEAST: [(&str, i64); 5] = [
    ("max_connections", 100),
    ("max_locks_per_transaction", 64),
    ("max_prepared_transactions", 0),
    ("max_wal_senders", 10),
    ("max_worker_processes", 8),
];

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.parameters",
        Type::Map,
        "the Postgres parameters in effect, as text: config.parameters over those of Patroni's dynamic configuration, without those the operator sets itself",
        |draft| {
            in_effect(draft).and_then(|parameters| {
                let own = parameters.iter().filter(|one| !is_owned(&one.name));
                let entries = own.filter_map(|one| {
                    Some((one.name.as_str().into(), one.text.as_deref()?.into()))
                });
                Fact::at(Value::Map(entries.collect()), place(draft), NOTE)
            })
        },
    ),
    row(
        "draft.maxParameters",
        Type::Map,
        "max_connections, max_locks_per_transaction, max_prepared_transactions, max_wal_senders, max_worker_processes: the drafted value, else the default",
        |draft| {
            at_least(draft).and_then(|numbers| {
                let fact = Fact::known(());
                let written = numbers.iter().filter(|(_, _, written)| *written);
                let fact = written.fold(fact, |fact, (_, (_, span), _)| fact.and_at(*span, NOTE));
                let entries = numbers
                    .iter()
                    .map(|(name, (number, _), _)| ((*name).into(), (*number).into()));
                let value = Value::Map(entries.collect());
                fact.and_at(place(draft), NOTE).map(|()| value)
            })
        },
    ),
    each(
        "draft.parametersOverwritten",
        "every parameter that the draft sets and the operator overwrites: {name}",
        &["name"],
        overwritten,
    ),
    each(
        "draft.parametersMisplaced",
        "every parameter, and every section of them, where nobody looks for it: {place}, such as \"spec.patroni.dynamicConfiguration.parameters\"",
        &["place"],
        misplaced::list,
    ),
    each(
        "draft.patroniKeysOverwritten",
        "every key of Patroni's dynamic configuration that the operator overwrites: {name}, ttl or loop_wait",
        &["name"],
        |draft| {
            draft
                .entries(&DYNAMIC)
                .map(|entries| {
                    let keys = entries.into_iter().map(|(key, _)| key);
                    let owned = keys.filter(|key| ["ttl", "loop_wait"].contains(&&*key.key()));
                    let path = DYNAMIC.join(".");
                    owned.map(|key| culprit(&path, key)).collect()
                })
                .and_at(draft.nearest(&DYNAMIC), "Patroni's dynamic configuration")
        },
    ),
    row(
        "draft.preload",
        Type::Strings,
        "the libraries in shared_preload_libraries as drafted, in order, without .so",
        |draft| preload(draft).map(Value::from),
    ),
    row(
        "draft.preloadIsList",
        Type::Bool,
        "shared_preload_libraries is a YAML list instead of a string",
        |draft| {
            in_effect(draft).and_then(|parameters| {
                let found = named(&parameters, "shared_preload_libraries");
                let is_list = found.is_some_and(|one| one.value.is_seq());
                let span = found.map_or_else(|| place(draft), |one| one.key.span());
                Fact::at(is_list.into(), span, "the libraries to preload")
            })
        },
    ),
];

/// Parameters of which the operator's own value wins, unless the draft writes the same.
fn overwritten(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let written = all(draft).map(|parameters| {
        let wins = |one: &&Parameter<'_>| {
            let entry = owned::OWNED.iter().find(|(name, _)| *name == one.name);
            entry.is_some_and(|(_, fixed)| {
                fixed.is_none() || !same(&one.name, *fixed, one.text.as_deref())
            })
        };
        let found = parameters.iter().filter(wins);
        found.map(|one| culprit("parameters", one.key)).collect()
    });
    written.and_at(place(draft), NOTE)
}

/// A key that the operator overwrites.
fn culprit(path: &str, key: Node<'_>) -> Element {
    let name = key.key();
    let note = "the operator overwrites it";
    let element = Element::new(format!("{path}.{name}"), key.span(), note);
    element.with("name", Fact::known((&*name).into()))
}

/// Every parameter that is written, in both places.
fn all<'a>(draft: &Draft<'a>) -> Fact<Arc<[Parameter<'a>]>> {
    let all = &draft.memo().parameters;
    all.get_or_init(|| find_all(draft)).clone()
}

fn find_all<'a>(draft: &Draft<'a>) -> Fact<Arc<[Parameter<'a>]>> {
    let config = draft.entries(&CONFIG);
    let dynamic = draft.entries(&PARAMETERS);
    config.both(dynamic).map(|(config, dynamic)| {
        let entries = config.into_iter().chain(dynamic);
        let parameter = |(key, value): (Node<'a>, Node<'a>)| Parameter {
            name: key.key().into_owned(),
            text: scalar_text(value).filter(|_| value.scalar().is_some()),
            key,
            value,
        };
        entries
            .filter(|(_, value)| !value.is_null())
            .map(parameter)
            .collect()
    })
}

/// Every parameter once; `config.parameters` wins.
pub(super) fn in_effect<'a>(draft: &Draft<'a>) -> Fact<Arc<[Parameter<'a>]>> {
    let in_effect = &draft.memo().in_effect;
    let find = || {
        all(draft).map(|parameters| {
            let mut seen = BTreeSet::new();
            let first = parameters.iter().filter(|one| seen.insert(&one.name));
            first.cloned().collect()
        })
    };
    in_effect.get_or_init(find).clone()
}

fn named<'p, 'a>(parameters: &'p [Parameter<'a>], name: &str) -> Option<&'p Parameter<'a>> {
    parameters.iter().find(|one| one.name == name)
}

/// A parameter, its number and place, and whether the draft writes it.
pub(super) type AtLeast = (&'static str, (i64, Span), bool);

/// The five parameters as numbers; unknown where one of them is no number.
pub(super) fn at_least(draft: &Draft<'_>) -> Fact<Vec<AtLeast>> {
    in_effect(draft).and_then(|parameters| {
        let mut numbers = Vec::new();
        for (name, default) in AT_LEAST {
            let Some(one) = named(&parameters, name) else {
                numbers.push((name, (default, place(draft)), false));
                continue;
            };
            match one
                .text
                .as_deref()
                .and_then(|text| text.trim().parse().ok())
            {
                Some(number) => numbers.push((name, (number, one.value.span()), true)),
                None => {
                    return Fact::unknown(Gap {
                        missing: format!("{name} in the draft {}", draft.name),
                        because: "its value is no whole number".to_owned(),
                        ask: format!("write {name} as a whole number and run again"),
                    });
                }
            }
        }
        Fact::known(numbers)
    })
}

/// The libraries to preload as drafted.
pub(super) fn preload(draft: &Draft<'_>) -> Fact<Vec<String>> {
    in_effect(draft).and_then(
        |parameters| match named(&parameters, "shared_preload_libraries") {
            Some(one) if one.value.is_unsaid() => {
                let place = ["shared_preload_libraries"];
                Fact::unknown(draft.misshapen(&place, "filled in"))
            }
            Some(one) => {
                let items = one.value.items().filter_map(scalar_text);
                let text = one
                    .text
                    .clone()
                    .unwrap_or_else(|| items.collect::<Vec<_>>().join(","));
                Fact::at(
                    libraries(&text),
                    one.value.span(),
                    "the libraries to preload",
                )
            }
            None => Fact::at(Vec::new(), place(draft), "the libraries to preload"),
        },
    )
}

/// The names in a list of libraries, without directory, quotes and `.so`.
pub(in crate::fact) fn libraries(text: &str) -> Vec<String> {
    let names = text.split(',').map(|part| {
        let name = part.trim().trim_matches(['"', '\'']);
        let name = name.strip_prefix("$libdir/").unwrap_or(name);
        name.strip_suffix(".so").unwrap_or(name).to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Whether two values of a parameter are the same truth or text.
fn same(name: &str, left: Option<&str>, right: Option<&str>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => same_value(name, left, right),
        _ => false,
    }
}

/// Whether two spellings of a parameter's value mean the same.
pub(in crate::fact) fn same_value(name: &str, left: &str, right: &str) -> bool {
    if let Some(same) = amount::same_amount(name, left, right) {
        return same;
    }
    let canonical = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => "on".to_owned(),
        "off" | "false" | "no" | "0" => "off".to_owned(),
        other => other.replace([' ', '\''], ""),
    };
    canonical(left) == canonical(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_come_without_so_quotes_and_directory() {
        assert_eq!(
            libraries(" pgaudit.so, '$libdir/timescaledb' ,,citus"),
            ["pgaudit", "timescaledb", "citus"]
        );
    }

    #[test]
    fn spellings_of_a_value_are_the_same() {
        let same = |left, right| same_value("any", left, right);
        assert!(same("true", "on") && same("0", "off") && same("'x, y'", "x,y"));
        assert!(!same("100", "200"));
        assert!(same_value("work_mem", "64MB", "65536kB"));
    }
}
