//! Facts and rules to findings, verdicts, and the Report.
//!
//! Pure: no IO. It must not know how a report is shown.

mod report;
mod verdict;

pub use report::{
    ClusterReport, DraftReport, DraftSource, Finding, FindingOutcome, FindingSubject, Input, Label,
    MethodReport, Report, RuleText, Skipped, Target,
};
pub use verdict::{DraftVerdict, Verdict};
