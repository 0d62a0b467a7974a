//! `verify`: whether everything of v4 has arrived in the living v5 clusters.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::Failure;
use super::args::{timestamp, version};
use super::check::clock;
use super::config::Config;
use super::door::Form;
use super::evidence::{self, Named};
use super::output::{print, tell};
use crate::check::{self, Options};
use crate::expr::Version;
use crate::fact::Run;
use crate::fact::spec::PairFlag;
use crate::render;
use crate::rule::Method;

pub(super) const EXAMPLES: &str = "\
Examples:
  pgo-preflight verify --before pgo-preflight-prod-2026-11-20.tar.gz --context prod -n pgo
  pgo-preflight verify --before before.tar.gz --before shut-down.tar.gz after.tar.gz
  pgo-preflight verify --before before/ after/ --format markdown

Take the bundles before the move with `pgo-preflight collect`: deletion and shutdown take away what proves it.

Exit codes: 0 arrived; 1 something is wrong or has not arrived; 3 undecided, or nothing to verify; 2 the tool or its
usage failed.";

/// Flags of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// What is there now: files, folders, bundles, or - for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What was there before the move: bundles or folders, the oldest first (repeatable)
    #[arg(long, value_name = "BUNDLE")]
    before: Vec<PathBuf>,
    /// The live clusters to read
    #[cfg(feature = "live")]
    #[command(flatten)]
    live: super::kube::LiveArgs,
    /// The v4 cluster that a living one came from, where the evidence leaves it open (repeatable)
    #[arg(long, value_name = "CLUSTER=NAMESPACE/CLUSTER", value_parser = PairFlag::parse)]
    pair: Vec<PairFlag>,
    /// The PGO v5 release that runs; without it, what is found in the input
    #[arg(long, value_name = "VERSION", env = "PGO_PREFLIGHT_TARGET", value_parser = version)]
    target: Option<Version>,
    /// How to print
    #[arg(long, value_enum, default_value_t = VerifyFormat::Human)]
    format: VerifyFormat,
    /// Take it that the input holds every object of these kinds (of all kinds, without =KIND)
    #[arg(long, value_name = "KIND,...", num_args = 0..=1, require_equals = true, default_missing_value = "all", action = clap::ArgAction::Append)]
    assume_complete: Vec<String>,
    /// The time to judge by, as RFC 3339; default: now
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    now: Option<Timestamp>,
}

/// How `verify` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VerifyFormat {
    /// A checklist for reading
    Human,
    /// A checklist for a ticket
    Markdown,
    /// Everything, for programs
    Json,
}

/// Runs `verify` and returns the exit code.
pub(super) fn run(args: &VerifyArgs) -> Result<u8, Failure> {
    #[cfg(feature = "live")]
    args.live.refuse_idle()?;
    let named = Named {
        before: &args.before,
        paths: &args.paths,
        #[cfg(feature = "live")]
        live: &args.live,
        assume_complete: &args.assume_complete,
    };
    if named.is_nothing() {
        return Err(Failure::new(
            "name what is there now, and with --before what was there before (see `pgo-preflight verify --help`)",
        ));
    }
    let rules = super::rules::rule_set(&[])?;
    let reading = evidence::read(&named, &mut Config::default())?;
    let now = args.now.or(reading.taken).unwrap_or_else(clock);
    let options = Options {
        run: Run {
            now,
            target: args.target,
            definition: None,
        },
        methods: Method::ALL.to_vec(),
        facts: false,
        pairs: args.pair.clone(),
        living: true,
        lint_live: false,
        schema: None,
    };
    let report = check::check(reading.evidence, &rules, &options);
    for bug in &report.bugs {
        tell(&format!("error: {bug}"));
    }
    let code = check::verify_exit_code(&report);
    match args.format {
        VerifyFormat::Human => print(&render::verify_human(&report), Form::Lines)?,
        VerifyFormat::Markdown => print(&render::verify_markdown(&report), Form::Lines)?,
        VerifyFormat::Json => {
            let text = format!("{:#}\n", render::verify_json(&report, code));
            print(&text, Form::Json)?;
        }
    }
    Ok(code)
}
