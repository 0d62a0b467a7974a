//! What `report` is told.

use std::path::PathBuf;

use clap::Args;

use super::fail_on::FailOnArg;
use super::format::{Colour, Output, output};
use super::help::{COUNTED, WRITTEN};
use super::show::ShowArgs;

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
