//! The Report for people: a matrix of clusters and methods, then every finding with its lines, then a summary.
//!
//! Made for 80 columns. Colour is decided by the caller; names and texts from input are made safe to print first.

mod excerpt;
mod snippet;
mod style;
mod summary;
mod table;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::document::Document;
use super::text::wrap::filled;
use crate::check::{Finding, FindingOutcome, Report};
pub(super) use crate::printable::{visible, visible_char};
use crate::rule::Level;
use style::{WIDTH, bold};
pub(super) use style::{paint, verdict_style};

/// Every finding of a report that is in its document, in full. With `colour`, ANSI styles are written.
pub fn human(report: &Report, document: &Document<'_>, colour: bool) -> String {
    let shown: HashSet<(&str, &str)> = document
        .findings
        .iter()
        .map(|one| (&*one.subject.origin, &*one.id))
        .collect();
    let mut text = String::new();
    let mut notes = RuleNotes::default();
    if let Some(config) = &report.config {
        let _ = writeln!(text, "By the configuration in {}", visible(config));
    }
    if let Some(words) = document.narrowed() {
        let _ = writeln!(text, "{words}\n");
    }
    table::write(&mut text, report, colour);
    for finding in report.findings.iter().filter(|finding| finding.is_news()) {
        if shown.contains(&(finding.subject.origin.as_str(), &*finding.id)) {
            text.push('\n');
            write_finding(&mut text, report, finding, colour, &mut notes);
        }
    }
    summary::write(&mut text, report, colour);
    text
}

/// One finding with its lines, as in the full text; none where the report has no such finding.
pub fn finding(report: &Report, origin: &str, id: &str, colour: bool) -> Option<String> {
    let same = |one: &&Finding| &*one.id == id && one.subject.origin == origin;
    let found = report.findings.iter().find(same)?;
    let mut text = String::new();
    write_finding(&mut text, report, found, colour, &mut RuleNotes::default());
    Some(text)
}

/// What is the same for each finding of a rule, laid out: the notes before and after those of the finding itself.
type RuleNotes<'r> = BTreeMap<&'r str, (String, String)>;

fn write_finding<'r>(
    out: &mut String,
    report: &'r Report,
    finding: &'r Finding,
    colour: bool,
    notes: &mut RuleNotes<'r>,
) {
    let (word, style) = match (finding.outcome, finding.level) {
        (FindingOutcome::Unknown, _) => ("unknown", AnsiColor::Magenta),
        (_, Level::Error) => ("error", AnsiColor::Red),
        (_, Level::Warning) => ("warning", AnsiColor::Yellow),
        (_, Level::Note) => ("note", AnsiColor::Cyan),
    };
    let head = format!("{word}[{}]", finding.rule);
    let message = visible(&finding.message);
    let rest = filled(&format!("{head}: {message}"), WIDTH, "", 0).join("\n");
    let rest = rest.strip_prefix(&head).unwrap_or(&rest);
    let _ = writeln!(
        out,
        "{}{}",
        paint(&head, bold(style), colour),
        paint(rest, Style::new().bold(), colour)
    );
    out.push_str(&snippet::snippet(report, finding, colour));
    note(out, "means", &meaning(finding), colour);
    let (why, source) = notes.entry(&finding.rule).or_insert_with(|| {
        let (mut why, mut source) = (String::new(), String::new());
        if let Some(rule) = report.rules.get(&finding.rule) {
            note(&mut why, "why", &rule.why, colour);
            note(&mut source, "source", &rule.source, colour);
        }
        (why, source)
    });
    out.push_str(why);
    for gap in finding.gaps.iter() {
        note(
            out,
            "missing",
            &format!("{} ({})", gap.missing, gap.because),
            colour,
        );
        note(out, "settle it", &gap.ask, colour);
    }
    note(out, "fix", &finding.fix, colour);
    out.push_str(source);
}

/// What a finding does to its subject: "blocks volumes; prepare for backups".
fn meaning(finding: &Finding) -> String {
    let crate::rule::Effect::Methods(weights) = &finding.effect else {
        return String::new();
    };
    let undecided = finding.outcome == FindingOutcome::Unknown;
    let mut parts: Vec<String> = Vec::new();
    for (method, weight) in weights.iter() {
        let words = match (weight.name(), undecided) {
            ("block", false) => "blocks",
            ("block", true) => "leaves unknown",
            ("action", false) => "to do before",
            ("action", true) => "to confirm before",
            _ => continue,
        };
        match parts.iter_mut().find(|part| part.starts_with(words)) {
            Some(part) => {
                let _ = write!(part, ", {}", method.name());
            }
            None => parts.push(format!("{words} {}", method.name())),
        }
    }
    parts.join("; ")
}

/// `   = name: text`, paragraphs wrapped with a hanging indent; lines of commands are kept as they are.
fn note(out: &mut String, name: &str, text: &str, colour: bool) {
    let text = text.trim_end();
    if text.is_empty() {
        return;
    }
    let head = format!("  = {name}: ");
    let indent = "      ";
    let mut first = true;
    for line in paragraphs(text) {
        let line = visible(&line);
        let command = is_command(&line);
        let start = if first { head.as_str() } else { indent };
        let wrapped = if command || line.is_empty() {
            format!("{start}{line}")
        } else {
            filled(&line, WIDTH, start, indent.len()).join("\n")
        };
        let wrapped = wrapped.trim_end();
        match (first, wrapped.strip_prefix(head.trim_end())) {
            (true, Some(rest)) => {
                let _ = writeln!(
                    out,
                    "{}{rest}",
                    paint(head.trim_end(), bold(AnsiColor::Blue), colour)
                );
            }
            _ => {
                let _ = writeln!(out, "{wrapped}");
            }
        }
        first = false;
    }
}

fn is_command(line: &str) -> bool {
    let starts = ["  ", "$", "kubectl ", "pgo "];
    starts.iter().any(|start| line.starts_with(start))
}

/// The lines of a text, those of one paragraph joined: where its author broke them is not where the terminal does.
fn paragraphs(text: &str) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let prose = !line.is_empty() && !is_command(line);
        match joined.last_mut() {
            Some(paragraph) if open && prose => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            _ => joined.push(line.to_owned()),
        }
        open = prose;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_joined_and_commands_are_not() {
        let text = "Do this\nat once.\n\n    kubectl get pods\n    kubectl get pvc\n\nThen\nthat.";
        let lines = [
            "Do this at once.",
            "",
            "    kubectl get pods",
            "    kubectl get pvc",
            "",
            "Then that.",
        ];
        assert_eq!(paragraphs(text), lines);
    }
}
