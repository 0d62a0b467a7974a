//! The operators, their settings, the platform, and the releases of v5 that a move may go to.

pub(super) mod operators;
pub(super) mod percona;
pub(super) mod pgo_yaml;
pub(super) mod platform;
pub(in crate::fact) mod target;
