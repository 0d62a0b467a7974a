//! Which releases of PGO v5 would lift what concerns only some of them, in words.

use crate::expr::Version;
use crate::rule::Rule;
use crate::schema::releases;

/// "--target 5.0.4 or newer lifts it", for these of all releases that are known.
pub(in crate::check) fn by_targets(lifting: &[&Version], newest: Option<&Version>) -> String {
    match lifting {
        [] => "no single PGO v5 release lifts every block".to_owned(),
        [only] => format!("--target {only} lifts it"),
        [first, .., last] if Some(*last) == newest => format!("--target {first} or newer lifts it"),
        [first, .., last] => format!("a --target from {first} to {last} lifts it"),
    }
}

/// The releases that a rule does not concern, in words; `None` where it concerns all.
pub(in crate::check) fn of_rule(rule: &Rule) -> Option<String> {
    let range = rule.target.as_ref()?;
    let mut all = releases().iter().map(|release| &release.version);
    let lifting: Vec<&Version> = all
        .clone()
        .filter(|version| !range.contains(**version))
        .collect();
    (!lifting.is_empty()).then(|| by_targets(&lifting, all.next_back()))
}
