//! The v4 cluster that facts are asked of, and how clusters are found in an inventory.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::Surroundings;
use super::clients::selecting::Selecting;
use super::objects::listings::Listings;
use super::postgres::Patroni;
use super::repository::repo::Repository;
use super::seen::{found, if_complete};
use super::servers::instances::Instances;
use super::servers::primary::Primary;
use super::storage::claims::Claims;
use super::storage::directories::Directories;
use super::storage::mounts::Mounts;
use super::work::adopting::Adopting;
use super::work::workflow::Workflow;
use crate::expr::Version;
use crate::fact::trust::Heard;
use crate::fact::writers::Writers;
use crate::fact::{Run, Subject};
use crate::manifest::{Fact, Found, Gap, Inventory, Kind, MOST_CLUSTERS, Node, Object, shell_word};
use crate::source::Span;

/// One v4 cluster of one origin, with what is worked out about it once.
pub struct Cluster<'a> {
    /// All evidence of the cluster's origin.
    pub inventory: &'a Inventory,
    /// What is given to the whole run.
    pub run: &'a Run,
    /// What all clusters of the origin share.
    pub surroundings: &'a Surroundings,
    /// The Pgcluster; `None` when it is gone or not in the input.
    pub object: Option<&'a Object>,
    /// Its namespace; `None` where the manifest names none.
    pub namespace: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// What the subject's own findings point at: the Pgcluster, else the first object that bears the label.
    pub anchor: &'a Object,
    /// Who writes to which repository, over all origins; `None` until the clusters were made known to each other.
    pub writers: Option<Arc<Writers>>,
    pub(super) memo: Memo<'a>,
}

/// What several facts share, worked out on first use.
pub(super) struct Memo<'a> {
    /// Shared by all clusters of the inventory.
    mounts: Arc<Mounts<'a>>,
    /// The same.
    selecting: Arc<Selecting<'a>>,
    /// The same.
    adopting: Arc<Adopting<'a>>,
    /// The same.
    directories: Arc<Directories<'a>>,
    remains: OnceLock<Fact<bool>>,
    pub(super) version: OnceLock<Fact<Version>>,
    pub(super) instances: OnceLock<Instances<'a>>,
    pub(super) primary: OnceLock<Primary>,
    claims: Claims<'a>,
    repository: Repository,
    patroni: Patroni,
    listings: Listings<'a>,
    heard: Heard<V4Cluster>,
    workflow: Workflow<'a>,
}

impl<'a> Cluster<'a> {
    /// A field of the Pgcluster as written; unknown when the Pgcluster is not in the input.
    pub fn own(&self, path: &[&str], note: &'static str) -> Fact<Option<Node<'a>>> {
        match self.object {
            Some(object) => object.read(path, note),
            None => Fact::unknown(self.gap_of_object()),
        }
    }

    /// Where the cluster's name is written.
    pub fn name_span(&self) -> Span {
        self.anchor.name_span()
    }

    /// What is missing when the Pgcluster itself is not in the input.
    pub fn gap_of_object(&self) -> Gap {
        let gap = Gap::of_one(Kind::Pgcluster, self.namespace, self.name);
        if self.remains().value() == Some(&true) {
            return Gap {
                because: "it was deleted; only claims of the cluster remain".to_owned(),
                ask: format!("look for an export of Pgcluster {} from before", self.name),
                ..gap
            };
        }
        match self.find_object() {
            Found::Unseen(gap) => gap,
            Found::Here(_) | Found::Absent(_) => Gap {
                because: "no Pgcluster of this name exists, although parts of the cluster do"
                    .to_owned(),
                ..gap
            },
        }
    }

    pub(super) fn find_object(&self) -> Found<'a> {
        let (namespace, name) = (self.namespace, self.name);
        self.inventory.find(Kind::Pgcluster, namespace, name)
    }

    /// `-n NAMESPACE ` for commands, empty where the namespace is not known.
    pub fn namespace_flag(&self) -> String {
        self.namespace
            .map(|namespace| format!("-n {} ", shell_word(namespace)))
            .unwrap_or_default()
    }

