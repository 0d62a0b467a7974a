//! What Postgres is told: parameters, libraries, synchronous replication.

use super::row::{Field, field, has_field};
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, open, remark, todo};
use crate::fact::spec::to_carry;
use crate::manifest::Fact;

pub(super) const FIELDS: &[Field] = &[
    field("spec.config.parameters", |view| {
        let carried = parameters(view)
            .into_iter()
            .filter(|entry| fits_config(&entry.key));
        let entries: Vec<Entry> = carried.collect();
        (entries.len() <= MOST_IN_CONFIG).then(|| Entry::item(Node::Map(entries)))
    }),
    field(
        "spec.patroni.dynamicConfiguration.synchronous_mode",
        |view| {
            let sync = view.truth("cluster.syncReplication");
            match &sync {
                Fact::Known(truth) if truth.value => {
                    Some(Entry::item(Node::truth(true)).saying(view.origin(&sync)))
                }
                Fact::Known(_) => None,
                Fact::Unknown(gaps) => Some(open("whether replication is synchronous", gaps)),
            }
        },
    ),
    field("spec.patroni.dynamicConfiguration.retry_timeout", |view| {
        patroni(view, "retry_timeout")
    }),
    field(
        "spec.patroni.dynamicConfiguration.synchronous_mode_strict",
        |view| {
            let strict = patroni(view, "synchronous_mode_strict")?;
            // Nothing is written while no replica confirms it.
            let alone = view.choices.replicas.unwrap_or(1) < 2;
            let words = "v4 has it; with one instance it lets nothing be written, so add it when there are replicas";
            Some(if alone { remark(words) } else { strict })
        },
    ),
    field(
        "spec.patroni.dynamicConfiguration.synchronous_node_count",
        |view| patroni(view, "synchronous_node_count"),
    ),
    field(
        "spec.patroni.dynamicConfiguration.maximum_lag_on_failover",
        |view| patroni(view, "maximum_lag_on_failover"),
    ),
    field(
        "spec.patroni.dynamicConfiguration.maximum_lag_on_syncnode",
        |view| patroni(view, "maximum_lag_on_syncnode"),
    ),
    field(
        "spec.patroni.dynamicConfiguration.postgresql.parameters",
        |view| {
            let mut entries = parameters(view);
            let has_config = has_field(&view.release.version, "spec.config.parameters");
            let in_config = entries
                .iter()
                .filter(|entry| fits_config(&entry.key))
                .count();
            if has_config && in_config <= MOST_IN_CONFIG {
                entries.retain(|entry| !fits_config(&entry.key));
            }
            (!entries.is_empty()).then(|| Entry::item(Node::Map(entries)))
        },
    ),
];

/// A setting of Patroni that somebody changed for v4.
fn patroni(view: &View<'_, '_>, name: &str) -> Option<Entry> {
    let settings = view.map("postgres.patroniSettings");
    let (_, value) = settings
        .value()?
        .iter()
        .find(|(setting, _)| setting == name)?;
    let node = match value.as_str() {
        "true" => Node::truth(true),
        "false" => Node::truth(false),
        other => parameter(other),
    };
    Some(Entry::item(node).saying(view.origin(&settings)))
}

/// More parameters than `spec.config.parameters` takes go to Patroni's configuration.
const MOST_IN_CONFIG: usize = 50;

/// Whether `spec.config.parameters` takes a parameter; Patroni's configuration takes any.
fn fits_config(name: &str) -> bool {
    const REFUSED: [&str; 5] = [
        "log_file_mode",
        "logging_collector",
        "recovery_target",
        "synchronous_standby_names",
        "log_directory",
    ];
    let begins = ["ssl", "unix_socket_", "recovery_target_", "primary_"];
    !REFUSED.contains(&name) && !begins.iter().any(|start| name.starts_with(start))
}

