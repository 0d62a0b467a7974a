//! What `rules` and `test` are told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::streams::door::Form;
use crate::cli::streams::format::Colour;

/// Flags of `rules`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArgs {
    /// A rule's id, a step's, or a fact's name, to explain in full
    pub(in crate::cli) id: Option<String>,
    /// List only rules of this folder: cluster, cluster/volumes, draft, pair ...
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) folder: Option<String>,
    /// List only rules with this effect: block, action, error, warn, info ...
    #[arg(long, value_name = "EFFECT")]
    pub(in crate::cli) effect: Option<String>,
    /// List only rules about this kind of subject: Pgcluster, PostgresCluster ...
    #[arg(long, value_name = "SUBJECT")]
    pub(in crate::cli) subject: Option<String>,
    /// List the facts that rules may read instead
    #[arg(long)]
    pub(in crate::cli) facts: bool,
    /// List the steps of plans instead, in the order of doing
    #[arg(long, conflicts_with = "facts")]
    pub(in crate::cli) steps: bool,
    /// A folder of further rules (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = RulesFormat::Human)]
    pub(in crate::cli) format: RulesFormat,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(in crate::cli) color: Colour,
}

/// How `rules` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RulesFormat {
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
    pub(in crate::cli) fn form(self, colour: bool) -> Form {
        match self {
            RulesFormat::Human if colour => Form::Coloured,
            RulesFormat::Human | RulesFormat::Markdown | RulesFormat::Releases => Form::Lines,
            RulesFormat::Json | RulesFormat::Schema | RulesFormat::ConfigSchema => Form::Json,
        }
    }
}

/// Flags of `test`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// A folder of rules; default: the built-in ones
    pub(in crate::cli) dir: Option<PathBuf>,
}
