//! One cluster or draft to what its reader does about it: reasons per method, steps in order, what is to be known.
//!
//! Derived from the report alone; it must not know how it is shown, and decides no verdict.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::document::{ById, Cluster, Draft, Finding, Gap, Judged};
use super::fleet::{Bearing, bearing, counted, of_cluster, of_draft};
use crate::check::{FindingOutcome, Verdict};
use crate::rule::{Method, Weight};

/// How many reasons a method gives in full.
const REASONS: usize = 3;

/// A cluster's or draft's findings by what they ask for, each list in the order of the report.
#[derive(Debug, Default)]
pub(super) struct Standing<'d> {
    /// They rule out every method, or are what is wrong with a draft.
    pub(super) blocks: Vec<&'d Finding<'d>>,
    /// They rule out a method, where another is open.
    pub(super) elsewhere: Vec<&'d Finding<'d>>,
    /// They would, or would call for a preparation, and could not be decided.
    pub(super) undecided: Vec<&'d Finding<'d>>,
    /// They are to be prepared.
    pub(super) prepares: Vec<&'d Finding<'d>>,
    /// To be known.
    pub(super) tells: Vec<&'d Finding<'d>>,
    /// Set aside by their owner.
    pub(super) suppressed: Vec<&'d Finding<'d>>,
}

impl<'d> Standing<'d> {
    /// Of a cluster.
    pub(super) fn of_cluster(cluster: &Cluster<'d>, by_id: &ById<'d>) -> Self {
        let mut standing = Standing::of(of_cluster(cluster, by_id));
        if cluster.verdict < Verdict::Blocked {
            standing.elsewhere = std::mem::take(&mut standing.blocks);
        }
        standing
    }

    /// Of a draft.
    pub(super) fn of_draft(draft: &Draft<'d>, by_id: &ById<'d>) -> Self {
        Standing::of(of_draft(draft, by_id))
    }

    fn of(findings: Vec<&'d Finding<'d>>) -> Self {
        let mut standing = Standing::default();
        for finding in findings {
            let list = match bearing(finding) {
                _ if finding.suppressed() => &mut standing.suppressed,
                Bearing::Blocks => &mut standing.blocks,
                Bearing::Undecided => &mut standing.undecided,
                Bearing::Prepares => &mut standing.prepares,
                Bearing::Tells => &mut standing.tells,
            };
            list.push(finding);
        }
        standing
    }

    /// The number of things to do or to settle.
    pub(super) fn left(&self) -> usize {
        self.blocks.len() + self.undecided.len() + self.prepares.len()
    }

    /// The commands that settle what is undecided, each once, with what each settles; those that settle most first.
    pub(super) fn asks(&self) -> Vec<Ask<'d>> {
        let mut asks: BTreeMap<&str, Ask<'_>> = BTreeMap::new();
        let tells = self.tells.iter();
        let undecided = tells.filter(|one| one.outcome == FindingOutcome::Unknown);
        for finding in self.undecided.iter().chain(undecided) {
            for gap in &finding.gaps {
                let ask = asks.entry(&gap.ask).or_insert(Ask {
                    command: &gap.ask,
                    gaps: Vec::new(),
                    settles: 0,
                });
                ask.settles += 1;
                if !ask.gaps.iter().any(|seen| seen.missing == gap.missing) {
                    ask.gaps.push(gap);
                }
            }
        }
        let mut asks: Vec<Ask<'_>> = asks.into_values().collect();
        asks.sort_by_key(|one| (Reverse(one.settles), one.command));
        asks
    }
}

/// A command that settles something.
#[derive(Debug)]
pub(super) struct Ask<'d> {
    /// The command or flag.
    pub(super) command: &'d str,
    /// What is missing, and why.
    pub(super) gaps: Vec<&'d Gap<'d>>,
    /// How many findings it bears on.
    pub(super) settles: usize,
}

