//! Findings for people in full: the lines that decide, why, what is missing, what to do; and the words and colours of verdicts.
//!
//! Colour is decided by the caller; names and texts from input are made safe to print first.

mod excerpt;
mod snippet;
mod style;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::document::{Document, Finding, Label};
use super::text::screen::Screen;
use super::text::wrap::filled;
use crate::check::FindingOutcome;
pub(super) use crate::printable::{visible, visible_char};
use crate::rule::{Level, Method, Weight};

pub use snippet::Snippets;
use style::bold;
pub(super) use style::{paint, verdict_style};

/// Every finding of a report in full, as it is in its document.
#[derive(Debug)]
pub(super) struct InFull<'d> {
    document: &'d Document<'d>,
    screen: Screen,
    /// What is the same for each finding of a rule, laid out: the notes before and after those of the finding itself.
    notes: BTreeMap<&'d str, (String, String)>,
}

impl<'d> InFull<'d> {
    pub(super) fn of(document: &'d Document<'d>, screen: Screen) -> Self {
        InFull {
            document,
            screen,
            notes: BTreeMap::new(),
        }
    }

    /// One finding, with its lines as they were drawn; without them, its places and what stands there.
    pub(super) fn finding(&mut self, finding: &'d Finding<'d>, lines: Option<String>) -> String {
        self.told(finding, lines, true, true)
    }

    /// Findings of one rule: each with its lines, and once, with the last, what is the same of all.
    pub(super) fn of_a_rule(
        &mut self,
        findings: &[&'d Finding<'d>],
        lines: &dyn Fn(&Finding<'_>) -> Option<String>,
    ) -> Vec<String> {
        let mut fixes = findings.iter().map(|one| &one.fix);
        let first = fixes.next();
        let same = fixes.all(|fix| Some(fix) == first);
        let last = findings.len().saturating_sub(1);
        let each = findings.iter().enumerate();
        each.map(|(nth, finding)| {
            let ends = nth == last;
            self.told(finding, lines(finding), ends, ends || !same)
        })
        .collect()
    }

    /// One finding; `notes` are those of its rule.
    fn told(
        &mut self,
        finding: &'d Finding<'d>,
        lines: Option<String>,
        notes: bool,
        fix: bool,
    ) -> String {
        let mut out = String::new();
        let Screen { width, colour, .. } = self.screen;
        let (word, style) = match (finding.outcome, finding.level) {
            (FindingOutcome::Unknown, _) => ("unknown", AnsiColor::Magenta),
            (_, Level::Error) => ("error", AnsiColor::Red),
            (_, Level::Warning) => ("warning", AnsiColor::Yellow),
            (_, Level::Note) => ("note", AnsiColor::Cyan),
        };
        let head = format!("{word}[{}]", visible(&finding.rule));
        let message = visible(&finding.message);
        let rest = filled(&format!("{head}: {message}"), width, "", 0).join("\n");
        let rest = rest.strip_prefix(&head).unwrap_or(&rest);
        let _ = writeln!(
            out,
            "{}{}",
            paint(&head, bold(style), colour),
            paint(rest, Style::new().bold(), colour)
        );
        match lines {
            Some(lines) => out.push_str(&lines),
            None => finding.labels.iter().for_each(|one| place(&mut out, one)),
        }
        let screen = self.screen;
        note(&mut out, "means", &meaning(finding), screen);
        let rules = &self.document.rules;
        let (why, source) = self.notes.entry(&finding.rule).or_insert_with(|| {
            let (mut why, mut source) = (String::new(), String::new());
            if let Some(rule) = rules.get(&finding.rule) {
                note(&mut why, "why", &rule.why, screen);
                let rests = rule.source.as_deref().unwrap_or_default();
                note(&mut source, "source", rests, screen);
            }
            (why, source)
        });
        if notes {
            out.push_str(why);
        }
        for gap in &finding.gaps {
            let missing = format!("{} ({})", gap.missing, gap.because);
            note(&mut out, "missing", &missing, screen);
            note(&mut out, "settle it", &gap.ask, screen);
        }
        if fix {
            note(&mut out, "fix", &finding.fix, screen);
        }
        if notes {
            out.push_str(source);
        }
        out
    }
}

/// `  --> file:line:column: what stands there (what it is)`, where the lines themselves are not at hand.
fn place(out: &mut String, label: &Label<'_>) {
    let arrow = if label.primary { "-->" } else { "   " };
    let place = format!("{}:{}:{}", label.uri, label.start_line, label.start_column);
    let text = label.text.lines().next().unwrap_or_default();
    let what = match &*label.message {
        "" => String::new(),
        message => format!(" ({message})"),
    };
    let line = visible(&format!("{place}: {text}{what}"));
    let _ = writeln!(out, "  {arrow} {line}");
}

/// What a finding does to its subject: "blocks volumes; prepare for backups".
fn meaning(finding: &Finding<'_>) -> String {
    let undecided = finding.outcome == FindingOutcome::Unknown;
    let mut parts: Vec<String> = Vec::new();
    let weights = Method::ALL.into_iter();
    for (method, weight) in weights.filter_map(|one| Some((one, finding.effect.on(one)?))) {
        let words = match (weight, undecided) {
            (Weight::Block, false) => "blocks",
            (Weight::Block, true) => "leaves unknown",
            (Weight::Action, false) => "to do before",
            (Weight::Action, true) => "to confirm before",
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
fn note(out: &mut String, name: &str, text: &str, screen: Screen) {
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
            filled(&line, screen.width, start, indent.len()).join("\n")
        };
        let wrapped = wrapped.trim_end();
        match (first, wrapped.strip_prefix(head.trim_end())) {
            (true, Some(rest)) => {
                let _ = writeln!(
                    out,
                    "{}{rest}",
                    paint(head.trim_end(), bold(AnsiColor::Blue), screen.colour)
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
