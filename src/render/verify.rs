//! The checklist of `verify`: per migration what holds, what does not, what could not be decided.
//!
//! Text for people and Markdown share one model; the other formats are those of `check`.

use serde_json::json;

use super::document::Document;
use super::fleet::moved;
use super::json::document_json;
use crate::check::{Finding, FindingOutcome, MigrationReport, Report};
use crate::printable::one_line;
use crate::rule::{Effect, Weight};

/// What no object proves, with what shows it: never counted against an arrival.
const NOT_IN_OBJECTS: [(&str, &str); 5] = [
    (
        "row counts of some tables are what they were",
        "select table_schema, table_name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', table_schema, table_name), false, true, '')))[1]::text from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1, 2; -- on both sides, writers stopped",
    ),
    (
        "text indexes are ordered as the new C library orders",
        "reindexdb --all # where the base system of the image changed",
    ),
    (
        "extensions have the version of their library",
        "select name, default_version, installed_version from pg_available_extensions where installed_version <> default_version;",
    ),
    (
        "no ALTER SYSTEM of v4 outranks the new configuration",
        "select name, setting from pg_settings where sourcefile like '%postgresql.auto.conf';",
    ),
    (
        "clients reach the new cluster, and none the old one",
        "select usename, client_addr, count(*) from pg_stat_activity group by 1, 2;",
    ),
];

/// How a line of the checklist came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Wrong,
    Missing,
    Open,
    Warned,
    Holds,
}

impl Mark {
    fn of(finding: &Finding) -> Mark {
        let weight = match finding.effect {
            Effect::Moved(weight) => weight,
            _ => Weight::Info,
        };
        match (finding.outcome, weight) {
            (FindingOutcome::Unknown, _) => Mark::Open,
            (FindingOutcome::Fires, Weight::Wrong) => Mark::Wrong,
            (FindingOutcome::Fires, Weight::Incomplete) => Mark::Missing,
            (FindingOutcome::Fires, _) => Mark::Warned,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Mark::Wrong => "WRONG",
            Mark::Missing => "to do",
            Mark::Open => "open",
            Mark::Warned => "note",
            Mark::Holds => "ok",
        }
    }

    fn tick(self) -> &'static str {
        if self == Mark::Holds { "[x]" } else { "[ ]" }
    }
}

/// One line of the checklist.
struct Line<'r> {
    mark: Mark,
    rule: &'r str,
    text: &'r str,
    /// What to do, or what would settle it.
    then: Vec<&'r str>,
}

fn lines<'r>(report: &'r Report, migration: &'r MigrationReport) -> Vec<Line<'r>> {
    let findings = migration.findings.iter();
    let findings = findings.filter_map(|index| report.findings.get(*index));
    let told = findings.filter(|finding| finding.counts()).map(|finding| {
        let mark = Mark::of(finding);
        let then = match mark {
            Mark::Open => finding.gaps.iter().map(|gap| gap.ask.as_str()).collect(),
            _ => finding.fix.lines().collect(),
        };
        Line {
            mark,
            rule: &finding.rule,
            text: &finding.message,
            then,
        }
    });
    let held = migration.passed.iter().map(|held| Line {
        mark: Mark::Holds,
        rule: &held.rule,
        text: &held.holds,
        then: Vec::new(),
    });
    let mut lines: Vec<Line<'r>> = told.chain(held).collect();
    lines.sort_by_key(|line| line.mark);
    lines
}

fn label(namespace: &str, name: &str) -> String {
    match namespace {
        "" => one_line(name),
        namespace => format!("{}/{}", one_line(namespace), one_line(name)),
    }
}

fn headline(report: &Report) -> String {
    let verdicts: Vec<_> = report.migrations.iter().map(|one| one.verdict).collect();
    moved(&verdicts, report.unmoved.len())
}

/// What is held against nothing, and so neither moved nor proven.
fn apart(report: &Report) -> Vec<String> {
    let named = |names: Vec<String>| {
        let more = names.len().saturating_sub(NAMED);
        let mut text = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        text
    };
    let mut told = Vec::new();
    let unmoved = report.unmoved.iter();
    let unmoved: Vec<String> = unmoved.map(|(space, name)| label(space, name)).collect();
    if !unmoved.is_empty() {
        told.push(format!("not moved: {}", named(unmoved)));
    }
    for living in report
        .living
        .iter()
        .filter(|one| !one.candidates.is_empty())
    {
        let name = label(&living.namespace, &living.name);
        let may = living.candidates.iter().map(|one| one_line(one)).collect();
        told.push(format!(
            "not proven: {name} may have come from each of {}; say which with --pair",
            named(may)
        ));
    }
    told
}

