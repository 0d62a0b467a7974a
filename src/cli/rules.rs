//! `rules`: list rules and facts, explain one.

pub(super) mod facts;
pub(super) mod steps;

use std::path::PathBuf;

use serde_json::json;

use super::Failure;
use super::args::rules::{RulesArgs, RulesFormat};
use super::streams::output::{colour, pretty, print};
use crate::check::names_of;
use crate::render;
use crate::rule::{Rule, RuleProblem, RuleSet};
use crate::source::{Inputs, Limits};

/// Runs `rules` and returns the exit code.
pub(super) fn run(args: &RulesArgs) -> Result<u8, Failure> {
    let rules = with_examples(&args.rules)?;
    let text = match (&args.id, args.facts, args.format) {
        (_, _, RulesFormat::Schema) => pretty(&crate::rule::schema()),
        (_, _, RulesFormat::ConfigSchema) => pretty(&super::config::schema()),
        (_, _, RulesFormat::Releases) => render::releases::markdown(),
        (Some(id), _, _) => explain(&rules, id, args)?,
        (None, _, format) if args.steps => list_steps(&rules, format),
        (None, true, format) => facts::listed(format),
        (None, false, format) => list_rules(&rules, args, format)?,
    };
    print(&text, args.format.form(colour(args.color)))?;
    Ok(0)
}

/// The built-in rules and those of folders, without examples.
pub(super) fn rule_set(folders: &[PathBuf]) -> Result<RuleSet, Failure> {
    join(
        RuleSet::built_in(names_of).map_err(|problems| told(&problems))?,
        folders,
    )
}

fn with_examples(folders: &[PathBuf]) -> Result<RuleSet, Failure> {
    join(
        RuleSet::built_in_with_examples(names_of).map_err(|problems| told(&problems))?,
        folders,
    )
}

fn join(mut rules: RuleSet, folders: &[PathBuf]) -> Result<RuleSet, Failure> {
    for folder in folders {
        rules = rules
            .and(from_folder(folder)?)
            .map_err(|problems| told(&problems))?;
    }
    Ok(rules)
}

/// No rule is larger than a part of this.
const LIMITS: Limits = Limits {
    file: 1 << 20,
    total: 64 << 20,
};

/// The files in a folder, each with its text; `what` they should be.
pub(super) fn texts(folder: &PathBuf, what: &str) -> Result<Vec<(String, String)>, Failure> {
    let inputs = Inputs::find([folder], LIMITS)?;
    if let Some(skipped) = inputs
        .skipped
        .iter()
        .find(|skipped| skipped.reason.may_hide_objects())
    {
        return Err(Failure::new(format!("{}: {}", skipped.uri, skipped.reason)));
    }
    let mut texts = Vec::new();
    for file in &inputs.files {
        let bytes = file
            .read(inputs.limits)
            .map_err(|skipped| Failure::new(format!("{}: {}", skipped.uri, skipped.reason)))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::new(format!("{}: this is not UTF-8 text", file.uri)))?;
        texts.push((file.uri.clone(), text));
    }
    if texts.is_empty() {
        return Err(Failure::new(format!(
            "{}: no {what} (.yaml) in this folder",
            folder.display()
        )));
    }
    Ok(texts)
}

/// The rules in a folder; every mistake in any of them is told.
pub(super) fn from_folder(folder: &PathBuf) -> Result<RuleSet, Failure> {
    let texts = texts(folder, "rules")?;
    RuleSet::from_texts(
        texts
            .iter()
            .map(|(file, text)| (file.as_str(), text.as_str())),
        names_of,
    )
    .map_err(|problems| told(&problems))
}

pub(super) fn told(problems: &[RuleProblem]) -> Failure {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Failure::new(lines.join("\n  "))
}

fn explain(rules: &RuleSet, id: &str, args: &RulesArgs) -> Result<String, Failure> {
    let format = args.format;
    if let Some(rule) = rules.get(id) {
        return Ok(match format {
            RulesFormat::Human
            | RulesFormat::Schema
            | RulesFormat::ConfigSchema
            | RulesFormat::Releases => {
                let mut text = render::rules::explained(rule, colour(args.color));
                text.push_str(&render::steps::answering(rules.steps().answering(id)));
                text
            }
            RulesFormat::Markdown => render::rules::markdown(&[rule]),
            RulesFormat::Json => {
                let mut json = render::rules::json(rule);
                let steps = rules.steps().answering(id).map(|step| step.id.to_string());
                if let serde_json::Value::Object(keys) = &mut json {
                    keys.insert("steps".to_owned(), steps.collect());
                }
                pretty(&json)
            }
        });
    }
    if let Some(step) = rules.steps().get(id) {
        return Ok(match format {
            RulesFormat::Json => pretty(&render::steps::json(step)),
            _ => render::steps::explained(step),
        });
    }
    if let Some(text) = facts::explained(id, format) {
        return Ok(text);
    }
    let hint = rules
        .similar(id)
        .or_else(|| rules.steps().similar(id))
        .or_else(|| facts::similar(id))
        .map(|similar| format!("; did you mean `{similar}`?"))
        .unwrap_or_default();
    Err(Failure::new(format!(
        "there is no rule, step or fact `{id}`{hint} (`pgo-preflight rules` lists them)"
    )))
}

fn list_steps(rules: &RuleSet, format: RulesFormat) -> String {
    let steps = rules.steps().steps();
    match format {
        RulesFormat::Json => {
            let steps: Vec<_> = steps.iter().map(render::steps::json).collect();
            pretty(&json!({"version": 1, "steps": steps}))
        }
        RulesFormat::Markdown => render::steps::markdown(steps),
        _ => render::steps::listed(steps),
    }
}

fn list_rules(rules: &RuleSet, args: &RulesArgs, format: RulesFormat) -> Result<String, Failure> {
    let all: Vec<&Rule> = rules
        .rules()
        .iter()
        .filter(|rule| wanted(rule, args))
        .collect();
    if all.is_empty() {
        return Err(Failure::new(
            "no rule is in that folder, with that effect and about that subject (`pgo-preflight rules` lists all)",
        ));
    }
    Ok(match format {
        RulesFormat::Human
        | RulesFormat::Schema
        | RulesFormat::ConfigSchema
        | RulesFormat::Releases => render::rules::listed(&all),
        RulesFormat::Markdown => render::rules::markdown(&all),
        RulesFormat::Json => {
            let rules: Vec<_> = all.iter().map(|rule| render::rules::json(rule)).collect();
            pretty(&json!({"version": 1, "rules": rules}))
        }
    })
}

/// Whether a rule is one of those that are asked for.
fn wanted(rule: &Rule, args: &RulesArgs) -> bool {
    let file = rule.file.strip_prefix("rules/").unwrap_or(&rule.file);
    let in_folder = |folder: &String| {
        let rest = file.strip_prefix(folder.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let with_effect = |effect: &String| rule.effect.weights().any(|weight| weight.name() == effect);
    args.folder.as_ref().is_none_or(in_folder)
        && args.effect.as_ref().is_none_or(with_effect)
        && args
            .subject
            .as_ref()
            .is_none_or(|subject| rule.subject.name() == subject)
}
