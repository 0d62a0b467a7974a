//! The Postgres servers of a cluster: which there are, which is the primary, whether they are ready.

pub(super) mod exec;
pub(super) mod instances;
pub(super) mod primary;
pub(super) mod readiness;
pub(super) mod replicas;
