//! Equality and order, by value rather than by type: `1 == 1.0`, `quantity('1Gi') == quantity('1024Mi')`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::steps::Steps;
use crate::expr::Value;
use crate::expr::fault::{Fault, mismatch};
use crate::expr::gaps::merged;
use crate::manifest::Gap;

/// What comparing two values says.
pub(in crate::expr) enum Equality {
    /// They are equal, or they are not.
    Known(bool),
    /// That depends on an unknown part.
    Unknown(Arc<[Gap]>),
}

impl From<Equality> for Value {
    fn from(equality: Equality) -> Self {
        match equality {
            Equality::Known(equal) => Value::Bool(equal),
            Equality::Unknown(gaps) => Value::Unknown(gaps),
        }
    }
}

/// Whether two values are equal. Values of different types are unequal, except that comparing a
/// version, quantity, time or duration with a plain text or number is an error: it is never meant.
pub(in crate::expr) fn equal(
    left: &Value,
    right: &Value,
    steps: &mut Steps,
) -> Result<Equality, Fault> {
    steps.spend(1)?;
    let known = match (left, right) {
        (Value::Unknown(gaps), _) | (_, Value::Unknown(gaps)) => {
            return Ok(Equality::Unknown(Arc::clone(gaps)));
        }
        (Value::List(left), Value::List(right)) => return lists(left, right, steps),
        (Value::Map(left_entries), Value::Map(right_entries)) => {
            if left_entries.len() != right_entries.len() {
                return Ok(Equality::Known(false));
            }
            let mut pairs = Vec::new();
            for (key, value) in left_entries.iter() {
                steps.spend(right_entries.len() / 8)?;
                match right.get(key) {
                    Some(there) => pairs.push((value, there)),
                    None => return Ok(Equality::Known(false)),
                }
            }
            return all(pairs.into_iter(), steps);
        }
        (Value::Optional(Some(left)), Value::Optional(Some(right))) => {
            return equal(left, right, steps);
        }
        (Value::Absent | Value::Null, Value::Absent | Value::Null) => true,
        (Value::Str(left), Value::Str(right)) => {
            steps.spend(left.len().min(right.len()) / 1000)?;
            left == right
        }
        (Value::Int(left), Value::Float(right)) | (Value::Float(right), Value::Int(left)) => {
            number(*left, *right) == Some(Ordering::Equal)
        }
        (amount, plain) | (plain, amount) if is_amount(amount) && is_plain(plain) => {
            return Err(mismatch("==", &[left.clone(), right.clone()]));
        }
        (left, right) => left == right,
    };
    Ok(Equality::Known(known))
}

fn is_amount(value: &Value) -> bool {
    matches!(
        value,
        Value::Version(_) | Value::Quantity(_) | Value::Time(_) | Value::Duration(_)
    )
}

fn is_plain(value: &Value) -> bool {
    matches!(value, Value::Str(_) | Value::Int(_) | Value::Float(_))
}

fn lists(left: &[Value], right: &[Value], steps: &mut Steps) -> Result<Equality, Fault> {
    if left.len() != right.len() {
        return Ok(Equality::Known(false));
    }
    all(left.iter().zip(right), steps)
}

/// Whether all pairs are equal: one known difference decides.
fn all<'v>(
    pairs: impl Iterator<Item = (&'v Value, &'v Value)>,
    steps: &mut Steps,
) -> Result<Equality, Fault> {
    let mut unknown = Vec::new();
    for (left, right) in pairs {
        match equal(left, right, steps)? {
            Equality::Known(true) => {}
            Equality::Known(false) => return Ok(Equality::Known(false)),
            Equality::Unknown(gaps) => unknown.push(gaps),
        }
    }
    Ok(merged(unknown).map_or(Equality::Known(true), Equality::Unknown))
}

/// `item in list` (decided by one equal item) and `key in map`.
pub(in crate::expr) fn within(
    item: &Value,
    within: &Value,
    steps: &mut Steps,
) -> Result<Value, Fault> {
    match (item, within) {
        (_, Value::List(items)) => {
            let mut unknown = Vec::new();
            for candidate in items.iter() {
                match equal(item, candidate, steps)? {
                    Equality::Known(true) => return Ok(Value::Bool(true)),
                    Equality::Known(false) => {}
                    Equality::Unknown(gaps) => unknown.push(gaps),
                }
            }
            Ok(merged(unknown).map_or(Value::Bool(false), Value::Unknown))
        }
        (Value::Str(key), Value::Map(_)) => Ok(Value::Bool(within.get(key).is_some())),
        // Keys are strings, so these are none; CEL says so rather than calling it an error.
        (Value::Bool(_) | Value::Int(_) | Value::Float(_), Value::Map(_)) => Ok(Value::Bool(false)),
        (item, within) => Err(mismatch("in", &[item.clone(), within.clone()])),
    }
}

/// The order of two values of one kind; `None` for two numbers of which one is not a number.
pub(in crate::expr) fn order(
    sign: &str,
    left: &Value,
    right: &Value,
) -> Result<Option<Ordering>, Fault> {
    Ok(Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Float(left), Value::Float(right)) => return Ok(left.partial_cmp(right)),
        (Value::Int(left), Value::Float(right)) => return Ok(number(*left, *right)),
        (Value::Float(left), Value::Int(right)) => {
            return Ok(number(*right, *left).map(Ordering::reverse));
        }
        (Value::Str(left), Value::Str(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Version(left), Value::Version(right)) => left.cmp(right),
        (Value::Quantity(left), Value::Quantity(right)) => left.cmp(right),
        (Value::Time(left), Value::Time(right)) => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        _ => return Err(mismatch(sign, &[left.clone(), right.clone()])),
    }))
}

/// The exact order of an integer and a float; `None` if the float is not a number.
fn number(left: i64, right: f64) -> Option<Ordering> {
    /// 2^63, the first float beyond every `i64`.
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if right.is_nan() {
        return None;
    }
    if right >= BOUND {
        return Some(Ordering::Less);
    }
    if right < -BOUND {
        return Some(Ordering::Greater);
    }
    #[allow(clippy::cast_possible_truncation)] // within bounds, and the fraction is compared next
    let whole = right.trunc() as i64;
    let fraction = right.fract().partial_cmp(&0.0).map(Ordering::reverse);
    Some(left.cmp(&whole).then(fraction.unwrap_or(Ordering::Equal)))
}
