//! What `draft`, `plan` and `verify` share: which evidence is read, and by what it is judged.

use std::path::PathBuf;

use jiff::Timestamp;

use super::args::judging::JudgingArgs;
use super::args::value::clock;
use super::evidence::backup_info;
use super::evidence::named::hold_pairs;
use super::evidence::{self, Named, Reading};
use super::streams::output::tell;
use super::{Failure, config};
use crate::check::{Evidence, Options, Report};
use crate::expr::Version;
use crate::printable::one_line;
use crate::rule::RuleSet;

/// What was read, and what judges it.
pub(super) struct Judging {
    pub(super) evidence: Evidence,
    /// When the youngest bundle was taken.
    pub(super) taken: Option<Timestamp>,
    /// Whether any of it is evidence of a Kubernetes cluster of its own.
    pub(super) apart: bool,
    pub(super) rules: RuleSet,
    pub(super) options: Options,
}

impl JudgingArgs {
    /// Reads what is named. `drafted` says that what `--pair` gives to a v4 cluster has to be there already.
    ///
    /// # Errors
    ///
    /// Nothing is named, a flag has no effect, or a file cannot be read or is wrong.
    pub(super) fn read(
        &self,
        paths: &[PathBuf],
        before: &[PathBuf],
        nothing: &'static str,
        drafted: bool,
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
            apart,
        } = evidence::read(&named, &mut config)?;
        backup_info::attach(&self.backup_info, &mut evidence)?;
        hold_pairs(&self.pair, &evidence, drafted)?;
        let now = self.now.or(taken).unwrap_or_else(clock);
        let target = self.target.or(config.target);
        if let Some(text) = config.text {
            evidence.govern(config.policy.on(now), &text);
        }
        Ok(Judging {
            evidence,
            taken,
            apart,
            rules,
            options: self.options(now, target),
        })
    }

    fn options(&self, now: Timestamp, target: Option<Version>) -> Options {
        Options {
            pairs: self.pair.clone(),
            living: true,
            ..Options::at(now, target)
        }
    }
}

/// The rule that names what a configuration leaves out.
const EXCLUDED: &str = "input-excluded";

/// Tells on standard error which files the configuration leaves out.
pub(super) fn tell_left_out(report: &Report) {
    for left_out in report.findings.iter().filter(|one| &*one.rule == EXCLUDED) {
        tell(&format!("note: {}", one_line(&left_out.message)));
    }
}

/// Tells on standard error what is at fault in the rules, and what was not read.
pub(super) fn tell_faults(report: &Report) {
    for bug in &report.bugs {
        tell(&format!("error: {bug}"));
    }
    tell_left_out(report);
    for skipped in report.skipped.iter().filter(|skipped| skipped.counts) {
        let (uri, reason) = (one_line(&skipped.uri), one_line(&skipped.reason));
        tell(&format!("note: {uri} was not read: {reason}"));
    }
}
