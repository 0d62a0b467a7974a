//! Plans in the shape of the JSON report, from which HTML is drawn, too.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::words::{self, EvidenceAge};
use crate::check::{FindingOutcome, Report, Truth};
use crate::plan::{Held, Plan, Planned, State, about};
use crate::render::document::{self, Document, Further, PlanStep, StepState};
use crate::rule::{Downtime, Level};

/// The plans; steps that are not needed are named alone.
pub fn plan_values(
    report: &Report,
    plans: &[Plan],
    age: EvidenceAge,
) -> Vec<document::Plan<'static>> {
    plans.iter().map(|plan| value(report, plan, age)).collect()
}

/// Levels as plans have them: what shuts a plan is an error. What blocks a method of a cluster that is under way already, or
/// of which no plan was asked for, is none: the run does not fail for it.
pub fn plan_levels(document: &mut Document<'_>, plans: &[Plan]) {
    let shut = plans
        .iter()
        .flat_map(|plan| plan.blocks.iter().chain(&plan.stops));
    let shut: BTreeSet<usize> = shut.copied().collect();
    let held = plans.iter().any(|plan| plan.held == Held::Blocked);
    for (at, finding) in document.findings.iter_mut().enumerate() {
        if finding.outcome == FindingOutcome::Fires && shut.contains(&at) {
            finding.level = Level::Error;
        } else if finding.level == Level::Error && !held {
            finding.level = Level::Note;
        }
    }
}

fn value(report: &Report, plan: &Plan, age: EvidenceAge) -> document::Plan<'static> {
    let ids = |indices: &[usize]| ids(report, indices);
    let choices = plan.choices.iter().map(|choice| {
        let about = about(choice.method, &choice.variant);
        json!({
            "method": choice.method.name(),
            "variant": choice.variant,
            "how": about.how,
            "verdict": choice.verdict.name(),
            "preparations": choice.preparations,
            "downtime": about.downtime,
            "storage": about.storage,
            "back": about.back,
            "lost": about.lost,
        })
    });
    let left = |planned: &&Planned| planned.state == State::NotNeeded;
    let not_needed = plan
        .steps
        .iter()
        .filter(left)
        .map(|planned| &*planned.step.id);
    let next = plan.next.filter(|at| plan.tells(*at));
    let next = next.and_then(|at| plan.steps.get(at));
    let steps = plan.steps.iter().enumerate();
    let steps = steps.filter(|(at, planned)| planned.state != State::NotNeeded && plan.tells(*at));
    document::Plan {
        origin: plan.origin.clone().into(),
        namespace: plan.namespace.clone().into(),
        name: plan.name.clone().into(),
        method: plan.method,
        steps: steps
            .map(|(at, planned)| step(report, plan, at, planned))
            .collect(),
        further: further([
            ("verdict", json!(plan.verdict.name())),
            ("why", json!(plan.why)),
            ("standing", json!(words::standing(plan))),
            ("evidence", json!(age.words())),
            ("choices", choices.collect()),
            ("begun", json!(plan.begun)),
            ("v4", json!(plan.v4)),
            ("stage", json!(plan.stage)),
            ("blocks", ids(&plan.blocks)),
            ("undecided", ids(&plan.undecided)),
            ("stops", ids(&plan.stops)),
            ("unanswered", ids(&plan.unanswered)),
            ("next", json!(next.map(|planned| &*planned.step.id))),
            ("notNeeded", not_needed.collect()),
        ]),
    }
}

fn further<const N: usize>(keys: [(&str, Json); N]) -> Further {
    let keys = keys.into_iter();
    keys.map(|(key, value)| (key.to_owned(), value)).collect()
}

fn ids(report: &Report, indices: &[usize]) -> Json {
    let found = indices
        .iter()
        .filter_map(|index| report.findings.get(*index));
    found.map(|finding| finding.id.to_string()).collect()
}

fn step(report: &Report, plan: &Plan, at: usize, planned: &Planned) -> PlanStep<'static> {
    let step = &planned.step;
    let commands = planned.is_told();
    let run = if commands {
        words::run(report, planned)
    } else {
        String::new()
    };
    let asks = words::questions(report, planned).into_texts();
    let asks: Vec<String> = asks.chain(words::shown_by(planned).into_texts()).collect();
    let text = |text: &str| {
        if commands {
            text.to_owned().into()
        } else {
            "".into()
        }
    };
    PlanStep {
        id: step.id.to_string().into(),
        phase: step.phase,
        title: step.title.clone().into(),
        state: match planned.state {
            _ if plan.next == Some(at) => StepState::Next,
            State::Done | State::Passed => StepState::Done,
            State::Question => StepState::Unknown,
            State::ByHand | State::Open | State::NotNeeded => StepState::Later,
        },
        run: run.into(),
        wait: text(&step.wait),
        changes: text(&step.changes),
        back: text(&planned.back),
        never: step
            .never
            .iter()
            .map(|one| one.to_string().into())
            .collect(),
        no_return: text(&step.no_return),
        asks: asks.into_iter().map(Into::into).collect(),
        further: further([
            ("number", json!(planned.number)),
            ("detail", json!(planned.state.name())),
            ("scope", json!(step.scope.name())),
            ("said", json!(planned.said)),
            ("needed", json!(truth(&step.needed))),
            ("done", json!(truth(&step.done))),
            ("downtime", json!(step.downtime.map(edge))),
            ("beside", json!(words::beside(planned))),
            (
                "openBefore",
                json!(words::questions_before(plan, at).filter(|_| !step.no_return.is_empty())),
            ),
            ("answers", step.answers.iter().map(|rule| &**rule).collect()),
            ("findings", ids(report, &step.findings)),
            ("source", json!(step.source)),
        ]),
    }
}

fn edge(edge: Downtime) -> &'static str {
    match edge {
        Downtime::Begins => "begins",
        Downtime::Ends => "ends",
    }
}

fn truth(truth: &Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown(_) => "unknown",
        Truth::Unshown => "unshown",
    }
}
