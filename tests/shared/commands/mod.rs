//! Whether a printed command is one: its program, verb and flags are those of `kubectl`, of `pgo` 4.1 to 4.7 or of
//! `pgbackrest`, and what stands in it is quoted as a shell needs it. The tables are data beside this file.

#![allow(unreachable_pub, dead_code)] // each test uses a part of it

mod shell;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use shell::Piece;

/// What a flag takes, and in which minor releases of its program it exists (none: in all).
struct Flag {
    takes_value: bool,
    minors: Vec<u32>,
}

/// A program's commands with their flags, by their name without hyphens before it; the empty command has those of all.
type Table = BTreeMap<String, BTreeMap<String, Flag>>;

fn table(text: &str) -> Table {
    let mut table = Table::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or("");
        let (command, flag, short, kind, minors) = (next(), next(), next(), next(), next());
        let flags = table.entry(command.to_owned()).or_default();
        // The row of the command itself is that of an empty flag.
        let short = (!short.is_empty()).then_some(short);
        for name in std::iter::once(flag).chain(short) {
            let minors = minors.split_whitespace();
            let one = Flag {
                takes_value: kind == "value",
                minors: minors.filter_map(|minor| minor.parse().ok()).collect(),
            };
            flags.insert(name.to_owned(), one);
        }
    }
    table
}

static KUBECTL: LazyLock<Table> = LazyLock::new(|| table(include_str!("kubectl.tsv")));
static PGO: LazyLock<Table> = LazyLock::new(|| table(include_str!("pgo.tsv")));
static PGBACKREST: LazyLock<Table> = LazyLock::new(|| table(include_str!("pgbackrest.tsv")));

/// Programs that remedies call beside those with a table.
const OTHERS: &[&str] = &[
    "base64",
    "chmod",
    "chown",
    "date",
    "docker",
    "env",
    "grep",
    "helm",
    "jq",
    "oc",
    "openssl",
    "pg_controldata",
    "pgo-preflight",
    "printenv",
    "psql",
    "sh",
    "cat",
    "ls",
    "tee",
];

/// The commands that a text gives to copy: lines that are set in and begin with one of our programs, each with the lines
/// that an open quote, a backslash or a here-document joins to it.
pub fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let begins = line.trim_start();
        let ours = ["kubectl ", "pgo ", "pgbackrest "];
        if line == begins || !ours.iter().any(|program| begins.starts_with(program)) {
            continue;
        }
        let mut whole = begins.to_owned();
        while shell::is_open(&whole)
            && let Some(next) = lines.next()
        {
            whole.push('\n');
            whole.push_str(next);
        }
        found.push(whole);
    }
    found
}

/// The words of a command, without what quotes them.
pub fn words(command: &str) -> Vec<String> {
    let pieces = shell::pieces(command).unwrap_or_default();
    let words = pieces.into_iter().filter_map(|piece| match piece {
        Piece::Word(word) => Some(word),
        Piece::Pipe => None,
    });
    words.collect()
}

/// What is wrong with a command; `Err` says it with the command.
pub fn check(command: &str) -> Result<(), String> {
    check_for(command, None)
}

/// The same, where PGO 4 is of this minor.
pub fn check_for(command: &str, minor: Option<u32>) -> Result<(), String> {
    let pieces = shell::pieces(command).map_err(|what| format!("{what}: {command}"))?;
    let mut words: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Word(word) => words.push(word),
            Piece::Pipe => all.push(std::mem::take(&mut words)),
        }
    }
    all.push(words);
    for words in all {
        program(&words, minor).map_err(|what| format!("{what}: {command}"))?;
    }
    Ok(())
}

fn program(words: &[String], minor: Option<u32>) -> Result<(), String> {
    let (name, rest) = words.split_first().ok_or("no program")?;
    match name.as_str() {
        "kubectl" => kubectl(rest),
        "pgo" => pgo(rest, minor),
        "pgbackrest" => in_table(&PGBACKREST, rest, None).map(|_| ()),
        other if OTHERS.contains(&other) => Ok(()),
        other => Err(format!("`{other}` is no program that remedies call")),
    }
}