/// The five that replay depends on, the libraries, and whatever else somebody set that is neither v4's own nor v5's.
fn parameters(view: &View<'_, '_>) -> Vec<Entry> {
    let mut entries = of_replay(view);
    entries.extend(preload(view));
    let all = view.map("postgres.parameters");
    match &all {
        Fact::Known(truth) => {
            let carried = truth
                .value
                .iter()
                .filter(|(name, value)| to_carry(name, value));
            let origin = view.origin(&all);
            for (name, value) in carried {
                if name == "log_directory" && view.release.version.major() >= 6 {
                    entries.push(remark("v5 decides where the logs are").named(name));
                    continue;
                }
                entries.push(Entry::new(name, parameter(value)).saying(origin.clone()));
            }
        }
        Fact::Unknown(gaps) => {
            entries.push(open("what else is set", gaps).named("other parameters"));
        }
    }
    entries
}

fn of_replay(view: &View<'_, '_>) -> Vec<Entry> {
    const NAMES: [&str; 5] = [
        "max_connections",
        "max_locks_per_transaction",
        "max_prepared_transactions",
        "max_wal_senders",
        "max_worker_processes",
    ];
    let replay = view.map("postgres.replayParameters");
    let set = view.map("postgres.parameters");
    let entry = |name: &'static str| {
        let value = replay
            .value()
            .into_iter()
            .flatten()
            .find(|(known, _)| known == name);
        match (value, &replay) {
            (Some((_, value)), _) => {
                let written = set
                    .value()
                    .into_iter()
                    .flatten()
                    .any(|(known, _)| known == name);
                let origin = if written {
                    view.origin(&replay)
                } else {
                    "what Patroni takes where nothing is set".to_owned()
                };
                Entry::new(name, parameter(value)).saying(origin)
            }
            (None, Fact::Unknown(gaps)) => todo(&format!("at least v4's {name}"), gaps).named(name),
            (None, Fact::Known(_)) => Entry::todo(name, &format!("at least v4's {name}")),
        }
    };
    NAMES.into_iter().map(entry).collect()
}

fn preload(view: &View<'_, '_>) -> Option<Entry> {
    const NAME: &str = "shared_preload_libraries";
    let libraries = view.texts("postgres.preload");
    match &libraries {
        Fact::Known(truth) => {
            // pgAudit the operator puts there by itself, but before 5.0.3.
            let automatic = view.release.pgaudit_automatic;
            let mut names: Vec<&str> = truth.value.iter().map(String::as_str).collect();
            names.retain(|name| !automatic || *name != "pgaudit");
            if !automatic && !names.contains(&"pgaudit") {
                names.insert(0, "pgaudit");
            }
            // It must come before all others.
            if let Some(at) = names.iter().position(|name| *name == "citus") {
                if automatic
                    && (view.release.version.major(), view.release.version.minor()) < (5, 5)
                {
                    let what = "v4's libraries: before PGO 5.5 pgAudit is put before citus, which must be first";
                    return Some(Entry::todo(NAME, what));
                }
                let citus = names.remove(at);
                names.insert(0, citus);
            }
            let text = names.join(",");
            (!text.is_empty()).then(|| Entry::text(NAME, &text).saying(view.origin(&libraries)))
        }
        Fact::Unknown(gaps) => Some(todo("v4's libraries, joined by commas", gaps).named(NAME)),
    }
}

/// A whole number as such, anything else as a text.
fn parameter(value: &str) -> Node {
    match value.parse::<i64>() {
        Ok(number) if number.to_string() == value => Node::number(number),
        _ => Node::text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_and_words_are_words() {
        assert_eq!(parameter("200"), Node::number(200));
        for text in ["on", "0.9", "512MB", "007"] {
            assert_eq!(parameter(text), Node::text(text));
        }
    }

    #[test]
    fn what_the_operator_sets_is_never_carried() {
        assert!(!to_carry("archive_command", "x") && !to_carry("ssl", "on"));
        assert!(to_carry("work_mem", "64MB") && !to_carry("work_mem", "4MB"));
    }
}
