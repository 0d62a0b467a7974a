//! `verify`: whether everything of v4 has arrived in the living v5 clusters.

use super::Failure;
use super::check::clock;
use super::config::Config;
use super::door::Form;
use super::evidence::{self, Named};
use super::output::{print, tell};
use super::verify_args::{VerifyArgs, VerifyFormat};
use crate::check::{self, Options};
use crate::fact::Run;
use crate::render;
use crate::rule::Method;

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
