//! The words that all forms of a plan share.

use jiff::{SignedDuration, Timestamp};

use super::settling::Settling;
use crate::check::{FindingOutcome, Report, Truth, prose_of};
use crate::plan::{Plan, Planned, State};
use crate::printable::one_line;
use crate::render::text::prose::{Block, blocks};
use crate::rule::{Method, Phase};

/// How old the evidence is that a plan rests on.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceAge {
    /// When it was taken; `None` where the input does not say.
    pub taken: Option<Timestamp>,
    /// Now, by the clock.
    pub now: Timestamp,
}

impl EvidenceAge {
    /// "taken 2026-11-20T12:00:00Z, 3 hours ago".
    pub(super) fn words(self) -> String {
        match self.taken {
            Some(taken) => format!("taken {taken}, {}", ago(self.now.duration_since(taken))),
            None => "of an age that the input does not tell".to_owned(),
        }
    }
}

fn ago(age: SignedDuration) -> String {
    let minutes = age.as_mins().max(0);
    let (count, word) = match minutes {
        0..=1 => return "just now".to_owned(),
        2..=119 => (minutes, "minutes"),
        120..=2879 => (minutes / 60, "hours"),
        _ => (minutes / 1440, "days"),
    };
    format!("{count} {word} ago")
}

/// The sign before a step.
pub(super) fn mark(plan: &Plan, at: usize, planned: &Planned) -> &'static str {
    if plan.next == Some(at) {
        return "[>]";
    }
    match planned.state {
        State::Done => "[x]",
        State::Passed => "[~]",
        State::Question => "[?]",
        State::ByHand | State::Open => "[ ]",
        State::NotNeeded => "[-]",
    }
}

/// What the signs mean, those that occur.
pub(super) const LEGEND: &str = "[x] done, [>] next, [ ] to do, [?] not known whether it is needed, [~] lies behind, [-] not needed";

/// The heading of a phase of a method: an upgrade has no v4 and moves nothing.
pub(in crate::render) fn phase(method: Method, phase: Phase) -> &'static str {
    match (phase, method) {
        (Phase::Prepare, Method::Upgrade) => "Prepare, while the operator stays as it is",
        (Phase::Move, Method::Upgrade) => "Upgrade the operator",
        (Phase::Prove, Method::Upgrade) => "Prove that everything goes on",
        _ => phase_of_a_move(phase),
    }
}

fn phase_of_a_move(phase: Phase) -> &'static str {
    match phase {
        Phase::Prepare => "Prepare, while v4 runs",
        Phase::Stop => "Stop v4",
        Phase::Move => "Move",
        Phase::Prove => "Prove that everything arrived",
        Phase::CleanUp => "Clean up",
        Phase::Know => "Know",
    }
}

/// What is said beside a step's title: shared, by hand, what is not known.
pub(super) fn beside(planned: &Planned) -> Option<String> {
    if let Some(first) = &planned.said {
        return Some(format!("said above, for {}", one_line(first)));
    }
    match planned.state {
        State::ByHand if planned.step.done == Truth::Unshown => {
            Some("no object shows it: tick it yourself".to_owned())
        }
        State::ByHand => Some("the input does not show it: tick it yourself".to_owned()),
        State::Passed if planned.step.done == Truth::Unshown => {
            Some("later steps are done; no object shows whether this one was".to_owned())
        }
        State::Passed => Some("later steps are done".to_owned()),
        _ => None,
    }
}

/// What settles what is open about a step.
pub(super) fn questions(report: &Report, planned: &Planned) -> Settling {
    let step = &planned.step;
    let mut gaps = Vec::new();
    if planned.state == State::Question
        && let Truth::Unknown(open) = &step.needed
    {
        gaps.extend(open.iter());
    }
    if planned.is_told() {
        gaps.extend(step.missing.iter());
    }
    let open = step
        .findings
        .iter()
        .filter_map(|index| report.findings.get(*index))
        .filter(|finding| finding.outcome == FindingOutcome::Unknown);
    Settling::of(gaps.into_iter().map(|gap| gap.ask.as_str()))
        .answering(open.map(|finding| &*finding.rule))
}

/// What settles whether a method is open, and what the steps take that are told: asked for once, before all of them.
pub(super) fn before_all(report: &Report, plan: &Plan) -> Settling {
    let steps = plan.steps.iter().enumerate();
    let told = steps.filter(|(at, _)| plan.tells(*at));
    let each = told.map(|(_, planned)| questions(report, planned));
    each.fold(settling(report, &plan.undecided), Settling::and)
}

/// How what is asked for before all steps is introduced.
pub(super) fn asked_first(plan: &Plan) -> &'static str {
    if plan.undecided.is_empty() {
        "To ask first: the answers tell which of these steps are needed, and how"
    } else {
        "Not known yet whether this method is open; only preparations are shown. This settles it"
    }
}

/// What would show that a step is done, where that cannot be told.
pub(super) fn shown_by(planned: &Planned) -> Settling {
    match &planned.step.done {
        Truth::Unknown(gaps) if planned.state == State::Open => {
            Settling::of(gaps.iter().map(|gap| gap.ask.as_str()))
        }
        _ => Settling::default(),
    }
}

