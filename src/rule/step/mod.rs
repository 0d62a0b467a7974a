//! steps/*.yaml to compiled steps, in the order of doing.
//!
//! A step is one file, as a rule is: when it is needed, by what it is done, which rules' preparation it is, its commands, what
//! to wait for, and the way back. [`StepSet`] holds those of a run, built-in ones and the user's.

mod compiled;
mod example;
mod format;
mod load;
mod order;
mod resolve;
mod review;
mod set;

pub use compiled::{Case, Downtime, Scope, Step};
pub use example::{Decided, StepExample};
pub use format::schema;
pub use load::is_step;
pub use set::StepSet;
