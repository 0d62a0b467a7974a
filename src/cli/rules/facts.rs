//! `rules --facts`: what rules may read, of v4 clusters and of drafts.

use serde_json::{Value, json};

use crate::check::{cluster_facts, draft_facts};
use crate::cli::args::rules::RulesFormat;
use crate::cli::streams::output::pretty;
use crate::fact::{FactDef, Subject};

/// A fact as it is listed.
struct Row {
    /// What it is a fact of, as rules write their subject.
    subject: &'static str,
    name: &'static str,
    ty: &'static str,
    meaning: &'static str,
    /// Where several kinds of objects tell it: `runs: PGHA_PG_PORT of the Deployments`, the most trusted first.
    sources: Vec<String>,
}

/// The sources of a fact in their order.
fn sources<S: Subject>(fact: &FactDef<S>) -> Vec<String> {
    let sources = fact.orders.iter().flat_map(|order| order.sources);
    sources
        .map(|source| format!("{}: {}", source.trust.name(), source.place))
        .collect()
}

/// Facts of v4 clusters, then those of drafts; rules about drafts read a cluster's under `v4.` as well.
fn rows() -> Vec<Row> {
    let clusters = cluster_facts().into_iter().map(|fact| Row {
        subject: "Pgcluster",
        name: fact.name,
        ty: fact.ty.name(),
        meaning: fact.meaning,
        sources: sources(fact),
    });
    let drafts = draft_facts().into_iter().map(|fact| Row {
        subject: "PostgresCluster",
        name: fact.name,
        ty: fact.ty.name(),
        meaning: fact.meaning,
        sources: sources(fact),
    });
    clusters.chain(drafts).collect()
}

/// Every fact.
pub(in crate::cli) fn listed(format: RulesFormat) -> String {
    shown(&rows(), format)
}

/// One fact; `None` where there is none of this name. `v4.x` is the cluster's `x`.
pub(in crate::cli) fn explained(name: &str, format: RulesFormat) -> Option<String> {
    let borrowed = name.strip_prefix("v4.");
    let is_it =
        |row: &Row| row.name == name || (row.subject == "Pgcluster" && Some(row.name) == borrowed);
    let found: Vec<Row> = rows().into_iter().filter(is_it).collect();
    (!found.is_empty()).then(|| shown(&found, format))
}

/// The fact a slip of the finger may have meant.
pub(in crate::cli) fn similar(name: &str) -> Option<&'static str> {
    let key = |text: &str| text.to_ascii_lowercase().replace(['.', '-', '_'], "");
    let meant = key(name);
    rows()
        .iter()
        .map(|row| row.name)
        .find(|row| key(row) == meant)
}

fn shown(rows: &[Row], format: RulesFormat) -> String {
    match format {
        RulesFormat::Json => {
            let facts: Vec<Value> = rows
                .iter()
                .map(|row| {
                    json!({"subject": row.subject, "name": row.name, "type": row.ty, "meaning": row.meaning, "sources": row.sources})
                })
                .collect();
            pretty(&json!({"version": 1, "facts": facts}))
        }
        RulesFormat::Markdown => {
            let mut text = String::from("| subject | fact | type | meaning |\n|---|---|---|---|\n");
            for row in rows {
                let told = match row.sources.as_slice() {
                    [] => String::new(),
                    sources => format!("; in order of trust: {}", sources.join("; ")),
                };
                let meaning = format!("{}{told}", row.meaning).replace('|', "\\|");
                text.push_str(&format!(
                    "| {} | `{}` | {} | {meaning} |\n",
                    row.subject, row.name, row.ty
                ));
            }
            text
        }
        RulesFormat::Human
        | RulesFormat::Schema
        | RulesFormat::ConfigSchema
        | RulesFormat::Releases => {
            let mut text = String::new();
            let mut subject = "";
            for row in rows {
                if row.subject != subject {
                    subject = row.subject;
                    text.push_str(&heading(subject));
                }
                text.push_str(&format!("{} ({})\n    {}\n", row.name, row.ty, row.meaning));
                for source in &row.sources {
                    text.push_str(&format!("      {source}\n"));
                }
            }
            text
        }
    }
}

fn heading(subject: &str) -> String {
    match subject {
        "Pgcluster" => "Facts of a v4 cluster (subject: Pgcluster)\n\n".to_owned(),
        _ => "\nFacts of a draft (subject: PostgresCluster); its v4 cluster's are read as v4.NAME\n\n"
            .to_owned(),
    }
}
