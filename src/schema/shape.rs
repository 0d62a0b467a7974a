//! A compiled structural schema: an arena of shapes, equal ones stored once.
//!
//! It must not know where a schema came from, nor how a manifest is read.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use serde_json::Value as Json;

use super::format::Format;
use super::pattern::Pattern;
use super::rule::{Rule, RuleText};
use crate::allowance::Patterns;
use crate::expr::Version;
use crate::hashing::{HashMap, RandomState};

/// Index of a [`Shape`] in its [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ShapeId(pub(super) u32);

/// Index of a pattern in its [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PatternId(u32);

/// Index of a CEL rule in its [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct RuleId(pub(super) u32);

/// What a value must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Type {
    /// Anything.
    #[default]
    Any,
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
}

/// How the items of a list relate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum ListKind {
    /// Not at all.
    #[default]
    Atomic,
    /// No two are equal.
    Set,
    /// No two agree in all of these keys.
    Map(Box<[Box<str>]>),
}

/// What is allowed at one place of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools)] // each is a keyword of the schema language
pub(super) struct Shape {
    pub(super) kind: Type,
    pub(super) nullable: bool,
    pub(super) preserve_unknown: bool,
    /// A whole Kubernetes object stands here.
    pub(super) embedded: bool,
    /// Fields by name, sorted.
    pub(super) properties: Box<[(Arc<str>, ShapeId)]>,
    pub(super) required: Box<[Box<str>]>,
    /// What fields that `properties` does not name must be.
    pub(super) additional: Option<ShapeId>,
    pub(super) items: Option<ShapeId>,
    pub(super) list: ListKind,
    pub(super) checks: Option<Box<Checks>>,
    pub(super) default: Option<Json>,
    pub(super) rules: Box<[RuleId]>,
    /// Whether a CEL rule stands here or anywhere below.
    pub(super) ruled: bool,
}

/// What a value of the right type must satisfy besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Checks {
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    pub(super) multiple_of: Option<Bound>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) unique_items: bool,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,
    pub(super) pattern: Option<PatternId>,
    pub(super) format: Option<Format>,
    pub(super) one_of_these: Box<[Json]>,
    pub(super) all_of: Box<[ShapeId]>,
    pub(super) any_of: Box<[ShapeId]>,
    pub(super) one_of: Box<[ShapeId]>,
    pub(super) not: Option<ShapeId>,
}

/// A number that a value is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) number: f64,
    /// The number itself is outside.
    pub(super) exclusive: bool,
}

impl Checks {
    /// Whether a value has to be tried against other shapes, too.
    pub(super) fn has_branches(&self) -> bool {
        let branches = [&self.all_of, &self.any_of, &self.one_of];
        self.not.is_some() || branches.iter().any(|shapes| !shapes.is_empty())
    }
}

impl Eq for Bound {}

impl Hash for Bound {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.to_bits().hash(state);
        self.exclusive.hash(state);
    }
}

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// PGO v5's cluster, of a release if that is known.
    PostgresCluster(Option<Version>),
    /// Something that this program knows nothing else of.
    Other,
}

/// A compiled structural schema.
#[derive(Debug)]
pub struct Schema {
    arena: Arc<Arena>,
    root: ShapeId,
    unchecked: OnceLock<Vec<String>>,
    drops_status: bool,
    pub(super) subject: Subject,
    pub(super) places: OnceLock<Places>,
}

/// What schemas are made of; those of one builder share it, so that one id means the same in each of them.
#[derive(Debug, Default)]
pub(super) struct Arena {
    shapes: Vec<Shape>,
    patterns: Vec<Pattern>,
    rules: Vec<Rule>,
    left_out: Vec<String>,
    /// Whether some of it was too large.
    cut: bool,
}

/// What an id that this schema did not hand out would mean.
static ANYTHING: OnceLock<Shape> = OnceLock::new();

