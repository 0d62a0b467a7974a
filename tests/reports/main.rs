//! From verdicts to output: formats, configuration, suppression, the files of the project itself.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::too_many_lines,
    unreachable_pub,
    dead_code
)] // a test may

#[path = "../shared/common/mod.rs"]
mod common;

#[path = "../shared/commands/mod.rs"]
mod commands;

#[path = "../shared/planted/mod.rs"]
mod planted;

#[path = "../../examples/fleet/cluster.rs"]
mod cluster;

#[path = "../../examples/fleet/wide.rs"]
mod wide;

mod action;
mod architecture;
mod canary;
mod ci_files;
mod circles;
mod deploy;
mod documents;
mod first_use;
mod fresh_reader;
mod hostile;
mod json_size;
mod lead;
mod leading;
mod levels;
mod one_order;
mod origins;
mod output;
mod planned;
mod planned_upgrades;
mod policy;
mod rendered_commands;
mod report_formats;
mod report_merge;
mod round_trip;
mod screens;
mod shells;
mod suppression;
