//! The commands that settle what is open, and what no command can put into the input.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sections::CANNOT;
use crate::render::asks::{Answers, LOOK, Run, Then, answers, is_command};
use crate::render::document::Finding;
use crate::render::fleet::counted;
use crate::render::text::page::Page;
use crate::render::text::wrap::plain;
use crate::rule::Weight;

/// What settles what findings leave open; `run` is how the run was called that is to be run again.
pub(super) fn found(findings: &[&Finding<'_>], run: Option<&Run>) -> Answers {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in findings.iter().flat_map(|one| &one.gaps) {
        *counts.entry(&gap.ask).or_default() += 1;
    }
    let asks = counts.iter().map(|(ask, count)| (*ask, *count));
    answers(asks, run.map(|run| &run.called))
}

/// Writes the commands that settle what findings leave open.
pub(in crate::render) fn asked(
    page: &mut Page,
    run: Option<&Run>,
    findings: &[&Finding<'_>],
) -> Answers {
    let found = found(findings, run);
    for command in &found.to_run() {
        page.command(2, command);
    }
    then(page, &found.then("Check", run));
    found
}

/// Writes how the answers are put in.
pub(super) fn then(page: &mut Page, then: &Then) {
    if then.first.is_empty() {
        return;
    }
    page.prose("  ", 2, &then.first);
    if let Some(command) = &then.command {
        page.command(4, command);
    }
    for note in &then.notes {
        page.prose("  ", 2, note);
    }
}

/// The rules that an answer bears on: all that hold a verdict, the weightiest first, and how many only add to what is to be
/// known; where none holds one, the first two.
fn to_attest(about: &[&&Finding<'_>]) -> String {
    let mut rules: Vec<(Reverse<Option<Weight>>, &str)> = about
        .iter()
        .map(|one| (Reverse(one.effect.heaviest()), &*one.rule))
        .collect();
    rules.sort_unstable();
    rules.dedup_by_key(|(_, rule)| *rule);
    let holds = |(weight, _): &&(Reverse<Option<Weight>>, &str)| weight.0 >= Some(Weight::Action);
    let holding = rules.iter().filter(holds).count();
    let named = if holding == 0 { 2 } else { holding };
    let names: Vec<&str> = rules.iter().take(named).map(|(_, rule)| *rule).collect();
    match rules.len().saturating_sub(named) {
        more if more > 0 && holding > 0 => {
            format!("{}; and {more} to know", names.join(", "))
        }
        _ => names.join(", "),
    }
}

/// What is looked for: what the weightiest of the findings asks.
fn tells(about: &[&&Finding<'_>]) -> String {
    let weightiest = about.iter().rev().max_by_key(|one| one.effect.heaviest());
    let asked = weightiest.and_then(|one| one.message.strip_prefix(CANNOT));
    asked.map_or_else(String::new, |asked| format!("; it tells {}", plain(asked)))
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
        let rules = to_attest(&about);
        let missing = missing.map_or("", |gap| &gap.missing);
        let tells = tells(&about);
        if is_command(ask) {
            page.prose("  - ", 4, &format!("{missing}{tells} [{rules}]"));
            page.command(6, ask);
        } else {
            page.prose("  - ", 4, &format!("{missing}: {ask}{tells} [{rules}]"));
        }
    }
    let left = found.look.len().saturating_sub(most);
    if left > 0 {
        let more = if most > 0 {
            format!("and {left} more")
        } else {
            counted(left, "thing", "things")
        };
        page.prose(
            "  ",
            2,
            &format!("{more} to look at yourself: -v shows all"),
        );
    }
}