    /// Whether the cluster was deleted and only its kept claims remain: no Pgcluster, no Deployment, no database pod.
    pub fn remains(&self) -> &Fact<bool> {
        self.memo.remains.get_or_init(|| self.look_for_life())
    }

    fn look_for_life(&self) -> Fact<bool> {
        if let Some(object) = self.object {
            return Fact::at(false, object.name_span(), "the Pgcluster");
        }
        let deployments = self.deployments();
        let database_pod = self
            .instances()
            .seen
            .iter()
            .find_map(|one| one.pods.first());
        if let Some(alive) = deployments.objects.first().or(database_pod) {
            return Fact::at(false, alive.name_span(), "a part of it that is left");
        }
        let gone = found(self.find_object(), "the Pgcluster").map(|_| ());
        let idle = if_complete(&deployments.completeness, ());
        match gone.both(idle) {
            Fact::Known(truth) => Fact::Known(truth)
                .map(|_| true)
                .and_at(self.name_span(), "what remains of the cluster"),
            Fact::Unknown(gaps) => {
                let kinds = "Pgcluster,Deployment";
                let asks = |gap: &Gap| Gap {
                    ask: format!("{} # if it is gone: --assume-complete={kinds}", gap.ask),
                    ..gap.clone()
                };
                Fact::Unknown(gaps.iter().map(asks).collect())
            }
        }
    }

    /// Whether nothing is seen of it but claims that living PostgresClusters own: it has moved, whatever labels they bear.
    pub fn is_taken_over(&self) -> bool {
        let parts = self
            .inventory
            .of_cluster(Kind::Deployment, self.namespace, self.name);
        let pods = self
            .inventory
            .of_cluster(Kind::Pod, self.namespace, self.name);
        if self.object.is_some() || !parts.objects.is_empty() || !pods.objects.is_empty() {
            return false;
        }
        let claims = Kind::PersistentVolumeClaim;
        let claims = self.inventory.of_cluster(claims, self.namespace, self.name);
        let mut claims = claims.objects.iter().peekable();
        claims.peek().is_some() && claims.all(|claim| self.has_new_owner(claim))
    }

    /// Whether a living PostgresCluster of the same evidence is the controller of a claim.
    fn has_new_owner(&self, claim: &Object) -> bool {
        let owners = claim.at(&["metadata", "ownerReferences"]);
        let mut owners = owners.into_iter().flat_map(Node::items);
        owners.any(|owner| {
            let said = |key: &str| owner.get(key).map_or("", Node::text);
            let kind = Kind::PostgresCluster;
            let found = match said("kind") {
                "PostgresCluster" => self.inventory.find(kind, self.namespace, said("name")),
                _ => return false,
            };
            let Found::Here(cluster) = found else {
                return false;
            };
            let uid = cluster.at(&["metadata", "uid"]).map_or("", Node::text);
            cluster.is_live() && uid == said("uid")
        })
    }

    /// The three claims, each worked out on first use.
    pub(super) fn claims(&self) -> &Claims<'a> {
        &self.memo.claims
    }

    /// What is known of its pgBackRest repository.
    pub(super) fn repository(&self) -> &Repository {
        &self.memo.repository
    }

    /// What is known of Patroni's configuration.
    pub(super) fn patroni(&self) -> &Patroni {
        &self.memo.patroni
    }

    /// Its objects by kind, as far as they were asked for.
    pub(super) fn listings(&self) -> &Listings<'a> {
        &self.memo.listings
    }

    /// What came of asking the places that can tell.
    pub(super) fn heard(&self) -> &Heard<V4Cluster> {
        &self.memo.heard
    }

    /// What is known of work under way.
    pub(super) fn workflow(&self) -> &Workflow<'a> {
        &self.memo.workflow
    }

    /// Who mounts which claim, in the whole inventory.
    pub(super) fn mounts(&self) -> &Mounts<'a> {
        &self.memo.mounts
    }

    /// Which volumes are which directory, in the whole inventory.
    pub(super) fn directories(&self) -> &Directories<'a> {
        &self.memo.directories
    }

    /// Which claims living PostgresClusters are to adopt, in the whole inventory.
    pub(super) fn adopting(&self) -> &Adopting<'a> {
        &self.memo.adopting
    }

    /// Which Services of others select whose pods, in the whole inventory.
    pub(super) fn selecting(&self) -> &Selecting<'a> {
        &self.memo.selecting
    }
}