/// What a question is about: the first thing that is missing without its answer.
pub(super) fn about(asks: &[Ask<'_>], command: &str) -> String {
    let asked = asks.iter().find(|ask| ask.command == command);
    let gap = asked.and_then(|ask| ask.gaps.first());
    gap.map_or_else(String::new, |gap| gap.missing.to_string())
}

/// Why a method has its verdict, one sentence each.
pub(super) fn reasons(
    cluster: &Cluster<'_>,
    method: Method,
    judged: &Judged<'_>,
    by_id: &ById<'_>,
) -> Vec<String> {
    let weighs = |finding: &&Finding<'_>, weight, outcome| {
        finding.effect.on(method) == Some(weight)
            && finding.outcome == outcome
            && !finding.suppressed()
    };
    let all = || by_id.all(&cluster.origin, &judged.findings);
    let messages = |outcome| {
        let found: Vec<&str> = all()
            .filter(|finding| weighs(finding, Weight::Block, outcome))
            .map(|finding| &*finding.message)
            .collect();
        let mut told: Vec<String> = found
            .iter()
            .take(REASONS)
            .map(|message| (*message).to_owned())
            .collect();
        if found.len() > REASONS {
            told.push(format!("and {} more", found.len() - REASONS));
        }
        told
    };
    let number = |outcome| {
        all()
            .filter(|finding| weighs(finding, Weight::Action, outcome))
            .count()
    };
    let mut reasons = match judged.verdict {
        Verdict::Blocked => messages(FindingOutcome::Fires),
        Verdict::Unknown => messages(FindingOutcome::Unknown),
        Verdict::Action | Verdict::Ready => {
            let mut parts = Vec::new();
            match number(FindingOutcome::Fires) {
                0 => {}
                one => parts.push(format!("{one} to prepare")),
            }
            match number(FindingOutcome::Unknown) {
                0 => {}
                one => parts.push(format!("{one} to confirm")),
            }
            if parts.is_empty() {
                parts.push("nothing is left to prepare".to_owned());
            }
            vec![parts.join(", ")]
        }
    };
    reasons.extend(judged.lifted_by.iter().map(ToString::to_string));
    reasons
}

/// What stands in an assumption between what is taken to be whole and the files it is taken to be whole in.
pub(super) const ARE_IN: &str = " are in ";

/// What the verdict of a method takes for granted.
pub(super) fn rests_on(judged: &Judged<'_>) -> Option<String> {
    let rests = judged.verdict < Verdict::Unknown && !judged.assumes.is_empty();
    rests.then(|| format!("assumes: {}", of_the_same_files(&judged.assumes)))
}

