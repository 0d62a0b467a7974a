//! What `draft`, `plan` and `verify` are told alike: what is judged, and by what.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::backup_info::{SavedInfo, saved_info};
use super::help::JUDGED;
use super::value::{timestamp, version};
use crate::expr::Version;
use crate::fact::spec::PairFlag;

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
