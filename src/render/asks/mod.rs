//! What is undecided to the fewest commands that settle it: merged by cluster, namespace and kind; for a fleet one
//! `collect`. What no command can put into the input stands apart, as something to look at.

mod question;

use std::collections::{BTreeMap, BTreeSet};

use self::question::{Asked, DEFINITIONS, Place, SECRETS, asked, assumed, needed};
use super::document::Document;
use super::fleet::listed;
use crate::manifest::{KINDS, shell_word};
use crate::source::{V5_GROUP, secret_metadata};

/// From how many commands on one `collect` is said instead.
const MANY: usize = 4;

/// What settles questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// Commands whose output belongs into the input.
    pub(super) commands: Vec<String>,
    /// Whether the commands are a `collect`, which writes its file itself.
    pub(super) collects: bool,
    /// Kinds of which the user has to say that they are there whole.
    pub(super) assume: BTreeSet<String>,
    /// What somebody must be allowed who runs the commands, where that is not plain.
    pub(super) needs: BTreeSet<String>,
    /// What a person has to look at, or to mend in the input, with how many questions it bears on.
    pub(super) look: Vec<(String, usize)>,
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
    pub(super) fn to_run(&self) -> Vec<String> {
        if self.collects {
            return self.commands.clone();
        }
        let all = self.commands.iter().zip(self.files());
        all.map(|(command, file)| format!("{command} > {file}"))
            .collect()
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
    pub(super) fn then(&self, again: &str) -> Vec<String> {
        if self.commands.is_empty() {
            return Vec::new();
        }
        let mut line = match self.commands.len() {
            _ if self.collects => {
                format!("{again} again with the file that it writes added to the input")
            }
            _ => format!(
                "{again} again with {} added to the input",
                listed(&self.files())
            ),
        };
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

/// What stands before the things to look at.
pub(super) const LOOK: &str =
    "Look yourself, and answer with an attestation of the rule in the configuration file:";

/// What a question of a report is about: the first thing that is missing without its answer.
pub(super) fn missing(document: &Document<'_>, ask: &str) -> String {
    let mut gaps = document.findings.iter().flat_map(|one| &one.gaps);
    let gap = gaps.find(|gap| gap.ask == ask);
    gap.map_or_else(String::new, |gap| gap.missing.to_string())
}

/// What is listed, by context and place.
type Lists = BTreeMap<(Option<String>, Place), BTreeSet<&'static str>>;

/// Kinds without a namespace are asked for with those of all namespaces, where those are asked for.
fn with_those_of_all(lists: &mut Lists) {
    let everywhere = lists.keys().filter(|(_, place)| *place == Place::All);
    let contexts: Vec<Option<String>> = everywhere.map(|(context, _)| context.clone()).collect();
    for context in contexts {
        let Some(mut kinds) = lists.remove(&(context.clone(), Place::Nowhere)) else {
            continue;
        };
        let wide = |plural: &&str| {
            let mut known = KINDS.iter().filter(|info| info.plural == *plural);
            known.any(|info| !info.namespaced)
        };
        let moved: Vec<&str> = kinds.iter().copied().filter(wide).collect();
        kinds.retain(|kind| !moved.contains(kind));
        lists.insert((context.clone(), Place::Nowhere), kinds);
        lists
            .entry((context, Place::All))
            .or_default()
            .extend(moved);
    }
}

/// Merges the questions of a report; each with the number of findings that ask it.
pub(super) fn answers<'q>(asks: impl Iterator<Item = (&'q str, usize)>) -> Answers {
    let mut lists = Lists::new();
    let mut definitions: BTreeMap<Option<String>, BTreeSet<String>> = BTreeMap::new();
    let mut servers: BTreeSet<Option<String>> = BTreeSet::new();
    let mut look: BTreeMap<String, usize> = BTreeMap::new();
    let mut answers = Answers::default();
    for (ask, count) in asks {
        let (ask, kinds) = assumed(ask);
        answers.assume.extend(kinds);
        let (ask, needs) = needed(ask);
        // A listing is asked for, whatever the question itself was content with.
        answers
            .needs
            .extend(needs.map(|needs| needs.replace("with get on", "with get and list on")));
        match asked(ask) {
            Asked::List {
                context,
                kind,
                place,
            } => {
                lists.entry((context, place)).or_default().insert(kind);
            }
            Asked::Definition { context, name } => {
                definitions.entry(context).or_default().insert(name);
            }
            Asked::Server { context } => {
                servers.insert(context);
            }
            Asked::Look(text) => *look.entry(text).or_default() += count,
        }
    }
    answers.look = look.into_iter().collect();
    answers
        .look
        .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // What is listed everywhere need not be listed in a namespace again.
    let everywhere: Vec<(Option<String>, BTreeSet<&'static str>)> = lists
        .iter()
        .filter(|((_, place), _)| *place == Place::All)
        .map(|((context, _), kinds)| (context.clone(), kinds.clone()))
        .collect();
    for ((context, place), kinds) in &mut lists {
        let all = everywhere.iter().find(|(other, _)| other == context);
        if let (Place::Namespace(_), Some((_, all))) = (place, all) {
            kinds.retain(|kind| !all.contains(kind));
        }
    }
    with_those_of_all(&mut lists);
    lists.retain(|_, kinds| !kinds.is_empty());
    if lists.len() > MANY {
        let contexts: BTreeSet<Option<&str>> = lists
            .keys()
            .map(|(context, _)| context.as_deref())
            .collect();
        answers.commands = contexts.into_iter().map(collect).collect();
        answers.collects = true;
    } else {
        for ((context, place), kinds) in &lists {
            answers
                .commands
                .extend(get(context.as_deref(), place, kinds));
        }
        for context in &servers {
            let context = flag(context.as_deref());
            answers
                .commands
                .push(format!("kubectl{context} version -o yaml"));
        }
        for (context, names) in &definitions {
            let context = flag(context.as_deref());
            let names: Vec<String> = names.iter().map(|name| shell_word(name)).collect();
            let names = names.join(" ");
            answers.commands.push(format!(
                "kubectl{context} get {DEFINITIONS} {names} -o yaml"
            ));
        }
        // What is longest to read comes last.
        let long = |command: &String| command.contains("go-template=");
        answers.commands.sort_by_key(long);
    }
    answers
}

/// Whether what is to look at is a command.
pub(super) fn is_command(ask: &str) -> bool {
    let programs = ["kubectl ", "pgo ", "psql "];
    programs.iter().any(|program| ask.starts_with(program))
}

/// A context as a flag of kubectl.
fn flag(context: Option<&str>) -> String {
    context.map_or_else(String::new, |name| {
        format!(" --context {}", shell_word(name))
    })
}

/// A `collect` of one cluster.
fn collect(context: Option<&str>) -> String {
    match context {
        None => "pgo-preflight collect -A --output evidence.tar.gz".to_owned(),
        Some(name) => {
            let file: String = name
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            let name = shell_word(name);
            format!("pgo-preflight collect --context {name} -A --output evidence-{file}.tar.gz")
        }
    }
}

/// The listings of one place: one command, and one more for the metadata of Secrets.
fn get(context: Option<&str>, place: &Place, kinds: &BTreeSet<&'static str>) -> Vec<String> {
    let context = flag(context);
    let place = match place {
        Place::Namespace(name) => format!(" -n {}", shell_word(name)),
        Place::All => " -A".to_owned(),
        Place::Nowhere => String::new(),
    };
    let mut commands = Vec::new();
    let whole = kinds.iter().copied().filter(|kind| *kind != SECRETS);
    // Of a server that does not know one of many kinds, kubectl prints none.
    let (of_v5, known): (Vec<&str>, Vec<&str>) = whole.partition(|kind| kind.ends_with(V5_GROUP));
    for kinds in [known, of_v5].iter().filter(|kinds| !kinds.is_empty()) {
        commands.push(format!(
            "kubectl{context} get {}{place} -o yaml",
            kinds.join(",")
        ));
    }
    if kinds.contains(SECRETS) {
        commands.push(format!("kubectl{context} get {}", secret_metadata(&place)));
    }
    commands
}

#[cfg(test)]
mod tests;
