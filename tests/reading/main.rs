//! From bytes to objects: files, archives, YAML as kubectl reads it, Secrets, other people's manifests.

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

#[path = "../../fuzz/bodies.rs"]
mod bodies;
#[path = "../../examples/fleet/cluster.rs"]
mod cluster;
#[path = "../shared/common/mod.rs"]
mod common;
#[path = "../../examples/fleet/wide.rs"]
mod wide;

mod bundle;
mod fast_reader;
mod input_corpus;
mod input_findings;
mod input_gather;
mod input_sources;
mod manifest_text;
mod overwritten;
mod yaml_corpus;
mod yaml_fuzz;
mod yaml_load;
mod yaml_property;
mod yaml_robust;
mod yaml_secrets;
mod yaml_semantics;
