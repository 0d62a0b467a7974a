//! What is undecided to the fewest commands that settle it: merged by cluster, namespace and kind; for a fleet one
//! `collect`. What no command can put into the input stands apart, as something to look at.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::{KINDS, shell_word};
use crate::source::secret_metadata;

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
    /// What to do with what the commands print, and what somebody must be allowed who runs them; nothing without commands.
    pub(super) fn then(&self) -> Vec<String> {
        if self.commands.is_empty() {
            return Vec::new();
        }
        let mut line = match self.commands.len() {
            _ if self.collects => {
                "Check again with the file that it writes added to the input".to_owned()
            }
            1 => "Check again with what this prints added to the input".to_owned(),
            _ => "Check again with what these print added to the input".to_owned(),
        };
        if !self.assume.is_empty() && !self.collects {
            let kinds: Vec<&str> = self.assume.iter().map(String::as_str).collect();
            line.push_str(&format!(
                ", and `--assume-complete={}`, since a list does not say that it is whole",
                kinds.join(",")
            ));
        }
        let mut lines = vec![format!("{line}.")];
        if !self.needs.is_empty() {
            let needs: Vec<&str> = self.needs.iter().map(String::as_str).collect();
            lines.push(format!("That needs {}.", needs.join(", and ")));
        }
        lines
    }
}

/// What stands before the things to look at.
pub(super) const LOOK: &str =
    "Look yourself, and answer with an attestation of the rule in the configuration file:";

/// What one question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    /// A listing.
    List {
        context: Option<String>,
        kind: &'static str,
        place: Place,
    },
    /// One definition: a listing of all would be most of the input.
    Definition {
        context: Option<String>,
        name: String,
    },
    /// The release of the API server.
    Server { context: Option<String> },
    /// Anything else, in words.
    Look(String),
}

/// Where a listing is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// In a namespace.
    Namespace(String),
    /// In all namespaces.
    All,
    /// Of a kind that has no namespace, or in one that nobody knows.
    Nowhere,
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
    }
    answers
}

/// A command and what is said of it in brackets behind it.
fn needed(ask: &str) -> (&str, Option<&str>) {
    let split = ask
        .strip_suffix(')')
        .and_then(|ask| ask.rsplit_once(" (needs "));
    match split {
        Some((command, needs)) => (command, Some(needs)),
        None => (ask, None),
    }
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
    let whole: Vec<&str> = kinds
        .iter()
        .copied()
        .filter(|kind| *kind != SECRETS)
        .collect();
    if !whole.is_empty() {
        commands.push(format!(
            "kubectl{context} get {}{place} -o yaml",
            whole.join(",")
        ));
    }
    if kinds.contains(SECRETS) {
        commands.push(format!("kubectl{context} get {}", secret_metadata(&place)));
    }
    commands
}

const SECRETS: &str = "secrets";
const DEFINITIONS: &str = "customresourcedefinitions";

/// The kinds that an ask wants to be said to be whole, and the ask without that.
fn assumed(ask: &str) -> (&str, Vec<String>) {
    const FLAG: &str = "--assume-complete=";
    for before in [", and ", "; if it is gone: "] {
        let split = ask.rsplit_once(FLAG);
        if let Some((command, kinds)) = split
            && let Some(command) = command.strip_suffix(before)
        {
            let kinds = kinds.split(',').map(str::to_owned);
            return (
                command,
                if before == ", and " {
                    kinds.collect()
                } else {
                    Vec::new()
                },
            );
        }
    }
    (ask, Vec::new())
}

fn asked(ask: &str) -> Asked {
    let known = listing(ask).or_else(|| server(ask));
    known.unwrap_or_else(|| Asked::Look(ask.to_owned()))
}

/// `kubectl [--context C] version -o yaml`.
fn server(ask: &str) -> Option<Asked> {
    let words = shell_words(ask)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let context = match words.as_slice() {
        ["kubectl", "version", "-o", "yaml"] => None,
        ["kubectl", "--context", context, "version", "-o", "yaml"] => Some((*context).to_owned()),
        _ => return None,
    };
    Some(Asked::Server { context })
}

/// `kubectl [--context C] get KIND [NAME] [-n NS|-A] [-l ...] -o yaml`; a name or a selector is left out: what is listed
/// whole also shows what is not there.
fn listing(ask: &str) -> Option<Asked> {
    let words = shell_words(ask)?;
    let mut words = words.into_iter();
    if words.next()? != "kubectl" {
        return None;
    }
    let (mut context, mut place, mut yaml, mut resource) = (None, Place::Nowhere, false, None);
    let (mut got, mut name, mut templated) = (false, None, false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "get" if !got => got = true,
            "--context" => context = Some(words.next()?),
            "-n" => place = Place::Namespace(words.next()?),
            "-A" => place = Place::All,
            "-l" | "--field-selector" => drop(words.next()?),
            "-o" => {
                let form = words.next()?;
                templated = form.starts_with("go-template=");
                yaml = form == "yaml" || templated;
            }
            _ if word.starts_with('-') => return None,
            _ if resource.is_none() => resource = Some(word),
            _ => name = Some(word),
        }
    }
    let kind = plural(&resource?)?;
    // The keys of one Secret are no part of what is asked of all.
    if kind == SECRETS && name.is_some() && templated {
        return None;
    }
    if let (DEFINITIONS, Some(name), true) = (kind, name, yaml) {
        return Some(Asked::Definition { context, name });
    }
    (got && yaml).then_some(Asked::List {
        context,
        kind,
        place,
    })
}

