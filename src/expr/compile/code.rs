//! The compiled form of an expression: names are slots, patterns are compiled, macros are loops.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::expr::Value;
use crate::expr::function::Function;

/// What to compute. Its height is bounded by the syntax tree's.
#[derive(Debug)]
pub(in crate::expr) enum Code {
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

impl Code {
    /// The fields that are read of what is in a slot; `None` if it is used as a whole.
    pub(in crate::expr) fn fields_of(&self, slot: u8) -> Option<BTreeSet<Arc<str>>> {
        let mut fields = BTreeSet::new();
        self.collect_fields(slot, &mut fields).then_some(fields)
    }

    /// Adds the fields that are read here; false once the slot is used as a whole.
    fn collect_fields(&self, slot: u8, fields: &mut BTreeSet<Arc<str>>) -> bool {
        let mut each = |part: &Code| part.collect_fields(slot, fields);
        match self {
            Code::Field { of, field, .. } => match **of {
                Code::Read(read) if read == slot => {
                    fields.insert(Arc::clone(field));
                    true
                }
                _ => each(of),
            },
            Code::Read(read) | Code::Present(read) | Code::Maybe(read) => *read != slot,
            Code::Constant(_) | Code::Local(_) => true,
            Code::Not(part) | Code::Matches(part, _) => each(part),
            Code::All(parts) | Code::Any(parts) | Code::Call(_, parts) => parts.iter().all(each),
            Code::If(parts) => parts.iter().all(each),
            Code::Index { sides, .. } | Code::OrElse { sides, .. } | Code::OptMap { sides, .. } => {
                sides.iter().all(each)
            }
            Code::List(items) => items.iter().all(|item| each(&item.code)),
            Code::Map(entries) => {
                let mut entries = entries.iter();
                entries.all(|(key, item)| each(key) && each(&item.code))
            }
            Code::Loop(looped) => {
                let keep = looped.keep.iter();
                let mut parts = keep.chain([&looped.over, &looped.body]);
                parts.all(each)
            }
        }
    }
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum Access {
    /// It must be there.
    Must,
    /// Whether it is there.
    Test,
    /// It, or none.
    Optional,
}

/// An item of a list or map literal; an optional one that is none is left out.
#[derive(Debug)]
pub(in crate::expr) struct Item {
    pub(in crate::expr) code: Code,
    pub(in crate::expr) optional: bool,
}

/// A macro over a list or the keys of a map.
#[derive(Debug)]
pub(in crate::expr) struct Loop {
    pub(in crate::expr) kind: LoopKind,
    pub(in crate::expr) over: Code,
    /// The middle argument of `map(v, keep, body)`.
    pub(in crate::expr) keep: Option<Code>,
    pub(in crate::expr) body: Code,
}

/// Which macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum LoopKind {
    Exists,
    All,
    ExistsOne,
    Filter,
    Map,
}
