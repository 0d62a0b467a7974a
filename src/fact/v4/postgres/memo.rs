//! What several facts about Patroni's configuration share.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::manifest::{Fact, Node, Tree};
use crate::source::Span;

/// Values by name.
pub(super) type Values = BTreeMap<String, String>;

/// What several facts about Patroni's configuration share, worked out on first use.
#[derive(Default)]
pub(in super::super) struct Patroni {
    pub(super) live: OnceLock<Fact<Option<Written>>>,
    pub(super) own: OnceLock<Fact<Option<Written>>>,
    pub(super) custom: OnceLock<Fact<Option<Written>>>,
    pub(super) shared: OnceLock<Fact<Arc<Values>>>,
    pub(super) parameters: OnceLock<Fact<Parameters>>,
}

/// A configuration of Patroni's inside an object, and where it is written.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) tree: Arc<Tree>,
    pub(super) span: Span,
}

impl Written {
    pub(super) fn postgresql(&self, key: &str) -> Option<Node<'_>> {
        self.tree.root().at(&["postgresql", key])
    }
}

/// Parameters and whether every place that may set one was seen.
#[derive(Clone)]
pub(super) struct Parameters {
    pub(super) set: Arc<Values>,
    pub(super) everywhere: Fact<()>,
}