/// The resource as in `kubectl get`, from its plural or singular.
fn plural(word: &str) -> Option<&'static str> {
    let kinds = KINDS.iter();
    let mut known = kinds.filter(|info| {
        info.plural == word
            || info.name.to_ascii_lowercase() == word
            || info.plural.split('.').next() == Some(word)
    });
    known.next().map(|info| info.plural)
}

/// The words of a command as a shell sees them; none where it holds more than words.
fn shell_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if quoted => word.get_or_insert_default().push(c),
            '\\' => word.get_or_insert_default().push(rest.next()?),
            ' ' => words.extend(word.take()),
            '|' | ';' | '&' | '>' | '<' | '(' | ')' | '$' | '`' | ',' if word.is_none() => {
                return None;
            }
            ';' | '(' | '`' | '|' | '>' => return None,
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(asks: &[&str]) -> Answers {
        answers(asks.iter().map(|ask| (*ask, 1)))
    }

    #[test]
    fn questions_about_one_namespace_are_one_command() {
        let found = merged(&[
            "kubectl get pods -n pgo -o yaml",
            "kubectl get jobs -n pgo -l pg-cluster=hippo -o yaml",
            "kubectl get persistentvolumeclaim hippo -n pgo -o yaml",
            "kubectl get deployments -n pgo -o yaml",
        ]);
        assert_eq!(
            found.commands,
            ["kubectl get deployments,jobs,persistentvolumeclaims,pods -n pgo -o yaml"]
        );
    }

    #[test]
    fn kinds_without_a_namespace_are_asked_for_with_those_of_all() {
        let found = merged(&[
            "kubectl get namespaces -o yaml",
            "kubectl get deployments -A -o yaml",
            "kubectl get pods -o yaml",
        ]);
        assert_eq!(
            found.commands,
            [
                "kubectl get deployments,namespaces -A -o yaml",
                "kubectl get pods -o yaml"
            ]
        );
    }

    #[test]
    fn what_is_said_to_be_whole_is_a_flag_and_no_part_of_the_command() {
        let found =
            merged(&["kubectl get deployments -A -o yaml, and --assume-complete=Deployment"]);
        assert_eq!(found.commands, ["kubectl get deployments -A -o yaml"]);
        assert!(found.assume.contains("Deployment"));
    }

    #[test]
    fn of_secrets_only_metadata_is_printed() {
        let metadata = format!("kubectl get {}", secret_metadata(" -n pgo"));
        assert_eq!(merged(&[&metadata]).commands, [metadata]);
        let found = merged(&["kubectl get secret x -n pgo -o yaml"]);
        assert!(found.commands[0].contains("go-template="), "{found:?}");
        assert!(!found.commands[0].contains("-o yaml"));
    }

    #[test]
    fn many_namespaces_are_one_collect_for_each_cluster() {
        let asks: Vec<String> = (0..9)
            .map(|n| format!("kubectl --context prod get pods -n ns{n} -o yaml"))
            .collect();
        let asks: Vec<&str> = asks.iter().map(String::as_str).collect();
        assert_eq!(
            merged(&asks).commands,
            ["pgo-preflight collect --context prod -A --output evidence-prod.tar.gz"]
        );
    }

    #[test]
    fn what_a_command_needs_is_no_part_of_it() {
        let found = merged(&[
            "kubectl get persistentvolume pv-a -o yaml (needs a ClusterRole with get on persistentvolumes)",
            "kubectl get persistentvolume pv-b -o yaml (needs a ClusterRole with get on persistentvolumes)",
        ]);
        assert_eq!(found.commands, ["kubectl get persistentvolumes -o yaml"]);
        let needs: Vec<&str> = found.needs.iter().map(String::as_str).collect();
        assert_eq!(
            needs,
            ["a ClusterRole with get and list on persistentvolumes"]
        );
        assert!(found.look.is_empty());
    }

    #[test]
    fn what_runs_in_a_pod_stands_apart() {
        let ask =
            "kubectl exec -n pgo deployment/hippo -c database -- readlink /pgdata/hippo/pg_wal";
        let found = merged(&[ask]);
        assert!(found.commands.is_empty());
        assert_eq!(found.look, [(ask.to_owned(), 1)]);
    }

    #[test]
    fn a_hostile_name_stays_one_word() {
        let found = merged(&[r"kubectl get pods -n 'a;b'\''$(c)' -o yaml"]);
        assert_eq!(
            found.commands,
            [r"kubectl get pods -n 'a;b'\''$(c)' -o yaml"]
        );
    }
}
