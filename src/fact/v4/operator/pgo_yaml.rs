//! PGO v4's own settings: the `pgo.yaml` in the ConfigMap `pgo-config` of the operator's namespace.

mod facts;

pub(in crate::fact::v4) use facts::FACTS;

use crate::manifest::{Inventory, Kind, Tree, embedded};
use crate::source::Span;

/// One `pgo-config`.
#[derive(Debug)]
struct Settings {
    namespace: Option<Box<str>>,
    /// Where `pgo.yaml` is written.
    span: Span,
    /// What it says; `None` where it cannot be read.
    yaml: Option<Tree>,
}

/// Every `pgo-config` of an origin: one for each PGO v4 operator.
#[derive(Debug)]
pub(in crate::fact::v4) struct AllSettings(Vec<Settings>);

const NOTE: &str = "PGO v4's own settings";

impl AllSettings {
    pub(in crate::fact::v4) fn of(inventory: &Inventory) -> AllSettings {
        let maps = inventory.list_all(Kind::ConfigMap).objects;
        let named = maps.iter().filter(|object| &*object.name == "pgo-config");
        let settings = named.filter_map(|object| {
            let text = object.at(&["data", "pgo.yaml"])?;
            Some(Settings {
                namespace: object.namespace.clone(),
                span: text.span(),
                yaml: Some(text.text())
                    .filter(|_| object.rivals.is_empty())
                    .and_then(embedded),
            })
        });
        AllSettings(settings.collect())
    }
}

#[cfg(test)]
mod tests;
