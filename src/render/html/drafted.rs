//! The manifest that would replace a cluster, behind a fold.

use crate::render::document::Drafted;
use crate::render::fleet::counted;

/// A drafted manifest.
pub(super) struct DraftedView {
    pub(super) summary: String,
    pub(super) text: String,
}

impl DraftedView {
    pub(super) fn of(drafted: &Drafted<'_>) -> Self {
        let left = match drafted.todo {
            0 => String::new(),
            todo => format!(", {} to fill in", counted(todo, "place", "places")),
        };
        DraftedView {
            summary: format!("Drafted manifest by {}{left}", drafted.method.name()),
            text: drafted.text.to_string(),
        }
    }
}
