//! A run's Report to the types of the JSON report, item by item: spans become positions and the text they cover.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::effect::Effect;
use super::finding::{Finding, Further, Gap, Label, Place, RuleText, Subject, Text};
use super::of_living::pairs;
use super::of_value::value_json;
use super::part::{ids, target, text};
use super::shape::{
    Cluster, Document, Draft, Input, Judged, Living, Replaced, Skipped, TargetFlag, Tool, VERSION,
};
use super::verification;
use crate::check::{self, Invocation, Report, SuppressedBy};
use crate::expr::Value;
use crate::manifest::{Evidence, Fact};
use crate::rule;
use crate::source::Span;

/// How the run was called, in a report.
pub(super) const RUN: &str = "run";

/// The longest `text` of a label, in characters; what has as many may have been cut.
pub(in crate::render) const TEXT_LIMIT: usize = 200;

impl<'a> Document<'a> {
    /// The whole report of a run that ended with an exit code.
    pub fn of(report: &'a Report, exit: u8) -> Self {
        let drafts = report.drafts.iter().map(|draft| Draft::of(report, draft));
        let clusters = report.clusters.iter();
        let findings = report.findings.iter();
        Document {
            version: VERSION,
            tool: Tool::this(),
            now: report.now,
            target: TargetFlag::of(report),
            exit,
            clusters: clusters.map(|one| Cluster::of(report, one)).collect(),
            drafts: drafts.collect(),
            living: report
                .living
                .iter()
                .map(|one| Living::of(report, one))
                .collect(),
            pairs: pairs(report).collect(),
            plans: Vec::new(),
            findings: findings.map(|one| Finding::of(report, one)).collect(),
            rules: report.rules.iter().map(RuleText::of).collect(),
            questions: BTreeMap::new(),
            remedies: BTreeMap::new(),
            assumptions: BTreeMap::new(),
            skipped: report.skipped.iter().map(Skipped::of).collect(),
            inputs: report.inputs.iter().map(Input::of).collect(),
            since: None,
            further: further(report),
        }
    }
}

impl Document<'_> {
    /// How the run was called, where it can be called again: not of a report made of several.
    pub fn invocation(&self) -> Option<Invocation> {
        let run = self.further.get(RUN)?.clone();
        let run: Invocation = serde_json::from_value(run).ok()?;
        run.is_sound().then_some(run)
    }
}

/// What a run tells of itself beyond the first form of the shape: how many findings somebody set aside.
pub(in crate::render) fn further(report: &Report) -> Further {
    let aside = report.findings.iter().filter(|finding| !finding.counts());
    let mut further = Further::new();
    let aside = aside.count();
    if aside > 0 {
        further.insert("suppressed".to_owned(), json!(aside));
    }
    if let Some(config) = &report.config {
        further.insert("config".to_owned(), json!(config));
    }
    if let Some(run) = &report.invocation {
        further.insert(RUN.to_owned(), json!(run));
    }
    if let Some(compared) = &report.compared {
        let baseline = json!({"file": compared.file, "gone": compared.gone});
        further.insert("baseline".to_owned(), baseline);
    }
    if report.verify {
        verification::add(report, &mut further);
    }
    further
}

/// What a finding tells beyond the first form of the shape.
fn further_of(finding: &check::Finding) -> Further {
    let mut further: Further = finding
        .suppressed
        .iter()
        .map(|one| suppressed(one))
        .collect();
    if let Some(state) = finding.baseline {
        further.insert("baseline".to_owned(), json!(state.name()));
    }
    further
}

/// Who set a finding aside, where and why.
fn suppressed(suppression: &check::Suppression) -> (String, Json) {
    let mut value = json!({
        "by": suppression.by.name(),
        "place": &*suppression.place,
        "reason": &*suppression.reason,
    });
    if let Some(fields) = value.as_object_mut() {
        match &suppression.by {
            SuppressedBy::Comment | SuppressedBy::Annotation => {}
            SuppressedBy::Waiver { until } => {
                fields.insert("until".to_owned(), json!(until.to_string()));
            }
            SuppressedBy::Attestation { who, on, states } => {
                fields.insert("who".to_owned(), json!(&**who));
                fields.insert("on".to_owned(), json!(on.to_string()));
                fields.insert("states".to_owned(), json!(&**states));
            }
        }
    }
    ("suppressed".to_owned(), value)
}

