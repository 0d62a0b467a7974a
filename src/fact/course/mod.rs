//! Facts about the course of a move: one v4 cluster on its way by one method, with what is there of it by now.
//!
//! Steps read them. Of v4 every fact stands under its own name, as the youngest export says that still shows the cluster;
//! what is alive of v5 stands under `live.`, `spec.` and `moved.`, and is unknown while there is none. The facts here say
//! how far both are, and what the v5 cluster is called.

mod aim;
mod backups;
mod counted;
mod delivery;
mod facts;
mod manifest;
mod progress;
mod row;
mod subject;

pub use facts::FACTS;
pub use row::{CourseFact, V4OnItsWay};
pub use subject::{Course, NO_V5};
