//! Facts about a living PGO v5 cluster: a PostgresCluster that a server has seen, and what became of it.
//!
//! Its `spec` is a wish; `status`, `StatefulSets`, pods, Jobs, Endpoints and claims are the result. Each file declares a
//! table of facts (`FACTS`) beside the functions that read them. What the spec says as written can be asked for, too:
//! every fact about a draft, under `spec.`.

mod backups;
mod claims;
mod clients;
mod conditions;
mod configuration;
mod facts;
mod full_backup;
mod image;
mod jobs;
mod mounts;
mod operator;
mod patroni;
mod pgupgrade;
mod row;
mod source;
mod stage;
mod status;
mod subject;
#[cfg(test)]
mod tests;
mod upgrade;
mod workload;

pub use facts::FACTS;
pub(super) use patroni::positions;
pub use row::{LivingFact, V5Living};
pub use subject::{Living, living};
