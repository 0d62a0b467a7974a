//! The way down one object: where one is in it, and what was found so far.

use super::memo::Memo;
use super::shape::Schema;
use super::violation::{Path, Step, Violation, first_key};
use crate::manifest::Node;
use crate::source::Span;

/// A walk down one object.
pub(super) struct Walk<'s, 'n> {
    pub(super) schema: &'s Schema,
    pub(super) path: Path<'n>,
    pub(super) found: Vec<Violation>,
    /// Something was found that keeps the server from evaluating rules.
    pub(super) blocked: bool,
    /// Below a status that the server drops: only unknown fields count.
    pub(super) dropped: bool,
    /// Inside `allOf` and its like, whose shapes need not name all fields.
    pub(super) probing: bool,
    /// What other schemas found right.
    pub(super) memo: Memo,
    /// How many more unknown fields get advice: for each, all fields around it are compared.
    pub(super) advice: usize,
}

/// How many unknown fields of one object get advice on what was meant. Nobody reads more, and a hostile object has
/// very many.
const ADVISED: usize = 100;

impl<'s, 'n> Walk<'s, 'n> {
    pub(super) fn new(schema: &'s Schema, memo: Memo) -> Self {
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
    pub(super) fn is_right(&self) -> bool {
        self.found.is_empty()
    }

    /// A breach at the current path.
    pub(super) fn breach(&self, rule: &'static str, span: Span, message: String) -> Violation {
        Violation::new(rule, self.path.pointer(), span, message)
    }

    /// Reports a breach.
    pub(super) fn report(&mut self, violation: Violation) {
        let counts = !self.dropped || violation.rule == "schema-unknown-field";
        if counts && self.memo.allowance.tell(violation.text()) {
            self.found.push(violation);
        }
    }

    /// Reports a breach that keeps the server from evaluating rules.
    pub(super) fn report_blocking(&mut self, violation: Violation) {
        self.blocked |= !self.dropped;
        self.report(violation);
    }

    /// Takes steps from the allowance; whether there were as many.
    pub(super) fn affords(&self, steps: u64) -> bool {
        self.memo.allowance.step(steps)
    }

    /// Runs `inside` one step further down.
    pub(super) fn step(&mut self, step: Step<'n>, inside: impl FnOnce(&mut Self)) {
        self.path.0.push(step);
        inside(self);
        self.path.0.pop();
    }

    /// How to call the current place in a sentence.
    pub(super) fn place(&self) -> String {
        let dotted = self.path.dotted();
        if dotted.is_empty() {
            "the object".to_owned()
        } else {
            dotted
        }
    }

    /// What to point at for a value: a scalar itself, the key of anything larger.
    pub(super) fn label(&self, node: Node<'n>) -> Span {
        self.path.label(node)
    }

    /// What to point at where something is missing in `node`: the innermost key on the way to it.
    pub(super) fn anchor(&self, node: Node<'n>) -> Span {
        self.path.key().unwrap_or_else(|| first_key(node))
    }
}
