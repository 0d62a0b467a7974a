//! What `draft` writes is what the linter accepts: over the worked examples and a generated fleet, by every open method and for
//! releases of every kind.

use std::collections::BTreeMap;

use pgo_preflight::check::{DraftVerdict, Evidence, FindingOutcome, Options, Report, check};
use pgo_preflight::convert::Clients;
use pgo_preflight::convert::{Choices, Draft, Drafted, Refusal, Wanted, drafts};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::{Assume, gather_texts};
use pgo_preflight::rule::{Level, Method, RuleSet};
use rayon::prelude::*;
use regex::Regex;

use crate::common::{Example, judge, options, worked_examples};
use crate::{cluster, wide};

/// Releases on both sides of everything that a draft depends on.
const TARGETS: [(&str, &str); 6] = [
    ("5.0.3", "v1beta1"),
    ("5.3.0", "v1beta1"),
    ("5.7.9", "v1beta1"),
    ("5.8.9", "v1beta1"),
    ("6.0.3", "v1beta1"),
    ("6.0.3", "v1"),
];

/// The warnings that a draft may leave: the rule, the step of the plan by which it is answered, and why it may be left.
const STEPS: &[(&str, &str, &str)] = &[
    (
        "passwords-replaced",
        "prepare-the-secrets",
        "the Secrets of users are made by the commands of --secrets",
    ),
    (
        "configuration-missing",
        "prepare-the-secrets",
        "so is the Secret of pgBackRest",
    ),
    (
        "certificate-missing",
        "prepare-the-secrets",
        "and those with certificates",
    ),
    (
        "no-schedules",
        "check-the-draft",
        "v4 schedules none; when to back up is for a person to say",
    ),
    (
        "schedules-in-the-same-minute",
        "check-the-draft",
        "v4's times are carried as they are",
    ),
    (
        "retention-expires-v4-backups",
        "check-the-draft",
        "v4's retention is carried as it is",
    ),
    (
        "same-name-before-v4-is-deleted",
        "delete-v4",
        "v4 is there until it is deleted",
    ),
    (
        "v4-runs-while-volumes-are-adopted",
        "shut-down",
        "v4 runs until it is shut down",
    ),
    (
        "v4-runs-on-the-restored-repository",
        "shut-down",
        "the same for a restore",
    ),
    (
        "claim-would-grow",
        "level-the-volumes",
        "the WAL claim is grown first",
    ),
    (
        "move-job-ignores-tolerations",
        "let-the-jobs-find-a-node",
        "taints are taken off for the time of the move",
    ),
    (
        "one-image-of-two-pinned",
        "choose-an-image",
        "the operator's pgBackRest fits the image that a person names",
    ),
    (
        "base-system-changes",
        "mend-what-sql-shows",
        "indexes are built anew",
    ),
    (
        "clients-without-tls-refused",
        "check-the-draft",
        "left open where it is not known what v4 does",
    ),
    (
        "md5-passwords-against-default-rule",
        "check-the-draft",
        "the same",
    ),
    (
        "md5-passwords-behind-pgbouncer-of-v5",
        "prepare-the-secrets",
        "the Secrets of users make their passwords SCRAM",
    ),
    (
        "users-lost",
        "prepare-the-secrets",
        "names that v5 cannot manage stay in the database",
    ),
    (
        "no-image-for-major",
        "choose-an-image",
        "left open as a comment where the major is not known",
    ),
    (
        "endpoint-of-plain-http",
        "settle-the-repository",
        "the port is v4's",
    ),
    (
        "object-store-without-path-style",
        "settle-the-repository",
        "how the bucket is addressed is v4's",
    ),
    (
        "own-pg-hba-without-catch-all",
        "check-the-draft",
        "v4's own list lets nobody else in, either",
    ),
    (
        "no-image-for-postgis",
        "choose-an-image",
        "an image is for a person to name",
    ),
];