impl Tool<'_> {
    /// This program.
    pub fn this() -> Self {
        Tool {
            name: Cow::Borrowed(env!("CARGO_PKG_NAME")),
            version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        }
    }
}

impl TargetFlag<'_> {
    pub(in crate::render) fn of(report: &Report) -> Self {
        TargetFlag {
            flag: report
                .target_flag
                .map(|version| Cow::Owned(version.to_string())),
        }
    }
}

impl<'a> Cluster<'a> {
    pub(in crate::render) fn of(report: &'a Report, cluster: &'a check::ClusterReport) -> Self {
        let methods = cluster.methods.iter();
        Cluster {
            origin: text(&cluster.origin),
            namespace: text(&cluster.namespace),
            name: text(&cluster.name),
            v4: cluster.v4.as_deref().map(text),
            postgres: cluster.postgres.as_deref().map(text),
            target: target(&cluster.target),
            verdict: cluster.verdict,
            methods: methods
                .map(|(method, judged)| (*method, Judged::of(report, judged)))
                .collect(),
            facts: cluster.facts.as_ref().map(|facts| {
                let facts = facts.iter();
                facts
                    .map(|(name, fact)| ((*name).to_owned(), fact_json(report, fact)))
                    .collect()
            }),
            drafted: None,
            further: Further::new(),
        }
    }
}

impl<'a> Judged<'a> {
    pub(super) fn of(report: &'a Report, judged: &'a check::MethodReport) -> Self {
        Judged {
            verdict: judged.verdict,
            findings: ids(report, &judged.findings),
            assumes: judged.assumes.iter().map(|one| text(one)).collect(),
            lifted_by: judged.lifted_by.as_deref().map(text),
            further: Further::new(),
        }
    }
}

impl<'a> Draft<'a> {
    pub(in crate::render) fn of(report: &'a Report, draft: &'a check::DraftReport) -> Self {
        Draft {
            origin: text(&draft.origin),
            namespace: text(&draft.namespace),
            name: text(&draft.name),
            uri: text(&draft.uri),
            method: draft.method.clone(),
            target: target(&draft.target),
            schema: text(&draft.schema),
            source: draft.source.as_ref().map(|source| Replaced {
                namespace: text(&source.namespace),
                name: text(&source.name),
                why: text(&source.why),
            }),
            verdict: draft.verdict,
            findings: ids(report, &draft.findings),
            further: Further::new(),
        }
    }
}

impl<'a> Finding<'a> {
    pub(in crate::render) fn of(report: &'a Report, finding: &'a check::Finding) -> Self {
        let subject = &finding.subject;
        let labels = finding.labels.iter();
        Finding {
            id: text(&finding.id),
            rule: text(&finding.rule),
            outcome: finding.outcome,
            level: finding.level,
            effect: Effect::of(finding.effect),
            subject: Subject {
                origin: text(&subject.origin),
                kind: text(&subject.kind),
                namespace: text(&subject.namespace),
                name: text(&subject.name),
            },
            path: text(&finding.path),
            message: text(&finding.message),
            // Most have one: what collects without knowing how many there are takes room for four.
            labels: {
                let mut all = Vec::with_capacity(finding.labels.len());
                all.extend(labels.filter_map(|label| Label::of(report, label)));
                all
            },
            gaps: finding.gaps.iter().map(gap).collect(),
            questions: Vec::new(),
            fix: text(&finding.fix),
            remedy: text(""),
            source: report
                .rules
                .get(&finding.rule)
                .map(|rule| text(&rule.source)),
            further: further_of(finding),
        }
    }
}

