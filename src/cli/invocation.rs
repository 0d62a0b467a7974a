//! The command line as it was given, so that a report can print how to ask again.

use std::ffi::OsStr;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::evidence::origin_and_path;
use crate::check::{Invocation, LIVE};
use crate::printable::is_hidden;

/// Flags that say what is written, which is no part of the question; the time, since an answer is from later; and what has a
/// place of its own.
const LEFT_OUT: [&str; 14] = [
    "paths",
    "format",
    "verbose",
    "quiet",
    "statistics",
    "facts",
    "color",
    "since",
    "write_baseline",
    "now",
    "assume_complete",
    "request_timeout",
    "timeout",
    "secret_metadata",
];

/// How a subcommand was called; `None` where it cannot be called again, since it read standard input, or a path is no text.
pub(super) fn of(command: &Command, matches: &ArgMatches) -> Option<Invocation> {
    let paths = words(matches, "paths")?.concat();
    // What is not printed as it is names another file.
    let is_odd =
        |path: &String| path == "-" || path.chars().any(|c| c.is_control() || is_hidden(c));
    if paths.iter().any(is_odd) {
        return None;
    }
    let given =
        |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let mut flags = Vec::new();
    let mut live = Vec::new();
    for arg in command.get_arguments().filter(given) {
        let id = arg.get_id().as_str();
        let Some(name) = arg.get_long().filter(|_| !LEFT_OUT.contains(&id)) else {
            continue;
        };
        let values = if arg.get_action().takes_values() {
            words(matches, id)?
        } else {
            vec![Vec::new()]
        };
        let name = format!("--{name}");
        let words = values.iter().map(|values| flag(&name, values));
        if LIVE.contains(&name.as_str()) {
            live.extend(words);
        } else {
            flags.extend(words);
        }
    }
    let mut origins: Vec<Option<&str>> = paths
        .iter()
        .map(|path| origin_and_path(Path::new(path)).0)
        .collect();
    origins.dedup();
    // Where files are of several clusters, nobody knows of which an answer is.
    if origins.len() > 1 {
        return None;
    }
    let origin = origins.first().copied().flatten().map(str::to_owned);
    let invocation = Invocation {
        command: command.get_name().to_owned(),
        origin,
        flags,
        complete: words(matches, "assume_complete")?.concat(),
        // Whether an archive is among it is known when it was read.
        apart: !live.is_empty(),
        live,
        paths,
    };
    invocation.is_sound().then_some(invocation)
}

/// A flag as a word, and its values as another.
fn flag(name: &str, values: &[String]) -> Vec<String> {
    let value = (!values.is_empty()).then(|| values.join(","));
    std::iter::once(name.to_owned()).chain(value).collect()
}

/// The values of an argument, those of each time that it was given; `None` where one is no text.
fn words(matches: &ArgMatches, id: &str) -> Option<Vec<Vec<String>>> {
    let Ok(Some(given)) = matches.try_get_raw_occurrences(id) else {
        return Some(Vec::new());
    };
    let text = |value: &OsStr| Some(value.to_str()?.to_owned());
    given.map(|values| values.map(text).collect()).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::check::ASKING;
    use crate::cli::args::Cli;

    #[test]
    fn every_flag_that_is_kept_is_known_as_one_that_asks() {
        let all = Cli::command();
        for name in ["check", "plan"] {
            let command = all.find_subcommand(name).unwrap();
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                let Some(long) = arg.get_long().filter(|_| !LEFT_OUT.contains(&id)) else {
                    continue;
                };
                let flag = format!("--{long}");
                let known = ASKING.contains(&flag.as_str()) || LIVE.contains(&flag.as_str());
                assert!(known, "{name} {flag}");
            }
        }
    }
}
