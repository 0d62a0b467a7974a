//! What settles questions: commands as they are run, what to do with what they print, and what is to be looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::KINDS;
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
            let file = files.next().filter(|_| !is_collect(command));
            file.map_or_else(|| command.clone(), |file| format!("{command} > {file}"))
        });
        all.collect()
    }

    /// One file for each command.
    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = Vec::with_capacity(self.commands.len());
        for command in &self.commands {
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
    /// `again` is what is done once more: "Check", "Plan".
    pub(in crate::render) fn then(&self, again: &str) -> Vec<String> {
        if self.commands.is_empty() {
            return Vec::new();
        }
        let files = self.files();
        let all = self.commands.iter().zip(files);
        let (collected, others): (Vec<_>, Vec<_>) =
            all.partition(|(command, _)| is_collect(command));
        let written = match collected.len() {
            0 => None,
            1 => Some("the file that it writes".to_owned()),
            _ => Some("the files that they write".to_owned()),
        };
        let others = others.into_iter().map(|(_, file)| file);
        let files: Vec<String> = written.into_iter().chain(others).collect();
        let mut line = format!("{again} again with {} added to the input", listed(&files));
        if !self.assume.is_empty() && !self.collects {
            let kinds: Vec<&str> = self.assume.iter().map(String::as_str).collect();
            line.push_str(&format!(
                ", and `--assume-complete={}`, since a list does not say that it is whole",
                kinds.join(",")
            ));
        }
        let mut lines = vec![format!("{line}.")];
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

/// Whether a command writes its file itself.
fn is_collect(command: &str) -> bool {
    command.starts_with("pgo-preflight ")
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
