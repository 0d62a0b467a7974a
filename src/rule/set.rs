//! All rules of a run: the built-in ones and those the user brings.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::compiled::Rule;
use super::effect::{DRAFT, LIVING, METHODS, MIGRATION};
use super::names::NamesOf;
use super::raw::{OneOrMany, RawApplies, RawEffect, RawExample, RawRule};
use super::reading::{self, Form, RuleProblem};
use super::resolve::{self, Faults};
use super::review::review;
use super::step::StepSet;
use super::{Effect, Weight};
use crate::expr::nearest;

/// The built-in rules without their examples, each with its file, as `build.rs` read them.
static BUILT_IN: &[(&str, RawRule)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));
/// The examples of each built-in rule, in the same order.
const EXAMPLES: &str = include_str!(concat!(env!("OUT_DIR"), "/examples.json"));
/// What tells a rule file from any other.
const FORM: Form = Form {
    keys: KEYS,
    own: &[
        "id", "subject", "title", "effect", "when", "message", "why", "fix", "source",
    ],
    refusal: "this is no rule: a rule begins with `id`, `subject` and `title`",
};
/// Keys of a rule file, for "did you mean".
const KEYS: &[&str] = &[
    "id",
    "subject",
    "title",
    "question",
    "effect",
    "phase",
    "loses_data",
    "holds",
    "holds_if",
    "applies",
    "each",
    "when",
    "message",
    "why",
    "fix",
    "source",
    "label",
    "examples",
    "name",
    "given",
    "expect",
    "at",
    "needs",
    "complete",
    "target",
    "now",
    "pair",
    "method",
    "v4",
];

/// Rules in the order of their ids, and the steps that answer them.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// Made when they are first asked for.
    steps: OnceLock<StepSet>,
    /// Whose names built-in steps may use; without it there are no steps.
    names_of: Option<NamesOf>,
}

impl RuleSet {
    /// The built-in rules, without examples. Their mistakes are found by the tests, not here.
    pub fn built_in(names_of: NamesOf) -> Result<RuleSet, Vec<RuleProblem>> {
        embedded(BUILT_IN.iter().cloned(), names_of)
    }

    /// The built-in rules with their examples.
    pub fn built_in_with_examples(names_of: NamesOf) -> Result<RuleSet, Vec<RuleProblem>> {
        let examples: Vec<Vec<RawExample>> =
            serde_json::from_str(EXAMPLES).map_err(|error| problem(error.to_string()))?;
        let with = |((file, rule), examples): (&(&'static str, RawRule), _)| {
            let rule = rule.clone();
            (*file, RawRule { examples, ..rule })
        };
        embedded(BUILT_IN.iter().zip(examples).map(with), names_of)
    }

    /// Rules from the texts of their files (path and content), with every mistake in any of them.
    pub fn from_texts<'t>(
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
        names_of: NamesOf,
    ) -> Result<RuleSet, Vec<RuleProblem>> {
        let (mut rules, mut problems) = (Vec::new(), Vec::new());
        for (file, text) in files {
            match one(file, text, names_of) {
                Ok(rule) => rules.push(rule),
                Err(found) => problems.extend(found),
            }
        }
        match sorted(rules) {
            Ok(set) if problems.is_empty() => Ok(set),
            Ok(_) => Err(problems),
            Err(repeated) => {
                problems.extend(repeated);
                Err(problems)
            }
        }
    }

    /// These rules and others. No id may occur twice.
    pub fn and(mut self, others: RuleSet) -> Result<RuleSet, Vec<RuleProblem>> {
        self.rules.extend(others.rules);
        let joined = sorted(self.rules)?;
        Ok(RuleSet {
            steps: self.steps,
            names_of: self.names_of,
            ..joined
        })
    }

    /// The steps of a move: the built-in ones, and with them or in their place those that were added.
    pub fn steps(&self) -> &StepSet {
        let built_in = || {
            let made = self.names_of.map(StepSet::built_in);
            // Their mistakes are found by the tests.
            made.and_then(Result::ok).unwrap_or_default()
        };
        self.steps.get_or_init(built_in)
    }

    /// Adds steps; one of an id that there is takes its place. All of them must fit together, and with the rules.
    pub fn add_steps(&mut self, others: StepSet) -> Result<(), Vec<RuleProblem>> {
        let built_in = match self.names_of {
            Some(names_of) => StepSet::built_in(names_of)?,
            None => StepSet::default(),
        };
        let joined = built_in.with(others)?;
        let unheard = joined.unheard_of(&|id| self.get(id).is_some());
        if !unheard.is_empty() {
            return Err(unheard);
        }
        self.steps = OnceLock::from(joined);
        Ok(())
    }

