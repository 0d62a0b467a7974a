//! Flags to calls, results to streams and an exit code. The report goes to standard output, everything else to
//! standard error.

mod args;
mod check;
#[cfg(feature = "live")]
mod collect;
mod config;
mod crd;
mod draft;
mod evidence;
mod failure;
mod generate;
mod invocation;
mod judging;
#[cfg(feature = "live")]
mod kube;
mod overwriting;
mod plan;
mod report;
mod rules;
mod streams;
mod test;
mod verify;
mod version;

pub use config::configuration_problems;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use self::args::{Cli, Command};
use crate::check::{BROKEN, Invocation};
use streams::door::Form;

pub(crate) use self::failure::Failure;

/// The name of the program's file as a plugin of kubectl, which runs it as `kubectl pgo-preflight`.
const PLUGIN: &str = "kubectl-pgo_preflight";

/// Reads the arguments; help and errors name the program as the user calls it.
fn parse() -> Result<(Cli, Option<Invocation>), clap::Error> {
    let mut command = Cli::command();
    if called() == Some(PLUGIN.into()) {
        command = as_plugin(command.bin_name("kubectl pgo-preflight"));
    }
    let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let called = matches.subcommand();
    let called =
        called.and_then(|(name, given)| invocation::of(command.find_subcommand(name)?, given));
    let cli = Cli::from_arg_matches_mut(&mut matches);
    Ok((cli.map_err(|error| error.format(&mut command))?, called))
}

/// Examples as one types them where kubectl runs the program.
fn as_plugin(command: clap::Command) -> clap::Command {
    let parts = command.get_subcommands();
    let words: Vec<String> = parts.map(|part| part.get_name().to_owned()).collect();
    let named = |text: &clap::builder::StyledStr| -> String {
        let mut text = text.to_string();
        for word in &words {
            text = text.replace(
                &format!("pgo-preflight {word}"),
                &format!("kubectl pgo-preflight {word}"),
            );
        }
        text
    };
    let own = command.get_after_help().map(named).unwrap_or_default();
    command.after_help(own).mut_subcommands(|sub| {
        let examples = sub.get_after_help().map(named).unwrap_or_default();
        sub.after_help(examples)
    })
}

/// The name by which this program was called.
fn called() -> Option<OsString> {
    let first = std::env::args_os().next()?;
    Some(Path::new(&first).file_stem()?.to_owned())
}

/// Makes this thread one of those that work in parallel, instead of one that waits for them: the allocator makes room for
/// other threads page by page, which costs a call each, and a thread that is not started costs nothing.
fn work_here_too() {
    // Somebody who uses the library may have made threads already; then those work.
    let _ = rayon::ThreadPoolBuilder::new()
        .use_current_thread()
        .build_global();
}

/// What clap has to say: `--help` and `--version`, which are no failures, or what is wrong with the arguments, quoted.
fn told_by_clap(error: &clap::Error) -> ExitCode {
    if error.kind() == ErrorKind::DisplayVersion {
        let printed = streams::output::print(&version::text(), Form::Lines);
        return ExitCode::from(if printed.is_ok() { 0 } else { BROKEN });
    }
    let text = error.render();
    if error.use_stderr() {
        if streams::output::colour_errors() {
            streams::output::tell_in(&text.ansi().to_string(), Form::Coloured);
        } else {
            streams::output::tell(&text.to_string());
        }
        return ExitCode::from(BROKEN);
    }
    let printed = if streams::output::colour(streams::format::Colour::Auto) {
        streams::output::print(&text.ansi().to_string(), Form::Coloured)
    } else {
        streams::output::print(&text.to_string(), Form::Lines)
    };
    ExitCode::from(if printed.is_ok() { 0 } else { BROKEN })
}

/// A failure of the program itself is told by its place. What was being read may be in its text, credentials among it, so
/// that is left to those who look for the mistake and ask for it.
#[allow(clippy::disallowed_methods)] // what Rust programs are asked by
fn hide_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_some() {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        streams::output::tell(&format!(
            "error: the program failed{place}; this is a mistake of the program, please report it (RUST_BACKTRACE=1 tells more, \
             perhaps with text of what was read)"
        ));
    }));
}

/// Runs the program on the arguments of this process.
pub fn run() -> ExitCode {
    hide_panics();
    // A failure of the program is one of the tool, whose code is not Rust's own.
    std::panic::catch_unwind(run_command).unwrap_or(ExitCode::from(BROKEN))
}

fn run_command() -> ExitCode {
    match generate::completion::answered() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return told_by_clap(&error),
    }
    let (cli, called) = match parse() {
        Ok(parsed) => parsed,
        Err(error) => {
            return told_by_clap(&error);
        }
    };
    work_here_too();
    if let Err(Failure(text)) = streams::terminal::find_documentation() {
        streams::output::tell(&format!("error: {text}"));
        return ExitCode::from(BROKEN);
    }
    let done = match cli.command {
        Command::Check(args) => check::run(&args, called),
        #[cfg(feature = "live")]
        Command::Collect(args) => collect::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Plan(args) => plan::run(&args, called),
        Command::Verify(args) => verify::run(&args),
        Command::Draft(args) => draft::run(&args),
        Command::Generate(args) => generate::run(&args),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Failure(text)) => {
            streams::output::tell(&format!("error: {text}"));
            ExitCode::from(BROKEN)
        }
    }
}
