//! Questions of a report to commands: what is listed in one place by one command, and what of many places by one `collect`.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answers;
use super::question::{Asked, DEFINITIONS, Place, SECRETS, asked, assumed, needed};
use crate::manifest::{KINDS, shell_word};
use crate::source::{V5_GROUP, secret_metadata};

/// From how many commands on one `collect` is said instead.
const MANY: usize = 4;

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

/// A command, and what it answers.
struct Command {
    text: String,
    of: Of,
}

/// What a command answers.
enum Of {
    /// Listings.
    Lists {
        context: Option<String>,
        place: Place,
        kinds: BTreeSet<&'static str>,
    },
    Definitions(Option<String>),
    Server(Option<String>),
    /// All of a cluster.
    All(Option<String>),
}

impl Of {
    /// Whether what a question asks for is among it.
    fn answers(&self, asked: &Asked) -> bool {
        let of = match asked {
            Asked::List { context, .. }
            | Asked::Definition { context, .. }
            | Asked::Server { context } => context,
            Asked::Look(_) => return false,
        };
        match (self, asked) {
            (Of::All(_), Asked::List { kind, .. }) if *kind == SECRETS => false,
            (Of::All(context), _)
            | (Of::Definitions(context), Asked::Definition { .. })
            | (Of::Server(context), Asked::Server { .. }) => context == of,
            (
                Of::Lists {
                    context,
                    place,
                    kinds,
                },
                Asked::List {
                    kind, place: at, ..
                },
            ) => {
                let covers = *place == Place::All || place == at;
                context == of && covers && kinds.contains(kind)
            }
            _ => false,
        }
    }
}

/// What is asked for, from questions as they came.
#[derive(Default)]
struct Wanted {
    lists: Lists,
    definitions: BTreeMap<Option<String>, BTreeSet<String>>,
    servers: BTreeSet<Option<String>>,
    look: BTreeMap<String, usize>,
}

/// Merges the questions of a report; each with the number of findings that ask it.
pub(in crate::render) fn answers<'q>(asks: impl Iterator<Item = (&'q str, usize)>) -> Answers {
    let mut wanted = Wanted::default();
    let mut answers = Answers::default();
    let mut questions: Vec<(&str, Asked)> = Vec::new();
    for (whole, count) in asks {
        let (ask, kinds) = assumed(whole);
        answers.assume.extend(kinds);
        let (ask, needs) = needed(ask);
        // A listing is asked for, whatever the question itself was content with.
        answers
            .needs
            .extend(needs.map(|needs| needs.replace("with get on", "with get and list on")));
        let asked = asked(ask);
        wanted.add(asked.clone(), count);
        questions.push((whole, asked));
    }
    answers.look = std::mem::take(&mut wanted.look).into_iter().collect();
    answers
        .look
        .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    wanted.listed_once();
    let commands = wanted.commands();
    answers.collects = commands.iter().any(|one| matches!(one.of, Of::All(_)));
    for (whole, asked) in questions {
        let at = commands.iter().position(|one| one.of.answers(&asked));
        answers.settled.extend(at.map(|at| (whole.to_owned(), at)));
    }
    answers.commands = commands.into_iter().map(|one| one.text).collect();
    answers
}

impl Wanted {
    fn add(&mut self, asked: Asked, count: usize) {
        match asked {
            Asked::List {
                context,
                kind,
                place,
            } => {
                self.lists.entry((context, place)).or_default().insert(kind);
            }
            Asked::Definition { context, name } => {
                self.definitions.entry(context).or_default().insert(name);
            }
            Asked::Server { context } => {
                self.servers.insert(context);
            }
            Asked::Look(text) => *self.look.entry(text).or_default() += count,
        }
    }

