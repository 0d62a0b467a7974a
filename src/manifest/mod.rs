//! Text to Kubernetes objects whose every key and value knows its span, and the Inventory of them.
//!
//! It must not know what a Postgres cluster is, nor what a rule is.

mod evidence;
mod inventory;
mod kind;
mod node;
mod object;
mod scalar;
mod tree;

pub use evidence::{Evidence, Fact, Gap, Truth};
pub use inventory::{
    Assume, Completeness, Coverage, Found, Holdings, Inventory, List, Listing, Refusal,
    UnknownKind, shell_word,
};
pub use kind::{KINDS, Kind, KindInfo};
pub use node::{Node, Scalar};
pub use object::Object;
pub use tree::{NodeId, RawKind, RawNode, Tree};
