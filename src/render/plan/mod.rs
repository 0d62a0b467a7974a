//! Plans as text for people, as a checklist in Markdown, and as data.

mod data;
mod human;
mod markdown;
mod settling;
mod words;

pub use data::{plan_levels, plan_values};
pub use human::plan_human;
pub use markdown::plan_markdown;
pub(in crate::render) use settling::Settling;
pub use words::EvidenceAge;
pub(in crate::render) use words::{phase, said_beside};