/// Assumptions, those about what is in the same files as one: "all Pods of namespace pgo, all Jobs of namespace pgo are in a.yaml".
pub(super) fn of_the_same_files(assumes: &[super::document::Text<'_>]) -> String {
    let mut told: Vec<(String, &str)> = Vec::new();
    for one in assumes {
        let (what, files) = one.rsplit_once(ARE_IN).unwrap_or((one, ""));
        match told
            .iter_mut()
            .find(|(_, of)| *of == files && !files.is_empty())
        {
            Some((whats, _)) => whats.extend([", ", what]),
            None => told.push((what.to_owned(), files)),
        }
    }
    let told = told.into_iter().map(|(what, files)| match files {
        "" => what,
        files => format!("{}{ARE_IN}{files}", of_the_same_namespace(&what)),
    });
    told.collect::<Vec<_>>().join("; ")
}

/// "all Pods of namespace pgo, all Jobs of namespace pgo" as "all Pods, Jobs of namespace pgo".
fn of_the_same_namespace(whats: &str) -> String {
    const OF: &str = " of namespace ";
    let mut told: Vec<(Vec<&str>, &str)> = Vec::new();
    for what in whats.split(", ") {
        let (kind, namespace) = what.split_once(OF).unwrap_or((what, ""));
        match (told.last_mut(), kind.strip_prefix("all ")) {
            (Some((kinds, of)), Some(kind)) if *of == namespace && !of.is_empty() => {
                kinds.push(kind);
            }
            _ => told.push((vec![kind], namespace)),
        }
    }
    let told = told.into_iter().map(|(kinds, namespace)| match namespace {
        "" => kinds.join(", "),
        namespace => format!("{}{OF}{namespace}", kinds.join(", ")),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// What a finding does to its subject: "blocks volumes; to do before backups, standby".
pub(super) fn meaning(finding: &Finding<'_>) -> String {
    let undecided = finding.outcome == FindingOutcome::Unknown;
    let mut parts: Vec<(&str, Vec<&str>)> = Vec::new();
    for method in Method::ALL {
        let words = match (finding.effect.on(method), undecided) {
            (Some(Weight::Block), false) => "blocks",
            (Some(Weight::Block), true) => "decides about",
            (Some(Weight::Action), false) => "to do before",
            (Some(Weight::Action), true) => "to confirm before",
            (Some(Weight::Warn | Weight::Info), _) => "concerns",
            _ => continue,
        };
        match parts.iter_mut().find(|(said, _)| *said == words) {
            Some((_, methods)) => methods.push(method.name()),
            None => parts.push((words, vec![method.name()])),
        }
    }
    if let Some(weight) = finding.effect.draft {
        return match (weight, undecided) {
            (Weight::Error, false) => "the draft is wrong".to_owned(),
            (Weight::Error, true) => "cannot be decided".to_owned(),
            _ => String::new(),
        };
    }
    let phrases = parts.into_iter().map(|(words, methods)| {
        let whom = if methods.len() == Method::ALL.len() {
            "every method".to_owned()
        } else {
            methods.join(", ")
        };
        format!("{words} {whom}")
    });
    phrases.collect::<Vec<_>>().join("; ")
}

/// "PGO 4.7.10, Postgres 13.10; judged for any PGO from 5.0.3 to 6.0.3 (unknown)".
pub(super) fn circumstances(cluster: &Cluster<'_>) -> String {
    let known = |version: &Option<super::document::Text<'_>>| {
        version.as_deref().unwrap_or("unknown").to_owned()
    };
    format!(
        "PGO {}, Postgres {}; judged for {}",
        known(&cluster.v4),
        known(&cluster.postgres),
        target(&cluster.target)
    )
}

/// "PGO 5.8.2 (--target 5.8.2)".
pub(super) fn target(target: &super::document::Target<'_>) -> String {
    let releases = match target.pgo.as_slice() {
        [] => return format!("an unknown PGO ({})", target.from),
        [one] => format!("PGO {one}"),
        [first, .., last] => format!("any PGO from {first} to {last}"),
    };
    format!("{releases} ({})", target.from)
}

/// Why and where a finding was set aside, as far as its report says.
pub(super) fn why_suppressed(finding: &Finding<'_>) -> String {
    let why = finding.further.get("suppressed");
    let text = |key: &str| {
        why.and_then(|why| why.get(key)?.as_str())
            .unwrap_or_default()
    };
    let mut told = match text("reason") {
        "" => "without a reason".to_owned(),
        reason => reason.to_owned(),
    };
    if !text("states").is_empty() {
        let (who, on, states) = (text("who"), text("on"), text("states"));
        told = format!("{who} attests of {on} that \"{states}\": {told}");
    }
    let until = match text("until") {
        "" => String::new(),
        until => format!("until {until}"),
    };
    let parts = [text("by"), &until, text("place")];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        told.push_str(&format!(" ({})", parts.join(", ")));
    }
    told
}

/// "5 left to do: 1 step, 4 questions".
pub(super) fn left_to_do(standing: &Standing<'_>) -> String {
    let questions = standing.undecided.len();
    let steps = standing.left() - questions;
    let steps_told = counted(steps, "step", "steps");
    let questions_told = counted(questions, "question", "questions");
    match (steps, questions) {
        (0, 0) => "nothing left to do".to_owned(),
        (_, 0) => format!("{steps_told} left"),
        (0, _) => format!("{questions_told} left"),
        (_, _) => format!(
            "{} left to do: {steps_told}, {questions_told}",
            standing.left()
        ),
    }
}
