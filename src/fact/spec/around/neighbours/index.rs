//! PostgresClusters by what two of them cannot both have.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::fact::repository::Identity;
use crate::manifest::Object;
use crate::source::{OriginId, Span};

/// Where objects name one thing.
pub(crate) type Places<'a> = Vec<(&'a Object, Span)>;

/// What the drafts of one origin have looked up so far, of their own and of other origins: each is gone through once.
#[derive(Default)]
pub(crate) struct Known<'a>(Mutex<BTreeMap<OriginId, Arc<Neighbours<'a>>>>);

impl<'a> Known<'a> {
    pub(crate) fn of(
        &self,
        origin: OriginId,
        look: impl FnOnce() -> Neighbours<'a>,
    ) -> Arc<Neighbours<'a>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(origin).or_insert_with(|| Arc::new(look())))
    }
}

/// The PostgresClusters of an origin by what two of them cannot both have.
#[derive(Default)]
pub(crate) struct Neighbours<'a> {
    /// By namespace and claim.
    pub(crate) claims: BTreeMap<(Option<&'a str>, &'a str), Places<'a>>,
    pub(crate) repositories: BTreeMap<Identity, Places<'a>>,
    /// Drafts by namespace and name.
    pub(crate) names: BTreeMap<(Option<&'a str>, &'a str), Vec<&'a Object>>,
}
