//! Labelled source lines. The only file that names codespan-reporting.

use std::collections::HashMap;
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Config};

use super::excerpt::Excerpt;
use super::visible;
use crate::check::{Finding, FindingOutcome, Report};
use crate::rule::Level;
use crate::source::Span;

struct Excerpts(Vec<Excerpt>);

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0
            .get(id)
            .map(|excerpt| excerpt.name.as_str())
            .ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0
            .get(id)
            .map(|excerpt| excerpt.text.as_str())
            .ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        self.0
            .get(id)
            .and_then(|excerpt| excerpt.line_at(byte))
            .ok_or(Error::FileMissing)
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        self.0
            .get(id)
            .and_then(|excerpt| excerpt.line(index))
            .ok_or(Error::FileMissing)
    }

    fn column_number(&'a self, id: usize, index: usize, byte: usize) -> Result<usize, Error> {
        self.0
            .get(id)
            .and_then(|excerpt| excerpt.column(index, byte))
            .ok_or(Error::FileMissing)
    }
}

/// The lines of a run's findings.
#[derive(Debug)]
pub struct Snippets<'r> {
    report: &'r Report,
    /// By origin and id.
    findings: HashMap<(&'r str, &'r str), &'r Finding>,
}

impl<'r> Snippets<'r> {
    /// Of all findings of a run.
    pub fn of(report: &'r Report) -> Self {
        let findings = report.findings.iter();
        let named = findings.map(|one| ((one.subject.origin.as_str(), &*one.id), one));
        Snippets {
            report,
            findings: named.collect(),
        }
    }

    /// The lines that a finding points at, drawn. With `colour`, ANSI styles are written.
    pub fn draw(&self, origin: &str, id: &str, colour: bool) -> Option<String> {
        let finding = self.findings.get(&(origin, id))?;
        Some(snippet(self.report, finding, colour))
    }
}

/// The labelled lines of a finding, without a header.
fn snippet(report: &Report, finding: &Finding, colour: bool) -> String {
    let (excerpts, labels) = excerpts(report, finding);
    let severity = match (finding.outcome, finding.level) {
        (FindingOutcome::Unknown, _) | (_, Level::Note) => Severity::Note,
        (_, Level::Warning) => Severity::Warning,
        (_, Level::Error) => Severity::Error,
    };
    let diagnostic = Diagnostic::new(severity).with_labels(labels);
    let config = Config::default();
    let drawn = if colour {
        let mut buffer = term::termcolor::Buffer::ansi();
        term::emit_to_write_style(&mut buffer, &config, &excerpts, &diagnostic)
            .map(|()| String::from_utf8_lossy(buffer.as_slice()).into_owned())
    } else {
        let mut text = String::new();
        term::emit_to_string(&mut text, &config, &excerpts, &diagnostic).map(|()| text)
    };
    // The header is ours, and so is what follows the snippet.
    let drawn = drawn.unwrap_or_default();
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    let mut body = body.trim_end().to_owned();
    if !body.is_empty() {
        body.push('\n');
    }
    body
}

/// One excerpt for each source that labels lie in, and the labels moved into them.
fn excerpts(report: &Report, finding: &Finding) -> (Excerpts, Vec<Label<usize>>) {
    let mut ids: Vec<u32> = Vec::new();
    for label in &finding.labels {
        if !ids.contains(&label.span.source.0) {
            ids.push(label.span.source.0);
        }
    }
    let mut excerpts = Vec::new();
    let mut labels = Vec::new();
    for id in ids {
        let Some(source) = report.sources.get(id as usize) else {
            continue;
        };
        let here: Vec<_> = finding
            .labels
            .iter()
            .filter(|label| label.span.source.0 == id)
            .collect();
        let spans: Vec<Span> = here.iter().map(|label| label.span).collect();
        let excerpt = Excerpt::new(source, &spans);
        for label in here {
            let Some(range) = excerpt.place(source, label.span) else {
                continue;
            };
            let style = if label.primary {
                LabelStyle::Primary
            } else {
                LabelStyle::Secondary
            };
            labels.push(
                Label::new(style, excerpts.len(), range).with_message(visible(&label.message)),
            );
        }
        excerpts.push(excerpt);
    }
    (Excerpts(excerpts), labels)
}
