//! A Report to human text, JSON or SARIF.
//!
//! Renderers are leaves: they decide nothing, filter nothing and never touch the exit code.

mod human;
mod json;
pub mod rules;
mod sarif;

pub use human::human;
pub use json::json;
pub use sarif::sarif;
