//! The JSON report, version 2, as types (`docs/report.schema.json`): written by `check --format json`, read back by
//! `report`, and what every format but the human text of `check` is made from. Version 1 is read, and brought to this form.
//!
//! Texts are borrowed where a run's Report still holds them, and owned where they were read from a file. It must not
//! know how anything is shown.

mod by_id;
mod change;
mod effect;
mod exit;
mod finding;
mod merge;
mod narrow;
mod of_living;
mod of_report;
mod of_value;
mod part;
mod plan;
mod read;
mod remedy;
mod shape;
mod shared;
mod since;
mod verification;

pub use by_id::ById;
pub use change::{Change, Moved, Since, Work};
pub use effect::Effect;
pub use exit::{counted, counted_draft, counted_upgrade, exit_code};
pub use finding::{Finding, Further, Gap, Label, Place, RuleText, Subject, Text};
pub use merge::{Merged, merge};
pub use narrow::{Narrow, governed_by};
pub(in crate::render) use of_living::pairs;
pub(in crate::render) use of_report::{TEXT_LIMIT, further};
pub use plan::{Drafted, Plan, PlanStep, StepState};
pub use read::{ReadError, read};
pub use shape::{
    Cluster, Document, Draft, Held, Input, Judged, Living, Named, Pair, Replaced, Skipped, Target,
    TargetFlag, Tool, VERSION, title,
};
pub(in crate::render) use shared::Shared;
pub use since::since;

#[cfg(test)]
mod tests;
