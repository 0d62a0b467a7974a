//! Servers, kubeconfigs and login plugins that mean ill or are broken: nothing leaks, nothing hangs.

use crate::api_server;
use crate::common;

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use api_server::{Answer, Request, Server, Store, objects_in};
use common::root;
use flate2::Compression;
use flate2::write::GzEncoder;
use pgo_preflight::source::kube::{Namespaces, Options, Progress, take};
use pgo_preflight::source::{Listed, WANTED};
use serde_json::{Value, json};

/// Stands wherever a credential does.
const CANARY: &str = "CANARY-d41d8cd98f";

pub(crate) fn objects() -> Vec<Value> {
    objects_in(&root().join(Path::new("fixtures/worked-examples/01/cluster.yaml")))
}

fn faulty(fault: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> Server {
    Server::with(Store::of(objects()), fault)
}

pub(crate) fn program(folder: &Path, kubeconfig: &str, args: &[&str]) -> Output {
    common::program()
        .current_dir(folder)
        .env("KUBECONFIG", kubeconfig)
        .args(args)
        .output()
        .unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// A kubeconfig beside the server's own, changed.
pub(crate) fn changed(server: &Server, name: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(server.kubeconfig()).unwrap();
    assert!(text.contains(from), "{text}");
    let path = server.folder().join(name);
    std::fs::write(&path, text.replace(from, to)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// An executable script.
pub(crate) fn script(server: &Server, name: &str, text: &str) -> PathBuf {
    let path = server.folder().join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    path
}

pub(crate) fn exec(plugin: &Path) -> String {
    format!(
        "user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', interactiveMode: Never, \
         args: ['--secret={CANARY}'], env: [{{name: SECRET, value: '{CANARY}'}}]}}}}",
        plugin.display()
    )
}

pub(crate) const USER: &str = "user: {token: linters-token}";

fn options(server: &Server) -> Options {
    Options {
        kubeconfig: Some(server.kubeconfig()),
        namespaces: Namespaces::All,
        ..Options::default()
    }
}

/// Why a kind could not be listed.
fn failed(options: &Options, resource: &str) -> (String, String) {
    let dumps = take(options, &Arc::new(Progress::default())).unwrap();
    let listings = dumps.iter().flat_map(|dump| &dump.listings);
    let mut of = listings.filter(|listing| listing.resource == resource);
    let found = of.find_map(|listing| match &listing.outcome {
        Listed::Failed { because, ask } => Some((because.clone(), ask.clone())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{resource} did not fail"))
}

#[test]
fn a_list_with_ever_new_tokens_is_given_up() {
    let pages = Arc::new(AtomicUsize::new(0));
    let server = faulty(move |request| {
        let page = pages.fetch_add(1, Ordering::Relaxed);
        let list = json!({"kind": "PgtaskList", "metadata": {"continue": format!("t{page}")}, "items": []});
        request
            .ends_with("pgtasks")
            .then_some(Answer::Json(200, list))
    });
    let (because, _) = failed(&options(&server), "pgtasks.crunchydata.com");
    assert!(
        because.contains("page after page without an object"),
        "{because}"
    );
}

#[test]
fn a_list_of_ever_new_objects_is_given_up_before_memory_is() {
    let pages = Arc::new(AtomicUsize::new(0));
    let server = faulty(move |request| {
        let page = pages.fetch_add(1, Ordering::Relaxed);
        let item = json!({"metadata": {"name": format!("task-{page}"), "namespace": "pgo", "annotations": {"x": "y".repeat(100_000)}}});
        let list = json!({"kind": "PgtaskList", "metadata": {"continue": format!("t{page}")}, "items": [item]});
        request
            .ends_with("pgtasks")
            .then_some(Answer::Json(200, list))
    });
    let bounded = Options {
        most_bytes: (1 << 20, 8 << 20),
        ..options(&server)
    };
    let (because, _) = failed(&bounded, "pgtasks.crunchydata.com");
    assert!(because.contains("larger than 8388608 bytes"), "{because}");
    assert!(server.requests().len() < 150);
}

/// Reading what was kept can take longer than fetching it did.
#[test]
fn of_a_list_that_outlasts_the_run_nothing_is_kept() {
    let pages = Arc::new(AtomicUsize::new(0));
    let server = faulty(move |request| {
        if !request.ends_with("pgtasks") {
            return None;
        }
        let page = pages.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(20));
        let item = json!({"metadata": {"name": format!("task-{page}"), "namespace": "pgo"}});
        let list = json!({"kind": "PgtaskList", "metadata": {"continue": format!("t{page}")}, "items": [item]});
        Some(Answer::Json(200, list))
    });
    let hasty = Options {
        timeout: Duration::from_secs(4),
        ..options(&server)
    };
    let dumps = take(&hasty, &Arc::new(Progress::default())).unwrap();
    let failed = dumps[0].listings.iter().any(|listing| {
        listing.resource == "pgtasks.crunchydata.com"
            && matches!(&listing.outcome, Listed::Failed { because, .. } if because.contains("were over"))
    });
    assert!(failed, "{:?}", dumps[0].listings);
    let mut texts = dumps[0].texts.iter();
    assert!(!texts.any(|text| text.uri.contains("Pgtask")));
}

#[test]
fn what_grows_when_it_is_unpacked_is_not_unpacked_whole() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(br#"{"kind":"PodList","items":["#).unwrap();
    for _ in 0..64 {
        packed.write_all("0,".repeat(1 << 19).as_bytes()).unwrap();
    }
    packed.write_all(b"0]}").unwrap();
    let packed = packed.finish().unwrap();
    let server = faulty(move |request| {
        let bomb = Answer::Gzip(packed.clone().into());
        request.ends_with("pods").then_some(bomb)
    });
    let bounded = Options {
        most_bytes: (1 << 20, 1 << 30),
        ..options(&server)
    };
    let (because, _) = failed(&bounded, "pods");
    assert!(
        because.contains("the answer is larger than 1048576 bytes"),
        "{because}"
    );
}

#[test]
fn no_credential_of_a_kubeconfig_or_a_plugin_is_told() {
    let server = Server::of(objects());
    let fails = script(
        &server,
        "fails.sh",
        &format!("echo {CANARY}; echo {CANARY} >&2; exit 1"),
    );
    let babbles = script(&server, "babbles.sh", &format!("echo {CANARY}"));
    let absent = server.folder().join("absent.sh");
    let kubeconfigs = [
        changed(
            &server,
            "tab",
            "users:\n",
            &format!("users:\n\t- x: {CANARY}\n"),
        ),
        changed(&server, "list", "linters-token", &format!("[{CANARY}]")),
        changed(
            &server,
            "number",
            "contexts:\n",
            &format!("contexts: {CANARY}\nx:\n"),
        ),
        changed(&server, "fails", USER, &exec(&fails)),
        changed(&server, "babbles", USER, &exec(&babbles)),
        changed(&server, "absent", USER, &exec(&absent)),
        changed(
            &server,
            "inner",
            "linters-token",
            &format!("\"{CANARY}\\n{CANARY}\""),
        ),
        changed(
            &server,
            "file",
            "token: linters-token",
            &format!("tokenFile: /no/{CANARY}"),
        ),
        changed(
            &server,
            "proxy",
            "cluster: {",
            &format!("cluster: {{proxy-url: 'ftp://u:{CANARY}@127.0.0.1:1', "),
        ),
        changed(
            &server,
            "proxy-down",
            "cluster: {",
            &format!("cluster: {{proxy-url: 'http://u:{CANARY}@127.0.0.1:1', "),
        ),
        changed(
            &server,
            "proxy-odd",
            "cluster: {",
            &format!("cluster: {{proxy-url: 'http://{CANARY} x', "),
        ),
        changed(
            &server,
            "key",
            USER,
            &format!("user: {{client-certificate-data: {CANARY}, client-key-data: {CANARY}}}"),
        ),
        changed(
            &server,
            "provider",
            USER,
            &format!(
                "user: {{auth-provider: {{name: gcp, config: {{cmd-path: /x, access-token: {CANARY}}}}}}}"
            ),
        ),
    ];
    for kubeconfig in &kubeconfigs {
        for args in [
            &["check", "--no-config", "-A"][..],
            &["collect", "-A", "-o", "x.tar.gz"],
            &["collect", "-A", "--check-access"],
        ] {
            let output = program(server.folder(), kubeconfig, args);
            let text = said(&output);
            assert!(!text.contains(CANARY), "{kubeconfig} {args:?}: {text}");
            assert!(
                !text.contains("panicked") && !text.contains("mistake of the program"),
                "{text}"
            );
            assert!(
                matches!(output.status.code(), Some(2 | 3)),
                "{kubeconfig} {args:?}: {text}"
            );
        }
    }
    let wrong = said(&program(server.folder(), &kubeconfigs[0], &["check", "-A"]));
    assert!(
        wrong.contains("tab:") && wrong.contains("not what a kubeconfig holds"),
        "its place is told: {wrong}"
    );
    let wrong = said(&program(server.folder(), &kubeconfigs[3], &["check", "-A"]));
    assert!(
        wrong.contains("fails.sh") && wrong.contains("with 1"),
        "{wrong}"
    );
}

#[test]
fn a_server_that_repeats_the_token_is_not_quoted() {
    for code in [400, 401, 403, 404] {
        let server = faulty(move |request| {
            if request.path == "/version" {
                let version = format!("v1.33.0-{}", request.authorization);
                return Some(Answer::Json(200, json!({"gitVersion": version})));
            }
            let authorization = &request.authorization;
            let mut status = json!({"kind": "Status", "message": authorization, "reason": authorization, "code": code});
            status["details"] = json!({"name": authorization});
            Some(Answer::Json(code, status))
        });
        let kubeconfig = changed(&server, "echo", "linters-token", CANARY);
        for args in [
            &["check", "--no-config", "-A"][..],
            &["collect", "-A", "-o", "x.tar.gz"],
            &["collect", "-A", "--check-access"],
        ] {
            let text = said(&program(server.folder(), &kubeconfig, args));
            assert!(!text.contains(CANARY), "{code} {args:?}: {text}");
        }
    }
}

#[test]
fn a_token_that_ends_in_a_line_break_is_read_as_kubectl_reads_it() {
    let server = Server::of(objects());
    std::fs::write(server.folder().join("token"), "linters-token\r\n").unwrap();
    let file = changed(&server, "file", "token: linters-token", "tokenFile: token");
    let both = changed(
        &server,
        "both",
        "token: linters-token",
        "token: other, tokenFile: token",
    );
    let inline = changed(&server, "inline", "linters-token", "\"linters-token\\n\"");
    for kubeconfig in [file, both, inline] {
        let before = server.requests().len();
        let output = program(
            server.folder(),
            &kubeconfig,
            &[
                "check",
                "--no-config",
                "-A",
                "--target",
                "5.8.2",
                "--now",
                "2026-11-20T12:00:00Z",
            ],
        );
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let requests = server.requests();
        assert!(
            requests[before..]
                .iter()
                .all(|request| request.authorization == "Bearer linters-token")
        );
    }
}

#[test]
fn the_token_of_a_plugin_is_used_and_the_plugin_started_once() {
    let server = Server::of(objects());
    let answer = r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-plugin","expirationTimestamp":"2020-01-01T00:00:00Z"}}"#;
    let plugin = script(
        &server,
        "login.sh",
        &format!("echo started >> started\necho '{answer}'"),
    );
    let kubeconfig = changed(&server, "plugin", USER, &exec(&plugin));
    let output = program(
        server.folder(),
        &kubeconfig,
        &[
            "check",
            "--no-config",
            "-A",
            "--target",
            "5.8.2",
            "--now",
            "2026-11-20T12:00:00Z",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.authorization == "Bearer from-plugin")
    );
    let started = std::fs::read_to_string(server.folder().join("started")).unwrap();
    assert_eq!(started.lines().count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_login_plugin_that_hangs_is_named_and_ended_with_its_children() {
    let server = Server::of(objects());
    let plugin = script(
        &server,
        "hangs.sh",
        // One of its children leaves its group.
        "echo $$ >> pids\nsleep 600 &\necho $! >> pids\nsetsid sh -c 'echo $$ >> pids; sleep 600' &\nwait",
    );
    let kubeconfig = changed(&server, "plugin", USER, &exec(&plugin));
    let started = Instant::now();
    let output = program(
        server.folder(),
        &kubeconfig,
        &["check", "--no-config", "-A", "--request-timeout", "1s"],
    );
    assert!(started.elapsed() < Duration::from_secs(15));
    let text = said(&output);
    assert!(
        text.contains("hangs.sh") && text.contains("was ended"),
        "{text}"
    );
    let pids = std::fs::read_to_string(server.folder().join("pids")).unwrap();
    assert_eq!(pids.lines().count(), 3, "started once");
    for pid in pids.lines() {
        let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let lives = !status.is_empty() && !status.contains(") Z ");
        assert!(!lives, "{status}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_server_that_says_nothing_is_told_within_fifteen_seconds() {
    let server = Server::of(objects());
    // Connections are made, and nobody ever answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", silent.local_addr().unwrap());
    let kubeconfig = changed(&server, "silent", &server.url(), &address);
    let started = Instant::now();
    let roads = [
        &["check", "--no-config", "-A"][..],
        &["collect", "-A", "--check-access"],
    ];
    let running = roads.map(|args| {
        let (folder, kubeconfig) = (server.folder().to_owned(), kubeconfig.clone());
        std::thread::spawn(move || program(&folder, &kubeconfig, args))
    });
    let [check, access] = running.map(|thread| said(&thread.join().unwrap()));
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "{:?}",
        started.elapsed()
    );
    assert!(check.contains("no answer within 12s"), "{check}");
    assert!(
        access.contains("nothing could be asked") && !access.contains("missing"),
        "{access}"
    );
}

#[test]
fn a_server_that_stops_half_way_is_not_waited_for_again_and_again() {
    let server = faulty(|request| {
        (request.path != "/version" || request.before > 0).then_some(Answer::Silent)
    });
    let started = Instant::now();
    let (because, _) = failed(&options(&server), "pods");
    assert!(because.contains("says nothing any more"), "{because}");
    assert!(
        started.elapsed() < Duration::from_secs(25),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_list_that_is_long_in_the_making_is_waited_for() {
    let server = faulty(|request| request.ends_with("pods").then_some(Answer::Silent));
    let patient = Options {
        request_timeout: Duration::from_secs(14),
        ..options(&server)
    };
    let (because, _) = failed(&patient, "pods");
    assert!(
        because.contains("did not answer within 14s"),
        "the server lives: {because}"
    );
}

#[test]
fn a_missing_file_in_a_list_of_kubeconfigs_is_passed_over() {
    let server = Server::of(objects());
    let list = format!("/no/such/file::{}", server.kubeconfig().display());
    let output = program(
        server.folder(),
        &list,
        &[
            "check",
            "--no-config",
            "--context",
            "prod",
            "-A",
            "--target",
            "5.8.2",
            "--now",
            "2026-11-20T12:00:00Z",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let output = program(server.folder(), "/no/such/file", &["check", "-A"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn who_may_not_read_a_secret_is_asked_for_get_on_that_one() {
    let server = faulty(|request| {
        request
            .path
            .contains("/secrets")
            .then(|| Answer::forbidden("secrets"))
    });
    let with_secrets = Options {
        secret_metadata: true,
        ..options(&server)
    };
    let (_, ask) = failed(&with_secrets, "secrets");
    assert!(
        ask.contains(r#"resourceNames: ["hippo-backrest-repo-config"], verbs: ["get"]"#),
        "{ask}"
    );
    assert!(!ask.contains("list"), "{ask}");
}

#[test]
fn the_audit_log_can_name_the_program() {
    let server = Server::of(objects());
    take(&options(&server), &Arc::new(Progress::default())).unwrap();
    let agent = format!("pgo-preflight/{}", env!("CARGO_PKG_VERSION"));
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.agent == agent)
    );
}

#[test]
fn a_cluster_of_v5_is_asked_for_as_its_operator_writes_it() {
    let row = WANTED
        .iter()
        .find(|row| row.kind == "PostgresCluster")
        .unwrap();
    assert_eq!(row.versions, ["v1beta1", "v1"]);
    let server = Server::of(objects());
    take(&options(&server), &Arc::new(Progress::default())).unwrap();
    let requests = server.requests();
    let mut asked = requests
        .iter()
        .filter(|request| request.ends_with("postgresclusters"));
    assert!(asked.all(|request| request.path.contains("/v1beta1/")));
}
