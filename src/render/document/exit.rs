//! The exit code of a merged report: that of a run which had read everything itself.

use super::Document;
use crate::check::{
    BROKEN, CLEAN, CONFIGURATION, DraftVerdict, FAILED, FailOn, FindingOutcome, UNDECIDED, Verdict,
};
use crate::rule::Level;

/// The exit code by verdicts and findings; [`BROKEN`] where the document says that a run it comes from was.
pub fn exit_code(document: &Document<'_>, fail_on: FailOn) -> u8 {
    if document.exit == BROKEN {
        return BROKEN;
    }
    let cluster = |verdict| document.clusters.iter().any(|one| one.verdict == verdict);
    let draft = |verdict| document.drafts.iter().any(|one| one.verdict == verdict);
    let warns = || {
        let mut findings = document.findings.iter().filter(|one| !one.suppressed());
        findings.any(|one| one.outcome == FindingOutcome::Fires && one.level >= Level::Warning)
    };
    let outdated = || {
        let mut findings = document.findings.iter().filter(|one| !one.suppressed());
        findings.any(|one| one.subject.kind == CONFIGURATION && one.level == Level::Error)
    };
    let unknown = cluster(Verdict::Unknown) || draft(DraftVerdict::Unknown);
    let failed = fail_on != FailOn::Never
        && (cluster(Verdict::Blocked)
            || draft(DraftVerdict::Error)
            || outdated()
            || (fail_on >= FailOn::Unknown && unknown)
            || (fail_on >= FailOn::Action && cluster(Verdict::Action))
            || (fail_on >= FailOn::Warning && warns()));
    let nothing = document.clusters.is_empty() && document.drafts.is_empty();
    let unread = document.skipped.iter().any(|skipped| skipped.counts);
    if failed {
        FAILED
    } else if unknown || unread || nothing {
        UNDECIDED
    } else {
        CLEAN
    }
}
