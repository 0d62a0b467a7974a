//! Plans as text for people, as a checklist in Markdown, and as data.

mod human;
mod json;
mod markdown;
mod words;

pub use human::plan_human;
pub use json::{plan_json, plan_values};
pub use markdown::plan_markdown;
pub use words::EvidenceAge;
