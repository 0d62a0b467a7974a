//! What settles questions: commands as they are run, what to do with what they print, and what is to be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::check::{Invocation, Report};
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
    /// What was asked for before, whose answers are read beside these: files, each with what writes it.
    before: Vec<(String, String)>,
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

    /// The same beside what was asked for before: no answer takes the place of another.
    pub(in crate::render) fn beside(mut self, before: &Answers) -> Self {
        if !before.collects {
            let commands = before.commands.iter().cloned();
            self.before = before.files().into_iter().zip(commands).collect();
        }
        self
    }

    /// The files that are read: those of before, too.
    fn read(&self) -> Vec<String> {
        let mut all: Vec<String> = self.before.iter().map(|(file, _)| file.clone()).collect();
        for file in self.files() {
            if !all.contains(&file) {
                all.push(file);
            }
        }
        all
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
            let numbers =
                std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
            let mut names = numbers.map(|number| format!("{name}{number}.yaml"));
            let is_free = |file: &String| {
                let mut before = self.before.iter();
                let others = before.any(|(taken, of)| taken == file && of != command);
                !others && !files.contains(file)
            };
            files.extend(names.find(is_free));
        }
        files
    }

    /// What to do with what the commands print, and what somebody must be allowed who runs them; nothing without commands.
    /// `run` is how the run was called that is to be run again, `again` is what it does: "Check", "Plan".
    pub(in crate::render) fn then(&self, again: &str, run: Option<&Run>) -> Then {
        if self.commands.is_empty() {
            return Then::default();
        }
        // A plan is made again, whatever shows what it asks.
        let again = match run.map(|run| run.called.command.as_str()) {
            Some("plan") => "Plan",
            _ => again,
        };
        let files = self.read();
        let command = run.map(|run| run.called.again(&self.paths(run), &files, self.kinds()));
        let whole: Vec<&str> = self.kinds().collect();
        let whole = match whole.as_slice() {
            [] => None,
            kinds => Some(format!("`--assume-complete={}`", kinds.join(","))),
        };
        let first = match (&command, whole) {
            (Some(_), None) => {
                let how = if self.collects {
                    "with that in place of the input"
                } else {
                    "which reads the answers"
                };
                format!("Then {} again, {how}:", again.to_lowercase())
            }
            (Some(_), Some(flag)) => format!(
                "Then {} again, with {flag} as your word that the list holds all there are:",
                again.to_lowercase()
            ),
            (None, flag) => {
                let how = if self.collects {
                    "in place of the input"
                } else {
                    "added to the input"
                };
                let flag = flag.map_or_else(String::new, |flag| {
                    format!(", and {flag} as your word that the list holds all there are")
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

    /// Another subcommand for the input with the answers beside it, or in its place; for the input as it was, where none
    /// belongs into it.
    pub(in crate::render) fn instead(&self, run: &Run, command: &str, known: &[&str]) -> String {
        if self.commands.is_empty() {
            return run.called.instead(command, known);
        }
        let paths = self.paths(run);
        let files = self.files();
        run.called
            .instead_with(command, known, &paths, &files, self.kinds())
    }

    /// What is read again beside the answers: a bundle taken anew takes the place of everything but drafts.
    fn paths<'r>(&self, run: &'r Run) -> Vec<&'r str> {
        let paths = if self.collects {
            &run.drafts
        } else {
            &run.called.paths
        };
        paths.iter().map(String::as_str).collect()
    }

    /// The kinds that are to be said to be whole: a bundle says so itself.
    fn kinds(&self) -> impl Iterator<Item = &str> {
        let kinds = self.assume.iter().map(String::as_str);
        kinds.filter(|_| !self.collects)
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
            // Other kinds come and go with releases of PGO v5.
            let unknown = if kinds.contains("PostgresCluster") {
                format!("a kind of {V5_GROUP}")
            } else {
                kinds.clone()
            };
            lines.push(format!(
                "Where the server does not know {unknown}, its file stays empty: add `--assume-complete={kinds}` to check and plan."
            ));
        }
        if !self.needs.is_empty() {
            let needs: Vec<&str> = self.needs.iter().map(String::as_str).collect();
            lines.push(format!("These commands need {}.", needs.join(", and ")));
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
        let drafts = document.drafts.iter().map(|draft| &*draft.uri);
        Some(Run::beside(called, &drafts))
    }

    /// Of a run whose report is at hand.
    pub(in crate::render) fn of_report(report: &Report) -> Option<Self> {
        let called = report.invocation.clone()?;
        let drafts = report.drafts.iter().map(|draft| draft.uri.as_str());
        Some(Run::beside(called, &drafts))
    }

    fn beside<'u>(called: Invocation, drafts: &(impl Iterator<Item = &'u str> + Clone)) -> Self {
        let holds_draft = |path: &&String| {
            let path = path.split_once('=').map_or(path.as_str(), |(_, path)| path);
            let path = path.trim_end_matches('/');
            let mut drafts = drafts.clone();
            drafts.any(|uri| Path::new(uri).starts_with(path))
        };
        let drafts = called.paths.iter().filter(holds_draft).cloned().collect();
        Run { called, drafts }
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
