//! Reading live clusters and exporting from them, against an HTTPS API server of our own.

#![recursion_limit = "256"]
#![cfg(feature = "live")]
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

#[path = "../shared/api_server/mod.rs"]
mod api_server;
#[path = "../shared/common/mod.rs"]
mod common;
#[path = "../shared/corpus/mod.rs"]
mod corpus;
#[path = "../shared/planted/mod.rs"]
mod planted;

mod collect;
mod live_canary;
mod live_cli;
mod live_faults;
mod live_hangs;
mod live_hostile;
mod live_recorded;
mod live_take;
mod roads;
mod shared_volumes;
