//! The values that expressions work on.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::manifest::Gap;

/// A value in an expression. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A `self` path that is not there. `has(self.a)` and `self.a == null` see it; any other use is a rule's bug.
    Absent,
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A list.
    List(Arc<[Value]>),
    /// A map in insertion order; keys are unique.
    Map(Arc<[(Arc<str>, Value)]>),
    /// A program version, compared number by number.
    Version(Version),
    /// A Kubernetes quantity, compared by amount.
    Quantity(Quantity),
    /// An element that may be anything: every operation on it, `has()` included, is unknown.
    Unknown(Arc<[Gap]>),
}

/// A dotted version: `4.7.10`, `13.10`. Compared number by number; missing numbers are 0.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Version {
    parts: [u32; 4],
    len: u8,
}

impl Version {
    /// Reads up to four dotted numbers, with an optional leading `v`; what follows a `-` or `+` is ignored. `None` for anything else.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim().strip_prefix('v').unwrap_or(text.trim());
        let core = text.split(['-', '+']).next()?;
        let mut parts = [0; 4];
        let mut len = 0;
        for (index, part) in core.split('.').enumerate() {
            *parts.get_mut(index)? = part.parse().ok()?;
            len = index + 1;
        }
        #[allow(clippy::cast_possible_truncation)]
        (len > 0).then_some(Version {
            parts,
            len: len as u8,
        })
    }

    /// The first number.
    pub fn major(&self) -> u32 {
        self.parts.first().copied().unwrap_or(0)
    }

    /// The second number, 0 if there is none.
    pub fn minor(&self) -> u32 {
        self.parts.get(1).copied().unwrap_or(0)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self
            .parts
            .iter()
            .take(self.len.into())
            .map(u32::to_string)
            .collect();
        f.write_str(&parts.join("."))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}
impl Eq for Version {}
impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts)
    }
}

/// A Kubernetes quantity (`1Gi`, `1G`, `500m`) in thousandths, so that amounts compare, not spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(pub i128);

impl Quantity {
    /// Reads a quantity as Kubernetes writes it; `None` for anything else. Amounts below a thousandth round up.
    pub fn parse(text: &str) -> Option<Quantity> {
        let digits = text
            .find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-'))
            .unwrap_or(text.len());
        let (number, suffix) = (text.get(..digits)?, text.get(digits..)?);
        let (number, negative) = match number.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (number.strip_prefix('+').unwrap_or(number), false),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || whole.len() > 18 || fraction.len() > 18 {
            return None;
        }
        let all: i128 = format!("0{whole}{fraction}").parse().ok()?;
        let (multiply, divide) = scale(suffix)?;
        let divide =
            divide.checked_mul(10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?)?;
        let thousandths = all.checked_mul(multiply)?.checked_mul(1000)?;
        let rounded = thousandths.checked_add(divide - 1)?.checked_div(divide)?;
        Some(Quantity(if negative { -rounded } else { rounded }))
    }
}

/// Multiplier and divisor of a suffix.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    Some(match suffix {
        "" => (1, 1),
        "n" => (1, 1_000_000_000),
        "u" => (1, 1_000_000),
        "m" => (1, 1_000),
        "k" => (1_000, 1),
        "M" => (1_000_000, 1),
        "G" => (1_000_000_000, 1),
        "T" => (1_000_000_000_000, 1),
        "P" => (1_000_000_000_000_000, 1),
        "E" => (1_000_000_000_000_000_000, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        exponent => {
            let power: i32 = exponent.strip_prefix(['e', 'E'])?.parse().ok()?;
            let ten = 10_i128.checked_pow(power.unsigned_abs())?;
            if power < 0 { (1, ten) } else { (ten, 1) }
        }
    })
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Str(value.into())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::Str(value.into())
    }
}
impl From<Version> for Value {
    fn from(value: Version) -> Self {
        Value::Version(value)
    }
}
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_compare_by_amount() {
        let parse = |text| Quantity::parse(text).unwrap();
        assert_eq!(parse("1024Mi"), parse("1Gi"));
        assert!(parse("1G") < parse("1Gi"));
        assert_eq!(parse("0.5"), parse("500m"));
        assert_eq!(parse("1e3"), parse("1k"));
        assert_eq!(Quantity::parse("5 Gi"), None);
        assert_eq!(Quantity::parse(""), None);
    }

    #[test]
    fn versions_compare_number_by_number() {
        let parse = |text| Version::parse(text).unwrap();
        assert!(parse("4.7.10") > parse("4.7.9"));
        assert_eq!(parse("5.8"), parse("5.8.0"));
        assert_eq!(Version::parse("latest"), None);
    }
}
