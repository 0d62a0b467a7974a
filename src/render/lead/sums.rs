//! The closing lines: what was not read, what was set aside, and how many of what.

use std::fmt::Write as _;

use super::detail::Extent;
use crate::check::{FindingOutcome, Verdict};
use crate::render::asks::{Answers, Run};
use crate::render::document::{ById, Cluster, Document, Finding, Pair};
use crate::render::fleet::{DRAFT_VERDICTS, VERDICTS, counted};
use crate::render::human::{paint, verdict_style};
use crate::render::standing::why_suppressed;
use crate::render::text::page::Page;
use crate::render::upgrades::upgrades;
use crate::rule::Level;

/// How many lines a list of what is beside the matter has.
const LISTED: usize = 6;

/// Writes what was not read and the counts.
pub(super) fn write(
    page: &mut Page,
    document: &Document<'_>,
    by_id: &ById<'_>,
    extent: Extent,
    answers: &Answers,
) {
    not_read(page, document, extent);
    if extent != Extent::Table {
        set_aside(page, document, extent);
        gone(page, document, extent);
    }
    // Where nothing at all could be read, why that is so is the end of it.
    if document.inputs.is_empty() && document.skipped.iter().any(|one| one.counts) {
        return;
    }
    page.blank();
    let read = format!(
        "{} in {} read at {}",
        counted(read(document), "object", "objects"),
        counted(document.inputs.len(), "file", "files"),
        document.now
    );
    page.prose("", 2, &read);
    let upgrades = upgrades(document, by_id);
    let verified = document.pairs.iter().any(|pair| pair.edge == Pair::MOVED);
    let judged = verified || !document.clusters.is_empty() || !document.drafts.is_empty();
    if !judged && upgrades.is_empty() {
        // What was asked for is not there: that was said.
        if document.narrowed().is_none() {
            nothing(page, document);
        }
        return;
    }
    clusters(page, document);
    drafts(page, document);
    for upgrade in &upgrades {
        page.prose("", 2, &format!("upgrade: {}", upgrade.line(document)));
    }
    page.prose("", 2, &findings(document, extent));
    if extent != Extent::Table {
        the_way(page, document, answers);
    }
}

/// What leads on from here, where a method is open: with the answers to what is asked, which a plan needs, too.
fn the_way(page: &mut Page, document: &Document<'_>, answers: &Answers) {
    let closed = |one: &Cluster<'_>| one.verdict >= Verdict::Unknown;
    if document.clusters.iter().all(closed) {
        return;
    }
    if is_little(document) {
        page.prose("", 2, "A plan takes more than was read: To ask first.");
        return;
    }
    let Some(run) = Run::of(document) else {
        let line = "For the way step by step run `plan` in place of `check`, with the same input.";
        page.prose("", 2, line);
        return;
    };
    let head = if answers.commands.is_empty() {
        "For the way step by step:"
    } else {
        "For the way step by step, with the answers of To ask:"
    };
    page.prose("", 2, head);
    let methods = run
        .called
        .flags
        .iter()
        .filter(|flag| flag.first().is_some_and(|name| name == METHOD));
    // A plan is of one method; of several it takes the one that is under way, or most open.
    let several = methods
        .flat_map(|flag| flag.iter().skip(1))
        .map(|value| value.split(',').count())
        .sum::<usize>()
        > 1;
    let known: Vec<&str> = OF_PLAN
        .into_iter()
        .filter(|flag| !several || *flag != METHOD)
        .collect();
    page.command(2, &answers.instead(&run, "plan", &known));
}

/// How many objects were read.
pub(super) fn read(document: &Document<'_>) -> usize {
    let objects: u64 = document.inputs.iter().map(|input| input.objects).sum();
    usize::try_from(objects).unwrap_or(usize::MAX)
}

/// Whether so little was read that nearly nothing is known of a cluster: of a living one there is more.
pub(super) fn is_little(document: &Document<'_>) -> bool {
    const LITTLE: usize = 5;
    read(document) <= LITTLE
}

const METHOD: &str = "--method";

/// The flags of `check` that `plan` has, too.
const OF_PLAN: [&str; 9] = [
    METHOD,
    "--target",
    "--pair",
    "--backup-info",
    "--rules",
    "--config",
    "--no-config",
    "--crd",
    "--cluster",
];

fn not_read(page: &mut Page, document: &Document<'_>, extent: Extent) {
    let most = extent.most(LISTED);
    let skipped: Vec<_> = document.skipped.iter().filter(|one| one.counts).collect();
    if skipped.is_empty() {
        return;
    }
    page.head("Not read");
    for one in skipped.iter().take(most) {
        page.prose("  ", 4, &format!("{}: {}", one.uri, one.reason));
    }
    if skipped.len() > most {
        let more = skipped.len() - most;
        page.prose("  ", 2, &format!("and {more} more: -v shows all"));
    }
}

