//! Runs code: three-valued, with the names that each decision rests on.
//!
//! Three rules make it sound. An unknown argument makes every function unknown. `&&`, `||`, `?:` and
//! the loops decide only what holds whatever the unknowns are. A fault (a type error, a missing key) counts
//! only where nothing unknown was read.

pub(super) mod access;
pub(super) mod arithmetic;
pub(super) mod call;
pub(super) mod compare;
pub(super) mod list;
mod literals;
mod loops;
mod optional;
pub(super) mod steps;
pub(super) mod text;

use std::sync::Arc;

use smallvec::SmallVec;

use super::Value;
use super::compile::code::{Access, Code, Item, Loop, LoopKind};
use super::fault::{self, Fault};
use super::gaps::merged;
use crate::manifest::Gap;
use steps::{MAX_STEPS, Steps};

/// The names something rests on, as bits by slot.
pub(super) type Reads = u128;

/// A value and what it rests on. `Err` is a fault of the expression.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) value: Result<Value, Fault>,
    pub(super) reads: Reads,
}

impl Seen {
    fn new(value: impl Into<Value>, reads: Reads) -> Seen {
        Seen {
            value: Ok(value.into()),
            reads,
        }
    }

    fn fault(message: impl Into<Fault>, reads: Reads) -> Seen {
        Seen {
            value: Err(message.into()),
            reads,
        }
    }
}

/// One evaluation.
pub(super) struct Machine<'a> {
    read: &'a mut dyn FnMut(u8) -> Value,
    /// By slot. Most conditions read few names, take few arguments and nest no loops: none of these take room of their own.
    values: SmallVec<[Option<Value>; 4]>,
    locals: SmallVec<[(Value, Reads); 2]>,
    steps: Steps,
}

/// Runs code to its value in at most so many steps, with what is read already of the first slot; and how many it took. Running out
/// of steps is a fault whatever was decided on the way.
pub(super) fn run_within(
    code: &Code,
    first: Option<Value>,
    read: &mut dyn FnMut(u8) -> Value,
    most: u32,
) -> (Seen, u32) {
    let most = most.min(MAX_STEPS);
    let mut machine = Machine {
        read,
        values: SmallVec::from_buf([first, None, None, None]),
        locals: SmallVec::new(),
        steps: Steps(most),
    };
    let seen = machine.run(code);
    let seen = match machine.steps.spend(0) {
        Ok(()) => seen,
        Err(message) => Seen::fault(message, seen.reads),
    };
    (seen, most - machine.steps.0)
}

/// What has kept a junction, a loop or a call from deciding.
#[derive(Default)]
struct Doubts {
    gaps: Vec<Arc<[Gap]>>,
    fault: Option<Fault>,
}

impl Doubts {
    fn unknown(&mut self, gaps: Arc<[Gap]>) {
        if !self.gaps.iter().any(|known| Arc::ptr_eq(known, &gaps)) {
            self.gaps.push(gaps);
        }
    }

    fn fault(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// A value that is known; anything else is a doubt.
    fn unless_known(&mut self, value: Result<Value, Fault>) -> Option<Value> {
        match value {
            Ok(Value::Unknown(gaps)) => self.unknown(gaps),
            Ok(value) => return Some(value),
            Err(message) => self.fault(message),
        }
        None
    }

    /// The truth value; anything else is a doubt.
    #[inline]
    fn truth(&mut self, value: Result<Value, Fault>, place: &str) -> Option<bool> {
        match value {
            Ok(Value::Bool(truth)) => return Some(truth),
            Ok(Value::Unknown(gaps)) => self.unknown(gaps),
            Ok(other) => self.fault(fault::mismatch(place, &[other])),
            Err(message) => self.fault(message),
        }
        None
    }

    /// The value, unless something was unknown or at fault.
    fn settle(self, reads: Reads, value: impl FnOnce() -> Result<Value, Fault>) -> Seen {
        if self.gaps.is_empty() && self.fault.is_none() {
            let value = value();
            return Seen { value, reads };
        }
        let value = match (merged(self.gaps), self.fault) {
            (Some(gaps), _) => Ok(Value::Unknown(gaps)),
            (None, Some(fault)) => Err(fault),
            (None, None) => value(),
        };
        Seen { value, reads }
    }
}

impl Machine<'_> {
    fn run(&mut self, code: &Code) -> Seen {
        if let Err(message) = self.steps.spend(1) {
            return Seen::fault(message, 0);
        }
        match code {
            Code::Constant(value) => Seen::new(value.clone(), 0),
            Code::Read(slot) | Code::Present(slot) | Code::Maybe(slot) => self.name(code, *slot),
            Code::Local(index) => match self.locals.get(usize::from(*index)) {
                Some((value, reads)) => Seen::new(value.clone(), *reads),
                None => Seen::fault("a variable is out of sight", 0),
            },
            Code::Not(inner) => self.strict(std::slice::from_ref(inner), |_, args| match args {
                [Value::Bool(truth)] => Ok(Value::Bool(!truth)),
                other => Err(fault::mismatch("!", other)),
            }),
            Code::All(parts) => self.junction(parts, false),
            Code::Any(parts) => self.junction(parts, true),
            Code::If(parts) => self.branch(parts),
            Code::Field { of, field, access } => {
                self.strict(std::slice::from_ref(of), |_, args| match args {
                    [value] => access::field(value, field, *access),
                    _ => Err("".into()),
                })
            }
            Code::Index { sides, optional } => {
                let access = if *optional {
                    Access::Optional
                } else {
                    Access::Must
                };
                self.strict(&**sides, |_, args| match args {
                    [value, index] => access::index(value, index, access),
                    _ => Err("".into()),
                })
            }
            Code::List(items) => self.list(items),
            Code::Map(entries) => self.map(entries),
            Code::Loop(looped) => self.looped(looped),
            Code::OrElse { sides, unwrap } => self.or_else(sides, *unwrap),
            Code::OptMap { sides, flat } => self.opt_map(sides, *flat),
            Code::Call(function, args) => {
                self.strict(args, |steps, args| call::call(*function, args, steps))
            }
            Code::Matches(text, regex) => {
                self.strict(std::slice::from_ref(text), |steps, args| match args {
                    [Value::Str(text)] => {
                        steps.spend(text.len() / 100)?;
                        Ok(Value::Bool(regex.is_match(text)))
                    }
                    other => Err(fault::mismatch("matches", other)),
                })
            }
        }
    }

