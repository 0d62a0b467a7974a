//! Worked upgrades of PGO itself: living clusters with the verdict an expert would sign, and what upstream publishes as
//! working, at its own release.

use std::fs;

use pgo_preflight::check::{FindingOutcome, Options, Report, Verdict, names_of};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::{Method, RuleSet, Weight};
use pgo_preflight::schema::releases;

use crate::common::{self, root};
use crate::corpus;

/// A file below fixtures/upgrades, the target, the verdict, what blocks, what is to be done, what has to be asked.
type Signed = (
    &'static str,
    &'static str,
    Option<Verdict>,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const MD5: &str = "md5-roles-locked-out";
const COLLATION: &str = "collation-of-new-images";
const NO_IMAGE: &str = "no-image-for-major-at-target";
const PGADMIN: &str = "pgadmin-without-image";
const DATA: &str = "data-claim-with-limits-stays-as-it-is";
const WAL: &str = "claim-with-limits-stays-as-it-is";
const HELPER: &str = "helper-of-old-upgrades-remains";
const SERVER: &str = "server-too-old-for-target";
const OLDER: &str = "server-older-than-vendor-names";
const OPERATORS: &str = "several-operators-manage-the-namespace";
const HOP: &str = "hop-over-5-1";

const BLOCKED: Option<Verdict> = Some(Verdict::Blocked);
const ACTION: Option<Verdict> = Some(Verdict::Action);
const READY: Option<Verdict> = Some(Verdict::Ready);

const SIGNED: &[Signed] = &[
    ("from-5.0", "5.1.8", READY, &[], &[], &[]),
    (
        "from-5.0",
        "5.8.9",
        BLOCKED,
        &[HOP, NO_IMAGE],
        &[COLLATION],
        &[MD5],
    ),
    (
        "from-5.1",
        "5.8.9",
        BLOCKED,
        &[NO_IMAGE],
        &[COLLATION],
        &[MD5],
    ),
    (
        "from-5.1",
        "6.0.3",
        BLOCKED,
        &[NO_IMAGE],
        &[COLLATION, OLDER],
        &[MD5],
    ),
    (
        "from-5.3",
        "5.8.9",
        BLOCKED,
        &[NO_IMAGE],
        &[COLLATION, DATA, HELPER],
        &[MD5],
    ),
    (
        "from-5.3",
        "6.0.3",
        BLOCKED,
        &[NO_IMAGE],
        &[WAL, COLLATION, DATA, HELPER],
        &[MD5],
    ),
    ("from-5.3", "5.3.9", READY, &[], &[], &[]),
    ("from-5.7", "5.8.9", ACTION, &[], &[COLLATION], &[MD5]),
    ("from-5.7", "6.0.3", ACTION, &[], &[COLLATION], &[MD5]),
    (
        "from-5.7-with-pgadmin",
        "5.8.9",
        BLOCKED,
        &[PGADMIN],
        &[COLLATION],
        &[MD5],
    ),
    (
        "from-5.7-with-pgadmin",
        "6.0.3",
        BLOCKED,
        &[PGADMIN],
        &[COLLATION],
        &[MD5],
    ),
    ("from-5.7-with-pgadmin", "5.7.9", None, &[], &[], &[]),
    ("from-5.8", "5.8.9", None, &[], &[], &[]),
    ("from-5.8", "6.0.3", READY, &[], &[], &[]),
    ("from-5.8-with-limits", "6.0.3", ACTION, &[], &[WAL], &[]),
    (
        "from-5.8-on-an-old-server",
        "6.0.3",
        BLOCKED,
        &[SERVER],
        &[],
        &[],
    ),
    (
        "from-5.8-encrypted",
        "6.0.3",
        BLOCKED,
        &["tde-no-longer-supported"],
        &[],
        &[],
    ),
    ("helm-to-kustomize", "6.0.3", ACTION, &[], &[OPERATORS], &[]),
    (
        "from-5.0-with-a-dedicated-host",
        "5.1.8",
        ACTION,
        &[],
        &[
            "fields-dropped-by-target",
            "repository-host-cannot-be-changed",
        ],
        &[],
    ),
    (
        "from-5.7-by-olm",
        "5.8.9",
        ACTION,
        &[],
        &[COLLATION],
        &[MD5],
    ),
    (
        "from-5.7-by-olm",
        "6.0.3",
        ACTION,
        &[],
        &[COLLATION],
        &[MD5],
    ),
    // Images of one's own registry, by their digests: nothing says what they are, and nothing is blocked for it.
    (
        "from-5.7-mirrored",
        "5.8.9",
        ACTION,
        &[],
        &[],
        &[COLLATION, MD5],
    ),
    (
        "from-5.7-mirrored-14",
        "5.8.9",
        ACTION,
        &[],
        &["image-added-to-operator"],
        &[COLLATION, MD5],
    ),
];

fn options(target: Version) -> Options {
    Options {
        methods: vec![Method::Upgrade],
        living: true,
        ..Options::at("2026-11-20T12:00:00Z".parse().unwrap(), Some(target))
    }
}

fn judge(text: &str, target: Version, rules: &RuleSet, assume: &Assume) -> Report {
    let report = common::judge(&[text.to_owned()], rules, &options(target), assume);
    assert!(report.bugs.is_empty(), "{:?}", report.bugs);
    report
}

fn verdict(report: &Report) -> Option<Verdict> {
    report.living[0].upgrade.as_ref().unwrap().verdict()
}

/// The rules with this weight and outcome that bear on the upgrade, each once, sorted.
fn bearing(report: &Report, wanted: &dyn Fn(Weight, FindingOutcome) -> bool) -> Vec<String> {
    let bears = report.findings.iter().filter(|finding| {
        let weight = finding.effect.on(Method::Upgrade);
        weight.is_some_and(|weight| wanted(weight, finding.outcome))
    });
    let mut rules: Vec<String> = bears.map(|finding| finding.rule.to_string()).collect();
    rules.sort();
    rules.dedup();
    rules
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn fixture(name: &str) -> String {
    fs::read_to_string(root().join(format!("fixtures/upgrades/{name}.yaml"))).unwrap()
}

#[test]
fn worked_upgrades_have_the_verdict_an_expert_would_sign() {
    let rules = RuleSet::built_in(names_of).unwrap();
    for (name, target, signed, blocks, to_do, to_ask) in SIGNED {
        let report = judge(
            &fixture(name),
            version(target),
            &rules,
            &Assume::everything(),
        );
        let of = |weight: Weight, outcome: FindingOutcome| {
            bearing(&report, &|one, what| one == weight && what == outcome)
        };
        let at = format!("{name} to {target}");
        assert_eq!(verdict(&report), *signed, "{at}");
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(
            of(Weight::Block, FindingOutcome::Fires),
            sorted(blocks),
            "{at}"
        );
        if signed.is_some() {
            assert_eq!(
                of(Weight::Action, FindingOutcome::Fires),
                sorted(to_do),
                "{at}"
            );
        }
        let asked = bearing(&report, &|weight, outcome| {
            weight >= Weight::Action && outcome == FindingOutcome::Unknown
        });
        assert_eq!(asked, sorted(to_ask), "{at}");
        for finding in &report.findings {
            assert!(
                !finding.fix.is_empty() && !finding.message.is_empty(),
                "{at}"
            );
        }
    }
}

/// What an export leaves out is never taken for good.
#[test]
fn nothing_is_ready_of_which_a_part_may_be_missing() {
    let rules = RuleSet::built_in(names_of).unwrap();
    for (name, target, signed, ..) in SIGNED.iter().filter(|one| one.2.is_some()) {
        let text = fixture(name);
        let documents: Vec<&str> = text.split("---\n").collect();
        for left_out in 1..=documents.len() {
            let kept = documents.iter().enumerate();
            let kept = kept
                .filter(|(at, _)| *at != left_out)
                .map(|(_, text)| *text);
            let text = kept.collect::<Vec<_>>().join("---\n");
            let report = judge(&text, version(target), &rules, &Assume::nothing());
            let seen = verdict(&report);
            assert_ne!(
                seen,
                Some(Verdict::Ready),
                "{name} to {target} without {left_out}"
            );
            if *signed == READY {
                assert_ne!(
                    seen,
                    Some(Verdict::Blocked),
                    "{name} to {target} without {left_out}"
                );
            }
        }
    }
}

/// The block count: a run fails by an upgrade only where that is what it was asked for.
#[test]
fn an_upgrade_counts_only_where_it_was_asked_for() {
    use pgo_preflight::check::{FailOn, exit_code};
    let rules = RuleSet::built_in(names_of).unwrap();
    let text = fixture("from-5.7-with-pgadmin");
    let asked = judge(&text, version("6.0.3"), &rules, &Assume::everything());
    assert_eq!(exit_code(&asked, FailOn::Blocked), 1);
    let beside = Options {
        methods: Method::ALL.to_vec(),
        ..options(version("6.0.3"))
    };
    let shown = common::judge(&[text], &rules, &beside, &Assume::everything());
    assert_eq!(verdict(&shown), BLOCKED);
    assert_ne!(exit_code(&shown, FailOn::Blocked), 1);
}

/// Upstream's manifests as clusters that live at the newest release that takes them, came there from the release before it, and
/// go on to the next one.
#[test]
fn nothing_upstream_publishes_is_blocked_at_its_own_release_or_the_next() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let rules = RuleSet::built_in(names_of).unwrap();
    let rows = fs::read_to_string(corpus.join("v5/VERDICTS.jsonl")).unwrap();
    let mut seen = 0;
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let file = row["file"].as_str().unwrap();
        let Some(own) = newest(&row).filter(|_| file.starts_with("manifests/")) else {
            continue;
        };
        let manifest = fs::read_to_string(corpus.join("v5").join(file)).unwrap();
        let Some(living) = alive(&manifest) else {
            continue;
        };
        // The release before it, of the same minor where there is one.
        let all = releases();
        let at = all.partition_point(|release| release.version < own);
        let before = all[at.saturating_sub(1)].version;
        let after = all.get(at + 1).map_or(own, |release| release.version);
        for (from, to) in [(own, own), (before, own), (own, after)] {
            let operator = operator(&from.to_string());
            let text =
                format!("{living}\n{operator}\n---\nserverVersion: {{gitVersion: v1.31.0}}\n");
            let text = if to < version("5.2.1") {
                text.replace("v1.31.0", "v1.24.0")
            } else {
                text
            };
            let report = judge(&text, to, &rules, &Assume::everything());
            if report.living.is_empty() {
                continue;
            }
            seen += 1;
            let blocks = bearing(&report, &|weight, outcome| {
                weight == Weight::Block && outcome == FindingOutcome::Fires
            });
            let expected = |rule: &String| {
                // True of a plain installation, whatever ran before.
                [
                    "no-image-for-major-at-target",
                    "no-image-for-postgis-at-target",
                    "postgres-major-refused-at-target",
                    PGADMIN,
                ]
                .contains(&rule.as_str())
                    && from != to
            };
            let wrong: Vec<&String> = blocks.iter().filter(|rule| !expected(rule)).collect();
            assert!(wrong.is_empty(), "{file} from {from} to {to}: {wrong:?}");
            if from == to {
                assert_eq!(verdict(&report), None, "{file} at {own}");
            }
        }
    }
    assert!(seen > 1000, "{seen}");
}

