//! A compiled schema as plain facts, so that two can be compared: which release a CRD belongs to, and whether the
//! catalogue says what a CRD says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::crd::CrdSchemas;
use super::format::Format;
use super::releases::{Release, releases};
use super::shape::{Bound, Checks, ListKind, Schema, Shape, ShapeId};

impl Schema {
    /// Every place (`.spec.instances[].name`, `{}` for the values of a mapping, `!name` for a required field), and
    /// what is said of it, CEL rules aside.
    pub fn describe(&self) -> BTreeMap<String, String> {
        let mut facts = BTreeMap::new();
        self.describe_into(self.root(), &mut String::new(), &mut facts);
        facts
    }

    fn describe_into(&self, id: ShapeId, path: &mut String, facts: &mut BTreeMap<String, String>) {
        let shape = self.shape(id);
        facts.insert(path.clone(), self.said(shape));
        for name in &shape.required {
            facts.insert(format!("{path}!{name}"), "required".to_owned());
        }
        let end = path.len();
        let named = shape.properties.iter();
        let named = named.map(|(name, id)| (format!(".{name}"), *id));
        let items = shape.items.map(|id| ("[]".to_owned(), id));
        let values = shape.additional.map(|id| ("{}".to_owned(), id));
        for (step, id) in named.chain(items).chain(values) {
            path.push_str(&step);
            self.describe_into(id, path, facts);
            path.truncate(end);
        }
    }

    fn said(&self, shape: &Shape) -> String {
        let mut text = format!("{:?}", shape.kind);
        match &shape.list {
            ListKind::Atomic => {}
            ListKind::Set => text.push_str(" set"),
            ListKind::Map(keys) => {
                let _ = write!(text, " by {}", keys.join(","));
            }
        }
        let flags = [
            (shape.nullable, " nullable"),
            (shape.preserve_unknown, " free"),
            (shape.embedded, " embedded"),
        ];
        text.extend(flags.iter().filter(|(set, _)| *set).map(|(_, word)| *word));
        if let Some(default) = &shape.default {
            let _ = write!(text, " default {default}");
        }
        if let Some(checks) = &shape.checks {
            self.say_checks(checks, &mut text);
        }
        text
    }

    fn say_checks(&self, checks: &Checks, text: &mut String) {
        let number = |bound: Option<Bound>| bound.map(|bound| bound.number);
        let mut range = |word: &str, min: Option<String>, max: Option<String>| {
            if min.is_some() || max.is_some() {
                let (min, max) = (min.unwrap_or_default(), max.unwrap_or_default());
                let _ = write!(text, " {word}{min}..{max}");
            }
        };
        let shown = |number: Option<u64>| number.map(|number| number.to_string());
        // A length beside an enumeration says nothing more.
        let max_length = checks.max_length.filter(|_| checks.one_of_these.is_empty());
        let limit = |bound| number(bound).map(|number| number.to_string());
        range("", limit(checks.minimum), limit(checks.maximum));
        range("length ", shown(checks.min_length), shown(max_length));
        range("items ", shown(checks.min_items), shown(checks.max_items));
        let (min, max) = (checks.min_properties, checks.max_properties);
        range("fields ", shown(min), shown(max));
        if let Some(pattern) = checks.pattern.and_then(|id| self.pattern(id)) {
            let _ = write!(text, " pattern {}", pattern.text);
        }
        // Which integers have 32 bits tells no release from another.
        if let Some(format) = checks.format.filter(|format| *format != Format::Int32) {
            let _ = write!(text, " format {format:?}");
        }
        for value in &checks.one_of_these {
            let _ = write!(text, " or {value}");
        }
    }
}

impl CrdSchemas {
    /// Fields below `spec` that these schemas would drop although the others have them: the topmost of each branch,
    /// `spec.dataSource.volumes`, sorted. Compared are versions of one name, the last where there is none of that name.
    pub fn fields_missing(&self, others: &CrdSchemas) -> Vec<String> {
        let mut missing = BTreeSet::new();
        for wanted in &others.versions {
            let same = self.versions.iter().find(|own| own.name == wanted.name);
            let Some(own) = same.or(self.versions.last()) else {
                continue;
            };
            let (own, wanted) = (own.schema.describe(), wanted.schema.describe());
            let lacking = wanted.keys().filter(|place| {
                let field = place.rsplit_once('.').filter(|(_, name)| {
                    place.starts_with(".spec.") && !name.contains(['!', '[', '{'])
                });
                !own.contains_key(*place) && field.is_some_and(|(above, _)| own.contains_key(above))
            });
            missing.extend(lacking.map(|place| place.trim_start_matches('.').to_owned()));
        }
        missing.into_iter().collect()
    }

    /// The releases that the catalogue knows to have exactly these schemas, oldest first.
    pub fn like_releases(&self) -> Vec<&'static Release> {
        let theirs: Vec<_> = self
            .versions
            .iter()
            .map(|v| (&v.name, v.schema.describe()))
            .collect();
        let alike = |release: &Release| {
            CrdSchemas::of_release(&release.version).is_some_and(|ours| {
                ours.versions.len() == theirs.len()
                    && theirs.iter().all(|(name, facts)| {
                        ours.served(name)
                            .is_some_and(|ours| ours.schema.describe() == *facts)
                    })
            })
        };
        let mut same: Option<(&Release, bool)> = None;
        let mut found = Vec::new();
        for release in releases() {
            // Neighbours mostly share their schema.
            let is = match same {
                Some((before, is)) if before.crd == release.crd => is,
                _ => alike(release),
            };
            same = Some((release, is));
            if is {
                found.push(release);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Version;

    fn of(release: &str) -> CrdSchemas {
        CrdSchemas::of_release(&Version::parse(release).unwrap()).unwrap()
    }

    #[test]
    fn an_older_definition_lacks_what_came_later() {
        let missing = of("5.0.2").fields_missing(&of("5.8.2"));
        let says = |field: &str| missing.iter().any(|one| one == field);
        assert!(says("spec.dataSource.volumes") && says("spec.instances[].tablespaceVolumes"));
        assert!(!says("spec.dataSource.volumes.pgDataVolume"), "the topmost");
        assert!(!says("spec.instances[].tablespaceVolumes[]"), "fields only");
    }

    #[test]
    fn a_definition_of_the_release_or_a_newer_one_lacks_nothing() {
        assert_eq!(of("5.8.2").fields_missing(&of("5.8.2")), [""; 0]);
        assert_eq!(of("5.8.2").fields_missing(&of("5.0.3")), [""; 0]);
    }
}
