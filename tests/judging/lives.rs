//! The life of one cluster through a move, recorded state by state for each method, wrong turns included: at each the
//! stage, the verdict of `verify`, and what is told.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use pgo_preflight::check::{Evidence, FailOn, FindingOutcome, Options, Report, check};
use pgo_preflight::manifest::{Assume, KINDS, Kind, gather_dump, read_backup_info};
use pgo_preflight::render::{
    self, Screen,
    document::{Document, exit_code},
};
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::{Dump, OriginId, SourceId, Text};

use crate::common::root;

fn lives() -> Vec<PathBuf> {
    let folder = root().join("fixtures/lives");
    let mut lives: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    lives.sort();
    assert_eq!(lives.len(), 3);
    lives
}

/// Judges texts, each an origin of its own, in the order of time.
fn verify(texts: &[String], assume: &Assume, rules: &RuleSet) -> Report {
    let texts: Vec<_> = texts.iter().map(|text| (text.clone(), None)).collect();
    verify_moments(&texts, assume, rules)
}

/// Judges texts, each an origin of its own, with the time it was taken at.
fn verify_moments(texts: &[(String, Option<&str>)], assume: &Assume, rules: &RuleSet) -> Report {
    judge(evidence(texts, assume), rules)
}

fn evidence(texts: &[(String, Option<&str>)], assume: &Assume) -> Evidence {
    let mut origins = Vec::new();
    for (number, (text, taken)) in texts.iter().enumerate() {
        let dump = Dump {
            taken: taken.map(|time| time.parse().unwrap()),
            texts: vec![Text {
                uri: format!("{number}.yaml"),
                bytes: text.clone().into_bytes(),
            }],
            ..Dump::default()
        };
        let number = u32::try_from(number).unwrap();
        origins.push(gather_dump(dump, OriginId(number), SourceId(number)));
    }
    Evidence::of_all(origins, assume)
}

fn judge(evidence: Evidence, rules: &RuleSet) -> Report {
    let options = Options {
        living: true,
        ..Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
    };
    check(evidence, rules, &options)
}

/// The rules of a migration's findings that weigh on the verdict.
fn told(report: &Report, outcome: FindingOutcome) -> Vec<String> {
    let migration = &report.migrations[0];
    let findings = migration
        .findings
        .iter()
        .map(|index| &report.findings[*index]);
    let mut told: Vec<String> = findings
        .filter(|finding| finding.outcome == outcome)
        .filter(|finding| matches!(finding.effect.heaviest().name(), "wrong" | "incomplete"))
        .map(|finding| finding.rule.to_string())
        .collect();
    told.sort();
    told
}

#[test]
fn bundles_count_by_their_time_whatever_their_order() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let life = root().join("fixtures/lives/volumes");
    let before = fs::read_to_string(life.join("before.yaml")).unwrap();
    // Before that there was another database of this name.
    let long_before = before.replace("7000000000000000001", "7000000000000000044");
    let now = fs::read_to_string(life.join("08-done.yaml")).unwrap();
    let moment = |text: &String, day| (text.clone(), Some(day));
    let mut moments = [
        moment(&long_before, "2026-10-01T10:00:00Z"),
        moment(&before, "2026-11-01T10:00:00Z"),
        moment(&now, "2026-11-20T10:00:00Z"),
    ];
    for _ in 0..2 {
        let report = verify_moments(&moments, &Assume::everything(), &rules);
        assert_eq!(report.migrations[0].verdict.name(), "arrived");
        moments.swap(0, 1);
    }
}

/// A cluster that was shut down when it was exported leaves no position: nothing shows that the new one has reached it.
#[test]
fn a_position_that_nobody_recorded_is_no_position_that_was_reached() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    for life in lives() {
        let before = fs::read_to_string(life.join("before.yaml")).unwrap();
        let kept: Vec<&str> = before
            .split("---\n")
            .filter(|text| !text.contains("kind: Pod\n") && !text.contains("name: hippo-leader"))
            .collect();
        let done = fs::read_dir(&life).unwrap().find_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.ends_with("-done.yaml").then_some(name)
        });
        let now = fs::read_to_string(life.join(done.unwrap())).unwrap();
        let report = verify(&[kept.join("---\n"), now], &Assume::everything(), &rules);
        let open = told(&report, FindingOutcome::Unknown);
        assert_eq!(open, ["promoted-before-replay-ended"]);
        assert_eq!(report.migrations[0].verdict.name(), "unknown");
        let ok = report.migrations[0].passed.iter();
        assert!(!ok.into_iter().any(|held| held.holds.contains("position")));
    }
}

