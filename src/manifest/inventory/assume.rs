//! The user's word that the input holds every object of a kind: `--assume-complete[=KIND,...]`.

use std::collections::BTreeSet;

use crate::manifest::{KINDS, Kind};

/// Kinds whose every object the user says is in the input, in all namespaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assume(BTreeSet<Kind>);

/// A word that names no kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind `{word}`; one of {}", names().join(", "))]
pub struct UnknownKind {
    /// As the user wrote it.
    pub word: String,
}

impl Assume {
    /// Nothing is said.
    pub fn nothing() -> Self {
        Assume::default()
    }

    /// Every kind.
    pub fn everything() -> Self {
        Assume(KINDS.iter().map(|row| row.kind).collect())
    }

    /// Reads a comma-separated list of kinds as kubectl takes them: kind, plural, with or without the group, or short
    /// name, in any case; `all` means every kind. An empty list is refused: it may be a variable that was not set, and all is
    /// much to take for granted.
    pub fn parse(list: &str) -> Result<Self, UnknownKind> {
        let mut kinds = BTreeSet::new();
        for word in list.split(',') {
            kinds.extend(kinds_of(word.trim())?);
        }
        Ok(Assume(kinds))
    }

    /// These kinds.
    pub fn of(kinds: &[Kind]) -> Self {
        Assume(kinds.iter().copied().collect())
    }

    /// The kinds of both.
    #[must_use]
    pub fn and(mut self, other: Assume) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether the user's word covers this kind.
    pub fn holds(&self, kind: Kind) -> bool {
        self.0.contains(&kind)
    }
}

/// kubectl's short names of the kinds we keep.
const SHORT: [(&str, Kind); 10] = [
    ("pvc", Kind::PersistentVolumeClaim),
    ("pv", Kind::PersistentVolume),
    ("sc", Kind::StorageClass),
    ("deploy", Kind::Deployment),
    ("po", Kind::Pod),
    ("svc", Kind::Service),
    ("cm", Kind::ConfigMap),
    ("ns", Kind::Namespace),
    ("crd", Kind::CustomResourceDefinition),
    ("ep", Kind::Endpoints),
];

fn names() -> Vec<&'static str> {
    KINDS.iter().map(|row| row.name).collect()
}

fn kinds_of(word: &str) -> Result<Vec<Kind>, UnknownKind> {
    let lower = word.to_ascii_lowercase();
    if lower == "all" {
        return Ok(KINDS.iter().map(|row| row.kind).collect());
    }
    let short = SHORT
        .iter()
        .find(|(short, _)| *short == lower || lower.strip_suffix('s') == Some(short));
    if let Some((_, kind)) = short {
        return Ok(vec![*kind]);
    }
    let (bare, group) = match lower.split_once('.') {
        Some((bare, group)) => (bare, Some(group)),
        None => (lower.as_str(), None),
    };
    let row = KINDS.iter().find(|row| {
        let plural = row.plural.split('.').next().unwrap_or_default();
        (row.name.eq_ignore_ascii_case(bare) || plural == bare)
            && group.is_none_or(|group| group == row.group)
    });
    row.map(|row| vec![row.kind]).ok_or_else(|| UnknownKind {
        word: word.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_as_for_kubectl() {
        let one = |word| {
            Assume::parse(word)
                .unwrap()
                .0
                .into_iter()
                .collect::<Vec<_>>()
        };
        for word in [
            "pvc",
            "PVCs",
            "PersistentVolumeClaim",
            "persistentvolumeclaims",
        ] {
            assert_eq!(one(word), [Kind::PersistentVolumeClaim], "{word}");
        }
        for word in ["deploy", "deployments", "Deployments.apps", "deployment"] {
            assert_eq!(one(word), [Kind::Deployment], "{word}");
        }
        for word in ["pgcluster", "pgclusters.crunchydata.com"] {
            assert_eq!(one(word), [Kind::Pgcluster], "{word}");
        }
        assert_eq!(one("sc, storageclasses"), [Kind::StorageClass]);
        assert_eq!(one("pods,cm"), [Kind::Pod, Kind::ConfigMap]);
    }

    #[test]
    fn every_kind_is_meant_by_all_and_not_by_nothing() {
        assert!(Assume::parse("").is_err() && Assume::parse(" ").is_err());
        assert_eq!(Assume::parse("all"), Ok(Assume::everything()));
        assert!(Assume::everything().holds(Kind::Endpoints));
        assert!(!Assume::nothing().holds(Kind::Pod));
    }

    #[test]
    fn an_unknown_kind_is_refused_with_the_known_ones() {
        let error = Assume::parse("pvc,volumes").unwrap_err().to_string();
        assert!(error.contains("`volumes`"), "{error}");
        assert!(error.contains("PersistentVolumeClaim, "), "{error}");
        assert!(Assume::parse("pgclusters.percona.com").is_err());
        assert!(
            Assume::parse(",").is_err(),
            "a slip must not mean every kind"
        );
    }

    #[test]
    fn both_words_of_the_user_count() {
        let both = Assume::parse("pv")
            .unwrap()
            .and(Assume::parse("pvc").unwrap());
        assert!(both.holds(Kind::PersistentVolume) && both.holds(Kind::PersistentVolumeClaim));
        assert!(!both.holds(Kind::Pod));
    }
}
