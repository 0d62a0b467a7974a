//! The input of an example, judged by its rule.

use std::sync::Arc;

use super::super::evidence::Evidence;
use super::super::judge::finding::{Anchor, finding};
use super::super::judge::{Ruling, add_reads};
use crate::check::judge::lookup::SubjectLookup;
use crate::check::report::finding::FindingSubject;
use crate::check::subject::kind::{Judge, anchor};
use crate::expr::{Evaluation, Name, Outcome, Reads};
use crate::fact::live::{V5Living, living};
use crate::fact::moved::{V4ToV5, migrations};
use crate::fact::spec::{Candidates, PairFlag, V5Draft, drafts, linted};
use crate::fact::v4::{Surroundings, V4Cluster, acquaint, clusters};
use crate::fact::{Definition, Run, Subject};
use crate::manifest::{Assume, gather_texts};
use crate::rule::{Complete, Example, Expect, Rule, SubjectKind};

/// The time examples are judged by unless they say otherwise.
pub(super) const NOW: &str = "2026-11-20T12:00:00Z";

/// What came of an example.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) evaluation: Evaluation,
    /// Where the rule fires or is undecided: its finding, or one for each element that it is about.
    pub(super) told: Vec<Told>,
}

/// A finding as far as examples speak of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) id: String,
    /// The text under the primary label.
    pub(super) at: String,
    pub(super) message: String,
    /// JSON Pointer of the culprit.
    pub(super) path: String,
}

impl Shown {
    pub(super) fn outcome(&self) -> &'static str {
        match self.evaluation.outcome {
            Outcome::True => Expect::Fires.name(),
            Outcome::False => Expect::Passes.name(),
            Outcome::Unknown(_) => Expect::Unknown.name(),
            Outcome::Bug(_) => "a bug of the rule",
        }
    }
}

/// Judges the example's subject by the rule. With `blurred`, that name is unknown.
pub(super) fn show(
    rule: &Rule,
    example: &Example,
    texts: &[String],
    blurred: Option<&Name>,
) -> Result<Shown, String> {
    let now = match example.now {
        Some(now) => now,
        None => NOW.parse().map_err(|error| format!("{NOW}: {error}"))?,
    };
    let definition = example.api.map(|api| Definition {
        releases: Vec::new(),
        from: String::new(),
        api_version: Some(api),
    });
    let run = Run {
        now,
        target: example.target,
        definition,
    };
    let evidence = evidence(texts, &example.complete);
    if let Some(skipped) = evidence.skipped.iter().find(|skipped| skipped.counts) {
        return Err(format!(
            "the given input cannot be read: {}: {}",
            skipped.uri, skipped.reason
        ));
    }
    let Some(inventory) = evidence.inventories.first() else {
        return Err("the given input is empty".to_owned());
    };
    let surroundings = Surroundings::of(inventory, &run);
    let mut clusters = [clusters(inventory, &run, &surroundings)];
    acquaint(&mut clusters, [inventory]);
    let [clusters] = clusters;
    match rule.subject {
        SubjectKind::Course => Err("no rule is about a Course".to_owned()),
        SubjectKind::Cluster => {
            let cluster = clusters
                .first()
                .ok_or("the given input holds no v4 cluster")?;
            Ok(judged::<V4Cluster>(rule, cluster, &evidence, blurred))
        }
        SubjectKind::Draft => {
            let flag = example.pair.as_deref().map(PairFlag::parse);
            let flags: Vec<PairFlag> = flag
                .transpose()
                .map_err(|error| error.to_string())?
                .into_iter()
                .collect();
            let candidates = Candidates::of(&clusters);
            let drafts = drafts(
                inventory,
                &run,
                &surroundings,
                &candidates,
                &flags,
                linted(true),
            );
            let draft = drafts
                .iter()
                .max_by_key(|draft| draft.object.is_draft())
                .ok_or("the given input holds no PostgresCluster")?;
            Ok(judged::<V5Draft>(rule, draft, &evidence, blurred))
        }
        SubjectKind::Living | SubjectKind::Migration => {
            let candidates = Candidates::of(&clusters);
            let found = living(inventory, &run, &surroundings, &candidates, &[]);
            if rule.subject == SubjectKind::Living {
                let living = found
                    .first()
                    .ok_or("the given input holds no living PostgresCluster")?;
                return Ok(judged::<V5Living>(rule, living, &evidence, blurred));
            }
            let found = migrations(&found, &clusters);
            let migration = found
                .first()
                .ok_or("the given input holds no living PostgresCluster beside the v4 cluster it came from")?;
            Ok(judged::<V4ToV5>(rule, migration, &evidence, blurred))
        }
    }
}

