//! What outlives a v4 cluster (claims, volumes, what v5 left), and what an export from after its deletion says of that.

use crate::check::report::finding::{Finding, FindingOutcome};
use crate::rule::Step;

/// What counts of what was found about v4 when it was there last, and about what is left of it now. Of what outlives v4 the
/// later counts: what fires now, and of what was found then what is not known to be otherwise by now.
pub(super) fn outlived(
    findings: &[Finding],
    then: Vec<usize>,
    now: &[usize],
    steps: &[&Step],
) -> Vec<usize> {
    let rule = |at: &usize| findings.get(*at).map(|one| &one.rule);
    let outlives = |at: &usize| {
        let mut steps = steps.iter().filter(|step| step.outlives_v4);
        rule(at).is_some_and(|rule| steps.any(|step| step.answers.contains(rule)))
    };
    let fires = |at: &usize| {
        let outcome = findings.get(*at).map(|one| one.outcome);
        outcome == Some(FindingOutcome::Fires)
    };
    let still = |at: &usize| {
        now.iter()
            .any(|later| rule(later) == rule(at) && !fires(later))
    };
    let kept = then.into_iter().filter(|at| !outlives(at) || still(at));
    let mut all: Vec<usize> = kept.collect();
    all.extend(now.iter().filter(|at| outlives(at) && fires(at)));
    all.sort_unstable();
    all
}
