//! What is said of the input itself and of the configuration, and what was not read.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::asking::end_paragraph;
use super::escape::{code, escape};
use crate::render::document::{Document, Finding};
use crate::render::lead::of_nobody;
use crate::rule::Level;

/// How many of each are told.
const TOLD: usize = 20;

/// How a finding is told as one of a list: with its number, in full, as one by which data can be lost.
type Item = fn(&mut String, usize, &Finding<'_>, bool, bool);

/// Writes both.
pub(super) fn write(out: &mut String, document: &Document<'_>, item: Item) {
    of_the_input(out, document, item);
    skipped(out, document);
}

/// What no cluster and no draft names: about the input itself, and the configuration.
fn of_the_input(out: &mut String, document: &Document<'_>, item: Item) {
    let mut found = of_nobody(document);
    if found.is_empty() {
        return;
    }
    found.sort_by_key(|one| Reverse(one.level));
    out.push_str("## About the input and the configuration\n\n");
    for (index, finding) in found.iter().take(TOLD).enumerate() {
        item(
            out,
            index + 1,
            finding,
            finding.level == Level::Error,
            false,
        );
    }
    end_paragraph(out);
    if found.len() > TOLD {
        let _ = writeln!(out, "and {} more\n", found.len() - TOLD);
    }
}

fn skipped(out: &mut String, document: &Document<'_>) {
    let skipped: Vec<_> = document.skipped.iter().filter(|one| one.counts).collect();
    if skipped.is_empty() {
        return;
    }
    out.push_str("## Not read\n\n");
    for one in skipped.iter().take(TOLD) {
        let _ = writeln!(out, "- {}: {}", code(&one.uri), escape(&one.reason));
    }
    if skipped.len() > TOLD {
        let _ = writeln!(out, "- and {} more", skipped.len() - TOLD);
    }
    out.push('\n');
}