    /// These rules without those of the given ids.
    #[must_use]
    pub fn without(mut self, ids: &[&str]) -> RuleSet {
        self.rules.retain(|rule| !ids.contains(&&*rule.id));
        self
    }

    /// The rules, in the order of their ids.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        let index = self
            .rules
            .binary_search_by(|rule| (*rule.id).cmp(id))
            .ok()?;
        self.rules.get(index)
    }

    /// Gives the findings of a rule another weight, for every method it concerns. What stands in a v4 cluster's way can
    /// only come to weigh more: else a method would be open that is not.
    pub fn reweigh(&mut self, id: &str, weight: Weight) -> Result<(), String> {
        let Some(rule) = self.rules.iter_mut().find(|rule| &*rule.id == id) else {
            return Ok(());
        };
        match &mut rule.effect {
            Effect::Draft(_) if !DRAFT.contains(&weight) => Err(format!(
                "`{id}` is about drafts: its severity is error, warn or info"
            )),
            Effect::Living(_) if !LIVING.contains(&weight) => Err(format!(
                "`{id}` is about living clusters: its severity is warn or info"
            )),
            // What did not arrive can only come to weigh more: else a move would be told as done that is not.
            Effect::Moved(old) if !MIGRATION.contains(&weight) || weight < *old => Err(format!(
                "`{id}` is about migrations: its severity is wrong, incomplete, warn or info, and cannot be lowered"
            )),
            Effect::Draft(old) | Effect::Living(old) | Effect::Moved(old) => {
                *old = weight;
                Ok(())
            }
            Effect::Methods(_) if !METHODS.contains(&weight) => Err(format!(
                "`{id}` is about clusters: its severity is block, action, warn or info"
            )),
            Effect::Methods(weights) => {
                let heaviest = weights.heaviest();
                if heaviest >= Weight::Action && weight < heaviest {
                    return Err(format!(
                        "`{id}` is `{}` and cannot be lowered to `{}`, which would open a method that is not; waive \
                         single findings instead, with a reason and an end",
                        heaviest.name(),
                        weight.name()
                    ));
                }
                *weights = weights.all(weight);
                Ok(())
            }
        }
    }

    /// The id most like a misspelt one.
    pub fn similar(&self, id: &str) -> Option<&str> {
        nearest(id, self.rules.iter().map(|rule| &*rule.id))
    }
}

fn embedded(
    all: impl Iterator<Item = (&'static str, RawRule)>,
    names_of: NamesOf,
) -> Result<RuleSet, Vec<RuleProblem>> {
    let (mut rules, mut faults) = (Vec::with_capacity(BUILT_IN.len()), Faults(Vec::new()));
    for (file, rule) in all {
        rules.extend(resolve::rule(
            rule,
            Cow::Borrowed(file),
            names_of,
            &mut faults,
        ));
    }
    match faults.0.into_iter().next() {
        Some(fault) => Err(problem(fault.message)),
        None => Ok(RuleSet {
            names_of: Some(names_of),
            ..sorted(rules)?
        }),
    }
}

/// What is wrong with the built-in rules.
fn problem(message: String) -> Vec<RuleProblem> {
    let file = "built-in rules".to_owned();
    vec![RuleProblem {
        file,
        line: 1,
        column: None,
        message,
    }]
}

/// One rule from the text of its file.
fn one(file: &str, text: &str, names_of: NamesOf) -> Result<Rule, Vec<RuleProblem>> {
    let raw: RawRule = reading::read(file, text, &FORM)?;
    let mut faults = Faults(Vec::new());
    let rule = resolve::rule(raw, Cow::Owned(file.to_owned()), names_of, &mut faults);
    if let Some(rule) = &rule {
        review(rule, &mut faults);
    }
    reading::unless_faulty(rule, file, text, faults)
}

/// The rules in order; every id once.
fn sorted(mut rules: Vec<Rule>) -> Result<RuleSet, Vec<RuleProblem>> {
    rules.sort_by(|left, right| (&left.id, &left.file).cmp(&(&right.id, &right.file)));
    let repeated: Vec<RuleProblem> = rules
        .windows(2)
        .filter_map(|pair| match pair {
            [first, second] if first.id == second.id => Some(RuleProblem {
                file: second.file.to_string(),
                line: 1,
                column: None,
                message: format!("the id `{}` is already taken by {}", second.id, first.file),
            }),
            _ => None,
        })
        .collect();
    if repeated.is_empty() {
        Ok(RuleSet {
            rules,
            ..RuleSet::default()
        })
    } else {
        Err(repeated)
    }
}
