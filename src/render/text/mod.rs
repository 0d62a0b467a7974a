//! Paragraphs, names and commands to lines of a width.

pub(super) mod page;
pub(super) mod prose;
pub(super) mod screen;
pub(super) mod wrap;
