//! Text to Kubernetes objects whose every key and value knows its span, and the Inventory of them.
//!
//! It must not know what a Postgres cluster is, nor what a rule is.

mod backup_info;
mod contents;
mod document;
mod embedded;
mod environment;
mod evidence;
mod gather;
mod inventory;
mod kind;
mod load;
mod object;
mod problem;
mod reader;
mod redact;
mod server;
mod settings;
mod tree;

pub use backup_info::{BackupInfo, SavedBackup, read_backup_info};
pub use contents::{Change, DuplicateKey, ListSeen, Shape, Stray};
pub use embedded::embedded;
pub(crate) use environment::{SCHEDULER, connects};
pub use evidence::{Evidence, Fact, Gap, Gaps, Places, Truth};
pub use gather::{Gathered, gather, gather_dump, gather_texts};
pub use inventory::{
    Assume, Completeness, Coverage, Found, Holdings, Inventory, List, Listing, MOST_CLUSTERS,
    Refusal, UnknownKind, Unread, shell_word,
};
pub use kind::{KINDS, Kind, KindInfo};
pub use load::{Loaded, load, load_generally};
pub use object::{Object, is_live};
pub use problem::{MAX_DEPTH, MAX_PROBLEMS, Problem, ProblemKind};
pub use redact::scrub::scrubbed;
pub use server::ServerSaid;
pub use settings::settings;
pub use tree::node::Node;
pub use tree::scalar::Scalar;
pub use tree::{NodeId, RawKind, RawNode, Tree};