/// How many clusters are named in one line.
const NAMED: usize = 12;

/// Up to how many moves are told line by line; of more, what holds is only counted.
const IN_FULL: usize = 3;

/// For people: each migration with its checklist, worst lines first, then the sums. A fleet begins with the sums.
pub fn verify_human(report: &Report) -> String {
    let mut out = String::new();
    let in_full = report.migrations.len() <= IN_FULL;
    if !in_full {
        out.push_str(&format!("{}\n\n", headline(report)));
    }
    let mut moves: Vec<&MigrationReport> = report.migrations.iter().collect();
    if !in_full {
        moves.sort_by_key(|one| std::cmp::Reverse(one.verdict));
    }
    for migration in moves {
        told(&mut out, report, migration, in_full);
    }
    for line in apart(report) {
        out.push_str(&format!("{line}\n"));
    }
    if report.migrations.is_empty() {
        out.push_str(
            "nothing to verify: no living PostgresCluster beside the v4 cluster it came from is in the input\n",
        );
        return out;
    }
    out.push_str("What no object proves; ask the database:\n");
    for (what, how) in NOT_IN_OBJECTS {
        out.push_str(&format!("  {what}\n           {how}\n"));
    }
    out.push_str(&format!("\n{}\n", headline(report)));
    out
}

/// One migration. `in_full` tells what holds line by line, and where the pair comes from.
fn told(out: &mut String, report: &Report, migration: &MigrationReport, in_full: bool) {
    let name = label(&migration.namespace, &migration.name);
    let source = label(&migration.source_namespace, &migration.source_name);
    let verdict = migration.verdict.name();
    let lines = lines(report, migration);
    if in_full {
        let why = one_line(&migration.why);
        out.push_str(&format!("{name}  {verdict}  (from v4 {source}: {why})\n"));
        if !migration.stage.is_empty() {
            out.push_str(&format!("  stage: {}\n", migration.stage));
        }
    } else {
        let hold = lines.iter().filter(|line| line.mark == Mark::Holds).count();
        let stage = &migration.stage;
        out.push_str(&format!(
            "{name}  {verdict}  (from v4 {source}; {hold} hold; stage {stage})\n"
        ));
    }
    let counts = |line: &&Line<'_>| in_full || line.mark < Mark::Warned;
    for line in lines.iter().filter(counts) {
        let (word, text) = (line.mark.word(), one_line(line.text));
        out.push_str(&format!("  {word:<6} {text}  [{}]\n", line.rule));
        for then in line.then.iter().filter(|_| in_full) {
            out.push_str(&format!("           {}\n", one_line(then).trim_end()));
        }
    }
    if in_full {
        out.push('\n');
    }
}

/// The same for a ticket or a pull request.
pub fn verify_markdown(report: &Report) -> String {
    let mut out = format!("# {}\n", headline(report));
    for line in apart(report) {
        out.push_str(&format!("\n{}\n", escaped(&line)));
    }
    for migration in &report.migrations {
        let name = label(&migration.namespace, &migration.name);
        let source = label(&migration.source_namespace, &migration.source_name);
        out.push_str(&format!(
            "\n## {}: {}\n\nFrom v4 {}.\n\n",
            escaped(&name),
            migration.verdict.name(),
            escaped(&source)
        ));
        for line in lines(report, migration) {
            let (tick, word) = (line.mark.tick(), line.mark.word());
            let text = escaped(&one_line(line.text));
            out.push_str(&format!("- {tick} **{word}** {text} (`{}`)\n", line.rule));
        }
    }
    if !report.migrations.is_empty() {
        out.push_str("\n## What no object proves\n\n");
        for (what, how) in NOT_IN_OBJECTS {
            out.push_str(&format!("- [ ] {what}: `{how}`\n"));
        }
    }
    out
}

/// Text in which Markdown sees no markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The same as data: the JSON report, with what no object proves.
pub fn verify_json(report: &Report, document: &Document<'_>) -> String {
    let mut document = document.clone();
    if !report.unmoved.is_empty() {
        let unmoved = report.unmoved.iter();
        let unmoved =
            unmoved.map(|(namespace, name)| json!({"namespace": namespace, "name": name}));
        let unmoved: Vec<_> = unmoved.collect();
        document
            .further
            .insert("notMoved".to_owned(), json!(unmoved));
    }
    let asked = NOT_IN_OBJECTS.map(|(what, how)| json!({"what": what, "how": how}));
    document
        .further
        .insert("notInObjects".to_owned(), json!(asked));
    document_json(&document)
}