/// One subject, judged by the rule. With `blurred`, that name is unknown.
fn judged<J: Judge>(
    rule: &Rule,
    of: &J::Of<'_>,
    evidence: &Evidence,
    blurred: Option<&Name>,
) -> Shown {
    let lookup = J::lookup(of);
    if let Some(name) = blurred {
        lookup.blur(name);
    }
    let mut rulings = Vec::new();
    J::ask(of, rule, rule.effect, &lookup, &mut rulings);
    shown(&rulings, &lookup, &anchor::<J>(of, nobody()), evidence)
}

pub(super) fn evidence(texts: &[String], complete: &Complete) -> Evidence {
    let assume = match complete {
        Complete::Unsaid => Assume::nothing(),
        Complete::All => Assume::everything(),
        Complete::Kinds(kinds) => Assume::of(kinds),
    };
    let named = texts
        .iter()
        .enumerate()
        .map(|(index, text)| (format!("given-{index}.yaml"), text.clone().into_bytes()));
    Evidence::of(gather_texts(named.collect()), &assume)
}

fn nobody() -> Arc<FindingSubject> {
    Arc::new(FindingSubject {
        origin: String::new(),
        kind: String::new(),
        namespace: String::new(),
        name: String::new(),
    })
}

/// What came of it; a rule that does not concern the subject or the target passes.
fn shown<S: Subject>(
    rulings: &[Ruling<'_>],
    lookup: &SubjectLookup<'_, '_, S>,
    anchor: &Anchor<'_>,
    evidence: &Evidence,
) -> Shown {
    let mut shown = Shown {
        evaluation: Evaluation {
            outcome: Outcome::False,
            reads: Reads::new(),
        },
        told: Vec::new(),
    };
    for ruling in rulings.iter().filter(|ruling| ruling.in_target) {
        let evaluation = ruling.evaluation.clone();
        add_reads(&mut shown.evaluation.reads, evaluation.reads);
        let outcome = &mut shown.evaluation.outcome;
        if telling(&evaluation.outcome) > telling(outcome) {
            *outcome = evaluation.outcome;
        }
        shown.told.extend(told(ruling, lookup, anchor, evidence));
    }
    shown
}

/// What of several outcomes stands for all: a fault of the rule, then that it fires, then that it cannot be decided.
fn telling(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::False => 0,
        Outcome::Unknown(_) => 1,
        Outcome::True => 2,
        Outcome::Bug(_) => 3,
    }
}

fn told<S: Subject>(
    ruling: &Ruling<'_>,
    lookup: &SubjectLookup<'_, '_, S>,
    anchor: &Anchor<'_>,
    evidence: &Evidence,
) -> Option<Told> {
    let finding = finding(ruling, lookup, anchor)?;
    let label = finding.labels.iter().find(|label| label.primary)?;
    let source = evidence.sources.get(label.span.source.0 as usize)?;
    Some(Told {
        id: finding.id.to_string(),
        at: source.slice(label.span).to_owned(),
        message: finding.message.to_string(),
        path: finding.path,
    })
}

/// A name as rules write it.
pub(super) fn spelled(rule: &Rule, name: &Name) -> String {
    match name {
        Name::Own(path) => format!("self.{}", path.join(".")),
        name => name.written(rule.names()),
    }
}
