//! Flags to calls, results to streams and an exit code. The report goes to standard output, everything else to
//! standard error.

mod args;
mod check;
#[cfg(feature = "live")]
mod collect;
mod config;
mod evidence;
mod facts;
#[cfg(feature = "live")]
mod kube;
mod output;
mod report;
mod rules;
mod test;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use self::args::{Cli, Command};
use crate::check::BROKEN;

/// What made the tool itself fail: told on standard error, exit code 2.
#[derive(Debug)]
struct Failure(String);

impl Failure {
    fn new(text: impl Into<String>) -> Self {
        Failure(text.into())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        Failure(text)
    }
}

/// The name of the program's file as a plugin of kubectl, which runs it as `kubectl pgo-preflight`.
const PLUGIN: &str = "kubectl-pgo_preflight";

/// Reads the arguments; help and errors name the program as the user calls it.
fn parse() -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if called() == Some(PLUGIN.into()) {
        command = command.bin_name("kubectl pgo-preflight");
    }
    let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
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

/// Runs the program on the arguments of this process.
pub fn run() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` are no failures; clap prints to the right stream itself.
            let code = if error.use_stderr() { BROKEN } else { 0 };
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(_) => ExitCode::from(BROKEN),
            };
        }
    };
    work_here_too();
    let done = match cli.command {
        Command::Check(args) => check::run(&args),
        #[cfg(feature = "live")]
        Command::Collect(args) => collect::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Test(args) => test::run(&args),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Failure(text)) => {
            output::tell(&format!("error: {text}"));
            ExitCode::from(BROKEN)
        }
    }
}
