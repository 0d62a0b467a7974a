//! A cluster's objects by kind, each listed once.

use std::sync::OnceLock;

use crate::manifest::{KINDS, Kind, Listing};

/// The cluster's objects by kind, each listed on first use: many facts ask for the same.
#[derive(Default)]
pub(in crate::fact::v4) struct Listings<'a>([OnceLock<Box<Listing<'a>>>; KINDS.len()]);

impl<'a> Listings<'a> {
    pub(super) fn of(&self, kind: Kind, list: impl Fn() -> Listing<'a>) -> &Listing<'a> {
        #[allow(clippy::indexing_slicing)] // one for each kind
        self.0[kind as usize].get_or_init(|| Box::new(list()))
    }
}
