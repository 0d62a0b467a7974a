//! What a section of a page of many clusters says in plain lines: markup for each of them would be most of the page.

use super::place::at;
use crate::render::document::Finding;
use crate::render::standing::meaning;
use crate::render::text::wrap::plain;

/// Questions, a line each: what is asked, what it bears on, what is missing.
pub(super) fn questions(findings: &[&Finding<'_>]) -> String {
    let lines = findings.iter().map(|finding| {
        let message = plain(&finding.message);
        let asked = message.strip_prefix("cannot tell ").unwrap_or(&message);
        let bears = match meaning(finding) {
            bears if bears.is_empty() => String::new(),
            bears => format!(", {bears}"),
        };
        let gaps = finding.gaps.iter();
        let gaps = gaps.map(|gap| format!("{}: {}", gap.missing, gap.because));
        let gaps: Vec<String> = gaps.collect();
        format!(
            "\u{2022} {asked} ({}{bears}); {}",
            finding.rule,
            gaps.join("; ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Findings a line each: rule, message and place.
pub(super) fn lines(findings: &[&Finding<'_>], file: &str) -> String {
    let lines = findings.iter().map(|finding| {
        let place = place(finding, file);
        format!(
            "\u{2022} {}: {}{place}",
            finding.rule,
            plain(&finding.message)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Findings whose words stand with their rule: rule and place.
pub(super) fn names(findings: &[&Finding<'_>], file: &str) -> String {
    let names = findings
        .iter()
        .map(|finding| format!("{}{}", finding.rule, place(finding, file)));
    names.collect::<Vec<_>>().join(", ")
}

fn place(finding: &Finding<'_>, file: &str) -> String {
    let place = finding.primary().map(|label| at(label, file));
    place.map_or_else(String::new, |place| format!(" ({place})"))
}