#[test]
fn every_warning_that_may_be_left_is_answered_by_a_step() {
    let rules = rules();
    for (rule, step, why) in STEPS {
        assert!(rules.get(rule).is_some(), "{rule}");
        assert!(rules.steps().get(step).is_some(), "{rule}: {step}");
        assert!(!why.is_empty());
    }
}

fn rules() -> RuleSet {
    RuleSet::built_in(pgo_preflight::check::names_of).unwrap()
}

/// What is drafted, and how it is judged.
struct Bench<'b> {
    documents: &'b [String],
    options: Options,
    assume: Assume,
    rules: &'b RuleSet,
    choices: Choices,
    hidden: Vec<&'static str>,
}

impl<'b> Bench<'b> {
    fn new(
        documents: &'b [String],
        run: (Options, Assume),
        (target, api): (&str, &str),
        rules: &'b RuleSet,
    ) -> Self {
        let (mut options, assume) = run;
        options.run.target = Version::parse(target);
        Bench {
            documents,
            options,
            assume,
            rules,
            choices: Choices {
                api_version: Some(api.to_owned()),
                ..Choices::default()
            },
            hidden: Vec::new(),
        }
    }

    fn drafts(&self, method: Option<Method>, anyway: bool) -> Vec<Drafted> {
        let named = self.documents.iter().enumerate();
        let named =
            named.map(|(index, text)| (format!("{index:03}.yaml"), text.clone().into_bytes()));
        let evidence = Evidence::of(gather_texts(named.collect()), &self.assume);
        let report = check(&evidence, self.rules, &self.options);
        drafts(
            &evidence,
            &report,
            &self.options.run,
            &Wanted {
                is_meant: &|_, _| true,
                method,
                choices: &self.choices,
                names: &[],
                anyway,
                comments: true,
                hidden: &self.hidden,
            },
        )
    }

    /// What the linter says of a manifest beside the v4 cluster.
    fn judged(&self, manifest: &str) -> Report {
        let mut documents = self.documents.to_vec();
        documents.push(manifest.to_owned());
        judge(&documents, self.rules, &self.options, &self.assume)
    }
}

