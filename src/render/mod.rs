//! A Report to human text, JSON or SARIF; a JSON report, read back or just made, to every other format.
//!
//! Renderers are leaves: they decide nothing, filter nothing and never touch the exit code.

pub mod document;
mod fleet;
mod html;
mod human;
mod json;
mod overview;
mod prose;
pub mod rules;
mod sarif;
mod standing;

pub use html::html;
pub use human::human;
pub use json::{document_json, json};
pub use overview::{overview, progress};
pub use sarif::sarif;
