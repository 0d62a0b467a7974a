//! A JSON report as a table for spreadsheets: one row per cluster and method, per upgrade of a living cluster, per draft, per
//! living cluster, and per living cluster with the v4 cluster it came from.

use csv::{Terminator, WriterBuilder};

use super::document::{ById, Cluster, Document, Draft, Finding, Judged, Living, Pair, Target};
use super::fleet::{Bearing, bearing, of_draft};
use super::human::visible_char;
use crate::check::{ArrivalVerdict, Verdict};
use crate::rule::{Method, Weight};

/// The columns, in order.
const HEAD: [&str; 18] = [
    "kind",
    "origin",
    "namespace",
    "name",
    "method",
    "verdict",
    "best",
    "pgo",
    "postgres",
    "target",
    "blocked by",
    "undecided",
    "to prepare",
    "to know",
    "lifted by",
    "assumes",
    "replaces",
    "judged at",
];

/// The report as CSV (RFC 4180: commas, quotes where needed, CRLF).
pub fn csv(document: &Document<'_>) -> String {
    let by_id = ById::of(document);
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let mut rows = vec![HEAD.map(str::to_owned)];
    for cluster in &document.clusters {
        for (method, judged) in &cluster.methods {
            rows.push(row(document, cluster, *method, judged, &by_id));
        }
    }
    let living = document.living.iter();
    rows.extend(living.filter_map(|living| upgrade_row(document, living, &by_id)));
    let drafts = document.drafts.iter();
    rows.extend(drafts.map(|draft| draft_row(document, draft, &by_id)));
    let living = document.living.iter();
    rows.extend(living.map(|living| living_row(document, living, &by_id)));
    let moved = document
        .pairs
        .iter()
        .filter(|pair| pair.edge == Pair::MOVED);
    rows.extend(moved.filter_map(|pair| moved_row(document, pair, &by_id)));
    for row in rows {
        // Writing to memory cannot fail.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn row(
    document: &Document<'_>,
    cluster: &Cluster<'_>,
    method: Method,
    judged: &Judged<'_>,
    by_id: &ById<'_>,
) -> [String; 18] {
    let findings: Vec<&Finding<'_>> = by_id.all(&cluster.origin, &judged.findings).collect();
    let names = |wanted: Bearing| {
        let bears = |finding: &&&Finding<'_>| on_method(finding, method) == wanted;
        let rules = findings.iter().filter(bears).map(|finding| &*finding.rule);
        rules.collect::<Vec<_>>().join(" ")
    };
    let text = |text: &Option<super::document::Text<'_>>| text.as_deref().unwrap_or("").to_owned();
    [
        "cluster".to_owned(),
        cluster.origin.to_string(),
        cluster.namespace.to_string(),
        cluster.name.to_string(),
        method.name().to_owned(),
        judged.verdict.name().to_owned(),
        cluster.verdict.name().to_owned(),
        text(&cluster.v4),
        text(&cluster.postgres),
        target(&cluster.target),
        names(Bearing::Blocks),
        names(Bearing::Undecided),
        names(Bearing::Prepares),
        names(Bearing::Tells),
        text(&judged.lifted_by),
        judged.assumes.join("; "),
        String::new(),
        document.now.to_string(),
    ]
}

/// The upgrade of a living cluster; `current` is one that runs the target, or a newer release, already.
fn upgrade_row(
    document: &Document<'_>,
    living: &Living<'_>,
    by_id: &ById<'_>,
) -> Option<[String; 18]> {
    let upgrade = living.upgrade.as_ref()?;
    let findings: Vec<&Finding<'_>> = by_id.all(&living.origin, &upgrade.findings).collect();
    let names = |wanted: Bearing| {
        let bears = |finding: &&&Finding<'_>| on_method(finding, Method::Upgrade) == wanted;
        let rules = findings.iter().filter(bears).map(|finding| &*finding.rule);
        rules.collect::<Vec<_>>().join(" ")
    };
    let text = |text: &Option<super::document::Text<'_>>| text.as_deref().unwrap_or("").to_owned();
    let verdict = upgrade.verdict.map_or("current", Verdict::name).to_owned();
    Some([
        "living".to_owned(),
        living.origin.to_string(),
        living.namespace.to_string(),
        living.name.to_string(),
        Method::Upgrade.name().to_owned(),
        verdict.clone(),
        verdict,
        text(&upgrade.from),
        String::new(),
        upgrade.to.to_string(),
        names(Bearing::Blocks),
        names(Bearing::Undecided),
        names(Bearing::Prepares),
        names(Bearing::Tells),
        text(&upgrade.lifted_by),
        upgrade.assumes.join("; "),
        String::new(),
        document.now.to_string(),
    ])
}

fn draft_row(document: &Document<'_>, draft: &Draft<'_>, by_id: &ById<'_>) -> [String; 18] {
    let findings = of_draft(draft, by_id);
    let names = |wanted: Bearing| {
        let bears = findings.iter().filter(|finding| bearing(finding) == wanted);
        let rules: Vec<&str> = bears.map(|finding| &*finding.rule).collect();
        rules.join(" ")
    };
    let methods: Vec<&str> = draft.method.iter().map(|method| method.name()).collect();
    let source = draft.source.as_ref();
    [
        "draft".to_owned(),
        draft.origin.to_string(),
        draft.namespace.to_string(),
        draft.name.to_string(),
        methods.join(" "),
        draft.verdict.name().to_owned(),
        draft.verdict.name().to_owned(),
        String::new(),
        String::new(),
        target(&draft.target),
        names(Bearing::Blocks),
        names(Bearing::Undecided),
        names(Bearing::Prepares),
        names(Bearing::Tells),
        String::new(),
        String::new(),
        source.map_or_else(String::new, |one| format!("{}/{}", one.namespace, one.name)),
        document.now.to_string(),
    ]
}

/// What findings ask of their reader, as the columns from "blocked by" to "to know".
fn asked(findings: &[&Finding<'_>]) -> [String; 4] {
    [
        Bearing::Blocks,
        Bearing::Undecided,
        Bearing::Prepares,
        Bearing::Tells,
    ]
    .map(|wanted| {
        let bears = findings.iter().filter(|finding| bearing(finding) == wanted);
        let rules: Vec<&str> = bears.map(|finding| &*finding.rule).collect();
        rules.join(" ")
    })
}

/// A living cluster as it is: how far it has come stands under "verdict". What bears on an upgrade has a row of its own.
fn living_row(document: &Document<'_>, living: &Living<'_>, by_id: &ById<'_>) -> [String; 18] {
    let own = by_id.all(&living.origin, &living.findings);
    let own = own.filter(|one| one.effect.on(Method::Upgrade).is_none());
    let findings: Vec<&Finding<'_>> = own.collect();
    let [blocks, undecided, prepares, tells] = asked(&findings);
    let none = String::new;
    [
        "living".to_owned(),
        living.origin.to_string(),
        living.namespace.to_string(),
        living.name.to_string(),
        "stage".to_owned(),
        living.stage.to_string(),
        living.stage.to_string(),
        none(),
        none(),
        target(&living.target),
        blocks,
        undecided,
        prepares,
        tells,
        none(),
        none(),
        none(),
        document.now.to_string(),
    ]
}

/// A living cluster with the v4 cluster it came from, and whether everything has arrived.
fn moved_row(document: &Document<'_>, pair: &Pair<'_>, by_id: &ById<'_>) -> Option<[String; 18]> {
    let living = pair.living.as_ref()?;
    let origin = living.origin.as_deref().unwrap_or("");
    let findings: Vec<&Finding<'_>> = by_id.all(origin, &pair.findings).collect();
    let [blocks, undecided, prepares, tells] = asked(&findings);
    let verdict = pair.verdict.map_or("", ArrivalVerdict::name);
    let none = String::new;
    Some([
        "moved".to_owned(),
        origin.to_owned(),
        living.namespace.to_string(),
        living.name.to_string(),
        none(),
        verdict.to_owned(),
        verdict.to_owned(),
        none(),
        none(),
        none(),
        blocks,
        undecided,
        prepares,
        tells,
        none(),
        none(),
        format!("{}/{}", pair.cluster.namespace, pair.cluster.name),
        document.now.to_string(),
    ])
}

/// What a finding asks of its reader for one method.
fn on_method(finding: &Finding<'_>, method: Method) -> Bearing {
    let weight = finding.effect.on(method);
    match bearing(finding) {
        Bearing::Tells => Bearing::Tells,
        _ if weight < Some(Weight::Action) => Bearing::Tells,
        Bearing::Blocks if weight == Some(Weight::Action) => Bearing::Prepares,
        other => other,
    }
}

fn target(target: &Target<'_>) -> String {
    match target.pgo.as_slice() {
        [] => String::new(),
        [one] => one.to_string(),
        [first, .., last] => format!("{first} to {last}"),
    }
}

/// What makes a spreadsheet read a cell as a formula, in either width.
const FORMULA: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// What parts cells for a spreadsheet whose language writes a comma within numbers, or that was told to.
const PARTS: [char; 5] = [';', '|', '\t', '\r', '\n'];

/// A text that a spreadsheet would run as a formula, from its start or from where it may part cells, becomes a text with an
/// apostrophe before it; nothing drives a terminal.
fn harmless(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len() + 1);
    let mut starts = true;
    for character in cell.chars() {
        if starts && FORMULA.contains(&character) {
            out.push('\'');
        }
        starts =
            PARTS.contains(&character) || (starts && matches!(character, ' ' | '"' | '\u{a0}'));
        out.push(visible_char(character));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_stays_text() {
        for formula in [
            "=1+1",
            "+A1",
            "-2",
            "@SUM(A1)",
            "\t=1",
            " =1",
            "\r\n=1",
            "\u{ff1d}1",
        ] {
            let cell = harmless(formula);
            assert!(
                cell.trim_start().starts_with('\'') || cell.contains("'="),
                "{formula:?}"
            );
        }
        assert_eq!(harmless("x;=cmd|'/c calc'!A1"), "x;'=cmd|'/c calc'!A1");
        assert_eq!(harmless("x|\u{a0}\" +1"), "x|\u{a0}\" '+1");
        for plain in ["hippo-2", "a; b-c", "5.0.3 = 5.0.3", "a=b; c=d"] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
