//! What would never end by itself: login plugins at a terminal, and files that are pipes.

use std::time::{Duration, Instant};

use crate::api_server::{Answer, Server, Store};
use crate::live_hostile::{USER, changed, exec, objects, program, said, script};

/// At a terminal a plugin may talk with the user, and so it is in no group of its own.
#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_a_login_plugin_that_hangs_is_ended_with_its_children_too() {
    let server = Server::of(objects());
    let plugin = script(
        &server,
        "hangs.sh",
        "echo $$ >> pids\n(sleep 600 & echo $! >> pids; wait) &\nwait",
    );
    let kubeconfig = changed(
        &server,
        "plugin",
        USER,
        &exec(&plugin).replace("Never", "IfAvailable"),
    );
    // What hangs up at the end must not do what the program should have done.
    let inner = format!(
        "KUBECONFIG='{kubeconfig}' '{}' check --no-config -A --request-timeout 1s; for p in $(cat pids); do cat /proc/$p/stat; done > left; true",
        crate::collect::PROGRAM
    );
    let Ok(output) = std::process::Command::new("script")
        .current_dir(server.folder())
        .args(["-qec", &inner, "/dev/null"])
        .stdin(std::process::Stdio::null())
        .output()
    else {
        eprintln!("skipped: there is no `script`, which gives a terminal");
        return;
    };
    let pids = std::fs::read_to_string(server.folder().join("pids")).unwrap();
    assert_eq!(pids.lines().count(), 2, "{}", said(&output));
    let left = std::fs::read_to_string(server.folder().join("left")).unwrap();
    assert!(left.lines().all(|line| line.contains(") Z ")), "{left}");
}

/// A token, or a certificate, in a pipe that nobody writes to.
#[cfg(unix)]
#[test]
fn files_of_a_kubeconfig_that_never_end_are_told() {
    let server = Server::of(objects());
    let pipe = server.folder().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let token = changed(
        &server,
        "token",
        USER,
        &format!("user: {{tokenFile: {}}}", pipe.display()),
    );
    let authority = server.folder().join("ca.crt");
    let (from, to) = (authority.display().to_string(), pipe.display().to_string());
    let certificate = changed(&server, "certificate", &from, &to);
    for kubeconfig in [token, certificate] {
        let started = Instant::now();
        let args = ["check", "--no-config", "-A", "--request-timeout", "1s"];
        let text = said(&program(server.folder(), &kubeconfig, &args));
        assert!(started.elapsed() < Duration::from_secs(20), "{kubeconfig}");
        assert!(text.contains("read within"), "{text}");
    }
}

/// Nobody may ever write to it, and nothing says how much a device holds.
#[cfg(unix)]
#[test]
fn a_kubeconfig_that_is_a_pipe_and_certificates_that_are_devices_or_huge_are_told_and_not_opened() {
    let server = Server::of(objects());
    let pipe = server.folder().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let args = ["check", "--no-config", "-A"];
    let text = said(&program(server.folder(), pipe.to_str().unwrap(), &args));
    assert!(text.contains("it is a pipe, not a file"), "{text}");
    let huge = server.folder().join("huge");
    let file = std::fs::File::create(&huge).unwrap();
    file.set_len(64 << 30).unwrap();
    let authority = server.folder().join("ca.crt").display().to_string();
    for (path, why) in [
        ("/dev/zero", "is a device, not a file"),
        (huge.to_str().unwrap(), "is larger than any"),
    ] {
        let key = format!("user: {{client-certificate: {path}, client-key: {path}}}");
        let kubeconfigs = [
            changed(&server, "authority", &authority, path),
            changed(&server, "key", USER, &key),
            changed(
                &server,
                "token",
                USER,
                &format!("user: {{tokenFile: {path}}}"),
            ),
        ];
        for kubeconfig in kubeconfigs {
            let text = said(&program(server.folder(), &kubeconfig, &args));
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(why), "{kubeconfig} {path}: {text}");
        }
    }
    // None at all is still none.
    let text = said(&program(server.folder(), "/dev/null", &["check", "-A"]));
    assert!(text.contains("names no cluster"), "{text}");
}

/// The list of permissions is long, and all of them are asked of one place.
#[test]
fn an_access_review_that_gets_no_answer_is_not_tried_forty_times() {
    let server = Server::with(Store::of(objects()), |request| {
        let review = request.path.ends_with("selfsubjectaccessreviews");
        review.then(|| Answer::status(503, "ServiceUnavailable", ""))
    });
    let kubeconfig = server.kubeconfig().display().to_string();
    let args = ["collect", "-A", "--check-access"];
    let text = said(&program(server.folder(), &kubeconfig, &args));
    assert!(text.contains("permissions are not known"), "{text}");
    let asked = server.requests();
    let asked = asked.iter().filter(|request| request.method == "POST");
    assert!(asked.count() <= 4, "{text}");
    // One that is refused says nothing of the others.
    let server = Server::with(Store::of(objects()), |request| {
        request
            .body
            .contains("secrets")
            .then(|| Answer::status(400, "BadRequest", ""))
    });
    let kubeconfig = server.kubeconfig().display().to_string();
    let args = ["collect", "-A", "--check-access", "--secret-metadata"];
    let text = said(&program(server.folder(), &kubeconfig, &args));
    assert!(text.contains(": 1 of "), "{text}");
}
