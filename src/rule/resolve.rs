//! A rule file as written to a rule: words become meanings. Expressions are left for first use.

use std::sync::OnceLock;

use super::compiled::{Lazy, Rule};
use super::effect::{DRAFT, LIVING, METHODS, MIGRATION};
use super::example::{Complete, Example, Expect};
use super::names::RuleNames;
use super::raw::{OneOrMany, RawEffect, RawExample, RawRule, Text, Words};
use super::{Effect, Method, Phase, SubjectKind, VersionRange, Weight, Weights};
use crate::expr::{Names, Version, nearest};
use crate::manifest::{KINDS, Kind};

/// What is wrong with a part of a rule.
pub(super) struct Fault {
    pub(super) part: Part,
    pub(super) message: String,
}

/// A part of a rule file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A key at the top.
    Key(&'static str),
    /// A byte of a key's value.
    Within(&'static str, usize),
    /// An example, by its position.
    Example(usize),
}

/// Notes a fault and goes on, so that an author sees all of them at once.
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, part: Part, message: impl Into<String>) {
        let message = message.into();
        self.0.push(Fault { part, message });
    }

    /// The value, or a noted fault.
    pub(super) fn keep<T>(&mut self, part: Part, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(message) => {
                self.add(part, message);
                None
            }
        }
    }
}

/// The rule, unless its subject or effect makes no sense; all other faults leave a rule that is good
/// enough to go on looking for more.
pub(super) fn rule(
    raw: RawRule,
    file: Text,
    names_of: fn(SubjectKind) -> &'static dyn Names,
    faults: &mut Faults,
) -> Option<Rule> {
    let subject = one_of(
        &raw.subject,
        "subject",
        &SubjectKind::ALL.map(|kind| (kind.name(), kind)),
    );
    let subject = faults.keep(Part::Key("subject"), subject)?;
    let effect = faults.keep(Part::Key("effect"), effect(&raw.effect, subject))?;
    let phases = Phase::ALL.map(|phase| (phase.name(), phase));
    let phase = raw.phase.map(|word| one_of(&word, "phase", &phases));
    let phase = match phase {
        Some(phase) => faults.keep(Part::Key("phase"), phase)?,
        None if effect.heaviest() == Weight::Action => Phase::Prepare,
        None => Phase::Know,
    };
    let mut range = |text: Option<Text>| {
        let range = VersionRange::parse(&text?);
        faults.keep(Part::Key("applies"), range)
    };
    let (target, v4) = (range(raw.applies.target), range(raw.applies.v4));
    let from = range(raw.applies.from);
    if from.is_some() && effect.on(Method::Upgrade).is_none() {
        let message = "from is the release that runs: it is for rules about an upgrade";
        faults.add(Part::Key("applies"), message);
    }
    let mut names = RuleNames::new(names_of(subject));
    if let Some(each) = &raw.each {
        names.each = names.list(each).ok();
    }
    let mut examples = Vec::new();
    for (index, raw) in raw.examples.into_iter().enumerate() {
        examples.extend(faults.keep(Part::Example(index), example(raw)));
    }
    Some(Rule {
        id: raw.id.into(),
        subject,
        title: raw.title,
        question: raw.question,
        effect,
        phase,
        loses_data: raw.loses_data,
        holds: raw.holds,
        holds_if: raw.holds_if.map(Lazy::new),
        target,
        v4,
        from,
        source: raw.source.into_vec(),
        label: raw.label,
        goes_over: raw.each,
        examples,
        file,
        when: raw.when.map(Lazy::new),
        message: Lazy::new(raw.message),
        why: Lazy::new(raw.why),
        fix: Lazy::new(raw.fix),
        names,
        label_name: OnceLock::new(),
        compares: OnceLock::new(),
    })
}

/// The meaning of a word, or what it should have been.
pub(super) fn one_of<T: Copy>(word: &str, what: &str, known: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, meaning)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(*meaning);
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    Err(format!("{what} `{word}` is none of {}", names.join(", ")))
}

fn weight(word: &str, known: &[Weight]) -> Result<Weight, String> {
    if let Some(weight) = known.iter().find(|weight| weight.name() == word) {
        return Ok(*weight);
    }
    let known: Vec<_> = known
        .iter()
        .map(|weight| (weight.name(), *weight))
        .collect();
    one_of(word, "effect", &known)
}

