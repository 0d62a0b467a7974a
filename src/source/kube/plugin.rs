//! A login plugin (`exec:` of a kubeconfig's user), run once for a cluster and ended, with what it started, when it takes too
//! long. Nothing that it writes for us is ever shown; at a terminal it may talk with the user.

mod family;

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use kube::config::{ExecConfig, ExecInteractiveMode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::fault::span;
use super::foreign;

/// From one look at the plugin to the next.
const LOOK: Duration = Duration::from_millis(20);

/// How long a plugin may take to end itself when it is told to, and to hand over what it wrote when it has ended.
const GRACE: Duration = Duration::from_millis(500);

/// More than any credential takes, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// A credential that a plugin gave. It cannot be printed.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(super) struct Credential(SecretString);

impl From<String> for Credential {
    fn from(text: String) -> Credential {
        Credential(text.into())
    }
}

impl Credential {
    /// What a request is to carry.
    pub(super) fn to_be_sent(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What a plugin answers with.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Login {
    pub(super) token: Option<Credential>,
    pub(super) client_certificate_data: Option<Credential>,
    pub(super) client_key_data: Option<Credential>,
}

#[derive(Deserialize)]
struct Answer {
    status: Option<Login>,
}

/// Runs it. What went wrong is told in words of our own.
pub(super) fn run(exec: &ExecConfig, limit: Duration) -> Result<Login, String> {
    let Some(command) = exec
        .command
        .as_deref()
        .filter(|command| !command.is_empty())
    else {
        return Err("the user of the context has an exec plugin without a command".to_owned());
    };
    let name = name(command);
    let terminal = std::io::stdin().is_terminal();
    if exec.interactive_mode == Some(ExecInteractiveMode::Always) && !terminal {
        return Err(format!(
            "{name} wants to ask at a terminal, and standard input is none"
        ));
    }
    let interactive = terminal && exec.interactive_mode != Some(ExecInteractiveMode::Never);
    let mut child = start(exec, command, interactive)
        .map_err(|error| format!("{name} cannot be started: {}", why(&error)))?;
    let written = written(&mut child);
    let Some(status) = wait(&mut child, limit) else {
        end(&mut child, interactive);
        return Err(format!(
            "{name} did not come to an end within {} and was ended",
            span(limit)
        ));
    };
    if !status.success() {
        let code = status
            .code()
            .map_or("by a signal".to_owned(), |code| format!("with {code}"));
        return Err(format!(
            "{name} failed ({code}); what it wrote is not shown, as it may hold a credential"
        ));
    }
    // What it started may hold the pipe open behind its back.
    let Ok(text) = written.recv_timeout(GRACE) else {
        end(&mut child, interactive);
        // In the group of the terminal nothing tells what it left from what is somebody else's.
        let then = if interactive {
            "is not waited for"
        } else {
            "was ended"
        };
        return Err(format!(
            "{name} ended, and left something that goes on writing, which {then}"
        ));
    };
    let login = foreign::json::<Answer>(&text)
        .ok()
        .and_then(|answer| answer.status);
    login.ok_or_else(|| {
        format!("{name} did not answer with credentials (an ExecCredential with a status, as JSON)")
    })
}

/// Why a program cannot be started, without its path.
fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such program".to_owned(),
        other => other.to_string(),
    }
}

/// How a plugin is named: by the name of its file. A command that does not look like one is not told.
fn name(command: &str) -> String {
    let file = Path::new(command)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    if !file.is_empty() && file.len() <= 64 && file.chars().all(plain) {
        format!("the login plugin {file} (exec of the context's user)")
    } else {
        "the login plugin of the context's user (exec)".to_owned()
    }
}

#[allow(clippy::disallowed_methods)] // the program that the user's kubeconfig names
fn start(exec: &ExecConfig, command: &str, interactive: bool) -> std::io::Result<Child> {
    let mut plugin = Command::new(command);
    plugin.args(exec.args.iter().flatten());
    for entry in exec.env.iter().flatten() {
        if let (Some(name), Some(value)) = (entry.get("name"), entry.get("value")) {
            plugin.env(name, value);
        }
    }
    let mut spec = json!({"interactive": interactive});
    if let (true, Some(cluster), Some(fields)) = (
        exec.provide_cluster_info,
        &exec.cluster,
        spec.as_object_mut(),
    ) {
        fields.insert(
            "cluster".to_owned(),
            serde_json::to_value(cluster).unwrap_or_default(),
        );
    }
    let info = json!({"apiVersion": exec.api_version, "kind": "ExecCredential", "spec": spec});
    plugin.env("KUBERNETES_EXEC_INFO", info.to_string());
    plugin.stdout(Stdio::piped());
    if interactive {
        // It talks with the user, and so it stays in the group of processes that the terminal belongs to.
        plugin.stdin(Stdio::inherit()).stderr(Stdio::inherit());
    } else {
        plugin.stdin(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut plugin, 0);
    }
    plugin.spawn()
}

/// Everything that it writes, once it is all there.
fn written(child: &mut Child) -> Receiver<Vec<u8>> {
    let (tell, told) = channel();
    if let Some(out) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            // Broken off or too long: then it is no answer.
            let _ = out.take(MOST_BYTES).read_to_end(&mut text);
            let _ = tell.send(text);
        });
    }
    told
}

fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if started.elapsed() < limit => std::thread::sleep(LOOK),
            _ => return None,
        }
    }
}

/// Ends it and what it started: first asked, then made to. What has left its group is found by its parents, and what has lost
/// its parents by its group.
fn end(child: &mut Child, interactive: bool) {
    family::end(child.id(), || {
        if !interactive {
            signal_group(child, false);
        }
        wait(child, GRACE).is_some()
    });
    if !interactive {
        signal_group(child, true);
    }
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn signal_group(child: &Child, force: bool) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = if force { Signal::KILL } else { Signal::TERM };
    // A group without processes is what is wanted.
    let _ = kill_process_group(Pid::from_child(child), signal);
}

#[cfg(not(unix))]
fn signal_group(_: &Child, _: bool) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_named_by_its_file_if_at_all() {
        assert!(name("/opt/bin/gke-gcloud-auth-plugin").contains("gke-gcloud-auth-plugin"));
        for odd in ["", "sh -c 'curl -H token'", "/", "a\u{1b}[2J"] {
            assert_eq!(name(odd), "the login plugin of the context's user (exec)");
        }
    }
}
