//! Several reports to one: each cluster, draft and living cluster once, as the youngest report has it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value as Json;

use super::finding::{Finding, Text};
use super::of_report::RUN;
use super::shape::{Document, Tool, VERSION, title};
use crate::check::{BROKEN, Fingerprint};
use crate::rule::SubjectKind;

/// One report made of several, and what its reader should be told about that.
#[derive(Debug)]
pub struct Merged {
    /// The report. Its exit code is [`BROKEN`] if one of them was, otherwise 0: verdicts decide.
    pub document: Document<'static>,
    /// What was in several reports, and which of them was believed.
    pub notes: Vec<String>,
}

/// What a v4 cluster, a draft or a living cluster is known by: which of them it is, origin, namespace, name.
type Key = (Side, String, String, String);

/// What of a move something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Side {
    V4,
    Draft,
    Living,
}

/// Origins that name no Kubernetes cluster: loose files, and the service account of a pod in it.
const NAMELESS: [&str; 2] = ["", "in-cluster"];

impl Document<'_> {
    /// Gives what came from loose files, or from within its own cluster, an origin: reports of several Kubernetes clusters would otherwise mix.
    pub fn name_origin(&mut self, origin: &str) {
        let named = |of: &mut Text<'_>, ids: &mut dyn Iterator<Item = &mut Text<'_>>| {
            if NAMELESS.contains(&of.as_ref()) {
                // What names findings from without, as SARIF does, knows no origin: ids have to differ.
                ids.for_each(|id| *id = Cow::Owned(Fingerprint::of(&[origin, id]).to_string()));
                *of = Cow::Owned(origin.to_owned());
            }
        };
        for one in &mut self.clusters {
            let methods = one.methods.values_mut();
            let mut ids = methods.flat_map(|judged| &mut judged.findings);
            named(&mut one.origin, &mut ids);
        }
        for one in &mut self.drafts {
            named(&mut one.origin, &mut one.findings.iter_mut());
        }
        for one in &mut self.living {
            named(&mut one.origin, &mut one.findings.iter_mut());
        }
        for one in &mut self.pairs {
            let v5 = one.draft.as_mut().or(one.living.as_mut());
            if let Some(of) = v5.and_then(|v5| v5.origin.as_mut()) {
                named(of, &mut one.findings.iter_mut());
            }
        }
        for one in &mut self.findings {
            let id = &mut one.id;
            named(&mut one.subject.origin, &mut std::iter::once(id));
        }
    }

    fn keys(&self) -> impl Iterator<Item = Key> {
        let clusters = self.clusters.iter();
        let clusters = clusters.map(|one| key(Side::V4, &one.origin, &one.namespace, &one.name));
        let drafts = self.drafts.iter();
        let drafts = drafts.map(|one| key(Side::Draft, &one.origin, &one.namespace, &one.name));
        let living = self.living.iter();
        let living = living.map(|one| key(Side::Living, &one.origin, &one.namespace, &one.name));
        clusters.chain(drafts).chain(living)
    }
}

fn key(side: Side, origin: &str, namespace: &str, name: &str) -> Key {
    (
        side,
        origin.to_owned(),
        namespace.to_owned(),
        name.to_owned(),
    )
}

