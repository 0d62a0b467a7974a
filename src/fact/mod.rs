//! What is true of a cluster or a draft, where it is written, or why we cannot say.
//!
//! A fact is one entry in a table: name, type, one-line meaning, function. Judgements are not made here:
//! they are rules (`rules/*.yaml`).

pub mod cluster;
pub mod draft;
mod run;
mod table;

pub use run::{Definition, Run};
pub use table::{FactDef, FactTable, Subject, Type};
