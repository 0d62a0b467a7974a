//! The texts of step files to steps, one by one.

use super::Step;
use super::resolve;
use super::review::review;
use crate::rule::NamesOf;
use crate::rule::raw_step::RawStep;
use crate::rule::reading::{self, Form, RuleProblem};
use crate::rule::resolve::Faults;

/// What tells a step file from any other.
const FORM: Form = Form {
    keys: &[
        "id",
        "methods",
        "phase",
        "after",
        "scope",
        "needed",
        "restarts_v4",
        "done",
        "answers",
        "stopped_by",
        "title",
        "run",
        "wait",
        "changes",
        "back",
        "never",
        "no_return",
        "downtime",
        "source",
        "examples",
        "if",
        "for",
        "as",
        "name",
        "given",
        "method",
        "then",
        "complete",
        "target",
    ],
    own: &["methods", "phase", "run", "answers", "title"],
    refusal: "this is no step: a step begins with `id`, `methods` and `phase`",
};

/// Whether a file is a step and no rule: a rule has a subject, a step its methods.
pub fn is_step(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    has("methods:") && !has("subject:")
}

/// The lines of the keys that name other steps and rules.
fn lines_of(text: &str) -> Vec<(&'static str, usize)> {
    let keys = ["id", "after", "answers", "stopped_by", "back"];
    let place = |key: &&'static str| {
        let begins = |line: &str| {
            let rest = line.strip_prefix(*key);
            rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
        };
        Some((*key, text.lines().position(begins)? + 1))
    };
    keys.iter().filter_map(place).collect()
}

/// One step from the text of its file.
pub(super) fn one(file: &str, text: &str, names_of: NamesOf) -> Result<Step, Vec<RuleProblem>> {
    let raw: RawStep = reading::read(file, text, &FORM)?;
    let mut faults = Faults(Vec::new());
    let mut step = resolve::step(raw, file, names_of, &mut faults);
    if let Some(step) = &mut step {
        step.lines = lines_of(text);
    }
    if let Some(step) = &step {
        review(step, &mut faults);
    }
    reading::unless_faulty(step, file, text, faults)
}