    fn name(&mut self, code: &Code, slot: u8) -> Seen {
        let index = usize::from(slot);
        if self.values.len() <= index {
            self.values.resize(index + 1, None);
        }
        let value = match self.values.get_mut(index) {
            Some(Some(value)) => value.clone(),
            Some(empty) => empty.insert((self.read)(slot)).clone(),
            None => Value::Absent,
        };
        let value = match (code, value) {
            (_, unknown @ Value::Unknown(_)) => unknown,
            (Code::Present(_), value) => Value::Bool(value != Value::Absent),
            (Code::Maybe(_), Value::Absent) => Value::Optional(None),
            (Code::Maybe(_), value) => Value::Optional(Some(Arc::new(value))),
            (_, value) => value,
        };
        Seen::new(value, 1 << slot)
    }

    /// Applies a function to arguments that must all be known. Most have one or two, and know them: these are handed on as
    /// they come.
    fn strict(
        &mut self,
        args: &[Code],
        apply: impl FnOnce(&mut Steps, &[Value]) -> Result<Value, Fault>,
    ) -> Seen {
        let (mut reads, mut doubts) = (0, Doubts::default());
        let mut values: SmallVec<[Value; 3]> = SmallVec::new();
        match args {
            [only] => {
                let Seen { value, reads } = self.run(only);
                let value = match value {
                    Ok(value) if value.is_known() => apply(&mut self.steps, &[value]),
                    other => other,
                };
                return Seen { value, reads };
            }
            [left, right] => {
                let (left, right) = (self.run(left), self.run(right));
                reads = left.reads | right.reads;
                match (left.value, right.value) {
                    (Ok(left), Ok(right)) if left.is_known() && right.is_known() => {
                        let value = apply(&mut self.steps, &[left, right]);
                        return Seen { value, reads };
                    }
                    (left, right) => {
                        doubts.unless_known(left);
                        doubts.unless_known(right);
                    }
                }
            }
            more => {
                for arg in more {
                    let seen = self.run(arg);
                    reads |= seen.reads;
                    values.extend(doubts.unless_known(seen.value));
                }
            }
        }
        let steps = &mut self.steps;
        doubts.settle(reads, || apply(steps, &values))
    }

    /// `&&` (decided by false) and `||` (decided by true): one deciding part is enough, whatever the
    /// others are.
    fn junction(&mut self, parts: &[Code], decisive: bool) -> Seen {
        let (mut reads, mut doubts) = (0, Doubts::default());
        for part in parts {
            let seen = self.run(part);
            if doubts.truth(seen.value, if decisive { "||" } else { "&&" }) == Some(decisive) {
                return Seen::new(decisive, seen.reads);
            }
            reads |= seen.reads;
        }
        doubts.settle(reads, || Ok(Value::Bool(!decisive)))
    }

    /// `?:`; an unknown condition does not matter where both branches come to the same.
    fn branch(&mut self, parts: &[Code; 3]) -> Seen {
        let [condition, then, otherwise] = parts;
        let condition = self.run(condition);
        let gaps = match condition.value {
            Ok(Value::Bool(truth)) => {
                let seen = self.run(if truth { then } else { otherwise });
                return Seen {
                    value: seen.value,
                    reads: condition.reads | seen.reads,
                };
            }
            Ok(Value::Unknown(gaps)) => gaps,
            Ok(other) => return Seen::fault(fault::mismatch("?:", &[other]), condition.reads),
            Err(message) => return Seen::fault(message, condition.reads),
        };
        let (then, otherwise) = (self.run(then), self.run(otherwise));
        let reads = then.reads | otherwise.reads;
        if let (Ok(Value::Bool(left)), Ok(Value::Bool(right))) = (&then.value, &otherwise.value)
            && left == right
        {
            return Seen::new(*left, reads);
        }
        let mut doubts = Doubts::default();
        doubts.unknown(gaps);
        for side in [then.value, otherwise.value] {
            if let Ok(Value::Unknown(gaps)) = side {
                doubts.unknown(gaps);
            }
        }
        doubts.settle(condition.reads | reads, || Ok(Value::Null))
    }
}
