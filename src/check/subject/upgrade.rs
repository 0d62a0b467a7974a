//! Whether the operator of a living v5 cluster may go on to another release.

use crate::check::report::arrival::UpgradeReport;
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::check::report::level::level;
use crate::check::report::method::MethodReport;
use crate::check::report::verdict::Verdict;
use crate::fact::live::Living;
use crate::rule::Method;

/// The report of an upgrade that was asked for by `--target`. `judge` works it out where it is still to come.
pub(in crate::check) fn upgrade(
    living: &Living<'_>,
    judge: impl FnOnce() -> Option<MethodReport>,
) -> Option<UpgradeReport> {
    let there = living.is_there()?;
    let single = living.surroundings.target.releases.last();
    Some(UpgradeReport {
        from: living.running().value().map(ToString::to_string),
        to: single.map(|release| release.name().to_owned())?,
        operator: living.operator(),
        paused: living.is_paused(),
        judged: if there { None } else { judge() },
    })
}

/// Levels of findings about an upgrade that is what the run was asked for: what blocks it is an error.
pub(in crate::check) fn weigh(told: &mut [Finding], verdict: Option<Verdict>) {
    for finding in told {
        let bears = finding.effect.on(Method::Upgrade).is_some();
        if bears && finding.outcome == FindingOutcome::Fires {
            finding.level = level(finding.effect.weights(), verdict);
        }
    }
}
