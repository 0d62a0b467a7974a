//! What `check` is told.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use jiff::Timestamp;

use super::fail_on::FailOnArg;
use super::help::{COUNTED, JUDGED, WRITTEN};
use super::show::ShowArgs;
use super::value::{method, timestamp, version};
use crate::cli::evidence::backup_info::{SavedInfo, saved_info};
use crate::cli::streams::format::{Colour, Output, output};
use crate::expr::Version;
use crate::fact::spec::PairFlag;
use crate::rule::Method;

/// Flags of `check`.
#[allow(clippy::struct_excessive_bools)] // switches are what they are
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Files, folders (searched for .yaml, .yml and .json), bundles and other archives, or - for standard input; NAME=PATH
    /// says of which Kubernetes cluster they are
    #[arg(value_name = "[NAME=]PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// The live clusters to read
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(in crate::cli) live: crate::cli::kube::LiveArgs,
    /// Judge only this method (repeatable): volumes, backups or standby; or upgrade, which goes with --target: may the
    /// operator of living v5 clusters go on to that release?
    #[arg(help_heading = JUDGED, long, value_name = "METHOD", value_delimiter = ',', value_parser = method)]
    pub(in crate::cli) method: Vec<Method>,
    /// The PGO v5 release you will move to; without it, what is found in the input, else any from 5.0.3 on
    #[arg(help_heading = JUDGED, long, value_name = "VERSION", env = "PGO_PREFLIGHT_TARGET", value_parser = version)]
    pub(in crate::cli) target: Option<Version>,
    /// The CustomResourceDefinition that drafts are checked with; default: the one in the input, else the built-in
    /// catalogue of the target
    #[arg(help_heading = JUDGED, long, value_name = "FILE")]
    pub(in crate::cli) crd: Option<PathBuf>,
    /// The v4 cluster that a draft replaces, where the evidence leaves it open (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "DRAFT=NAMESPACE/CLUSTER", value_parser = PairFlag::parse)]
    pub(in crate::cli) pair: Vec<PairFlag>,
    /// What `pgbackrest info --output=json` said of a cluster's repositories, saved to a file: evidence of backups
    /// (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "NAMESPACE/CLUSTER=FILE", value_parser = saved_info)]
    pub(in crate::cli) backup_info: Vec<SavedInfo>,
    /// Lint PostgresClusters that a server has seen like drafts
    #[arg(help_heading = JUDGED, long)]
    pub(in crate::cli) lint_live: bool,
    /// Judge drafts and living PostgresClusters as if they were of this API version of PGO 6.0, too: v1
    #[arg(help_heading = JUDGED, long, value_name = "VERSION", value_parser = api_version)]
    pub(in crate::cli) api_version: Option<&'static str>,
    /// A folder of further rules, treated exactly like the built-in ones (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "DIR")]
    pub(in crate::cli) rules: Vec<PathBuf>,
    /// Output format, with =FILE to write it to a file (repeatable; default: human): human, json, sarif, html, markdown,
    /// csv, junit, github, gitlab or policyreport
    #[arg(help_heading = WRITTEN, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(in crate::cli) format: Vec<Output>,
    /// What of the report is shown, and how much
    #[command(flatten)]
    pub(in crate::cli) show: ShowArgs,
    /// An earlier JSON report: tell what moved, what regressed, what is new
    #[arg(help_heading = WRITTEN, long, value_name = "FILE")]
    pub(in crate::cli) since: Option<PathBuf>,
    /// The configuration file; default: .pgo-preflight.yaml in the working directory or the nearest one above it
    #[arg(help_heading = JUDGED, long, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(help_heading = JUDGED, long)]
    pub(in crate::cli) no_config: bool,
    /// Tell only what is not in this baseline, and let only that count for the exit code; verdicts stay as they are
    #[arg(help_heading = COUNTED, long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Write what was found into a baseline
    #[arg(help_heading = COUNTED, long, value_name = "FILE")]
    pub(in crate::cli) write_baseline: Option<PathBuf>,
    /// From which outcome on to exit with 1
    #[arg(help_heading = COUNTED, long, value_name = "LEVEL", value_enum, default_value_t = FailOnArg::Blocked)]
    pub(in crate::cli) fail_on: FailOnArg,
    /// Exit with 0 where it would be 1 or 3 (never where it would be 2)
    #[arg(help_heading = COUNTED, long)]
    pub(in crate::cli) exit_zero: bool,
    /// Exit with 0 where there is nothing to check, or nothing unread but templates that nobody rendered; they are told
    #[arg(help_heading = COUNTED, long)]
    pub(in crate::cli) allow_unrendered: bool,
    /// Count what is not in the input as not there, for these kinds (for all, without =KIND): right only where the export
    /// holds every object of them, since one that was left out would pass as absent, and a verdict come out too good
    #[arg(help_heading = JUDGED, long, value_name = "KIND,...", num_args = 0..=1, require_equals = true, default_missing_value = "all", action = ArgAction::Append)]
    pub(in crate::cli) assume_complete: Vec<String>,
    /// The time to judge by, as RFC 3339; default: now
    #[arg(help_heading = JUDGED, long, value_name = "TIME", value_parser = timestamp)]
    pub(in crate::cli) now: Option<Timestamp>,
    /// Put every fact about each cluster into the JSON report
    #[arg(help_heading = WRITTEN, long)]
    pub(in crate::cli) facts: bool,
    /// When to use colour
    #[arg(help_heading = WRITTEN, long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(in crate::cli) color: Colour,
}

fn api_version(text: &str) -> Result<&'static str, String> {
    match text.rsplit('/').next() {
        Some("v1") => Ok("v1"),
        _ => Err(format!(
            "`{text}` is no API version that manifests move to; use v1"
        )),
    }
}
