//! From objects to verdicts: expressions, schemas, facts and rules, worked examples, fleets.

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

#[path = "../../examples/fleet/cluster.rs"]
mod cluster;
#[path = "../shared/commands/mod.rs"]
mod commands;
#[path = "../shared/common/mod.rs"]
mod common;
#[path = "../shared/corpus/mod.rs"]
mod corpus;
#[path = "../shared/expr_generator/mod.rs"]
mod expr_generator;
#[path = "../../examples/fleet/wide.rs"]
mod wide;

mod bad_values;
mod cel_crd;
mod cel_oracle;
mod cluster_corpus;
mod draft_corpus;
mod draft_folders;
mod drafted;
mod edits;
mod expr_unknown;
mod fleets;
mod guide_snippets;
mod interrupted;
mod kept_names;
mod lives;
mod living_states;
mod near_arrivals;
mod odd_clusters;
mod one_cause;
mod own_steps;
mod places;
mod planned_drafts;
mod printed_commands;
mod promises;
mod rule_at_fault;
mod rule_examples;
mod rule_files;
mod schema_catalogue;
mod schema_drafts;
mod schema_language;
mod schema_properties;
mod schema_second_opinion;
mod schema_together;
mod schema_verdicts;
mod steps;
mod threads;
mod unpaired;
mod upgrades;
mod upstream_examples;
mod variations;
mod ways_back;
mod whole_plans;
mod worked_examples;
