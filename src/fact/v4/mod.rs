//! Facts about a PGO v4 cluster.
//!
//! Each file declares a table of facts (`FACTS`) beside the functions that read them. What several facts share
//! (the instances, the primary, the claims) is worked out once per cluster and kept in the [`Cluster`].

mod carried;
mod clients;
mod custom_config;
mod facts;
pub(super) mod fields;
mod identity;
pub(super) mod objects;
pub(super) mod operator;
mod pgcluster;
mod postgres;
mod repository;
mod row;
pub(super) mod seen;
mod servers;
mod settings;
mod status;
mod storage;
mod subject;
mod surroundings;
#[cfg(test)]
pub(super) mod testing;
mod traces;
mod work;

pub use facts::FACTS;
pub(super) use objects::workload::env;
pub(in crate::fact) use operator::operators::{BY_FLAG, image_variable};
pub use operator::operators::{Generation, Operator, Operators};
pub use operator::target::TargetSet;
pub use repository::writers::acquaint;
pub use row::ClusterFact;
use row::row;
pub use subject::{Cluster, V4Cluster, clusters, clusters_left_out};
pub use surroundings::Surroundings;
