//! How often each rule fires, and how often it cannot be decided.

use std::collections::BTreeMap;

use comfy_table::{Table, presets};

use super::table::lines;
use crate::check::FindingOutcome;
use crate::render::document::Document;
use crate::render::human::visible;

/// A row per rule, those that fire most first.
pub(super) fn text(document: &Document<'_>) -> String {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for finding in &document.findings {
        let [fires, undecided, aside] = counts.entry(&finding.rule).or_default();
        match finding.outcome {
            _ if !finding.is_news() => *aside += 1,
            FindingOutcome::Fires => *fires += 1,
            FindingOutcome::Unknown => *undecided += 1,
        }
    }
    let mut rows: Vec<(&str, [usize; 3])> = counts.into_iter().collect();
    rows.sort_by_key(|(rule, counts)| (std::cmp::Reverse(*counts), *rule));
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["FIRES", "UNDECIDED", "SET ASIDE", "RULE"]);
    for (rule, [fires, undecided, aside]) in rows {
        let cells = [fires, undecided, aside].map(|count| count.to_string());
        table.add_row(cells.into_iter().chain([visible(rule)]));
    }
    lines(&table)
}
