//! What `report` is told.

use std::path::PathBuf;

use clap::Args;

use super::fail_on::FailOnArg;
use super::help::{COUNTED, WRITTEN};
use super::show::ShowArgs;
use crate::cli::streams::format::{Colour, Output, output};

/// Flags of `report`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ReportArgs {
    /// JSON reports that `check` or `report` has written, or - for standard input; NAME=FILE says of which Kubernetes
    /// cluster a report is that was made from loose files or inside its cluster
    #[arg(value_name = "[NAME=]FILE", required = true)]
    pub(in crate::cli) files: Vec<String>,
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
    /// From which outcome on to exit with 1
    #[arg(help_heading = COUNTED, long, value_name = "LEVEL", value_enum, default_value_t = FailOnArg::Blocked)]
    pub(in crate::cli) fail_on: FailOnArg,
    /// Exit with 0 where it would be 1 or 3 (never where it would be 2)
    #[arg(help_heading = COUNTED, long)]
    pub(in crate::cli) exit_zero: bool,
    /// When to use colour
    #[arg(help_heading = WRITTEN, long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(in crate::cli) color: Colour,
}
