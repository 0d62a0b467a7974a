//! CEL over ordinary values: the validation rules of CRDs.
//!
//! It must not know Kubernetes' schemas; whoever does gives it `self` and `oldSelf` as values.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::compile::Compiler;
use super::compile::code::Code;
use super::compile::scope::{Given, Scope};
use super::{ExprError, Value, eval, parse};

/// A compiled expression over a few variables.
///
/// ```
/// use pgo_preflight::expr::{Program, Value};
///
/// let program = Program::compile("self.minRecords <= self.maxRecords", &["self"]).unwrap();
/// let map = |low: i64, high: i64| Value::Map([("minRecords".into(), low.into()), ("maxRecords".into(), high.into())].into());
/// assert_eq!(program.eval(&[("self", map(1, 2))]), Ok(Value::Bool(true)));
/// let error = program.eval(&[("self", Value::Map([].into()))]).unwrap_err();
/// assert_eq!(error.message, "no such key: minRecords");
/// ```
#[derive(Debug)]
pub struct Program {
    code: Code,
    variables: Box<[Box<str>]>,
}

/// An expression that went wrong on its values: a missing key, a type error, too much work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    /// What went wrong.
    pub message: String,
}

impl Program {
    /// Compiles an expression over these variables (at most 128). Field names with Kubernetes' escapes
    /// (`__dash__`, `__in__`) are understood. What is not supported is refused here.
    pub fn compile(source: &str, variables: &[&str]) -> Result<Program, ExprError> {
        let term = parse::parse(source)?;
        let mut compiler = Compiler::new(Scope::new(Given::Variables(variables)));
        let code = compiler.term(&term)?;
        let variables = variables.iter().map(|name| Box::from(*name)).collect();
        Ok(Program { code, variables })
    }

    /// The fields of a variable that the expression reads, be they there or not; `None` if it takes the variable as a
    /// whole. A value with just these gives the same result.
    pub fn fields_of(&self, variable: &str) -> Option<BTreeSet<Arc<str>>> {
        let slot = self.variables.iter().position(|name| **name == *variable);
        let slot = slot.and_then(|slot| u8::try_from(slot).ok());
        slot.map_or_else(|| Some(BTreeSet::new()), |slot| self.code.fields_of(slot))
    }

    /// Evaluates the expression. A variable without a value is an error when it is read. The result
    /// may be [`Value::Unknown`] if a value holds such.
    pub fn eval(&self, values: &[(&str, Value)]) -> Result<Value, EvalError> {
        self.eval_within(values, u32::MAX).0
    }

    /// The same in at most so many steps, which no evaluation ever takes more of than it is allowed anyway; and how many it
    /// took.
    pub fn eval_within(
        &self,
        values: &[(&str, Value)],
        most: u32,
    ) -> (Result<Value, EvalError>, u32) {
        let mut read = |slot: u8| {
            let name = self
                .variables
                .get(usize::from(slot))
                .map_or("", |name| name);
            let found = values.iter().find(|(known, _)| *known == name);
            found.map_or(Value::Absent, |(_, value)| value.clone())
        };
        let (seen, steps) = eval::run_within(&self.code, None, &mut read, most);
        let value = seen.value.map_err(|fault| EvalError {
            message: fault.message().to_owned(),
        });
        (value, steps)
    }
}
