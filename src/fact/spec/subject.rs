//! The draft that facts are asked of, and how drafts are found in an inventory.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use super::around::neighbours::Known;
use super::bootstrap::source::Restore;
use super::fields::keys::Keys;
use super::pairing::Pairing;
use super::parameters::Parameter;
use super::pods::Place;
use super::release::floor::Floor;
use super::repository::global::Options;
use super::repository::source_repo::SourceRepo;
use crate::fact::v4::{Surroundings, TargetSet};
use crate::fact::{Run, Subject};
use crate::manifest::{Fact, Gap, Inventory, Node, Object};
use crate::source::Span;

/// One PostgresCluster manifest that is judged.
pub struct Draft<'a> {
    /// All evidence of the draft's origin.
    pub inventory: &'a Inventory,
    /// What is given to the whole run.
    pub run: &'a Run,
    /// What all subjects of the origin share.
    pub surroundings: &'a Surroundings,
    /// The manifest.
    pub object: &'a Object,
    /// Its `metadata.namespace`; `None` where it writes none.
    pub namespace: Option<&'a str>,
    /// Its name; empty where it writes none.
    pub name: &'a str,
    /// The v4 cluster it replaces, or why that cannot be said.
    pub pairing: Pairing<'a>,
    /// The one cluster that was read besides the files the draft is in, where there is just one: unless it is paired
    /// elsewhere, that is where it will go.
    pub home: Option<(&'a Inventory, &'a Surroundings)>,
    /// All PostgresClusters of its origin, shared by the drafts there.
    pub(super) neighbours: Arc<Known<'a>>,
    /// Made on first use, since all drafts wait for the last to be found.
    pub(super) memo: OnceLock<Box<Memo<'a>>>,
    /// Whether a field was asked for that it does not have.
    pub(super) missed: AtomicBool,
}

/// What several facts share, worked out on first use.
#[derive(Default)]
pub(super) struct Memo<'a> {
    pub(super) keys: OnceLock<Keys<'a>>,
    name_span: OnceLock<Span>,
    pub(super) floor: OnceLock<Floor>,
    pub(super) target: OnceLock<TargetSet>,
    pub(super) kinds: OnceLock<Fact<Vec<Restore>>>,
    pub(super) standby: OnceLock<Fact<bool>>,
    pub(super) methods: OnceLock<Fact<Vec<&'static str>>>,
    pub(super) backups_global: OnceLock<Fact<Arc<Options<'a>>>>,
    pub(super) source_global: OnceLock<Fact<Arc<Options<'a>>>>,
    pub(super) source_repo: OnceLock<Fact<Option<Arc<SourceRepo<'a>>>>>,
    pub(super) parameters: OnceLock<Fact<Arc<[Parameter<'a>]>>>,
    pub(super) in_effect: OnceLock<Fact<Arc<[Parameter<'a>]>>>,
    pub(super) v4_keys: OnceLock<Box<[Node<'a>]>>,
    pub(super) part: OnceLock<bool>,
    pub(super) places: OnceLock<Vec<Place<'a>>>,
    pub(super) edited: OnceLock<Option<(&'a Inventory, &'a Object)>>,
}

impl<'a> Draft<'a> {
    /// Where the draft's name is written.
    pub fn name_span(&self) -> Span {
        let find = || {
            let name = self.at(&["metadata", "name"]);
            name.map_or_else(|| self.object.root().span(), Node::span)
        };
        *self.memo().name_span.get_or_init(find)
    }

    /// The namespace it will be created in; unknown where the manifest leaves that to whoever applies it.
    pub fn namespace(&self) -> Fact<&str> {
        if let Some(namespace) = self.namespace {
            let written = self.at(&["metadata", "namespace"]);
            let span = written.map_or_else(|| self.name_span(), Node::span);
            return Fact::at(namespace, span, "the draft's namespace");
        }
        match self.pairing.told_namespace() {
            Some(told) => Fact::at(told, self.name_span(), "the draft named by --pair"),
            None => Fact::unknown(Gap {
                missing: format!("the namespace of the draft {}", self.name),
                because: "its manifest writes no metadata.namespace".to_owned(),
                ask: "write metadata.namespace into the draft (or render it with the namespace it is applied to) and run again".to_owned(),
            }),
        }
    }

    /// What its facts share.
    pub(super) fn memo(&self) -> &Memo<'a> {
        self.memo.get_or_init(Box::default)
    }

    /// Where it will go, by what is known of it: where the v4 cluster is, else the one cluster that was read.
    pub(super) fn destination(&self) -> Option<(&'a Inventory, &'a Surroundings)> {
        let pair = self.pairing.pair();
        let paired = pair.map(|pair| (pair.cluster.inventory, pair.cluster.surroundings));
        paired.or(self.home)
    }

    /// Whether it is looked at where it lives first, whatever an export from elsewhere or from before shows: it was seen by a server,
    /// and is no loose file beside the one cluster that was read.
    pub(super) fn lives_here(&self) -> bool {
        self.object.is_live() && self.home.is_none()
    }

    /// The inventories that show what is already there: those of its destination, and the draft's own.
    pub fn places(&self) -> impl Iterator<Item = &'a Inventory> + use<'a> {
        let own = self.inventory;
        let other = self.destination().map(|(inventory, _)| inventory);
        let other = other.filter(|other| other.origin != own.origin);
        let (first, second) = if self.lives_here() {
            (Some(own), other)
        } else {
            (other, Some(own))
        };
        first.into_iter().chain(second)
    }
}

/// The subject of these facts: a draft of a v5 cluster.
pub struct V5Draft;

impl Subject for V5Draft {
    type Of<'a> = Draft<'a>;
}
