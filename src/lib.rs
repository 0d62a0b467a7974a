//! `pgo-preflight`: a static preflight and policy linter for moving Postgres clusters from Crunchy
//! PGO v4 to PGO v5.
//!
//! The order of the modules below is the architecture: a module uses only modules above it
//! (`tests/reports/architecture.rs` enforces it). `ARCHITECTURE.md` tells it as one walk.

pub mod printable;

mod hashing;

pub mod allowance;

pub mod source;

pub mod manifest;

pub mod expr;

pub mod schema;

pub mod fact;

pub mod rule;

pub mod check;

pub mod plan;

pub mod convert;

pub mod render;

pub mod cli;
