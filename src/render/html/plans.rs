//! Plans as checklists to print: the steps of one cluster and method, phase by phase, each with its box.

use crate::render::document::{Document, Plan, PlanStep, StepState, title};
use crate::render::text::prose::{Block, blocks};

/// A plan.
pub(super) struct PlanView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) method: &'static str,
    /// How far one is.
    pub(super) done: usize,
    pub(super) all: usize,
    pub(super) phases: Vec<PhaseView>,
}

/// The steps of a phase.
pub(super) struct PhaseView {
    pub(super) name: &'static str,
    pub(super) steps: Vec<StepView>,
}

/// A step.
pub(super) struct StepView {
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) done: bool,
    pub(super) state: &'static str,
    pub(super) class: &'static str,
    pub(super) run: Vec<Block>,
    pub(super) wait: Vec<Block>,
    pub(super) back: Vec<Block>,
    pub(super) changes: String,
    pub(super) never: String,
    pub(super) no_return: String,
    pub(super) asks: Vec<String>,
}

/// All plans of a report.
pub(super) fn plans(document: &Document<'_>) -> Vec<PlanView> {
    let plans = document.plans.iter().enumerate();
    plans
        .map(|(index, plan)| PlanView::of(index, plan))
        .collect()
}

impl PlanView {
    fn of(index: usize, plan: &Plan<'_>) -> Self {
        let mut phases: Vec<PhaseView> = Vec::new();
        for (number, step) in plan.steps.iter().enumerate() {
            let name = step.phase.name();
            let view = StepView::of(number + 1, step);
            match phases.last_mut() {
                Some(phase) if phase.name == name => phase.steps.push(view),
                _ => phases.push(PhaseView {
                    name,
                    steps: vec![view],
                }),
            }
        }
        let done = |step: &&PlanStep<'_>| step.state == StepState::Done;
        PlanView {
            id: format!("p{index}"),
            title: title(&plan.origin, &plan.namespace, &plan.name),
            method: plan.method.name(),
            done: plan.steps.iter().filter(done).count(),
            all: plan.steps.len(),
            phases,
        }
    }
}

impl StepView {
    fn of(number: usize, step: &PlanStep<'_>) -> Self {
        StepView {
            number,
            title: step.title.to_string(),
            done: step.state == StepState::Done,
            state: step.state.name(),
            class: match step.state {
                StepState::Done => "ready",
                StepState::Next => "action",
                StepState::Later => "",
                StepState::Unknown => "unknown",
            },
            run: blocks(&step.run),
            wait: blocks(&step.wait),
            back: blocks(&step.back),
            changes: step.changes.to_string(),
            never: step.never.join(", "),
            no_return: step.no_return.to_string(),
            asks: step.asks.iter().map(ToString::to_string).collect(),
        }
    }
}
