//! From a v4 cluster, a method and a release to the `PostgresCluster` that one would write by hand, each value with where it
//! comes from, and to the commands that make its Secrets.
//!
//! Pure: no IO. It knows facts and the schema, not rules nor plans: whether a method is open is for its caller to ask.
//! Nothing is guessed. What cannot be derived is left out where v5's own default is right; else it is a quoted text that
//! begins with TODO, which `check` finds, or a comment where the key would stand.

mod choices;
mod document;
mod draft;
mod fields;
mod fleet;
mod origin;
mod secrets;
mod view;
mod write;

pub use choices::{Choices, Clients, RepositoryPath, Target};
pub use draft::Draft;
pub use fleet::{Drafted, Refusal, Wanted, drafts};