fn newest(row: &serde_json::Value) -> Option<Version> {
    let verdicts = row["verdicts"].as_array().unwrap().iter();
    let accepted = verdicts.filter(|verdict| verdict["verdict"] == "ok");
    let versions = accepted.flat_map(|verdict| verdict["versions"].as_array().unwrap());
    let versions = versions.map(|one| version(one.as_str().unwrap()));
    versions.max()
}

/// The manifest as a server would show it: with a status. `None` for what is not written as a block.
fn alive(manifest: &str) -> Option<String> {
    let block = manifest
        .lines()
        .any(|line| line.starts_with("kind: PostgresCluster"));
    let status = manifest.lines().any(|line| line.starts_with("status:"));
    let one = !manifest
        .lines()
        .any(|line| line == "---" || line.starts_with("--- "));
    (block && !status && one).then(|| {
        format!(
            "{}\nstatus: {{patroni: {{systemIdentifier: \"7000000000000000001\"}}}}\n---",
            manifest.trim_end()
        )
    })
}

fn operator(release: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: pgo\n  namespace: postgres-operator\n  labels: {{postgres-operator.crunchydata.com/control-plane: postgres-operator}}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n      - {{name: operator, image: \"registry.example.com/postgres-operator:ubi8-{release}-0\"}}\n"
    )
}
