//! Names that were asked for and are not there.

use std::collections::BTreeSet;

use crate::check::Glob;
use crate::printable::one_line;

/// How many of those that are there are named.
const NAMED: usize = 5;

/// "no cluster matches nope; there is pgo/hippo", of patterns for a name or NAMESPACE/NAME that match nothing of what is there;
/// `None` where each matches something, or nothing is there at all.
pub fn unmatched(globs: &[Glob], there: &BTreeSet<(String, String)>) -> Option<String> {
    let full = |namespace: &str, name: &str| match namespace {
        "" => name.to_owned(),
        _ => format!("{namespace}/{name}"),
    };
    let matches = |glob: &Glob| {
        let mut all = there.iter();
        all.any(|(namespace, name)| glob.means(namespace, name))
    };
    let lost: Vec<String> = globs
        .iter()
        .filter(|glob| !matches(glob))
        .map(|glob| one_line(glob.pattern()))
        .collect();
    if lost.is_empty() || there.is_empty() {
        return None;
    }
    let names = there.iter().take(NAMED);
    let mut names: Vec<String> = names
        .map(|(namespace, name)| one_line(&full(namespace, name)))
        .collect();
    let more = there.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let is = if there.len() == 1 { "is" } else { "are" };
    Some(format!(
        "no cluster matches {}; there {is} {}",
        lost.join(" or "),
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_there_is_told_with_those_that_are() {
        let pair = |one: &str| ("pgo".to_owned(), one.to_owned());
        let globs = |all: &[&str]| -> Vec<Glob> {
            all.iter().map(|one| Glob::name(one).unwrap()).collect()
        };
        let there = BTreeSet::from([pair("hippo"), pair("rhino")]);
        assert_eq!(
            unmatched(&globs(&["nope"]), &there).as_deref(),
            Some("no cluster matches nope; there are pgo/hippo, pgo/rhino")
        );
        for good in [&["hippo"][..], &["pgo/h*"], &["*"], &[]] {
            assert_eq!(unmatched(&globs(good), &there), None, "{good:?}");
        }
        assert_eq!(unmatched(&globs(&["nope"]), &BTreeSet::new()), None);
        let many = (0..9).map(|nth| pair(&nth.to_string())).collect();
        let told = unmatched(&globs(&["0", "nope"]), &many).unwrap();
        assert!(
            told.contains("pgo/4, 4 more") && told.contains("matches nope;"),
            "{told}"
        );
    }
}
