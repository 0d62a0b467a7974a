//! The settings of pgBackRest in one map, by name.

use std::collections::BTreeMap;

use crate::manifest::Node;
use crate::source::Span;

/// One setting.
#[derive(Clone)]
pub(in crate::fact::spec) struct Setting<'a> {
    pub(in crate::fact::spec) name: String,
    /// Its value as text; empty for what is no scalar.
    pub(in crate::fact::spec) text: String,
    pub(in crate::fact::spec) key: Node<'a>,
    pub(in crate::fact::spec) value: Node<'a>,
}

/// The settings of one map.
pub(in crate::fact::spec) struct Options<'a> {
    pub(in crate::fact::spec) settings: Vec<Setting<'a>>,
    /// Positions by name.
    pub(super) by_name: BTreeMap<String, usize>,
    /// The key of the map, or the nearest thing that exists.
    pub(in crate::fact::spec) place: Span,
}

impl<'a> Options<'a> {
    /// A setting by name.
    pub(in crate::fact::spec) fn get(&self, name: &str) -> Option<&Setting<'a>> {
        self.settings.get(*self.by_name.get(name)?)
    }

    /// The first of these settings that is there.
    pub(in crate::fact::spec) fn first(&self, names: &[String]) -> Option<&Setting<'a>> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The settings of one repository, with the rest of their name.
    pub(in crate::fact::spec) fn of_repo<'o>(
        &'o self,
        repo: &str,
    ) -> impl Iterator<Item = (&'o str, &'o Setting<'a>)> {
        let prefix = format!("{repo}-");
        self.settings.iter().filter_map(move |setting| {
            let rest = setting.name.strip_prefix(&prefix)?;
            Some((rest, setting))
        })
    }
}
