//! CEL source to a compiled expression; three-valued evaluation over a lookup, recording what it read.
//!
//! Only this room knows CEL. It must not know what a cluster is.
//!
//! * A rule's condition: [`Expr::compile`] with the [`Names`] of its subject, [`Expr::eval`] with a
//!   [`Lookup`]. Names are `self.path.to.field`, `now`, and facts.
//! * A rule of a CRD (`x-kubernetes-validations`): [`Program::compile`] with its variables (`self`,
//!   `oldSelf`), [`Program::eval`] with their values.
//! * A message with names in it: [`Template`].
//!
//! # The language
//!
//! CEL as Kubernetes has it, without byte strings, unsigned numbers, typed objects and user-made names of types:
//! `&& || ! ?:`, `== != < <= > >= in`, `+ - * / %`, lists, maps with string keys, `x.f`, `x[i]`, `has(x.f)`, the
//! macros `exists`, `all`, `exists_one`, `filter`, `map` (nested at most twice), optionals (`.?f`, `[?i]`,
//! `orValue`, `or`, `hasValue`, `value`, `optMap`, `optFlatMap`, `optional.of`, `optional.ofNonZeroValue`,
//! `optional.none`), and the functions in `function.rs`. What is not known is refused on compiling, with its place.
//! Beyond CEL there are `version(x)`, `quantity(x)` and `set(x)`.
//!
//! # Absent, unknown, at fault
//!
//! * A `self` path that is not there is *absent*, whether or not its parents are. `has()` and `set()` are false of
//!   it, `.?` gives none, and `==`, `!=` and `in [...]` treat it as `null`: so it equals `null` and no text or number.
//!   `has()` is true of a field that is there but null or empty, as CEL has it; `set(x)` is false of absent, `null`,
//!   `""`, `[]` and `{}`. In a [`Program`] there is no "absent": a missing key is an error, as in Kubernetes.
//! * What cannot be known is [`Value::Unknown`], whole or as an item of a list or map. Every function of it
//!   is unknown; only `&&`, `||`, `?:`, `exists`, `all`, `exists_one`, `in [...]` and comparing lists
//!   decide, and only where the rest decides whatever it is.
//! * A value of the input with which a rule cannot go on makes the outcome unknown: a quantity, version, time or number that
//!   is none, a sum too large, a list that takes more than 100,000 steps, and in what is read as written (`self`, `it`) a
//!   list or text where another kind belongs.
//! * Everything else that goes wrong with all arguments known (a type error on a fact, a missing key of a known map) is a bug
//!   of the rule.

mod amount;
mod compile;
mod error;
mod eval;
mod fault;
mod function;
mod gaps;
mod guard;
mod lines;
mod name;
mod parse;
mod program;
mod template;
mod value;

#[cfg(test)]
mod tests;

pub use amount::{Quantity, Version};
pub use eval::text::duration;
pub use function::nearest;
pub use name::{Lookup, Name, Names};
pub use program::{EvalError, Program};
pub use template::{Missing, Template};
pub use value::Value;

use smallvec::SmallVec;

use crate::manifest::Gaps;
use compile::Compiler;
use compile::code::Code;
use compile::scope::{Given, Scope};
pub use error::ExprError;
use fault::Fault;
use function::Function;
use guard::{FIRST, Guard};

/// What came of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The condition holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be decided; what is missing.
    Unknown(Gaps),
    /// The rule itself is at fault (a type error with everything known).
    Bug(String),
}

/// Names in the order of the source; most outcomes rest on few.
pub type Reads = SmallVec<[Name; 2]>;

/// An evaluation: its outcome and the names it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// What came of it.
    pub outcome: Outcome,
    /// The names that the outcome rests on, each once, in the order of the source: no other name could
    /// change a decision. For an unknown outcome all names that kept it from being decided are among them.
    pub reads: Reads,
}

/// The first two words of each dotted name in a condition, as they stand there; none where it cannot be read. What they name,
/// only compiling tells.
pub fn dotted(source: &str) -> Vec<(&str, &str)> {
    parse::token::dotted(source).unwrap_or_default()
}

/// A condition over facts and the object as written.
#[derive(Debug)]
pub struct Expr {
    code: Code,
    names: Box<[Name]>,
    guard: Option<Guard>,
}

impl Expr {
    /// Compiles a condition. Anything that could not work is refused here: unknown names and functions,
    /// `has()` on a fact, bad patterns, loops nested more than twice, more than 4 KB.
    pub fn compile(source: &str, names: &dyn Names) -> Result<Expr, ExprError> {
        let term = parse::parse(source)?;
        let mut compiler = Compiler::new(Scope::new(Given::Facts(names)));
        let code = compiler.term(&term)?;
        Ok(Expr {
            guard: Guard::of(&code),
            code,
            names: compiler.into_names(),
        })
    }

    /// All names that the condition may read, in the order of the source.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// Evaluates the condition. Each name is looked up at most once, and only if it is needed.
    pub fn eval(&self, lookup: &dyn Lookup) -> Evaluation {
        self.eval_within(lookup, u32::MAX).0
    }

    /// The same in at most so many steps, which no evaluation ever takes more of than it is allowed anyway; and how many it
    /// took.
    pub fn eval_within(&self, lookup: &dyn Lookup, most: u32) -> (Evaluation, u32) {
        let mut read = |slot: u8| match self.names.get(usize::from(slot)) {
            Some(name) => lookup.value(name),
            None => Value::Absent,
        };
        let guard = self.guard.as_ref().filter(|guard| guard.steps < most);
        let guarded = guard.map(|guard| (guard, read(FIRST)));
        if let Some((guard, value)) = &guarded
            && guard.refuses(value)
        {
            let mut reads = Reads::new();
            if let Some(name) = self.names.first() {
                reads.push(name.clone());
            }
            let outcome = Outcome::False;
            return (Evaluation { outcome, reads }, guard.steps);
        }
        let first = guarded.map(|(_, value)| value);
        let (seen, steps) = eval::run_within(&self.code, first, &mut read, most);
        let mut reads = Reads::new();
        let mut slots = seen.reads;
        while slots != 0 {
            let next = slots.trailing_zeros();
            slots &= slots - 1;
            if let Some(name) = self.names.get(next as usize) {
                reads.push(name.clone());
            }
        }
        let outcome = match seen.value {
            Ok(Value::Bool(true)) => Outcome::True,
            Ok(Value::Bool(false)) => Outcome::False,
            Ok(Value::Unknown(gaps)) => Outcome::Unknown(gaps),
            Ok(other) => at_fault(&fault::mismatch("a condition", &[other]), &reads),
            Err(fault) => at_fault(&fault, &reads),
        };
        (Evaluation { outcome, reads }, steps)
    }
}

/// What comes of a fault: a value of the input cannot be known, or the rule is at fault.
fn at_fault(fault: &Fault, reads: &[Name]) -> Outcome {
    match fault.of_input(reads) {
        Some(gaps) => Outcome::Unknown(gaps),
        None => Outcome::Bug(fault.message().to_owned()),
    }
}
