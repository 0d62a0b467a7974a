//! PostgresClusters by what two of them cannot both have.

use std::collections::BTreeMap;

use crate::fact::repository::Identity;
use crate::manifest::Object;
use crate::source::Span;

/// Where objects name one thing.
pub(crate) type Places<'a> = Vec<(&'a Object, Span)>;

/// All PostgresClusters of an origin by what two of them cannot both have; made once for all its drafts.
#[derive(Clone, Default)]
pub(crate) struct Neighbours<'a> {
    /// By namespace and claim.
    pub(crate) claims: BTreeMap<(Option<&'a str>, &'a str), Places<'a>>,
    pub(crate) repositories: BTreeMap<Identity, Places<'a>>,
    /// Drafts by namespace and name.
    pub(crate) names: BTreeMap<(Option<&'a str>, &'a str), Vec<&'a Object>>,
}
