//! Sums, differences, products and quotients of numbers, texts, lists, times and durations.

use super::steps::Steps;
use super::text;
use crate::expr::fault::{Fault, mismatch};
use crate::expr::{Function, Value};
use Function as F;

/// Calls `+`, `-`, `*`, `/` or `%`.
pub(in crate::expr) fn arithmetic(
    function: Function,
    left: &Value,
    right: &Value,
    steps: &mut Steps,
) -> Result<Value, Fault> {
    match (function, left, right) {
        (F::Divide | F::Modulo, Value::Int(_), Value::Int(0)) => {
            Err(Fault::Value("division by zero".to_owned()))
        }
        (_, Value::Int(left), Value::Int(right)) => checked(match function {
            F::Add => left.checked_add(*right),
            F::Subtract => left.checked_sub(*right),
            F::Multiply => left.checked_mul(*right),
            F::Divide => left.checked_div(*right),
            _ => left.checked_rem(*right),
        }),
        (F::Add, Value::Float(left), Value::Float(right)) => Ok(Value::Float(left + right)),
        (F::Subtract, Value::Float(left), Value::Float(right)) => Ok(Value::Float(left - right)),
        (F::Multiply, Value::Float(left), Value::Float(right)) => Ok(Value::Float(left * right)),
        (F::Divide, Value::Float(left), Value::Float(right)) => Ok(Value::Float(left / right)),
        (F::Add, Value::Str(left), Value::Str(right)) => text::joined(&[left, right], "", steps),
        (F::Add, Value::List(left), Value::List(right)) => {
            steps.spend(left.len() + right.len())?;
            Ok(Value::List(
                left.iter().chain(right.iter()).cloned().collect(),
            ))
        }
        _ => moments(function, left, right)
            .ok_or_else(|| mismatch(function.name(), &[left.clone(), right.clone()]))?,
    }
}

/// An integer, unless it is too large.
pub(in crate::expr) fn checked(number: Option<i64>) -> Result<Value, Fault> {
    number
        .map(Value::Int)
        .ok_or_else(|| Fault::Value("a number does not fit into 64 bits".to_owned()))
}

/// Sums and differences of times and durations; `None` where that is not what they are.
fn moments(function: Function, left: &Value, right: &Value) -> Option<Result<Value, Fault>> {
    let beyond = || Fault::Value("a time lies beyond the calendar".to_owned());
    Some(match (function, left, right) {
        (F::Subtract, Value::Time(left), Value::Time(right)) => {
            Ok(Value::Duration(left.duration_since(*right)))
        }
        (F::Add, Value::Time(time), Value::Duration(span))
        | (F::Add, Value::Duration(span), Value::Time(time)) => time
            .checked_add(*span)
            .map(Value::Time)
            .map_err(|_| beyond()),
        (F::Subtract, Value::Time(time), Value::Duration(span)) => time
            .checked_sub(*span)
            .map(Value::Time)
            .map_err(|_| beyond()),
        (F::Add, Value::Duration(left), Value::Duration(right)) => left
            .checked_add(*right)
            .map(Value::Duration)
            .ok_or_else(beyond),
        (F::Subtract, Value::Duration(left), Value::Duration(right)) => left
            .checked_sub(*right)
            .map(Value::Duration)
            .ok_or_else(beyond),
        _ => return None,
    })
}
