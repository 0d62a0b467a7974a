//! What would never end by itself: login plugins at a terminal, and files that are pipes.

use std::time::{Duration, Instant};

use crate::api_server::Server;
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
