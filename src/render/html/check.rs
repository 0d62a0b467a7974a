//! A line of a checklist: of what has arrived, or of what a person ticks off on paper.

use super::section::{Item, Shape};
use crate::check::FindingOutcome;
use crate::render::document::{Finding, Held};
use crate::render::fleet::bearing;
use crate::rule::Weight;

/// A line with its box.
pub(super) struct Check {
    /// Whether it is ticked.
    pub(super) done: bool,
    /// How it came out, in a word.
    pub(super) word: &'static str,
    pub(super) class: &'static str,
    pub(super) item: Item,
}

impl Check {
    /// Something about a migration that does not hold, or could not be decided.
    pub(super) fn of(finding: &Finding<'_>, shape: &Shape<'_>) -> Self {
        let fires = finding.outcome == FindingOutcome::Fires;
        let (word, class) = match finding.effect.moved {
            _ if !fires => ("open", "unknown"),
            Some(Weight::Wrong) => ("wrong", "blocked"),
            Some(Weight::Incomplete) => ("to do", "action"),
            _ => ("note", ""),
        };
        Check {
            done: false,
            word,
            class,
            item: Item::full(finding, shape, bearing(finding), ""),
        }
    }

    /// Something that holds.
    pub(super) fn held(held: &Held<'_>, shape: &Shape<'_>) -> Self {
        Check {
            done: true,
            word: "ok",
            class: "ready",
            item: Item::said(&held.holds, &held.rule, shape),
        }
    }

    /// The order on the page: what is wrong first, what holds last.
    pub(super) fn rank(&self) -> usize {
        let order = ["wrong", "to do", "open", "note", "ok"];
        let place = order.iter().position(|word| *word == self.word);
        place.unwrap_or(order.len())
    }
}
