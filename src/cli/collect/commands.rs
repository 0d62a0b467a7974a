//! The table of what is asked of a cluster to kubectl commands that export the same by hand.

use crate::manifest::shell_word;
use crate::printable::one_line;
use crate::source::{Reach, SECRET_METADATA, WANTED, secret_metadata};

/// The folder that the commands write to.
const FOLDER: &str = "pgo-preflight-export";

/// Which namespaces are exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Namespaces<'a> {
    /// The one that the context names.
    OfContext,
    /// These.
    Named(&'a [String]),
    /// All.
    All,
}

/// The commands for one cluster, as a script that a POSIX shell can run. No cluster is asked for it.
pub(super) fn script(context: Option<&str>, namespaces: &Namespaces<'_>, secrets: bool) -> String {
    let export = Export::of(context);
    let mut text = format!(
        "# An export for pgo-preflight, by hand{}. The commands get and list, and change nothing.\n# No Secret is read{}.\n\
         mkdir -p {}\n",
        context.map_or(String::new(), |name| format!(
            ", of the context {}",
            one_line(name)
        )),
        if secrets {
            ", but for the metadata that the last commands print"
        } else {
            ""
        },
        export.folder,
    );
    for (place, flag) in places(namespaces) {
        text.push_str(&format!("\n# {place}\n"));
        for row in WANTED.iter().filter(|row| row.namespaced) {
            text.push_str(&export.command(row.resource, &flag, row.plural()));
        }
    }
    text.push_str(&export.elsewhere(namespaces));
    text.push_str("\n# In no namespace\n");
    for row in WANTED.iter().filter(|row| !row.namespaced) {
        text.push_str(&export.command(row.resource, "", row.plural()));
    }
    if secrets {
        text.push_str(&export.secrets(namespaces));
    }
    text.push_str(&export.judgement(secrets));
    text
}

/// What is said of each place, and kubectl's flag for it.
fn places(namespaces: &Namespaces<'_>) -> Vec<(String, String)> {
    match namespaces {
        Namespaces::OfContext => {
            vec![("In the namespace of the context".to_owned(), String::new())]
        }
        Namespaces::All => vec![(
            "In all namespaces. Name those that hold clusters with -n for a smaller export"
                .to_owned(),
            " -A".to_owned(),
        )],
        Namespaces::Named(names) => names
            .iter()
            .map(|name| {
                (
                    format!("In the namespace {}", one_line(name)),
                    format!(" -n {}", shell_word(name)),
                )
            })
            .collect(),
    }
}

/// How the commands for one cluster begin, and where they write to.
struct Export {
    kubectl: String,
    folder: String,
}

impl Export {
    fn of(context: Option<&str>) -> Export {
        match context {
            None => Export {
                kubectl: "kubectl".to_owned(),
                folder: FOLDER.to_owned(),
            },
            Some(name) => Export {
                kubectl: format!("kubectl --context {}", shell_word(name)),
                folder: format!("{FOLDER}-{}", file_name(name)),
            },
        }
    }

    fn command(&self, resource: &str, flags: &str, file: &str) -> String {
        let place = flags
            .strip_prefix(" -n ")
            .map_or(String::new(), |name| format!("{}.", file_name(name)));
        format!(
            "{} get {resource}{flags} -o yaml > {}/{place}{file}.yaml\n",
            self.kubectl, self.folder
        )
    }

    /// What is of interest in namespaces that are not: operators and their settings. No parts of clusters, which would
    /// pass for clusters whose other parts do not exist.
    fn elsewhere(&self, namespaces: &Namespaces<'_>) -> String {
        let beyond: String = match namespaces {
            Namespaces::All => return String::new(),
            Namespaces::OfContext => String::new(),
            Namespaces::Named(names) => names
                .iter()
                .map(|name| format!(",metadata.namespace!={name}"))
                .collect(),
        };
        let mut text = "\n# In the other namespaces: operators may run anywhere\n".to_owned();
        for row in WANTED.iter().filter(|row| row.namespaced) {
            let flags = match row.reach {
                Reach::BesideClusters {
                    everywhere: Some(name),
                    ..
                } => fields(&format!("metadata.name={name}{beyond}")),
                _ if row.kind == "Deployment" => {
                    format!(
                        " -l '!pg-cluster'{}",
                        fields(beyond.trim_start_matches(','))
                    )
                }
                _ => continue,
            };
            let file = format!("elsewhere.{}", row.plural());
            text.push_str(&self.command(row.resource, &format!(" -A{flags}"), &file));
        }
        text
    }

    /// Secrets, printed without their data. kubectl itself gets the data: it cannot ask for less.
    fn secrets(&self, namespaces: &Namespaces<'_>) -> String {
        let mut text = format!(
            "\n# To know {}:\n# kubectl reads the Secrets whole, and the template prints no data\n",
            SECRET_METADATA.why
        );
        for (_, flag) in places(namespaces) {
            let place = flag
                .strip_prefix(" -n ")
                .map_or(String::new(), |name| format!("{}.", file_name(name)));
            text.push_str(&format!(
                "{} get {} > {}/{place}{}.yaml\n",
                self.kubectl,
                secret_metadata(&format!("{flag} -l pgo-backrest-repo=true")),
                self.folder,
                SECRET_METADATA.plural(),
            ));
        }
        text
    }

    fn judgement(&self, secrets: bool) -> String {
        let kinds: Vec<&str> = WANTED.iter().map(|row| row.kind).collect();
        let secret = if secrets {
            "\n# Secrets are never whole in such an export: Secret stays out of the list."
        } else {
            ""
        };
        format!(
            "\n# Then judge it. An empty list does not say what it is a list of, so say which kinds are there whole. Take those out\n\
             # of --assume-complete whose command failed, unless it said that the server does not have the resource type;\n\
             # and look at one Kubernetes cluster at a time.{secret}\n\
             pgo-preflight check {} --assume-complete={}\n",
            self.folder,
            kinds.join(",")
        )
    }
}

/// kubectl's flag for a selector of fields; nothing for none.
fn fields(selector: &str) -> String {
    if selector.is_empty() {
        String::new()
    } else {
        format!(" --field-selector '{}'", selector.replace('\'', r"'\''"))
    }
}

/// A part of a file's name: contexts may hold slashes and colons.
pub(super) fn file_name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let safe: String = name
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    safe.trim_start_matches(['.', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_table_has_a_command() {
        for namespaces in [
            Namespaces::All,
            Namespaces::OfContext,
            Namespaces::Named(&["pgo".to_owned()]),
        ] {
            let text = script(None, &namespaces, false);
            for row in &WANTED {
                let command = format!("kubectl get {} ", row.resource);
                assert!(text.contains(&command), "{}", row.kind);
            }
            assert!(!text.contains("get secrets"));
        }
    }

    #[test]
    fn names_cannot_smuggle_commands() {
        let names = ["a\nrm -rf ~".to_owned(), "$(b)".to_owned()];
        let text = script(Some("c; d"), &Namespaces::Named(&names), true);
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let first = line.split(' ').next().unwrap();
            assert!(
                ["", "mkdir", "kubectl", "pgo-preflight", "rm"].contains(&first),
                "{line}"
            );
        }
        assert!(text.contains("kubectl --context 'c; d' get"));
        assert!(text.contains("-n '$(b)'"));
        assert!(
            text.contains("'a\nrm -rf ~'"),
            "inside of quotes, a line break is a letter"
        );
    }
}
