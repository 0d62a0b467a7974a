//! What a plain scalar means: the resolver of kubectl's YAML reader (YAML 1.1 with exceptions).
//!
//! It turns text into values and must not know where the text stands. The rules were measured against kubectl
//! 1.32 (`fixtures/yaml/kubectl.yaml`).

use std::borrow::Cow;

/// A number as kubectl's YAML reader has it, before it becomes JSON.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Int(i64),
    /// More than an `i64` holds.
    Big(f64),
    Float(f64),
}

/// The value of a plain scalar.
#[inline]
pub(in crate::manifest) fn resolve(text: &str) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'~' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O') => {
            word(text)
        }
        Some(b'+' | b'-' | b'.' | b'0'..=b'9') => {
            number(text).map_or(Scalar::Str(text), Number::value)
        }
        Some(_) => Scalar::Str(text),
    }
}

/// Whether a plain scalar is `null`: asked of very many, most of which are told by their length.
#[inline]
pub(in crate::manifest) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether a plain scalar that starts with a letter means something else than itself.
#[inline]
pub(in crate::manifest) fn is_special(text: &str) -> bool {
    text.len() <= LONGEST_WORD && !matches!(word(text), Scalar::Str(_))
}

/// A plain mapping key's text as kubectl converts it to a string: `yes:` is the key `true`.
#[inline]
pub(in crate::manifest) fn key_text(text: &str) -> Cow<'_, str> {
    // Most keys are told by their length.
    let begins_word = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if begins_word && text.len() > LONGEST_WORD {
        return Cow::Borrowed(text);
    }
    converted(text)
}

fn converted(text: &str) -> Cow<'_, str> {
    match resolve(text) {
        Scalar::Str(_) | Scalar::Null => Cow::Borrowed(text),
        Scalar::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Scalar::Int(_) | Scalar::Float(_) => match number(text) {
            Some(Number::Int(value)) => Cow::Owned(value.to_string()),
            Some(Number::Float(value)) => Cow::Owned(float_key(value)),
            Some(Number::Big(_)) | None => Cow::Borrowed(text),
        },
    }
}

/// Whether a plain scalar is a number that JSON cannot express; kubectl rejects it.
pub(in crate::manifest) fn is_not_json(text: &str) -> bool {
    matches!(number(text), Some(Number::Float(value)) if !value.is_finite())
}

/// The length of `false`.
const LONGEST_WORD: usize = 5;

fn word(text: &str) -> Scalar<'_> {
    if text.len() > LONGEST_WORD {
        return Scalar::Str(text);
    }
    match text {
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        _ => Scalar::Str(text),
    }
}

impl Number {
    /// As the API server has it: a float without fraction is written to JSON without a point and read as an integer.
    #[allow(clippy::cast_possible_truncation)] // in range by the comparison
    fn value<'a>(self) -> Scalar<'a> {
        const BOUND: f64 = 9_223_372_036_854_775_808.0;
        match self {
            Number::Int(value) => Scalar::Int(value),
            Number::Float(value) if value.fract() == 0.0 && value > -BOUND && value < BOUND => {
                Scalar::Int(value as i64)
            }
            Number::Big(value) | Number::Float(value) => Scalar::Float(value),
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with('.') {
        return match unsigned {
            ".inf" | ".Inf" | ".INF" if text.starts_with('-') => {
                Some(Number::Float(f64::NEG_INFINITY))
            }
            ".inf" | ".Inf" | ".INF" => Some(Number::Float(f64::INFINITY)),
            ".nan" | ".NaN" | ".NAN" if unsigned == text => Some(Number::Float(f64::NAN)),
            _ => float(text),
        };
    }
    let plain: Cow<'_, str> = if text.contains('_') {
        Cow::Owned(text.replace('_', ""))
    } else {
        Cow::Borrowed(text)
    };
    integer(&plain).or_else(|| float(&plain))
}

/// `0x`, `0o`, `0b` and a leading `0` give the base, as in Go.
fn integer(text: &str) -> Option<Number> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, unsigned.get(2..)?),
        [b'0', b'o' | b'O', _, ..] => (8, unsigned.get(2..)?),
        [b'0', b'b' | b'B', _, ..] => (2, unsigned.get(2..)?),
        [b'0', _, ..] => (8, unsigned.get(1..)?),
        _ => (10, unsigned),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| char::from(byte).is_digit(radix)) {
        return None;
    }
    if let Ok(magnitude) = u64::from_str_radix(digits, radix)
        && let Some(value) = signed(magnitude, negative)
    {
        return Some(Number::Int(value));
    }
    let magnitude = digits.bytes().fold(0.0, |sum, byte| {
        let digit = char::from(byte).to_digit(radix).unwrap_or(0);
        f64::from(radix).mul_add(sum, f64::from(digit))
    });
    match radix {
        // Correctly rounded, which the sum above is only for powers of two.
        10 => digits.parse().ok(),
        _ => Some(magnitude),
    }
    .filter(|value: &f64| value.is_finite())
    .map(|value| Number::Big(if negative { -value } else { value }))
}

