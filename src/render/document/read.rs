//! The text of a JSON report to a Document, or what is wrong with it and where.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::shape::{Document, Named, Pair, VERSION};
use crate::check::level;
use crate::check::{FindingOutcome, Verdict};

/// Why a text is no report that this program can read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is a report of another version of the shape.
    #[error(
        "it is a report in version {0} of the shape; this program reads versions 1 and {VERSION}"
    )]
    Version(String),
    /// It is no JSON report, or not all of one.
    #[error("it is no report that `check --format json` has written: {0}")]
    Shape(String),
    /// A small file that stands for a huge one.
    #[error(
        "it is no report that `check --format json` has written: texts that it holds once are meant so often that they would fill the memory"
    )]
    Unfolded,
}

/// As much as any version will have.
#[derive(Deserialize)]
struct Header {
    version: serde_json::Value,
}

/// Reads a report. Keys that are not known are kept; hostile or cut-off text is an error with its line and column.
pub fn read(text: &[u8]) -> Result<Document<'static>, ReadError> {
    match serde_json::from_slice::<Document<'static>>(text) {
        Ok(mut document) if document.version == VERSION || document.version == 1 => {
            document.resolve(text.len()).ok_or(ReadError::Unfolded)?;
            Ok(match document.version {
                1 => of_version_1(document),
                _ => document,
            })
        }
        Ok(document) => Err(ReadError::Version(document.version.to_string())),
        Err(error) => Err(reason(text, &error)),
    }
}

/// A report of version 1: gaps stood in each finding, what a rule rests on beside it, pairs in the drafts, and a block was
/// an error whatever its cluster's verdict.
fn of_version_1(mut document: Document<'static>) -> Document<'static> {
    document.version = VERSION;
    let mut verdicts: HashMap<(&str, &str), Verdict> = HashMap::new();
    for cluster in &document.clusters {
        for id in cluster.methods.values().flat_map(|judged| &judged.findings) {
            verdicts.insert((&cluster.origin, id), cluster.verdict);
        }
    }
    let rules = &mut document.rules;
    for finding in &mut document.findings {
        if finding.outcome == FindingOutcome::Fires {
            let cluster = verdicts.get(&(&*finding.subject.origin, &*finding.id));
            finding.level = level(finding.weights(), cluster.copied());
        }
        if let (Some(rule), Some(source)) = (rules.get_mut(&finding.rule), &finding.source) {
            rule.source.get_or_insert_with(|| source.clone());
        }
    }
    let pairs = document.drafts.iter().filter_map(|draft| {
        let source = draft.source.as_ref()?;
        Some(Pair {
            edge: Cow::Borrowed(Pair::REPLACES),
            draft: Some(Named {
                origin: Some(draft.origin.clone()),
                namespace: draft.namespace.clone(),
                name: draft.name.clone(),
            }),
            living: None,
            cluster: Named {
                origin: None,
                namespace: source.namespace.clone(),
                name: source.name.clone(),
            },
            why: source.why.clone(),
            verdict: None,
            counts: false,
            findings: Vec::new(),
            passed: Vec::new(),
        })
    });
    document.pairs = pairs.collect();
    document
}

/// The reason that helps most: another version's fields are not wrong, they are another version's.
fn reason(text: &[u8], error: &serde_json::Error) -> ReadError {
    match serde_json::from_slice::<Header>(text) {
        Ok(Header { version }) if version != VERSION && version != 1 => {
            ReadError::Version(printable(&version.to_string()))
        }
        _ => ReadError::Shape(printable(&error.to_string())),
    }
}

/// What stands in a file must not drive the terminal that shows the error; and it need not be shown whole.
fn printable(text: &str) -> String {
    let shown = text.chars().take(300);
    shown
        .flat_map(|character| {
            let harmless = !character.is_control();
            let plain = harmless.then_some(character);
            let escaped = (!harmless).then(|| character.escape_default());
            plain.into_iter().chain(escaped.into_iter().flatten())
        })
        .collect()
}
