//! What `verify` is told.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::backup_info::{SavedInfo, saved_info};
use super::format::{Output, output};
use super::value::{timestamp, version};
use crate::expr::Version;
use crate::fact::spec::PairFlag;

pub(super) const EXAMPLES: &str = "\
Examples:
  pgo-preflight verify --before pgo-preflight-prod-2026-11-20.tar.gz --context prod -n pgo
  pgo-preflight verify --before before.tar.gz --before shut-down.tar.gz after.tar.gz
  pgo-preflight verify --before before/ after/ --format markdown
  pgo-preflight verify --before before/ after/ --format junit=moves.xml --format html=moves.html

Take the bundles before the move with `pgo-preflight collect`: deletion and shutdown take away what proves it.

Exit codes: 0 arrived; 1 something is wrong or has not arrived; 3 undecided, or nothing to verify; 2 the tool or its
usage failed.";

/// Flags of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// What is there now: files, folders, bundles, or - for standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// What was there before the move: bundles or folders, in any order: bundles tell their time (repeatable)
    #[arg(long, value_name = "BUNDLE")]
    pub(super) before: Vec<PathBuf>,
    /// The live clusters to read
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(super) live: super::kube::LiveArgs,
    /// The v4 cluster that a living one came from, where the evidence leaves it open (repeatable)
    #[arg(long, value_name = "CLUSTER=NAMESPACE/CLUSTER", value_parser = PairFlag::parse)]
    pub(super) pair: Vec<PairFlag>,
    /// What `pgbackrest info --output=json` said of a cluster's repositories, saved to a file: evidence of backups
    /// (repeatable)
    #[arg(long, value_name = "NAMESPACE/CLUSTER=FILE", value_parser = saved_info)]
    pub(super) backup_info: Vec<SavedInfo>,
    /// The PGO v5 release that runs; without it, what is found in the input
    #[arg(long, value_name = "VERSION", env = "PGO_PREFLIGHT_TARGET", value_parser = version)]
    pub(super) target: Option<Version>,
    /// Output format, with =FILE to write it to a file (repeatable; default: human): human, json, sarif, html, markdown,
    /// csv, junit, github, gitlab or policyreport
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(super) format: Vec<Output>,
    /// The configuration file; default: .pgo-preflight.yaml in the working directory or the nearest one above it
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    pub(super) no_config: bool,
    /// Take it that the input holds every object of these kinds (of all kinds, without =KIND)
    #[arg(long, value_name = "KIND,...", num_args = 0..=1, require_equals = true, default_missing_value = "all", action = clap::ArgAction::Append)]
    pub(super) assume_complete: Vec<String>,
    /// The time to judge by, as RFC 3339; default: now
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub(super) now: Option<Timestamp>,
}
