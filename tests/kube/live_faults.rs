//! What goes wrong with a live cluster: what stays decided, what becomes unknown, and what would settle it.

use crate::api_server;
use crate::common;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api_server::{Answer, Request, Server, Store, kubeconfig, objects_in};
use common::root;
use pgo_preflight::check::{
    CLEAN, Evidence, FailOn, Options as CheckOptions, UNDECIDED, check, exit_code, names_of,
};
use pgo_preflight::manifest::{Assume, gather_dump};
use pgo_preflight::render;
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::kube::{Contexts, Namespaces, Options, Progress, access, take};
use pgo_preflight::source::{Dump, Listed, OriginId, SourceId};
use serde_json::Value;

/// One run against a server.
struct Told {
    dumps: Vec<Dump>,
    report: Value,
    code: u8,
}

fn options(server: &Server) -> Options {
    Options {
        kubeconfig: Some(server.kubeconfig()),
        namespaces: Namespaces::All,
        ..Options::default()
    }
}

fn run(options: &Options) -> Told {
    let dumps = take(options, &Arc::new(Progress::default())).unwrap();
    let mut gathered = Vec::new();
    let mut texts = 0;
    for (number, dump) in (0..).zip(&dumps) {
        gathered.push(gather_dump(dump.clone(), OriginId(number), SourceId(texts)));
        texts += u32::try_from(dump.texts.len()).unwrap();
    }
    let evidence = Evidence::of_all(gathered, &Assume::nothing());
    let rules = RuleSet::built_in(names_of).unwrap();
    let options = CheckOptions {
        facts: true,
        ..CheckOptions::at(
            "2026-11-20T12:00:00Z".parse().unwrap(),
            pgo_preflight::expr::Version::parse("5.8.2"),
        )
    };
    let report = check(evidence, &rules, &options);
    let code = exit_code(&report, FailOn::Blocked);
    let report = serde_json::from_str(&render::json(&report, code)).unwrap();
    Told {
        dumps,
        report,
        code,
    }
}

/// The base case, in which two methods are ready.
fn objects() -> Vec<Value> {
    objects_in(&root().join(Path::new("fixtures/worked-examples/01/cluster.yaml")))
}

fn healthy() -> Told {
    run(&options(&Server::of(objects())))
}

