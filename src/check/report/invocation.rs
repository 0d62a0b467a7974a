//! How a run was called: what was found open is asked again by the same call with the answers beside its input.

use serde::{Deserialize, Serialize};

use crate::manifest::shell_word;

/// How a run was called, as far as it can be called again with more to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invocation {
    /// The subcommand: `check`, `plan`.
    pub command: String,
    /// What it read, as named: `[NAME=]PATH`.
    pub paths: Vec<String>,
    /// The name that all of it was given; a file that is added needs the same to be of the same Kubernetes cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// What says how it is judged, each flag with its value.
    pub flags: Vec<Vec<String>>,
    /// The kinds that were said to be in the input whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete: Vec<String>,
    /// Whether any of it is evidence of a Kubernetes cluster of its own, live or in an archive: no file beside it joins that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// What says which live clusters were read, each flag with its value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub live: Vec<Vec<String>>,
}

impl Invocation {
    /// Whether its words are those of a command line that asks: a report comes from anywhere, and a flag of a printed command
    /// must not write a file, nor be anything but a flag.
    pub fn is_sound(&self) -> bool {
        let named = |flag: &[String], known: &[&str]| {
            flag.first()
                .is_some_and(|name| known.contains(&name.as_str()))
        };
        ["check", "plan", "verify"].contains(&self.command.as_str())
            && self.flags.iter().all(|flag| named(flag, &ASKING))
            && self.live.iter().all(|flag| named(flag, &LIVE))
            && self
                .paths
                .iter()
                .all(|path| !path.is_empty() && !path.starts_with('-'))
    }

    /// The same once it is known what it read: whether any of it was evidence of a cluster of its own.
    #[must_use]
    pub fn of_evidence(self, apart: bool) -> Self {
        Invocation { apart, ..self }
    }

    /// The line for a shell that calls it again: with these paths, and with these files beside them; these kinds are said to
    /// be whole, too.
    pub fn again<'k>(
        &'k self,
        paths: &[&str],
        files: &[String],
        kinds: impl IntoIterator<Item = &'k str>,
    ) -> String {
        let mut words = vec!["pgo-preflight".to_owned(), self.command.clone()];
        words.extend(paths.iter().map(|path| shell_word(path)));
        words.extend(files.iter().map(|file| match &self.origin {
            // A bundle says itself of which cluster it is.
            Some(name) if !file.ends_with(".tar.gz") => shell_word(&format!("{name}={file}")),
            _ => shell_word(file),
        }));
        words.extend(self.flags.iter().map(|flag| in_shell(flag)));
        words.extend(self.complete_with(kinds));
        words.join(" ")
    }

    /// The line that calls another subcommand for the same input, with those flags that it knows.
    pub fn instead(&self, command: &str, known: &[&str]) -> String {
        let paths: Vec<&str> = self.paths.iter().map(String::as_str).collect();
        let line = self.instead_with(command, known, &paths, &[], []);
        let live = self.live.iter().map(|flag| in_shell(flag));
        std::iter::once(line)
            .chain(live)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The same for these paths, and with these files beside them; these kinds are said to be whole, too.
    pub fn instead_with<'k>(
        &'k self,
        command: &str,
        known: &[&str],
        paths: &[&str],
        files: &[String],
        kinds: impl IntoIterator<Item = &'k str>,
    ) -> String {
        let knows = |flag: &&Vec<String>| {
            flag.first()
                .is_some_and(|name| known.contains(&name.as_str()))
        };
        let other = Invocation {
            command: command.to_owned(),
            flags: self.flags.iter().filter(knows).cloned().collect(),
            ..self.clone()
        };
        let kinds: Vec<&str> = kinds.into_iter().collect();
        other.again(paths, files, kinds.iter().copied())
    }

    /// The flags by which a `collect` reads what was read live: which namespaces, by which kubeconfig.
    pub fn scope(&self) -> Option<String> {
        let of = |names: &[&str]| -> Vec<String> {
            let named = |flag: &&Vec<String>| {
                flag.first()
                    .is_some_and(|name| names.contains(&name.as_str()))
            };
            let flags = self.live.iter().filter(named);
            flags.map(|flag| in_shell(flag)).collect()
        };
        let places = of(&["--namespace", "--all-namespaces"]);
        let all = [of(&["--kubeconfig"]), places.clone()].concat();
        (!places.is_empty()).then(|| all.join(" "))
    }

    fn complete_with<'k>(&'k self, kinds: impl IntoIterator<Item = &'k str>) -> Option<String> {
        if self.complete.iter().any(|kind| kind == EVERYTHING) {
            return Some("--assume-complete".to_owned());
        }
        let mut all: Vec<&str> = self.complete.iter().map(String::as_str).collect();
        all.extend(kinds);
        all.sort_unstable();
        all.dedup();
        let kinds = shell_word(&all.join(","));
        (!all.is_empty()).then(|| format!("--assume-complete={kinds}"))
    }
}

