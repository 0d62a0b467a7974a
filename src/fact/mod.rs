//! What is true of a cluster or a draft, where it is written, or why we cannot say.
//!
//! A fact is one entry in a table: name, type, one-line meaning, function. Judgements are not made here:
//! they are rules (`rules/*.yaml`).

pub mod course;
pub mod directory;
mod element;
pub mod live;
pub mod moved;
mod patroni;
pub mod repository;
mod run;
pub mod spec;
mod subject;
mod table;
pub mod trust;
pub mod v4;
pub mod writers;

pub use element::Element;
pub use run::{Definition, Run};
pub use subject::Subject;
pub use table::{FactDef, FactTable, Reader, Type};
