//! A manifest against a compiled schema, as the API server checks an object that is being created: what it would
//! prune, and what it would refuse. Every breach is reported.

pub(super) mod condition;
pub(super) mod holds;
pub(super) mod joint;
pub(super) mod lists;
pub(super) mod memo;
pub(super) mod metadata;
pub(super) mod owners;
pub(super) mod refusal;
pub(super) mod spelling;
pub(super) mod suggest;
pub(super) mod value;
pub(super) mod walk;
pub(super) mod worth;

use super::shape::{Checks, Schema, Shape, ShapeId, Type};
use super::violation::{Step, Violation, first_key};
use crate::manifest::Node;
use memo::Memo;
use value::{has_type, refuse};
use walk::Walk;
use worth::Entry;

/// What came of checking one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validation {
    /// Every breach, in the order of the source.
    pub violations: Vec<Violation>,
    /// The schema has CEL rules that were not evaluated because of these breaches (missing fields, wrong types,
    /// values outside an enumeration, too long ones), as the API server would not, either.
    pub rules_held_back: bool,
}

impl Schema {
    /// Everything wrong with an object.
    pub fn validate(&self, object: Node<'_>) -> Validation {
        self.validate_beside(object, &mut Memo::default())
    }

    /// The same, without looking twice at what was found right by a schema of the same arena.
    pub(super) fn validate_beside(&self, object: Node<'_>, memo: &mut Memo) -> Validation {
        let mut walk = Walk::new(self, std::mem::take(memo));
        walk.resource(object, self.root());
        let ruled = self.shape(self.root()).ruled;
        let mut violations = walk.found;
        *memo = walk.memo;
        if !walk.blocked && ruled {
            violations.extend(condition::check(self, object, memo));
        }
        violations.extend(self.too_much(object, memo));
        Validation {
            violations: in_order(violations),
            rules_held_back: walk.blocked && ruled,
        }
    }

    /// That not all of an object was checked, where that is so.
    fn too_much(&self, object: Node<'_>, memo: &Memo) -> Option<Violation> {
        (memo.allowance.is_spent() || self.is_cut()).then(|| {
            let message = "checking all of it against the schema takes more than one object, or one definition, may take; what is not told here was not checked";
            Violation::new("schema-too-much", String::new(), first_key(object), message.to_owned())
        })
    }

    /// Everything wrong by the rules with an object that is otherwise right.
    pub(super) fn check_rules(&self, object: Node<'_>, memo: &mut Memo) -> Validation {
        let ruled = self.shape(self.root()).ruled;
        let mut violations = if ruled {
            condition::check(self, object, memo)
        } else {
            Vec::new()
        };
        violations.extend(self.too_much(object, memo));
        Validation {
            violations: in_order(violations),
            rules_held_back: false,
        }
    }
}

fn in_order(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations
        .sort_by(|a, b| (a.span.start, &a.path, a.rule).cmp(&(b.span.start, &b.path, b.rule)));
    violations
}

impl<'s, 'n> Walk<'s, 'n> {
    /// A whole Kubernetes object: its metadata, and its fields.
    fn resource(&mut self, node: Node<'n>, id: ShapeId) {
        let own = self.path.0.is_empty();
        if node.is_map() && !(own && self.memo.metadata) {
            let before = self.found.len();
            metadata::check(self, node);
            self.memo.metadata |= own && self.memo.several && self.found.len() == before;
        }
        self.value(node, id);
    }

    /// A value that is present.
    fn value(&mut self, node: Node<'n>, id: ShapeId) {
        let shape = self.schema.shape(id);
        if !self.memo.allowance.step(shape.weight()) {
            return;
        }
        if !has_type(node, shape.kind) {
            let is_text =
                matches!(shape.kind, Type::Object | Type::Array) && node.scalar().is_some();
            if node.is_unsaid() && (node.is_placeholder() || !is_text) {
                // The value is not known, so neither are its type and what rules make of it.
                self.blocked |= !self.dropped;
                return;
            }
            let violation = value::wrong_type(self, node, shape.kind);
            self.report_blocking(violation);
            return;
        }
        if node.is_map() {
            self.fields(node, shape);
        } else if node.is_seq() {
            self.items(node, shape);
        }
        if let Some(checks) = &shape.checks {
            let before = self.found.len();
            value::check(self, node, checks);
            check_junctors(self, node, checks);
            if self.found.len() > before && node.is_unsaid() {
                self.found.truncate(before);
            }
        }
    }

    fn fields(&mut self, node: Node<'n>, shape: &'s Shape) {
        let resource = self.path.0.is_empty() || shape.embedded;
        let entries = worth::entries(node);
        for name in &shape.required {
            self.required(node, &entries, shape, name);
        }
        for (name, key, value) in entries {
            if resource && matches!(&*name, "apiVersion" | "kind" | "metadata") {
                continue;
            }
            let Some(id) = shape.field(&name) else {
                if !shape.preserve_unknown && !self.probing {
                    self.unknown(node, shape, key, value);
                }
                continue;
            };
            let status = self.path.0.is_empty() && self.schema.drops_status() && name == "status";
            let around = self.dropped;
            self.dropped |= status;
            self.step(Step::Key(name, key.span()), |walk| walk.field(value, id));
            self.dropped = around;
        }
    }

