//! One question to what it asks for: a listing, a definition, or something to look at.

use crate::manifest::KINDS;

/// What one question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
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

impl Asked {
    /// The context that it is asked of.
    pub(super) fn context(&self) -> Option<&str> {
        match self {
            Asked::List { context, .. }
            | Asked::Definition { context, .. }
            | Asked::Server { context } => context.as_deref(),
            Asked::Look(_) => None,
        }
    }
}

/// Where a listing is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In a namespace.
    Namespace(String),
    /// In all namespaces.
    All,
    /// Of a kind that has no namespace, or in one that nobody knows.
    Nowhere,
}

pub(super) const SECRETS: &str = "secrets";
pub(super) const DEFINITIONS: &str = "customresourcedefinitions";

/// The kinds that an ask wants to be said to be whole, and the ask without that.
pub(super) fn assumed(ask: &str) -> (&str, Vec<String>) {
    const FLAG: &str = "--assume-complete=";
    for before in [" # and ", " # if it is gone: "] {
        let split = ask.rsplit_once(FLAG);
        if let Some((command, kinds)) = split
            && let Some(command) = command.strip_suffix(before)
        {
            let kinds = kinds.split(',').map(str::to_owned);
            return (
                command,
                if before == " # and " {
                    kinds.collect()
                } else {
                    Vec::new()
                },
            );
        }
    }
    (ask, Vec::new())
}

pub(super) fn asked(ask: &str) -> Asked {
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

/// A command and what the comment behind it says that its reader must be allowed.
pub(super) fn needed(ask: &str) -> (&str, Option<&str>) {
    match ask.rsplit_once(" # needs ") {
        Some((command, needs)) => (command, Some(needs)),
        None => (ask, None),
    }
}
