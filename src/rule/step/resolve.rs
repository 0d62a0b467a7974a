//! A step file as written to a step: words become meanings. Expressions are left for first use.

use std::sync::Arc;

use super::compiled::{self, Case, Downtime, Scope, Step};
use super::{Decided, StepExample};
use crate::expr::{Names, Version};
use crate::rule::compiled::Lazy;
use crate::rule::raw::Text;
use crate::rule::raw_step::{RawCommands, RawNever, RawStep, RawStepExample, RawTruth};
use crate::rule::resolve::{Faults, Part, complete, method, one_of};
use crate::rule::{Method, NamesOf, Phase};

/// In place of a condition: no object shows that the step is done.
const BY_HAND: &str = "by hand";

/// The step, unless its methods or its phase make no sense; all other faults leave a step that is good enough to go on
/// looking for more.
pub(super) fn step(
    raw: RawStep,
    file: &str,
    names_of: NamesOf,
    faults: &mut Faults,
) -> Option<Step> {
    let methods = faults.keep(Part::Key("methods"), methods(&raw.methods))?;
    let phases: Vec<_> = Phase::ALL
        .iter()
        .filter(|phase| **phase != Phase::Know)
        .map(|phase| (phase.name(), *phase))
        .collect();
    let phase = faults.keep(Part::Key("phase"), one_of(&raw.phase, "phase", &phases))?;
    let scopes = Scope::ALL.map(|scope| (scope.name(), scope));
    let scope = raw.scope.map(|word| one_of(&word, "scope", &scopes));
    let scope = scope.and_then(|scope| faults.keep(Part::Key("scope"), scope));
    let edges = [("begins", Downtime::Begins), ("ends", Downtime::Ends)];
    let downtime = raw.downtime.map(|word| one_of(&word, "downtime", &edges));
    let downtime = downtime.and_then(|edge| faults.keep(Part::Key("downtime"), edge));
    let unseen = unseen(raw.unseen.as_deref(), raw.done.as_deref());
    let unseen_by_hand = faults.keep(Part::Key("unseen"), unseen).unwrap_or(false);
    for (key, commands) in [
        ("run", &raw.run),
        ("wait", &raw.wait),
        ("no_return", &raw.no_return),
    ] {
        if goes_on(commands.as_ref()) {
            faults.add(
                Part::Key(key),
                "`as` stands in `back` alone: a way back goes on as another's",
            );
        }
    }
    let names = names_of(compiled::subject(&methods));
    let mut examples = Vec::new();
    for (index, raw) in raw.examples.into_iter().enumerate() {
        examples.extend(faults.keep(Part::Example(index), example(raw, &methods)));
    }
    Some(Step {
        id: raw.id.into(),
        methods,
        phase,
        after: shared(&raw.after),
        scope: scope.unwrap_or(Scope::Cluster),
        answers: shared(&raw.answers),
        stopped_by: shared(&raw.stopped_by),
        title: raw.title.into_owned(),
        downtime,
        source: raw.source.into_texts(),
        examples,
        lines: Vec::new(),
        file: file.to_owned(),
        needed: raw.needed.map(Lazy::new),
        by_hand: raw.done.as_deref() == Some(BY_HAND),
        unseen_by_hand,
        outlives_v4: raw.outlives_v4,
        done: raw.done.filter(|done| done != BY_HAND).map(Lazy::new),
        restarts_v4: raw.restarts_v4.map(Lazy::new),
        run: cases(raw.run, names),
        wait: cases(raw.wait, names),
        changes: raw.changes.map(Lazy::new),
        back: texts(raw.back, names),
        never: raw.never.iter().map(|one| never(one, names)).collect(),
        no_return: texts(raw.no_return, names),
        names,
    })
}

/// Whether a text goes on with that of another step.
fn goes_on(commands: Option<&RawCommands>) -> bool {
    match commands {
        Some(RawCommands::Cases(cases)) => cases.iter().any(|case| case.like.is_some()),
        _ => false,
    }
}

/// Whether a person ticks it where the input does not show whether it is done.
fn unseen(unseen: Option<&str>, done: Option<&str>) -> Result<bool, String> {
    match (unseen, done) {
        (None, _) => Ok(false),
        (Some(BY_HAND), Some(done)) if done != BY_HAND => Ok(true),
        (Some(BY_HAND), _) => Err(
            "`unseen` stands beside a condition in `done`, which the input may leave open"
                .to_owned(),
        ),
        (Some(word), _) => Err(format!("`{word}` is not `{BY_HAND}`")),
    }
}

