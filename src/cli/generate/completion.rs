//! Completing what is typed at a shell: the scripts that shells load, and the answers to what the scripts ask.
//!
//! A script runs this program with the line so far and `PGO_PREFLIGHT_COMPLETE` in the environment. `PowerShell` would do so
//! by evaluating the line, and with it what the user has not yet decided to run; its script asks nobody, and knows commands and flags.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory};
use clap_complete::env::{CompleteEnv, Shells};
#[cfg(feature = "live")]
use clap_complete::{ArgValueCandidates, CompletionCandidate};

use super::artifact::Shell;
use crate::cli::Failure;
use crate::cli::args::Cli;
use crate::cli::streams::format::Format;
use crate::rule::Method;
use crate::schema::releases;
use crate::source::WANTED;

const NAME: &str = env!("CARGO_PKG_NAME");

/// The variable that says for which shell a line is to be completed.
const ASKED: &str = "PGO_PREFLIGHT_COMPLETE";

/// The script for a shell.
pub(in crate::cli) fn script(shell: Shell) -> Result<String, Failure> {
    let name = match shell {
        Shell::Bash => "bash",
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
        Shell::Elvish => "elvish",
        Shell::Powershell => return whole_script(),
    };
    let shells = Shells::builtins();
    let shell = shells
        .completer(name)
        .ok_or_else(|| Failure::new(format!("{name} is a shell that cannot be completed for")))?;
    let mut text = Vec::new();
    shell.write_registration(ASKED, NAME, NAME, NAME, &mut text)?;
    Ok(String::from_utf8(text)?)
}

/// A script for `PowerShell`, with all commands and flags in it.
fn whole_script() -> Result<String, Failure> {
    let mut text = Vec::new();
    let shell = clap_complete::aot::Shell::PowerShell;
    clap_complete::aot::generate(shell, &mut Cli::command(), NAME, &mut text);
    Ok(String::from_utf8(text)?)
}

/// Answers a script, where it was one that ran this program, and says whether it did.
#[allow(clippy::disallowed_methods)] // the shell completes paths from there
pub(in crate::cli) fn answered() -> Result<bool, clap::Error> {
    CompleteEnv::with_factory(completed)
        .var(ASKED)
        .try_complete(std::env::args_os(), std::env::current_dir().ok().as_deref())
}

/// The command line with all that a value can be.
fn completed() -> Command {
    Cli::command().mut_subcommands(|command| {
        let of = command.get_name().to_owned();
        command.mut_args(|arg| with_values(&of, arg))
    })
}

fn with_values(command: &str, arg: Arg) -> Arg {
    let values = match (command, arg.get_id().as_str()) {
        ("check" | "report", "format") => named(Format::NAMES.map(|(name, _)| name)),
        ("check", "method") => named(Method::ALL.map(Method::name)),
        ("check" | "verify", "target") => {
            named(releases().iter().rev().map(crate::schema::Release::name))
        }
        ("check" | "verify", "assume_complete") => named(WANTED.iter().map(|row| row.kind)),
        ("check" | "report", "rule") | ("rules", "id") => rules(),
        #[cfg(feature = "live")]
        (_, "context") => return arg.add(ArgValueCandidates::new(contexts)),
        _ => return arg,
    };
    arg.value_parser(PossibleValuesParser::new(values))
}

fn named(names: impl IntoIterator<Item = &'static str>) -> Vec<PossibleValue> {
    names.into_iter().map(PossibleValue::new).collect()
}

/// The built-in rules with what they say. Their texts live as long as this process, which ends when it has answered.
fn rules() -> Vec<PossibleValue> {
    let rules = crate::cli::rules::rule_set(&[]);
    let rules = rules.iter().flat_map(crate::rule::RuleSet::rules);
    let value = |rule: &crate::rule::Rule| {
        let id: &'static str = String::leak(rule.id.to_string());
        let title: &'static str = String::leak(rule.title.to_string());
        PossibleValue::new(id).help(title)
    };
    rules.map(value).collect()
}

/// The contexts of the kubeconfig; none where it cannot be read, which a run would tell.
#[cfg(feature = "live")]
fn contexts() -> Vec<CompletionCandidate> {
    let names = crate::source::kube::context_names(None).unwrap_or_default();
    let plain = |name: &String| crate::printable::one_line(name) == *name;
    names
        .into_iter()
        .filter(plain)
        .map(CompletionCandidate::new)
        .collect()
}
