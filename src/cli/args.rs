//! The flags, as clap reads them.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::artifact::{self, GenerateArgs};
use super::backup_info::{SavedInfo, saved_info};
use super::door::Form;
use super::format::{Colour, Output, output};
use super::help::{self, COUNTED, JUDGED, WRITTEN};
use super::show::ShowArgs;
use super::value::{method, timestamp, version};
use crate::check::FailOn;
use crate::expr::Version;
use crate::fact::spec::PairFlag;
use crate::rule::Method;

/// May my PGO v4 clusters move to PGO v5, by which method, and what must be done first?
#[derive(Debug, Parser)]
#[command(name = "pgo-preflight", version, about, long_about = help::LONG_ABOUT, after_help = help::AFTER_HELP, max_term_width = 100)]
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
    #[command(after_help = super::plan_args::EXAMPLES)]
    Plan(Box<super::plan_args::PlanArgs>),
    /// After a move: has everything of v4 arrived in the living v5 clusters?
    #[command(after_help = super::verify_args::EXAMPLES)]
    Verify(Box<super::verify_args::VerifyArgs>),
    /// Write the PostgresCluster for a v4 cluster, a method and a release, from the evidence
    #[command(after_help = super::draft_args::EXAMPLES)]
    Draft(Box<super::draft_args::DraftArgs>),
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

/// Flags of `check`.
#[allow(clippy::struct_excessive_bools)] // switches are what they are
#[derive(Clone, Debug, Args)]
pub(super) struct CheckArgs {
    /// Files, folders (searched for .yaml, .yml and .json), bundles and other archives, or - for standard input; NAME=PATH
    /// says of which Kubernetes cluster they are
    #[arg(value_name = "[NAME=]PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The live clusters to read
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(super) live: super::kube::LiveArgs,
    /// Judge only this method (repeatable): volumes, backups or standby; or upgrade, which goes with --target: may the
    /// operator of living v5 clusters go on to that release?
    #[arg(help_heading = JUDGED, long, value_name = "METHOD", value_delimiter = ',', value_parser = method)]
    pub(super) method: Vec<Method>,
    /// The PGO v5 release you will move to; without it, what is found in the input, else any from 5.0.3 on
    #[arg(help_heading = JUDGED, long, value_name = "VERSION", env = "PGO_PREFLIGHT_TARGET", value_parser = version)]
    pub(super) target: Option<Version>,
    /// The CustomResourceDefinition that drafts are checked with; default: the one in the input, else the built-in
    /// catalogue of the target
    #[arg(help_heading = JUDGED, long, value_name = "FILE")]
    pub(super) crd: Option<PathBuf>,
    /// The v4 cluster that a draft replaces, where the evidence leaves it open (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "DRAFT=NAMESPACE/CLUSTER", value_parser = PairFlag::parse)]
    pub(super) pair: Vec<PairFlag>,
    /// What `pgbackrest info --output=json` said of a cluster's repositories, saved to a file: evidence of backups
    /// (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "NAMESPACE/CLUSTER=FILE", value_parser = saved_info)]
    pub(super) backup_info: Vec<SavedInfo>,
    /// Lint PostgresClusters that a server has seen like drafts
    #[arg(help_heading = JUDGED, long)]
    pub(super) lint_live: bool,
    /// Judge drafts and living PostgresClusters as if they were of this API version of PGO 6.0, too: v1
    #[arg(help_heading = JUDGED, long, value_name = "VERSION", value_parser = api_version)]
    pub(super) api_version: Option<&'static str>,
    /// A folder of further rules, treated exactly like the built-in ones (repeatable)
    #[arg(help_heading = JUDGED, long, value_name = "DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// Output format, with =FILE to write it to a file (repeatable; default: human): human, json, sarif, html, markdown,
    /// csv, junit, github, gitlab or policyreport
    #[arg(help_heading = WRITTEN, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(super) format: Vec<Output>,
    /// What of the report is shown, and how much
    #[command(flatten)]
    pub(super) show: ShowArgs,
    /// An earlier JSON report: tell what moved, what regressed, what is new
    #[arg(help_heading = WRITTEN, long, value_name = "FILE")]
    pub(super) since: Option<PathBuf>,
    /// The configuration file; default: .pgo-preflight.yaml in the working directory or the nearest one above it
    #[arg(help_heading = JUDGED, long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(help_heading = JUDGED, long)]
    pub(super) no_config: bool,
    /// Tell only what is not in this baseline, and let only that count for the exit code; verdicts stay as they are
    #[arg(help_heading = COUNTED, long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write what was found into a baseline
    #[arg(help_heading = COUNTED, long, value_name = "FILE")]
    pub(super) write_baseline: Option<PathBuf>,
    /// From which outcome on to exit with 1
    #[arg(help_heading = COUNTED, long, value_name = "LEVEL", value_enum, default_value_t = FailOnArg::Blocked)]
    pub(super) fail_on: FailOnArg,
    /// Exit with 0 where it would be 1 or 3 (never where it would be 2)
    #[arg(help_heading = COUNTED, long)]
    pub(super) exit_zero: bool,
    /// Exit with 0 where there is nothing to check, or nothing unread but templates that nobody rendered; they are told
    #[arg(help_heading = COUNTED, long)]
    pub(super) allow_unrendered: bool,
    /// Take it that the input holds every object of these kinds (of all kinds, without =KIND)
    #[arg(help_heading = JUDGED, long, value_name = "KIND,...", num_args = 0..=1, require_equals = true, default_missing_value = "all", action = ArgAction::Append)]
    pub(super) assume_complete: Vec<String>,
    /// The time to judge by, as RFC 3339; default: now
    #[arg(help_heading = JUDGED, long, value_name = "TIME", value_parser = timestamp)]
    pub(super) now: Option<Timestamp>,
    /// Put every fact about each cluster into the JSON report
    #[arg(help_heading = WRITTEN, long)]
    pub(super) facts: bool,
    /// When to use colour
    #[arg(help_heading = WRITTEN, long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
}