/// A manifest in which somebody answered every TODO.
fn filled(text: &str) -> String {
    let todo = Regex::new(r#"^(\s*(?:- )?(?:([\w.-]+): )?)"TODO.*"(?:  #.*)?$"#).unwrap();
    let said = |key: &str| {
        let pattern = Regex::new(&format!(r#"(?m)^\s*{key}: "?([\w.]+)"?"#)).unwrap();
        pattern.captures(text).map(|found| found[1].to_owned())
    };
    let major = said("postgresVersion").filter(|text| text != "TODO");
    let major = major.unwrap_or_else(|| "13".to_owned());
    let image = match said("postGISVersion") {
        Some(gis) => format!("crunchy-postgres-gis:ubi8-{major}.99-{gis}-1"),
        None => format!("crunchy-postgres:ubi8-{major}.99-1"),
    };
    let value = |key: &str, todo: &str| match key {
        "image" if todo.contains("the image of pgBackRest") => {
            "registry.developers.crunchydata.com/crunchydata/crunchy-pgbackrest:ubi8-2.47-1"
                .to_owned()
        }
        "image" => format!("registry.developers.crunchydata.com/crunchydata/{image}"),
        "postgresVersion" => major.clone(),
        "storage" => "20Gi".to_owned(),
        "storageClassName" => "fast".to_owned(),
        // Whichever it is: that the linter tells which one is right, is another question.
        "pvcName" | "directory" => "hippo".to_owned(),
        "full" | "differential" | "incremental" => "\"0 1 * * 0\"".to_owned(),
        "name" => "somebody".to_owned(),
        "shared_preload_libraries" => "pgaudit".to_owned(),
        "region" => "eu-central-1".to_owned(),
        key if key.ends_with("-uri-style") => "host".to_owned(),
        "endpoint" => "s3.example.com".to_owned(),
        "repo1-path" => "/backrestrepo/hippo-backrest-shared-repo".to_owned(),
        key if key.starts_with("max_") => "1000".to_owned(),
        key if key.contains("-retention-") => "\"9\"".to_owned(),
        _ => "ReadWriteOnce".to_owned(),
    };
    // What stands as a comment is answered by leaving v5's default.
    let open = Regex::new(r"^\s*# [^:]+: TODO").unwrap();
    let line = |line: &str| match todo.captures(line) {
        _ if open.is_match(line) => String::new(),
        Some(found) => format!(
            "{}{}",
            &found[1],
            value(found.get(2).map_or("", |key| key.as_str()), line)
        ),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// Everything that is wrong with a draft: told as lines.
fn faults(bench: &Bench<'_>, one: &Drafted, draft: &Draft) -> Vec<String> {
    let mut wrong = Vec::new();
    let complete = filled(&draft.text);
    if complete.contains("TODO") {
        wrong.push(format!("not everything is filled in:\n{complete}"));
    }
    for (what, text, may) in [
        ("as drafted", &draft.text, "placeholder-left"),
        ("filled in", &complete, ""),
    ] {
        if what == "filled in" && draft.text == complete {
            continue;
        }
        let report = bench.judged(text);
        let Some(judged) = report
            .drafts
            .iter()
            .find(|judged| judged.name == draft.name)
        else {
            wrong.push(format!("{what}: it was not read"));
            continue;
        };
        match &judged.source {
            Some(source) if source.name == one.name => {}
            other => wrong.push(format!("{what}: paired with {other:?}")),
        }
        for finding in judged.findings.iter().map(|index| &report.findings[*index]) {
            let rule = &*finding.rule;
            let known = match finding.level {
                Level::Error => rule == may,
                Level::Warning => STEPS.iter().any(|(known, ..)| *known == rule),
                Level::Note => true,
            };
            if finding.outcome == FindingOutcome::Fires && !known {
                wrong.push(format!("{what}: {rule}: {}", finding.message));
            }
        }
        if what == "filled in" && judged.verdict == DraftVerdict::Error {
            wrong.push(format!("{what}: the verdict is error"));
        }
    }
    wrong
}

/// A draft by each open method, and what is wrong with it.
fn all_faults(bench: &Bench<'_>, place: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for method in Method::ALL {
        for one in bench.drafts(Some(method), false) {
            let Ok(draft) = &one.draft else { continue };
            let name = method.name();
            let told = faults(bench, &one, draft);
            wrong.extend(
                told.iter().map(|text| {
                    format!("{place} {}/{} by {name}: {text}", one.namespace, one.name)
                }),
            );
        }
    }
    wrong
}

fn of_examples() -> Vec<String> {
    let rules = rules();
    let examples = worked_examples();
    let each = |example: &Example| {
        let documents = example.documents();
        let of_target = |target: &(&'static str, &'static str)| {
            let bench = Bench::new(&documents, example.options(), *target, &rules);
            all_faults(&bench, &format!("row {} to {target:?}", example.row))
        };
        TARGETS.iter().flat_map(of_target).collect::<Vec<_>>()
    };
    examples.par_iter().flat_map(each).collect()
}

#[test]
fn drafts_of_worked_examples_are_right_for_every_release() {
    let wrong = of_examples();
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Clusters of the fleet, each beside what all share.
fn of_fleet(size: usize) -> Vec<String> {
    let rules = rules();
    let shared: Vec<String> = wide::objects().iter().map(ToString::to_string).collect();
    let each = |number: &usize| {
        let own = cluster::objects(*number);
        let own = own.iter().map(ToString::to_string);
        let documents: Vec<String> = shared.iter().cloned().chain(own).collect();
        let target = TARGETS[number % TARGETS.len()];
        let run = (options(), Assume::everything());
        let bench = Bench::new(&documents, run, target, &rules);
        all_faults(&bench, &format!("cluster {number} to {target:?}"))
    };
    let numbers: Vec<usize> = (0..size).collect();
    numbers.par_iter().flat_map(each).collect()
}

#[test]
fn drafts_of_the_whole_fleet_are_right() {
    let wrong = of_fleet(300);
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn example(row: &str) -> Example {
    worked_examples()
        .into_iter()
        .find(|example| example.row == row)
        .unwrap()
}

/// The documents of a worked example with parts of them changed.
fn documents_with(example: &Example, changes: &[(&str, &str)]) -> Vec<String> {
    let mut documents = example.documents();
    for (part, changed) in changes {
        assert!(
            documents.iter().any(|text| text.contains(part)),
            "{part} is nowhere"
        );
        for text in &mut documents {
            *text = text.replace(part, changed);
        }
    }
    documents
}

/// What is wrong with the drafts of a worked example with parts of its evidence changed.
pub(crate) fn faults_of(row: &str, target: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let example = example(row);
    let documents = documents_with(&example, changes);
    let rules = rules();
    let bench = Bench::new(&documents, example.options(), (target, "v1beta1"), &rules);
    all_faults(&bench, row)
}

/// The text of such a draft.
pub(crate) fn changed(row: &str, method: Method, target: &str, changes: &[(&str, &str)]) -> String {
    draft_of(row, method, target, changes, Choices::default())
        .unwrap()
        .text
}

/// The one draft of a worked example, with parts of its evidence changed.
pub(crate) fn draft_of(
    row: &str,
    method: Method,
    target: &str,
    changes: &[(&str, &str)],
    choices: Choices,
) -> Result<Draft, Refusal> {
    let example = example(row);
    let documents = documents_with(&example, changes);
    let rules = rules();
    let mut bench = Bench::new(&documents, example.options(), (target, "v1beta1"), &rules);
    bench.choices = choices;
    let mut all = bench.drafts(Some(method), true);
    assert_eq!(all.len(), 1);
    all.remove(0).draft
}

/// What is wrong with the drafts of a worked example with more evidence, and the manifest by a method.
fn with_more(row: &str, more: &str, method: Method) -> (Vec<String>, Draft) {
    let example = example(row);
    let mut documents = example.documents();
    documents.push(more.to_owned());
    let rules = rules();
    let bench = Bench::new(&documents, example.options(), ("5.8.9", "v1beta1"), &rules);
    let draft = bench.drafts(Some(method), true).remove(0).draft.unwrap();
    (all_faults(&bench, row), draft)
}

#[test]
fn an_option_in_a_projected_file_is_not_written_twice() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hippo-config-backrest, namespace: pgo}\n\
        data: {custom.conf: \"[global]\\nrepo1-cipher-type=aes-256-cbc\\nrepo1-retention-full=4\\n\"}\n";
    let (wrong, draft) = with_more("05", map, Method::Backups);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    holds(
        &draft.text,
        &["- configMap:\n          name: hippo-config-backrest\n"],
    );
    for option in ["repo1-cipher-type", "repo1-retention-full"] {
        let remark = format!("# {option}: a projected ConfigMap sets it");
        assert!(draft.text.contains(&remark), "{}", draft.text);
        assert!(
            !draft.text.contains(&format!(" {option}: \"")),
            "{}",
            draft.text
        );
    }
}

#[test]
fn schedules_of_one_type_are_asked_about_and_others_carried() {
    let schedule = |name: &str, kind: &str, time: &str| {
        let json = format!(
            r#"{{"schedule": "{time}", "type": "pgbackrest", "pgbackrest": {{"type": "{kind}", "options": "--repo1-retention-full=7"}}}}"#
        );
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: pgo, labels: {{pg-cluster: hippo, vendor: crunchydata, crunchy-scheduler: 'true'}}}}\ndata: {{schedule: '{json}'}}\n"
        )
    };
    let more = [
        schedule("b", "incr", "0 1 * * 1-6"),
        schedule("a", "full", "0 1 * * 0"),
        schedule("c", "incr", "0 13 * * *"),
    ];
    let (wrong, draft) = with_more("01", &more.join("---\n"), Method::Volumes);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    holds(
        &draft.text,
        &[
            "full: \"0 1 * * 0\"\n",
            "incremental: \"TODO one of v4's times: ",
            "repo1-retention-full: \"7\"\n",
        ],
    );
    let own_place = "full: \"0 1 * * 0\"  # ConfigMap/a data.schedule,";
    assert!(draft.text.contains(own_place), "{}", draft.text);
}

#[test]
fn what_v4_keeps_in_a_volume_and_a_bucket_is_kept_as_long_in_both() {
    let schedule = r#"{"schedule": "0 1 * * 0", "type": "pgbackrest", "pgbackrest": {"type": "full", "options": "--repo1-retention-full=7"}}"#;
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: pgo, labels: {{pg-cluster: hippo, vendor: crunchydata, crunchy-scheduler: 'true'}}}}\ndata: {{schedule: '{schedule}'}}\n"
    );
    let (wrong, draft) = with_more("24", &map, Method::Volumes);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let both = [
        "repo1-retention-full: \"7\"\n",
        "repo2-retention-full: \"7\"\n",
    ];
    holds(&draft.text, &both);
    let (_, draft) = with_more("01", &map, Method::Volumes);
    assert!(!draft.text.contains("repo2-"), "{}", draft.text);
}

