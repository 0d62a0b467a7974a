//! All steps of a run, in the order of doing.

use std::borrow::Cow;
use std::sync::Arc;

use super::order::order;
use super::{Step, load, resolve};
use crate::expr::nearest;
use crate::rule::NamesOf;
use crate::rule::raw::OneOrMany;
use crate::rule::raw_step::{RawCase, RawCommands, RawNever, RawStep, RawStepExample};
use crate::rule::reading::RuleProblem;
use crate::rule::resolve::Faults;

/// The built-in steps without their examples, each with its file, as `build.rs` read them.
static BUILT_IN: &[(&str, RawStep)] = include!(concat!(env!("OUT_DIR"), "/steps.rs"));
/// The examples of each built-in step, in the same order.
const EXAMPLES: &str = include_str!(concat!(env!("OUT_DIR"), "/step-examples.json"));

/// Steps in the order of doing.
#[derive(Debug, Default)]
pub struct StepSet {
    steps: Vec<Step>,
}

impl StepSet {
    /// The built-in steps, without examples.
    pub fn built_in(names_of: NamesOf) -> Result<StepSet, Vec<RuleProblem>> {
        embedded(BUILT_IN.iter().cloned(), names_of)
    }

    /// The built-in steps with their examples.
    pub fn built_in_with_examples(names_of: NamesOf) -> Result<StepSet, Vec<RuleProblem>> {
        let examples: Vec<Vec<RawStepExample>> =
            serde_json::from_str(EXAMPLES).map_err(|error| broken(error.to_string()))?;
        let with = |((file, step), examples): (&(&'static str, RawStep), _)| {
            let step = step.clone();
            (*file, RawStep { examples, ..step })
        };
        embedded(BUILT_IN.iter().zip(examples).map(with), names_of)
    }

    /// Steps from the texts of their files (path and content), with every mistake in any of them. What they come after may
    /// be steps that they are added to, so their order is settled by [`StepSet::with`].
    pub fn from_texts<'t>(
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
        names_of: NamesOf,
    ) -> Result<StepSet, Vec<RuleProblem>> {
        let (mut steps, mut problems) = (Vec::<Step>::new(), Vec::new());
        for (file, text) in files {
            match load::one(file, text, names_of) {
                Ok(step) => match steps.iter().find(|other| other.id == step.id) {
                    Some(other) => {
                        let message =
                            format!("the id `{}` is already taken by {}", step.id, other.file);
                        problems.push(problem(&step, "id", message));
                    }
                    None => steps.push(step),
                },
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(StepSet { steps })
        } else {
            Err(problems)
        }
    }

    /// These steps and others in one order; others take the place of those of their id.
    pub fn with(mut self, others: StepSet) -> Result<StepSet, Vec<RuleProblem>> {
        self.steps.retain(|step| others.get(&step.id).is_none());
        self.steps.extend(others.steps);
        in_order(self.steps)
    }

    /// The steps, in the order of doing.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step with this id.
    pub fn get(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| &*step.id == id)
    }

    /// The steps whose preparation a rule asks for, in the order of doing.
    pub fn answering<'s>(&'s self, rule: &'s str) -> impl Iterator<Item = &'s Step> {
        let answers = move |step: &&Step| step.answers.iter().any(|id| &**id == rule);
        self.steps.iter().filter(answers)
    }

    /// The id most like a misspelt one.
    pub fn similar(&self, id: &str) -> Option<&str> {
        nearest(id, self.steps.iter().map(|step| &*step.id))
    }

    /// The rules that steps name and that there are not.
    pub fn unheard_of(&self, is_rule: &dyn Fn(&str) -> bool) -> Vec<RuleProblem> {
        let mut unheard = Vec::new();
        for step in &self.steps {
            for (key, ids) in [("answers", &step.answers), ("stopped_by", &step.stopped_by)] {
                let missing = ids.iter().filter(|id: &&Arc<str>| !is_rule(id));
                unheard.extend(
                    missing.map(|id| problem(step, key, format!("{key}: there is no rule `{id}`"))),
                );
            }
        }
        unheard
    }
}

/// What is wrong with what a step says under a key.
fn problem(step: &Step, key: &str, message: String) -> RuleProblem {
    let known = step.lines.iter().find(|(of, _)| *of == key);
    RuleProblem {
        file: step.file.clone(),
        line: known.map_or(1, |(_, line)| *line),
        column: None,
        message,
    }
}

fn in_order(steps: Vec<Step>) -> Result<StepSet, Vec<RuleProblem>> {
    let ordered = order(&steps).map_err(|wrong| {
        let of = |wrong: &super::order::OutOfOrder| {
            let step = steps.get(wrong.step)?;
            Some(problem(step, "after", wrong.why.clone()))
        };
        wrong.iter().filter_map(of).collect::<Vec<_>>()
    })?;
    let strayed = strayed(&steps);
    if !strayed.is_empty() {
        return Err(strayed);
    }
    let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let steps = ordered
        .into_iter()
        .filter_map(|at| slots.get_mut(at)?.take());
    Ok(StepSet {
        steps: steps.collect(),
    })
}

/// Ways back that go on as that of a step there is not.
fn strayed(steps: &[Step]) -> Vec<RuleProblem> {
    let mut strayed = Vec::new();
    for step in steps {
        for id in step.back().iter().filter_map(|case| case.like.as_ref()) {
            if !steps.iter().any(|other| other.id == *id) {
                strayed.push(problem(
                    step,
                    "back",
                    format!("back: there is no step `{id}`"),
                ));
            }
        }
    }
    strayed
}

/// What is wrong with the built-in steps.
fn broken(message: String) -> Vec<RuleProblem> {
    vec![RuleProblem {
        file: "built-in steps".to_owned(),
        line: 1,
        column: None,
        message,
    }]
}

fn embedded(
    all: impl Iterator<Item = (&'static str, RawStep)>,
    names_of: NamesOf,
) -> Result<StepSet, Vec<RuleProblem>> {
    let (mut steps, mut faults) = (Vec::new(), Faults(Vec::new()));
    for (file, step) in all {
        steps.extend(resolve::step(step, file, names_of, &mut faults));
    }
    match faults.0.into_iter().next() {
        Some(fault) => Err(broken(fault.message)),
        None => in_order(steps),
    }
}