fn set_aside(page: &mut Page, document: &Document<'_>, extent: Extent) {
    let most = extent.most(LISTED);
    let aside: Vec<&Finding<'_>> = document
        .findings
        .iter()
        .filter(|one| one.suppressed())
        .collect();
    if aside.is_empty() {
        return;
    }
    page.head("Set aside");
    for finding in aside.iter().take(most) {
        let line = format!(
            "{}: {}. {}",
            finding.rule,
            why_suppressed(finding),
            finding.message
        );
        page.prose("  ", 4, &line);
    }
    if aside.len() > most {
        page.prose(
            "  ",
            2,
            &format!("and {} more: -v shows all", aside.len() - most),
        );
    }
}

/// What the baseline knows and is no longer there.
fn gone(page: &mut Page, document: &Document<'_>, extent: Extent) {
    let most = extent.most(LISTED);
    let Some(baseline) = document.further.get("baseline") else {
        return;
    };
    let text = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(|one| one.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let gone = baseline.get("gone").and_then(|one| one.as_array());
    let Some(gone) = gone.filter(|gone| !gone.is_empty()) else {
        return;
    };
    let head = format!(
        "No longer found, of what {} knows ({})",
        text(baseline, "file"),
        gone.len()
    );
    page.head(&head);
    for known in gone.iter().take(most) {
        let line = format!("{} for {}", text(known, "rule"), text(known, "subject"));
        page.prose("  ", 4, &line);
    }
    if gone.len() > most {
        page.prose(
            "  ",
            2,
            &format!("and {} more: -v shows all", gone.len() - most),
        );
    }
}

/// What was looked for, and what was there instead.
fn nothing(page: &mut Page, document: &Document<'_>) {
    page.prose(
        "",
        2,
        "nothing to check: looked for a Pgcluster of PGO v4, for claims that one left, and for a PostgresCluster draft",
    );
    let objects: u64 = document.inputs.iter().map(|input| input.objects).sum();
    let found = match (document.inputs.len(), objects) {
        (0, _) if document.skipped.is_empty() => {
            "found nothing in what was named: it is empty, or a folder without YAML or JSON"
                .to_owned()
        }
        (0, _) => "found no file that could be read".to_owned(),
        (files, 0) => format!(
            "found no Kubernetes object in {}",
            counted(files, "file", "files")
        ),
        (files, objects) => format!(
            "found {} of other kinds in {}; export the clusters with `kubectl get pgclusters.crunchydata.com -A -o yaml`, or all that is needed with `pgo-preflight collect -A`",
            counted(
                usize::try_from(objects).unwrap_or(usize::MAX),
                "object",
                "objects"
            ),
            counted(files, "file", "files")
        ),
    };
    page.prose("", 2, &found);
}

fn clusters(page: &mut Page, document: &Document<'_>) {
    if document.clusters.is_empty() {
        return;
    }
    let parts = VERDICTS.iter().filter_map(|verdict| {
        let same = document
            .clusters
            .iter()
            .filter(|one| one.verdict == *verdict);
        let count = same.count();
        let word = paint(verdict.name(), verdict_style(*verdict), page.screen.colour);
        (count > 0).then(|| format!("{count} {word}"))
    });
    let parts: Vec<String> = parts.collect();
    let line = format!(
        "{} by best method: {}\n",
        counted(document.clusters.len(), "cluster", "clusters"),
        parts.join(", ")
    );
    page.as_is(&line);
}

fn drafts(page: &mut Page, document: &Document<'_>) {
    if document.drafts.is_empty() {
        return;
    }
    let parts = DRAFT_VERDICTS.iter().filter_map(|verdict| {
        let same = document.drafts.iter().filter(|one| one.verdict == *verdict);
        let count = same.count();
        (count > 0).then(|| format!("{count} {}", verdict.name()))
    });
    let parts: Vec<String> = parts.collect();
    let line = format!(
        "{}: {}",
        counted(document.drafts.len(), "draft", "drafts"),
        parts.join(", ")
    );
    page.prose("", 2, &line);
}

fn findings(document: &Document<'_>, extent: Extent) -> String {
    let news = || document.findings.iter().filter(|one| one.is_news());
    let fires = |level| {
        let same = news().filter(|one| one.outcome == FindingOutcome::Fires && one.level == level);
        same.count()
    };
    let undecided = news()
        .filter(|one| one.outcome == FindingOutcome::Unknown)
        .count();
    let mut line = format!(
        "{}, {}, {}, {undecided} undecided",
        counted(fires(Level::Error), "error", "errors"),
        counted(fires(Level::Warning), "warning", "warnings"),
        counted(fires(Level::Note), "note", "notes"),
    );
    let aside = document
        .findings
        .iter()
        .filter(|one| one.suppressed())
        .count();
    if aside > 0 {
        let _ = write!(line, ", {aside} set aside");
    }
    if let Some(baseline) = document.further.get("baseline") {
        let old = document
            .findings
            .iter()
            .filter(|one| !one.suppressed() && !one.is_news());
        let file = baseline
            .get("file")
            .and_then(|one| one.as_str())
            .unwrap_or_default();
        let _ = write!(line, "; not shown: {} that {file} knows", old.count());
    }
    if extent != Extent::Full {
        line.push_str(" (-v shows each with its lines)");
    }
    line
}
