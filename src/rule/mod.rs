//! rules/*.yaml to compiled rules.

mod effect;

pub use effect::{Effect, Level, Method, Weight};