/// Flags of `report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// JSON reports that `check` or `report` has written, or - for standard input; NAME=FILE says of which Kubernetes
    /// cluster a report is that was made from loose files or inside its cluster
    #[arg(value_name = "[NAME=]FILE", required = true)]
    pub(super) files: Vec<String>,
    /// Output format, with =FILE to write it to a file (repeatable; default: human): human, json, sarif, html, markdown,
    /// csv, junit, github, gitlab or policyreport
    #[arg(help_heading = WRITTEN, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(super) format: Vec<Output>,
    /// What of the report is shown, and how much
    #[command(flatten)]
    pub(super) show: ShowArgs,
    /// An earlier JSON report: tell what moved, what regressed, what is new
    #[arg(help_heading = WRITTEN, long, value_name = "FILE")]
    pub(super) since: Option<PathBuf>,
    /// From which outcome on to exit with 1
    #[arg(help_heading = COUNTED, long, value_name = "LEVEL", value_enum, default_value_t = FailOnArg::Blocked)]
    pub(super) fail_on: FailOnArg,
    /// Exit with 0 where it would be 1 or 3 (never where it would be 2)
    #[arg(help_heading = COUNTED, long)]
    pub(super) exit_zero: bool,
    /// When to use colour
    #[arg(help_heading = WRITTEN, long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
}

/// Flags of `rules`.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// A rule's id, a step's, or a fact's name, to explain in full
    pub(super) id: Option<String>,
    /// List only rules of this folder: cluster, cluster/volumes, draft, pair ...
    #[arg(long, value_name = "FOLDER")]
    pub(super) folder: Option<String>,
    /// List only rules with this effect: block, action, error, warn, info ...
    #[arg(long, value_name = "EFFECT")]
    pub(super) effect: Option<String>,
    /// List only rules about this kind of subject: Pgcluster, PostgresCluster ...
    #[arg(long, value_name = "SUBJECT")]
    pub(super) subject: Option<String>,
    /// List the facts that rules may read instead
    #[arg(long)]
    pub(super) facts: bool,
    /// List the steps of plans instead, in the order of doing
    #[arg(long, conflicts_with = "facts")]
    pub(super) steps: bool,
    /// A folder of further rules (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = RulesFormat::Human)]
    pub(super) format: RulesFormat,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
}

/// How `rules` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    /// For reading
    Human,
    /// A table for documentation
    Markdown,
    /// Everything, for programs
    Json,
    /// The JSON Schema of rule files
    Schema,
    /// The JSON Schema of the configuration file
    ConfigSchema,
    /// What is known of each release of PGO, as a table for documentation
    Releases,
}

impl RulesFormat {
    /// What its text is written for; `colour` is for people alone.
    pub(super) fn form(self, colour: bool) -> Form {
        match self {
            RulesFormat::Human if colour => Form::Coloured,
            RulesFormat::Human | RulesFormat::Markdown | RulesFormat::Releases => Form::Lines,
            RulesFormat::Json | RulesFormat::Schema | RulesFormat::ConfigSchema => Form::Json,
        }
    }
}

/// Flags of `test`.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// A folder of rules; default: the built-in ones
    pub(super) dir: Option<PathBuf>,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOnArg {
    /// A cluster has no open method, or a draft has an error
    Blocked,
    /// Also where a verdict is unknown
    Unknown,
    /// Also where preparations are left to make
    Action,
    /// Also on any warning
    Warning,
    /// Nothing that is found fails the run
    Never,
}

impl From<FailOnArg> for FailOn {
    fn from(arg: FailOnArg) -> Self {
        match arg {
            FailOnArg::Blocked => FailOn::Blocked,
            FailOnArg::Unknown => FailOn::Unknown,
            FailOnArg::Action => FailOn::Action,
            FailOnArg::Warning => FailOn::Warning,
            FailOnArg::Never => FailOn::Never,
        }
    }
}

fn api_version(text: &str) -> Result<&'static str, String> {
    match text.rsplit('/').next() {
        Some("v1") => Ok("v1"),
        _ => Err(format!(
            "`{text}` is no API version that manifests move to; use v1"
        )),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_format_may_name_a_file() {
        assert_eq!(
            output("sarif=a=b.sarif").unwrap().file.unwrap(),
            PathBuf::from("a=b.sarif")
        );
        assert!(output("sarif=").is_err());
        assert!(output("xml").is_err());
    }
}
