//! What authors of rules may write and what is said about their mistakes.

use super::*;
use crate::expr::{Name, Names, nearest};

struct Table;

const FACTS: &[&str] = &[
    "cluster.name",
    "cluster.namespace",
    "repo.types",
    "primary.name",
    "draft.name",
    "v4.cluster.name",
    "v4.repo.types",
    "repo.all",
];

impl Names for Table {
    fn fact(&self, dotted: &str) -> Option<u16> {
        let index = FACTS.iter().position(|fact| *fact == dotted)?;
        u16::try_from(index).ok()
    }
    fn fact_name(&self, number: u16) -> &str {
        FACTS[usize::from(number)]
    }
    fn similar(&self, dotted: &str) -> Option<String> {
        nearest(dotted, FACTS.iter().copied()).map(str::to_owned)
    }
    fn elements_of(&self, number: u16) -> Option<&'static [&'static str]> {
        (self.fact_name(number) == "repo.all").then_some(&["name", "bucket"])
    }
}

fn names_of(_: SubjectKind) -> &'static dyn Names {
    &Table
}

const GOOD: &str = r#"id: no-object-storage
subject: Pgcluster
title: backups are in neither S3 nor GCS
effect: {standby: block}
applies: {target: ">=5.0.3, <6"}
when: "!repo.types.exists(t, t in ['s3', 'gcs'])"
message: "{cluster.name} keeps its backups in {repo.types}"
why: A standby follows through the object store.
fix: |
  Add one, then:
    pgo backup {cluster.name} -n {cluster.namespace} --pod {primary.name}
source: upgrade guide, Method 3
label: repo.types
examples:
  - name: volume only
    given: "a: 1"
    expect: fires
    at: local
  - name: s3
    given: "a: 1"
    expect: passes
    complete: [PersistentVolumeClaim, Job]
    now: "2024-03-05T01:00:00Z"
    target: 5.8.2
  - name: not exported
    given: "a: 1"
    expect: unknown
    needs: [repo.types]
    method: standby
"#;

fn load(file: &str, text: &str) -> Result<RuleSet, Vec<String>> {
    let shown = |problems: Vec<RuleProblem>| problems.iter().map(RuleProblem::to_string).collect();
    RuleSet::from_texts([(file, text)], names_of).map_err(shown)
}

/// The problems of the good rule with one text replaced.
fn problems(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    load("r/no-object-storage.yaml", &text).expect_err(to)
}

#[test]
fn a_good_rule_is_compiled_and_found_by_its_id() {
    let set = load("r/no-object-storage.yaml", GOOD).unwrap();
    let rule = set.get("no-object-storage").unwrap();
    assert_eq!(rule.effect.on(Method::Standby), Some(Weight::Block));
    assert_eq!(rule.when().unwrap().unwrap().names(), [Name::Fact(2)]);
    assert_eq!(rule.label_name(), Some(&Name::Fact(2)));
    assert!(!rule.compares());
    assert_eq!(rule.target.as_ref().unwrap().to_string(), ">=5.0.3, <6");
    assert_eq!(rule.examples.len(), 3);
    assert_eq!(
        rule.examples[1].now.unwrap().to_string(),
        "2024-03-05T01:00:00Z"
    );
    assert_eq!(set.similar("no-objekt-storage"), Some("no-object-storage"));
}

/// The good rule, going over a list.
fn each(when: &str, message: &str, at: &str) -> Result<RuleSet, Vec<String>> {
    let text = GOOD
        .replace("when: \"!repo.types.exists(t, t in ['s3', 'gcs'])\"", when)
        .replace("{cluster.name} keeps its backups in {repo.types}", message)
        .replace("label: repo.types", "label: it.bucket")
        .replace("at: local", at)
        .replace("needs: [repo.types]", "needs: [it.name]");
    load("r/no-object-storage.yaml", &text)
}

#[test]
fn a_rule_goes_over_the_elements_of_a_list() {
    let when = "each: repo.all\nwhen: \"it.name == 'a' && it.bucket.startsWith('b')\"";
    let set = each(when, "{it.name} of {cluster.name}", "at: [a, b]").unwrap();
    let rule = set.get("no-object-storage").unwrap();
    assert_eq!(rule.each(), Some(7));
    let item = |field: &str| Name::Item(field.into());
    let names = rule.when().unwrap().unwrap().names();
    assert_eq!(names, [item("name"), item("bucket")]);
    assert_eq!(rule.label_name(), Some(&item("bucket")));
    assert_eq!(rule.examples[0].at, ["a", "b"]);
}

