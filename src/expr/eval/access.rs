//! Fields of maps, items of lists, and the same through optional values.
//!
//! A key that a known map does not hold is an error of the expression, never "unknown".

use std::sync::Arc;

use crate::expr::Value;
use crate::expr::compile::code::Access;
use crate::expr::fault::{Fault, mismatch};

/// `value.field`, `has(value.field)` or `value.?field`.
pub(in crate::expr) fn field(value: &Value, field: &str, access: Access) -> Result<Value, Fault> {
    match value {
        Value::Map(_) => found(value.get(field), access, || format!("no such key: {field}")),
        Value::Optional(inner) => through(inner.as_deref(), access, |inner, access| {
            self::field(inner, field, access)
        }),
        Value::Absent => Err(format!("an absent field has no field `{field}`").into()),
        other => Err(Fault::Kind(format!(
            "{} has no field `{field}`",
            other.kind()
        ))),
    }
}

/// `value[index]` or `value[?index]`.
pub(in crate::expr) fn index(value: &Value, index: &Value, access: Access) -> Result<Value, Fault> {
    match (value, index) {
        (Value::Map(_), Value::Str(key)) => {
            found(value.get(key), access, || format!("no such key: {key}"))
        }
        (Value::List(items), Value::Int(at)) => {
            let item = usize::try_from(*at).ok().and_then(|at| items.get(at));
            found(item, access, || format!("index {at} is out of bounds"))
        }
        (Value::List(_), Value::Float(at)) if at.fract() == 0.0 && at.abs() < 1e15 => {
            #[allow(clippy::cast_possible_truncation)] // whole and small
            let at = *at as i64;
            self::index(value, &Value::Int(at), access)
        }
        (Value::Optional(inner), _) => through(inner.as_deref(), access, |inner, access| {
            self::index(inner, index, access)
        }),
        (value, index) => Err(mismatch("[]", &[value.clone(), index.clone()])),
    }
}

/// Access through an optional value is optional itself.
fn through(
    inner: Option<&Value>,
    access: Access,
    step: impl FnOnce(&Value, Access) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    match (inner, access) {
        (Some(inner), Access::Test) => step(inner, Access::Test),
        (Some(inner), _) => step(inner, Access::Optional),
        (None, Access::Test) => Ok(Value::Bool(false)),
        (None, _) => Ok(Value::Optional(None)),
    }
}

fn found(
    value: Option<&Value>,
    access: Access,
    missing: impl FnOnce() -> String,
) -> Result<Value, Fault> {
    match (value, access) {
        (Some(unknown @ Value::Unknown(_)), _) => Ok(unknown.clone()),
        (Some(value), Access::Must) => Ok(value.clone()),
        (Some(value), Access::Optional) => Ok(Value::Optional(Some(Arc::new(value.clone())))),
        (None, Access::Must) => Err(missing().into()),
        (None, Access::Optional) => Ok(Value::Optional(None)),
        (found, Access::Test) => Ok(Value::Bool(found.is_some())),
    }
}
