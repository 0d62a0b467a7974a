//! The flags that say what of a report is shown.

use clap::Args;

use super::help::WRITTEN;
use crate::check::Glob;
use crate::render::Extent;
use crate::render::document::Narrow;

/// What of a report is shown. The exit code is always that of the whole.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct ShowArgs {
    /// Show every finding in full, with its lines
    #[arg(help_heading = WRITTEN, short, long, conflicts_with = "quiet")]
    pub(in crate::cli) verbose: bool,
    /// Show the table and the sums alone
    #[arg(help_heading = WRITTEN, short, long)]
    pub(in crate::cli) quiet: bool,
    /// Show only these clusters and drafts: NAME or NAMESPACE/NAME, with * and ? (repeatable; in every format)
    #[arg(help_heading = WRITTEN, long, value_name = "[NAMESPACE/]NAME", value_parser = glob)]
    pub(in crate::cli) cluster: Vec<Glob>,
    /// Show only findings of these rules: an id, with * and ? (repeatable; in every format)
    #[arg(help_heading = WRITTEN, long, value_name = "ID", value_parser = glob)]
    pub(in crate::cli) rule: Vec<Glob>,
    /// Count findings by rule instead
    #[arg(help_heading = WRITTEN, long, conflicts_with_all = ["verbose", "quiet"])]
    pub(in crate::cli) statistics: bool,
}

impl ShowArgs {
    /// What is shown.
    pub(in crate::cli) fn narrow(&self) -> Narrow {
        Narrow {
            clusters: self.cluster.clone(),
            rules: self.rule.clone(),
        }
    }

    /// How much of it the text for people tells.
    pub(in crate::cli) fn extent(&self) -> Extent {
        match (self.quiet, self.verbose, self.statistics) {
            (true, ..) => Extent::Table,
            (_, true, _) => Extent::Full,
            (.., true) => Extent::Statistics,
            _ => Extent::Screen,
        }
    }
}

pub(in crate::cli) fn glob(text: &str) -> Result<Glob, String> {
    Glob::name(text).map_err(|error| error.to_string())
}
