//! Facts about a PGO v4 cluster.
//!
//! Each file declares a table of facts (`FACTS`) beside the functions that read them. What several facts share
//! (the instances, the primary, the claims) is worked out once per cluster and kept in the [`Cluster`].

mod abandoned;
mod access;
mod addons;
mod attempt;
mod backup;
mod carried;
mod claims;
mod contradictions;
mod facts;
pub(super) mod fields;
mod fsgroup;
mod identity;
pub(super) mod image;
mod instances;
mod job;
mod listings;
mod mounts;
mod operators;
mod patroni;
mod percona;
mod pgcluster;
mod pgo_yaml;
mod platform;
mod postgres;
mod primary;
mod readiness;
mod replicas;
mod repo;
mod row;
pub(super) mod seen;
mod selection;
mod services;
mod settings;
mod status;
mod subject;
mod surroundings;
mod tablespaces;
pub(super) mod target;
#[cfg(test)]
pub(super) mod testing;
mod traces;
mod workflow;
mod workload;
mod writers;

pub use facts::FACTS;
pub use operators::{Generation, Operator, Operators};
pub use row::ClusterFact;
use row::row;
pub use subject::{Cluster, V4Cluster, clusters};
pub use surroundings::Surroundings;
pub use target::TargetSet;
pub(super) use workload::env;
pub use writers::acquaint;
