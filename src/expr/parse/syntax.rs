//! The syntax tree of an expression, of bounded height.
//!
//! It must not know which names or functions exist.

use crate::expr::{ExprError, Value};

/// Highest syntax tree: both nesting and chains such as `a + a + a` count. Keeps every walk over
/// the tree, and dropping it, well inside a small stack.
const MAX_HEIGHT: u16 = 64;

/// A part of an expression and where it begins (for operators: the operator).
#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) struct Term {
    pub(in crate::expr) at: usize,
    height: u16,
    pub(in crate::expr) kind: TermKind,
}

/// The kinds of parts.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) enum TermKind {
    /// A value written out.
    Literal(Value),
    /// A variable, or the root of a dotted name.
    Name(String),
    /// `of.name` or `of.?name`.
    Field {
        of: Box<Term>,
        name: String,
        optional: bool,
    },
    /// `of[index]` or `of[?index]`.
    Index {
        of: Box<Term>,
        index: Box<Term>,
        optional: bool,
    },
    /// Items with whether they are marked optional (`[?x]`).
    List(Vec<(Term, bool)>),
    /// Entries (key, value) with whether they are marked optional.
    Map(Vec<(Term, Term, bool)>),
    /// `name(args)` or `target.name(args)`.
    Call {
        target: Option<Box<Term>>,
        name: String,
        args: Vec<Term>,
    },
    /// `!x`.
    Not(Box<Term>),
    /// `-x`.
    Negate(Box<Term>),
    /// `a && b && ...`
    All(Vec<Term>),
    /// `a || b || ...`
    Any(Vec<Term>),
    /// `a ? b : c`.
    If(Box<[Term; 3]>),
    /// Comparison, `in` and arithmetic.
    Binary {
        sign: &'static str,
        sides: Box<[Term; 2]>,
    },
}

impl Term {
    /// A part over smaller parts, unless it would stand too high.
    pub(in crate::expr) fn new(at: usize, kind: TermKind) -> Result<Term, ExprError> {
        let height = kind.height_of_parts() + 1;
        if height > MAX_HEIGHT {
            return Err(too_deep(at));
        }
        Ok(Term { at, height, kind })
    }
}

/// The error for an expression that nests or chains too much.
pub(in crate::expr) fn too_deep(at: usize) -> ExprError {
    ExprError::new(
        at,
        "the expression nests too deep or chains too long; make a fact of it".to_owned(),
    )
}

impl TermKind {
    fn height_of_parts(&self) -> u16 {
        let highest = |parts: &mut dyn Iterator<Item = &Term>| {
            parts.map(|part| part.height).max().unwrap_or(0)
        };
        match self {
            TermKind::Literal(_) | TermKind::Name(_) => 0,
            TermKind::Field { of, .. } | TermKind::Not(of) | TermKind::Negate(of) => of.height,
            TermKind::Index { of, index, .. } => of.height.max(index.height),
            TermKind::List(items) => highest(&mut items.iter().map(|(item, _)| item)),
            TermKind::Map(entries) => {
                highest(&mut entries.iter().flat_map(|(key, value, _)| [key, value]))
            }
            TermKind::Call { target, args, .. } => {
                highest(&mut target.as_deref().into_iter().chain(args))
            }
            TermKind::All(parts) | TermKind::Any(parts) => highest(&mut parts.iter()),
            TermKind::If(parts) => highest(&mut parts.iter()),
            TermKind::Binary { sides, .. } => highest(&mut sides.iter()),
        }
    }
}