/// The commands of a step; where it has none of its own, what the rules say that it answers.
pub(super) fn run(report: &Report, planned: &Planned) -> String {
    let step = &planned.step;
    if !step.run.is_empty() {
        return step.run.to_string();
    }
    let mut text = String::new();
    for (message, fix) in reasons(report, planned) {
        text.push_str(&format!("{message}.\n\n{fix}\n\n"));
    }
    text.trim_end().to_owned()
}

/// What was found that a step answers, and what the rules say to it: where the step has commands, their prose alone.
pub(super) fn reasons<'r>(
    report: &'r Report,
    planned: &'r Planned,
) -> impl Iterator<Item = (&'r str, String)> {
    let step = &planned.step;
    let found = step
        .findings
        .iter()
        .filter_map(|index| report.findings.get(*index));
    let fires = found.filter(|finding| finding.outcome == FindingOutcome::Fires);
    fires.map(|finding| (&*finding.message, said_beside(&finding.fix, &step.run)))
}

/// What a rule's remedy says beside the commands of a step: all of it where there are none, its prose where its commands are
/// those, and nothing where it goes another way.
pub(in crate::render) fn said_beside(fix: &str, run: &str) -> String {
    if run.is_empty() {
        return fix.to_owned();
    }
    let other = |line: &str| !line.trim().is_empty() && !run.contains(line.trim());
    let differs = blocks(fix).iter().any(|block| match block {
        Block::Commands(lines) => lines.lines().any(other),
        Block::Prose(_) => false,
    });
    if differs {
        String::new()
    } else {
        prose_of(fix)
    }
}

/// What is not there, where there is nothing to plan.
pub(super) fn nothing(report: &Report) -> &'static str {
    if report.upgrade && report.methods.is_empty() {
        "no living PostgresCluster of PGO v5 is in the input"
    } else {
        "no PGO v4 cluster is in the input"
    }
}

/// The verdict; of a move that was begun, that it was: what v4 is judged to be after parts of it are gone says nothing of it.
pub(super) fn verdict(plan: &Plan) -> &'static str {
    if plan.begun {
        "under way"
    } else {
        plan.verdict.name()
    }
}

/// Where the move is, in words.
pub(super) fn standing(plan: &Plan) -> String {
    if plan.method == Method::Upgrade {
        return match plan.stage.as_str() {
            "" => "how far the cluster is cannot be told".to_owned(),
            stage => format!("the cluster is at the stage `{stage}`"),
        };
    }
    let v4 = match plan.v4.as_str() {
        "" => "it is not known whether v4 runs",
        "running" => "v4 runs",
        "stopped" => "v4 is shut down",
        _ => "v4 is gone",
    };
    match (plan.begun || plan.elsewhere, plan.stage.as_str()) {
        (false, _) => format!("{v4}; nothing of v5 is seen"),
        (true, "") => format!("{v4}; v5 is there, and how far it is cannot be told"),
        (true, stage) => format!("{v4}; v5 is at the stage `{stage}`"),
    }
}

/// Steps that no object shows, before the next one.
pub(super) fn by_hand_before(plan: &Plan) -> Vec<usize> {
    let before = plan
        .steps
        .iter()
        .take(plan.next.unwrap_or(plan.steps.len()));
    before
        .filter(|planned| planned.state == State::ByHand && planned.said.is_none())
        .filter_map(|planned| planned.number)
        .collect()
}

/// Steps before a place of which it is not known whether they are needed.
pub(super) fn questions_before(plan: &Plan, at: usize) -> Option<String> {
    let before = plan.steps.iter().take(at);
    let open = before.filter(|planned| planned.state == State::Question);
    let numbers: Vec<String> = open
        .filter_map(|planned| Some(planned.number?.to_string()))
        .collect();
    let steps = match numbers.as_slice() {
        [] => return None,
        [one] => format!("step {one} is"),
        many => format!("steps {} are", many.join(", ")),
    };
    Some(format!(
        "It is not known whether {steps} needed: settle that first."
    ))
}

/// The commands that must not be run, each with the step from which on.
pub(super) fn never(plan: &Plan) -> Vec<(usize, &str)> {
    let mut all: Vec<(usize, &str)> = Vec::new();
    for (at, planned) in plan.steps.iter().enumerate() {
        let Some(number) = planned.number.filter(|_| plan.tells(at)) else {
            continue;
        };
        for command in &planned.step.never {
            if !all.iter().any(|(_, said)| *said == &**command) {
                all.push((number, command));
            }
        }
    }
    all
}

/// What findings say, with what to do.
pub(super) fn told<'r>(
    report: &'r Report,
    indices: &'r [usize],
) -> impl Iterator<Item = (&'r str, &'r str, &'r str)> {
    let found = indices
        .iter()
        .filter_map(|index| report.findings.get(*index));
    found.map(|finding| (&*finding.message, &*finding.fix, &*finding.rule))
}

/// What would settle undecided findings.
pub(super) fn settling(report: &Report, indices: &[usize]) -> Settling {
    let found = indices
        .iter()
        .filter_map(|index| report.findings.get(*index));
    let gaps = found.clone().flat_map(|finding| finding.gaps.iter());
    Settling::of(gaps.map(|gap| gap.ask.as_str())).answering(found.map(|finding| &*finding.rule))
}
