//! Functions on strings. Positions count Unicode characters, as CEL has it.

use std::sync::Arc;

use super::steps::Steps;
use crate::expr::fault::Fault;
use crate::expr::{Function, Value};
use Function as F;

/// Longest string an expression may make, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// Calls a function whose first argument is a string; `None` if it is not, or the function is another.
pub(in crate::expr) fn call(
    function: Function,
    args: &[Value],
    steps: &mut Steps,
) -> Result<Option<Value>, Fault> {
    let Some((Value::Str(text), rest)) = args.split_first() else {
        return Ok(None);
    };
    steps.spend(text.len() / 100)?;
    Ok(Some(match (function, rest) {
        (F::StartsWith, [Value::Str(part)]) => text.starts_with(&**part).into(),
        (F::EndsWith, [Value::Str(part)]) => text.ends_with(&**part).into(),
        (F::Contains, [Value::Str(part)]) => text.contains(&**part).into(),
        (F::LowerAscii, []) => text.to_ascii_lowercase().into(),
        (F::UpperAscii, []) => text.to_ascii_uppercase().into(),
        (F::Trim, []) => text.trim().into(),
        (F::Split, [Value::Str(separator)]) => split(text, separator, -1, steps)?,
        (F::Split, [Value::Str(separator), Value::Int(limit)]) => {
            split(text, separator, *limit, steps)?
        }
        (F::Replace, [Value::Str(from), Value::Str(to)]) => replaced(text, from, to, -1, steps)?,
        (F::Replace, [Value::Str(from), Value::Str(to), Value::Int(limit)]) => {
            replaced(text, from, to, *limit, steps)?
        }
        (F::Substring, [Value::Int(start)]) => substring(text, *start, None)?,
        (F::Substring, [Value::Int(start), Value::Int(end)]) => {
            substring(text, *start, Some(*end))?
        }
        (F::IndexOf, [Value::Str(part)]) => position(text, text.find(&**part)),
        (F::LastIndexOf, [Value::Str(part)]) => position(text, text.rfind(&**part)),
        (F::CharAt, [Value::Int(at)]) => char_at(text, *at)?,
        _ => return Ok(None),
    }))
}

/// Strings joined, unless they come to more than a string may hold.
pub(in crate::expr) fn joined(
    parts: &[&Arc<str>],
    separator: &str,
    steps: &mut Steps,
) -> Result<Value, Fault> {
    let length: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
    reserve(length, steps)?;
    let parts: Vec<&str> = parts.iter().map(|part| &***part).collect();
    Ok(parts.join(separator).into())
}

fn reserve(length: usize, steps: &mut Steps) -> Result<(), Fault> {
    if length > MAX_TEXT {
        return Err(Fault::Value(format!(
            "a string grows beyond {MAX_TEXT} bytes"
        )));
    }
    steps.spend(length / 100)
}

/// At most `limit` parts, the last holding the rest; all of them for a negative limit.
fn split(text: &str, separator: &str, limit: i64, steps: &mut Steps) -> Result<Value, Fault> {
    steps.spend(text.len() / 10)?;
    if limit == 0 {
        return Ok(Value::List(Arc::new([])));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if separator.is_empty() {
        let mut parts: Vec<Value> = Vec::new();
        for (index, (at, c)) in text.char_indices().enumerate() {
            if index + 1 == limit {
                parts.push(text.get(at..).unwrap_or("").into());
                break;
            }
            parts.push(c.to_string().into());
        }
        return Ok(Value::List(parts.into()));
    }
    Ok(Value::List(
        text.splitn(limit, separator).map(Value::from).collect(),
    ))
}

/// The first `limit` occurrences replaced; all of them for a negative limit.
fn replaced(
    text: &str,
    from: &str,
    to: &str,
    limit: i64,
    steps: &mut Steps,
) -> Result<Value, Fault> {
    steps.spend(text.len() / 10)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = text.matches(from).take(limit).count();
    reserve(
        text.len().saturating_add(found.saturating_mul(to.len())),
        steps,
    )?;
    Ok(text.replacen(from, to, limit).into())
}

/// The byte at which a character stands; the end of the text counts.
fn byte(text: &str, at: i64) -> Option<usize> {
    let at = usize::try_from(at).ok()?;
    let ends = std::iter::once(text.len());
    text.char_indices()
        .map(|(byte, _)| byte)
        .chain(ends)
        .nth(at)
}

fn substring(text: &str, start: i64, end: Option<i64>) -> Result<Value, Fault> {
    let until = end.map_or(Some(text.len()), |end| byte(text, end));
    let part = byte(text, start)
        .zip(until)
        .and_then(|(start, end)| text.get(start..end));
    let end = end.map_or(String::new(), |end| format!(", {end}"));
    part.map(Value::from)
        .ok_or_else(|| format!("substring({start}{end}) is out of bounds").into())
}

fn position(text: &str, byte: Option<usize>) -> Value {
    let before = byte.and_then(|byte| text.get(..byte));
    let count = before.and_then(|before| i64::try_from(before.chars().count()).ok());
    Value::Int(count.unwrap_or(-1))
}

fn char_at(text: &str, at: i64) -> Result<Value, Fault> {
    let rest = byte(text, at).and_then(|byte| text.get(byte..));
    let rest = rest.ok_or_else(|| format!("charAt({at}) is out of bounds"))?;
    Ok(rest
        .chars()
        .next()
        .map_or_else(|| Value::from(""), |c| c.to_string().into()))
}

/// A duration as Go writes it: `1h30m`, `1.5h`, `-10s`, `0`; `None` for anything else.
pub fn duration(text: &str) -> Option<jiff::SignedDuration> {
    const UNITS: &[(&str, i128)] = &[
        ("ns", 1),
        ("us", 1_000),
        ("\u{b5}s", 1_000),
        ("\u{3bc}s", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let (mut rest, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    if rest == "0" {
        return Some(jiff::SignedDuration::ZERO);
    }
    let mut total: i128 = 0;
    while !rest.is_empty() || total == 0 {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let unit = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(scaled(number, *scale)?)?;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let nanos = i64::try_from(if negative { -total } else { total }).ok()?;
    Some(jiff::SignedDuration::from_nanos(nanos))
}

/// A decimal number times a scale, rounded down.
fn scaled(number: &str, scale: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() == 0
        || whole.len() > 18
        || fraction.len() > 18
        || fraction.contains('.')
    {
        return None;
    }
    let digits: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let divide = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some(digits.checked_mul(scale)? / divide)
}
