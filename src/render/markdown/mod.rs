//! A JSON report as GitHub-flavoured Markdown, for a ticket or a job's summary.
//!
//! Names and texts from input stay text: what Markdown or HTML would read as markup is escaped.

mod asking;
mod escape;
mod input;
mod upgrade;

use std::fmt::Write as _;

use self::asking::{asks, end_paragraph, settle};
use self::escape::{cell_code, code, fence};
pub(super) use self::escape::{escape, spans};

use super::asks::{Run, answers};
use super::document::{ById, Change, Cluster, Document, Finding, Since, title};
use super::fleet::{Bearing, Fleet, VERDICTS, bearing, counted, moved};
use super::progress::line;
use super::standing::{Standing, about, circumstances, meaning, reasons, rests_on, why_suppressed};
use super::task::{after, task};
use super::text::prose::{Block, blocks, words};
use super::text::wrap::plain;
use crate::check::ArrivalVerdict;

/// Up to how many clusters and drafts are told one by one: a job's summary holds one megabyte.
const TOLD: usize = 20;

/// Up to how many clusters have a row in the table.
const ROWS: usize = 1000;

/// How many rows rankings have.
const RANKED: usize = 10;

/// The report as Markdown.
pub fn markdown(document: &Document<'_>) -> String {
    let by_id = ById::of(document);
    let fleet = Fleet::of(document, &by_id);
    let of_v5 = document.clusters.is_empty() && document.drafts.is_empty();
    let mut out = String::from(if of_v5 && !document.living.is_empty() {
        "# PGO v5\n\n"
    } else {
        "# From PGO v4 to v5\n\n"
    });
    if let Some(governed) = document.governed() {
        let _ = writeln!(out, "{}.\n", escape(&governed));
    }
    let _ = writeln!(out, "{}\n", head(document, &fleet));
    if let Some(since) = &document.since {
        progress(&mut out, since);
    }
    matrix(&mut out, document, &fleet);
    drafts(&mut out, document);
    living(&mut out, document, &by_id);
    upgrade::write(&mut out, document, &by_id);
    hindrances(&mut out, document, &fleet);
    let told = document.clusters.len() + document.drafts.len() <= TOLD;
    if told {
        for cluster in &document.clusters {
            section(
                &mut out,
                document,
                cluster,
                &by_id,
                Run::of(document).as_ref(),
            );
        }
        for draft in &document.drafts {
            let name = title(&draft.origin, &draft.namespace, &draft.name);
            let _ = writeln!(out, "## Draft {}: {}\n", code(&name), draft.verdict.name());
            steps(
                &mut out,
                document,
                &Standing::of_draft(draft, &by_id),
                Run::of(document).as_ref(),
            );
        }
    }
    asks(&mut out, document, &fleet, told);
    input::write(&mut out, document, item);
    out
}

fn head(document: &Document<'_>, fleet: &Fleet<'_>) -> String {
    let mut parts = Vec::new();
    if !document.clusters.is_empty() {
        let counts = VERDICTS
            .iter()
            .zip(fleet.best)
            .filter(|(_, count)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(verdict, count)| format!("**{count} {}**", verdict.name()))
            .collect();
        let all = counted(document.clusters.len(), "cluster", "clusters");
        parts.push(format!("{all} by best method: {}.", counts.join(", ")));
    }
    if !document.drafts.is_empty() {
        let [ok, unknown, error] = fleet.drafts;
        let all = counted(document.drafts.len(), "draft", "drafts");
        parts.push(format!("{all}: {error} error, {unknown} unknown, {ok} ok."));
    }
    let upgrades = document.living.iter().any(|one| one.upgrade.is_some());
    let nothing = parts.is_empty() && !upgrades && !document.pairs.iter().any(|pair| pair.counts);
    parts.extend(moved_words(document));
    if nothing {
        parts.push("Nothing to check was found in the input.".to_owned());
    }
    parts.push(format!("Judged at {}.", document.now));
    parts.join(" ")
}

