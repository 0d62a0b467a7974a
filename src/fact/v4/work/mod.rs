//! What is under way, was left by an earlier attempt, or is not as the Pgcluster asks.

pub(super) mod abandoned;
pub(super) mod adopting;
pub(super) mod attempt;
pub(super) mod contradictions;
pub(super) mod orphans;
pub(super) mod workflow;
