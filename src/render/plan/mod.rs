//! Plans as text for people, as a checklist in Markdown, and as data.

mod data;
mod human;
mod markdown;
mod words;

pub use data::{plan_levels, plan_values};
pub use human::plan_human;
pub use markdown::plan_markdown;
pub use words::EvidenceAge;
pub(in crate::render) use words::{Settling, phase, said_beside};
