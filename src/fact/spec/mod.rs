//! Facts about a draft: a PostgresCluster manifest, and what it makes of the v4 cluster it replaces.
//!
//! Each file declares a table of facts (`FACTS`) beside the functions that read them. All facts of the v4 cluster can be
//! asked for under `v4.`; while no cluster is paired they are unknown.

mod around;
mod bootstrap;
mod change;
mod claims;
mod clients;
mod compare;
mod drafts;
mod extras;
mod facts;
mod fields;
mod identity;
mod option_table;
mod pairing;
mod parameters;
mod pods;
mod problems;
mod reading;
mod release;
mod repository;
mod row;
mod subject;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use compare::to_carry;
pub use drafts::{drafts, linted};
pub use facts::FACTS;
pub use fields::part::{WHOLE, is_directive};
pub use pairing::{Candidates, Pair, PairFlag, PairFlagError, Pairing};
pub(in crate::fact) use parameters::{AT_LEAST, is_sensitive, libraries, same_value};
pub(in crate::fact) use pods::image::Tag as ImageTag;
pub use row::DraftFact;
use row::{each, row};
pub use subject::{Draft, V5Draft};