/// Merges reports, each with the name it is told by. One report alone stays as it is.
pub fn merge(mut reports: Vec<(String, Document<'static>)>) -> Option<Merged> {
    if reports.len() < 2 {
        let (_, document) = reports.pop()?;
        return Some(Merged {
            document,
            notes: Vec::new(),
        });
    }
    // Oldest first: what comes later is newer and wins; the order of the arguments matters only between equals.
    reports.sort_by_key(|(_, document)| document.now);
    let mut owner: HashMap<Key, usize> = HashMap::new();
    for (index, (_, document)) in reports.iter().enumerate() {
        for key in document.keys() {
            owner.insert(key, index);
        }
    }
    let notes = notes(&reports, &owner);
    let mut merged = Merging::default();
    for (index, (_, document)) in reports.into_iter().enumerate() {
        merged.add(document, &|key: &Key| owner.get(key) == Some(&index));
    }
    Some(Merged {
        document: merged.finish()?,
        notes,
    })
}

/// One line per pair of reports that tell of the same things.
fn notes(reports: &[(String, Document<'_>)], owner: &HashMap<Key, usize>) -> Vec<String> {
    let mut shared: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (index, (_, document)) in reports.iter().enumerate() {
        for key in document.keys() {
            if let Some(winner) = owner.get(&key).filter(|winner| **winner != index) {
                let (_, origin, namespace, name) = &key;
                let names = shared.entry((index, *winner)).or_default();
                names.push(title(origin, namespace, name));
            }
        }
    }
    let lines = shared.into_iter().filter_map(|((older, newer), names)| {
        let (older, _) = reports.get(older)?;
        let (newer, document) = reports.get(newer)?;
        let first = names.first()?;
        let more = match names.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "{first}{more}: in {older} and in {newer}; taken from {newer}, judged at {}",
            document.now
        ))
    });
    lines.collect()
}

/// The reports merged so far.
#[derive(Default)]
struct Merging {
    whole: Option<Document<'static>>,
    flags: HashSet<Option<Text<'static>>>,
    /// Origin and id of the findings that are in.
    seen: HashSet<(Text<'static>, Text<'static>)>,
    broken: bool,
}

impl Merging {
    /// Adds the parts of a newer report that are `kept`.
    fn add(&mut self, mut document: Document<'static>, kept: &impl Fn(&Key) -> bool) {
        self.broken |= document.exit == BROKEN;
        let superseded = document.keys().next().is_some() && !document.keys().any(|k| kept(&k));
        let dropped: HashSet<Key> = document.keys().filter(|key| !kept(key)).collect();
        let keeps = |side, origin: &str, namespace: &str, name: &str| {
            !dropped.contains(&key(side, origin, namespace, name))
        };
        document
            .clusters
            .retain(|one| keeps(Side::V4, &one.origin, &one.namespace, &one.name));
        document
            .drafts
            .retain(|one| keeps(Side::Draft, &one.origin, &one.namespace, &one.name));
        document
            .living
            .retain(|one| keeps(Side::Living, &one.origin, &one.namespace, &one.name));
        let mut fresh = HashSet::new();
        document.pairs.retain(|pair| {
            let Some(v5) = pair.v5() else {
                return false;
            };
            let origin = v5.origin.as_deref().unwrap_or_default();
            let side = if pair.draft.is_some() {
                Side::Draft
            } else {
                Side::Living
            };
            keeps(side, origin, &v5.namespace, &v5.name)
        });
        document.findings.retain(|finding| {
            let id = (finding.subject.origin.clone(), finding.id.clone());
            let stays = !superseded
                && subject_key(finding).is_none_or(|key| !dropped.contains(&key))
                && !self.seen.contains(&id);
            if stays {
                fresh.insert(id);
            }
            stays
        });
        self.seen.extend(fresh);
        if superseded {
            document.inputs.clear();
            document.skipped.clear();
        }
        self.flags.insert(document.target.flag.clone());
        match &mut self.whole {
            None => self.whole = Some(document),
            Some(whole) => append(whole, document),
        }
    }

    /// By origin, namespace and name, as a run that had read it all would have told it.
    fn finish(self) -> Option<Document<'static>> {
        let mut whole = self.whole?;
        whole.version = VERSION;
        whole.tool = Tool::this();
        whole.since = None;
        whole.further.remove(RUN);
        whole.exit = if self.broken { BROKEN } else { 0 };
        if self.flags.len() > 1 {
            whole.target.flag = None;
        }
        whole.clusters.sort_by(|a, b| {
            (&a.origin, &a.namespace, &a.name).cmp(&(&b.origin, &b.namespace, &b.name))
        });
        whole.drafts.sort_by(|a, b| {
            (&a.origin, &a.namespace, &a.name).cmp(&(&b.origin, &b.namespace, &b.name))
        });
        whole.findings.sort_by(|a, b| told(a).cmp(&told(b)));
        whole.inputs.sort_by(|a, b| a.uri.cmp(&b.uri));
        whole.skipped.sort_by(|a, b| a.uri.cmp(&b.uri));
        Some(whole)
    }
}

/// The cluster, draft or living cluster a finding is about; none where it is about another object.
fn subject_key(finding: &Finding<'_>) -> Option<Key> {
    let subject = &finding.subject;
    let side = match SubjectKind::named(&subject.kind)? {
        SubjectKind::Cluster => Side::V4,
        SubjectKind::Draft => Side::Draft,
        SubjectKind::Living | SubjectKind::Migration => Side::Living,
        SubjectKind::Course => return None,
    };
    Some(key(
        side,
        &subject.origin,
        &subject.namespace,
        &subject.name,
    ))
}

fn told<'f>(finding: &'f Finding<'_>) -> (bool, &'f str, &'f str, &'f str, &'f str) {
    let subject = &finding.subject;
    (
        finding.effect.draft.is_some(),
        &subject.origin,
        &subject.namespace,
        &subject.kind,
        &subject.name,
    )
}

fn append(whole: &mut Document<'static>, mut newer: Document<'static>) {
    whole.now = newer.now;
    whole.target = newer.target;
    whole.clusters.append(&mut newer.clusters);
    whole.drafts.append(&mut newer.drafts);
    whole.findings.append(&mut newer.findings);
    whole.skipped.append(&mut newer.skipped);
    whole.inputs.append(&mut newer.inputs);
    whole.rules.append(&mut newer.rules);
    whole.pairs.append(&mut newer.pairs);
    whole.living.append(&mut newer.living);
    whole.plans.append(&mut newer.plans);
    for (name, value) in newer.further {
        match whole.further.get_mut(&name) {
            Some(held) => join(held, value),
            None => {
                whole.further.insert(name, value);
            }
        }
    }
    let aside = whole.findings.iter().filter(|one| one.suppressed()).count();
    if aside > 0 {
        whole.further.insert("suppressed".to_owned(), aside.into());
    }
}

/// Lists are added up, maps joined key by key; of anything else the newer stays.
fn join(held: &mut Json, newer: Json) {
    match (held, newer) {
        (Json::Array(held), Json::Array(newer)) => {
            for one in newer {
                if !held.contains(&one) {
                    held.push(one);
                }
            }
        }
        (Json::Object(held), Json::Object(newer)) => {
            for (name, value) in newer {
                match held.get_mut(&name) {
                    Some(held) => join(held, value),
                    None => {
                        held.insert(name, value);
                    }
                }
            }
        }
        (held, newer) => *held = newer,
    }
}
