//! The structural schema of a custom resource and its CEL rules, applied to a manifest.
//!
//! It must not know what a Postgres cluster's fields are for, nor what a rule file is.

mod catalogue;
mod compile;
mod crd;
mod describe;
mod family;
mod format;
pub mod installers;
pub mod names;
mod pattern;
mod releases;
mod rule;
mod shape;
mod validate;
mod violation;

pub use catalogue::{
    FieldUse, Lifetime, UnknownField, field_lifetime, first_dropped_field, newest_field,
    refused_shape, unknown_field,
};
pub use crd::{CrdError, CrdSchemas, VersionSchema};
pub use family::Family;
pub use releases::{Basis, Minors, OptionMatch, PublishedImages, ReadFrom, Release, releases};
pub use shape::Schema;
pub use validate::Validation;
pub use violation::Violation;
