//! The keys of Patroni's dynamic configuration (`patroni.keys`), and keys that stand at another level than theirs.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::DYNAMIC;
use crate::expr::{Version, nearest};
use crate::fact::Element;
use crate::fact::spec::problems::Culprits;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};
use crate::schema::Release;

const POSTGRESQL: [&str; 4] = ["spec", "patroni", "dynamicConfiguration", "postgresql"];
const PARAMETERS: [&[&str]; 2] = [
    &[
        "spec",
        "patroni",
        "dynamicConfiguration",
        "postgresql",
        "parameters",
    ],
    &["spec", "config", "parameters"],
];
const NOTE: &str = "Patroni's dynamic configuration";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.patroniKeysElsewhere",
        "every setting of Patroni at a level where it does not read it: {place, belongs}; belongs is the section that it is read in: \"postgresql\", \"dynamicConfiguration\"",
        &["place", "belongs"],
        elsewhere,
    ),
    each(
        "draft.patroniKeysUnknown",
        "keys that Patroni does not know where they stand in its dynamic configuration, nor anywhere else there (parameters of Postgres, mostly): {name}",
        &["name"],
        unknown,
    ),
    each(
        "draft.patroniKeysNewer",
        "keys of Patroni's dynamic configuration that the Patroni of every release the draft may go to is too old for: {name, since}; since is the Patroni that brought it. Of releases after 5.3.0 it is not known which they have",
        &["name", "since"],
        newer,
    ),
];

/// A key of Patroni.
#[derive(Clone, Copy)]
struct Key {
    /// Where Patroni reads it: `top`, `postgresql`.
    level: &'static str,
    /// The first release that has it, where not all do.
    since: Option<Version>,
}

/// What Patroni knows of a key; nothing for one that it does not know.
fn known(key: &str) -> Option<Key> {
    static KEYS: OnceLock<BTreeMap<&'static str, Key>> = OnceLock::new();
    let read = |line: &'static str| {
        let mut words = line.split(' ');
        let level = words.next().filter(|level| *level != "#")?;
        let name = words.next()?;
        let since = words.next().filter(|word| *word == "since");
        let since = since.and_then(|_| Version::parse(words.next()?));
        Some((name, Key { level, since }))
    };
    let keys = KEYS.get_or_init(|| {
        // Of two lines about one key the first counts.
        let lines = include_str!("patroni.keys").lines().rev();
        lines.filter_map(read).collect()
    });
    keys.get(key).copied()
}

/// Where Patroni reads a key.
fn level(key: &str) -> Option<&'static str> {
    known(key).map(|key| key.level)
}

/// Whether Patroni knows a key somewhere in its dynamic configuration.
pub(super) fn is_key(key: &str) -> bool {
    level(key).is_some()
}

fn elsewhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let mut look = |path: &[&str], own: &str| {
        let entries = problems.look(draft.entries(path));
        for (key, _) in entries.into_iter().flat_map(|truth| truth.value) {
            let name = key.key();
            let right = level(&name).filter(|right| *right != own && !is_section(&name));
            if let Some(right) = right {
                let section = if right == "top" {
                    "dynamicConfiguration"
                } else {
                    right
                };
                let place = format!("{}.{name}", path.join("."));
                let said = Fact::known(place.as_str().into());
                let element = Element::new(place, key.span(), "not read here")
                    .with("place", said)
                    .with("belongs", Fact::known(section.into()));
                problems.add(element);
            }
        }
    };
    look(&DYNAMIC, "top");
    look(&POSTGRESQL, "postgresql");
    for path in PARAMETERS {
        look(path, "parameters");
    }
    problems.list(draft.nearest(&DYNAMIC), NOTE)
}

/// Sections of which another fact tells that they are misplaced.
fn is_section(key: &str) -> bool {
    matches!(key, "parameters" | "postgresql")
}

/// Keys that came with a Patroni newer than that of every release the draft may go to.
fn newer(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let both = draft.entries(&DYNAMIC).both(draft.entries(&POSTGRESQL));
    let found = both.map(|(top, postgresql)| {
        let top = top.into_iter().map(|(key, _)| (&DYNAMIC[..], key));
        let below = postgresql.into_iter();
        let below = below.map(|(key, _)| (&POSTGRESQL[..], key));
        let newer = top.chain(below).filter_map(|(path, key)| {
            let since = known(&key.key())?.since?;
            let releases = &draft.target().releases;
            let lacks = |release: &Release| release.patroni_max.is_some_and(|max| max < since);
            let all = !releases.is_empty() && releases.iter().all(|release| lacks(release));
            all.then(|| {
                let since = Fact::known(since.to_string().into());
                element(path, key).with("since", since)
            })
        });
        newer.collect()
    });
    found.and_at(draft.nearest(&DYNAMIC), NOTE)
}

fn unknown(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let both = draft.entries(&DYNAMIC).both(draft.entries(&POSTGRESQL));
    let found = both.map(|(top, postgresql)| {
        // Ways of making replicas have sections of any name, but none that is nearly `parameters`.
        let own = postgresql.into_iter().filter(|(key, value)| {
            !value.is_map() || nearest(&key.key(), ["parameters"].into_iter()).is_some()
        });
        let below = own.map(|(key, _)| (&POSTGRESQL[..], key));
        let top = top.into_iter().map(|(key, _)| (&DYNAMIC[..], key));
        let strange = top.chain(below).filter(|(_, key)| {
            let name = key.key();
            level(&name).is_none() && !is_section(&name)
        });
        strange.map(|(path, key)| element(path, key)).collect()
    });
    found.and_at(draft.nearest(&DYNAMIC), NOTE)
}

fn element(path: &[&str], key: Node<'_>) -> Element {
    let name = key.key();
    let id = format!("{}.{name}", path.join("."));
    let element = Element::new(id, key.span(), "no key of Patroni");
    element.with("name", Fact::known((&*name).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_level() {
        assert_eq!(level("pg_hba"), Some("postgresql"));
        assert_eq!(level("ttl"), Some("top"));
        assert_eq!(level("permanent_slots"), Some("top"));
        assert_eq!(level("work_mem"), None);
        assert_eq!(level("The"), None);
    }
}
