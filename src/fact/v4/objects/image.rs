//! A container image reference taken apart: name, tag, and the versions a tag of Crunchy's names.
//!
//! It must not know which image matters.

use crate::expr::Version;

/// A container image reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact) struct Image<'a> {
    /// The last part of its path: `postgres-operator`.
    pub(in crate::fact) name: &'a str,
    /// Its tag; `""` where there is none (then a digest, or `latest`).
    pub(in crate::fact) tag: &'a str,
    /// All of it, as it is pulled.
    pub(in crate::fact) reference: &'a str,
}

impl<'a> Image<'a> {
    pub(in crate::fact) fn parse(reference: &'a str) -> Image<'a> {
        let (path, _digest) = reference.split_once('@').unwrap_or((reference, ""));
        let last = path.rsplit('/').next().unwrap_or(path);
        let (name, tag) = last.split_once(':').unwrap_or((last, ""));
        Image {
            name,
            tag,
            reference,
        }
    }

    /// The three-part version in the tag of an operator's image: `ubi8-5.8.2-0` is 5.8.2.
    pub(in crate::fact::v4) fn operator_version(self) -> Option<Version> {
        three_part_version(self.tag)
    }
}

/// The first part of a dashed word that is a version of three numbers.
pub(in crate::fact::v4) fn three_part_version(text: &str) -> Option<Version> {
    let three = |part: &&str| part.split('.').count() == 3;
    text.split('-').filter(three).find_map(Version::parse)
}

/// What the tag of a Postgres image of Crunchy's says: `ubi8-13.10-4.7.10`, `centos8-13.3-3.1-4.7.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fact::v4) struct PostgresTag {
    /// `ubi8`.
    pub(in crate::fact::v4) base: String,
    /// `13.10`; three numbers for 9.x.
    pub(in crate::fact::v4) postgres: String,
    /// `3.1`; `""` without `PostGIS`.
    pub(in crate::fact::v4) gis: String,
}

impl PostgresTag {
    /// `None` for a tag that does not follow Crunchy's grammar: a private one.
    pub(in crate::fact::v4) fn parse(tag: &str) -> Option<PostgresTag> {
        let parts: Vec<&str> = tag.split('-').collect();
        let (base, postgres, gis) = match parts.as_slice() {
            [base, postgres, pgo] if is_pgo(pgo) => (base, postgres, ""),
            [base, postgres, gis, pgo] if is_pgo(pgo) && dotted(gis, 2..=2) => {
                (base, postgres, *gis)
            }
            _ => return None,
        };
        let named = base.starts_with(|c: char| c.is_ascii_lowercase())
            && base.chars().all(|c| c.is_ascii_alphanumeric());
        let numbers = if postgres.starts_with("9.") { 3 } else { 2 };
        (named && dotted(postgres, 2..=numbers)).then(|| PostgresTag {
            base: (*base).to_owned(),
            postgres: (*postgres).to_owned(),
            gis: gis.to_owned(),
        })
    }

    /// `13`, or `9.6`: what must stay the same in a physical move.
    pub(in crate::fact::v4) fn major(&self) -> &str {
        let first = self.postgres.split('.').next().unwrap_or("");
        if first != "9" {
            return first;
        }
        match self.postgres.match_indices('.').nth(1) {
            Some((end, _)) => self.postgres.get(..end).unwrap_or(first),
            None => &self.postgres,
        }
    }

    /// The number after the major version.
    pub(in crate::fact::v4) fn minor(&self) -> Option<i64> {
        let rest = self.postgres.strip_prefix(self.major())?;
        rest.strip_prefix('.')?.parse().ok()
    }
}

/// The base that a tag begins with, where it is one of those Crunchy's images had; `""` otherwise.
pub(in crate::fact::v4) fn base_of(tag: &str) -> &str {
    let base = tag.split('-').next().unwrap_or("");
    if enterprise_linux(base).is_some() {
        base
    } else {
        ""
    }
}

/// The Enterprise Linux generation of a base; `None` for one that is none.
pub(in crate::fact) fn enterprise_linux(base: &str) -> Option<i64> {
    let mut families = ["centos", "rhel", "ubi"].into_iter();
    families
        .find_map(|family| base.strip_prefix(family))?
        .parse()
        .ok()
}

/// Dotted numbers, as many as given.
fn dotted(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    let number = |part: &[u8]| (1..=4).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let mut numbers = 0;
    for part in text.as_bytes().split(|byte| *byte == b'.') {
        if !number(part) {
            return false;
        }
        numbers += 1;
    }
    count.contains(&numbers)
}

/// A PGO v4 version, which ends every tag.
fn is_pgo(text: &str) -> bool {
    text.starts_with("4.") && dotted(text, 3..=3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_apart() {
        let image = Image::parse("registry.local:5000/crunchydata/postgres-operator:ubi8-5.8.2-0");
        assert_eq!(
            (image.name, image.tag),
            ("postgres-operator", "ubi8-5.8.2-0")
        );
        assert_eq!(image.operator_version(), Version::parse("5.8.2"));
        let image =
            Image::parse("registry.connect.redhat.com/crunchydata/pgo-apiserver@sha256:abcd");
        assert_eq!((image.name, image.tag), ("pgo-apiserver", ""));
        assert_eq!(image.operator_version(), None);
        assert_eq!(Image::parse("").operator_version(), None);
    }

    #[test]
    fn tags_name_base_postgres_and_gis() {
        let tag = PostgresTag::parse("ubi8-13.10-4.7.10").unwrap();
        assert_eq!(
            (tag.major(), tag.minor(), enterprise_linux(&tag.base)),
            ("13", Some(10), Some(8))
        );
        let tag = PostgresTag::parse("centos8-13.3-3.1-4.7.0").unwrap();
        assert_eq!((tag.postgres.as_str(), tag.gis.as_str()), ("13.3", "3.1"));
    }

    #[test]
    fn postgres_9_has_a_three_part_version() {
        let tag = PostgresTag::parse("centos7-9.6.20-4.5.1").unwrap();
        assert_eq!(
            (tag.major(), tag.minor(), enterprise_linux(&tag.base)),
            ("9.6", Some(20), Some(7))
        );
    }

    #[test]
    fn a_private_tag_says_nothing() {
        for tag in [
            "",
            "latest",
            "13.10",
            "{{< param ubiBase >}}-13.10-4.7.10",
            "mine-13-4.7.10",
            "ubi8-13.10-5.0.0",
        ] {
            assert_eq!(PostgresTag::parse(tag), None, "{tag}");
        }
        assert_eq!(
            PostgresTag::parse("alpine-13.10-4.7.10").unwrap().base,
            "alpine"
        );
        assert_eq!(
            (base_of("alpine-13.10"), base_of("ubi8-mine")),
            ("", "ubi8")
        );
    }
}