#[test]
fn each_state_of_each_life_has_its_stage_its_verdict_and_what_is_left() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let mut wrong = Vec::new();
    for life in lives() {
        let before = fs::read_to_string(life.join("before.yaml")).unwrap();
        let expected = fs::read_to_string(life.join("expected.tsv")).unwrap();
        for row in expected.lines().skip(1) {
            let [state, stage, verdict, fires] = row.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{row}");
            };
            let now = fs::read_to_string(life.join(format!("{state}.yaml"))).unwrap();
            let report = verify(&[before.clone(), now], &Assume::everything(), &rules);
            if verdict == "none" {
                assert!(report.migrations.is_empty(), "{}/{state}", life.display());
                continue;
            }
            let Some(migration) = report.migrations.first() else {
                wrong.push(format!("{}/{state}: no migration found", life.display()));
                continue;
            };
            let mut want: Vec<&str> = fires.split(' ').filter(|rule| !rule.is_empty()).collect();
            want.sort_unstable();
            let got = told(&report, FindingOutcome::Fires);
            let open = told(&report, FindingOutcome::Unknown);
            if migration.stage != stage
                || migration.verdict.name() != verdict
                || got != want
                || !open.is_empty()
            {
                wrong.push(format!(
                    "{}/{state}: stage {} (wanted {stage}), {} (wanted {verdict}), fires {got:?} (wanted {want:?}), open {open:?}",
                    life.display(),
                    migration.stage,
                    migration.verdict.name(),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Hiding any one object of the last state, or not knowing that the listings are whole, never makes a move arrived that
/// was not.
#[test]
fn hiding_evidence_never_makes_a_move_arrived() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    for life in lives() {
        let before = fs::read_to_string(life.join("before.yaml")).unwrap();
        let expected = fs::read_to_string(life.join("expected.tsv")).unwrap();
        for row in expected.lines().skip(1) {
            let mut columns = row.split('\t');
            let (state, verdict) = (columns.next().unwrap(), columns.nth(1).unwrap());
            if matches!(verdict, "arrived" | "none") {
                continue;
            }
            let now = fs::read_to_string(life.join(format!("{state}.yaml"))).unwrap();
            let documents: Vec<&str> = now.split("---\n").collect();
            for hidden in 0..documents.len() {
                let mut rest = documents.clone();
                rest.remove(hidden);
                let texts = [before.clone(), rest.join("---\n")];
                let report = verify(&texts, &Assume::nothing(), &rules);
                let arrived = report
                    .migrations
                    .iter()
                    .any(|one| one.verdict.name() == "arrived");
                assert!(
                    !arrived,
                    "{}/{state} without document {hidden}",
                    life.display()
                );
            }
        }
    }
}

/// The same for what was exported before: without any one object of it a wrong turn is still none that arrived.
#[test]
fn hiding_what_was_before_never_makes_a_wrong_turn_arrived() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    for life in lives() {
        let before = fs::read_to_string(life.join("before.yaml")).unwrap();
        let documents: Vec<&str> = before.split("---\n").collect();
        let files = fs::read_dir(&life).unwrap();
        let names = files.map(|one| one.unwrap().file_name().into_string().unwrap());
        for state in names.filter(|name| name.starts_with("wrong-")) {
            let now = fs::read_to_string(life.join(&state)).unwrap();
            for hidden in 0..documents.len() {
                let mut rest = documents.clone();
                rest.remove(hidden);
                let texts = [rest.join("---\n"), now.clone()];
                let report = verify(&texts, &Assume::nothing(), &rules);
                let mut moves = report.migrations.iter();
                assert!(
                    !moves.any(|one| one.verdict.name() == "arrived"),
                    "{}/{state} without document {hidden} of before",
                    life.display()
                );
            }
        }
    }
}

/// The same for a kind that was not exported, before and now, while all others were exported whole.
#[test]
fn hiding_a_kind_never_makes_a_move_arrived() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    for life in lives() {
        let before = fs::read_to_string(life.join("before.yaml")).unwrap();
        let expected = fs::read_to_string(life.join("expected.tsv")).unwrap();
        for row in expected.lines().skip(1) {
            let mut columns = row.split('\t');
            let (state, verdict) = (columns.next().unwrap(), columns.nth(1).unwrap());
            if matches!(verdict, "arrived" | "none") {
                continue;
            }
            let now = fs::read_to_string(life.join(format!("{state}.yaml"))).unwrap();
            for hidden in KINDS {
                let of_kind = format!("kind: {}\n", hidden.name);
                if !now.contains(&of_kind) && !before.contains(&of_kind) {
                    continue;
                }
                let without = |text: &str| {
                    let kept = text.split("---\n").filter(|one| !one.contains(&of_kind));
                    kept.collect::<Vec<_>>().join("---\n")
                };
                let kinds = KINDS.iter().map(|info| info.kind);
                let others: Vec<Kind> = kinds.filter(|kind| *kind != hidden.kind).collect();
                let texts = [without(&before), without(&now)];
                let report = verify(&texts, &Assume::of(&others), &rules);
                let mut moves = report.migrations.iter();
                assert!(
                    !moves.any(|one| one.verdict.name() == "arrived"),
                    "{}/{state} without {}",
                    life.display(),
                    hidden.name
                );
            }
        }
    }
}

fn written(
    write: impl Fn(&mut dyn Write, &Document<'_>) -> io::Result<()>,
    document: &Document<'_>,
) -> String {
    let mut text = Vec::new();
    write(&mut text, document).unwrap();
    String::from_utf8(text).unwrap()
}

/// What is wrong is told in every format, and a fleet is told in numbers, with what has not begun.
#[test]
fn every_format_tells_what_has_not_arrived() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let life = root().join("fixtures/lives/volumes");
    let before = fs::read_to_string(life.join("before.yaml")).unwrap();
    let other = "---\napiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {name: rhino, namespace: pgo}\n\
                 spec: {clustername: rhino}\n";
    let now = fs::read_to_string(life.join("wrong-another-database.yaml")).unwrap();
    let texts = [format!("{before}{other}"), now];
    let mut report = verify(&texts, &Assume::everything(), &rules);
    report.keep_moves();
    let code = pgo_preflight::check::verify_exit_code(&report);
    let document = Document::of(&report, code);
    assert_eq!(exit_code(&document, FailOn::Blocked), code);
    let texts = [
        render::verify_human(&document, Screen::PLAIN, false),
        render::verify_markdown(&document),
        render::document_json(&document),
        render::markdown(&document),
        render::html(&document),
        render::csv(&document),
        written(render::write_junit, &document),
        render::github(&document),
        written(render::write_gitlab, &document),
        written(render::write_policyreport, &document),
        render::document_sarif(&document, None),
    ];
    for text in texts {
        assert!(text.contains("another-database"), "{text}");
    }
    let human = render::verify_human(&document, Screen::PLAIN, false);
    assert!(
        human.ends_with("0 of 2 moved, 1 wrong, 1 not begun\n"),
        "{human}"
    );
}

/// What pgBackRest itself lists is evidence of a full backup of the living cluster's own, if it is younger than the cluster
/// and of its database.
#[test]
fn the_list_of_pgbackrest_is_evidence_of_backups() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let life = root().join("fixtures/lives/volumes");
    let read = |name: &str| (fs::read_to_string(life.join(name)).unwrap(), None);
    let texts = [read("before.yaml"), read("07-labels-removed.yaml")];
    let list = |label: &str, kind: &str, time: i64, system: &str| {
        format!(
            r#"[{{"backup":[{{"label":"{label}","type":"{kind}","error":false,"timestamp":{{"start":{time},"stop":{time}}}}}],"db":[{{"id":1,"system-id":{system}}}],"name":"db"}}]"#
        )
    };
    let (of_november_18, of_november_1) = (1_794_963_600, 1_793_500_000);
    let own = "7000000000000000001";
    for (saved, verdict) in [
        (
            list("20261118-010000F", "full", of_november_18, own),
            "arrived",
        ),
        (
            list("20261101-010000F", "full", of_november_1, own),
            "incomplete",
        ),
        (
            list(
                "20261118-010000F",
                "full",
                of_november_18,
                "7000000000000000099",
            ),
            "incomplete",
        ),
        (
            list(
                "20261101-010000F_20261118-010000I",
                "incr",
                of_november_18,
                own,
            ),
            "incomplete",
        ),
    ] {
        let mut evidence = evidence(&texts, &Assume::everything());
        evidence
            .attach_backup_info("hippo.json", |id| {
                read_backup_info("pgo", "hippo", id, &saved)
            })
            .unwrap();
        let report = judge(evidence, &rules);
        assert_eq!(report.migrations[0].verdict.name(), verdict, "{saved}");
    }
}
