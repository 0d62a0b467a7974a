//! The commands that settle what is open, and what no command can put into the input.

use std::collections::{BTreeMap, BTreeSet};

use crate::render::asks::{Answers, LOOK, answers, is_command};
use crate::render::document::Finding;
use crate::render::text::page::Page;

/// The commands that settle what findings leave open.
pub(in crate::render) fn asked(page: &mut Page, findings: &[&Finding<'_>]) -> Answers {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in findings.iter().flat_map(|one| &one.gaps) {
        *counts.entry(&gap.ask).or_default() += 1;
    }
    let found: Answers = answers(counts.iter().map(|(ask, count)| (*ask, *count)));
    for command in &found.commands {
        page.command(2, command);
    }
    for line in found.then() {
        page.prose("  ", 2, &line);
    }
    found
}

/// What no command can put into the input, as far as `most`.
pub(in crate::render) fn look(
    page: &mut Page,
    findings: &[&Finding<'_>],
    found: &Answers,
    most: usize,
) {
    if found.look.is_empty() {
        return;
    }
    if most > 0 {
        page.prose("  ", 2, LOOK);
    }
    for (ask, _) in found.look.iter().take(most) {
        let asks = |finding: &&&Finding<'_>| finding.gaps.iter().any(|gap| gap.ask == *ask);
        let about: Vec<&&Finding<'_>> = findings.iter().filter(asks).collect();
        let missing = about
            .iter()
            .flat_map(|one| &one.gaps)
            .find(|gap| gap.ask == *ask);
        let rules: BTreeSet<&str> = about.iter().map(|one| &*one.rule).collect();
        let rules: Vec<&str> = rules.into_iter().take(2).collect();
        let missing = missing.map_or("", |gap| &gap.missing);
        if is_command(ask) {
            page.prose("  - ", 4, &format!("{missing} [{}]", rules.join(", ")));
            page.command(6, ask);
        } else {
            page.prose(
                "  - ",
                4,
                &format!("{missing}: {ask} [{}]", rules.join(", ")),
            );
        }
    }
    let left = found.look.len().saturating_sub(most);
    if left > 0 {
        page.prose(
            "  ",
            2,
            &format!("and {left} more to look at yourself: -v shows all"),
        );
    }
}
