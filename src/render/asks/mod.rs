//! What is undecided to the fewest commands that settle it: merged by cluster, namespace and kind; for a fleet one
//! `collect`. What no command can put into the input stands apart, as something to look at.

mod answers;
mod merge;
mod question;

use super::document::Document;

pub(super) use self::answers::{Answers, Run, Then};
pub(super) use self::merge::answers;

/// What stands before the things to look at.
pub(super) const LOOK: &str = "Look yourself. Where you see that it is not so, answer by an attestation in `.pgo-preflight.yaml` (`settles: [RULE]`, `statement`, `by`, `date`, `reason`) and check again:";

/// What a question of a report is about: the first thing that is missing without its answer.
pub(super) fn missing(document: &Document<'_>, ask: &str) -> String {
    let mut gaps = document.findings.iter().flat_map(|one| &one.gaps);
    let gap = gaps.find(|gap| gap.ask == ask);
    gap.map_or_else(String::new, |gap| gap.missing.to_string())
}

/// Whether what is to look at is a command.
pub(super) fn is_command(ask: &str) -> bool {
    let programs = ["kubectl ", "pgo ", "psql "];
    programs.iter().any(|program| ask.starts_with(program))
}

#[cfg(test)]
mod tests;