fn kubectl(words: &[String]) -> Result<(), String> {
    let end = words.iter().position(|word| word == "--");
    let (own, inner) = words.split_at(end.unwrap_or(words.len()));
    let positional = in_table(&KUBECTL, own, None)?;
    match (positional.first().map(String::as_str), inner.get(1..)) {
        (Some("exec"), None | Some([])) => Err("`kubectl exec` runs nothing".to_owned()),
        (Some("exec"), Some(inner)) => program(inner, None),
        (Some("delete" | "patch" | "annotate" | "label" | "scale"), _) if positional.len() < 2 => {
            Err("it does not say what to change".to_owned())
        }
        (_, Some(_)) => Err("only `kubectl exec` runs another program".to_owned()),
        _ => Ok(()),
    }
}

fn pgo(words: &[String], minor: Option<u32>) -> Result<(), String> {
    let positional = in_table(&PGO, words, minor)?;
    let options = words
        .iter()
        .find_map(|word| word.strip_prefix("--backup-opts="));
    if let Some(options) = options {
        let mut inner = vec!["backup".to_owned()];
        inner.extend(options.split_whitespace().map(str::to_owned));
        in_table(&PGBACKREST, &inner, None)?;
    }
    let wants = match positional.first().map(String::as_str) {
        Some("version") => 1,
        Some("show") if positional.get(1).is_some_and(|what| what == "namespace") => 2,
        Some("show" | "update" | "delete" | "create") => 3,
        _ => 2,
    };
    if positional.len() == wants {
        Ok(())
    } else {
        Err(format!("`pgo` is given {positional:?}"))
    }
}

/// The words that are no flags, verbs first; `Err` for a verb or flag that there is not.
fn in_table(table: &Table, words: &[String], minor: Option<u32>) -> Result<Vec<String>, String> {
    let first = words.iter().find(|word| !word.starts_with('-'));
    let first = first.ok_or("no verb")?;
    let at = words.iter().position(|word| word == first).unwrap_or(0);
    let two = words.get(at + 1).map(|second| format!("{first} {second}"));
    let verb = match two {
        Some(two) if table.contains_key(&two) => two,
        // Some verbs only group others.
        _ if table.contains_key(first)
            && !table
                .keys()
                .any(|verb| verb.starts_with(&format!("{first} "))) =>
        {
            first.clone()
        }
        _ => return Err(format!("there is no verb `{first}`")),
    };
    let lacks = |flag: &Flag| {
        let there = |minor| flag.minors.is_empty() || flag.minors.contains(&minor);
        minor.is_some_and(|minor| !there(minor))
    };
    if table
        .get(&verb)
        .and_then(|flags| flags.get(""))
        .is_some_and(lacks)
    {
        return Err(format!("this release has no `{verb}`"));
    }
    let find = |name: &str| {
        let name = numberless(name);
        let bare = name.strip_prefix("no-");
        [table.get(&verb), table.get("")]
            .into_iter()
            .flatten()
            .find_map(|flags| {
                flags
                    .get(&name)
                    .or_else(|| flags.get(bare?).filter(|f| !f.takes_value))
            })
    };
    let mut positional = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
            positional.push(word.clone());
            continue;
        };
        if flag.is_empty() {
            positional.push(word.clone());
            continue;
        }
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (flag, None),
        };
        // `-it`: several short switches in one word.
        let single = !word.starts_with("--") && name.len() > 1;
        let names: Vec<String> = if single {
            name.chars().map(String::from).collect()
        } else {
            vec![name.to_owned()]
        };
        for name in names {
            let found = find(&name).ok_or_else(|| format!("`{verb}` has no flag `{name}`"))?;
            if lacks(found) {
                return Err(format!("`{verb}` of this release has no flag `{name}`"));
            }
            if found.takes_value && value.is_none() {
                let next = rest
                    .next()
                    .ok_or_else(|| format!("`{name}` lacks its value"))?;
                if next.is_empty() {
                    return Err(format!("`{name}` has an empty value"));
                }
            }
            if found.takes_value && value == Some("") {
                return Err(format!("`{name}` has an empty value"));
            }
        }
    }
    Ok(positional)
}

/// `repoN-type` of `repo1-type`.
fn numberless(name: &str) -> String {
    let (no, rest) = match name.strip_prefix("no-") {
        Some(rest) => ("no-", rest),
        None => ("", name),
    };
    match rest.strip_prefix("repo") {
        Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
            format!(
                "{no}repoN{}",
                after.trim_start_matches(|c: char| c.is_ascii_digit())
            )
        }
        _ => name.to_owned(),
    }
}
