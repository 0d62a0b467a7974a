//! Runs the examples of rules: they are both their documentation and their tests.

mod failure;
mod properties;
mod show;
mod step;

pub use self::failure::ExampleFailure;
use self::show::{Shown, show, spelled};
pub use self::step::run_step_examples;
use crate::expr::Outcome;
use crate::rule::{Example, Rule};

/// Runs every example of a rule; returns how many there were and what does not hold.
pub fn run_examples(rule: &Rule) -> (usize, Vec<ExampleFailure>) {
    let mut failures = Vec::new();
    for example in &rule.examples {
        let fail = |what: String| ExampleFailure {
            rule: rule.id.to_string(),
            example: example.name.clone(),
            what,
        };
        match show(rule, example, &texts(example), None) {
            Ok(shown) => {
                failures.extend(compare(rule, example, &shown).into_iter().map(fail));
                failures.extend(
                    properties::broken(rule, example, &shown)
                        .into_iter()
                        .map(fail),
                );
            }
            Err(what) => failures.push(fail(what)),
        }
    }
    (rule.examples.len(), failures)
}

/// The example's input as the one text it is.
fn texts(example: &Example) -> Vec<String> {
    vec![example.given.clone()]
}

fn compare(rule: &Rule, example: &Example, shown: &Shown) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Outcome::Bug(text) = &shown.evaluation.outcome {
        wrong.push(format!("the rule is at fault: {text}"));
    } else if shown.outcome() != example.expect.name() {
        let mut text = format!(
            "expected that it {}, but it {}",
            words(example.expect.name()),
            words(shown.outcome())
        );
        if let Outcome::Unknown(gaps) = &shown.evaluation.outcome {
            for gap in gaps.iter() {
                text.push_str(&format!("; missing: {} ({})", gap.missing, gap.because));
            }
        }
        wrong.push(text);
    }
    wrong.extend(labels(example, shown));
    for need in &example.needs {
        let read = shown
            .evaluation
            .reads
            .iter()
            .any(|name| spelled(rule, name) == *need);
        if !read {
            wrong.push(format!("`{need}` had no part in it"));
        }
    }
    wrong
}

/// What the labels should cover and do not.
fn labels(example: &Example, shown: &Shown) -> Option<String> {
    let at: Vec<&str> = shown.told.iter().map(|told| told.at.as_str()).collect();
    let quoted = |texts: &[&str]| match texts {
        [] => "nothing".to_owned(),
        texts => format!("`{}`", texts.join("`, `")),
    };
    let wanted: Vec<&str> = example.at.iter().map(String::as_str).collect();
    (!wanted.is_empty() && wanted != at).then(|| {
        let (wanted, at) = (quoted(&wanted), quoted(&at));
        format!("expected the label at {wanted}, it is at {at}")
    })
}

fn words(outcome: &str) -> String {
    match outcome {
        "unknown" => "cannot be decided".to_owned(),
        other => other.to_owned(),
    }
}