/// A manifest without the comments behind values.
fn plain(text: &str) -> String {
    let comment = Regex::new(r"(?m)  # .*$").unwrap();
    comment.replace_all(text, "").into_owned()
}

#[track_caller]
pub(crate) fn holds(text: &str, parts: &[&str]) {
    let text = plain(text);
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn clean_evidence_leaves_nothing_to_fill_in() {
    for (row, target) in [
        ("01", "5.0.3"),
        ("02", "5.3.0"),
        ("05", "5.0.3"),
        ("13", "5.3.0"),
        ("24", "5.3.0"),
    ] {
        let draft = draft_of(row, Method::Volumes, target, &[], Choices::default()).unwrap();
        assert_eq!(draft.todos, [""; 0], "row {row}");
    }
}

#[test]
fn the_failed_over_primary_is_adopted_under_its_own_name() {
    let draft = draft_of("02", Method::Volumes, "5.8.2", &[], Choices::default()).unwrap();
    holds(
        &draft.text,
        &[
            "\n  name: hippo\n  namespace: pgo\n",
            "pgDataVolume:\n        pvcName: hippo-jgut\n        directory: hippo-jgut\n",
            "pgBackRestVolume:\n        pvcName: hippo-pgbr-repo\n        directory: hippo-backrest-shared-repo\n",
            "replicas: 1\n",
        ],
    );
    assert!(draft.text.contains("v4 had 3"), "{}", draft.text);
    assert!(
        draft
            .text
            .contains("# Deployment/hippo-jgut spec.template.spec.volumes[pgdata]"),
        "{}",
        draft.text
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let text = || {
        draft_of("05", Method::Backups, "5.8.9", &[], Choices::default())
            .unwrap()
            .text
    };
    assert_eq!(text(), text());
}

#[test]
fn an_empty_repository_claim_beside_a_bucket_is_not_adopted() {
    let draft = draft_of("06", Method::Volumes, "5.8.2", &[], Choices::default()).unwrap();
    assert!(!draft.text.contains("pgBackRestVolume"), "{}", draft.text);
    holds(
        &draft.text,
        &[
            "repo1-path: /backrestrepo/hippo-backrest-shared-repo\n",
            "s3:\n          bucket: hippo-backups\n",
        ],
    );
}

#[test]
fn a_bucket_is_only_read_unless_v4s_path_is_chosen_or_the_release_cannot() {
    let own = draft_of("05", Method::Backups, "5.8.9", &[], Choices::default()).unwrap();
    assert_eq!(own.name, "hippo-v5");
    holds(
        &own.text,
        &[
            "stanza: db\n",
            "repo1-path: /pgbackrest/pgo/hippo-v5/repo1\n",
        ],
    );
    let shared = Choices {
        repository: Some(pgo_preflight::convert::RepositoryPath::V4),
        ..Choices::default()
    };
    let old = draft_of("05", Method::Backups, "5.0.3", &[], Choices::default()).unwrap();
    for draft in [
        draft_of("05", Method::Backups, "5.8.9", &[], shared).unwrap(),
        old,
    ] {
        assert_eq!(draft.name, "hippo");
        holds(&draft.text, &["postgresCluster:\n      repoName: repo1\n"]);
        assert!(!draft.text.contains("/pgbackrest/pgo"), "{}", draft.text);
    }
}

#[test]
fn a_standby_follows_v4s_path_under_another_name() {
    let draft = draft_of("05", Method::Standby, "5.7.9", &[], Choices::default()).unwrap();
    assert_eq!(draft.name, "hippo-v5");
    holds(
        &draft.text,
        &[
            "standby:\n    enabled: true\n    repoName: repo1\n",
            "repo1-path: /backrestrepo/hippo-backrest-shared-repo\n",
        ],
    );
    let to = pgo_preflight::convert::Target {
        namespace: None,
        name: "hippo".to_owned(),
    };
    let choices = Choices {
        to: Some(to),
        ..Choices::default()
    };
    let refused = draft_of("05", Method::Standby, "5.7.9", &[], choices).unwrap_err();
    assert!(
        matches!(&refused, Refusal::Unfit(why) if why.contains("hippo-config")),
        "{refused:?}"
    );
}

#[test]
fn what_v4_has_beside_the_plain_case_is_carried() {
    let changes = [
        (
            "  tolerations: null\n",
            "  tolerations:\n  - {key: pg, operator: Exists, effect: NoSchedule}\n",
        ),
        (
            "  podAntiAffinity:\n    default: preferred\n",
            "  podAntiAffinity:\n    default: required\n",
        ),
        (
            "    replicas: 0\n    resources:\n      memory: 24Mi\n",
            "    replicas: 2\n    resources:\n      memory: 24Mi\n",
        ),
        ("  exporter: false\n", "  exporter: true\n"),
        (
            "    pg-cluster: hippo\n    role: master\n  type: ClusterIP\n",
            "    pg-cluster: hippo\n    role: master\n  type: LoadBalancer\n",
        ),
        (
            "  tlsOnly: false\n",
            "  syncReplication: true\n  tlsOnly: false\n",
        ),
        ("  userlabels:\n", "  userlabels:\n    team: 'on'\n"),
        (
            "  limits: {}\n  name: hippo\n",
            "  limits:\n    memory: 4Gi\n  name: hippo\n",
        ),
        (
            "          - name: PGHA_SYNC_REPLICATION\n            value: 'false'\n",
            "",
        ),
    ];
    let changes: Vec<(&str, &str)> = changes.into_iter().take(8).collect();
    let draft = draft_of("01", Method::Volumes, "5.8.9", &changes, Choices::default()).unwrap();
    holds(
        &draft.text,
        &[
            "    labels:\n      team: \"on\"\n",
            "    tolerations:\n    - key: pg\n      operator: Exists\n      effect: NoSchedule\n",
            "requiredDuringSchedulingIgnoredDuringExecution:\n",
            "postgres-operator.crunchydata.com/cluster: hippo\n",
            "pgBouncer:\n      replicas: 2\n      resources:\n        requests:\n          memory: 24Mi\n",
            "exporter: {}\n",
            "service:\n    type: LoadBalancer\n",
            "        memory: 2Gi\n      limits:\n        memory: 4Gi\n",
        ],
    );
}

#[test]
fn clients_come_in_as_chosen() {
    let with = |clients| Choices {
        clients: Some(clients),
        ..Choices::default()
    };
    let text = |choices| {
        draft_of("01", Method::Volumes, "5.8.9", &[], choices)
            .unwrap()
            .text
    };
    assert!(text(Choices::default()).contains("hostnossl"));
    let tls = text(with(Clients::Tls));
    assert!(tls.contains("hostssl") && !tls.contains("hostnossl"));
    assert!(!text(with(Clients::Scram)).contains("authentication:"));
}

#[test]
fn a_blocked_method_is_refused_or_says_why_not_on_top() {
    let example = example("09");
    let rules = rules();
    let documents = example.documents();
    let bench = Bench::new(&documents, example.options(), ("5.8.9", "v1beta1"), &rules);
    let refused = bench.drafts(Some(Method::Volumes), false).remove(0).draft;
    assert!(
        matches!(&refused, Err(Refusal::Blocked { reasons, writable: true }) if reasons.iter().any(|text| text.contains("tablespace"))),
        "{refused:?}"
    );
    let anyway = bench
        .drafts(Some(Method::Volumes), true)
        .remove(0)
        .draft
        .unwrap();
    assert!(anyway.text.contains("\n# BLOCKED: "), "{}", anyway.text);
}

#[test]
fn an_undecided_method_says_what_is_open() {
    let draft = draft_of("03b", Method::Volumes, "5.8.2", &[], Choices::default()).unwrap();
    assert!(draft.text.contains("\n# OPEN: "), "{}", draft.text);
    assert!(
        draft
            .todos
            .iter()
            .any(|todo| todo.contains("pgDataVolume.pvcName")),
        "{:?}",
        draft.todos
    );
}

#[test]
fn no_credential_is_written_and_none_is_read_by_the_commands() {
    let draft = draft_of("05", Method::Standby, "5.8.9", &[], Choices::default()).unwrap();
    let secrets = &draft.secrets;
    for part in [
        "kubectl get secret hippo-app-secret -n pgo",
        "--arg name hippo-v5-pguser-app",
        "\"postgres-operator.crunchydata.com/pguser\": \"app\"",
        "--arg name hippo-v5-pgbackrest-secret",
        "repo1-s3-key=",
        "select 1",
    ] {
        assert!(secrets.contains(part), "{part} is not in\n{secrets}");
    }
    assert!(
        !secrets.contains("pg-cluster\":") && !secrets.contains("vendor\":"),
        "{secrets}"
    );
}

/// The lines of a manifest that hold a value, by the path to it.
fn values(text: &str) -> BTreeMap<String, String> {
    fn collect(value: &serde_json::Value, path: &str, into: &mut BTreeMap<String, String>) {
        match value {
            serde_json::Value::Object(map) => {
                map.iter()
                    .for_each(|(key, value)| collect(value, &format!("{path}/{key}"), into));
            }
            serde_json::Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(at, value)| collect(value, &format!("{path}/{at}"), into));
            }
            other => drop(into.insert(path.to_owned(), other.to_string())),
        }
    }
    let value: serde_json::Value = yaml_serde::from_str(text).unwrap();
    let mut found = BTreeMap::new();
    collect(&value, "", &mut found);
    found
}

