//! The structural schema of a custom resource and its CEL rules, applied to a manifest.
//!
//! It must not know what a Postgres cluster's fields are for, nor what a rule file is.

mod releases;

pub use releases::{Basis, OptionMatch, PublishedImages, Release, releases};