impl Effect {
    fn of(effect: rule::Effect) -> Self {
        use rule::Method::{Backups, Standby, Upgrade, Volumes};
        match effect {
            rule::Effect::Methods(_) => Effect {
                volumes: effect.on(Volumes),
                backups: effect.on(Backups),
                standby: effect.on(Standby),
                upgrade: effect.on(Upgrade),
                ..Effect::default()
            },
            rule::Effect::Draft(weight) => Effect {
                draft: Some(weight),
                ..Effect::default()
            },
            rule::Effect::Living(weight) => Effect {
                living: Some(weight),
                ..Effect::default()
            },
            rule::Effect::Moved(weight) => Effect {
                moved: Some(weight),
                ..Effect::default()
            },
        }
    }
}

impl<'a> Label<'a> {
    fn of(report: &'a Report, label: &'a check::Label) -> Option<Self> {
        let place = Place::of(report, label.span)?;
        Some(Label {
            uri: place.uri,
            start_line: place.start_line,
            start_column: place.start_column,
            end_line: place.end_line,
            end_column: place.end_column,
            text: place.text,
            primary: label.primary,
            message: text(&label.message),
        })
    }
}

impl<'a> Place<'a> {
    fn of(report: &'a Report, span: Span) -> Option<Self> {
        let source = report.sources.get(span.source.0 as usize)?;
        let (start, end) = source.ends(span);
        let covered = source.slice(span);
        let cut = match covered.len() {
            0..=TEXT_LIMIT => None,
            _ => covered.char_indices().nth(TEXT_LIMIT),
        };
        let cut = cut.map_or(covered.len(), |(offset, _)| offset);
        Some(Place {
            uri: text(&source.uri),
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            text: text(covered.get(..cut).unwrap_or_default()),
        })
    }
}

impl<'a> Skipped<'a> {
    pub(in crate::render) fn of(skipped: &'a check::Skipped) -> Self {
        Skipped {
            uri: text(&skipped.uri),
            reason: text(&skipped.reason),
            counts: skipped.counts,
        }
    }
}

impl<'a> Input<'a> {
    pub(in crate::render) fn of(input: &'a check::Input) -> Self {
        Input {
            uri: text(&input.uri),
            objects: input.objects as u64,
        }
    }
}

impl<'a> RuleText<'a> {
    pub(in crate::render) fn of(
        (id, rule): (&'a std::sync::Arc<str>, &'a check::RuleText),
    ) -> (Text<'a>, Self) {
        let texts = RuleText {
            title: text(&rule.title),
            question: rule.question.as_deref().map(text),
            why: text(&rule.why),
            fix: text(&rule.fix),
            source: Some(text(&rule.source)),
            level: Some(rule.level),
            effect: Effect::default(),
            phase: Some(rule.phase),
            loses_data: rule.loses_data,
            place: rule.place,
            step: rule.step.as_deref().map(text),
        };
        (text(id), texts)
    }
}

fn gap(gap: &crate::manifest::Gap) -> Gap<'_> {
    Gap {
        missing: text(&gap.missing),
        because: text(&gap.because),
        ask: text(&gap.ask),
    }
}

fn gaps_json(gaps: &[crate::manifest::Gap]) -> Json {
    json!(gaps.iter().map(gap).collect::<Vec<_>>())
}

fn fact_json(report: &Report, fact: &Fact<Value>) -> Json {
    match fact {
        Fact::Known(truth) => {
            let at = |evidence: &Evidence| Place::of(report, evidence.span);
            let mut object = json!({
                "value": value_json(&truth.value, &gaps_json),
                "at": truth.evidence.iter().filter_map(at).collect::<Vec<_>>(),
            });
            if let (false, Some(fields)) = (truth.assumes.is_empty(), object.as_object_mut()) {
                fields.insert(
                    "assumes".to_owned(),
                    json!(truth.assumes.iter().map(|one| &**one).collect::<Vec<_>>()),
                );
            }
            object
        }
        Fact::Unknown(gaps) => json!({"unknown": gaps_json(gaps)}),
    }
}
