//! Functions of known arguments: dispatch, tests and conversions.

use std::cmp::Ordering;
use std::sync::Arc;

use super::arithmetic::{arithmetic, checked};
use super::steps::Steps;
use super::{compare, list, text};
use crate::expr::fault::{Fault, mismatch};
use crate::expr::{Function, Quantity, Value, Version};
use crate::printable::visible;
use Function as F;

/// Calls a function; no argument is unknown (parts of one may be).
pub(in crate::expr) fn call(
    function: Function,
    args: &[Value],
    steps: &mut Steps,
) -> Result<Value, Fault> {
    match (function, args) {
        (F::Equal, [left, right]) => Ok(compare::equal(left, right, steps)?.into()),
        (F::Unequal, [left, right]) => Ok(match compare::equal(left, right, steps)?.into() {
            Value::Bool(equal) => Value::Bool(!equal),
            unknown => unknown,
        }),
        (F::In, [item, within]) => compare::within(item, within, steps),
        (F::Less | F::LessEqual | F::Greater | F::GreaterEqual, [left, right]) => {
            let order = compare::order(function.name(), left, right)?;
            Ok(Value::Bool(order.is_some_and(|order| match function {
                F::Less => order.is_lt(),
                F::LessEqual => order.is_le(),
                F::Greater => order.is_gt(),
                _ => order.is_ge(),
            })))
        }
        (F::IsLessThan | F::IsGreaterThan | F::CompareTo, [left, right]) => {
            compare_quantities(function, left, right)
        }
        (F::Add | F::Subtract | F::Multiply | F::Divide | F::Modulo, [left, right]) => {
            arithmetic(function, left, right, steps)
        }
        (F::Negate, [Value::Int(number)]) => checked(number.checked_neg()),
        (F::Negate, [Value::Float(number)]) => Ok(Value::Float(-number)),
        (F::Set, [value]) => Ok(Value::Bool(is_set(value))),
        (F::OptionalOf, [value]) => Ok(Value::Optional(Some(Arc::new(value.clone())))),
        (F::OptionalOfNonZero, [value]) => {
            let kept = !is_zero(value);
            Ok(Value::Optional(kept.then(|| Arc::new(value.clone()))))
        }
        (F::OptionalNone, []) => Ok(Value::Optional(None)),
        (F::HasValue, [Value::Optional(inner)]) => Ok(Value::Bool(inner.is_some())),
        (F::Value, [Value::Optional(inner)]) => match inner {
            Some(inner) => Ok((**inner).clone()),
            None => Err("`value` of an optional value that is none".into()),
        },
        (F::Dyn, [value]) => Ok(value.clone()),
        (F::Type, [value]) => Ok(Value::Type(type_name(value)?)),
        (F::Size, [value]) => size(value),
        (_, [value]) if is_conversion(function) => convert(function, value),
        _ => match text::call(function, args, steps)? {
            Some(value) => Ok(value),
            None => list::call(function, args, steps),
        },
    }
}

/// Kubernetes' spelling of comparison: `quantity(x).isLessThan(quantity(y))`.
fn compare_quantities(function: Function, left: &Value, right: &Value) -> Result<Value, Fault> {
    let (Value::Quantity(left), Value::Quantity(right)) = (left, right) else {
        return Err(mismatch(function.name(), &[left.clone(), right.clone()]));
    };
    let order = left.cmp(right);
    Ok(match function {
        F::IsLessThan => Value::Bool(order == Ordering::Less),
        F::IsGreaterThan => Value::Bool(order == Ordering::Greater),
        _ => Value::Int(order as i64),
    })
}

