//! A report as its reader needs it: the findings that clusters share told once, by what they do to the verdict.
//!
//! Every format draws from this or from [`Standing`](super::standing::Standing). It must not know how anything is shown.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::document::{ById, Cluster, Document, Finding};
use super::fleet::of_cluster;
use crate::check::{FindingOutcome, Verdict, lacked};
use crate::rule::{Method, Phase, Weight};

/// What a finding is to the reader of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// It decides a verdict that is blocked or unknown.
    Reason,
    /// It is in the way of a cluster that cannot move at all: what it asks for opens a method.
    Unblock,
    /// There is something to prepare.
    Do,
    /// It could not be decided, and would call for a preparation.
    Confirm,
    /// It is to be known.
    Know,
    /// It is to be known, if it holds at all.
    Perhaps,
}

/// A finding, as many clusters have it.
#[derive(Debug)]
pub(super) struct Topic<'d> {
    /// The rule.
    pub(super) rule: &'d str,
    /// Fires, or cannot be decided.
    pub(super) outcome: FindingOutcome,
    /// What it is to its reader.
    pub(super) part: Part,
    /// The methods that it weighs on, in this part.
    pub(super) methods: BTreeSet<Method>,
    /// One for each cluster that has it, with the cluster's position.
    pub(super) findings: Vec<(usize, &'d Finding<'d>)>,
    /// The sentence, where all share it; else the rule's title.
    pub(super) text: String,
    /// Whether who does not heed it loses data.
    pub(super) loses_data: bool,
    /// Whether what is to be done is known only once a question is answered.
    pub(super) waits: bool,
    phase: Phase,
    /// The place of the step that answers it, in the order of doing.
    pub(super) place: Option<usize>,
}

impl<'d> Topic<'d> {
    /// The positions of the clusters that have it, each once and in order.
    pub(super) fn clusters(&self) -> BTreeSet<usize> {
        self.findings.iter().map(|(cluster, _)| *cluster).collect()
    }

    /// Whether it has the same effect on the same clusters.
    pub(super) fn bears_as(&self, other: &Topic<'_>) -> bool {
        (self.outcome, &self.methods) == (other.outcome, &other.methods)
            && self.clusters() == other.clusters()
    }

    /// Whether it is done within the move, or after it, and not before.
    pub(super) fn is_within_the_move(&self) -> bool {
        !matches!(self.phase, Phase::Prepare | Phase::Know)
    }

    /// Whether nothing is said to be done about it.
    pub(super) fn fixes_nothing(&self) -> bool {
        self.first().is_none_or(|one| one.fix.is_empty())
    }

    /// One of its findings.
    pub(super) fn first(&self) -> Option<&'d Finding<'d>> {
        self.findings.first().map(|(_, finding)| *finding)
    }

    /// Whether each cluster was told in words of its own.
    pub(super) fn varies(&self) -> bool {
        let first = self.first().map(|one| &*one.message);
        self.findings
            .iter()
            .any(|(_, one)| Some(&*one.message) != first)
    }
}

/// The clusters of a report, and what is to be told of them.
#[derive(Debug)]
pub(super) struct View<'d> {
    /// By part, in the order of telling.
    pub(super) topics: Vec<Topic<'d>>,
    /// How many clusters there are.
    pub(super) clusters: usize,
}

impl<'d> View<'d> {
    /// Of the clusters of a report; what somebody set aside, and what the baseline knows, is left out.
    pub(super) fn of(document: &'d Document<'d>, by_id: &ById<'d>) -> Self {
        let mut topics: BTreeMap<(Part, FindingOutcome, &str), Topic<'_>> = BTreeMap::new();
        for (position, cluster) in document.clusters.iter().enumerate() {
            for finding in of_cluster(cluster, by_id) {
                if !finding.is_news() {
                    continue;
                }
                for (part, methods) in parts(cluster, finding) {
                    let rule = document.rules.get(&finding.rule);
                    let key = (part, finding.outcome, &*finding.rule);
                    let topic = topics.entry(key).or_insert_with(|| Topic {
                        rule: &finding.rule,
                        outcome: finding.outcome,
                        part,
                        methods: BTreeSet::new(),
                        findings: Vec::new(),
                        text: String::new(),
                        loses_data: rule.is_some_and(|rule| rule.loses_data),
                        waits: false,
                        phase: rule.and_then(|rule| rule.phase).unwrap_or(Phase::Know),
                        place: rule.and_then(|rule| rule.place),
                    });
                    topic.methods.extend(methods);
                    topic.findings.push((position, finding));
                }
            }
        }
        let mut topics: Vec<Topic<'_>> = topics.into_values().collect();
        for topic in &mut topics {
            topic.text = text(document, topic);
            topic.waits = waits(document, topic);
        }
        // What is to be done comes in the order of doing, whatever else it weighs on.
        let heaviest = |topic: &Topic<'_>| match topic.part {
            Part::Unblock | Part::Do | Part::Confirm => None,
            _ => Some(Reverse(topic.first().and_then(|one| one.effect.heaviest()))),
        };
        topics.sort_by_cached_key(|topic| {
            (
                topic.part,
                topic.outcome,
                heaviest(topic),
                topic.phase,
                // What no step answers comes after the steps of its phase.
                (topic.place.is_none(), topic.place),
                topic.rule,
            )
        });
        together(&mut topics);
        View {
            topics,
            clusters: document.clusters.len(),
        }
    }

    /// What is to be done, in order: what opens a method where none is open, then what is to be prepared; last, what waits for
    /// an answer.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Topic<'d>> {
        self.due(false).chain(self.due(true))
    }

    fn due(&self, waits: bool) -> impl Iterator<Item = &Topic<'d>> {
        let ways = self.part(Part::Unblock);
        let ways = ways.filter(|topic| topic.findings.iter().any(|(_, one)| !one.fix.is_empty()));
        let all = ways.chain(self.part(Part::Do));
        all.filter(move |topic| topic.waits == waits)
    }

    /// The topics of one part.
    pub(super) fn part(&self, part: Part) -> impl Iterator<Item = &Topic<'d>> {
        self.topics.iter().filter(move |topic| topic.part == part)
    }
}

