//! What many drafts share, said once: what keeps their verdicts unknown, then their warnings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::judged::targets;
use crate::check::FindingOutcome;
use crate::render::document::{ById, Document, Finding, title};
use crate::render::fleet::{counted, of_draft};
use crate::render::text::page::Page;
use crate::rule::{Level, Weight};

/// Of how many drafts a line names each.
const NAMED: usize = 3;

/// Writes what drafts share, but for their errors.
pub(super) fn write(page: &mut Page, document: &Document<'_>, by_id: &ById<'_>) {
    let mut shared: BTreeMap<(Kind, &str), BTreeSet<usize>> = BTreeMap::new();
    let mut left = [0; 2];
    for (position, draft) in document.drafts.iter().enumerate() {
        for finding in of_draft(draft, by_id) {
            match kind(finding).filter(|_| finding.is_news()) {
                Some(kind) => {
                    let drafts = shared.entry((kind, &finding.rule)).or_default();
                    drafts.insert(position);
                }
                None if !finding.is_news() || finding.level == Level::Error => {}
                None if finding.outcome == FindingOutcome::Unknown => left[1] += 1,
                None => left[0] += 1,
            }
        }
    }
    let mut shared: Vec<_> = shared.into_iter().collect();
    shared.sort_by_key(|((kind, rule), drafts)| (*kind, Reverse(drafts.len()), *rule));
    if shared.is_empty() && left == [0; 2] {
        return;
    }
    page.head("What drafts share");
    let all = document.drafts.iter().map(|one| &one.target);
    targets(page, "  ", all, NAMED);
    for ((kind, rule), drafts) in &shared {
        let text = document.rules.get(*rule).map(|text| match kind {
            Kind::Open => text.undecided(),
            Kind::Warning => text.title.to_string(),
        });
        let text = text.unwrap_or_else(|| (*rule).to_owned());
        page.prose(
            "  - ",
            4,
            &format!("{text} ({}) [{rule}]", who(document, drafts)),
        );
    }
    let [notes, open] = left;
    let mut more = Vec::new();
    if notes > 0 {
        more.push(counted(notes, "note", "notes"));
    }
    if open > 0 {
        more.push(format!(
            "{} undecided",
            counted(open, "warning", "warnings")
        ));
    }
    if !more.is_empty() {
        page.prose("  ", 2, &format!("and {}", more.join(", ")));
    }
    let line = "-v shows each with its lines, `--rule NAME` those of one rule.";
    page.prose("  ", 2, line);
}

/// What is told of a draft, the weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It keeps the verdict unknown.
    Open,
    Warning,
}

fn kind(finding: &Finding<'_>) -> Option<Kind> {
    match (finding.outcome, finding.level) {
        (FindingOutcome::Unknown, _) if finding.effect.draft == Some(Weight::Error) => {
            Some(Kind::Open)
        }
        (FindingOutcome::Fires, Level::Warning) => Some(Kind::Warning),
        _ => None,
    }
}

/// "all 100 drafts", "12 of 100: pgo/a, pgo/b and 10 more".
fn who(document: &Document<'_>, drafts: &BTreeSet<usize>) -> String {
    let all = document.drafts.len();
    if drafts.len() == all {
        return format!("all {all}");
    }
    let named = drafts.iter().filter_map(|one| document.drafts.get(*one));
    let names = named.map(|one| title(&one.origin, &one.namespace, &one.name));
    let (shown, more) = match drafts.len() {
        few @ ..=NAMED => (few, 0),
        many => (NAMED - 1, many - NAMED + 1),
    };
    let names: Vec<String> = names.take(shown).collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{} of {all}: {}{more}", drafts.len(), names.join(", "))
}
