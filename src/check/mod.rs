//! Facts and rules to findings, verdicts, and the Report.
//!
//! Pure: no IO. It must not know how a report is shown.

mod exit;
mod label;
mod report;
mod verdict;

pub use exit::{BROKEN, CLEAN, FAILED, FailOn, UNDECIDED, exit_code};
pub use report::{
    ClusterReport, DraftReport, DraftSource, Finding, FindingOutcome, FindingSubject, Input, Label,
    MethodReport, Report, RuleText, Skipped, Target,
};
pub use verdict::{DraftVerdict, Verdict};