impl Schema {
    /// The schema of a whole object with this shape.
    pub(super) fn new(arena: Arc<Arena>, root: ShapeId, drops_status: bool) -> Self {
        Self {
            arena,
            root,
            unchecked: OnceLock::new(),
            drops_status,
            subject: Subject::Other,
            places: OnceLock::new(),
        }
    }

    /// The shape of a whole object.
    pub(super) fn root(&self) -> ShapeId {
        self.root
    }

    /// Whether the status is a resource of its own, so that creating an object drops it unchecked.
    pub(super) fn drops_status(&self) -> bool {
        self.drops_status
    }

    pub(super) fn shape(&self, id: ShapeId) -> &Shape {
        let shape = self.arena.shapes.get(id.0 as usize);
        shape.unwrap_or_else(|| ANYTHING.get_or_init(Shape::default))
    }

    /// Whether patterns or rules of it were left out for their size.
    pub(super) fn is_cut(&self) -> bool {
        self.arena.cut
    }

    pub(super) fn pattern(&self, id: PatternId) -> Option<&Pattern> {
        self.arena.patterns.get(id.0 as usize)
    }

    pub(super) fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.arena.rules.get(id.0 as usize)
    }

    /// What of it this program cannot check, each as one phrase; compiles every rule to find out.
    pub fn unchecked(&self) -> &[String] {
        self.unchecked.get_or_init(|| self.find_unchecked())
    }

    /// Says that all of it can be checked, so that not every rule need be compiled to find out.
    pub(super) fn vouched_for(self) -> Self {
        let unchecked = OnceLock::from(Vec::new());
        Self { unchecked, ..self }
    }

    /// What of it this program cannot check, whatever was said of it.
    pub(super) fn find_unchecked(&self) -> Vec<String> {
        let (rules, patterns) = self.used();
        let mut phrases = self.arena.left_out.clone();
        let rules = rules.into_iter().filter_map(|id| self.rule(id));
        phrases.extend(rules.filter_map(Rule::trouble));
        let patterns = patterns.into_iter().filter_map(|id| self.pattern(id));
        let bad = patterns.filter(|pattern| pattern.regex().is_none());
        phrases.extend(bad.map(|pattern| format!("the pattern `{}`", pattern.text)));
        phrases
    }

    /// The rules and patterns that this schema has of those in its arena.
    fn used(&self) -> (BTreeSet<RuleId>, BTreeSet<PatternId>) {
        let (mut rules, mut patterns) = (BTreeSet::new(), BTreeSet::new());
        let mut seen = BTreeSet::new();
        let mut open = vec![self.root];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let shape = self.shape(id);
            rules.extend(&shape.rules);
            patterns.extend(shape.checks.iter().filter_map(|checks| checks.pattern));
            open.extend(shape.parts());
        }
        (rules, patterns)
    }

    /// How many different shapes it shares with the schemas it was built with.
    pub fn size(&self) -> usize {
        self.arena.shapes.len()
    }
}

impl Shape {
    /// How many steps it takes to check a value by it, what is below aside.
    pub(super) fn weight(&self) -> u64 {
        let listed = self
            .checks
            .as_ref()
            .map_or(0, |checks| checks.one_of_these.len());
        (1 + self.required.len() + listed) as u64 * 8
    }

    /// The shapes it refers to.
    fn parts(&self) -> impl Iterator<Item = ShapeId> {
        let checks = self.checks.iter().flat_map(|checks| {
            let several = [&checks.all_of, &checks.any_of, &checks.one_of];
            several.into_iter().flatten().chain(&checks.not)
        });
        let named = self.properties.iter().map(|(_, id)| id);
        let parts = named.chain(&self.additional).chain(&self.items);
        parts.chain(checks).copied()
    }

    /// The shape of a field, whether named or not.
    pub(super) fn field(&self, name: &str) -> Option<ShapeId> {
        self.property(name).or(self.additional)
    }

    /// The shape of a field that is named.
    pub(super) fn property(&self, name: &str) -> Option<ShapeId> {
        self.properties
            .binary_search_by(|(known, _)| (**known).cmp(name))
            .ok()
            .and_then(|at| self.properties.get(at))
            .map(|(_, id)| *id)
    }
}

