//! What `generate` can make, as its flags say it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Flags of `generate`.
#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: What,
}

/// What is made.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum What {
    /// The script by which a shell completes commands, flags, rules, targets and contexts
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// The manual pages, one for each command
    #[command(after_help = MAN_EXAMPLES)]
    Man {
        /// The folder to write them to, where it exists
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// The JSON Schema of what people or programs write and read
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema {
        /// Of what
        #[arg(value_enum)]
        of: Shape,
    },
}

pub(in crate::cli) const EXAMPLES: &str = "\
Examples:
  pgo-preflight generate completions bash      a script for bash; also zsh, fish, elvish and powershell
  pgo-preflight generate man .                 pgo-preflight.1, pgo-preflight-check.1, ...
  pgo-preflight generate schema config         the JSON Schema of .pgo-preflight.yaml";

const COMPLETIONS_EXAMPLES: &str = "\
Examples, each for the file that the shell reads when it starts:
  source <(pgo-preflight generate completions bash)                ~/.bashrc
  source <(pgo-preflight generate completions zsh)                 ~/.zshrc, after compinit
  pgo-preflight generate completions fish | source                 ~/.config/fish/config.fish
  eval (pgo-preflight generate completions elvish | slurp)         ~/.config/elvish/rc.elv
  pgo-preflight generate completions powershell | Out-String | Invoke-Expression    $PROFILE

The scripts ask the program itself, so that rules, targets and contexts are completed, too; that of PowerShell knows commands and flags.";

const MAN_EXAMPLES: &str = "\
Examples:
  pgo-preflight generate man .                 into this folder
  man ./pgo-preflight-check.1                  reads one";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  pgo-preflight generate schema config         of .pgo-preflight.yaml
  pgo-preflight generate schema rule           of files of rules
  pgo-preflight generate schema step           of files of steps
  pgo-preflight generate schema report         of what check --format json writes";

/// A shell whose completion we can drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// GNU Bash
    Bash,
    /// The Z shell
    Zsh,
    /// fish
    Fish,
    /// Elvish
    Elvish,
    /// `PowerShell`
    Powershell,
}

/// What has a JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shape {
    /// The configuration file
    Config,
    /// A file with a rule
    Rule,
    /// A file with a step of a plan
    Step,
    /// A JSON report
    Report,
}
