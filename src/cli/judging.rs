//! What `draft`, `plan` and `verify` share: which evidence is read, and by what it is judged.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::Failure;
use super::backup_info::{self, SavedInfo, saved_info};
use super::config;
use super::evidence::{self, Named, Reading};
use super::help::JUDGED;
use super::output::tell;
use super::value::{clock, timestamp, version};
use crate::check::{Evidence, Options, Report};
use crate::expr::Version;
use crate::fact::Run;
use crate::fact::spec::PairFlag;
use crate::printable::one_line;
use crate::rule::{Method, RuleSet};

/// Flags that say what is judged, beside the paths, and by what.
#[derive(Debug, Args)]
pub(super) struct JudgingArgs {
    /// The live clusters to read
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(super) live: super::kube::LiveArgs,
    /// The PGO v5 release; without it, the one found in the input
    #[arg(help_heading = JUDGED, long, value_name = "VERSION", env = "PGO_PREFLIGHT_TARGET", value_parser = version)]
    pub(super) target: Option<Version>,
    /// The v4 cluster that a draft or a living cluster belongs to, where the evidence leaves it open (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "CLUSTER=NAMESPACE/CLUSTER", value_parser = PairFlag::parse)]
    pub(super) pair: Vec<PairFlag>,
    /// What `pgbackrest info --output=json` said of a cluster's repositories, saved to a file: evidence of backups
    /// (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "NAMESPACE/CLUSTER=FILE", value_parser = saved_info)]
    pub(super) backup_info: Vec<SavedInfo>,
    /// A folder of further rules (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// The configuration file; default: .pgo-preflight.yaml in the working directory or the nearest one above it
    #[arg(help_heading = JUDGED, long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(help_heading = JUDGED, long)]
    pub(super) no_config: bool,
    /// Take it that the input holds every object of these kinds (of all kinds, without =KIND)
    #[arg(help_heading = JUDGED, long, value_name = "KIND,...", num_args = 0..=1, require_equals = true, default_missing_value = "all", action = clap::ArgAction::Append)]
    pub(super) assume_complete: Vec<String>,
    /// The time to judge by, as RFC 3339; default: when the evidence was taken, else now
    #[arg(help_heading = JUDGED, long, value_name = "TIME", value_parser = timestamp)]
    pub(super) now: Option<Timestamp>,
}

/// What was read, and what judges it.
pub(super) struct Judging {
    pub(super) evidence: Evidence,
    /// When the youngest bundle was taken.
    pub(super) taken: Option<Timestamp>,
    pub(super) rules: RuleSet,
    pub(super) options: Options,
}

impl JudgingArgs {
    /// Reads what is named.
    ///
    /// # Errors
    ///
    /// Nothing is named, a flag has no effect, or a file cannot be read or is wrong.
    pub(super) fn read(
        &self,
        paths: &[PathBuf],
        before: &[PathBuf],
        nothing: &'static str,
    ) -> Result<Judging, Failure> {
        #[cfg(feature = "live")]
        self.live.refuse_idle()?;
        let named = Named {
            before,
            paths,
            #[cfg(feature = "live")]
            live: &self.live,
            assume_complete: &self.assume_complete,
        };
        if named.is_nothing() {
            return Err(Failure::new(nothing));
        }
        let mut config = config::find(self.config.as_deref(), self.no_config)?;
        let folders = [config.folders()?, self.rules.clone()].concat();
        let mut rules = super::rules::rule_set(&folders)?;
        config.weigh(&mut rules)?;
        let Reading {
            mut evidence,
            taken,
        } = evidence::read(&named, &mut config)?;
        backup_info::attach(&self.backup_info, &mut evidence)?;
        let now = self.now.or(taken).unwrap_or_else(clock);
        let target = self.target.or(config.target);
        if let Some(text) = config.text {
            evidence.govern(config.policy.on(now), &text);
        }
        Ok(Judging {
            evidence,
            taken,
            rules,
            options: self.options(now, target),
        })
    }

    fn options(&self, now: Timestamp, target: Option<Version>) -> Options {
        Options {
            run: Run {
                now,
                target,
                definition: None,
            },
            methods: Method::ALL.to_vec(),
            facts: false,
            pairs: self.pair.clone(),
            living: true,
            lint_live: false,
            schema: None,
        }
    }
}

/// Tells on standard error what is at fault in the rules, and what was not read.
pub(super) fn tell_faults(report: &Report) {
    for bug in &report.bugs {
        tell(&format!("error: {bug}"));
    }
    for skipped in report.skipped.iter().filter(|skipped| skipped.counts) {
        let (uri, reason) = (one_line(&skipped.uri), one_line(&skipped.reason));
        tell(&format!("note: {uri} was not read: {reason}"));
    }
}
