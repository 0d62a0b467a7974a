//! A Report to human text, JSON or SARIF; a JSON report, read back or just made, to every other format.
//!
//! Renderers are leaves: they decide nothing, filter nothing and never touch the exit code.

mod annotations;
mod csv;
pub mod document;
mod fleet;
mod html;
mod human;
mod json;
mod junit;
mod markdown;
mod overview;
mod policyreport;
mod prose;
pub mod rules;
mod sarif;
mod standing;

pub use annotations::{github, gitlab};
pub use csv::csv;
pub use html::html;
pub use human::{human, write_human};
pub use json::{document_json, json, write_json};
pub use junit::junit;
pub use markdown::markdown;
pub use overview::{overview, progress};
pub use policyreport::policyreport;
pub use sarif::{sarif, write_sarif};
