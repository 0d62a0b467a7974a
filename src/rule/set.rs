//! All rules of a run: the built-in ones and those the user brings.

use std::fmt;

use serde::Deserialize;

use super::compiled::Rule;
use super::effect::{DRAFT, LIVING, METHODS, MIGRATION};
use super::place::{self, Place};
use super::raw::RawRule;
use super::resolve::{self, Faults, Part};
use super::review::review;
use super::{Effect, SubjectKind, Weight};
use crate::expr::{Names, nearest};

/// The built-in rules without their examples, as `build.rs` digested them.
const BRIEF: &str = include_str!(concat!(env!("OUT_DIR"), "/rules-brief.json"));
/// The built-in rules in full.
const FULL: &str = include_str!(concat!(env!("OUT_DIR"), "/rules-full.json"));
/// Larger than any rule a person writes, in bytes.
const MAX_FILE: usize = 64 * 1024;
/// Deeper than any rule nests, even with unpaired brackets in its texts.
const MAX_NESTING: usize = 200;
/// Keys of a rule file, for "did you mean".
const KEYS: &[&str] = &[
    "id", "subject", "title", "effect", "phase", "holds", "holds_if", "applies", "each", "when",
    "message", "why", "fix", "source", "label", "examples", "name", "given", "expect", "at",
    "needs", "complete", "target", "now", "pair", "method", "v4",
];

/// Gives the names that rules about a subject may use.
pub type NamesOf = fn(SubjectKind) -> &'static dyn Names;

/// Rules in the order of their ids.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

/// A mistake in a rule file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleProblem {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where it is sure.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for RuleProblem {}

/// A built-in rule as embedded.
#[derive(Deserialize)]
struct Embedded {
    file: String,
    rule: RawRule,
}

impl RuleSet {
    /// The built-in rules, without examples. Their mistakes are found by the tests, not here.
    pub fn built_in(names_of: NamesOf) -> Result<RuleSet, Vec<RuleProblem>> {
        embedded(BRIEF, names_of)
    }

    /// The built-in rules with their examples.
    pub fn built_in_with_examples(names_of: NamesOf) -> Result<RuleSet, Vec<RuleProblem>> {
        embedded(FULL, names_of)
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
        sorted(self.rules)
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

fn embedded(json: &str, names_of: NamesOf) -> Result<RuleSet, Vec<RuleProblem>> {
    let problem = |message: String| {
        let file = "built-in rules".to_owned();
        vec![RuleProblem {
            file,
            line: 1,
            column: None,
            message,
        }]
    };
    let all: Vec<Embedded> =
        serde_json::from_str(json).map_err(|error| problem(error.to_string()))?;
    let (mut rules, mut faults) = (Vec::new(), Faults(Vec::new()));
    for Embedded { file, rule } in all {
        rules.extend(resolve::rule(rule, &file, names_of, &mut faults));
    }
    match faults.0.into_iter().next() {
        Some(fault) => Err(problem(fault.message)),
        None => sorted(rules),
    }
}

/// One rule from the text of its file.
fn one(file: &str, text: &str, names_of: NamesOf) -> Result<Rule, Vec<RuleProblem>> {
    let problem = |place: Place, message: String| RuleProblem {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        message,
    };
    if text.len() > MAX_FILE {
        let message = format!("the file is larger than {MAX_FILE} bytes, no rule is");
        return Err(vec![problem(Place::line(1), message)]);
    }
    if nests_too_deep(text) {
        return Err(vec![problem(
            Place::line(1),
            "brackets nest too deep for a rule".to_owned(),
        )]);
    }
    if !is_meant_as_rule(text) {
        let message = "this is no rule: a rule begins with `id`, `subject` and `title`";
        return Err(vec![problem(Place::line(1), message.to_owned())]);
    }
    let raw: RawRule = match yaml_serde::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let at = error.location();
            let place = at.map_or(Place::line(1), |at| Place {
                line: at.line(),
                column: Some(at.column()),
            });
            return Err(vec![problem(place, explained(&error.to_string()))]);
        }
    };
    let mut faults = Faults(Vec::new());
    let rule = resolve::rule(raw, file, names_of, &mut faults);
    if let Some(rule) = &rule {
        review(rule, &mut faults);
    }
    match rule {
        Some(rule) if faults.0.is_empty() => Ok(rule),
        _ => Err(faults
            .0
            .into_iter()
            .map(|fault| problem(place_of(text, fault.part), fault.message))
            .collect()),
    }
}

/// Whether a text has keys of a rule. Of any other file nothing is to be quoted, so its mistakes are not looked for.
fn is_meant_as_rule(text: &str) -> bool {
    let has = |key: &str| {
        let starts = |line: &str| {
            line.trim_start()
                .trim_start_matches(['{', '"', '\''])
                .starts_with(key)
        };
        text.lines().any(starts)
    };
    let keys = [
        "id", "subject", "title", "effect", "when", "message", "why", "fix", "source",
    ];
    keys.into_iter().filter(|key| has(key)).count() >= 2
}

/// Whether brackets are opened far more often than closed: the YAML reader takes quadratic time on that.
fn nests_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_NESTING
    })
}

fn place_of(text: &str, part: Part) -> Place {
    match part {
        Part::Key(key) => place::key(text, key),
        Part::Within(key, offset) => place::within(text, key, offset),
        Part::Example(index) => place::example(text, index),
    }
}

/// A YAML reader's message, with "did you mean" for a misspelt key and without its own position.
fn explained(message: &str) -> String {
    let plain = message
        .split(" at line ")
        .next()
        .unwrap_or(message)
        .to_owned();
    let key = plain
        .split_once("unknown field `")
        .and_then(|(_, rest)| rest.split_once('`'));
    let Some((key, _)) = key else {
        return plain;
    };
    match nearest(key, KEYS.iter().copied()) {
        Some(near) => format!("there is no key `{key}`; did you mean `{near}`?"),
        None => plain,
    }
}

/// The rules in order; every id once.
fn sorted(mut rules: Vec<Rule>) -> Result<RuleSet, Vec<RuleProblem>> {
    rules.sort_by(|left, right| (&left.id, &left.file).cmp(&(&right.id, &right.file)));
    let repeated: Vec<RuleProblem> = rules
        .windows(2)
        .filter_map(|pair| match pair {
            [first, second] if first.id == second.id => Some(RuleProblem {
                file: second.file.clone(),
                line: 1,
                column: None,
                message: format!("the id `{}` is already taken by {}", second.id, first.file),
            }),
            _ => None,
        })
        .collect();
    if repeated.is_empty() {
        Ok(RuleSet { rules })
    } else {
        Err(repeated)
    }
}
