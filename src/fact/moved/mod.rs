//! Facts about a migration: a PGO v4 cluster, and the living v5 cluster that it became.
//!
//! What each side says stands under `v4.` and `live.` (and `spec.` for the living spec as written); the tables here
//! compare. v4's half comes from exports made before the move, several of them joined by time, or from what still stands.

mod amounts;
mod arrival;
mod beside;
mod clients;
mod facts;
mod lineage;
mod point_in_time;
mod repositories;
mod row;
mod settings;
mod subject;
#[cfg(test)]
mod tests;
mod wal;

pub(in crate::fact) use beside::at_work_on;
pub use facts::FACTS;
pub(in crate::fact) use point_in_time::named_target;
pub use row::{MigrationFact, V4ToV5};
pub(in crate::fact) use subject::says_nothing;
pub use subject::{Migration, Moment, migrations};
