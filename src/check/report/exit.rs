//! The exit code: one function of what was found, the same for every output format.

use super::Report;
use super::arrival::LivingReport;
use super::finding::{Finding, FindingOutcome};
use super::verdict::{ArrivalVerdict, DraftVerdict, Verdict};
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

/// The exit code of `verify`: 1 where something is wrong or has not arrived, 3 where something could not be decided or there
/// is nothing to verify.
pub fn verify_exit_code(report: &Report) -> u8 {
    if !report.bugs.is_empty() {
        return BROKEN;
    }
    let is = |wanted: &[ArrivalVerdict]| {
        let mut moves = report.migrations.iter();
        moves.any(|migration| wanted.contains(&migration.verdict))
    };
    let unread = report.skipped.iter().any(|skipped| skipped.counts)
        || report.living.iter().any(|one| !one.candidates.is_empty());
    if is(&[ArrivalVerdict::Wrong, ArrivalVerdict::Incomplete]) {
        FAILED
    } else if is(&[ArrivalVerdict::Unknown]) || unread || report.migrations.is_empty() {
        UNDECIDED
    } else {
        CLEAN
    }
}

/// What decides about the exit code. What was set aside, or is in the baseline, counts nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a question of its own
pub struct Tally {
    /// A rule or the program was at fault.
    pub broken: bool,
    /// Something has level error.
    pub errors: bool,
    /// Something has level warning.
    pub warnings: bool,
    /// A cluster or a draft is undecided.
    pub unknown: bool,
    /// A cluster has preparations to make.
    pub action: bool,
    /// Input could not be read, or there was nothing to check.
    pub unread: bool,
}

impl Tally {
    /// The exit code, before `--exit-zero`. A rule's bug is 2 and outranks everything.
    pub fn exit_code(self, fail_on: FailOn) -> u8 {
        if self.broken {
            return BROKEN;
        }
        let never = fail_on == FailOn::Never;
        let failed = !never
            && (self.errors
                || (fail_on >= FailOn::Unknown && self.unknown)
                || (fail_on >= FailOn::Action && self.action)
                || (fail_on >= FailOn::Warning && self.warnings));
        match (failed, (self.unknown && !never) || self.unread) {
            (true, _) => FAILED,
            (false, true) => UNDECIDED,
            (false, false) => CLEAN,
        }
    }
}

/// The exit code of a finished run, before `--exit-zero`.
pub fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
    let news = |finding: &&Finding| finding.is_news();
    let fires = |level| {
        let mut findings = report.findings.iter().filter(news);
        findings.any(|one| one.outcome == FindingOutcome::Fires && one.level == level)
    };
    let cluster = |verdict| {
        let mut clusters = report.clusters.iter();
        clusters.any(|cluster| report.counted(cluster) == verdict)
    };
    let mut drafts = report.drafts.iter();
    let draft_unknown = drafts.any(|one| report.counted_draft(one) == DraftVerdict::Unknown);
    let upgrade = |verdict| {
        let mut living = report.living.iter();
        living.any(|one| counted_upgrade(report, one) == Some(verdict))
    };
    let upgrades = report.upgrade && report.living.iter().any(|one| one.upgrade.is_some());
    let nothing = report.clusters.is_empty() && report.drafts.is_empty() && !upgrades;
    let tally = Tally {
        broken: !report.bugs.is_empty(),
        errors: fires(Level::Error),
        warnings: fires(Level::Warning),
        unknown: cluster(Verdict::Unknown) || draft_unknown || upgrade(Verdict::Unknown),
        action: cluster(Verdict::Action) || upgrade(Verdict::Action),
        unread: nothing || report.skipped.iter().any(|skipped| skipped.counts),
    };
    tally.exit_code(fail_on)
}

/// The verdict by which the upgrade of a living cluster counts; `None` where it was not asked for, or has nothing to judge.
fn counted_upgrade(report: &Report, living: &LivingReport) -> Option<Verdict> {
    let judged = living.upgrade.as_ref()?.judged.as_ref()?;
    let counted = || report.counted_by(judged.findings.iter(), judged.verdict);
    report.upgrade.then(counted)
}

/// Whether all that may be undecided is that there was nothing to check, and what templates hold that nobody rendered.
pub fn awaits_rendering_alone(report: &Report) -> bool {
    let mut clusters = report.clusters.iter();
    let mut drafts = report.drafts.iter();
    let mut skipped = report.skipped.iter().filter(|skipped| skipped.counts);
    skipped.all(|skipped| skipped.unrendered)
        && clusters.all(|cluster| report.counted(cluster) != Verdict::Unknown)
        && drafts.all(|draft| report.counted_draft(draft) != DraftVerdict::Unknown)
        && report
            .living
            .iter()
            .all(|one| counted_upgrade(report, one) != Some(Verdict::Unknown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_fails_on_nothing_that_is_found_undecided_included() {
        let found = Tally {
            errors: true,
            warnings: true,
            unknown: true,
            action: true,
            ..Tally::default()
        };
        assert_eq!(found.exit_code(FailOn::Never), CLEAN);
        assert_eq!(found.exit_code(FailOn::Blocked), FAILED);
        let unread = Tally {
            unread: true,
            ..found
        };
        assert_eq!(unread.exit_code(FailOn::Never), UNDECIDED);
        let broken = Tally {
            broken: true,
            ..found
        };
        assert_eq!(broken.exit_code(FailOn::Never), BROKEN);
    }
}