    /// What is listed everywhere need not be listed in a namespace again.
    fn listed_once(&mut self) {
        let everywhere: Vec<(Option<String>, BTreeSet<&'static str>)> = self
            .lists
            .iter()
            .filter(|((_, place), _)| *place == Place::All)
            .map(|((context, _), kinds)| (context.clone(), kinds.clone()))
            .collect();
        for ((context, place), kinds) in &mut self.lists {
            let all = everywhere.iter().find(|(other, _)| other == context);
            if let (Place::Namespace(_), Some((_, all))) = (place, all) {
                kinds.retain(|kind| !all.contains(kind));
            }
        }
        with_those_of_all(&mut self.lists);
        self.lists.retain(|_, kinds| !kinds.is_empty());
    }

    fn commands(&self) -> Vec<Command> {
        if self.lists.len() > MANY {
            return self.collects();
        }
        let mut commands = Vec::new();
        for ((context, place), kinds) in &self.lists {
            commands.extend(get(context.as_ref(), place, kinds));
        }
        for context in &self.servers {
            let flag = flag(context.as_deref());
            commands.push(Command {
                text: format!("kubectl{flag} version -o yaml"),
                of: Of::Server(context.clone()),
            });
        }
        for (context, names) in &self.definitions {
            let flag = flag(context.as_deref());
            let names: Vec<String> = names.iter().map(|name| shell_word(name)).collect();
            let names = names.join(" ");
            commands.push(Command {
                text: format!("kubectl{flag} get {DEFINITIONS} {names} -o yaml"),
                of: Of::Definitions(context.clone()),
            });
        }
        // What is longest to read comes last.
        commands.sort_by_key(|command| command.text.contains("go-template="));
        commands
    }

    /// One `collect` for each cluster; and what none collects, the metadata of Secrets.
    fn collects(&self) -> Vec<Command> {
        let secrets = |kinds: &BTreeSet<&str>| kinds.contains(SECRETS);
        let only = |kinds: &BTreeSet<&str>| secrets(kinds) && kinds.len() == 1;
        let listed = self.lists.iter().filter(|(_, kinds)| !only(kinds));
        let others = self.definitions.keys().chain(&self.servers);
        let contexts = listed.map(|((context, _), _)| context).chain(others);
        let contexts: BTreeSet<&Option<String>> = contexts.collect();
        let mut commands: Vec<Command> = contexts
            .into_iter()
            .map(|context| Command {
                text: collect(context.as_deref()),
                of: Of::All(context.clone()),
            })
            .collect();
        let of_secrets = self.lists.iter().filter(|(_, kinds)| secrets(kinds));
        let contexts: BTreeSet<&Option<String>> =
            of_secrets.map(|((context, _), _)| context).collect();
        let secrets = BTreeSet::from([SECRETS]);
        for context in contexts {
            commands.extend(get(context.as_ref(), &Place::All, &secrets));
        }
        commands
    }
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

/// The listings of one place: one command, one more for the kinds of v5, and one for the metadata of Secrets.
fn get(context: Option<&String>, place: &Place, kinds: &BTreeSet<&'static str>) -> Vec<Command> {
    let flag = flag(context.map(String::as_str));
    let at = match place {
        Place::Namespace(name) => format!(" -n {}", shell_word(name)),
        Place::All => " -A".to_owned(),
        Place::Nowhere => String::new(),
    };
    let secrets = kinds.iter().copied().filter(|kind| *kind == SECRETS);
    let whole = kinds.iter().copied().filter(|kind| *kind != SECRETS);
    // Of a server that does not know one of many kinds, kubectl prints none.
    let (of_v5, known): (BTreeSet<&str>, BTreeSet<&str>) =
        whole.partition(|kind| kind.ends_with(V5_GROUP));
    let parts = [known, of_v5, secrets.collect()];
    let parts = parts.into_iter().filter(|kinds| !kinds.is_empty());
    let commands = parts.map(|kinds| {
        let named: Vec<&str> = kinds.iter().copied().collect();
        let text = if kinds.contains(SECRETS) {
            format!("kubectl{flag} get {}", secret_metadata(&at))
        } else {
            format!("kubectl{flag} get {}{at} -o yaml", named.join(","))
        };
        Command {
            text,
            of: Of::Lists {
                context: context.cloned(),
                place: place.clone(),
                kinds,
            },
        }
    });
    commands.collect()
}
