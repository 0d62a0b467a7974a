//! What `verify` is told.

use std::path::PathBuf;

use clap::Args;

use super::judging::JudgingArgs;
use super::show::glob;
use crate::check::Glob;
use crate::cli::streams::format::{Output, output};

pub(in crate::cli) const EXAMPLES: &str = "\
Examples:
  pgo-preflight verify --before pgo-preflight-prod-2026-11-20.tar.gz --context prod -n pgo
  pgo-preflight verify --before before.tar.gz --before shut-down.tar.gz after.tar.gz
  pgo-preflight verify --before before/ after/ -v
  pgo-preflight verify --before before/ after/ --format markdown
  pgo-preflight verify --before before/ after/ --cluster 'pgo/hippo*'
  pgo-preflight verify --before before/ after/ --format junit=moves.xml --format html=moves.html

Take the bundles before the move with `pgo-preflight collect`: deletion and shutdown take away what proves it.

Exit codes: 0 arrived; 1 something is wrong or has not arrived; 3 undecided, or nothing to verify; 2 the tool or its
usage failed.";

/// Flags of `verify`.
#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    /// What is there now: files, folders, bundles, or - for standard input
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// What was there before the move: bundles or folders, in any order: bundles tell their time (repeatable)
    #[arg(long, value_name = "BUNDLE")]
    pub(in crate::cli) before: Vec<PathBuf>,
    /// Show only these clusters, of v4 or v5: NAME or NAMESPACE/NAME, with * and ? (repeatable; in every format); the exit
    /// code is that of all
    #[arg(long, value_name = "[NAMESPACE/]NAME", value_parser = glob)]
    pub(in crate::cli) cluster: Vec<Glob>,
    /// Tell every move with every line: what holds, and what can be done about what is only to be known
    #[arg(short, long)]
    pub(in crate::cli) verbose: bool,
    /// Output format, with =FILE to write it to a file (repeatable; default: human): human, json, sarif, html, markdown,
    /// csv, junit, github, gitlab or policyreport
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(in crate::cli) format: Vec<Output>,
    #[command(flatten)]
    pub(in crate::cli) judging: JudgingArgs,
}
