//! The clusters that share an operator: it goes on for all of them at once, so that the plan of one rests on the others, too.

use crate::check::{CourseReport, LivingReport, Report, UpgradeReport, Verdict};

/// How many are named before the rest are counted.
const NAMED: usize = 3;

/// The other clusters of an operator that is to be upgraded, as far as something is left to do for them.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    /// Those that are blocked.
    pub(super) blocked: Vec<String>,
    /// Those of which that is not known.
    pub(super) unknown: Vec<String>,
    /// Those that have preparations of their own.
    preparing: Vec<String>,
}

/// The others that the operator of a course's cluster manages, or may manage. What is paused stays as it is, whatever
/// the operator's release is, until somebody lets it go on.
pub(super) fn siblings(report: &Report, course: &CourseReport) -> Siblings {
    let mut found = Siblings::default();
    let Some((own, upgrade)) = judged(report.living.get(course.subject)) else {
        return found;
    };
    for (other, its) in report.living.iter().filter_map(|one| judged(Some(one))) {
        let itself = (&own.namespace, &own.name) == (&other.namespace, &other.name);
        let apart = own.origin != other.origin || its.paused;
        if itself || apart || !share(upgrade, its) {
            continue;
        }
        let list = match its.verdict() {
            Some(Verdict::Blocked) => &mut found.blocked,
            Some(Verdict::Unknown) => &mut found.unknown,
            Some(Verdict::Action) => &mut found.preparing,
            Some(Verdict::Ready) | None => continue,
        };
        list.push(match other.namespace.as_str() {
            "" => other.name.clone(),
            namespace => format!("{namespace}/{}", other.name),
        });
    }
    found
}

fn judged(living: Option<&LivingReport>) -> Option<(&LivingReport, &UpgradeReport)> {
    let living = living?;
    Some((living, living.upgrade.as_ref()?))
}

/// Where it is not known which operator manages one of them, it may be the same.
fn share(one: &UpgradeReport, other: &UpgradeReport) -> bool {
    match (&one.operator, &other.operator) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

impl Siblings {
    /// Whether the operator must stay as it is for now.
    pub(super) fn hold(&self) -> bool {
        !self.blocked.is_empty() || !self.unknown.is_empty()
    }

    /// What is to be said of them; nothing where there is nothing left to do for any.
    pub(super) fn words(&self) -> Option<String> {
        let held = "only preparations are shown, because an operator goes on for all its clusters at once (what is paused, by spec.paused, stays as it is)";
        let said = if !self.blocked.is_empty() {
            let are = is_or_are(&self.blocked);
            format!("{}, too, {are} blocked: {held}", names(&self.blocked))
        } else if !self.unknown.is_empty() {
            let are = is_or_are(&self.unknown);
            format!("{}, too, {are} undecided: {held}", names(&self.unknown))
        } else if !self.preparing.is_empty() {
            format!(
                "{}, too: what is to be prepared there comes before the operator is upgraded",
                names(&self.preparing)
            )
        } else {
            return None;
        };
        Some(format!("The same operator manages {said}"))
    }
}

fn is_or_are(names: &[String]) -> &'static str {
    if names.len() == 1 {
        "which is"
    } else {
        "which are"
    }
}

fn names(all: &[String]) -> String {
    let named = all.iter().take(NAMED).cloned().collect::<Vec<_>>();
    match all.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