/// What makes as many facts matter as one cluster can have.
const RICH: &[(&str, &str)] = &[
    (
        "    tlsSecret: ''\n  tlsOnly",
        "    tlsSecret: hippo-tls\n  tlsOnly",
    ),
    (
        "PGHA_TLS_ENABLED\n          value: 'false'",
        "PGHA_TLS_ENABLED\n          value: 'true'",
    ),
    (
        "PGHA_TLS_ENABLED\n      value: 'false'",
        "PGHA_TLS_ENABLED\n      value: 'true'",
    ),
    (
        "  tolerations: null\n",
        "  tolerations:\n  - {key: pg, operator: Exists, effect: NoSchedule}\n",
    ),
    (
        "  podAntiAffinity:\n    default: preferred\n",
        "  podAntiAffinity:\n    default: required\n",
    ),
    (
        "    replicas: 0\n    resources:\n      memory: 24Mi\n    serviceType: ''\n",
        "    replicas: 2\n    resources:\n      memory: 24Mi\n    serviceType: NodePort\n",
    ),
    ("  exporter: false\n", "  exporter: true\n"),
    (
        "  serviceType: ''\n  shutdown",
        "  serviceType: LoadBalancer\n  shutdown",
    ),
    (
        "  tlsOnly: false\n",
        "  syncReplication: true\n  tlsOnly: true\n",
    ),
    ("caSecret: ''", "caSecret: hippo-ca"),
    ("  userlabels:\n", "  userlabels:\n    team: 'on'\n"),
    (
        "  annotations: {}\n",
        "  annotations: {global: {a: b}, postgres: {c: d}, backrest: {e: f}, pgBouncer: {g: h}}\n",
    ),
    ("customconfig: ''", "customconfig: hippo-custom"),
    ("disableAutofail: false", "disableAutofail: true"),
    ("pgBadger: false", "pgBadger: true"),
    (
        "  nodeAffinity:\n    default: null\n",
        "  nodeAffinity:\n    default:\n      preferredDuringSchedulingIgnoredDuringExecution: []\n",
    ),
    (
        r#""ttl":30}"#,
        r#""ttl":30,"synchronous_mode":true,"synchronous_mode_strict":true,"retry_timeout":20}"#,
    ),
    (
        r#""use_slots":false}"#,
        r#""use_slots":false,"pg_hba":["hostssl all app 10.0.0.0/8 md5"]}"#,
    ),
    (
        "        - name: PGO_NAMESPACE\n",
        "        - {name: RELATED_IMAGE_POSTGRES_13, value: 'registry.local/crunchy-postgres:ubi8-13.22-1'}\n        - name: PGO_NAMESPACE\n",
    ),
    (
        "  limits: {}\n  name: hippo\n",
        "  limits:\n    memory: 4Gi\n  name: hippo\n",
    ),
    ("value: '5432'", "value: '6543'"),
];

