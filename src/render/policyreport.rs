//! A JSON report as `PolicyReport` objects (`wgpolicyk8s.io/v1alpha2`), one per origin and namespace, for the dashboards
//! that show such reports; a `ClusterPolicyReport` for what is in no namespace.
//!
//! The verdict of each method is a result of the policy `pgo-v5-migration`; each finding is one of its rule. What fails
//! the run, and nothing else, is `fail`; what is undecided is `warn`, never passed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::document::{
    ById, Cluster, Document, Draft, Finding, Pair, counted, counted_draft, title,
};
use super::standing::reasons;
use super::text::prose::flowed;
use crate::check::{ArrivalVerdict, DraftVerdict, FindingOutcome, Verdict};
use crate::rule::{Level, SubjectKind};
use crate::source::manifest_text;

/// The policy that verdicts are results of.
const POLICY: &str = "pgo-v5-migration";

/// The name of each object; further ones of a namespace have a number behind it.
const NAME: &str = env!("CARGO_PKG_NAME");

/// How many results an object holds: the API server takes about 1.5 MB, and a result is some 500 to 900 bytes.
const PER_OBJECT: usize = 1000;

/// Results by origin, whether they are about what has no namespace, and namespace.
type Reports<'d> = BTreeMap<(&'d str, bool, &'d str), Vec<Entry<'d>>>;

/// A result, or what it is made from: all results at once take ten times the room of their text.
enum Entry<'d> {
    Verdict(Json),
    Found(&'d Finding<'d>),
}

/// The kinds of objects that findings are about and that live in no namespace.
const CLUSTER_WIDE: [&str; 5] = [
    "CSIDriver",
    "CustomResourceDefinition",
    "Namespace",
    "PersistentVolume",
    "StorageClass",
];

/// Writes the report as a stream of YAML documents.
pub fn write_policyreport(out: &mut dyn Write, document: &Document<'_>) -> io::Result<()> {
    for ((origin, wide, namespace), entries) in reports(document) {
        let kind = if wide {
            "ClusterPolicyReport"
        } else {
            "PolicyReport"
        };
        for (part, entries) in entries.chunks(PER_OBJECT).enumerate() {
            let name = match part {
                0 => NAME.to_owned(),
                part => format!("{NAME}-{}", part + 1),
            };
            let results = entries.iter().map(|entry| match entry {
                Entry::Verdict(result) => result.clone(),
                Entry::Found(finding) => result(document, finding),
            });
            let object = object(kind, &name, origin, namespace, &results.collect::<Vec<_>>());
            write!(out, "---\n{}", manifest_text(&object))?;
        }
    }
    Ok(())
}

fn reports<'d>(document: &'d Document<'d>) -> Reports<'d> {
    let by_id = ById::of(document);
    let mut reports: Reports<'_> = BTreeMap::new();
    for cluster in &document.clusters {
        let key = (&*cluster.origin, false, &*cluster.namespace);
        let results = reports.entry(key).or_default();
        results.extend(verdicts(document, cluster, &by_id).map(Entry::Verdict));
    }
    for draft in &document.drafts {
        let key = (&*draft.origin, false, &*draft.namespace);
        reports
            .entry(key)
            .or_default()
            .push(Entry::Verdict(verdict(document, draft, &by_id)));
    }
    for pair in &document.pairs {
        let Some(living) = pair.living.as_ref() else {
            continue;
        };
        let key = (
            living.origin.as_deref().unwrap_or(""),
            false,
            &*living.namespace,
        );
        let arrived = arrival(document, pair, &living.namespace, &living.name);
        let results = reports.entry(key).or_default();
        results.extend(arrived.map(Entry::Verdict));
    }
    for finding in &document.findings {
        let subject = &finding.subject;
        let wide = CLUSTER_WIDE.contains(&&*subject.kind);
        let key = (&*subject.origin, wide, &*subject.namespace);
        reports.entry(key).or_default().push(Entry::Found(finding));
    }
    reports
}

fn object(kind: &str, name: &str, origin: &str, namespace: &str, results: &[Json]) -> Json {
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), name.into());
    if !namespace.is_empty() {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
    if !origin.is_empty() {
        let annotations = json!({"pgo-preflight/origin": origin});
        metadata.insert("annotations".to_owned(), annotations);
    }
    let count = |name: &str| {
        let same = results.iter().filter(|result| result["result"] == name);
        same.count()
    };
    let summary = json!({
        "pass": count("pass"), "fail": count("fail"), "warn": count("warn"),
        "error": count("error"), "skip": count("skip"),
    });
    json!({
        "apiVersion": "wgpolicyk8s.io/v1alpha2",
        "kind": kind,
        "metadata": metadata,
        "summary": summary,
        "results": results,
    })
}

/// What every result has.
fn common(document: &Document<'_>, subject: &Json) -> Map<String, Json> {
    let mut result = Map::new();
    result.insert("source".to_owned(), env!("CARGO_PKG_NAME").into());
    let time = json!({"seconds": document.now.as_second(), "nanos": 0});
    result.insert("timestamp".to_owned(), time);
    result.insert("resources".to_owned(), json!([subject]));
    result
}

fn reference(kind: &str, namespace: &str, name: &str) -> Json {
    // What a rule is about is told apart here; in the cluster both are a PostgresCluster.
    let kind = match SubjectKind::named(kind) {
        Some(SubjectKind::Living | SubjectKind::Migration) => SubjectKind::Draft.name(),
        _ => kind,
    };
    let group = match kind {
        "PostgresCluster" => Some("postgres-operator.crunchydata.com/v1beta1"),
        "Pgcluster" | "Pgreplica" | "Pgtask" => Some("crunchydata.com/v1"),
        _ => None,
    };
    let mut reference = Map::new();
    if let Some(version) = group {
        reference.insert("apiVersion".to_owned(), version.into());
    }
    reference.insert("kind".to_owned(), kind.into());
    if !namespace.is_empty() {
        reference.insert("namespace".to_owned(), namespace.into());
    }
    reference.insert("name".to_owned(), name.into());
    Json::Object(reference)
}

