//! What an upgrade of the operator meets at a living cluster: the release that runs, the one to go to, and what of the
//! cluster, its claims and its operator changes its meaning on the way.
//!
//! Each file declares a table of facts beside the functions that read them. What differs between releases stands in the
//! table of releases (`schema/releases.json`), not here.

mod asking;
mod definition;
mod end_of_life;
mod hop;
mod images;
mod installer;
mod leftovers;
mod limits;
mod operator;
mod pgbackrest;
mod refused;
mod settings;
#[cfg(test)]
mod tests;

pub(super) use definition::FACTS as DEFINITION;
pub(super) use end_of_life::FACTS as END_OF_LIFE;
pub(super) use hop::FACTS as HOP;
pub(super) use images::FACTS as IMAGES;
pub(super) use installer::FACTS as INSTALLER;
pub(super) use leftovers::FACTS as LEFTOVERS;
pub(super) use limits::FACTS as LIMITS;
pub(super) use operator::{FACTS as OPERATOR, image as operator_image};
pub(super) use pgbackrest::FACTS as PGBACKREST;
pub(super) use refused::FACTS as REFUSED;
pub(super) use settings::FACTS as SETTINGS;
