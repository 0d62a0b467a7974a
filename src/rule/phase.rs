//! When in the course of a move something is done.

use serde::{Deserialize, Serialize};

/// A phase of the move that a preparation or a warning belongs to, in the order of doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// While v4 runs, days or weeks before.
    Prepare,
    /// When the applications are taken offline and v4 is stopped.
    Stop,
    /// When the v5 cluster is made.
    Move,
    /// When it is shown that everything arrived.
    Prove,
    /// Afterwards.
    CleanUp,
    /// At no time in particular: to be known.
    Know,
}

impl Phase {
    /// All phases, in the order of doing.
    pub const ALL: [Phase; 6] = [
        Phase::Prepare,
        Phase::Stop,
        Phase::Move,
        Phase::Prove,
        Phase::CleanUp,
        Phase::Know,
    ];

    /// As written in rules and reports.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Prepare => "prepare",
            Phase::Stop => "stop",
            Phase::Move => "move",
            Phase::Prove => "prove",
            Phase::CleanUp => "clean-up",
            Phase::Know => "know",
        }
    }
}
