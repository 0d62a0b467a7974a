//! The catalogue's fields, as one release has them, into a compiled schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::super::compile::anything;
use super::super::format::Format;
use super::super::shape::{Bound, Builder, Checks, ListKind, Schema, Shape, ShapeId, Type};
use super::changes::{Changes, Stamp};
use super::text::{Edit, Field, Kind, Texts};
use crate::expr::Version;
use crate::hashing::{HashMap, RandomState};

/// The schemas of the type `root` in some releases and API versions, in their order; what they share stored once.
pub(super) fn schemas(
    texts: &Texts<'_>,
    root: &str,
    wanted: impl IntoIterator<Item = (Version, &'static str)>,
) -> Vec<Schema> {
    let mut workshop = Workshop {
        builder: Builder::for_about(1024),
        changes: Changes::of(texts),
        named: HashMap::with_capacity_and_hasher(256, RandomState::default()),
        made: HashMap::with_capacity_and_hasher(2048, RandomState::default()),
    };
    let root = |(release, api)| {
        let mut assembly = Assembly {
            texts,
            release,
            api,
            workshop: &mut workshop,
        };
        assembly.named(root)
    };
    let roots: Vec<ShapeId> = wanted.into_iter().map(root).collect();
    let arena = workshop.builder.finish();
    // PGO's CRDs all give the status a resource of its own.
    let schema = |root| Schema::new(Arc::clone(&arena), root, true);
    roots.into_iter().map(schema).collect()
}

/// What is made for one release helps with the next.
struct Workshop<'t> {
    builder: Builder,
    changes: Changes<'t>,
    /// Types as they stand in the releases looked at so far: most stay the same for many.
    named: HashMap<(&'t str, Stamp<'t>), ShapeId>,
    /// The same of fields, by where they are kept.
    made: HashMap<(*const Field<'t>, Stamp<'t>), Made>,
}

struct Assembly<'t, 'w> {
    texts: &'t Texts<'t>,
    release: Version,
    api: &'t str,
    workshop: &'w mut Workshop<'t>,
}

/// A field as some releases have it.
#[derive(Clone, Copy)]
struct Made {
    required: bool,
    /// `None` where they do not have it.
    id: Option<ShapeId>,
}

/// The words that hold, by what they are about.
type Words<'t> = BTreeMap<&'t str, &'t str>;

