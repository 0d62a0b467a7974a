//! `test`: run the examples of rules and steps.

use std::path::PathBuf;

use super::Failure;
use super::args::rules::TestArgs;
use super::rules::{texts, told};
use super::streams::door::Form;
use super::streams::output::{print, tell};
use crate::check::{ExampleFailure, FAILED, names_of, run_examples, run_step_examples};
use crate::rule::{RuleProblem, RuleSet, Step, StepSet, is_step};

/// Examples that were run.
#[derive(Default)]
struct Ran {
    rules: usize,
    steps: usize,
    examples: usize,
    failed: usize,
}

/// Runs the examples; exit code 1 when one does not hold.
pub(super) fn run(args: &TestArgs) -> Result<u8, Failure> {
    let built_in = RuleSet::built_in_with_examples(names_of).map_err(|problems| told(&problems))?;
    let mut ran = Ran::default();
    if let Some(folder) = &args.dir {
        ran.folder(folder, built_in)?;
    } else {
        let steps =
            StepSet::built_in_with_examples(names_of).map_err(|problems| told(&problems))?;
        let unheard = steps.unheard_of(&|id| built_in.get(id).is_some());
        refuse(&unheard)?;
        ran.rules(&built_in);
        ran.steps(steps.steps(), &built_in);
    }
    print(&ran.sums(), Form::Lines)?;
    Ok(if ran.failed == 0 { 0 } else { FAILED })
}

fn refuse(problems: &[RuleProblem]) -> Result<(), Failure> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(told(problems))
    }
}

impl Ran {
    /// The rules and steps of a folder; its steps may answer its rules, and come after built-in steps.
    fn folder(&mut self, folder: &PathBuf, built_in: RuleSet) -> Result<(), Failure> {
        let texts = texts(folder, "rules or steps")?;
        let (steps, rules): (Vec<_>, Vec<_>) = texts.iter().partition(|(_, text)| is_step(text));
        let texts_of_rules = rules
            .iter()
            .map(|(file, text)| (file.as_str(), text.as_str()));
        let own =
            RuleSet::from_texts(texts_of_rules, names_of).map_err(|problems| told(&problems))?;
        self.rules(&own);
        if steps.is_empty() {
            return Ok(());
        }
        let texts_of_steps = steps
            .iter()
            .map(|(file, text)| (file.as_str(), text.as_str()));
        let steps =
            StepSet::from_texts(texts_of_steps, names_of).map_err(|problems| told(&problems))?;
        let ids: Vec<String> = steps
            .steps()
            .iter()
            .map(|step| step.id.to_string())
            .collect();
        let own_ids: Vec<&str> = own.rules().iter().map(|rule| &*rule.id).collect();
        let others = built_in.without(&own_ids);
        let mut all = others.and(own).map_err(|problems| told(&problems))?;
        all.add_steps(steps).map_err(|problems| told(&problems))?;
        let mine = all.steps().steps().iter();
        let mine: Vec<&Step> = mine
            .filter(|step| ids.contains(&step.id.to_string()))
            .collect();
        self.each_step(&mine, &all);
        Ok(())
    }

    fn rules(&mut self, rules: &RuleSet) {
        for rule in rules.rules() {
            let (examples, failures) = run_examples(rule);
            self.rules += 1;
            self.tell(&rule.file, examples, failures);
        }
    }

    fn steps(&mut self, steps: &[Step], rules: &RuleSet) {
        let all: Vec<&Step> = steps.iter().collect();
        self.each_step(&all, rules);
    }

    fn each_step(&mut self, steps: &[&Step], rules: &RuleSet) {
        for step in steps {
            let (examples, failures) = run_step_examples(step, rules);
            self.steps += 1;
            self.tell(&step.file, examples, failures);
        }
    }

    fn tell(&mut self, file: &str, examples: usize, failures: Vec<ExampleFailure>) {
        self.examples += examples;
        self.failed += failures.len();
        for failure in failures {
            tell(&format!(
                "{file}: example `{}`: {}",
                failure.example, failure.what
            ));
        }
    }

    fn sums(&self) -> String {
        let mut kinds = Vec::new();
        if self.rules > 0 || self.steps == 0 {
            kinds.push(format!("{} rules", self.rules));
        }
        if self.steps > 0 {
            kinds.push(format!("{} steps", self.steps));
        }
        format!(
            "{}, {} examples, {} failures\n",
            kinds.join(", "),
            self.examples,
            self.failed
        )
    }
}