/// A flag and its value; a flag's own name needs no quotes.
fn in_shell(flag: &[String]) -> String {
    let mut words = flag.iter();
    let name = words.next().cloned().unwrap_or_default();
    let values = words.map(|word| shell_word(word));
    std::iter::once(name)
        .chain(values)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Flags that say how what is read is judged; a test keeps them those of the command line.
pub const ASKING: [&str; 18] = [
    "--allow-unrendered",
    "--api-version",
    "--backup-info",
    "--baseline",
    "--before",
    "--cluster",
    "--config",
    "--crd",
    "--exit-zero",
    "--fail-on",
    "--lint-live",
    "--method",
    "--no-config",
    "--pair",
    "--rule",
    "--rules",
    "--steps",
    "--target",
];

/// Flags that name live clusters.
pub const LIVE: [&str; 5] = [
    "--context",
    "--all-contexts",
    "--namespace",
    "--all-namespaces",
    "--kubeconfig",
];

/// What stands for every kind.
pub const EVERYTHING: &str = "all";

#[cfg(test)]
mod tests {
    use super::*;

    fn invocation() -> Invocation {
        Invocation {
            command: "check".to_owned(),
            paths: vec!["my exports/".to_owned()],
            flags: vec![vec!["--target".to_owned(), "5.8.2".to_owned()]],
            ..Invocation::default()
        }
    }

    #[test]
    fn a_run_is_called_again_with_the_answer_beside_its_input() {
        let run = invocation();
        let paths: Vec<&str> = run.paths.iter().map(String::as_str).collect();
        let files = ["preflight-pgo-pods.yaml".to_owned()];
        assert_eq!(
            run.again(&paths, &files, ["Pod"]),
            "pgo-preflight check 'my exports/' preflight-pgo-pods.yaml --target 5.8.2 --assume-complete=Pod"
        );
    }

    #[test]
    fn a_report_from_anywhere_puts_no_command_into_ours() {
        let with = |flag: &[&str]| Invocation {
            flags: vec![flag.iter().map(|word| (*word).to_owned()).collect()],
            ..invocation()
        };
        assert!(with(&["--target", "$(reboot)"]).is_sound());
        let told = with(&["--target", "$(reboot)"]).again(&["a;b"], &[], []);
        assert_eq!(told, "pgo-preflight check 'a;b' --target '$(reboot)'");
        for flag in [
            &["--target;reboot"][..],
            &["$(reboot)"],
            &["--write-baseline", "/home/u/.bashrc"],
            &["--kubeconfig", "/tmp/theirs"],
            &[],
        ] {
            assert!(!with(flag).is_sound(), "{flag:?}");
        }
    }

    /// Otherwise the file is evidence of another Kubernetes cluster, and answers nothing.
    #[test]
    fn an_answer_has_the_name_that_the_input_was_given() {
        let run = Invocation {
            origin: Some("east".to_owned()),
            complete: vec![EVERYTHING.to_owned(), "Pod".to_owned()],
            ..invocation()
        };
        assert_eq!(
            run.again(&["east=a"], &["b.yaml".to_owned()], ["Job"]),
            "pgo-preflight check east=a east=b.yaml --target 5.8.2 --assume-complete"
        );
    }
}