impl<'t> Assembly<'t, '_> {
    fn named(&mut self, name: &str) -> ShapeId {
        let Some((name, field)) = self.texts.types.get_key_value(name) else {
            self.workshop.builder.leave_out(format!("the type {name}"));
            return self.workshop.builder.shape(anything());
        };
        let stamp = self.workshop.changes.of_type(name, self.release, self.api);
        if let Some(id) = self.workshop.named.get(&(*name, stamp)) {
            return *id;
        }
        let words = words(&field.edits, self.release, self.api);
        let id = self.shape(name, &field.kind, &words, &field.fields);
        self.workshop.named.insert((name, stamp), id);
        id
    }

    /// A shape of a kind, with the fields that `inside` (the innermost type's name) adds or replaces.
    fn shape(
        &mut self,
        inside: &'t str,
        kind: &Kind<'t>,
        words: &Words<'t>,
        fields: &'t [Field<'t>],
    ) -> ShapeId {
        let mut shape = Shape::default();
        let mut checks = Checks::default();
        match kind {
            Kind::Named(name)
                if fields.is_empty() && words.keys().all(|word| about_field(word)) =>
            {
                if !words.contains_key("default") {
                    return self.named(name);
                }
                let base = self.named(name);
                shape = self.workshop.builder.get(base).cloned().unwrap_or_default();
            }
            Kind::Named(name) => {
                let base = self.texts.types.get(name);
                let base_fields = base.map_or(&[][..], |base| &base.fields);
                shape.kind = Type::Object;
                self.fields(name, base_fields, fields, &mut shape);
            }
            Kind::Plain("any") => {
                shape.kind = Type::Object;
                shape.preserve_unknown = true;
            }
            Kind::Plain("quantity") => {
                shape.kind = Type::IntOrString;
                let pattern = self.texts.patterns.get("quantity").copied().unwrap_or("");
                checks.pattern = self.workshop.builder.pattern(pattern);
            }
            Kind::Plain(name) => {
                shape.kind = plain(name);
                if shape.kind == Type::Object {
                    self.fields(inside, fields, &[], &mut shape);
                }
            }
            Kind::List(item) => {
                let words = words.iter().filter(|(word, _)| about_item(word));
                let words = words.map(|(word, value)| (*word, *value)).collect();
                shape.kind = Type::Array;
                shape.items = Some(self.shape(inside, item, &words, fields));
            }
            Kind::Map(value) => {
                let words = words
                    .iter()
                    .filter(|(word, _)| about_item(word) && **word != "rule");
                let words = words.map(|(word, value)| (*word, *value)).collect();
                shape.kind = Type::Object;
                shape.additional = Some(self.shape(inside, value, &words, fields));
            }
        }
        self.apply(kind, words, &mut shape, &mut checks);
        if shape.kind == Type::Integer && !OF_64_BITS.contains(&inside) {
            checks.format = Some(Format::Int32);
        }
        shape.checks = (checks != Checks::default()).then(|| Box::new(checks));
        self.workshop.builder.shape(shape)
    }

    /// Adds the fields of `base`, those in `over` instead of their namesakes.
    fn fields(
        &mut self,
        inside: &'t str,
        base: &'t [Field<'t>],
        over: &'t [Field<'t>],
        shape: &mut Shape,
    ) {
        let mut properties: Vec<(Arc<str>, ShapeId)> = Vec::new();
        let mut required: Vec<Box<str>> = Vec::new();
        let replaced = |field: &&Field<'t>| over.iter().all(|other| other.name != field.name);
        let base = base.iter().filter(replaced).map(|field| {
            let amendments = self.texts.amendments.get(&(inside, field.name));
            (field, amendments.map_or(&[][..], Vec::as_slice))
        });
        for (field, amendments) in base.chain(over.iter().map(|field| (field, &[][..]))) {
            let made = self.field(field, amendments);
            if let Some(id) = made.id {
                properties.push((field.name.into(), id));
            }
            if made.required {
                required.push(field.name.into());
            }
        }
        properties.sort_by(|a, b| a.0.cmp(&b.0));
        shape.properties = properties.into();
        shape.required = required.into();
    }

    fn field(&mut self, field: &'t Field<'t>, amendments: &'t [Edit<'t>]) -> Made {
        let changes = &mut self.workshop.changes;
        let stamp = changes.of_field(field, amendments, self.release, self.api);
        let key = (std::ptr::from_ref(field), stamp);
        if let Some(made) = self.workshop.made.get(&key) {
            return *made;
        }
        let mut words = words(&field.edits, self.release, self.api);
        words.extend(self::words(amendments, self.release, self.api));
        let exists = words.remove("exists") != Some("no");
        let required = exists && words.remove("required") == Some("yes");
        words.remove("required");
        let inside = match &field.kind {
            Kind::Named(name) => name,
            _ => field.name,
        };
        let id = exists.then(|| self.shape(inside, &field.kind, &words, &field.fields));
        let made = Made { required, id };
        self.workshop.made.insert(key, made);
        made
    }

    fn apply(
        &mut self,
        kind: &Kind<'t>,
        words: &Words<'t>,
        shape: &mut Shape,
        checks: &mut Checks,
    ) {
        let container = matches!(kind, Kind::List(_) | Kind::Map(_));
        for (word, value) in words {
            match *word {
                "items.min" => checks.min_items = value.parse().ok(),
                "items.max" => checks.max_items = value.parse().ok(),
                "fields.min" => checks.min_properties = value.parse().ok(),
                "fields.max" => checks.max_properties = value.parse().ok(),
                "needs" => shape.required = value.split(',').map(Into::into).collect(),
                "by" => shape.list = ListKind::Map(value.split(',').map(Into::into).collect()),
                "set" => shape.list = ListKind::Set,
                "default" => shape.default = serde_json::from_str(value).ok(),
                "rule" if !matches!(kind, Kind::List(_)) => shape.rules = self.rules(value),
                _ if container => {}
                "min" => checks.minimum = bound(value),
                "max" => checks.maximum = bound(value),
                "length.min" => checks.min_length = value.parse().ok(),
                "length.max" => checks.max_length = value.parse().ok(),
                "format" => checks.format = Format::named(value),
                "one-of" => checks.one_of_these = value.split(',').map(Json::from).collect(),
                "pattern" => {
                    let pattern = self.texts.patterns.get(value).copied();
                    checks.pattern = pattern.and_then(|text| self.workshop.builder.pattern(text));
                }
                _ => {}
            }
        }
    }

    fn rules(&mut self, names: &str) -> Box<[super::super::shape::RuleId]> {
        names
            .split(',')
            .filter_map(|name| self.texts.rules.get(name))
            .filter_map(|rule| self.workshop.builder.rule(rule.clone()))
            .collect()
    }
}

