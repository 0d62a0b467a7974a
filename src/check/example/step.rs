//! Runs the examples of steps.

use super::super::after::after;
use super::super::options::Options;
use super::super::run::check_courses;
use super::failure::ExampleFailure;
use super::show::{NOW, evidence};
use crate::check::report::course::{StepReport, Truth};
use crate::rule::{Decided, RuleSet, Step, StepExample};

/// Runs every example of a step that is one of the rules' steps; returns how many there were and what does not hold.
pub fn run_step_examples(step: &Step, rules: &RuleSet) -> (usize, Vec<ExampleFailure>) {
    let mut failures = Vec::new();
    for example in &step.examples {
        let wrong = match wrong(step, example, rules) {
            Ok(wrong) => wrong,
            Err(why) => vec![why],
        };
        failures.extend(wrong.into_iter().map(|what| ExampleFailure {
            rule: step.id.to_string(),
            example: example.name.clone(),
            what,
        }));
    }
    (step.examples.len(), failures)
}

fn wrong(step: &Step, example: &StepExample, rules: &RuleSet) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let judged = judged(step, example, &example.given, rules)?;
    for (what, wanted, truth) in [
        ("needed", example.needed, &judged.needed),
        ("done", example.done, &judged.done),
    ] {
        if let Some(wanted) = wanted
            && !is(wanted, truth)
        {
            wrong.push(format!("{what} is {}, not {}", word(truth), wanted.name()));
        }
    }
    if let Some(then) = &example.then {
        let text = after(&example.given, then)?;
        let then = self::judged(step, example, &text, rules)?;
        if !matches!(then.done, Truth::Yes | Truth::Unshown) {
            wrong.push(format!("after `then`, done is {}", word(&then.done)));
        }
    }
    Ok(wrong)
}

fn judged(
    step: &Step,
    example: &StepExample,
    text: &str,
    rules: &RuleSet,
) -> Result<StepReport, String> {
    let evidence = evidence(&[text.to_owned()], &example.complete);
    let options = Options {
        methods: vec![example.method],
        living: true,
        ..Options::at(
            NOW.parse().map_err(|error| format!("{NOW}: {error}"))?,
            example.target,
        )
    };
    let mut report = check_courses(evidence, rules, &options);
    if let Some(bug) = report.bugs.pop() {
        return Err(format!("the step is at fault: {bug}"));
    }
    let mut courses = report.courses.into_iter();
    let course = courses
        .next()
        .ok_or("the given input holds nothing whose course it could be")?;
    let mut steps = course.steps.into_iter();
    let found = steps.find(|judged| judged.id == step.id);
    found.ok_or_else(|| format!("it is no step of {}", example.method.name()))
}

fn is(wanted: Decided, truth: &Truth) -> bool {
    match wanted {
        Decided::Yes => *truth == Truth::Yes,
        Decided::No => *truth == Truth::No,
        Decided::Unknown => matches!(truth, Truth::Unknown(_)),
    }
}

fn word(truth: &Truth) -> String {
    match truth {
        Truth::Yes => "true".to_owned(),
        Truth::No => "false".to_owned(),
        Truth::Unshown => "what no object shows".to_owned(),
        Truth::Unknown(gaps) => {
            let gaps = gaps
                .iter()
                .map(|gap| format!("{} ({})", gap.missing, gap.because));
            format!("unknown: {}", gaps.collect::<Vec<_>>().join("; "))
        }
    }
}