/// Reasons that bear alike stand one after the other.
fn together(topics: &mut [Topic<'_>]) {
    let reasons = topics.iter().take_while(|topic| topic.part == Part::Reason);
    let end = reasons.count();
    let mut from = 0;
    while let Some((first, rest)) = topics.get_mut(from..end).and_then(<[_]>::split_first_mut) {
        // A stable sort: what bears as the first does comes first.
        rest.sort_by_key(|topic| !topic.bears_as(first));
        from += 1;
    }
}

/// What a finding is to the reader of a cluster, and for which methods: a block of one may be a preparation for another.
fn parts(cluster: &Cluster<'_>, finding: &Finding<'_>) -> Vec<(Part, Vec<Method>)> {
    let fires = finding.outcome == FindingOutcome::Fires;
    let with = |weight: Weight| -> Vec<Method> {
        let methods = cluster.methods.keys().copied();
        methods
            .filter(|method| finding.effect.on(*method) == Some(weight))
            .collect()
    };
    let open = |methods: Vec<Method>, most: Verdict| -> Vec<Method> {
        let verdict = |method: &Method| cluster.methods.get(method).map(|one| one.verdict);
        methods
            .into_iter()
            .filter(|method| verdict(method) <= Some(most))
            .collect()
    };
    // What is undecided does not matter where something known blocks already.
    let reasons = if fires {
        with(Weight::Block)
    } else {
        open(with(Weight::Block), Verdict::Unknown)
    };
    let steps = open(with(Weight::Action), Verdict::Unknown);
    let mut parts = Vec::new();
    let stuck = fires && cluster.verdict == Verdict::Blocked;
    // Few clusters can be followed by a standby at all: what opens one of the other methods is told.
    let opens = |method: &Method| *method != Method::Standby || cluster.methods.len() == 1;
    let way = stuck && reasons.iter().any(opens);
    if way {
        parts.push((Part::Unblock, reasons.clone()));
    }
    if !reasons.is_empty() {
        parts.push((Part::Reason, reasons));
    }
    let steps = if stuck && !way {
        with(Weight::Action)
    } else {
        steps
    };
    if !steps.is_empty() {
        parts.push((if fires { Part::Do } else { Part::Confirm }, steps));
    }
    let heavy = finding.effect.heaviest() >= Some(Weight::Action);
    if parts.is_empty() && (!heavy || fires) {
        let part = if fires { Part::Know } else { Part::Perhaps };
        let all = cluster.methods.keys().copied();
        parts.push((
            part,
            all.filter(|one| finding.effect.on(*one).is_some())
                .collect(),
        ));
    }
    parts
}

/// Whether in each cluster a question comes first: what to do is not known without its answer, or nobody knows yet whether a
/// method is open that needs it.
fn waits(document: &Document<'_>, topic: &Topic<'_>) -> bool {
    let undecided = |cluster: usize| {
        let judged = document.clusters.get(cluster);
        judged.is_some_and(|cluster| {
            let verdict = |method| cluster.methods.get(method).map(|one| one.verdict);
            let verdicts = topic.methods.iter().filter_map(verdict);
            verdicts.min() == Some(Verdict::Unknown)
        })
    };
    match topic.part {
        Part::Unblock => topic
            .findings
            .iter()
            .all(|(_, one)| lacked(&one.fix).is_some()),
        Part::Do => {
            let mut findings = topic.findings.iter();
            findings.all(|(cluster, one)| undecided(*cluster) || lacked(&one.fix).is_some())
        }
        _ => false,
    }
}

/// The sentence, where all share it; else the rule's title.
fn text(document: &Document<'_>, topic: &Topic<'_>) -> String {
    let Some(first) = topic.first() else {
        return String::new();
    };
    if !topic.varies() {
        return first.message.to_string();
    }
    let rule = document.rules.get(&first.rule);
    match (topic.outcome, rule) {
        (FindingOutcome::Fires, Some(rule)) => rule.title.to_string(),
        (FindingOutcome::Unknown, Some(rule)) => rule.undecided(),
        (_, None) => first.rule.to_string(),
    }
}