/// Words that say something about a field rather than about its type.
fn about_field(word: &str) -> bool {
    matches!(word, "default" | "required" | "exists")
}

/// Words that, on a list or map, are about what it holds.
fn about_item(word: &str) -> bool {
    matches!(
        word,
        "min" | "max" | "length.min" | "length.max" | "format" | "one-of" | "pattern" | "rule"
    )
}

/// What the edits up to a release add up to; a word with the value `-` is taken back.
pub(super) fn words<'t>(edits: &[Edit<'t>], release: Version, api: &str) -> Words<'t> {
    let mut words = Words::new();
    let held = edits.iter().filter(|edit| {
        edit.from.is_none_or(|from| from <= release) && edit.api.is_none_or(|only| only == api)
    });
    for word in held.flat_map(|edit| &edit.words) {
        match *word {
            "required" => _ = words.insert("required", "yes"),
            "optional" => _ = words.insert("required", "no"),
            "gone" => _ = words.insert("exists", "no"),
            "back" => _ = words.insert("exists", "yes"),
            "set" => _ = words.insert("set", "yes"),
            word => read_word(word, release, &mut words),
        }
    }
    words.retain(|_, value| !matches!(*value, "" | "-"));
    words
}

fn read_word<'t>(word: &'t str, release: Version, words: &mut Words<'t>) {
    let (name, value) = word.split_once(':').unwrap_or(("", word));
    match name {
        "since" => {
            let there = Version::parse(value).is_some_and(|since| since <= release);
            words.insert("exists", if there { "yes" } else { "no" });
        }
        "items" | "fields" | "length" | "" => {
            let (min, max) = value.split_once("..").unwrap_or((value, value));
            let (lower, upper) = match name {
                "items" => ("items.min", "items.max"),
                "fields" => ("fields.min", "fields.max"),
                "length" => ("length.min", "length.max"),
                _ => ("min", "max"),
            };
            // A range written in part leaves the other end as it was.
            for (word, end) in [(lower, min), (upper, max)] {
                if !end.is_empty() {
                    words.insert(word, end);
                }
            }
        }
        "by" | "needs" | "default" | "rule" | "format" | "one-of" | "pattern" => {
            words.insert(name, value);
        }
        _ => {}
    }
}

/// The integers of 64 bits; all others have 32. From the CRDs of PGO 5.0.0 to 6.0.3.
const OF_64_BITS: [&str; 11] = [
    "activeDeadlineSeconds",
    "expirationSeconds",
    "fsGroup",
    "observedGeneration",
    "runAsGroup",
    "runAsUser",
    "seconds",
    "supplementalGroups",
    "switchoverTimeline",
    "terminationGracePeriodSeconds",
    "tolerationSeconds",
];

fn plain(name: &str) -> Type {
    match name {
        "object" => Type::Object,
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "int-or-string" => Type::IntOrString,
        _ => Type::Any,
    }
}

fn bound(value: &str) -> Option<Bound> {
    let number = value.parse().ok()?;
    Some(Bound {
        number,
        exclusive: false,
    })
}
