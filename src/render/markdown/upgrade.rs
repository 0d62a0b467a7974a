//! The upgrades of living clusters as Markdown: a table of verdicts, then for each rule whom it concerns and what to do.

use std::fmt::Write as _;

use super::escape::{cell_code, code, escape, fence};
use crate::check::{FindingOutcome, Verdict};
use crate::render::document::{ById, Document, title};
use crate::render::text::prose::{Block, blocks};
use crate::render::text::wrap::plain;
use crate::render::upgrades::{Topic, Upgrades, upgrades};
use crate::rule::Weight;

/// Up to how many clusters have a row in the table, and are named with a rule.
const ROWS: usize = 1000;
const NAMED: usize = 20;

/// A section for each release that living clusters are to go on to.
pub(super) fn write(out: &mut String, document: &Document<'_>, by_id: &ById<'_>) {
    for upgrade in upgrades(document, by_id) {
        let _ = writeln!(out, "## Upgrade to {}\n", escape(upgrade.to));
        let _ = writeln!(out, "{}.\n", escape(&upgrade.line(document)));
        table(out, &upgrade);
        for topic in &upgrade.topics {
            told(out, document, topic);
        }
        out.push('\n');
    }
}

fn table(out: &mut String, upgrade: &Upgrades<'_>) {
    out.push_str("| living cluster | runs | upgrade |\n|---|---|---|\n");
    for living in upgrade.clusters.iter().take(ROWS) {
        let Some(one) = &living.upgrade else { continue };
        let name = title(&living.origin, &living.namespace, &living.name);
        let from = one.from.as_deref().map_or_else(|| "?".to_owned(), escape);
        let verdict = one.verdict.map_or("nothing to do", Verdict::name);
        let _ = writeln!(out, "| {} | {from} | {verdict} |", cell_code(&name));
    }
    if upgrade.clusters.len() > ROWS {
        let _ = writeln!(out, "\nand {} more", upgrade.clusters.len() - ROWS);
    }
    out.push('\n');
}

/// A rule: what it means, for whom, and for a single cluster what to do.
fn told(out: &mut String, document: &Document<'_>, topic: &Topic<'_>) {
    let word = match (topic.outcome, topic.weight) {
        (FindingOutcome::Fires, Weight::Block | Weight::Error) => "blocked",
        (FindingOutcome::Fires, Weight::Action) => "to do",
        (FindingOutcome::Fires, _) => "to know",
        (FindingOutcome::Unknown, Weight::Block | Weight::Error) => "undecided",
        (FindingOutcome::Unknown, Weight::Action) => "to confirm",
        (FindingOutcome::Unknown, _) => return,
    };
    let alone = topic.clusters() == 1;
    let title_of = || {
        document
            .rules
            .get(topic.rule)
            .map_or(topic.rule, |rule| &*rule.title)
    };
    let first = topic.findings.first().map(|(_, finding)| *finding);
    let text = match first {
        Some(finding) if alone => plain(&finding.message),
        _ => plain(title_of()),
    };
    let mut names: Vec<String> = topic
        .findings
        .iter()
        .map(|(living, _)| code(&title(&living.origin, &living.namespace, &living.name)))
        .collect();
    names.dedup();
    let left = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if left > 0 {
        format!(" and {left} more")
    } else {
        String::new()
    };
    let rule = code(topic.rule);
    let _ = writeln!(
        out,
        "- **{word}**: {} ({rule}): {}{more}",
        escape(&text),
        names.join(", ")
    );
    let Some(finding) = first.filter(|_| alone) else {
        return;
    };
    for gap in finding.gaps.iter().filter(|gap| !gap.ask.is_empty()) {
        out.push('\n');
        fence(out, &gap.ask, "  ");
    }
    if topic.outcome == FindingOutcome::Fires && topic.weight >= Weight::Action {
        for block in blocks(&finding.fix) {
            match block {
                Block::Prose(words) => {
                    let words: String = words.iter().map(|word| word.text.as_str()).collect();
                    let _ = writeln!(out, "\n  {}\n", escape(&words));
                }
                Block::Commands(text) => fence(out, &text, "  "),
            }
        }
    }
}
