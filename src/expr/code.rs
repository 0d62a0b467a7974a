//! The compiled form of an expression: names are slots, patterns are compiled, macros are loops.

use std::sync::Arc;

use super::Value;
use super::function::Function;

/// What to compute. Its height is bounded by the syntax tree's.
#[derive(Debug)]
pub(super) enum Code {
    Constant(Value),
    /// The value of a name; a `self` path may be absent.
    Read(u8),
    /// `has(self.a.b)`.
    Present(u8),
    /// `self.?a.b`: an optional value.
    Maybe(u8),
    /// A variable of a loop, counted from the outermost.
    Local(u8),
    Not(Box<Code>),
    All(Box<[Code]>),
    Any(Box<[Code]>),
    If(Box<[Code; 3]>),
    /// `x.field`, `has(x.field)`, `x.?field`.
    Field {
        of: Box<Code>,
        field: Arc<str>,
        access: Access,
    },
    /// `x[y]`, `x[?y]`.
    Index {
        sides: Box<[Code; 2]>,
        optional: bool,
    },
    List(Box<[Item]>),
    Map(Box<[(Code, Item)]>),
    Loop(Box<Loop>),
    /// `x.orValue(y)` and `x.or(y)`: `y` counts only where `x` is none.
    OrElse {
        sides: Box<[Code; 2]>,
        unwrap: bool,
    },
    /// `x.optMap(v, y)` and `x.optFlatMap(v, y)`.
    OptMap {
        sides: Box<[Code; 2]>,
        flat: bool,
    },
    Call(Function, Box<[Code]>),
    Matches(Box<Code>, regex::Regex),
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// It must be there.
    Must,
    /// Whether it is there.
    Test,
    /// It, or none.
    Optional,
}

/// An item of a list or map literal; an optional one that is none is left out.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) code: Code,
    pub(super) optional: bool,
}

/// A macro over a list or the keys of a map.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) kind: LoopKind,
    pub(super) over: Code,
    /// The middle argument of `map(v, keep, body)`.
    pub(super) keep: Option<Code>,
    pub(super) body: Code,
}

/// Which macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoopKind {
    Exists,
    All,
    ExistsOne,
    Filter,
    Map,
}
