//! Questions of a report to commands: what is listed in one place by one command, and what of many places by one `collect`.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answers;
use super::question::{Asked, DEFINITIONS, Place, SECRETS, asked, assumed, needed};
use crate::check::Invocation;
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

/// Merges the questions of a report; each with the number of findings that ask it. `called` is how the run was called.
pub(in crate::render) fn answers<'q>(
    asks: impl Iterator<Item = (&'q str, usize)>,
    called: Option<&Invocation>,
) -> Answers {
    let mut wanted = Wanted::default();
    let mut answers = Answers::default();
    let mut questions: Vec<(&str, Asked, usize)> = Vec::new();
    for (whole, count) in asks {
        let (ask, kinds) = assumed(whole);
        answers.assume.extend(kinds);
        let (ask, needs) = needed(ask);
        // A listing is asked for, whatever the question itself was content with.
        answers
            .needs
            .extend(needs.map(|needs| needs.replace("with get on", "with get and list on")));
        questions.push((whole, asked(ask), count));
    }
    let apart = called.is_some_and(|called| called.apart)
        || questions
            .iter()
            .any(|(_, asked, _)| asked.context().is_some());
    if apart {
        look_at_secrets(&mut questions);
    }
    for (_, asked, count) in &questions {
        wanted.add(asked.clone(), *count);
    }
    answers.look = std::mem::take(&mut wanted.look).into_iter().collect();
    answers
        .look
        .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    wanted.listed_once();
    let commands = wanted.commands(apart, called);
    answers.collects = commands.iter().any(|one| matches!(one.of, Of::All(_)));
    for (whole, asked, _) in questions {
        let at = commands.iter().position(|one| one.of.answers(&asked));
        answers.settled.extend(at.map(|at| (whole.to_owned(), at)));
    }
    answers.commands = commands.into_iter().map(|one| one.text).collect();
    answers
}

/// Where nothing else is open, a bundle taken anew would be asked for again and again: it has of one Secret the metadata.
fn look_at_secrets(questions: &mut [(&str, Asked, usize)]) {
    let of_secrets = |asked: &Asked| matches!(asked, Asked::List { kind, .. } if *kind == SECRETS);
    let alone = |asked: &Asked| of_secrets(asked) || matches!(asked, Asked::Look(_));
    if questions.iter().all(|(_, asked, _)| alone(asked)) {
        for (whole, asked, _) in questions
            .iter_mut()
            .filter(|(_, asked, _)| of_secrets(asked))
        {
            *asked = Asked::Look((*whole).to_owned());
        }
    }
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

    /// What one place is evidence of is one bundle: no file beside it joins a cluster that was read live, or from an archive.
    fn commands(&self, apart: bool, called: Option<&Invocation>) -> Vec<Command> {
        if apart || self.lists.len() > MANY {
            return self.collects(apart, called);
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

    /// One `collect` for each cluster.
    fn collects(&self, apart: bool, called: Option<&Invocation>) -> Vec<Command> {
        let listed = self.lists.keys().map(|(context, _)| context);
        let others = self.definitions.keys().chain(&self.servers);
        let contexts: BTreeSet<&Option<String>> = listed.chain(others).collect();
        let commands = contexts.into_iter().map(|context| {
            let of_it = self.lists.iter().filter(|((of, _), _)| of == context);
            let mut kinds = of_it.clone().flat_map(|(_, kinds)| kinds);
            let secrets = kinds.any(|kind| *kind == SECRETS);
            let asked = || {
                let places = of_it.map(|((_, place), _)| place);
                scope(places.filter(|_| apart))
            };
            let scope = called.and_then(Invocation::scope).unwrap_or_else(asked);
            let taken = called.map_or(&[][..], |called| &called.paths);
            Command {
                text: collect(context.as_deref(), &scope, secrets, taken),
                of: Of::All(context.clone()),
            }
        });
        commands.collect()
    }
}

/// The flag that reads all namespaces.
const ALL: &str = "-A";

/// The namespaces that are asked about, where they are few; else all.
fn scope<'p>(places: impl Iterator<Item = &'p Place>) -> String {
    let mut names = BTreeSet::new();
    let mut everywhere = false;
    for place in places {
        match place {
            Place::Namespace(name) => {
                names.insert(name);
            }
            Place::All => everywhere = true,
            Place::Nowhere => {}
        }
    }
    if everywhere || names.is_empty() || names.len() > MANY {
        return ALL.to_owned();
    }
    let flags = names
        .into_iter()
        .map(|name| format!("-n {}", shell_word(name)));
    flags.collect::<Vec<_>>().join(" ")
}

/// A context as a flag of kubectl.
fn flag(context: Option<&str>) -> String {
    context.map_or_else(String::new, |name| {
        format!(" --context {}", shell_word(name))
    })
}

/// A `collect` of one cluster, into a file that is none of those `taken`.
fn collect(context: Option<&str>, scope: &str, secrets: bool, taken: &[String]) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name = context.map_or_else(String::new, |name| {
        format!("-{}", name.chars().map(plain).collect::<String>())
    });
    let numbers = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    let mut files = numbers.map(|number| format!("evidence{name}{number}.tar.gz"));
    let file = files.find(|file| !taken.iter().any(|path| path.ends_with(file.as_str())));
    let file = file.unwrap_or_default();
    let flag = flag(context);
    let secrets = if secrets { " --secret-metadata" } else { "" };
    format!("pgo-preflight collect{flag} {scope}{secrets} --output {file}")
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
