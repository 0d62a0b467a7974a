//! `generate`: what packagers install beside the program, and schemas for editors.

pub(super) mod artifact;
pub(super) mod completion;

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::Cli;
use super::streams::door::Form;
use super::streams::output::{pretty, print, write_file};
use artifact::{GenerateArgs, Shape, What};

use super::{Failure, config};
use crate::check::CLEAN;

/// The shape of JSON reports.
const REPORT_SCHEMA: &str = include_str!("../../docs/report.schema.json");

/// Runs `generate` and returns the exit code.
pub(super) fn run(args: &GenerateArgs) -> Result<u8, Failure> {
    match &args.what {
        What::Completions { shell } => print(&completion::script(*shell)?, Form::Lines)?,
        What::Man { folder } => manual(folder)?,
        What::Schema { of } => print(&schema(*of), Form::Json)?,
    }
    Ok(CLEAN)
}

fn schema(of: Shape) -> String {
    match of {
        Shape::Config => pretty(&config::schema()),
        Shape::Rule => pretty(&crate::rule::schema()),
        Shape::Step => pretty(&crate::rule::step_schema()),
        Shape::Report => REPORT_SCHEMA.to_owned(),
    }
}

/// Writes the page of each command.
fn manual(folder: &Path) -> Result<(), Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    for command in with_parts(&command) {
        let page = Man::new(command);
        let mut text = Vec::new();
        page.render(&mut text)?;
        let text = String::from_utf8(text)?;
        write_file(&folder.join(page.get_filename()), &text, Form::Lines)?;
    }
    Ok(())
}

/// A command and all below it.
fn with_parts(command: &clap::Command) -> Vec<clap::Command> {
    let below = command.get_subcommands().flat_map(with_parts);
    std::iter::once(command.clone()).chain(below).collect()
}
