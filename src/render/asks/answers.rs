//! What settles questions: commands as they are run, what to do with what they print, and what is to be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::check::Invocation;
use crate::manifest::KINDS;
use crate::render::document::Document;
use crate::render::fleet::listed;
use crate::source::V5_GROUP;

/// What settles questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::render) struct Answers {
    /// Commands whose output belongs into the input.
    pub(in crate::render) commands: Vec<String>,
    /// Whether there is a `collect` among them, which writes its file itself.
    pub(in crate::render) collects: bool,
    /// Kinds of which the user has to say that they are there whole.
    pub(in crate::render) assume: BTreeSet<String>,
    /// What somebody must be allowed who runs the commands, where that is not plain.
    pub(in crate::render) needs: BTreeSet<String>,
    /// What a person has to look at, or to mend in the input, with how many questions it bears on.
    pub(in crate::render) look: Vec<(String, usize)>,
    /// Of each question that a command settles the position of that command.
    pub(in crate::render) settled: BTreeMap<String, usize>,
}

impl Answers {
    /// The kinds of PGO v5 that are listed by a command, which a server may not know: "PostgresCluster".
    fn perhaps_unknown(&self) -> Option<String> {
        let listed = |plural: &str| {
            let mut words = self.commands.iter().flat_map(|one| one.split([' ', ',']));
            words.any(|word| word == plural)
        };
        let of_v5 = KINDS.iter().filter(|info| info.plural.ends_with(V5_GROUP));
        let kinds: Vec<&str> = of_v5
            .filter(|info| listed(info.plural))
            .map(|info| info.name)
            .collect();
        (!kinds.is_empty()).then(|| kinds.join(","))
    }

    /// The commands as they are run: what they print goes into a file that is added to the input. A `collect` writes its own.
    pub(in crate::render) fn to_run(&self) -> Vec<String> {
        let mut files = self.files().into_iter();
        let all = self.commands.iter().map(|command| {
            let file = files.next().filter(|_| collected(command).is_none());
            file.map_or_else(|| command.clone(), |file| format!("{command} > {file}"))
        });
        all.collect()
    }

    /// One file for each command.
    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = Vec::with_capacity(self.commands.len());
        for command in &self.commands {
            if let Some(own) = collected(command) {
                files.push(own.to_owned());
                continue;
            }
            let name = file_of(command);
            let same = files.iter().filter(|file| file.starts_with(&name)).count();
            files.push(match same {
                0 => format!("{name}.yaml"),
                more => format!("{name}-{}.yaml", more + 1),
            });
        }
        files
    }

    /// What to do with what the commands print, and what somebody must be allowed who runs them; nothing without commands.
    /// `run` is how the run was called that is to be run again, `again` is what it does: "Check", "Plan".
    pub(in crate::render) fn then(&self, again: &str, run: Option<&Run>) -> Then {
        if self.commands.is_empty() {
            return Then::default();
        }
        let files = self.files();
        let kinds = self
            .assume
            .iter()
            .map(String::as_str)
            .filter(|_| !self.collects);
        let command = run.map(|run| {
            let paths = if self.collects {
                &run.drafts
            } else {
                &run.called.paths
            };
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            run.called.again(&paths, &files, kinds.clone())
        });
        let whole: Vec<&str> = kinds.collect();
        let whole = match whole.as_slice() {
            [] => None,
            kinds => Some(format!("`--assume-complete={}`", kinds.join(","))),
        };
        let first = match (&command, whole) {
            (Some(_), None) => format!("Then {} again:", again.to_lowercase()),
            (Some(_), Some(flag)) => format!(
                "Then {} again, with {flag}: no list says that it is whole.",
                again.to_lowercase()
            ),
            (None, flag) => {
                let how = if self.collects {
                    "in place of the input"
                } else {
                    "added to the input"
                };
                let flag = flag.map_or_else(String::new, |flag| {
                    format!(", and {flag}, since a list does not say that it is whole")
                });
                format!("{again} again with {} {how}{flag}.", listed(&files))
            }
        };
        Then {
            first,
            command,
            notes: self.notes(),
        }
    }

    /// What is to be known of the commands.
    fn notes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self
            .commands
            .iter()
            .any(|command| command.contains(METADATA))
        {
            let which = match self.commands.len() {
                1 => "it",
                _ => "the last one",
            };
            lines.push(format!(
                "Of Secrets {which} prints names, labels and annotations, no values."
            ));
        }
        if let Some(kinds) = self.perhaps_unknown() {
            lines.push(format!(
                "Where the server does not know a kind of {V5_GROUP}, PGO v5 is not installed: say so with `--assume-complete={kinds}`."
            ));
        }
        if !self.needs.is_empty() {
            let needs: Vec<&str> = self.needs.iter().map(String::as_str).collect();
            lines.push(format!("That needs {}.", needs.join(", and ")));
        }
        lines
    }
}

/// How a run is called again.
#[derive(Clone, Debug)]
pub(in crate::render) struct Run {
    pub(in crate::render) called: Invocation,
    /// Of what it read, what holds drafts: a bundle taken anew takes the place of everything else.
    drafts: Vec<String>,
}

impl Run {
    /// Of a report; none where it cannot be called again.
    pub(in crate::render) fn of(document: &Document<'_>) -> Option<Self> {
        let called = document.invocation()?;
        let holds_draft = |path: &&String| {
            let path = path.split_once('=').map_or(path.as_str(), |(_, path)| path);
            let path = path.trim_end_matches('/');
            let mut drafts = document.drafts.iter();
            drafts.any(|draft| Path::new(&*draft.uri).starts_with(path))
        };
        let drafts = called.paths.iter().filter(holds_draft).cloned().collect();
        Some(Run { called, drafts })
    }
}

/// What is done with what the commands print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::render) struct Then {
    /// A sentence, before the command where there is one.
    pub(in crate::render) first: String,
    /// The run once more, with the answers beside its input.
    pub(in crate::render) command: Option<String>,
    /// What is to be known of it.
    pub(in crate::render) notes: Vec<String>,
}

/// The file that a command writes itself.
fn collected(command: &str) -> Option<&str> {
    let (_, file) = command
        .strip_prefix("pgo-preflight ")?
        .rsplit_once(" --output ")?;
    Some(file)
}

/// What the files begin with that printed commands write: a shell's `>` asks nobody, and `version.yaml` may be somebody's.
const OURS: &str = "preflight-";

/// What a file is called that holds what a command prints: by context and namespace, and the first of its kinds. The next
/// question is another one, and must not take the place of the answer to this.
fn file_of(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let behind = |flag: &str| {
        let at = words.iter().position(|word| *word == flag)?;
        words.get(at + 1).copied()
    };
    let kinds: Vec<&str> = behind("get").unwrap_or("version").split(',').collect();
    let first = kinds.first().and_then(|kind| kind.split('.').next());
    let more = match kinds.len() {
        0 | 1 => String::new(),
        many => format!("-and-{}", many - 1),
    };
    let place = match behind("-n") {
        None if words.contains(&"-A") => Some("all"),
        named => named,
    };
    let parts = [behind("--context"), place, first];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = parts.join("-").chars().map(plain).collect();
    format!("{OURS}{}{more}", name.trim_matches('-'))
}

/// What the command begins with that prints the metadata of Secrets.
const METADATA: &str = " get secrets ";