fn signed(magnitude: u64, negative: bool) -> Option<i64> {
    if negative {
        0i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, if it is not too large.
fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mantissa = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !all_digits(digits) {
                return None;
            }
            mantissa
        }
        None => unsigned,
    };
    let well_formed = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && all_digits(fraction),
        Some((whole, fraction)) => all_digits(whole) && all_digits(fraction),
        None => !mantissa.is_empty() && all_digits(mantissa),
    };
    let value: f64 = text.parse().ok().filter(|_| well_formed)?;
    value.is_finite().then_some(Number::Float(value))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`.
#[allow(clippy::cast_possible_truncation)] // 32 bits are what kubectl keeps
fn float_key(value: f64) -> String {
    let value = value as f32;
    if !value.is_finite() {
        let name = if value > 0.0 { ".inf" } else { "-.inf" };
        return (if value.is_nan() { ".nan" } else { name }).to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Go's threshold for the shortest form of `g`.
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// A scalar's value as the Kubernetes API server understands it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, `~`, or nothing.
    Null,
    /// `true`, `yes`, `on`, ... as YAML 1.1 has it, since kubectl does.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Str(&'a str),
}

impl Scalar<'_> {
    pub(in crate::manifest) fn eq_value(&self, other: &Scalar<'_>) -> bool {
        match (self, other) {
            (Scalar::Str(left), Scalar::Str(right)) => left == right,
            (Scalar::Null, Scalar::Null) => true,
            (Scalar::Bool(left), Scalar::Bool(right)) => left == right,
            (Scalar::Int(left), Scalar::Int(right)) => left == right,
            (Scalar::Float(left), Scalar::Float(right)) => left == right,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_go() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("0755", 493),
            ("-0x1f", -31),
            ("+0B11", 3),
            ("0o17", 15),
            ("1_0_", 10),
            ("089", 89),
            ("1e3", 1000),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(resolve(text), Scalar::Int(value), "{text}");
        }
        assert_eq!(resolve("1.5"), Scalar::Float(1.5));
        assert_eq!(
            resolve("-9223372036854775809"),
            Scalar::Float(-9_223_372_036_854_775_808.0)
        );
        assert_eq!(
            resolve("0x10000000000000000"),
            Scalar::Float(18_446_744_073_709_551_616.0)
        );
    }

    #[test]
    fn what_only_looks_like_a_number_is_a_string() {
        for text in [
            "+", "-", ".", "-.", "0x", "0xg", "1e", "e1", "1e+", "--1", "+-1", "1:30", "1.2.3",
            "1e400", "0x1p-2", "Infinity", "_1",
        ] {
            assert_eq!(resolve(text), Scalar::Str(text), "{text}");
        }
    }

    #[test]
    fn float_keys_are_those_of_go() {
        for (value, key) in [
            (1.5, "1.5"),
            (1000.0, "1000"),
            (1e6, "1e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e300, ".inf"),
            (123_456_789.0, "1.2345679e+08"),
        ] {
            assert_eq!(float_key(value), key);
        }
    }
}
