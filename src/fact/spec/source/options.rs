//! The pgBackRest options of a restore, taken apart.

use std::collections::BTreeSet;

use super::super::Draft;
use super::super::problems::{Problems, at};
use super::shell::Words;
use super::{Restore, kind};
use crate::expr::Value;
use crate::manifest::{Fact, Node};
use crate::schema::{OptionMatch, Release};

const NOTE: &str = "the options of the restore";

/// The options as written, each item of the list.
pub(super) fn written(draft: &Draft<'_>) -> Fact<Vec<String>> {
    kind(draft).and_then(|kind| match kind {
        None => Fact::known(Vec::new()),
        Some(kind) => draft.texts(&path(kind), NOTE),
    })
}

fn path(kind: Restore) -> [&'static str; 4] {
    ["spec", "dataSource", kind.field(), "options"]
}

/// The flags in the options, each once, in order.
pub(super) fn flags(draft: &Draft<'_>) -> Fact<Vec<String>> {
    written(draft).map(|options| {
        let mut seen = BTreeSet::new();
        let flags = options.iter().flat_map(|option| flags_of(option));
        let once = flags.filter(|flag| seen.insert(*flag));
        once.map(str::to_owned).collect()
    })
}

/// The words of one option that begin with two dashes, up to a blank or `=`.
fn flags_of(option: &str) -> impl Iterator<Item = &str> {
    let words = option.split([' ', '\t', '\n']);
    let flags = words.filter(|word| word.starts_with("--") && word.len() > 2);
    flags.map(|word| word.split('=').next().unwrap_or(word))
}

/// The restore in place, which has the same options; it is done where it is enabled.
const IN_PLACE: [&str; 5] = ["spec", "backups", "pgbackrest", "restore", "options"];

/// The items of every list of restore options that counts: of the source in effect, of the restore in place.
fn everywhere<'a>(draft: &Draft<'a>, problems: &mut Problems) -> Vec<Vec<Node<'a>>> {
    let mut lists = Vec::new();
    let kind = problems.look(kind(draft)).and_then(|kind| kind.value);
    if let Some(kind) = kind {
        lists.extend(problems.look(draft.items(&path(kind))));
    }
    let enabled = ["spec", "backups", "pgbackrest", "restore", "enabled"];
    let enabled = draft.truth(&enabled, "whether the restore in place is enabled");
    if problems.look(enabled).is_some_and(|truth| truth.value) {
        lists.extend(problems.look(draft.items(&IN_PLACE)));
    }
    lists.into_iter().map(|truth| truth.value).collect()
}

/// The flags that all (`every`) or only some of the possible releases refuse.
pub(super) fn forbidden(draft: &Draft<'_>, every: bool) -> Fact<Value> {
    let mut problems = Problems::default();
    let releases = &draft.target().releases;
    let mut seen = BTreeSet::new();
    for item in everywhere(draft, &mut problems).into_iter().flatten() {
        for flag in flags_of(item.text()) {
            let refusing = releases
                .iter()
                .filter(|release| refuses(release, flag))
                .count();
            let counts = if every {
                refusing > 0 && refusing == releases.len()
            } else {
                refusing > 0 && refusing < releases.len()
            };
            if counts && seen.insert((flag, item.span())) {
                problems.add(flag, &[at(item.span(), "an option the operator refuses")]);
            }
        }
    }
    problems.list(draft.nearest(&["spec", "dataSource"]), NOTE)
}

/// The options that a shell takes apart at a blank.
pub(super) fn falling_apart(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    for list in everywhere(draft, &mut problems) {
        let mut words = Words::default();
        for item in list {
            if words.falls_apart(item.text()) {
                let place = at(item.span(), "the shell takes it apart");
                problems.add(item.text(), &[place]);
            }
        }
    }
    problems.list(draft.nearest(&["spec", "dataSource"]), NOTE)
}

/// Whether a release refuses a flag. Older ones look for the forbidden words anywhere in an option.
fn refuses(release: &Release, flag: &str) -> bool {
    let forbidden = &release.forbidden_restore_options;
    forbidden
        .iter()
        .any(|option| match release.repo_option_match {
            OptionMatch::Flag => flag == option,
            OptionMatch::Substring => flag.contains(option.as_str()),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_found_in_every_spelling() {
        let flags: Vec<&str> =
            flags_of("--type=time --target=\"2021-06-09 14:15:11-04\" --set 2021-- -- x--y")
                .collect();
        assert_eq!(flags, ["--type", "--target", "--set"]);
    }
}
