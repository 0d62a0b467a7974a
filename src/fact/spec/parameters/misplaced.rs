//! Postgres parameters where nobody looks for them.

use super::super::Draft;
use super::super::problems::Culprits;
use super::places::{CONFIG, DYNAMIC, PARAMETERS, place};
use crate::fact::Element;
use crate::manifest::Fact;

/// Names that are parameters of Postgres and nothing else.
const TELLING: [&str; 15] = [
    "archive_command",
    "archive_mode",
    "archive_timeout",
    "effective_cache_size",
    "log_statement",
    "maintenance_work_mem",
    "max_connections",
    "max_locks_per_transaction",
    "max_prepared_transactions",
    "max_wal_senders",
    "max_wal_size",
    "max_worker_processes",
    "shared_buffers",
    "shared_preload_libraries",
    "work_mem",
];

pub(super) fn list(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let sections: [&[&str]; 6] = [
        &["spec"],
        &["spec", "config"],
        &["spec", "patroni"],
        &DYNAMIC,
        &["spec", "patroni", "dynamicConfiguration", "postgresql"],
        &["spec", "patroni", "postgresql"],
    ];
    let mut problems = Culprits::default();
    for section in sections {
        let entries = problems.look(draft.entries(section));
        for (key, value) in entries.into_iter().flat_map(|truth| truth.value) {
            let name = key.key();
            let map = value.is_map() && matches!(&*name, "parameters" | "postgresql");
            if !map && !TELLING.contains(&&*name) {
                continue;
            }
            let right = [section, &[&*name]].concat();
            let in_place = right == PARAMETERS
                || right == CONFIG
                || right == PARAMETERS.get(..4).unwrap_or_default();
            if map && !in_place || TELLING.contains(&&*name) {
                let (path, note) = (right.join("."), "nothing reads parameters here");
                let place = Fact::known(path.as_str().into());
                problems.add(Element::new(path, key.span(), note).with("place", place));
            }
        }
    }
    problems.list(place(draft), "the Postgres parameters")
}