/// Namespace and name.
type Place<'a> = (Option<&'a str>, &'a str);

/// How many v4 clusters an inventory has beyond those that [`clusters`] gives.
pub fn clusters_left_out(inventory: &Inventory) -> usize {
    places(inventory).len().saturating_sub(MOST_CLUSTERS)
}

/// Where v4 clusters are: what proves each, and its Pgcluster.
fn places(inventory: &Inventory) -> BTreeMap<Place<'_>, (&Object, Option<&Object>)> {
    let mut found: BTreeMap<Place<'_>, (&Object, Option<&Object>)> = BTreeMap::new();
    for object in inventory.list_all(Kind::Pgcluster).objects {
        // Other vendors have a kind of this name too, and PGO v4 only ever had this version.
        if &*object.api_version == "crunchydata.com/v1" {
            let place = (object.namespace.as_deref(), &*object.name);
            found.entry(place).or_insert((object, Some(object)));
        }
    }
    for kind in [Kind::PersistentVolumeClaim, Kind::Deployment, Kind::Pod] {
        for object in inventory.list_all(kind).objects {
            if let Some(name) = cluster_label(object) {
                let place = (object.namespace.as_deref(), name);
                found.entry(place).or_insert((object, None));
            }
        }
    }
    found
}

/// Every v4 cluster of an inventory, ordered by namespace and name: each Pgcluster, and each name that
/// claims, Deployments or pods still bear in the label `pg-cluster` without a Pgcluster in the input; [`MOST_CLUSTERS`] of them.
pub fn clusters<'a>(
    inventory: &'a Inventory,
    run: &'a Run,
    surroundings: &'a Surroundings,
) -> Vec<Cluster<'a>> {
    let mounts = Arc::new(Mounts::of(inventory));
    let selecting = Arc::new(Selecting::default());
    let adopting = Arc::new(Adopting::default());
    let directories = Arc::new(Directories::default());
    let subject = |((namespace, name), (anchor, object))| Cluster {
        inventory,
        run,
        surroundings,
        object,
        namespace,
        name,
        anchor,
        writers: None,
        memo: Memo {
            mounts: Arc::clone(&mounts),
            selecting: Arc::clone(&selecting),
            adopting: Arc::clone(&adopting),
            directories: Arc::clone(&directories),
            remains: OnceLock::new(),
            version: OnceLock::new(),
            instances: OnceLock::new(),
            primary: OnceLock::new(),
            claims: Claims::default(),
            repository: Repository::default(),
            patroni: Patroni::default(),
            listings: Listings::default(),
            heard: Heard::default(),
            workflow: Workflow::default(),
        },
    };
    let found = places(inventory).into_iter().take(MOST_CLUSTERS);
    found.map(subject).collect()
}

/// The v4 cluster an object says it belongs to. A host that bootstraps another cluster from this one's repository
/// proves nothing: the label survives on it wherever it runs.
fn cluster_label(object: &Object) -> Option<&str> {
    let v4 = object.label("vendor").and_then(Node::as_str) == Some("crunchydata");
    let guest = object.label("pgha-bootstrap").is_some();
    let name = object.label("pg-cluster")?.text();
    (v4 && !guest && !name.is_empty()).then_some(name)
}

/// The subject of these facts: a PGO v4 cluster.
pub struct V4Cluster;

impl Subject for V4Cluster {
    type Of<'a> = Cluster<'a>;
}