/// Collects shapes; equal ones get the same id.
#[derive(Debug, Default)]
pub(super) struct Builder {
    arena: Arena,
    ids: HashMap<Shape, ShapeId>,
    pattern_ids: HashMap<Box<str>, PatternId>,
    rule_ids: HashMap<RuleText, RuleId>,
    /// What regular expressions may still take, where they are not our own.
    allowed: Option<Patterns>,
}

#[allow(clippy::cast_possible_truncation)] // a source of 4 GiB holds fewer shapes than that
impl Builder {
    /// One with room for so many shapes: making room later means to look at all of them again.
    pub(super) fn for_about(shapes: usize) -> Self {
        Self {
            ids: HashMap::with_capacity_and_hasher(shapes, RandomState::default()),
            ..Self::default()
        }
    }

    /// One for a schema that somebody else wrote.
    pub(super) fn of_the_input(allowed: Patterns) -> Self {
        Self {
            allowed: Some(allowed),
            ..Self::default()
        }
    }

    /// Adds a shape whose parts were added before.
    pub(super) fn shape(&mut self, mut shape: Shape) -> ShapeId {
        shape.ruled = !shape.rules.is_empty()
            || shape
                .properties
                .iter()
                .map(|(_, id)| id)
                .chain(&shape.items)
                .chain(&shape.additional)
                .any(|id| self.get(*id).is_some_and(|shape| shape.ruled));
        if let Some(id) = self.ids.get(&shape) {
            return *id;
        }
        let id = ShapeId(self.arena.shapes.len() as u32);
        self.ids.insert(shape.clone(), id);
        self.arena.shapes.push(shape);
        id
    }

    /// A shape that was added before.
    pub(super) fn get(&self, id: ShapeId) -> Option<&Shape> {
        self.arena.shapes.get(id.0 as usize)
    }

    /// Adds a pattern, unless it is too large.
    pub(super) fn pattern(&mut self, text: &str) -> Option<PatternId> {
        if let Some(id) = self.pattern_ids.get(text) {
            return Some(*id);
        }
        let pattern = match &mut self.allowed {
            Some(allowed) => Pattern::within(text, allowed),
            None => Some(Pattern::new(text)),
        };
        let Some(pattern) = pattern else {
            self.arena.cut = true;
            self.leave_out("patterns that are too large, alone or together".to_owned());
            return None;
        };
        let id = PatternId(self.arena.patterns.len() as u32);
        self.arena.patterns.push(pattern);
        self.pattern_ids.insert(text.into(), id);
        Some(id)
    }

    /// Adds a rule, unless it is too large.
    pub(super) fn rule(&mut self, text: RuleText) -> Option<RuleId> {
        if let Some(id) = self.rule_ids.get(&text) {
            return Some(*id);
        }
        if let Some(allowed) = &mut self.allowed
            && !(text.is_sensible() && allowed.take(text.patterns_take()))
        {
            self.arena.cut = true;
            self.leave_out("rules that are too large, alone or together".to_owned());
            return None;
        }
        let id = RuleId(self.arena.rules.len() as u32);
        self.arena.rules.push(Rule::new(text.clone()));
        self.rule_ids.insert(text, id);
        Some(id)
    }

    /// Notes something that will not be checked.
    pub(super) fn leave_out(&mut self, what: String) {
        if !self.arena.left_out.contains(&what) {
            self.arena.left_out.push(what);
        }
    }

    /// What was collected, for schemas to be made of.
    pub(super) fn finish(self) -> Arc<Arena> {
        Arc::new(self.arena)
    }

    /// What regular expressions may still take, for another schema of the same definition.
    pub(super) fn allowed(&mut self) -> Option<Patterns> {
        self.allowed.take()
    }
}

/// Where in a schema each field name stands: paths such as `spec.instances[]` and the field's shape.
pub(super) type Places = BTreeMap<Box<str>, Vec<(Box<str>, ShapeId)>>;