#[test]
fn hiding_a_fact_leaves_something_open_and_never_makes_another_value() {
    let rules = rules();
    let names: Vec<&'static str> = pgo_preflight::check::cluster_facts()
        .iter()
        .map(|fact| fact.name)
        .collect();
    let mut wrong = Vec::new();
    for (row, method, target, changes) in [
        ("02", Method::Volumes, "5.8.9", &[][..]),
        ("05", Method::Backups, "5.8.9", &[]),
        ("24", Method::Standby, "5.8.9", &[]),
        ("02", Method::Volumes, "5.8.2", RICH),
        ("01", Method::Backups, "5.7.9", RICH),
        ("24", Method::Standby, "5.8.2", RICH),
    ] {
        let example = example(row);
        let documents = documents_with(&example, changes);
        let mut bench = Bench::new(&documents, example.options(), (target, "v1beta1"), &rules);
        let whole = values(
            &bench
                .drafts(Some(method), true)
                .remove(0)
                .draft
                .unwrap()
                .text,
        );
        let named = documents.iter().enumerate();
        let named =
            named.map(|(index, text)| (format!("{index:03}.yaml"), text.clone().into_bytes()));
        let evidence = Evidence::of(gather_texts(named.collect()), &bench.assume);
        let report = check(&evidence, &rules, &bench.options);
        for name in &names {
            bench.hidden = vec![name];
            let wanted = Wanted {
                is_meant: &|_, _| true,
                method: Some(method),
                choices: &bench.choices,
                names: &[],
                anyway: true,
                comments: true,
                hidden: &bench.hidden,
            };
            let mut all = drafts(&evidence, &report, &bench.options.run, &wanted);
            let Ok(draft) = all.remove(0).draft else {
                continue;
            };
            for (path, value) in values(&draft.text) {
                let before = whole.get(&path);
                if before != Some(&value) && !value.starts_with("\"TODO") {
                    wrong.push(format!(
                        "row {row}: without {name} {path} is {value}, not {before:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