pub(super) fn method(word: &str, known: &[Method]) -> Result<Method, String> {
    if let Some(method) = known.iter().find(|method| method.name() == word) {
        return Ok(*method);
    }
    let known: Vec<_> = known
        .iter()
        .map(|method| (method.name(), *method))
        .collect();
    one_of(word, "method", &known)
}

fn effect(raw: &RawEffect, subject: SubjectKind) -> Result<Effect, String> {
    let methods = |words: &Words, known: &[Method]| {
        let weights = words
            .iter()
            .map(|(name, word)| Ok((method(name, known)?, weight(word, &METHODS)?)));
        Ok(Effect::Methods(
            weights.collect::<Result<Weights, String>>()?,
        ))
    };
    match (raw, subject) {
        (RawEffect::Methods(words), SubjectKind::Cluster) if !words.is_empty() => {
            methods(words, &Method::ALL)
        }
        (RawEffect::Methods(words), SubjectKind::Living) if !words.is_empty() => {
            methods(words, &[Method::Upgrade])
        }
        (RawEffect::Word(word), SubjectKind::Draft) => Ok(Effect::Draft(weight(word, &DRAFT)?)),
        (RawEffect::Word(word), SubjectKind::Living) => Ok(Effect::Living(weight(word, &LIVING)?)),
        (RawEffect::Word(word), SubjectKind::Migration) => {
            Ok(Effect::Moved(weight(word, &MIGRATION)?))
        }
        (_, subject) => Err(wanted_effect(subject).to_owned()),
    }
}

fn wanted_effect(subject: SubjectKind) -> &'static str {
    match subject {
        SubjectKind::Cluster => {
            "the effect on a Pgcluster is given per method: {volumes: block, backups: warn}"
        }
        SubjectKind::Draft => "the effect on a PostgresCluster is one word: error, warn or info",
        SubjectKind::Living => {
            "the effect on a living PostgresCluster is one word, warn or info, or {upgrade: block}"
        }
        SubjectKind::Migration => {
            "the effect on a Migration is one word: wrong, incomplete, warn or info"
        }
        SubjectKind::Course => "no rule is about a Course: steps are",
    }
}

fn example(raw: RawExample) -> Result<Example, String> {
    let said = |message: String| format!("example `{}`: {message}", raw.name);
    let version = |text: &String| {
        Version::parse(text).ok_or_else(|| said(format!("target `{text}` is no version")))
    };
    let time = |text: &String| {
        let message = |_| said(format!("now `{text}` is no time like 2024-03-05T01:00:00Z"));
        text.parse::<jiff::Timestamp>().map_err(message)
    };
    Ok(Example {
        expect: one_of(&raw.expect, "expect", &Expect::WORDS).map_err(said)?,
        target: raw.target.as_ref().map(version).transpose()?,
        now: raw.now.as_ref().map(time).transpose()?,
        method: raw
            .method
            .as_deref()
            .map(|word| method(word, &Method::EVERY))
            .transpose()
            .map_err(said)?,
        complete: complete(raw.complete.clone()).map_err(said)?,
        api: raw
            .api
            .as_deref()
            .map(|word| one_of(word, "api", &[("v1", "v1")]))
            .transpose()
            .map_err(said)?,
        name: raw.name.clone(),
        given: raw.given,
        at: raw.at.map(OneOrMany::into_texts).unwrap_or_default(),
        needs: raw.needs,
        pair: raw.pair,
    })
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<Text> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many.into_owned(),
            OneOrMany::Number(number) => vec![number.to_string().into()],
        }
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.into_vec().into_iter().map(Text::into_owned).collect()
    }
}

pub(super) fn complete(raw: Option<OneOrMany>) -> Result<Complete, String> {
    let words = match raw {
        None => return Ok(Complete::Unsaid),
        Some(OneOrMany::One(word)) if word == "all" => return Ok(Complete::All),
        Some(words) => words.into_vec(),
    };
    let kinds = words.iter().map(|word| kind(word));
    Ok(Complete::Kinds(kinds.collect::<Result<_, _>>()?))
}

fn kind(word: &str) -> Result<Kind, String> {
    if let Some(info) = KINDS.iter().find(|info| info.name == word) {
        return Ok(info.kind);
    }
    Err(match nearest(word, KINDS.iter().map(|info| info.name)) {
        Some(near) => format!("complete names no kind `{word}`; did you mean `{near}`?"),
        None => format!("complete names no kind `{word}` that rules can read"),
    })
}