fn progress(out: &mut String, since: &Since) {
    let _ = writeln!(out, "## Since {}\n", since.now);
    for change in Change::ALL {
        let count = since.of(change).count();
        if count == 0 {
            continue;
        }
        let _ = writeln!(out, "**{count} {}**\n", change.name());
        for moved in since.of(change).take(TOLD) {
            let _ = writeln!(out, "- {}", escape(&line(moved).replace("->", "\u{2192}")));
        }
        if count > TOLD {
            let _ = writeln!(out, "- and {} more", count - TOLD);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{} unchanged.\n", since.unchanged);
}

fn matrix(out: &mut String, document: &Document<'_>, fleet: &Fleet<'_>) {
    if document.clusters.is_empty() {
        return;
    }
    let methods: Vec<&str> = fleet.methods.iter().map(|method| method.name()).collect();
    let _ = writeln!(
        out,
        "| cluster | PGO | Postgres | {} |",
        methods.join(" | ")
    );
    let _ = writeln!(out, "|---|---|---|{}", "---|".repeat(methods.len()));
    for cluster in document.clusters.iter().take(ROWS) {
        let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
        let known = |text: Option<&str>| text.map_or_else(|| "?".to_owned(), escape);
        let _ = write!(
            out,
            "| {} | {} | {} |",
            cell_code(&name),
            known(cluster.v4.as_deref()),
            known(cluster.postgres.as_deref())
        );
        for method in &fleet.methods {
            let verdict = cluster.methods.get(method);
            let verdict = verdict.map_or("", |judged| judged.verdict.name());
            let _ = write!(out, " {verdict} |");
        }
        out.push('\n');
    }
    let more = document.clusters.len().saturating_sub(ROWS);
    if more > 0 {
        let _ = writeln!(
            out,
            "\nand {}",
            counted(more, "more cluster", "more clusters")
        );
    }
    out.push('\n');
}

/// "14 of 40 moved, 2 not proven", where any living cluster was held against the v4 cluster it came from.
fn moved_words(document: &Document<'_>) -> Option<String> {
    let moves = document.pairs.iter().filter_map(|pair| pair.verdict);
    let verdicts: Vec<ArrivalVerdict> = moves.collect();
    (!verdicts.is_empty()).then(|| format!("{}.", moved(&verdicts, 0)))
}

/// The living clusters: how far each has come, what it came from, whether everything has arrived.
fn living(out: &mut String, document: &Document<'_>, by_id: &ById<'_>) {
    if document.living.is_empty() {
        return;
    }
    out.push_str("| living cluster | stage | from v4 | arrived | to do | undecided |\n");
    out.push_str("|---|---|---|---|---|---|\n");
    for living in document.living.iter().take(ROWS) {
        let pair = document.pairs.iter().find(|pair| pair.is_of(living));
        let ids = pair.map_or(&[][..], |pair| &pair.findings);
        let found: Vec<&Finding<'_>> = by_id.all(&living.origin, ids).collect();
        let bears = |wanted: &[Bearing]| {
            let of = found.iter().filter(|one| wanted.contains(&bearing(one)));
            let rules: Vec<String> = of.map(|one| cell_code(&one.rule)).collect();
            rules.join(" ")
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            cell_code(&title(&living.origin, &living.namespace, &living.name)),
            escape(&living.stage),
            pair.map_or_else(String::new, |pair| cell_code(&title(
                "",
                &pair.cluster.namespace,
                &pair.cluster.name
            ))),
            pair.and_then(|pair| pair.verdict)
                .map_or("", ArrivalVerdict::name),
            bears(&[Bearing::Blocks, Bearing::Prepares]),
            bears(&[Bearing::Undecided]),
        );
    }
    let more = document.living.len().saturating_sub(ROWS);
    if more > 0 {
        let words = counted(more, "more living cluster", "more living clusters");
        let _ = writeln!(out, "\nand {words}");
    }
    out.push('\n');
}

fn drafts(out: &mut String, document: &Document<'_>) {
    if document.drafts.is_empty() {
        return;
    }
    out.push_str("| draft | method | replaces | verdict |\n|---|---|---|---|\n");
    for draft in document.drafts.iter().take(ROWS) {
        let methods: Vec<&str> = draft.method.iter().map(|method| method.name()).collect();
        let source = draft.source.as_ref();
        let source = source.map_or_else(String::new, |one| {
            cell_code(&title("", &one.namespace, &one.name))
        });
        let _ = writeln!(
            out,
            "| {} | {} | {source} | {} |",
            cell_code(&title(&draft.origin, &draft.namespace, &draft.name)),
            methods.join(", "),
            draft.verdict.name()
        );
    }
    out.push('\n');
}

fn hindrances(out: &mut String, document: &Document<'_>, fleet: &Fleet<'_>) {
    if fleet.hindrances.is_empty() || document.clusters.len() + document.drafts.len() < 2 {
        return;
    }
    out.push_str("## What holds up most\n\n| problem | blocked | a method closed | undecided | to prepare |\n|---|--:|--:|--:|--:|\n");
    for one in fleet.hindrances.iter().take(RANKED) {
        let what = one.title(document.rules.get(one.rule));
        let _ = writeln!(
            out,
            "| {} ({}) | {} | {} | {} | {} |",
            escape(&what),
            cell_code(one.rule),
            one.blocks,
            one.closes,
            one.undecided,
            one.prepares
        );
    }
    out.push('\n');
}

fn section(
    out: &mut String,
    document: &Document<'_>,
    cluster: &Cluster<'_>,
    by_id: &ById<'_>,
    run: Option<&Run>,
) {
    let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
    let _ = writeln!(out, "## {}: {}\n", code(&name), cluster.verdict.name());
    let _ = writeln!(out, "{}\n", escape(&circumstances(cluster)));
    for (method, judged) in &cluster.methods {
        let mut why = reasons(cluster, *method, judged, by_id);
        why.extend(rests_on(judged));
        let _ = writeln!(
            out,
            "- {}: **{}** ({})",
            method.name(),
            judged.verdict.name(),
            escape(&plain(&why.join("; ")))
        );
    }
    out.push('\n');
    steps(out, document, &Standing::of_cluster(cluster, by_id), run);
}

fn steps(out: &mut String, document: &Document<'_>, standing: &Standing<'_>, run: Option<&Run>) {
    let asks = standing.asks();
    if !asks.is_empty() {
        let called = run.map(|run| &run.called);
        let found = answers(asks.iter().map(|ask| (ask.command, ask.settles)), called);
        if !found.commands.is_empty() {
            let what = counted(standing.undecided.len(), "question", "questions");
            let _ = writeln!(out, "To settle {what}, add to the input:\n");
        }
        settle(out, &found, run, &|ask| about(&asks, ask));
    }
    let lists = [
        ("In the way", &standing.blocks, true),
        ("To prepare, in order", &standing.prepares, true),
        ("To confirm", &standing.undecided, false),
        ("Only to open another method", &standing.elsewhere, true),
        ("To know", &standing.tells, false),
        ("Set aside", &standing.suppressed, false),
    ];
    for (heading, findings, full) in lists {
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(out, "**{heading}**\n");
        for (index, finding) in findings.iter().enumerate() {
            let rule = document.rules.get(&finding.rule);
            let loses = rule.is_some_and(|rule| rule.loses_data);
            item(out, index + 1, finding, full, loses);
        }
        end_paragraph(out);
    }
}

fn item(out: &mut String, number: usize, finding: &Finding<'_>, full: bool, loses: bool) {
    let place = finding.primary().map_or_else(String::new, |label| {
        let at = format!("{}:{}:{}", label.uri, label.start_line, label.start_column);
        format!(" at {}", code(&at))
    });
    let meaning = match meaning(finding) {
        text if text.is_empty() => text,
        text => format!(" ({text})"),
    };
    let aside = if finding.suppressed() {
        format!(": {}", escape(&why_suppressed(finding)))
    } else {
        String::new()
    };
    let loss = if loses { "**data can be lost:** " } else { "" };
    let task = task(finding).filter(|_| full);
    let told = task.as_deref().unwrap_or(&finding.message);
    let _ = writeln!(
        out,
        "{number}. {loss}{}{meaning}{aside} {}{place}",
        spans(&words(told)),
        code(&finding.rule)
    );
    if !full {
        return;
    }
    let indent = " ".repeat(number.to_string().len() + 2);
    let mut remedy = blocks(&finding.fix);
    if let Some(task) = &task {
        end_paragraph(out);
        let why = spans(&words(&finding.message));
        let _ = writeln!(out, "{indent}Why: {why}");
        remedy = after(task, remedy);
    }
    for block in remedy {
        end_paragraph(out);
        match block {
            Block::Prose(words) => {
                let text = spans(&words);
                let _ = writeln!(out, "{indent}{text}");
            }
            Block::Commands(text) => fence(out, &text, &indent),
        }
    }
    end_paragraph(out);
}
