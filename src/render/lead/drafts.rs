//! What is wrong with drafts: errors in full, everything else in a line each; and what is odd about the input.

use std::collections::HashSet;

use super::asking::{asked, look};
use super::detail::DETAILS;
use super::judged::target_line;
use super::sections::told;
use super::shared;
use crate::check::{DraftVerdict, FindingOutcome};
use crate::render::asks::Run;
use crate::render::document::{ById, Document, Draft, Finding, title};
use crate::render::fleet::{counted, of_draft};
use crate::render::human::InFull;
use crate::render::text::page::Page;
use crate::render::text::wrap::plain;
use crate::rule::{Level, Weight};

/// Draws the lines that a finding points at, by its origin and id.
type Lines<'l> = dyn Fn(&str, &str) -> Option<String> + 'l;

/// Writes a section for each draft that has something to tell, then what is about the input.
pub(super) fn write(page: &mut Page, document: &Document<'_>, by_id: &ById<'_>, lines: &Lines<'_>) {
    let mut undecided: Vec<&Finding<'_>> = Vec::new();
    let many = document.drafts.len() > ONE_BY_ONE;
    for draft in &document.drafts {
        let found = of_draft(draft, by_id);
        let found: Vec<&Finding<'_>> = found.into_iter().filter(|one| one.is_news()).collect();
        if !many || draft.verdict == DraftVerdict::Error {
            one(page, document, draft, &found, many, lines);
        }
        undecided.extend(
            found
                .iter()
                .filter(|one| one.outcome == FindingOutcome::Unknown),
        );
    }
    if many {
        shared::write(page, document, by_id);
    }
    if !undecided.is_empty() {
        page.head("To ask for the drafts");
        if let Some(detail) = DETAILS.get(1) {
            let found = asked(page, Run::of(document).as_ref(), &undecided);
            look(page, &undecided, &found, detail.looked);
        }
    }
}

/// Up to how many drafts all that is said of each stands with it; of more, what they share is said once.
const ONE_BY_ONE: usize = 8;

/// One draft; of many only its errors.
fn one(
    page: &mut Page,
    document: &Document<'_>,
    draft: &Draft<'_>,
    found: &[&Finding<'_>],
    many: bool,
    lines: &Lines<'_>,
) {
    let fires = |level: Level| {
        let of_level =
            move |one: &&&Finding<'_>| one.outcome == FindingOutcome::Fires && one.level == level;
        found.iter().filter(of_level)
    };
    let (errors, warnings) = (fires(Level::Error), fires(Level::Warning));
    let notes = fires(Level::Note).count();
    let undecided: Vec<&&Finding<'_>> = found
        .iter()
        .filter(|one| {
            one.outcome == FindingOutcome::Unknown && one.effect.draft == Some(Weight::Error)
        })
        .collect();
    let perhaps = found
        .iter()
        .filter(|one| {
            one.outcome == FindingOutcome::Unknown && one.effect.draft != Some(Weight::Error)
        })
        .count();
    if found.is_empty() {
        return;
    }
    let name = title(&draft.origin, &draft.namespace, &draft.name);
    let place = if draft.uri.is_empty() {
        String::new()
    } else {
        format!(" in {}", draft.uri)
    };
    let target = target_line(&draft.target);
    page.head(&format!("Draft {name}{place}: {}", draft.verdict.name()));
    if let Some(target) = target {
        page.prose(
            "  ",
            2,
            &format!("{target} Schema: {}.", draft.schema.trim_end_matches('.')),
        );
    }
    let mut errors_told = false;
    for alike in by_rule(errors.copied()) {
        errors_told = true;
        full(page, document, &alike, lines);
    }
    if many {
        return;
    }
    let briefs: Vec<&&Finding<'_>> = undecided.into_iter().chain(warnings).collect();
    if errors_told && !briefs.is_empty() {
        page.blank();
    }
    for finding in briefs {
        page.prose("  - ", 4, &told(finding));
    }
    let mut more = Vec::new();
    if notes > 0 {
        more.push(counted(notes, "note", "notes"));
    }
    if perhaps > 0 {
        more.push(format!(
            "{} undecided",
            counted(perhaps, "warning", "warnings")
        ));
    }
    if !more.is_empty() {
        page.prose("  ", 2, &format!("and {}: -v shows them", more.join(", ")));
    }
}

/// Findings by their rules, in the order of each rule's first.
fn by_rule<'f>(findings: impl Iterator<Item = &'f Finding<'f>>) -> Vec<Vec<&'f Finding<'f>>> {
    let mut groups: Vec<Vec<&Finding<'_>>> = Vec::new();
    for finding in findings {
        let is_alike = |group: &&mut Vec<&Finding<'_>>| {
            group
                .first()
                .is_some_and(|first| first.rule == finding.rule)
        };
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Findings of one rule with their lines; why it matters and what to do stands once.
fn full(page: &mut Page, document: &Document<'_>, alike: &[&Finding<'_>], lines: &Lines<'_>) {
    let drawn = |finding: &Finding<'_>| lines(&finding.subject.origin, &finding.id);
    for text in InFull::of(document, page.screen).of_a_rule(alike, &drawn) {
        page.blank();
        page.as_is(&text);
    }
}

/// Findings that no cluster and no draft names.
pub(in crate::render) fn of_nobody<'d>(document: &'d Document<'_>) -> Vec<&'d Finding<'d>> {
    let of_clusters = document.clusters.iter().flat_map(|one| {
        let ids = one.methods.values().flat_map(|judged| &judged.findings);
        ids.map(|id| (&*one.origin, &**id))
    });
    let of_drafts = document
        .drafts
        .iter()
        .flat_map(|one| one.findings.iter().map(|id| (&*one.origin, &**id)));
    let of_living = document
        .living
        .iter()
        .flat_map(|one| one.findings.iter().map(|id| (&*one.origin, &**id)));
    let of_pairs = document.pairs.iter().flat_map(|pair| {
        let origin = pair.v5().and_then(|v5| v5.origin.as_deref());
        let ids = pair.findings.iter();
        ids.map(move |id| (origin.unwrap_or_default(), &**id))
    });
    let of_v5 = of_living.chain(of_pairs);
    let named: HashSet<(&str, &str)> = of_clusters.chain(of_drafts).chain(of_v5).collect();
    let is_nobodys =
        |one: &&Finding<'_>| one.is_news() && !named.contains(&(&*one.subject.origin, &*one.id));
    document.findings.iter().filter(is_nobodys).collect()
}

/// Writes these findings.
pub(super) fn input(
    page: &mut Page,
    document: &Document<'_>,
    others: &[&Finding<'_>],
    lines: &Lines<'_>,
) {
    const SHOWN: usize = 10;
    if others.is_empty() {
        return;
    }
    page.head("About the input and the configuration");
    let (errors, rest): (Vec<&Finding<'_>>, Vec<&Finding<'_>>) =
        others.iter().partition(|one| one.level == Level::Error);
    for alike in by_rule(errors.into_iter()) {
        full(page, document, &alike, lines);
    }
    for finding in rest.iter().take(SHOWN) {
        let place = finding.primary().map_or_else(String::new, |label| {
            format!(" at {}:{}", label.uri, label.start_line)
        });
        let text = plain(&finding.message);
        page.prose("  - ", 4, &format!("{text}{place} [{}]", finding.rule));
    }
    if rest.len() > SHOWN {
        page.prose(
            "  ",
            2,
            &format!("and {} more: -v shows all", rest.len() - SHOWN),
        );
    }
}
