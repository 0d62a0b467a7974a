//! The schemas of all releases at once say what each of them says alone: also where a draft is right by
//! its shape and breaks only rules in CEL, which are asked once for all releases that have them.

use crate::corpus;

use std::sync::LazyLock;

use pgo_preflight::expr::Version;
use pgo_preflight::manifest::Object;
use pgo_preflight::schema::{CrdSchemas, Family, Validation, releases};
use pgo_preflight::source::Span;
use serde_json::Value as Json;

static RELEASES: LazyLock<Vec<Version>> = LazyLock::new(|| {
    let mut releases: Vec<Version> = releases().iter().map(|release| release.crd).collect();
    releases.dedup();
    releases
});
static TOGETHER: LazyLock<Family> = LazyLock::new(Family::of_all_releases);
static ALONE: LazyLock<Vec<CrdSchemas>> = LazyLock::new(|| {
    let each = RELEASES.iter();
    each.map(|release| CrdSchemas::of_release(release).unwrap())
        .collect()
});

/// Rule, message, path and span of every breach, and whether rules were held back.
type Verdict = (Vec<(&'static str, String, String, Span)>, bool);

fn verdict(validation: Validation) -> Verdict {
    let breaches = validation.violations.into_iter();
    // Advice on unknown fields is given once for all releases.
    let message = |rule, message| {
        if rule == "schema-unknown-field" {
            String::new()
        } else {
            message
        }
    };
    let breaches =
        breaches.map(|one| (one.rule, message(one.rule, one.message), one.path, one.span));
    (breaches.collect(), validation.rules_held_back)
}

/// Compares; answers how many releases find a rule in CEL broken.
fn compare(name: &str, object: &Object) -> usize {
    let together = TOGETHER.validate(object.root(), RELEASES.iter());
    let together: Vec<Verdict> = together.into_iter().map(|(_, one)| verdict(one)).collect();
    let alone: Vec<Verdict> = ALONE
        .iter()
        .map(|one| verdict(one.validate(object.root())))
        .collect();
    assert_eq!(together, alone, "{name}");
    let by_rule = |(breaches, _): &&Verdict| breaches.iter().any(|one| one.0 == "schema-cel");
    alone.iter().filter(by_rule).count()
}

/// A draft that every release from 5.0.3 on takes, with one change.
fn draft(place: &str, written: &str) -> Object {
    let claim = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
    let text = format!(
        "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: a}}\n\
         spec:\n  postgresVersion: 14\n  instances:\n  - name: x\n    dataVolumeClaimSpec: {claim}\n\
         \x20 backups:\n    pgbackrest:\n      repos:\n      - name: repo1\n        volume: {{volumeClaimSpec: {claim}}}\n"
    );
    assert!(text.contains(place), "{place}");
    corpus::object(written, text.replacen(place, written, 1).into_bytes())
}

#[test]
fn drafts_that_break_rules_in_cel_only() {
    let changes = [
        (
            "name: x\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], ",
            "name: x\n    dataVolumeClaimSpec: {",
        ),
        (
            "resources: {requests: {storage: 1Gi}}",
            "resources: {requests: {cpu: 1}}",
        ),
        ("resources: {requests: {storage: 1Gi}}", "resources: {}"),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {listen_addresses: b}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {data_directory: /x}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {ssl_cert_file: /x}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {wal_level: minimal}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {ssl_groups: x}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {log_directory: /pgwal/logs/postgres}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {work_mem: 4MB}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  config: {parameters: {work_mem: 4, wal_level: logical}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  users: [{name: a, options: PASSWORD 'x'}]\n",
        ),
        (
            "spec:\n",
            "spec:\n  users: [{name: a, options: NOLOGIN -- x}]\n",
        ),
        (
            "spec:\n",
            "spec:\n  authentication: {rules: [{hba: include x}]}\n",
        ),
        (
            "spec:\n",
            "spec:\n  authentication: {rules: [{connection: host, method: trust}]}\n",
        ),
        (
            "spec:\n",
            "spec:\n  authentication: {rules: [{connection: host}, {hba: local all all peer}]}\n",
        ),
        (
            "spec:\n",
            "spec:\n  userInterface: {pgAdmin: {dataVolumeClaimSpec: {accessModes: [ReadWriteOnce]}}}\n",
        ),
        (
            "spec:\n",
            "spec:\n  proxy: {pgBouncer: {config: {global: {logfile: /x}}}}\n",
        ),
        (
            "    pgbackrest:\n",
            "    pgbackrest:\n      global: {log-path: /x}\n",
        ),
        (
            "    pgbackrest:\n",
            "    pgbackrest:\n      log: {path: /x}\n",
        ),
    ];
    let broken = |(place, written): &(&str, &str)| compare(written, &draft(place, written));
    let counts: Vec<usize> = changes.iter().map(broken).collect();
    assert_eq!(compare("as it is", &draft("spec:", "spec:")), 0);
    // The test is worth something only as long as most of them are broken by some releases, and not by all.
    let by_some = |count: &&usize| (1..RELEASES.len()).contains(*count);
    assert!(counts.iter().filter(by_some).count() >= 12, "{counts:?}");
}

#[test]
fn other_people_s_manifests() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let verdicts = std::fs::read_to_string(corpus.join("v5/VERDICTS.jsonl")).unwrap();
    for line in verdicts.lines() {
        let sample: Json = serde_json::from_str(line).unwrap();
        let file = sample["file"].as_str().unwrap();
        compare(file, &corpus::sample(&corpus, file));
    }
    let cases = std::fs::read_to_string(corpus.join("v5/validation-cases.json")).unwrap();
    let cases: Json = serde_json::from_str(&cases).unwrap();
    let mut broken = 0;
    for case in cases["cases"].as_array().unwrap() {
        let object = corpus::object("case", case["object"].to_string().into_bytes());
        broken += usize::from(compare(&case["id"].to_string(), &object) > 0);
    }
    assert!(broken > 50, "{broken} cases break a rule in CEL");
}
