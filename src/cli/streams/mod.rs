//! What is written, where, and what no terminal or build log must be driven by.

pub(super) mod door;
pub(super) mod format;
pub(super) mod output;
pub(super) mod terminal;
