//! The exit code: one function of the Report, the same for every output format.

use super::report::{CONFIGURATION, Finding, FindingOutcome, Report};
use super::verdict::{DraftVerdict, Verdict};
use crate::rule::Level;

/// From which outcome on a run exits with 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailOn {
    /// A cluster has no open method, or a draft has an error.
    #[default]
    Blocked,
    /// Also: a cluster's or draft's verdict is unknown.
    Unknown,
    /// Also: a cluster has preparations to make.
    Action,
    /// Also: any warning.
    Warning,
    /// Nothing that is found fails the run.
    Never,
}

/// Clean.
pub const CLEAN: u8 = 0;
/// A cluster has no open method, or a draft has an error.
pub const FAILED: u8 = 1;
/// The tool, its configuration, a rule or its usage failed.
pub const BROKEN: u8 = 2;
/// Nothing worse than unknown, input that could not be read, or nothing to check.
pub const UNDECIDED: u8 = 3;

/// The exit code of a finished run, before `--exit-zero`. A rule's bug is 2 and outranks everything.
pub fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
    if !report.bugs.is_empty() {
        return BROKEN;
    }
    let worst = |verdict| {
        report
            .clusters
            .iter()
            .any(|cluster| report.counted(cluster) == verdict)
    };
    let draft = |verdict| {
        let mut drafts = report.drafts.iter();
        drafts.any(|draft| report.counted_draft(draft) == verdict)
    };
    let fires = |finding: &Finding| finding.is_news() && finding.outcome == FindingOutcome::Fires;
    let outdated = || {
        let mut findings = report.findings.iter();
        findings.any(|f| f.subject.kind == CONFIGURATION && fires(f) && f.level == Level::Error)
    };
    let warns = || {
        report
            .findings
            .iter()
            .any(|f| fires(f) && f.level >= Level::Warning)
    };
    let unknown = worst(Verdict::Unknown) || draft(DraftVerdict::Unknown);
    let failed = match fail_on {
        FailOn::Never => false,
        level => {
            worst(Verdict::Blocked)
                || draft(DraftVerdict::Error)
                || outdated()
                || (level >= FailOn::Unknown && unknown)
                || (level >= FailOn::Action && worst(Verdict::Action))
                || (level >= FailOn::Warning && warns())
        }
    };
    let nothing = report.clusters.is_empty() && report.drafts.is_empty();
    let unread = report.skipped.iter().any(|skipped| skipped.counts);
    match (failed, unknown || unread || nothing) {
        (true, _) => FAILED,
        (false, true) => UNDECIDED,
        (false, false) => CLEAN,
    }
}