    /// A field's value; one that is null without being allowed to counts as absent.
    fn field(&mut self, node: Node<'n>, id: ShapeId) {
        let shape = self.schema.shape(id);
        if node.is_null() {
            return;
        }
        let shared = self.memo.several && !self.dropped && !self.probing;
        if shared
            && (self.memo.right_by_all.contains(&node.id)
                || self.memo.right.contains(&(node.id, id)))
        {
            return;
        }
        let before = self.found.len();
        // What was overwritten is no breach, and yet nothing that was found right.
        let blocked = std::mem::take(&mut self.blocked);
        if shape.embedded && !self.probing {
            self.resource(node, id);
        } else {
            self.value(node, id);
        }
        if shared && self.found.len() == before && !self.blocked {
            self.memo.right.insert((node.id, id));
        }
        self.blocked |= blocked;
    }

    fn items(&mut self, node: Node<'n>, shape: &'s Shape) {
        let Some(id) = shape.items else {
            return;
        };
        let items = self.schema.shape(id);
        for (at, item) in node.items().enumerate() {
            self.step(Step::Index(at), |walk| {
                if !item.is_null() {
                    walk.field(item, id);
                } else if !items.nullable && items.default.is_none() {
                    let violation = value::wrong_type(walk, item, items.kind);
                    walk.report_blocking(violation);
                }
            });
        }
        if !self.probing {
            lists::check(self, node, shape, items);
        }
    }

    fn required(&mut self, node: Node<'n>, entries: &[Entry<'n>], shape: &Shape, name: &str) {
        let field = shape.field(name).map(|id| self.schema.shape(id));
        let written = entries.iter().find(|(known, ..)| known == name);
        let written = written.map(|(.., value)| *value);
        let present = written
            .is_some_and(|value| !value.is_null() || field.is_none_or(|field| field.nullable));
        if present || field.is_some_and(|field| field.default.is_some()) {
            return;
        }
        let place = self.path.dotted();
        let message = if place.is_empty() {
            format!("`{name}` is missing")
        } else {
            format!("{place} lacks `{name}`, which is required")
        };
        let mut violation = self.breach("schema-missing-field", self.anchor(node), message);
        violation.path.push('/');
        violation.path.push_str(&super::violation::escape(name));
        if let Some(null) = written {
            let text = "it is written here, but empty".to_owned();
            violation.related.push((null.span(), text));
        } else if let Some(Step::Index(_)) = self.path.0.last() {
            let text = format!("{place} begins here");
            violation.related.push((first_key(node), text));
        }
        self.report_blocking(violation);
    }

    fn unknown(&mut self, node: Node<'n>, shape: &'s Shape, key: Node<'n>, value: Node<'n>) {
        let name = key.key();
        let place = self.path.dotted();
        let told = self.memo.several && self.memo.advised.contains_key(&key.id);
        let hint = if told || self.advice == 0 {
            suggest::Hint::default()
        } else {
            self.advice -= 1;
            suggest::hint(self.schema, &self.path, shape, node, &name, value)
        };
        let meant = self.memo.advised.entry(key.id);
        let meant = meant.or_insert_with(|| hint.replacement.clone()).clone();
        self.is_not_missing(meant.as_deref());
        let whole = if place.is_empty() {
            "the object"
        } else {
            &place
        };
        let message = format!(
            "`{name}` is not a field of {whole}: the API server would drop it{}",
            hint.remark
        );
        self.step(Step::Key(name, key.span()), |walk| {
            let mut violation = walk.breach("schema-unknown-field", key.span(), message);
            violation.fix = hint.fix;
            violation.replacement = hint.replacement;
            walk.report(violation);
        });
    }

    /// A field that is written under a wrong name is told there: it does not count as missing, too.
    fn is_not_missing(&mut self, field: Option<&str>) {
        let Some(field) = field else { return };
        let path = format!(
            "{}/{}",
            self.path.pointer(),
            super::violation::escape(field)
        );
        self.found
            .retain(|one| one.rule != "schema-missing-field" || one.path != path);
    }

    /// Reports what one branch of an `allOf` finds.
    fn also(&mut self, node: Node<'n>, id: ShapeId) {
        let around = std::mem::replace(&mut self.probing, true);
        self.value(node, id);
        self.probing = around;
    }

    /// Whether a value satisfies a shape that need not name all fields.
    fn satisfies(&self, node: Node<'n>, id: ShapeId) -> bool {
        let memo = Memo {
            allowance: self.memo.allowance.clone(),
            ..Memo::default()
        };
        let mut probe = Walk::new(self.schema, memo);
        probe.path = self.path.clone();
        probe.probing = true;
        probe.value(node, id);
        probe.found.is_empty()
    }
}

/// Reports what the branches of a shape (`allOf`, `anyOf`, `oneOf`, `not`) refuse.
fn check_junctors<'n>(walk: &mut Walk<'_, 'n>, node: Node<'n>, checks: &Checks) {
    for id in &checks.all_of {
        walk.also(node, *id);
    }
    let count = |walk: &Walk<'_, 'n>, ids: &[ShapeId]| {
        ids.iter().filter(|id| walk.satisfies(node, **id)).count()
    };
    if !checks.any_of.is_empty() && count(walk, &checks.any_of) == 0 {
        refuse(
            walk,
            node,
            "have one of the forms that the schema allows",
            false,
        );
    }
    if !checks.one_of.is_empty() && count(walk, &checks.one_of) != 1 {
        let rule = "have exactly one of the forms that the schema allows";
        refuse(walk, node, rule, false);
    }
    if checks.not.is_some_and(|id| walk.satisfies(node, id)) {
        refuse(
            walk,
            node,
            "not have a form that the schema excludes",
            false,
        );
    }
}
