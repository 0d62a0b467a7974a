//! What the JSON report of a verification tells besides its moves.

use serde_json::json;

use super::finding::Further;
use super::shape::{Document, title};
use crate::check::Report;
use crate::render::unproven::NOT_IN_OBJECTS;

/// What a verification tells besides its moves: which v4 clusters have not begun, and what no object proves.
pub(super) fn add(report: &Report, further: &mut Further) {
    let unmoved = report.unmoved.iter();
    let unmoved: Vec<_> = unmoved
        .map(|(namespace, name)| json!({"namespace": namespace, "name": name}))
        .collect();
    if !unmoved.is_empty() {
        further.insert(NOT_MOVED.to_owned(), json!(unmoved));
    }
    let asked = NOT_IN_OBJECTS.map(|(what, how)| json!({"what": what, "how": how}));
    further.insert(UNPROVEN.to_owned(), json!(asked));
}

/// The v4 clusters of a verification that have not begun to move.
const NOT_MOVED: &str = "notMoved";
/// What no object proves, in a verification.
const UNPROVEN: &str = "notInObjects";

impl Document<'_> {
    /// Whether it is a verification, and nothing else was merged into it.
    pub fn verifies(&self) -> bool {
        let alone = self.clusters.is_empty() && self.drafts.is_empty() && self.plans.is_empty();
        alone && self.further.contains_key(UNPROVEN)
    }

    /// The v4 clusters of a verification that have not begun to move, as namespace/name.
    pub(in crate::render) fn not_moved(&self) -> Vec<String> {
        let rows = self.further.get(NOT_MOVED).and_then(|one| one.as_array());
        let text = |row: &serde_json::Value, key: &str| {
            row.get(key)
                .and_then(|one| one.as_str())
                .unwrap_or("")
                .to_owned()
        };
        let rows = rows.into_iter().flatten();
        rows.map(|row| title("", &text(row, "namespace"), &text(row, "name")))
            .collect()
    }
}
