//! A JSON report for people at a terminal: where the fleet stands, what holds it up, and what changed.
//!
//! The lines that decide are in the human text of `check` and in HTML; this is the head of such a report.

use std::fmt::Write as _;

use anstyle::Style;
use comfy_table::{Table, presets};

use super::asks::{LOOK, answers};
use super::document::{ById, Change, Document, Moved, Since, title};
use super::fleet::{DRAFT_VERDICTS, Fleet, VERDICTS, counted};
use super::human::{paint, visible};
use super::upgrades::upgrades;

/// Up to how many clusters are listed one by one.
const LISTED: usize = 60;

/// How many rows a ranking shows.
const RANKED: usize = 10;

/// The report as text. With `colour`, ANSI styles are written.
pub fn overview(document: &Document<'_>, colour: bool) -> String {
    let by_id = ById::of(document);
    let fleet = Fleet::of(document, &by_id);
    let mut out = String::new();
    if !document.clusters.is_empty() {
        out.push_str(&verdicts(document, &fleet));
        if document.clusters.len() <= LISTED {
            out.push('\n');
            out.push_str(&matrix(document, &fleet));
        }
    }
    versions(&mut out, "PGO", &fleet.pgo);
    versions(&mut out, "Postgres", &fleet.postgres);
    drafts(&mut out, document, &fleet);
    let upgrades = upgrades(document, &by_id);
    for upgrade in &upgrades {
        let _ = writeln!(out, "\nupgrade: {}", visible(&upgrade.line(document)));
    }
    hindrances(&mut out, document, &fleet);
    asks(&mut out, &fleet);
    if let Some(since) = &document.since {
        out.push_str(&progress(since, colour));
    }
    if document.clusters.is_empty() && document.drafts.is_empty() && upgrades.is_empty() {
        out.push_str("nothing in it: no v4 cluster and no draft\n");
    }
    let skipped = document.skipped.iter().filter(|one| one.counts).count();
    if skipped > 0 {
        let _ = writeln!(
            out,
            "\n{} could not be read",
            counted(skipped, "input", "inputs")
        );
    }
    let _ = writeln!(out, "\njudged at {}", document.now);
    out
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

fn verdicts(document: &Document<'_>, fleet: &Fleet<'_>) -> String {
    let mut table = table();
    let all = counted(document.clusters.len(), "CLUSTER", "CLUSTERS");
    let words = VERDICTS.iter().map(|one| one.name().to_uppercase());
    table.set_header(std::iter::once(all).chain(words));
    let rows = fleet
        .by_method
        .iter()
        .map(|(method, counts)| (method.name(), counts));
    for (name, counts) in std::iter::once(("best method", &fleet.best)).chain(rows) {
        let counts = counts.iter().map(ToString::to_string);
        table.add_row(std::iter::once(name.to_owned()).chain(counts));
    }
    lines(&table)
}

fn matrix(document: &Document<'_>, fleet: &Fleet<'_>) -> String {
    let mut table = table();
    let methods = fleet.methods.iter().map(|one| one.name().to_uppercase());
    let head = ["CLUSTER", "PGO", "POSTGRES"].map(str::to_owned);
    table.set_header(head.into_iter().chain(methods));
    for cluster in &document.clusters {
        let known = |text: Option<&str>| visible(text.unwrap_or("?"));
        let row = [
            visible(&title(&cluster.origin, &cluster.namespace, &cluster.name)),
            known(cluster.v4.as_deref()),
            known(cluster.postgres.as_deref()),
        ];
        let verdicts = fleet.methods.iter().map(|method| {
            let judged = cluster.methods.get(method);
            judged.map_or_else(String::new, |judged| judged.verdict.name().to_owned())
        });
        table.add_row(row.into_iter().chain(verdicts));
    }
    lines(&table)
}

fn versions(out: &mut String, of: &str, versions: &[(&str, usize)]) {
    let known = |version: &str| match version {
        "" => "unknown".to_owned(),
        version => visible(version),
    };
    let parts: Vec<String> = versions
        .iter()
        .map(|(version, count)| format!("{} ({count})", known(version)))
        .collect();
    if !parts.is_empty() {
        let _ = writeln!(out, "\n{of}: {}", parts.join(", "));
    }
}

fn drafts(out: &mut String, document: &Document<'_>, fleet: &Fleet<'_>) {
    if document.drafts.is_empty() {
        return;
    }
    let parts = DRAFT_VERDICTS.iter().zip(fleet.drafts);
    let parts: Vec<String> = parts
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{count} {}", verdict.name()))
        .collect();
    let all = counted(document.drafts.len(), "draft", "drafts");
    let _ = writeln!(out, "\n{all}: {}", parts.join(", "));
}

fn hindrances(out: &mut String, document: &Document<'_>, fleet: &Fleet<'_>) {
    if fleet.hindrances.is_empty() {
        return;
    }
    let mut table = table();
    table.set_header([
        "HELD UP BY",
        "BLOCKED",
        "METHOD CLOSED",
        "UNDECIDED",
        "TO PREPARE",
    ]);
    for one in fleet.hindrances.iter().take(RANKED) {
        let number = |count: usize| match count {
            0 => String::new(),
            count => count.to_string(),
        };
        let rule = document.rules.get(one.rule);
        let what = match rule {
            Some(_) => format!("{} ({})", one.title(rule), one.rule),
            None => one.rule.to_owned(),
        };
        table.add_row([
            visible(&what),
            number(one.blocks),
            number(one.closes),
            number(one.undecided),
            number(one.prepares),
        ]);
    }
    let _ = write!(out, "\n{}", lines(&table));
    let more = fleet.hindrances.len().saturating_sub(RANKED);
    if more > 0 {
        let _ = writeln!(out, "and {}", counted(more, "more rule", "more rules"));
    }
}

fn asks(out: &mut String, fleet: &Fleet<'_>) {
    if fleet.asks.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nTo settle what is undecided, add to the input:");
    let found = answers(fleet.asks.iter().copied());
    for command in &found.commands {
        let _ = writeln!(out, "  {}", visible(command));
    }
    for line in found.then() {
        let _ = writeln!(out, "{}", visible(&super::text::wrap::plain(&line)));
    }
    if found.look.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{LOOK}");
    for (ask, _) in found.look.iter().take(RANKED) {
        let _ = writeln!(out, "  {}", visible(ask));
    }
    let more = found.look.len().saturating_sub(RANKED);
    if more > 0 {
        let _ = writeln!(out, "  and {more} more");
    }
}

/// What became of things since an earlier report, as text.
pub fn progress(since: &Since, colour: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "\nSince {}:", since.now);
    for change in Change::ALL {
        let changed: Vec<&Moved> = since.of(change).collect();
        if changed.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "  {}",
            paint(
                &format!("{} {}", changed.len(), change.name()),
                Style::new().bold(),
                colour
            )
        );
        for moved in changed.iter().take(LISTED) {
            let _ = writeln!(out, "    {}", visible(&line(moved)));
        }
        let more = changed.len().saturating_sub(LISTED);
        if more > 0 {
            let _ = writeln!(out, "    and {more} more");
        }
    }
    let _ = writeln!(out, "  {} unchanged", since.unchanged);
    out
}

