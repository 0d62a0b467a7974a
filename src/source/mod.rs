//! Bytes with a name: files, folders, standard input. The only room that reads input.
//!
//! It turns what the user named into [`Source`] texts and must not know what is inside them.

pub mod bundle;
mod dump;
mod file_name;
mod input;
#[cfg(feature = "live")]
pub mod kube;
mod logs;
mod manifest_text;
mod name;
mod read;
mod setting;
mod skip;
mod span;
mod text;
mod wanted;

pub use dump::{Dump, Listed, Listing, Text};
pub use file_name::file_name;
pub use input::{InputError, Inputs};
pub use manifest_text::manifest_text;
pub use name::is_archive_name;
pub use read::{InputFile, Limits};
pub use setting::{
    SettingError, is_open_to_all, is_same_file, read_found, read_setting, stays_below,
};
pub use skip::{Reason, Skipped};
pub use span::{Position, SourceId, Span};
pub use text::{OriginId, Source};
pub use wanted::{
    PARTS, Reach, SECRET_METADATA, V5_GROUP, VERBS, WANTED, Wanted, recipe, repo_secret,
    secret_keys, secret_metadata,
};
