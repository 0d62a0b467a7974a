//! The Report as JSON: a versioned shape of its own (`docs/json.md`, `docs/report.schema.json`), not a dump of internal types.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json, json};

use crate::check::{
    ClusterReport, DraftReport, Finding, FindingOutcome, Label, MethodReport, Report, Target,
};
use crate::expr::Value;
use crate::manifest::{Evidence, Fact, Gap};
use crate::rule::Effect;
use crate::source::{Position, Source, Span};

/// The longest `text` of a label, in characters.
const TEXT_LIMIT: usize = 200;

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    uri: &'a str,
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    text: String,
}

/// The report in version 1 of the shape, pretty-printed, with a final newline.
pub fn json(report: &Report, exit: u8) -> String {
    let mut text = serde_json::to_string_pretty(&Whole { report, exit }).unwrap_or_default();
    text.push('\n');
    text
}

/// The whole report. Its lists are written item by item: a fleet's findings as one tree take ten times their text.
struct Whole<'a> {
    report: &'a Report,
    exit: u8,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let mut whole = serializer.serialize_map(None)?;
        whole.serialize_entry("version", &1)?;
        let tool = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
        whole.serialize_entry("tool", &tool)?;
        whole.serialize_entry("now", &report.now.to_string())?;
        let flag = report.target_flag.map(|version| version.to_string());
        whole.serialize_entry("target", &json!({"flag": flag}))?;
        whole.serialize_entry("exit", &self.exit)?;
        whole.serialize_entry(
            "clusters",
            &Each(&report.clusters, |cluster| cluster_json(report, cluster)),
        )?;
        whole.serialize_entry(
            "drafts",
            &Each(&report.drafts, |draft| draft_json(report, draft)),
        )?;
        whole.serialize_entry(
            "findings",
            &Each(&report.findings, |finding| finding_json(report, finding)),
        )?;
        whole.serialize_entry(
            "skipped",
            &Each(
                &report.skipped,
                |skipped| json!({"uri": skipped.uri, "reason": skipped.reason}),
            ),
        )?;
        whole.serialize_entry(
            "inputs",
            &Each(
                &report.inputs,
                |input| json!({"uri": input.uri, "objects": input.objects}),
            ),
        )?;
        whole.end()
    }
}

/// Items that become JSON one after the other.
struct Each<'a, T, F: Fn(&'a T) -> Json>(&'a [T], F);

impl<'a, T, F: Fn(&'a T) -> Json> Serialize for Each<'a, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

fn cluster_json(report: &Report, cluster: &ClusterReport) -> Json {
    let methods: Map<String, Json> = cluster
        .methods
        .iter()
        .map(|(method, judged)| (method.name().to_owned(), method_json(report, judged)))
        .collect();
    let mut object = json!({
        "origin": cluster.origin,
        "namespace": cluster.namespace,
        "name": cluster.name,
        "v4": cluster.v4,
        "postgres": cluster.postgres,
        "target": target_json(&cluster.target),
        "verdict": cluster.verdict.name(),
        "methods": methods,
    });
    if let (Some(facts), Some(fields)) = (&cluster.facts, object.as_object_mut()) {
        let facts = facts
            .iter()
            .map(|(name, fact)| ((*name).to_owned(), fact_json(report, fact)))
            .collect();
        fields.insert("facts".to_owned(), Json::Object(facts));
    }
    object
}

fn method_json(report: &Report, judged: &MethodReport) -> Json {
    json!({
        "verdict": judged.verdict.name(),
        "findings": ids(report, &judged.findings),
        "assumes": judged.assumes,
        "liftedBy": judged.lifted_by,
    })
}

fn draft_json(report: &Report, draft: &DraftReport) -> Json {
    let source = draft.source.as_ref().map(
        |source| json!({"namespace": source.namespace, "name": source.name, "why": source.why}),
    );
    json!({
        "origin": draft.origin,
        "namespace": draft.namespace,
        "name": draft.name,
        "method": draft.method.iter().map(|method| method.name()).collect::<Vec<_>>(),
        "target": target_json(&draft.target),
        "schema": draft.schema,
        "source": source,
        "verdict": draft.verdict.name(),
        "findings": ids(report, &draft.findings),
    })
}