/// "pgo/hippo: volumes blocked -> action; 3 -> 1 left to do".
pub(super) fn line(moved: &Moved) -> String {
    let name = title(&moved.origin, &moved.namespace, &moved.name);
    let draft = if moved.kind == "PostgresCluster" {
        "draft "
    } else {
        ""
    };
    let what = steps(moved).join("; ");
    format!("{draft}{name}: {what}")
}

/// What changed about one cluster or draft, in words.
pub(super) fn steps(moved: &Moved) -> Vec<String> {
    let mut parts: Vec<String> = moved
        .methods
        .iter()
        .map(|(method, step)| {
            format!(
                "{} {} -> {}",
                method.name(),
                step.from.name(),
                step.to.name()
            )
        })
        .collect();
    match (&moved.from, &moved.to) {
        (None, Some(to)) => parts.push(to.clone()),
        (Some(from), None) => parts.push(format!("was {from}")),
        (Some(from), Some(to)) if parts.is_empty() && from != to => {
            parts.push(format!("{from} -> {to}"));
        }
        _ => {}
    }
    if moved.from.is_some() && moved.to.is_some() && moved.left.from != moved.left.to {
        parts.push(format!(
            "{} -> {} left to do",
            moved.left.from, moved.left.to
        ));
    }
    parts
}
