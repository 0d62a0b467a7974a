//! The flags, as clap reads them.

pub(super) mod check;
pub(super) mod draft;
pub(super) mod fail_on;
pub(super) mod help;
pub(super) mod judging;
pub(super) mod plan;
pub(super) mod report;
pub(super) mod rules;
pub(super) mod show;
pub(super) mod value;
pub(super) mod verify;

use clap::{Parser, Subcommand};

use super::generate::artifact;
use super::generate::artifact::GenerateArgs;
use check::CheckArgs;
use report::ReportArgs;
use rules::{RulesArgs, TestArgs};

/// May my PGO v4 clusters move to PGO v5, by which method, and what must be done first?
#[derive(Debug, Parser)]
#[command(name = "pgo-preflight", version, about, long_about = help::LONG_ABOUT, after_help = help::after_help(), max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Judge every v4 cluster and every PostgresCluster draft in the input, and cross-check them
    #[command(after_help = help::CHECK_EXAMPLES)]
    Check(Box<CheckArgs>),
    /// Export what `check` reads from live clusters: one bundle each, with what could not be seen, without Secrets
    #[cfg(feature = "live")]
    #[command(after_help = help::COLLECT_EXAMPLES)]
    Collect(Box<super::collect::CollectArgs>),
    /// The way of a cluster step by step: what is done, what is next, and the way back from there
    #[command(after_help = plan::EXAMPLES)]
    Plan(Box<plan::PlanArgs>),
    /// After a move: has everything of v4 arrived in the living v5 clusters?
    #[command(after_help = verify::EXAMPLES)]
    Verify(Box<verify::VerifyArgs>),
    /// Write the PostgresCluster for a v4 cluster, a method and a release, from the evidence
    #[command(after_help = draft::EXAMPLES)]
    Draft(Box<draft::DraftArgs>),
    /// Merge JSON reports of several runs into one, and write it in any format
    #[command(after_help = help::REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// List rules and facts, or explain one
    #[command(after_help = help::RULES_EXAMPLES)]
    Rules(RulesArgs),
    /// Run the examples of rules, built-in or your own
    #[command(after_help = help::TEST_EXAMPLES)]
    Test(TestArgs),
    /// Shell completions, manual pages, and JSON Schemas for editors
    #[command(after_help = artifact::EXAMPLES)]
    Generate(GenerateArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
