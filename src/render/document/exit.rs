//! The exit code of a report that was read: that of a run which had read everything itself.

use super::by_id::ById;
use super::finding::Finding;
use super::shape::{Cluster, Document, Draft, Living, Pair};
use crate::check::{ArrivalVerdict, BROKEN, DraftVerdict, FailOn, FindingOutcome, Tally, Verdict};
use crate::rule::{Level, Weight};

/// The exit code by verdicts and findings; [`BROKEN`] where the document says that a run it comes from was.
pub fn exit_code(document: &Document<'_>, fail_on: FailOn) -> u8 {
    let by_id = ById::of(document);
    let fires = |level| {
        let mut findings = document.findings.iter().filter(|one| one.is_news());
        findings.any(|one| one.outcome == FindingOutcome::Fires && one.level == level)
    };
    let cluster = |verdict| {
        let mut clusters = document.clusters.iter();
        clusters.any(|one| counted(document, one, &by_id) == verdict)
    };
    let mut drafts = document.drafts.iter();
    let draft_unknown =
        drafts.any(|one| counted_draft(document, one, &by_id) == DraftVerdict::Unknown);
    let upgrade = |verdict| {
        let mut living = document.living.iter();
        living.any(|one| counted_upgrade(document, one, &by_id) == Some(verdict))
    };
    let upgrades = |one: &Living<'_>| one.upgrade.as_ref().is_some_and(|one| one.counts);
    let nothing = document.clusters.is_empty()
        && document.drafts.is_empty()
        && !document.living.iter().any(upgrades)
        && !document.pairs.iter().any(|pair| pair.counts);
    let open = |pair: &Pair<'_>| pair.counts && pair.verdict == Some(ArrivalVerdict::Unknown);
    let tally = Tally {
        broken: document.exit == BROKEN,
        errors: fires(Level::Error),
        warnings: fires(Level::Warning),
        unknown: cluster(Verdict::Unknown)
            || draft_unknown
            || upgrade(Verdict::Unknown)
            || document.pairs.iter().any(open),
        action: cluster(Verdict::Action) || upgrade(Verdict::Action),
        unread: nothing || document.skipped.iter().any(|skipped| skipped.counts),
    };
    tally.exit_code(fail_on)
}

/// The verdict by which a cluster counts: its own, or beside a baseline the worst that something new brings about, if
/// that is better.
pub fn counted(document: &Document<'_>, cluster: &Cluster<'_>, by_id: &ById<'_>) -> Verdict {
    let methods = cluster.methods.values();
    let found = methods.flat_map(|judged| by_id.all(&cluster.origin, &judged.findings));
    counted_by(document, found, cluster.verdict)
}

/// The same for the upgrade of a living cluster; `None` where it was not asked for, or has nothing to judge.
pub fn counted_upgrade(
    document: &Document<'_>,
    living: &Living<'_>,
    by_id: &ById<'_>,
) -> Option<Verdict> {
    let upgrade = living.upgrade.as_ref().filter(|one| one.counts)?;
    let found = by_id.all(&living.origin, &upgrade.findings);
    Some(counted_by(document, found, upgrade.verdict?))
}

fn counted_by<'d>(
    document: &Document<'_>,
    found: impl Iterator<Item = &'d Finding<'d>>,
    verdict: Verdict,
) -> Verdict {
    if !document.is_compared() {
        return verdict;
    }
    let news = found.filter(|one| one.is_news()).map(|finding| {
        match (finding.effect.heaviest(), finding.outcome) {
            (Some(Weight::Block | Weight::Error), FindingOutcome::Fires) => Verdict::Blocked,
            (Some(Weight::Block | Weight::Error), FindingOutcome::Unknown) => Verdict::Unknown,
            (Some(Weight::Action), _) => Verdict::Action,
            _ => Verdict::Ready,
        }
    });
    news.max().unwrap_or(Verdict::Ready).min(verdict)
}

/// The same for a draft.
pub fn counted_draft(document: &Document<'_>, draft: &Draft<'_>, by_id: &ById<'_>) -> DraftVerdict {
    if !document.is_compared() {
        return draft.verdict;
    }
    let wrong = |one: &&Finding<'_>| one.is_news() && one.effect.draft == Some(Weight::Error);
    let found = by_id.all(&draft.origin, &draft.findings).filter(wrong);
    let news = found.map(|finding| match finding.outcome {
        FindingOutcome::Fires => DraftVerdict::Error,
        FindingOutcome::Unknown => DraftVerdict::Unknown,
    });
    news.max().unwrap_or(DraftVerdict::Ok).min(draft.verdict)
}

impl Document<'_> {
    /// Whether it tells what is new beside a baseline.
    fn is_compared(&self) -> bool {
        self.further.contains_key("baseline")
    }
}