/// Whether a field says anything: not absent, null, "", [] or {}.
pub(in crate::expr) fn is_set(value: &Value) -> bool {
    match value {
        Value::Absent | Value::Null | Value::Optional(None) => false,
        Value::Str(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::Optional(Some(inner)) => is_set(inner),
        _ => true,
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => !truth,
        Value::Int(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        other => !is_set(other),
    }
}

fn size(value: &Value) -> Result<Value, Fault> {
    let size = match value {
        Value::Str(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Map(entries) => entries.len(),
        other => return Err(mismatch("size", std::slice::from_ref(other))),
    };
    checked(i64::try_from(size).ok())
}

fn type_name(value: &Value) -> Result<&'static str, Fault> {
    Ok(match value {
        Value::Null => "null_type",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "double",
        Value::Str(_) => "string",
        Value::List(_) => "list",
        Value::Map(_) => "map",
        Value::Version(_) => "version",
        Value::Quantity(_) => "quantity",
        Value::Time(_) => "google.protobuf.Timestamp",
        Value::Duration(_) => "google.protobuf.Duration",
        Value::Optional(_) => "optional_type",
        Value::Type(_) => "type",
        Value::Absent | Value::Unknown(_) => {
            return Err(mismatch("type", std::slice::from_ref(value)));
        }
    })
}

fn is_conversion(function: Function) -> bool {
    matches!(
        function,
        F::Bool
            | F::Int
            | F::Double
            | F::String
            | F::Version
            | F::Quantity
            | F::IsVersion
            | F::IsQuantity
            | F::Time
            | F::Duration
    )
}

/// Reads one type from another.
pub(in crate::expr) fn convert(function: Function, value: &Value) -> Result<Value, Fault> {
    let bad = || match value {
        Value::Str(text) => Fault::Value(format!("{} is no {}", shown(text), function.name())),
        other => mismatch(function.name(), std::slice::from_ref(other)),
    };
    let converted = match (function, value) {
        (F::Bool, Value::Bool(_))
        | (F::Int, Value::Int(_))
        | (F::Double, Value::Float(_))
        | (F::String, Value::Str(_))
        | (F::Version, Value::Version(_))
        | (F::Quantity, Value::Quantity(_))
        | (F::Time, Value::Time(_))
        | (F::Duration, Value::Duration(_)) => Some(value.clone()),
        (F::Bool, Value::Str(text)) => match &**text {
            "true" | "True" | "TRUE" | "t" | "1" => Some(Value::Bool(true)),
            "false" | "False" | "FALSE" | "f" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        (F::Int, Value::Str(text)) => text.parse().ok().map(Value::Int),
        (F::Int, Value::Float(number)) => whole(*number).map(Value::Int),
        (F::Int, Value::Time(time)) => Some(Value::Int(time.as_second())),
        #[allow(clippy::cast_precision_loss)] // what CEL's double(int) does
        (F::Double, Value::Int(number)) => Some(Value::Float(*number as f64)),
        (F::Double, Value::Str(text)) => text.parse().ok().map(Value::Float),
        (F::String, Value::Bool(truth)) => Some(truth.to_string().into()),
        (F::String, Value::Int(number)) => Some(number.to_string().into()),
        (F::String, Value::Float(number)) => Some(number.to_string().into()),
        (F::String, Value::Version(version)) => Some(version.to_string().into()),
        (F::String, Value::Time(time)) => Some(time.to_string().into()),
        (F::Version, Value::Str(text)) => Version::parse(text).map(Value::Version),
        (F::Version, Value::Int(number)) => Version::parse(&number.to_string()).map(Value::Version),
        (F::Quantity, Value::Str(text)) => Quantity::parse(text).map(Value::Quantity),
        (F::Quantity, Value::Int(number)) => {
            Quantity::parse(&number.to_string()).map(Value::Quantity)
        }
        (F::IsVersion, Value::Str(text)) => Some(Version::parse(text).is_some().into()),
        (F::IsQuantity, Value::Str(text)) => Some(Quantity::parse(text).is_some().into()),
        (F::Time, Value::Str(text)) => text.parse().ok().map(Value::Time),
        (F::Duration, Value::Str(text)) => text::duration(text).map(Value::Duration),
        _ => None,
    };
    converted.ok_or_else(bad)
}

/// A text of the input in quotes: cut where it is long.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let start: String = text.chars().take(MOST).collect();
    let more = if start.len() < text.len() { "..." } else { "" };
    format!("\"{}{more}\"", visible(&start))
}

/// A float's whole part, if it fits.
fn whole(number: f64) -> Option<i64> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    #[allow(clippy::cast_possible_truncation)] // checked
    (number > -BOUND && number < BOUND).then_some(number as i64)
}
