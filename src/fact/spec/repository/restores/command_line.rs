//! Options as they stand on a command line of pgBackRest, and those that the command does not take: it ends before it begins.
//!
//! As its src/config/parse.c reads them: a name may be cut short, `--no-` and `--reset-` may stand before it.

use super::super::options::values::{accepts, words};
use super::super::pgbackrest_options::{is_option_of, suggestion, takes};
use super::shell;
use crate::manifest::Node;

/// A command that the operator starts with options of the user.
pub(super) struct Command {
    /// As on pgBackRest's command line.
    pub(super) name: &'static str,
    /// What its `--type` takes.
    types: &'static str,
    /// An option that the operator writes and does not look for; pgBackRest takes it once.
    once: &'static str,
}

pub(super) const RESTORE: Command = Command {
    name: "restore",
    types: "default|immediate|lsn|name|none|preserve|standby|time|xid",
    once: "",
};
pub(super) const BACKUP: Command = Command {
    name: "backup",
    types: "full|diff|incr",
    once: "stanza",
};

/// An option with what belongs to it.
pub(super) struct Given {
    /// The number of the item it stands in.
    pub(super) item: usize,
    /// As written, dashes included.
    pub(super) name: String,
    /// Behind `=`, or in the next word.
    pub(super) value: Option<String>,
    /// The number of the item that its value stands in.
    pub(super) value_item: usize,
}

/// The options of a list of them, each of which may hold several.
pub(super) fn given(items: &[Node<'_>]) -> Vec<Given> {
    let mut all: Vec<Given> = Vec::new();
    // Whether the last option may have its value in the next word.
    let mut open = false;
    for (item, node) in items.iter().enumerate() {
        let text = node.text();
        let plain = || text.split_whitespace().map(str::to_owned).collect();
        for word in shell::split(text).unwrap_or_else(plain) {
            if !word.starts_with('-') {
                if let Some(last) = all.last_mut().filter(|_| open) {
                    last.value = Some(word);
                    last.value_item = item;
                }
                open = false;
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            open = value.is_none();
            all.push(Given {
                item,
                name,
                value,
                value_item: item,
            });
        }
    }
    all
}

impl Command {
    /// Why it ends at an option, in words; nothing where it takes it, and where that depends on the shell.
    pub(super) fn refuses(&self, given: &Given) -> Option<String> {
        if given.name.contains(['$', '`']) || given.name.chars().all(|c| c == '-') {
            return None;
        }
        let Some(long) = given.name.strip_prefix("--") else {
            return Some(format!("{} does not begin with two dashes", given.name));
        };
        let positive = long.strip_prefix("no-").or(long.strip_prefix("reset-"));
        let name = positive.unwrap_or(long);
        if !is_option_of(name, self.name) {
            let meant = suggestion(name).filter(|meant| is_option_of(meant, self.name));
            let meant = meant.map_or(String::new(), |meant| format!(" (--{meant}?)"));
            return Some(format!("{} has no option --{name}{meant}", self.name));
        }
        if name == self.once {
            return Some(format!("the operator writes --{name} itself"));
        }
        let value = given.value.as_deref()?;
        let takes = if name == "type" {
            Some(self.types)
        } else {
            takes(name)
        };
        let takes = takes.filter(|takes| !value.contains(['$', '`']) && !accepts(takes, value))?;
        Some(format!("--{name} takes {}", words(takes)))
    }
}
