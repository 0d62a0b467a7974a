//! From which outcome on a run fails.

use clap::ValueEnum;

use crate::check::FailOn;

/// `--fail-on`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum FailOnArg {
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