fn verdicts<'d>(
    document: &'d Document<'d>,
    cluster: &'d Cluster<'d>,
    by_id: &'d ById<'d>,
) -> impl Iterator<Item = Json> + use<'d> {
    let counts = counted(document, cluster, by_id);
    cluster.methods.iter().map(move |(method, judged)| {
        let subject = reference(
            SubjectKind::Cluster.name(),
            &cluster.namespace,
            &cluster.name,
        );
        let mut result = common(document, &subject);
        let (word, severity) = match (judged.verdict, counts) {
            (Verdict::Ready, _) => ("pass", "low"),
            (Verdict::Action | Verdict::Unknown, _) => ("warn", "medium"),
            (Verdict::Blocked, Verdict::Blocked) => ("fail", "high"),
            // Closed beside an open method, or known to the baseline.
            (Verdict::Blocked, _) => ("skip", "low"),
        };
        let why = reasons(cluster, *method, judged, by_id).join("; ");
        fill(&mut result, POLICY, word, severity);
        result.insert("rule".to_owned(), method.name().into());
        result.insert("category".to_owned(), "verdict".into());
        let message = format!("{}: {why}", judged.verdict.name());
        result.insert("message".to_owned(), message.into());
        Json::Object(result)
    })
}

fn verdict(document: &Document<'_>, draft: &Draft<'_>, by_id: &ById<'_>) -> Json {
    let subject = reference(SubjectKind::Draft.name(), &draft.namespace, &draft.name);
    let mut result = common(document, &subject);
    let (word, severity) = match (draft.verdict, counted_draft(document, draft, by_id)) {
        (DraftVerdict::Ok, _) => ("pass", "low"),
        (DraftVerdict::Unknown, _) => ("warn", "medium"),
        (DraftVerdict::Error, DraftVerdict::Error) => ("fail", "high"),
        (DraftVerdict::Error, _) => ("skip", "low"),
    };
    fill(&mut result, POLICY, word, severity);
    result.insert("rule".to_owned(), "draft".into());
    result.insert("category".to_owned(), "verdict".into());
    result.insert("message".to_owned(), draft.verdict.name().into());
    Json::Object(result)
}

/// Whether everything of v4 has arrived in a living cluster.
fn arrival(document: &Document<'_>, pair: &Pair<'_>, namespace: &str, name: &str) -> Option<Json> {
    let verdict = pair.verdict?;
    let subject = reference(SubjectKind::Draft.name(), namespace, name);
    let mut result = common(document, &subject);
    let (word, severity) = match verdict {
        ArrivalVerdict::Arrived => ("pass", "low"),
        ArrivalVerdict::Wrong => ("fail", "high"),
        ArrivalVerdict::Incomplete if pair.counts => ("fail", "high"),
        ArrivalVerdict::Incomplete | ArrivalVerdict::Unknown => ("warn", "medium"),
    };
    fill(&mut result, POLICY, word, severity);
    result.insert("rule".to_owned(), "arrived".into());
    result.insert("category".to_owned(), "verdict".into());
    let v4 = title("", &pair.cluster.namespace, &pair.cluster.name);
    let message = format!("{}: from v4 {v4}", verdict.name());
    result.insert("message".to_owned(), message.into());
    Some(Json::Object(result))
}

fn fill(result: &mut Map<String, Json>, policy: &str, word: &str, severity: &str) {
    result.insert("policy".to_owned(), policy.into());
    result.insert("result".to_owned(), word.into());
    result.insert("severity".to_owned(), severity.into());
    // Only what can change a verdict is scored; the API counts the rest as warnings.
    result.insert(
        "scored".to_owned(),
        (word != "warn" && word != "skip").into(),
    );
}

fn result(document: &Document<'_>, finding: &Finding<'_>) -> Json {
    let subject = &finding.subject;
    let place = reference(&subject.kind, &subject.namespace, &subject.name);
    let mut result = common(document, &place);
    let (word, severity) = match (finding.outcome, finding.level) {
        _ if !finding.is_news() => ("skip", "low"),
        (FindingOutcome::Fires, Level::Error) => ("fail", "high"),
        (FindingOutcome::Fires, Level::Warning) => ("warn", "medium"),
        (FindingOutcome::Unknown, _) | (_, Level::Note) => ("warn", "low"),
    };
    fill(&mut result, &finding.rule, word, severity);
    result.insert("category".to_owned(), "finding".into());
    result.insert("message".to_owned(), finding.message.to_string().into());
    result.insert("properties".to_owned(), details(finding));
    Json::Object(result)
}

/// Where, what is missing and what to do: that API has texts for them.
fn details(finding: &Finding<'_>) -> Json {
    let mut details = Map::new();
    details.insert("id".to_owned(), finding.id.to_string().into());
    if let Some(label) = finding.primary() {
        let place = format!("{}:{}:{}", label.uri, label.start_line, label.start_column);
        details.insert("at".to_owned(), place.into());
    }
    if !finding.gaps.is_empty() {
        let asks: Vec<&str> = finding.gaps.iter().map(|gap| &*gap.ask).collect();
        details.insert("toSettle".to_owned(), asks.join("\n").into());
    }
    if !finding.fix.is_empty() {
        details.insert("fix".to_owned(), flowed(&finding.fix).into());
    }
    Json::Object(details)
}
