//! Everything a run has read, ready to be judged.

use std::sync::Arc;

use super::report::{Input, Skipped};
use crate::manifest::{Assume, DuplicateKey, Gathered, Inventory};
use crate::source::Source;

/// Everything that was read.
#[derive(Debug)]
pub struct Evidence {
    /// One per origin.
    pub inventories: Vec<Inventory>,
    /// The texts; `SourceId` is the position.
    pub sources: Vec<Arc<Source>>,
    /// Keys written twice in one mapping.
    pub duplicates: Vec<DuplicateKey>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl Evidence {
    /// The evidence of one origin without a name of its own: loose files and standard input.
    pub fn of(mut gathered: Gathered, assume: &Assume) -> Evidence {
        let holdings = gathered.holdings(String::new());
        let mut skipped: Vec<Skipped> = gathered
            .skipped
            .iter()
            .map(|skipped| Skipped {
                uri: skipped.uri.clone(),
                reason: skipped.reason.to_string(),
                counts: skipped.reason.may_hide_objects(),
            })
            .collect();
        let mut inputs = Vec::new();
        let mut duplicates = Vec::new();
        for loaded in gathered.loaded {
            inputs.push(Input {
                uri: loaded.source.uri.clone(),
                objects: loaded.counted,
            });
            duplicates.extend(loaded.duplicates);
            for problem in &loaded.problems {
                let place = loaded.source.position(problem.span.start);
                skipped.push(Skipped {
                    uri: format!("{}:{}:{}", loaded.source.uri, place.line, place.column),
                    reason: problem.kind.to_string(),
                    counts: !problem.kind.is_harmless(),
                });
            }
        }
        Evidence {
            inventories: vec![Inventory::build(holdings, assume)],
            sources: gathered.sources,
            duplicates,
            inputs,
            skipped,
        }
    }
}
