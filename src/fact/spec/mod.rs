//! Facts about a draft: a PostgresCluster manifest, and what it makes of the v4 cluster it replaces.
//!
//! Each file declares a table of facts (`FACTS`) beside the functions that read them. All facts of the v4 cluster can be
//! asked for under `v4.`; while no cluster is paired they are unknown.

mod access;
mod adopted;
mod api_version;
mod beside;
mod certificates;
mod change;
mod claim_spec;
mod claim_specs;
mod compare;
mod configuration;
mod drafts;
mod existing;
mod extras;
mod facts;
mod filled;
mod floor;
mod gates;
mod global;
mod identity;
mod image;
mod images;
mod instances;
mod keys;
mod live_paths;
mod lookup;
mod mesh;
mod neighbours;
mod operator;
mod options;
mod pairing;
mod parameters;
mod part;
mod patroni_keys;
mod pgbackrest_options;
mod placeholders;
mod pods;
mod problems;
mod reading;
mod repos;
mod repositories;
mod restores;
mod row;
mod schedules;
mod shape;
mod sidecars;
mod source;
mod source_repo;
mod standby;
mod stores;
mod subject;
mod target;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod v4_keys;
mod volumes;

pub use compare::to_carry;
pub use drafts::drafts;
pub use facts::FACTS;
pub(in crate::fact) use image::Tag as ImageTag;
pub use pairing::{Candidates, Pair, PairFlag, PairFlagError, Pairing};
pub(in crate::fact) use parameters::{AT_LEAST, libraries, same_value};
pub use part::WHOLE;
pub use row::DraftFact;
use row::{each, row};
pub use subject::{Draft, V5Draft};
