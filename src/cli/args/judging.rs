//! What `draft`, `plan` and `verify` are told alike: what is judged, and by what.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::help::JUDGED;
use super::value::{timestamp, version};
use crate::cli::evidence::backup_info::{SavedInfo, saved_info};
use crate::expr::Version;
use crate::fact::spec::PairFlag;

/// Flags that say what is judged, beside the paths, and by what.
#[derive(Debug, Args)]
pub(in crate::cli) struct JudgingArgs {
    /// The live clusters to read
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(in crate::cli) live: crate::cli::kube::LiveArgs,
    /// The PGO v5 release; without it, the one found in the input
    #[arg(help_heading = JUDGED, long, value_name = "VERSION", env = "PGO_PREFLIGHT_TARGET", value_parser = version)]
    pub(in crate::cli) target: Option<Version>,
    /// The v4 cluster that a draft or a living cluster belongs to, where the evidence leaves it open (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "CLUSTER=NAMESPACE/CLUSTER", value_parser = PairFlag::parse)]
    pub(in crate::cli) pair: Vec<PairFlag>,
    /// What `pgbackrest info --output=json` said of a cluster's repositories, saved to a file: evidence of backups
    /// (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "NAMESPACE/CLUSTER=FILE", value_parser = saved_info)]
    pub(in crate::cli) backup_info: Vec<SavedInfo>,
    /// A folder of further rules (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "DIR")]
    pub(in crate::cli) rules: Vec<PathBuf>,
    /// The configuration file; default: .pgo-preflight.yaml in the working directory or the nearest one above it
    #[arg(help_heading = JUDGED, long, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(help_heading = JUDGED, long)]
    pub(in crate::cli) no_config: bool,
    /// Count what is not in the input as not there, for these kinds (for all, without =KIND): right only where the export
    /// holds every object of them, since one that was left out would pass as absent, and a verdict come out too good
    #[arg(help_heading = JUDGED, long, value_name = "KIND,...", num_args = 0..=1, require_equals = true, default_missing_value = "all", action = clap::ArgAction::Append)]
    pub(in crate::cli) assume_complete: Vec<String>,
    /// The time to judge by, as RFC 3339; default: when the evidence was taken, else now
    #[arg(help_heading = JUDGED, long, value_name = "TIME", value_parser = timestamp)]
    pub(in crate::cli) now: Option<Timestamp>,
}
