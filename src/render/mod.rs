//! The JSON report as types, read back or just made, to every format; the lines of a run's files are drawn for people. JSON and
//! SARIF of a run are written finding by finding.
//!
//! Renderers are leaves: they decide nothing, filter nothing and never touch the exit code.

pub mod address;
mod annotations;
mod asks;
mod chunks;
mod csv;
pub mod document;
mod fleet;
mod html;
mod human;
mod indented;
mod json;
mod junit;
mod lead;
mod markdown;
mod plan;
mod policyreport;
mod progress;
pub mod releases;
pub mod rules;
mod sarif;
mod standing;
pub mod steps;
mod task;
mod text;
mod unmatched;
mod unproven;
mod upgrades;
mod verify;
mod view;

pub use annotations::{github, write_gitlab};
pub use csv::csv;
pub use html::html;
pub use human::Snippets;
pub use json::{document_json, json, write_json};
pub use junit::write_junit;
pub use lead::{Extent, lead};
pub use markdown::markdown;
pub use plan::{EvidenceAge, plan_human, plan_levels, plan_markdown, plan_values};
pub use policyreport::write_policyreport;
pub use progress::progress;
pub use sarif::{document_sarif, sarif, write_sarif};
pub use text::screen::Screen;

pub use unmatched::unmatched;
pub use verify::{verify_human, verify_markdown};
