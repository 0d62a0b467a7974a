//! What `plan` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::help::JUDGED;
use super::judging::JudgingArgs;
use super::show::glob;
use super::value::method;
use crate::check::Glob;
use crate::cli::streams::format::Colour;
use crate::rule::Method;

pub(in crate::cli) const EXAMPLES: &str = "\
Examples:
  pgo-preflight plan exports/ --cluster pgo/hippo
  pgo-preflight plan exports/ --cluster pgo/hippo --method backups --format markdown
  pgo-preflight plan --before before.tar.gz --context prod -n pgo     how far the move is, and what is next

Take a bundle before the move with `pgo-preflight collect`, and give it with --before from then on: what is deleted on the
way is in it alone. Run it again before every point of no return, and after an interruption.

Exit codes: 0 printed; 1 the method is blocked, or what is there contradicts the plan; 3 questions are open, or there is
nothing to plan; 2 the tool, a step or its usage failed.";

/// Flags of `plan`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PlanArgs {
    /// What is there now: files, folders, bundles, or - for standard input; drafts of the new clusters, too
    #[arg(value_name = "[NAME=]PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// What was there before: bundles or folders, the oldest first (repeatable)
    #[arg(long, value_name = "BUNDLE")]
    pub(in crate::cli) before: Vec<PathBuf>,
    /// Plan only for these clusters: NAME or NAMESPACE/NAME, with * and ? (repeatable)
    #[arg(long, value_name = "[NAMESPACE/]NAME", value_parser = glob)]
    pub(in crate::cli) cluster: Vec<Glob>,
    /// Plan this method; without it, the one that is under way, else the one that is most open
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub(in crate::cli) method: Option<Method>,
    /// A folder of further steps, which are added or take the place of built-in ones of their id (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) steps: Vec<PathBuf>,
    /// The CustomResourceDefinition that drafts are checked with; default: the one in the input, else the built-in
    /// catalogue of the target
    #[arg(help_heading = JUDGED, long, value_name = "FILE")]
    pub(in crate::cli) crd: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = PlanFormat::Human)]
    pub(in crate::cli) format: PlanFormat,
    /// Show the steps that are not needed, too
    #[arg(short, long)]
    pub(in crate::cli) verbose: bool,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(in crate::cli) color: Colour,
    #[command(flatten)]
    pub(in crate::cli) judging: JudgingArgs,
}

/// How `plan` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PlanFormat {
    /// Step by step, for reading
    Human,
    /// A checklist for a ticket
    Markdown,
    /// Everything, for programs: the report with its plans
    Json,
    /// A page with a checklist to print for each cluster
    Html,
}