#[test]
fn a_list_that_cannot_be_gone_over_is_refused() {
    let when = "when: \"it.name == 'a'\"";
    for (lines, message, expected) in [
        (
            "each: repo.al",
            "m",
            "each: there is no fact `repo.al`; did you mean `repo.all`?",
        ),
        (
            "each: repo.types",
            "m",
            "each: `repo.types` is no list that rules can go over",
        ),
        (
            "source: x",
            "m",
            "`it` is an element of what `each` goes over, which this rule does not have",
        ),
        (
            "each: repo.all",
            "{it.nme}",
            "message: `it` has no field `nme`; did you mean `it.name`?",
        ),
    ] {
        let lines = if lines == "source: x" {
            String::new()
        } else {
            format!("{lines}\n")
        };
        let found = each(&format!("{lines}{when}"), message, "at: a").expect_err(expected);
        assert!(found.iter().any(|one| one.contains(expected)), "{found:#?}");
    }
    for (condition, expected) in [
        (
            "it.nam == 'a'",
            "`it` has no field `nam`; did you mean `it.name`?",
        ),
        ("has(it.name)", "`it.name` is a fact"),
        ("'s3' in repo.types", "each: `when` says nothing of `it`"),
        (
            "repo.types.exists(it, it == 's3')",
            "`it` already names something",
        ),
    ] {
        let when = format!("each: repo.all\nwhen: \"{condition}\"");
        let found = each(&when, "m", "at: a").expect_err(expected);
        assert!(found.iter().any(|one| one.contains(expected)), "{found:#?}");
    }
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn each_mistake_is_named_with_its_line() {
    let file = "r/no-object-storage.yaml";
    for (from, to, expected) in [
        (
            "label: ",
            "lable: ",
            "there is no key `lable`; did you mean `label`?",
        ),
        (
            "id: no",
            "id: not",
            "1: the id `not-object-storage` differs from the file's name `no-object-storage`",
        ),
        (
            "Pgcluster",
            "PgCluster",
            "2: subject `PgCluster` is none of Pgcluster, PostgresCluster",
        ),
        (
            "{standby: block}",
            "{standby: error}",
            "4: effect `error` is none of block, action, warn, info",
        ),
        (
            "{standby: block}",
            "{stanby: block}",
            "4: method `stanby` is none of volumes, backups, standby",
        ),
        (
            "{standby: block}",
            "error",
            "4: the effect on a Pgcluster is given per method: {volumes: block, backups: warn}",
        ),
        ("<6", "<5", "5: no version is in the range `>=5.0.3, <5`"),
        (
            "repo.types.exists",
            "repo.tpyes.exists",
            "6:9: when: there is nothing named `repo.tpyes`; did you mean `repo.types`?",
        ),
        (
            "t in ['s3'",
            "t in ['s3",
            "6:45: when: a string is not closed",
        ),
        (
            "{repo.types}\"",
            "{primary.name}\"",
            "7: the message names `primary.name`, which",
        ),
        (
            "{cluster.name} keeps",
            "{cluster.nam} keeps",
            "7:12: message: there is nothing named `cluster.nam`; did you mean `cluster.name`?",
        ),
        ("--pod {primary.name}", "-o '{.spec}'", "11:61: fix: "),
        (
            "{cluster.namespace}",
            "{cluster.namspace}",
            "11:37: fix: there is nothing named `cluster.namspace`",
        ),
        (
            "label: repo.types",
            "label: repo.type",
            "13: label: there is nothing named `repo.type`; did you mean `repo.types`?",
        ),
        (
            "expect: fires",
            "expect: unknown",
            "14: an example with `expect: fires` is missing",
        ),
        (
            "expect: passes",
            "expect: pass",
            "19: example `s3`: expect `pass` is none of fires, passes, unknown",
        ),
        (
            "name: s3",
            "name: volume only",
            "19: example `volume only`: two examples of this name",
        ),
        (
            "[PersistentVolumeClaim, Job]",
            "[PersistentVolumeClaims]",
            "19: example `s3`: complete names no kind `PersistentVolumeClaims`; did you mean `PersistentVolumeClaim`?",
        ),
        (
            "05T01:00:00Z",
            "05",
            "19: example `s3`: now `2024-03-05` is no time like 2024-03-05T01:00:00Z",
        ),
        (
            "target: 5.8.2",
            "target: newest",
            "19: example `s3`: target `newest` is no version",
        ),
        (
            "needs: [repo.types]",
            "needs: [primary.name]",
            "25: example `not exported`: needs names `primary.name`, which `when` does not read",
        ),
        (
            "at: local",
            "at: [local, s3]",
            "15: example `volume only`: several texts in `at` belong to rules with `each`",
        ),
        (
            "method: standby",
            "method: volumes",
            "25: example `not exported`: the rule has no effect on `volumes`",
        ),
        (
            "source: upgrade guide, Method 3",
            "source: []",
            "12: every rule cites what it rests on",
        ),
    ] {
        let found = problems(from, to);
        let wanted = |problem: &String| {
            problem
                .strip_prefix(file)
                .is_some_and(|rest| rest.contains(expected))
        };
        assert!(found.iter().any(wanted), "{to}: {found:#?}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let text = GOOD
        .replace("id: no", "id: No")
        .replace("repo.types}", "repo.kinds}")
        .replace("fires", "unknown");
    let found = load("no-object-storage.yaml", &text).unwrap_err();
    assert!(found.len() >= 4, "{found:#?}");
}

#[test]
fn what_is_no_rule_at_all_is_refused_with_a_reason() {
    for (text, expected) in [
        ("", "this is no rule"),
        ("id: [", "x.yaml:"),
        ("- a\n- b\n", "x.yaml:1"),
        ("id: x\ntitle: y\n", "missing field `subject`"),
        ("id: x\nid: y\ntitle: z\n", "duplicate"),
    ] {
        let found = load("x.yaml", text).unwrap_err().join("\n");
        assert!(found.contains(expected), "{text}: {found}");
    }
    let secret = "postgres:\n  id: 7\n  password: hunter2\nhunter2\n";
    let told = load("x.yaml", secret).unwrap_err().join("\n");
    assert!(!told.contains("hunter2"), "{told}");
    assert!(load("x.yaml", &"[".repeat(60_000)).is_err());
    assert!(load("x.yaml", &"#".repeat(70_000)).unwrap_err()[0].contains("larger"));
}

#[test]
fn two_rules_of_one_id_are_refused() {
    let files = [
        ("a/no-object-storage.yaml", GOOD),
        ("b/no-object-storage.yaml", GOOD),
    ];
    let problems = RuleSet::from_texts(files, names_of).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "b/no-object-storage.yaml:1: the id `no-object-storage` is already taken by a/no-object-storage.yaml"
    );
}

#[test]
fn only_rules_of_the_schema_do_without_a_condition() {
    let start = GOOD.find("when:").unwrap();
    let end = GOOD.find("message:").unwrap();
    let text = format!("{}{}", &GOOD[..start], &GOOD[end..]).replace("{repo.types}", "disk");
    assert!(load("rules/schema/no-object-storage.yaml", &text).is_ok());
    let found = load("rules/no-object-storage.yaml", &text).unwrap_err();
    assert!(found[0].contains("`when` is missing"), "{found:?}");
}

#[test]
fn a_draft_rule_may_name_the_pair_it_compares_with() {
    let text = GOOD
        .replace("Pgcluster", "PostgresCluster")
        .replace("{standby: block}", "error")
        .replace("    method: standby\n", "")
        .replace(
            "{cluster.name} keeps its backups in {repo.types}",
            "{draft.name} and {v4.cluster.name} differ",
        );
    let found = load("no-object-storage.yaml", &text).unwrap_err();
    assert!(
        found[0].contains("the message names `v4.cluster.name`"),
        "{found:?}"
    );
    let compares = text.replace("!repo.types", "!v4.repo.types");
    let found = load("no-object-storage.yaml", &compares).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("needs names `repo.types`"));
    let good = compares.replace("[repo.types]", "[v4.repo.types]");
    let set = load("no-object-storage.yaml", &good).unwrap();
    assert!(set.rules()[0].compares());
}

#[test]
fn the_built_in_rules_are_the_same_with_and_without_examples() {
    let brief = RuleSet::built_in(names_of).unwrap();
    let full = RuleSet::built_in_with_examples(names_of).unwrap();
    let ids = |set: &RuleSet| {
        set.rules()
            .iter()
            .map(|rule| rule.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&brief), ids(&full));
    assert!(!brief.rules().is_empty());
    assert!(brief.rules().iter().all(|rule| rule.examples.is_empty()));
    assert!(full.rules().iter().any(|rule| !rule.examples.is_empty()));
}

/// What a rule says where it holds, and when it may say so.
#[test]
fn the_condition_of_what_holds_is_checked_like_any_other() {
    let held = |lines: &str| problems("label: repo.types", &format!("label: repo.types\n{lines}"));
    let good = "label: repo.types\nholds: they are kept\nholds_if: \"cluster.name != ''\"";
    let set = load(
        "r/no-object-storage.yaml",
        &GOOD.replace("label: repo.types", good),
    )
    .unwrap();
    let rule = set.get("no-object-storage").unwrap();
    assert_eq!(rule.holds_if().unwrap().unwrap().names(), [Name::Fact(0)]);
    for (lines, told) in [
        (
            "holds_if: \"cluster.name != ''\"",
            "`holds_if` belongs to `holds`",
        ),
        (
            "holds: x\nholds_if: \"cluster.nam != ''\"",
            "did you mean `cluster.name`?",
        ),
        ("holds: x\nholds_if: \"cluster.name !=\"", "holds_if: "),
    ] {
        let problems = held(lines);
        assert!(
            problems.iter().any(|one| one.contains(told)),
            "{problems:?}"
        );
    }
}
