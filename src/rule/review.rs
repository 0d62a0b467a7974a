//! The mistakes a rule's author can make that only a compiled rule shows.

use std::collections::BTreeSet;

use super::compiled::Rule;
use super::example::{Example, Expect};
use super::resolve::{Faults, Part};
use super::{Effect, SubjectKind};
use crate::expr::{Expr, ExprError, Name, Names};

/// Names that any message may use: they say whom it is about.
const IDENTITY: &[&str] = &[
    "cluster.name",
    "cluster.namespace",
    "draft.name",
    "draft.namespace",
    "live.name",
    "live.namespace",
    "upgrade.from",
    "upgrade.to",
];
/// The same of the v4 cluster a draft is compared with; only for rules that do compare.
const PAIR_IDENTITY: &[&str] = &["v4.cluster.name", "v4.cluster.namespace"];

/// Looks for every mistake in a rule.
pub(super) fn review(rule: &Rule, faults: &mut Faults) {
    identity(&rule.id, &rule.file, faults);
    if rule.subject == SubjectKind::Migration && rule.holds.is_none() {
        let message =
            "a rule about a Migration says in `holds` what is so where it passes, for checklists";
        faults.add(Part::Key("holds"), message);
    }
    for (key, text) in [("title", &rule.title), ("message", &rule.message.source)] {
        if text.trim().is_empty() {
            faults.add(Part::Key(key), format!("`{key}` is empty"));
        }
    }
    if let Some(question) = &rule.question {
        let begins = ["whether ", "which ", "what ", "how "];
        if !begins.iter().any(|word| question.starts_with(word)) || question.contains('\n') {
            let message = "`question` goes on from \"cannot tell\", in one line: it begins with whether, which, what or how";
            faults.add(Part::Key("question"), message);
        }
    }
    if rule.title.contains('\n') {
        faults.add(Part::Key("title"), "the title is longer than one line");
    }
    if rule.source.iter().all(|source| source.trim().is_empty()) {
        faults.add(Part::Key("source"), "every rule cites what it rests on");
    }
    let when = match rule.when() {
        None => None,
        Some(when) => noted(when, "when", faults),
    };
    if rule.when.is_none() && !may_lack_when(&rule.file) {
        faults.add(
            Part::Key("id"),
            "`when` is missing; only rules in a folder `schema` or `input` do without",
        );
    }
    if let Some(condition) = rule.holds_if() {
        noted(condition, "holds_if", faults);
        if rule.holds.is_none() {
            faults.add(Part::Key("holds_if"), "`holds_if` belongs to `holds`");
        }
    }
    noted(rule.why(), "why", faults);
    noted(rule.fix(), "fix", faults);
    let reads = rule.reads();
    if let (Some(message), Some(_)) = (noted(rule.message(), "message", faults), when) {
        // A migration always has both sides.
        let of_both = rule.subject == SubjectKind::Migration;
        for name in message.names() {
            if !readable(name, &reads, &rule.names, of_both) {
                let name = name.written(&rule.names);
                faults.add(
                    Part::Key("message"),
                    format!("the message names `{name}`, which is neither the subject's nor read by `when`"),
                );
            }
        }
    }
    each(rule, when, faults);
    label(rule, faults);
    examples(rule, when, faults);
}

/// Findings of the schema and of reading the input are made by the program itself.
fn may_lack_when(file: &str) -> bool {
    file.split(['/', '\\'])
        .any(|folder| matches!(folder, "schema" | "input"))
}

fn noted<'r, T>(
    result: Result<&'r T, &ExprError>,
    key: &'static str,
    faults: &mut Faults,
) -> Option<&'r T> {
    match result {
        Ok(compiled) => Some(compiled),
        Err(error) => {
            faults.add(
                Part::Within(key, error.offset),
                format!("{key}: {}", error.message),
            );
            None
        }
    }
}

/// An id is the file's name, in kebab-case.
pub(super) fn identity(id: &str, file: &str, faults: &mut Faults) {
    let file = file.rsplit(['/', '\\']).next().unwrap_or("");
    let stem = file
        .strip_suffix(".yaml")
        .or_else(|| file.strip_suffix(".yml"))
        .unwrap_or(file);
    if id != stem {
        let message = format!("the id `{id}` differs from the file's name `{stem}`");
        faults.add(Part::Key("id"), message);
    }
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let kebab = id.chars().all(letter)
        && id.split('-').all(|word| !word.is_empty())
        && id.starts_with(|c: char| c.is_ascii_lowercase());
    if !kebab {
        let message = format!("the id `{id}` is not in kebab-case (lower-case words joined by -)");
        faults.add(Part::Key("id"), message);
    }
}

