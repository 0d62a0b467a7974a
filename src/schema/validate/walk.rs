//! The way down one object: where one is in it, and what was found so far.

use super::memo::Memo;
use crate::manifest::Node;
use crate::schema::shape::Schema;
use crate::schema::violation::{Path, Step, Violation, first_key};
use crate::source::Span;

/// A walk down one object.
pub(in crate::schema) struct Walk<'s, 'n> {
    pub(in crate::schema) schema: &'s Schema,
    pub(in crate::schema) path: Path<'n>,
    pub(in crate::schema) found: Vec<Violation>,
    /// Something was found that keeps the server from evaluating rules.
    pub(in crate::schema) blocked: bool,
    /// Below a status that the server drops: only unknown fields count.
    pub(in crate::schema) dropped: bool,
    /// Inside `allOf` and its like, whose shapes need not name all fields.
    pub(in crate::schema) probing: bool,
    /// What other schemas found right.
    pub(in crate::schema) memo: Memo,
    /// How many more unknown fields get advice: for each, all fields around it are compared.
    pub(in crate::schema) advice: usize,
}

/// How many unknown fields of one object get advice on what was meant. Nobody reads more, and a hostile object has
/// very many.
const ADVISED: usize = 100;

impl<'s, 'n> Walk<'s, 'n> {
    pub(in crate::schema) fn new(schema: &'s Schema, memo: Memo) -> Self {
        Self {
            schema,
            path: Path::default(),
            found: Vec::new(),
            blocked: false,
            dropped: false,
            probing: false,
            memo,
            advice: ADVISED,
        }
    }

    /// Whether nothing was found so far.
    pub(in crate::schema) fn is_right(&self) -> bool {
        self.found.is_empty()
    }

    /// A breach at the current path.
    pub(in crate::schema) fn breach(
        &self,
        rule: &'static str,
        span: Span,
        message: String,
    ) -> Violation {
        Violation::new(rule, self.path.pointer(), span, message)
    }

    /// Reports a breach.
    pub(in crate::schema) fn report(&mut self, violation: Violation) {
        let counts = !self.dropped || violation.rule == "schema-unknown-field";
        if counts && self.memo.allowance.tell(violation.text()) {
            self.found.push(violation);
        }
    }

    /// Reports a breach that keeps the server from evaluating rules.
    pub(in crate::schema) fn report_blocking(&mut self, violation: Violation) {
        self.blocked |= !self.dropped;
        self.report(violation);
    }

    /// Takes steps from the allowance; whether there were as many.
    pub(in crate::schema) fn affords(&self, steps: u64) -> bool {
        self.memo.allowance.step(steps)
    }

    /// Runs `inside` one step further down.
    pub(in crate::schema) fn step(&mut self, step: Step<'n>, inside: impl FnOnce(&mut Self)) {
        self.path.0.push(step);
        inside(self);
        self.path.0.pop();
    }

    /// How to call the current place in a sentence.
    pub(in crate::schema) fn place(&self) -> String {
        let dotted = self.path.dotted();
        if dotted.is_empty() {
            "the object".to_owned()
        } else {
            dotted
        }
    }

    /// What to point at for a value: a scalar itself, the key of anything larger.
    pub(in crate::schema) fn label(&self, node: Node<'n>) -> Span {
        self.path.label(node)
    }

    /// What to point at where something is missing in `node`: the innermost key on the way to it.
    pub(in crate::schema) fn anchor(&self, node: Node<'n>) -> Span {
        self.path.key().unwrap_or_else(|| first_key(node))
    }
}