/// A server that fails where the function says so.
fn faulty(fault: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> Server {
    let mut store = Store::of(objects());
    store.page = Some(1);
    Server::with(store, fault)
}

impl Told {
    fn verdicts(&self) -> BTreeMap<String, String> {
        let mut verdicts = BTreeMap::new();
        for cluster in self.report["clusters"].as_array().unwrap() {
            for (method, judged) in cluster["methods"].as_object().unwrap() {
                let key = format!("{} {} {method}", cluster["origin"], cluster["name"]);
                let verdict = judged["verdict"].as_str().unwrap();
                verdicts.insert(key, verdict.to_owned());
            }
        }
        verdicts
    }

    fn facts(&self) -> BTreeMap<String, String> {
        let mut facts = BTreeMap::new();
        for cluster in self.report["clusters"].as_array().unwrap() {
            for (name, said) in cluster["facts"].as_object().unwrap() {
                let value = said
                    .get("value")
                    .map_or("unknown".to_owned(), Value::to_string);
                facts.insert(name.clone(), value);
            }
        }
        facts
    }

    /// Why and what would settle it, where a kind could not be listed.
    fn failed(&self, resource: &str) -> (String, String) {
        let listings = self.dumps.iter().flat_map(|dump| &dump.listings);
        let mut of = listings.filter(|listing| listing.resource == resource);
        let failed = of.find_map(|listing| match &listing.outcome {
            Listed::Failed { because, ask } => Some((because.clone(), ask.clone())),
            _ => None,
        });
        failed.unwrap_or_else(|| panic!("{resource} did not fail"))
    }

    fn failures(&self) -> Vec<String> {
        let listings = self.dumps.iter().flat_map(|dump| &dump.listings);
        let failed = listings.filter(|listing| matches!(listing.outcome, Listed::Failed { .. }));
        failed.map(|listing| listing.resource.clone()).collect()
    }

    /// Whether some text of the report's gaps says this.
    fn gap_says(&self, words: &str) -> bool {
        let mut gaps = self.report["questions"].as_object().unwrap().values();
        gaps.any(|gap| gap.to_string().contains(&words.replace('"', "\\\"")))
    }

    fn skipped(&self) -> String {
        self.report["skipped"].to_string()
    }

    /// A failure may hide what is known; it never says anything else, and never opens a method.
    fn only_less_than(&self, healthy: &Told) {
        let before = healthy.facts();
        // By which way a command gets there: the pod is one, and its Deployment another. "Nowhere" is none.
        let is_way = |name: &str, value: &str| {
            ["primary.exec", "repo.exec"].contains(&name) && value != "\"\""
        };
        let facts = self.facts().into_iter();
        for (name, value) in facts.filter(|(name, value)| !is_way(name, value)) {
            assert!(
                value == "unknown" || is_part(&value, &before[&name]),
                "{name} is {value}, and was {:?}",
                before.get(&name)
            );
        }
        let rank = |verdict: &str| {
            ["blocked", "unknown", "action", "ready"]
                .iter()
                .position(|v| *v == verdict)
        };
        let before = healthy.verdicts();
        for (key, verdict) in self.verdicts() {
            assert!(
                rank(&verdict) <= rank(&before[&key]),
                "{key} is {verdict}, and was {}",
                before[&key]
            );
        }
    }

    fn same_as(&self, healthy: &Told) {
        assert_eq!(self.facts(), healthy.facts());
        assert_eq!(self.verdicts(), healthy.verdicts());
    }
}

/// The same, or a list of some of the same: facts that list what is seen see less.
fn is_part(value: &str, before: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    match (read(value), read(before)) {
        (Value::Array(some), Value::Array(all)) => some.iter().all(|one| all.contains(one)),
        _ => value == before,
    }
}

fn rule_for(group: &str, resource: &str) -> String {
    format!(r#"{{apiGroups: ["{group}"], resources: ["{resource}"], verbs: ["get", "list"]}}"#)
}

#[test]
fn the_base_case_is_ready_from_a_live_cluster() {
    let told = healthy();
    assert_eq!(told.verdicts()[r#""prod" "hippo" volumes"#], "ready");
    assert_eq!(told.verdicts()[r#""prod" "hippo" backups"#], "ready");
    assert_eq!(told.code, CLEAN);
    assert_eq!(told.failures(), [""; 0]);
    assert_eq!(told.skipped(), "[]");
}

#[test]
fn credentials_that_are_not_accepted_leave_everything_open() {
    let server = faulty(|_| Some(Answer::status(401, "Unauthorized", "Unauthorized")));
    let told = run(&options(&server));
    assert_eq!(server.requests().len(), 1, "one answer is enough");
    assert_eq!(told.failures().len(), 20);
    let (because, ask) = told.failed("pods");
    assert!(
        because.contains("does not accept the credentials"),
        "{because}"
    );
    assert_eq!(
        ask,
        "log in again, until kubectl --context prod get --raw /version answers"
    );
    assert!(
        told.skipped().contains("there may be more Pgclusters"),
        "{}",
        told.skipped()
    );
    assert_eq!(told.code, UNDECIDED);
}

#[test]
fn a_kind_that_is_refused_is_unknown_and_the_rule_that_allows_it_is_named() {
    for (resource, group) in [
        ("persistentvolumes", ""),
        ("persistentvolumeclaims", ""),
        ("storageclasses", "storage.k8s.io"),
        ("csidrivers", "storage.k8s.io"),
        ("deployments", "apps"),
        ("pods", ""),
        ("jobs", "batch"),
        ("configmaps", ""),
        ("pgtasks.crunchydata.com", "crunchydata.com"),
        ("pgreplicas.crunchydata.com", "crunchydata.com"),
    ] {
        let plural = resource.split('.').next().unwrap();
        let server = faulty(move |request| {
            let about = request.path.split('/').any(|part| part == plural);
            about.then(|| Answer::forbidden(plural))
        });
        let told = run(&options(&server));
        told.only_less_than(&healthy());
        let (because, ask) = told.failed(resource);
        assert!(because.starts_with("the server refused (403)"), "{because}");
        assert!(ask.contains(&rule_for(group, plural)), "{ask}");
        let mut failures = told.failures();
        failures.dedup();
        assert_eq!(failures, [resource], "nothing else is at fault");
        assert_eq!(
            told.verdicts().len(),
            3,
            "the cluster is judged all the same"
        );
    }
}

#[test]
fn a_refused_kind_shows_in_the_gaps_of_the_verdicts_that_need_it() {
    let server = faulty(|request| {
        let about = request.path.contains("/persistentvolumes");
        about.then(|| Answer::forbidden("persistentvolumes"))
    });
    let told = run(&options(&server));
    assert!(told.gap_says(&rule_for("", "persistentvolumes")));
    let server = faulty(|request| request.ends_with("pods").then(|| Answer::forbidden("pods")));
    assert!(run(&options(&server)).gap_says(&rule_for("", "pods")));
}

#[test]
fn pgclusters_that_may_not_be_listed_are_not_taken_for_none() {
    let server = faulty(|request| {
        request
            .ends_with("pgclusters")
            .then(|| Answer::forbidden("pgclusters"))
    });
    let told = run(&options(&server));
    assert_eq!(told.code, UNDECIDED);
    assert!(
        told.skipped().contains("there may be more Pgclusters"),
        "{}",
        told.skipped()
    );
    assert!(
        told.skipped().contains("the server refused (403)"),
        "{}",
        told.skipped()
    );
}

/// What a Role in one namespace allows: nothing of the cluster, nothing elsewhere.
fn restricted(request: &Request) -> Option<Answer> {
    let allowed = request.path.contains("/namespaces/pgo/")
        || request.path == "/version"
        || request.path.ends_with("/namespaces/pgo");
    (!allowed).then(|| Answer::forbidden(request.path.rsplit('/').next().unwrap()))
}

#[test]
fn a_restricted_service_account_gets_a_useful_partial_answer() {
    let server = faulty(restricted);
    let told = run(&Options {
        namespaces: Namespaces::Named(vec!["pgo".to_owned()]),
        ..options(&server)
    });
    told.only_less_than(&healthy());
    let facts = told.facts();
    let known = facts.values().filter(|value| *value != "unknown").count();
    assert!(
        known * 10 > facts.len() * 7,
        "{known} of {} facts",
        facts.len()
    );
    let mut failures = told.failures();
    failures.sort();
    assert_eq!(
        failures,
        [
            "csidrivers",
            "customresourcedefinitions",
            "namespaces",
            "persistentvolumes",
            "storageclasses"
        ]
    );
    assert!(
        told.gap_says(&rule_for("storage.k8s.io", "csidrivers"))
            || told.gap_says(&rule_for("", "persistentvolumes"))
    );
}

#[test]
fn one_namespace_that_is_refused_leaves_the_other_alone() {
    let server = faulty(|request| {
        let other = request.path.contains("/namespaces/shop/");
        other.then(|| Answer::forbidden(request.path.rsplit('/').next().unwrap()))
    });
    let told = run(&Options {
        namespaces: Namespaces::Named(vec!["pgo".to_owned(), "shop".to_owned()]),
        ..options(&server)
    });
    let listings = &told.dumps[0].listings;
    let of = |namespace: &str| {
        let mut of = listings.iter();
        let listing = of.find(|listing| {
            listing.resource == "pods" && listing.namespace.as_deref() == Some(namespace)
        });
        listing.unwrap().outcome.clone()
    };
    assert_eq!(of("pgo"), Listed::Whole);
    let Listed::Failed { ask, .. } = of("shop") else {
        panic!("not refused");
    };
    assert_eq!(
        ask,
        format!(
            "the RBAC rule {} in a Role of namespace shop, bound to this user",
            rule_for("", "pods")
        )
    );
    let alone = run(&Options {
        namespaces: Namespaces::Named(vec!["pgo".to_owned()]),
        ..options(&Server::of(objects()))
    });
    told.same_as(&alone);
}

#[test]
fn a_list_that_grows_old_is_resumed_once_and_that_is_said() {
    let server = faulty(|request| {
        let late =
            request.ends_with("deployments") && request.page().is_some_and(|page| page == "at-1");
        late.then(|| Answer::expired(Some("at-01")))
    });
    let told = run(&options(&server));
    told.same_as(&healthy());
    assert!(
        told.skipped().contains("prod/deployments"),
        "{}",
        told.skipped()
    );
    assert!(
        told.skipped().contains("of a later moment"),
        "{}",
        told.skipped()
    );
    assert_eq!(told.code, UNDECIDED);
}

#[test]
fn a_list_that_grows_old_without_a_way_to_resume_is_read_again_once() {
    let late = |request: &Request| request.ends_with("deployments") && request.page().is_some();
    let server = faulty(move |request| {
        (late(request) && request.before == 0).then(|| Answer::expired(None))
    });
    let told = run(&options(&server));
    told.only_less_than(&healthy());
    let always = faulty(move |request| late(request).then(|| Answer::expired(None)));
    let told = run(&options(&always));
    told.only_less_than(&healthy());
    assert!(
        told.failed("deployments")
            .0
            .contains("grew old while it was read, twice")
    );
    let requests = always.requests();
    let first_pages = requests
        .iter()
        .filter(|request| request.ends_with("deployments") && request.page().is_none());
    assert_eq!(first_pages.count(), 2);
}

#[test]
fn a_busy_server_is_given_the_time_it_asks_for() {
    let server = faulty(|request| {
        let busy = request.ends_with("jobs") && request.before == 0 && request.page().is_none();
        busy.then_some(Answer::Later(429, 1))
    });
    let start = Instant::now();
    let told = run(&options(&server));
    told.same_as(&healthy());
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_passing_failure_is_got_over() {
    let healthy = healthy();
    for answer in [
        Answer::status(500, "InternalError", "etcdserver: leader changed"),
        Answer::Text(503, "no healthy upstream"),
        Answer::Reset,
        Answer::CutOff(serde_json::json!({"kind": "PodList", "items": [1, 2, 3, 4, 5, 6, 7]})),
    ] {
        let server = faulty(move |request| {
            let first = request.ends_with("pods") && request.before == 0;
            first.then(|| answer.clone())
        });
        run(&options(&server)).same_as(&healthy);
    }
}

#[test]
fn a_lasting_failure_costs_only_the_kinds_it_meets() {
    let healthy = healthy();
    for (answer, words) in [
        (
            Answer::status(500, "InternalError", "etcdserver: no leader"),
            "500 again and again",
        ),
        (Answer::Later(429, 0), "429 again and again"),
        (
            Answer::Text(503, "no healthy upstream"),
            "503 again and again",
        ),
        (Answer::Reset, "could not be reached"),
        (
            Answer::CutOff(serde_json::json!({"kind": "JobList", "items": [1, 2, 3]})),
            "broke off",
        ),
        (
            Answer::Text(200, "<html>please log in</html>"),
            "not Kubernetes'",
        ),
        (
            Answer::Json(200, serde_json::json!({"kind": "Status"})),
            "not Kubernetes'",
        ),
        (Answer::Text(403, "<html>blocked</html>"), "a proxy?"),
    ] {
        let server = faulty(move |request| request.ends_with("jobs").then(|| answer.clone()));
        let told = run(&options(&server));
        told.only_less_than(&healthy);
        let (because, _) = told.failed("jobs");
        assert!(because.contains(words), "{because}");
        assert_eq!(told.failures(), ["jobs"]);
        let requests = server.requests();
        let attempts = requests
            .iter()
            .filter(|request| request.ends_with("jobs"))
            .count();
        assert!(attempts <= 4, "{attempts} attempts");
    }
}

#[test]
fn what_came_before_a_broken_page_counts_and_nothing_else_is_absent() {
    let server = faulty(|request| {
        let later = request.ends_with("deployments") && request.page().is_some();
        later.then_some(Answer::Reset)
    });
    let told = run(&options(&server));
    told.only_less_than(&healthy());
    let texts = told.dumps[0].texts.iter();
    let deployments = texts.filter(|text| text.uri.contains("/Deployment/"));
    assert_eq!(deployments.count(), 1);
    assert_eq!(told.facts()["operator.v5"], "unknown");
}

#[test]
fn metadata_by_which_clusters_are_found_do_not_pass_for_objects() {
    // The search for parts of clusters breaks after its first page, and so does the list of their namespace.
    let server = faulty(|request| {
        let claims = request.ends_with("persistentvolumeclaims") && request.page().is_some();
        claims.then_some(Answer::status(400, "BadRequest", "no"))
    });
    let told = run(&options(&server));
    told.only_less_than(&healthy());
    let mut texts = told.dumps[0].texts.iter();
    assert!(!texts.any(|text| {
        let text = String::from_utf8_lossy(&text.bytes);
        text.contains("kind: PersistentVolumeClaim") && !text.contains("\nspec:")
    }));
}

#[test]
fn an_answer_without_end_is_cut() {
    let server = faulty(|request| request.ends_with("services").then_some(Answer::Endless));
    let told = run(&Options {
        most_bytes: (1 << 20, 1 << 30),
        ..options(&server)
    });
    told.only_less_than(&healthy());
    assert!(
        told.failed("services")
            .0
            .contains("larger than 1048576 bytes")
    );
    assert_eq!(told.failures(), ["services"]);
}

#[test]
fn silence_ends_with_the_time_for_one_request() {
    let server = faulty(|request| request.ends_with("services").then_some(Answer::Silent));
    let told = run(&Options {
        request_timeout: Duration::from_millis(1500),
        ..options(&server)
    });
    told.only_less_than(&healthy());
    let (because, ask) = told.failed("services");
    assert!(
        because.contains("did not answer within 1500ms"),
        "{because}"
    );
    assert!(
        ask.starts_with("a longer --request-timeout, or kubectl --context prod get services"),
        "{ask}"
    );
}

#[test]
fn the_whole_run_ends_when_its_time_is_over() {
    let server = faulty(|request| (request.path != "/version").then_some(Answer::Silent));
    let start = Instant::now();
    let told = run(&Options {
        timeout: Duration::from_secs(2),
        ..options(&server)
    });
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(
        told.failed("pods").0.contains("the run's 2s were over"),
        "{:?}",
        told.failed("pods")
    );
    assert_eq!(told.code, UNDECIDED);
}

#[test]
fn a_list_that_leads_in_circles_ends() {
    let server = faulty(|request| {
        let page = serde_json::json!({"kind": "ServiceList", "metadata": {"continue": "again"}, "items": []});
        request
            .ends_with("services")
            .then_some(Answer::Json(200, page))
    });
    let told = run(&options(&server));
    assert!(
        told.failed("services")
            .0
            .contains("leads back to the same page")
    );
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let server = Server::of(objects());
    let stranger = Server::of(Vec::new());
    let path = server.kubeconfig();
    std::fs::copy(
        stranger.folder().join("ca.crt"),
        server.folder().join("ca.crt"),
    )
    .unwrap();
    let told = run(&Options {
        kubeconfig: Some(path),
        ..options(&server)
    });
    assert_eq!(server.requests().len(), 0);
    let (because, _) = told.failed("pods");
    assert!(
        because.contains("could not be reached") && because.to_lowercase().contains("certificate"),
        "{because}"
    );
    assert_eq!(told.code, UNDECIDED);
}

#[test]
fn of_many_clusters_the_one_that_is_down_does_not_bring_down_the_others() {
    let (first, last) = (Server::of(objects()), Server::of(objects()));
    let path = kubeconfig(
        first.folder(),
        &[("first", &first), ("down", &first), ("last", &last)],
    );
    let text = std::fs::read_to_string(&path).unwrap();
    // Nothing listens on port 1.
    let (head, tail) = text.split_once("- name: down\n").unwrap();
    let tail = tail.replacen(&first.url(), "https://127.0.0.1:1", 1);
    std::fs::write(&path, format!("{head}- name: down\n{tail}")).unwrap();
    let told = run(&Options {
        kubeconfig: Some(path),
        contexts: Contexts::All,
        namespaces: Namespaces::All,
        ..Options::default()
    });
    let verdicts = told.verdicts();
    assert_eq!(verdicts[r#""first" "hippo" volumes"#], "ready");
    assert_eq!(verdicts[r#""last" "hippo" volumes"#], "ready");
    let names: Vec<&str> = told.dumps.iter().map(|dump| dump.name.as_str()).collect();
    assert_eq!(names, ["first", "down", "last"]);
    let (because, ask) = told.failed("pods");
    assert!(because.contains("could not be reached"), "{because}");
    assert_eq!(
        ask,
        "see what kubectl --context down get --raw /version says, then run again"
    );
    assert!(
        told.skipped().contains(r#""uri":"down""#),
        "{}",
        told.skipped()
    );
    assert_eq!(told.code, UNDECIDED);
}

#[test]
fn the_access_review_tells_beforehand_what_will_be_missing() {
    let server = faulty(|request| {
        if request.method == "GET" {
            return None;
        }
        let review: Value = serde_json::from_str(&request.body).ok()?;
        let resource = &review["spec"]["resourceAttributes"]["resource"];
        let mut answer = review.clone();
        answer["status"] = serde_json::json!({"allowed": resource != "persistentvolumes"});
        Some(Answer::Json(201, answer))
    });
    let options = Options {
        namespaces: Namespaces::Named(vec!["pgo".to_owned()]),
        ..options(&server)
    };
    let answers = access(&options, &Arc::new(Progress::default())).unwrap();
    let answers = answers[0].asked.as_ref().unwrap();
    let denied: Vec<_> = answers
        .iter()
        .filter(|one| one.allowed == Ok(false))
        .collect();
    let told: Vec<_> = denied
        .iter()
        .map(|one| (one.row.resource, one.verb))
        .collect();
    assert_eq!(
        told,
        [("persistentvolumes", "get"), ("persistentvolumes", "list")]
    );
    assert!(denied[0].ask.contains(&rule_for("", "persistentvolumes")));
    let requests = server.requests();
    assert_eq!(
        requests[0].path, "/version",
        "first whether anybody is there"
    );
    for request in &requests[1..] {
        assert_eq!(
            request.path,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        );
        let review: Value = serde_json::from_str(&request.body).unwrap();
        let asked = &review["spec"]["resourceAttributes"];
        assert_ne!(asked["resource"], "secrets");
        let of_cluster = [
            "persistentvolumes",
            "storageclasses",
            "csidrivers",
            "namespaces",
            "customresourcedefinitions",
        ];
        let scoped = of_cluster.contains(&asked["resource"].as_str().unwrap());
        assert_eq!(asked.get("namespace").is_none(), scoped, "{asked}");
    }
}
