//! The living v5 clusters: how far each has come, whether everything of v4 has arrived, and what is to be known of it.

use std::cmp::Reverse;

use super::sections::told;
use crate::check::{ArrivalVerdict, FindingOutcome};
use crate::render::document::{ById, Document, Finding, Pair, title};
use crate::render::fleet::counted;
use crate::render::text::page::Page;
use crate::render::text::prose::first_sentence;
use crate::rule::{Level, Method, Weight};

/// How many living clusters are told one by one; a fleet is told in numbers.
const SHOWN: usize = 12;

/// Writes a section where there is a living cluster.
pub(super) fn write(page: &mut Page, document: &Document<'_>, by_id: &ById<'_>) {
    if document.living.is_empty() {
        return;
    }
    page.head("Living v5 clusters");
    for living in document.living.iter().take(SHOWN) {
        let name = title(&living.origin, &living.namespace, &living.name);
        let stage = match &*living.stage {
            "" => "how far it has come is unknown".to_owned(),
            stage => format!("stage {stage}"),
        };
        let moved = document.pairs.iter().find(|pair| pair.is_of(living));
        let arrival = moved.map_or_else(String::new, arrival);
        page.prose("  ", 4, &format!("{name}: {stage}{arrival}"));
        let of_moved = moved.map_or(&[][..], |pair| &pair.findings);
        let own = by_id.all(&living.origin, &living.findings);
        let found = own.chain(by_id.all(&living.origin, of_moved));
        // What bears on an upgrade has a section of its own.
        let beside = |one: &&Finding<'_>| one.effect.on(Method::Upgrade).is_none();
        let found = found.filter(|one| one.is_news()).filter(beside);
        let mut found: Vec<&Finding<'_>> = found.collect();
        // What fails a run before what is missing before what is to be known.
        found.sort_by_key(|one| Reverse((one.level, one.effect.moved)));
        tell(page, &found);
    }
    let more = document.living.len().saturating_sub(SHOWN);
    if more > 0 {
        page.prose(
            "  ",
            2,
            &format!(
                "and {} more: -v shows each",
                counted(more, "cluster", "clusters")
            ),
        );
    }
    if document.pairs.iter().any(|pair| pair.edge == Pair::MOVED) {
        page.prose(
            "  ",
            2,
            "`pgo-preflight verify` prints what has arrived as a checklist.",
        );
    }
}

fn arrival(pair: &Pair<'_>) -> String {
    let v4 = title("", &pair.cluster.namespace, &pair.cluster.name);
    let verdict = pair.verdict.map_or("unknown", ArrivalVerdict::name);
    format!("; moved from v4 {v4}: {verdict}")
}

/// What is wrong or missing in a line each; the rest is counted.
fn tell(page: &mut Page, found: &[&Finding<'_>]) {
    let fires = |one: &&&Finding<'_>| one.outcome == FindingOutcome::Fires;
    let weighs = |one: &&&Finding<'_>| {
        one.level >= Level::Warning || one.effect.moved >= Some(Weight::Incomplete)
    };
    for finding in found.iter().filter(fires).filter(weighs) {
        let asks =
            finding.level == Level::Error || finding.effect.moved >= Some(Weight::Incomplete);
        let task = first_sentence(&finding.fix);
        match task.trim_end_matches(['.', ':']) {
            task if asks && !task.is_empty() => {
                page.prose("  - ", 4, task);
                page.prose("    ", 4, &format!("Why: {}", told(finding)));
            }
            _ => page.prose("  - ", 4, &told(finding)),
        }
    }
    let notes = found
        .iter()
        .filter(fires)
        .filter(|one| !weighs(one))
        .count();
    let open = found.len() - found.iter().filter(fires).count();
    let mut more = Vec::new();
    if notes > 0 {
        more.push(counted(notes, "note", "notes"));
    }
    if open > 0 {
        more.push(format!("{open} undecided"));
    }
    if !more.is_empty() {
        page.prose(
            "    ",
            4,
            &format!("and {}: -v shows them", more.join(", ")),
        );
    }
}
