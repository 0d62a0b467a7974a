//! Places of the input as the page shows them.

use std::collections::BTreeMap;

use crate::render::document::Label;
use crate::render::standing::Standing;

/// The longest text of a place, in characters.
const TEXT_LIMIT: usize = 90;

/// How many places a finding shows.
const PLACES: usize = 4;

/// A place and what it says.
pub(super) struct PlaceView {
    pub(super) at: String,
    pub(super) text: String,
    pub(super) note: String,
}

/// The places that decide, the deciding one first.
pub(super) fn places(labels: &[Label<'_>], file: &str) -> Vec<PlaceView> {
    let (primary, others): (Vec<&Label<'_>>, Vec<&Label<'_>>) =
        labels.iter().partition(|label| label.primary);
    let places = primary.into_iter().chain(others).take(PLACES);
    places
        .map(|label| PlaceView {
            at: at(label, file),
            text: one_line(&label.text),
            note: label.message.to_string(),
        })
        .collect()
}

/// Where a label is; of the section's own file only line and column.
pub(super) fn at(label: &Label<'_>, file: &str) -> String {
    let (line, column) = (label.start_line, label.start_column);
    if label.uri == file {
        format!("{line}:{column}")
    } else {
        format!("{}:{line}:{column}", label.uri)
    }
}

/// The file that most of a subject's findings point into.
pub(super) fn file_of<'d>(standing: &Standing<'d>) -> &'d str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let lists = [
        &standing.blocks,
        &standing.elsewhere,
        &standing.prepares,
        &standing.tells,
    ];
    for label in lists.into_iter().flatten().filter_map(|one| one.primary()) {
        *counts.entry(&label.uri).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or("", |(file, _)| file)
}

fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(TEXT_LIMIT) {
        line.truncate(cut);
        line.push('\u{2026}');
    }
    line
}