/// Whether a message may use a name: it identifies the subject, or the condition reads it, or a fact about the same
/// thing (`repoClaim.name` beside `repoClaim.fsGroup`). Anything else could be unknown when the rule fires.
fn readable(name: &Name, reads: &[Name], names: &dyn Names, of_both: bool) -> bool {
    match name {
        Name::Now => reads.contains(name),
        // Whose field it is the element's finding says anyhow.
        Name::Item(_) => true,
        Name::Own(path) => reads.iter().any(|read| match read {
            Name::Own(read) => path.starts_with(read),
            _ => false,
        }),
        Name::Fact(number) => {
            let dotted = names.fact_name(*number);
            let compares = || {
                reads
                    .iter()
                    .any(|read| read.written(names).starts_with("v4."))
            };
            let same_thing = |read: &Name| match read {
                Name::Fact(read) => group(names.fact_name(*read)) == group(dotted),
                _ => false,
            };
            reads.iter().any(same_thing)
                || IDENTITY.contains(&dotted)
                || (PAIR_IDENTITY.contains(&dotted) && (of_both || compares()))
        }
    }
}

/// The thing a fact is about: its name without the last word.
fn group(dotted: &str) -> &str {
    dotted.rsplit_once('.').map_or(dotted, |(group, _)| group)
}

/// A rule that goes over a list is about its elements.
fn each(rule: &Rule, when: Option<&Expr>, faults: &mut Faults) {
    if let Some(list) = &rule.goes_over {
        faults.keep(Part::Key("each"), rule.names.list(list));
    }
    let of_item = |name: &Name| matches!(name, Name::Item(_));
    if rule.each().is_some() && when.is_some_and(|when| !when.names().iter().any(of_item)) {
        let message = "each: `when` says nothing of `it`, so every element would be found or none";
        faults.add(Part::Key("each"), message);
    }
}

/// The label must name something.
fn label(rule: &Rule, faults: &mut Faults) {
    if let Some(label) = &rule.label
        && let Err(message) = Name::parse(label, &rule.names)
    {
        faults.add(Part::Key("label"), format!("label: {message}"));
    }
}

fn examples(rule: &Rule, when: Option<&Expr>, faults: &mut Faults) {
    if when.is_some() {
        for (wanted, message) in [
            (Expect::Fires, "an example with `expect: fires` is missing"),
            (
                Expect::Passes,
                "an example with `expect: passes` is missing",
            ),
        ] {
            if !rule.examples.iter().any(|example| example.expect == wanted) {
                faults.add(Part::Key("examples"), message);
            }
        }
    }
    let mut names = BTreeSet::new();
    for (index, example) in rule.examples.iter().enumerate() {
        let mut add = |message: String| {
            faults.add(
                Part::Example(index),
                format!("example `{}`: {message}", example.name),
            );
        };
        if !names.insert(example.name.as_str()) {
            add("two examples of this name".into());
        }
        if example.given.trim().is_empty() {
            add("`given` is empty".into());
        }
        for message in consistent(rule, example) {
            add(message);
        }
        for needed in &example.needs {
            let message = when.and_then(|_| needs(needed, &rule.reads(), &rule.names));
            if let Some(message) = message {
                add(message);
            }
        }
    }
}

/// Keys of an example that do not go together, or not with the rule.
fn consistent(rule: &Rule, example: &Example) -> Vec<String> {
    let mut wrong = Vec::new();
    if example.expect != Expect::Unknown && !example.needs.is_empty() {
        wrong.push("`needs` belongs to `expect: unknown`".to_owned());
    }
    if example.expect == Expect::Passes && !example.at.is_empty() {
        wrong.push("`at` has no meaning where the rule passes".to_owned());
    }
    if example.at.len() > 1 && rule.each().is_none() {
        wrong.push("several texts in `at` belong to rules with `each`".to_owned());
    }
    if example.pair.is_some() && rule.subject == SubjectKind::Cluster {
        wrong.push("`pair` belongs to rules about a PostgresCluster".to_owned());
    }
    if let (Some(method), Effect::Methods(weights)) = (example.method, &rule.effect)
        && weights.of(method).is_none()
    {
        wrong.push(format!("the rule has no effect on `{}`", method.name()));
    }
    wrong
}

/// What is wrong with a name that an example says is needed, if anything.
fn needs(needed: &str, reads: &[Name], names: &dyn Names) -> Option<String> {
    let name = match Name::parse(needed, names) {
        Ok((name, _)) => name,
        Err(message) => return Some(format!("needs: {message}")),
    };
    let related = |read: &Name| match (read, &name) {
        (Name::Own(read), Name::Own(path)) => read.starts_with(path) || path.starts_with(read),
        (read, name) => read == name,
    };
    let read = reads.iter().any(related);
    (!read).then(|| format!("needs names `{needed}`, which `when` does not read"))
}
