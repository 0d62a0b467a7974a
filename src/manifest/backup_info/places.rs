//! Where words of pgBackRest's list stand in its text.

use std::collections::HashMap;

use crate::source::{SourceId, Span};

/// The text of a list, and where it came from.
pub(super) struct Places<'a> {
    source: SourceId,
    text: &'a str,
    labels: HashMap<&'a str, usize>,
}

impl<'a> Places<'a> {
    pub(super) fn of(source: SourceId, text: &'a str) -> Places<'a> {
        let labels = labels(text);
        Places {
            source,
            text,
            labels,
        }
    }

    /// Where a backup's own label stands.
    pub(super) fn label(&self, label: &str) -> Span {
        let start = self.labels.get(label).copied().unwrap_or(0);
        self.span(start, start + label.len())
    }

    /// The first key of this name whose value begins like that; where the list begins if there is none.
    pub(super) fn key(&self, key: &str, value: &str) -> Span {
        let quoted = format!("\"{key}\"");
        let found = self.text.match_indices(&quoted).find(|(at, _)| {
            let rest = self.text.get(at + quoted.len()..).unwrap_or("");
            rest.trim_start_matches(SPACE).starts_with(value)
        });
        let start = found.map_or(0, |(at, _)| at);
        let end = found.map_or_else(
            || usize::from(!self.text.is_empty()),
            |(at, _)| at + quoted.len(),
        );
        self.span(start, end)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            source: self.source,
            start: u32::try_from(start).unwrap_or(0),
            end: u32::try_from(end).unwrap_or(0),
        }
    }
}

/// What stands between a key and its value.
const SPACE: [char; 5] = [' ', '\t', '\r', '\n', ':'];

/// Where each label stands as a backup's own, not as another's reference: behind the key `label`.
fn labels(text: &str) -> HashMap<&str, usize> {
    let mut places = HashMap::new();
    for (key, _) in text.match_indices("\"label\"") {
        let rest = text.get(key + "\"label\"".len()..).unwrap_or("");
        let value = rest.trim_start_matches(SPACE);
        let Some(label) = value
            .strip_prefix('"')
            .and_then(|rest| rest.get(..rest.find('"')?))
        else {
            continue;
        };
        let start = text.len() - value.len() + 1;
        places.entry(label).or_insert(start);
    }
    places
}
