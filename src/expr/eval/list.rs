//! Functions on lists.

use std::cmp::Ordering;
use std::sync::Arc;

use super::arithmetic::arithmetic;
use super::compare::Equality;
use super::steps::Steps;
use super::{compare, text};
use crate::expr::fault::{Fault, mismatch};
use crate::expr::{Function, Value};
use Function as F;

/// Calls a function whose first argument is a list; an error for anything else.
pub(in crate::expr) fn call(
    function: Function,
    args: &[Value],
    steps: &mut Steps,
) -> Result<Value, Fault> {
    let refused = || mismatch(function.name(), args);
    let Some((Value::List(items), rest)) = args.split_first() else {
        return Err(refused());
    };
    steps.spend(items.len())?;
    if let Some(unknown) = items.iter().find(|item| matches!(item, Value::Unknown(_))) {
        return Ok(unknown.clone());
    }
    match (function, rest) {
        (F::Join, []) => join(items, "", steps),
        (F::Join, [Value::Str(separator)]) => join(items, separator, steps),
        (F::Sum, []) => {
            let Some((first, rest)) = items.split_first() else {
                return Ok(Value::Int(0));
            };
            let add = |sum: Value, item| arithmetic(F::Add, &sum, item, steps);
            rest.iter().try_fold(first.clone(), add)
        }
        (F::Min, []) => extreme(function, items, Ordering::Less),
        (F::Max, []) => extreme(function, items, Ordering::Greater),
        (F::IsSorted, []) => {
            for pair in items.windows(2) {
                if let [left, right] = pair
                    && compare::order("isSorted", left, right)? != Some(Ordering::Less)
                    && compare::order("isSorted", left, right)? != Some(Ordering::Equal)
                {
                    return Ok(Value::Bool(false));
                }
            }
            Ok(Value::Bool(true))
        }
        (F::IndexOf | F::LastIndexOf, [item]) => position(function, items, item, steps),
        _ => Err(refused()),
    }
}

fn join(items: &[Value], separator: &str, steps: &mut Steps) -> Result<Value, Fault> {
    let texts: Option<Vec<&Arc<str>>> = items
        .iter()
        .map(|item| match item {
            Value::Str(text) => Some(text),
            _ => None,
        })
        .collect();
    match texts {
        Some(texts) => text::joined(&texts, separator, steps),
        None => Err("`join` takes a list of strings".into()),
    }
}

fn extreme(function: Function, items: &[Value], wanted: Ordering) -> Result<Value, Fault> {
    let Some((first, rest)) = items.split_first() else {
        return Err(format!("`{}` of an empty list", function.name()).into());
    };
    let mut best = first;
    for item in rest {
        if compare::order(function.name(), item, best)? == Some(wanted) {
            best = item;
        }
    }
    Ok(best.clone())
}

fn position(
    function: Function,
    items: &[Value],
    item: &Value,
    steps: &mut Steps,
) -> Result<Value, Fault> {
    let mut found = -1;
    for (index, candidate) in items.iter().enumerate() {
        match compare::equal(item, candidate, steps)? {
            Equality::Known(true) => found = i64::try_from(index).unwrap_or(-1),
            Equality::Known(false) => {}
            Equality::Unknown(gaps) => return Ok(Value::Unknown(gaps)),
        }
        if found >= 0 && function == F::IndexOf {
            break;
        }
    }
    Ok(Value::Int(found))
}