fn target_json(target: &Target) -> Json {
    json!({"pgo": target.pgo, "from": target.from})
}

fn ids<'a>(report: &'a Report, findings: &[usize]) -> Vec<&'a str> {
    findings
        .iter()
        .filter_map(|index| report.findings.get(*index))
        .map(|finding| finding.id.as_str())
        .collect()
}

fn finding_json(report: &Report, finding: &Finding) -> Json {
    let rule = report.rules.get(&finding.rule);
    let subject = &finding.subject;
    json!({
        "id": finding.id,
        "rule": &*finding.rule,
        "outcome": match finding.outcome { FindingOutcome::Fires => "fires", FindingOutcome::Unknown => "unknown" },
        "level": finding.level.name(),
        "effect": effect_json(&finding.effect),
        "subject": {"origin": subject.origin, "kind": subject.kind, "namespace": subject.namespace, "name": subject.name},
        "path": finding.path,
        "message": finding.message,
        "labels": finding.labels.iter().filter_map(|label| label_json(report, label)).collect::<Vec<_>>(),
        "gaps": finding.gaps.iter().map(gap_json).collect::<Vec<_>>(),
        "fix": finding.fix,
        "source": rule.map(|rule| &*rule.source),
    })
}

fn effect_json(effect: &Effect) -> Json {
    match effect {
        Effect::Methods(weights) => Json::Object(
            weights
                .iter()
                .map(|(method, weight)| (method.name().to_owned(), weight.name().into()))
                .collect(),
        ),
        Effect::Draft(weight) => json!({"draft": weight.name()}),
    }
}

fn gap_json(gap: &Gap) -> Json {
    json!({"missing": gap.missing, "because": gap.because, "ask": gap.ask})
}

fn label_json(report: &Report, label: &Label) -> Option<Json> {
    let mut object = place_json(report, label.span)?;
    let fields = object.as_object_mut()?;
    fields.insert("primary".to_owned(), label.primary.into());
    fields.insert("message".to_owned(), label.message.clone().into());
    Some(object)
}

fn place_json(report: &Report, span: Span) -> Option<Json> {
    let source = report.sources.get(span.source.0 as usize)?;
    let (start, end) = (source.position(span.start), source.position(span.end));
    serde_json::to_value(place(source, span, start, end)).ok()
}

fn place(source: &Source, span: Span, start: Position, end: Position) -> Place<'_> {
    Place {
        uri: &source.uri,
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
        text: source.slice(span).chars().take(TEXT_LIMIT).collect(),
    }
}

fn fact_json(report: &Report, fact: &Fact<Value>) -> Json {
    match fact {
        Fact::Known(truth) => {
            let at = |evidence: &Evidence| place_json(report, evidence.span);
            let mut object = json!({
                "value": value_json(&truth.value),
                "at": truth.evidence.iter().filter_map(at).collect::<Vec<_>>(),
            });
            if let (false, Some(fields)) = (truth.assumes.is_empty(), object.as_object_mut()) {
                fields.insert("assumes".to_owned(), json!(truth.assumes));
            }
            object
        }
        Fact::Unknown(gaps) => json!({"unknown": gaps.iter().map(gap_json).collect::<Vec<_>>()}),
    }
}

/// A value of a fact as JSON; versions as text, partly unknown elements as `{"unknown": [...]}`.
fn value_json(value: &Value) -> Json {
    match value {
        Value::Absent | Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Str(value) => (&**value).into(),
        Value::List(values) => values.iter().map(value_json).collect(),
        Value::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|(key, value)| (key.to_string(), value_json(value)))
                .collect(),
        ),
        Value::Version(version) => version.to_string().into(),
        Value::Quantity(quantity) => quantity.to_string().into(),
        Value::Time(time) => time.to_string().into(),
        Value::Duration(span) => span.to_string().into(),
        Value::Optional(inner) => inner.as_ref().map_or(Json::Null, |inner| value_json(inner)),
        Value::Type(name) => (*name).into(),
        Value::Unknown(gaps) => json!({"unknown": gaps.iter().map(gap_json).collect::<Vec<_>>()}),
    }
}
