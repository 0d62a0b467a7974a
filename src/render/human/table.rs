//! The matrix of clusters and methods, and the list of drafts.

use std::fmt::Write as _;

use comfy_table::{Table, presets};

use super::{paint, verdict_style, visible};
use crate::check::{ClusterReport, DraftVerdict, Report, Verdict};

/// Writes the head line, the matrix and the drafts.
pub(super) fn write(out: &mut String, report: &Report, colour: bool) {
    if !report.clusters.is_empty() {
        out.push_str(&matrix(report, colour));
        targets(out, report);
        legend(out, report);
    }
    if !report.drafts.is_empty() {
        if !report.clusters.is_empty() {
            out.push('\n');
        }
        out.push_str(&drafts(report, colour));
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// Rows without trailing blanks or comfy-table's leading column space.
fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.strip_prefix(' ').unwrap_or(&line).trim_end());
        text.push('\n');
    }
    text
}

fn matrix(report: &Report, colour: bool) -> String {
    let mut table = table();
    let mut head = vec![
        "CLUSTER".to_owned(),
        "PGO".to_owned(),
        "POSTGRES".to_owned(),
    ];
    head.extend(
        report
            .methods
            .iter()
            .map(|method| method.name().to_uppercase()),
    );
    table.set_header(head);
    for cluster in &report.clusters {
        let unknown = || "?".to_owned();
        let mut row = vec![
            visible(&title(cluster)),
            visible(&cluster.v4.clone().unwrap_or_else(unknown)),
            visible(&cluster.postgres.clone().unwrap_or_else(unknown)),
        ];
        for method in &report.methods {
            row.push(
                cluster
                    .methods
                    .get(method)
                    .map_or_else(String::new, |judged| judged.verdict.name().to_owned()),
            );
        }
        table.add_row(row);
    }
    let text = lines(&table);
    if colour { colour_verdicts(&text) } else { text }
}

/// The words of verdicts in the rows below the head, painted after layout so that styles do not count as width.
fn colour_verdicts(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (index, line) in text.lines().enumerate() {
        let mut line = line.to_owned();
        if index > 0 {
            let (name, rest) = line
                .split_once("  ")
                .map_or((line.as_str(), ""), |(name, rest)| (name, rest));
            let mut rest = rest.to_owned();
            for verdict in [
                Verdict::Ready,
                Verdict::Action,
                Verdict::Unknown,
                Verdict::Blocked,
            ] {
                rest = rest.replace(
                    verdict.name(),
                    &paint(verdict.name(), verdict_style(verdict), true),
                );
            }
            line = format!("{name}  {rest}");
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// `origin: namespace/name`, as far as each is known.
fn title(cluster: &ClusterReport) -> String {
    let name = qualified(&cluster.namespace, &cluster.name);
    if cluster.origin.is_empty() {
        name
    } else {
        format!("{}: {name}", cluster.origin)
    }
}

fn qualified(namespace: &str, name: &str) -> String {
    if namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}/{name}")
    }
}

/// For which PGO v5 releases the verdicts hold; one line where all clusters share them.
fn targets(out: &mut String, report: &Report) {
    let mut seen: Vec<String> = Vec::new();
    for cluster in &report.clusters {
        let releases = match cluster.target.pgo.as_slice() {
            [] => continue,
            [one] => format!("PGO {one}"),
            [first, .., last] => format!("any PGO from {first} to {last}"),
        };
        let line = format!("Judged for {releases} ({}).", cluster.target.from);
        if !seen.contains(&line) {
            seen.push(line);
        }
    }
    for line in seen {
        let _ = writeln!(out, "{}", textwrap::fill(&visible(&line), super::WIDTH));
    }
    for cluster in &report.clusters {
        for (method, judged) in &cluster.methods {
            if let Some(lifted) = &judged.lifted_by {
                let line = format!(
                    "{} by {}: {lifted}",
                    qualified(&cluster.namespace, &cluster.name),
                    method.name()
                );
                let _ = writeln!(out, "{}", textwrap::fill(&visible(&line), super::WIDTH));
            }
        }
    }
}

/// What rests on an assumption, beside the verdicts it carries.
fn legend(out: &mut String, report: &Report) {
    for cluster in &report.clusters {
        let mut assumed: Vec<&str> = Vec::new();
        for judged in cluster
            .methods
            .values()
            .filter(|judged| judged.verdict < Verdict::Unknown)
        {
            for assumption in &judged.assumes {
                if !assumed.contains(&&**assumption) {
                    assumed.push(assumption);
                }
            }
        }
        if !assumed.is_empty() {
            let line = format!(
                "{} assumes: {}",
                qualified(&cluster.namespace, &cluster.name),
                assumed.join("; ")
            );
            let options = textwrap::Options::new(super::WIDTH).subsequent_indent("  ");
            let _ = writeln!(out, "{}", textwrap::fill(&visible(&line), options));
        }
    }
}

fn drafts(report: &Report, colour: bool) -> String {
    let mut table = table();
    table.set_header(["DRAFT", "METHOD", "REPLACES", "VERDICT"]);
    for draft in &report.drafts {
        let methods: Vec<&str> = draft.method.iter().map(|method| method.name()).collect();
        let source = draft.source.as_ref().map_or_else(String::new, |source| {
            qualified(&source.namespace, &source.name)
        });
        table.add_row([
            visible(&qualified(&draft.namespace, &draft.name)),
            methods.join("+"),
            visible(&source),
            draft.verdict.name().to_owned(),
        ]);
    }
    let text = lines(&table);
    if !colour {
        return text;
    }
    let mut painted = text;
    for (verdict, style) in [
        (DraftVerdict::Error, verdict_style(Verdict::Blocked)),
        (DraftVerdict::Unknown, verdict_style(Verdict::Unknown)),
        (DraftVerdict::Ok, verdict_style(Verdict::Ready)),
    ] {
        painted = painted.replace(
            &format!(" {}\n", verdict.name()),
            &format!(" {}\n", paint(verdict.name(), style, true)),
        );
    }
    painted
}