fn shared(ids: &[Text]) -> Vec<Arc<str>> {
    ids.iter().map(|id| Arc::from(&**id)).collect()
}

fn methods(words: &[Text]) -> Result<Vec<Method>, String> {
    let methods: Result<Vec<Method>, String> = words
        .iter()
        .map(|word| method(word, &Method::EVERY))
        .collect();
    let methods = methods?;
    if methods.is_empty() {
        return Err("a step is a part of at least one method".to_owned());
    }
    if methods.len() > 1 && methods.contains(&Method::Upgrade) {
        return Err(
            "a step of `upgrade` is about a living cluster and of no other method".to_owned(),
        );
    }
    Ok(methods)
}

fn cases(raw: Option<RawCommands>, names: &'static dyn Names) -> Vec<Case> {
    match raw {
        None => Vec::new(),
        Some(RawCommands::Always(text)) => vec![Case::new(None, &text, names)],
        Some(RawCommands::Cases(cases)) => cases
            .iter()
            .map(|case| {
                let mut made = Case::new(case.condition.clone(), &case.run, names);
                made.remedies = shared(&case.remedies);
                made
            })
            .collect(),
    }
}

fn texts(raw: Option<RawCommands>, names: &'static dyn Names) -> Vec<Case> {
    let is_said = |text: &Text| !text.trim().is_empty();
    match raw {
        None => Vec::new(),
        Some(RawCommands::Always(text)) => {
            let text = Some(text).filter(is_said);
            text.map(|text| Case::text_of(None, with_commands_set_in(text), names))
                .into_iter()
                .collect()
        }
        Some(RawCommands::Cases(cases)) => cases
            .iter()
            .map(|case| {
                let text = with_commands_set_in(case.run.clone());
                let mut made = Case::text_of(case.condition.clone(), text, names);
                made.like = case.like.as_deref().map(Arc::from);
                made
            })
            .collect(),
    }
}

fn never(raw: &RawNever, names: &'static dyn Names) -> Case {
    match raw {
        RawNever::Always(command) => Case::text_of(None, command.clone(), names),
        RawNever::Case(case) => Case::text_of(case.condition.clone(), case.run.clone(), names),
    }
}

/// Lines of a text that are commands are set in, which is what tells them from prose: names in them are quoted as a shell
/// needs it, and a list is one line for each.
fn with_commands_set_in(text: Text) -> Text {
    let is_command = |line: &str| {
        let begins = line.trim_start();
        let tools = ["kubectl ", "pgo ", "pgo-preflight ", "argocd ", "oc "];
        tools.iter().any(|tool| begins.starts_with(tool))
    };
    if !text.lines().any(is_command) {
        return text;
    }
    let lines = text.lines().map(|line| {
        if is_command(line) {
            format!("    {}", line.trim_start())
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n").into()
}

fn example(raw: RawStepExample, methods: &[Method]) -> Result<StepExample, String> {
    let said = |message: String| format!("example `{}`: {message}", raw.name);
    let target = raw.target.as_ref().map(|text| {
        Version::parse(text).ok_or_else(|| said(format!("target `{text}` is no version")))
    });
    let named = raw.method.as_deref().map(|word| method(word, methods));
    let first = methods.first().copied().unwrap_or(Method::Volumes);
    Ok(StepExample {
        method: named.transpose().map_err(said)?.unwrap_or(first),
        needed: raw.needed.as_ref().map(truth).transpose().map_err(said)?,
        done: raw.done.as_ref().map(truth).transpose().map_err(said)?,
        target: target.transpose()?,
        complete: complete(raw.complete.clone()).map_err(said)?,
        name: raw.name.clone(),
        given: raw.given,
        then: raw.then,
    })
}

fn truth(raw: &RawTruth) -> Result<Decided, String> {
    match raw {
        RawTruth::Known(true) => Ok(Decided::Yes),
        RawTruth::Known(false) => Ok(Decided::No),
        RawTruth::Word(word) if word == "unknown" => Ok(Decided::Unknown),
        RawTruth::Word(word) => Err(format!("`{word}` is none of true, false and unknown")),
    }
}
