//! The parameters that a standby, or a restore, has to have as large as the server whose WAL it replays.

use std::collections::BTreeMap;

use super::super::Cluster;
use super::ask::ask;
use super::parameters::all;
use crate::expr::Value;
use crate::manifest::{Fact, Gap};

/// What replay depends on, with the values Patroni gives when nothing is said.
const OF_REPLAY: [(&str, i64); 5] = [
    ("max_connections", 100),
    ("max_worker_processes", 8),
    ("max_wal_senders", 10),
    ("max_prepared_transactions", 0),
    ("max_locks_per_transaction", 64),
];

/// The five that replay depends on.
pub(super) fn of_replay(cluster: &Cluster<'_>) -> Fact<BTreeMap<String, i64>> {
    all(cluster).and_then(|parameters| {
        let mut numbers = BTreeMap::new();
        for (name, default) in OF_REPLAY {
            let number = parameters
                .get(name)
                .map_or(Ok(default), |text| text.parse());
            let Ok(number) = number else {
                return Fact::unknown(Gap {
                    missing: format!("the value of {name} in {}", cluster.name),
                    because: "what is written is no number".to_owned(),
                    ask: ask(cluster, &format!("SHOW {name}")),
                });
            };
            numbers.insert(name.to_owned(), number);
        }
        Fact::known(numbers)
    })
}

/// Parameters as rules see them.
pub(super) fn as_map<T: Clone + Into<Value>>(parameters: &BTreeMap<String, T>) -> Value {
    let entries = parameters
        .iter()
        .map(|(name, value)| (name.as_str().into(), value.clone().into()));
    Value::Map(entries.collect())
}
