//! The flags of `collect`.

use std::path::PathBuf;

use clap::Args;

use super::rbac::Reach;
use crate::cli::kube::LiveArgs;

/// Flags of `collect`.
#[derive(Debug, Args)]
pub(crate) struct CollectArgs {
    /// Drafts that will be checked with the bundle: what is in their namespaces is collected, too
    #[arg(value_name = "DRAFT")]
    pub(super) drafts: Vec<PathBuf>,
    /// The file to write, or - for standard output [default: pgo-preflight-CONTEXT-DATE.tar.gz for each cluster]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Overwrite files that exist
    #[arg(long)]
    pub(super) force: bool,
    /// Print kubectl commands that make an equivalent export by hand; connects to nothing
    #[arg(long, group = "instead", conflicts_with_all = ["output", "force", "drafts", "all_contexts"])]
    pub(super) print_commands: bool,
    /// Ask the server what may be read, and tell what would be missing and which verdicts that costs
    #[arg(long, group = "instead", conflicts_with_all = ["output", "force", "drafts"])]
    pub(super) check_access: bool,
    /// Print the RBAC manifests that allow just what is read; connects to nothing
    #[arg(long, group = "instead", value_name = "REACH", num_args = 0..=1, require_equals = true,
          default_missing_value = "cluster", value_enum, conflicts_with_all = ["output", "force", "drafts"])]
    pub(super) print_rbac: Option<Reach>,
    #[command(flatten)]
    pub(super) live: LiveArgs,
}
