//! Ranges of versions: `>=5.0.3, <5.8`.

use std::fmt;

use crate::expr::Version;

/// A set of versions: those that meet every comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    comparisons: Vec<(Sign, Version)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Least,
    Above,
    Most,
    Below,
    Exactly,
    Other,
}

/// Longest first, so that `>=` is not read as `>`.
const SIGNS: &[(&str, Sign)] = &[
    (">=", Sign::Least),
    ("<=", Sign::Most),
    ("!=", Sign::Other),
    (">", Sign::Above),
    ("<", Sign::Below),
    ("=", Sign::Exactly),
];

impl VersionRange {
    /// Reads comparisons separated by commas; refuses a range that holds no version.
    pub fn parse(text: &str) -> Result<VersionRange, String> {
        let comparisons: Vec<_> = text.split(',').map(comparison).collect::<Result<_, _>>()?;
        let range = VersionRange { comparisons };
        if range.is_empty() {
            return Err(format!("no version is in the range `{text}`"));
        }
        Ok(range)
    }

    /// Whether a version is in the range.
    pub fn contains(&self, version: Version) -> bool {
        self.comparisons.iter().all(|(sign, bound)| match sign {
            Sign::Least => version >= *bound,
            Sign::Above => version > *bound,
            Sign::Most => version <= *bound,
            Sign::Below => version < *bound,
            Sign::Exactly => version == *bound,
            Sign::Other => version != *bound,
        })
    }

    /// Whether a lower bound lies above an upper one, or both exclude their common bound.
    fn is_empty(&self) -> bool {
        let lower = |sign| matches!(sign, Sign::Least | Sign::Above | Sign::Exactly);
        let upper = |sign| matches!(sign, Sign::Most | Sign::Below | Sign::Exactly);
        let strict = |sign| matches!(sign, Sign::Above | Sign::Below);
        let bounds = &self.comparisons;
        bounds
            .iter()
            .filter(|(sign, _)| lower(*sign))
            .any(|(low_sign, low)| {
                let above = |(high_sign, high): &&(Sign, Version)| {
                    upper(*high_sign)
                        && (low > high
                            || (low == high && (strict(*low_sign) || strict(*high_sign))))
                };
                bounds.iter().any(|bound| above(&bound))
            })
    }
}

fn comparison(text: &str) -> Result<(Sign, Version), String> {
    let text = text.trim();
    let sign = SIGNS
        .iter()
        .find_map(|(sign, meaning)| Some((text.strip_prefix(sign)?, *meaning)));
    let Some((number, sign)) = sign else {
        return Err(format!("`{text}` begins with none of >= > <= < = !="));
    };
    match Version::parse(number) {
        Some(version) => Ok((sign, version)),
        None => Err(format!("`{}` is no version", number.trim())),
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (sign, version)) in self.comparisons.iter().enumerate() {
            let spelled = SIGNS.iter().find(|(_, meaning)| meaning == sign);
            let comma = if index > 0 { ", " } else { "" };
            write!(
                f,
                "{comma}{}{version}",
                spelled.map_or("", |(sign, _)| sign)
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_what_meets_every_comparison() {
        let range = VersionRange::parse(">=5.0.3, <5.8").unwrap();
        let holds = |version| range.contains(Version::parse(version).unwrap());
        assert!(holds("5.0.3") && holds("5.7.10") && !holds("5.8.0") && !holds("5.0.2"));
        assert_eq!(range.to_string(), ">=5.0.3, <5.8");
    }

    #[test]
    fn bad_ranges_say_what_is_wrong() {
        let refused = |text| VersionRange::parse(text).unwrap_err();
        assert_eq!(
            refused("5.0.3"),
            "`5.0.3` begins with none of >= > <= < = !="
        );
        assert_eq!(refused(">=latest"), "`latest` is no version");
        assert_eq!(
            refused(">=5.1, <5.1"),
            "no version is in the range `>=5.1, <5.1`"
        );
        assert_eq!(
            refused(">5.1, <5.0"),
            "no version is in the range `>5.1, <5.0`"
        );
        assert_eq!(refused(""), "`` begins with none of >= > <= < = !=");
    }
}
