//! Versions and quantities: texts that compare by number.

use std::cmp::Ordering;

/// A dotted version: `4.7.10`, `13.10`. Compared number by number; missing numbers are 0.
#[derive(Clone, Copy, Debug)]
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

    /// The version of these numbers, four at most: for tables that are part of the program.
    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)] // when this program is built
    pub(crate) const fn of(numbers: &[u32]) -> Version {
        let mut parts = [0; 4];
        let mut at = 0;
        while at < numbers.len() {
            parts[at] = numbers[at];
            at += 1;
        }
        let len = numbers.len() as u8;
        Version { parts, len }
    }

    /// How many numbers it was written with.
    pub fn numbers(&self) -> usize {
        usize::from(self.len)
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
        for (index, part) in self.parts.iter().take(self.len.into()).enumerate() {
            let dot = if index > 0 { "." } else { "" };
            write!(f, "{dot}{part}")?;
        }
        Ok(())
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}
impl Eq for Version {}
impl std::hash::Hash for Version {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.parts.hash(state);
    }
}
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
        let mut digits = whole.bytes().chain(fraction.bytes());
        // 36 digits at most.
        let all = digits.try_fold(0_i128, |all, digit| {
            let is_digit = digit.is_ascii_digit();
            is_digit.then(|| all * 10 + i128::from(digit - b'0'))
        })?;
        let (multiply, divide) = scale(suffix)?;
        let divide =
            divide.checked_mul(10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?)?;
        let thousandths = all.checked_mul(multiply)?.checked_mul(1000)?;
        let rounded = thousandths.checked_add(divide - 1)?.checked_div(divide)?;
        Some(Quantity(if negative { -rounded } else { rounded }))
    }
}

impl std::fmt::Display for Quantity {
    /// In the largest unit that keeps it whole: `5Gi`, `500m`, `1500`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 % 1000 != 0 {
            return write!(f, "{}m", self.0);
        }
        let units = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        let (mut amount, mut unit) = (self.0 / 1000, 0);
        while amount != 0 && amount % 1024 == 0 && unit + 1 < units.len() {
            amount /= 1024;
            unit += 1;
        }
        write!(f, "{amount}{}", units.get(unit).copied().unwrap_or(""))
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
