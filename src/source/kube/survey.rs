//! One cluster to one dump: what is asked, in which order, and what comes of each listing.
//!
//! With all namespaces: first what shows where clusters are, then what is beside them, then what belongs to single
//! objects (volumes, the Secrets with repository settings).

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;

use super::super::{Dump, Reach, WANTED, Wanted};
use super::context::Place;
use super::discover::served;
use super::fault::Fault;
use super::list::{Field, Keep, Kept, Pages, Query, list};
use super::named::volumes;
use super::server::{Deadline, METADATA_LIST, Server};
use super::write::{no_such, nothing_of};
use super::{Allowance, Namespaces, Options, Progress};

/// From how many namespaces on one list of all is cheaper than one for each.
const NAMESPACES_APART: usize = 16;

/// Reads one cluster. Whatever fails is in the dump as a listing that failed.
pub(super) async fn dump(
    place: Place,
    options: &Arc<Options>,
    deadline: Deadline,
    allowance: &Arc<Allowance>,
    progress: &Arc<Progress>,
) -> Dump {
    let name = place.name.clone();
    match Survey::open(place, options, deadline, allowance, progress).await {
        Ok(survey) => survey.run().await,
        Err(fault) => nothing_of(name, options, &fault),
    }
}

/// One kind in one scope, with what came of it.
pub(super) struct Part {
    pub(super) query: Query,
    pub(super) pages: Pages,
    /// Whether the server does not know the kind.
    pub(super) not_installed: bool,
    /// The objects that were got by name, where no others are.
    pub(super) names: Vec<String>,
}

impl Part {
    /// Nothing read yet.
    pub(super) fn of(query: Query) -> Part {
        Part {
            query,
            pages: Pages::default(),
            not_installed: false,
            names: Vec::new(),
        }
    }
}

/// Whether a kind is served, as far as was found out.
#[derive(Clone, Debug)]
pub(super) enum Served {
    /// Nobody asked yet.
    Unasked,
    /// In no version.
    Not,
    /// In this version.
    As(String),
}

/// The reading of one cluster.
pub(super) struct Survey {
    pub(super) context: String,
    pub(super) server: Server,
    /// The server's release, as it says it.
    pub(super) version: Option<String>,
    pub(super) options: Arc<Options>,
    /// The namespaces to read; `None` for all.
    pub(super) scopes: Option<Vec<String>>,
    /// Versions that were found out, by resource.
    versions: Mutex<Vec<(&'static str, Served)>>,
}

impl Survey {
    async fn open(
        place: Place,
        options: &Arc<Options>,
        deadline: Deadline,
        allowance: &Arc<Allowance>,
        progress: &Arc<Progress>,
    ) -> Result<Survey, Fault> {
        let context = place.name.clone();
        let config = place.config().await.map_err(Fault::NoCredentials)?;
        let home = config.default_namespace.clone();
        let server = Server::of(config, options, deadline, allowance, progress).await?;
        let version = server.greet().await?;
        let scopes = match &options.namespaces {
            Namespaces::All => None,
            Namespaces::OfContext => Some(vec![home]),
            Namespaces::Named(names) => {
                let names: BTreeSet<&String> = names.iter().collect();
                Some(names.into_iter().cloned().collect())
            }
        };
        Ok(Survey {
            context,
            server,
            version,
            options: Arc::clone(options),
            scopes,
            versions: Mutex::new(Vec::new()),
        })
    }

    async fn run(self) -> Dump {
        let this = Arc::new(self);
        let mut parts = this.clone().all(this.first_queries()).await;
        if this.scopes.is_none() {
            let homes = this.homes(&parts);
            let beside = queries_beside(&homes);
            // The lists by which they were found have done their work: what they hold are metadata alone, which must
            // not pass for objects. That they failed stays.
            for part in parts.iter_mut().filter(|part| part.query.labels.is_some()) {
                part.pages.kept.clear();
            }
            parts.retain(|part| part.query.labels.is_none() || part.pages.fault.is_some());
            parts.extend(this.clone().all(beside).await);
            this.settle(parts, Some(homes)).await
        } else {
            this.settle(parts, None).await
        }
    }

    /// What is asked first. In named namespaces that is everything but the volumes.
    fn first_queries(&self) -> Vec<Query> {
        let mut queries = Vec::new();
        for row in &WANTED {
            let whole = Query::of(row);
            match (row.reach, &self.scopes) {
                (Reach::Bound, _) => {}
                (Reach::Names { ending, .. }, _) => queries.push(Query {
                    keep: Keep::Ending(ending),
                    accept: METADATA_LIST,
                    ..whole
                }),
                (_, Some(names)) if row.namespaced => {
                    queries.extend(names.iter().map(|name| Query {
                        namespace: Some(name.clone()),
                        ..whole.clone()
                    }));
                }
                (Reach::All, _) => queries.push(whole),
                (Reach::BesideClusters { sign, everywhere }, _) => {
                    if sign.is_some() {
                        queries.push(Query {
                            labels: sign,
                            accept: METADATA_LIST,
                            ..whole.clone()
                        });
                    }
                    if everywhere.is_some() {
                        queries.push(Query {
                            name: everywhere,
                            ..whole
                        });
                    }
                }
            }
        }
        queries
    }

    /// The namespaces that hold parts of clusters, or are to hold drafts.
    fn homes(&self, parts: &[Part]) -> BTreeSet<String> {
        let mut homes: BTreeSet<String> = self.options.beside.iter().cloned().collect();
        for part in parts {
            let itself = matches!(part.query.row.kind, "Pgcluster" | "PostgresCluster");
            let shows = |kept: &&Kept| itself || kept.part_of.is_some();
            let kept = part.pages.kept.iter().filter(shows);
            homes.extend(kept.map(|kept| kept.namespace.clone()));
        }
        homes.remove("");
        homes
    }

    /// Asks everything, a few requests at a time, and answers in the order asked.
    async fn all(self: Arc<Self>, queries: Vec<Query>) -> Vec<Part> {
        let mut running = JoinSet::new();
        for (number, query) in queries.into_iter().enumerate() {
            let this = Arc::clone(&self);
            running.spawn(async move { (number, this.part(query).await) });
        }
        let mut parts: Vec<(usize, Part)> = Vec::new();
        while let Some(done) = running.join_next().await {
            parts.extend(done);
        }
        parts.sort_by_key(|(number, _)| *number);
        parts.into_iter().map(|(_, part)| part).collect()
    }

    pub(super) async fn part(&self, query: Query) -> Part {
        let mut part = Part::of(query);
        match self.known_version(part.query.row) {
            Served::As(version) => self.read(&mut part, &version).await,
            Served::Not => part.not_installed = true,
            Served::Unasked => self.find_out(&mut part).await,
        }
        self.count(&part.pages);
        part
    }

    async fn read(&self, part: &mut Part, version: &str) {
        part.pages = list(&self.server, &part.query, version, self.options.page).await;
    }

    /// Tries the versions we read; where none is there, discovery says whether that means that there is no such kind.
    async fn find_out(&self, part: &mut Part) {
        let row = part.query.row;
        for version in row.versions {
            self.read(part, version).await;
            match part.pages.fault {
                Some(Fault::NoSuchPath) => {}
                // A refusal is not about the version.
                Some(_) => return,
                None => return self.remember(row, Served::As((*version).to_owned())),
            }
        }
        match served(&self.server, row).await {
            Ok(None) => {
                self.remember(row, Served::Not);
                part.pages.fault = None;
                part.not_installed = true;
            }
            // It is said to be there, and it is not: the 404 stands.
            Ok(Some(_)) => {}
            Err(fault) => part.pages.fault = Some(fault),
        }
    }

    /// Counts what is kept, for whoever watches.
    pub(super) fn count(&self, pages: &Pages) {
        let objects = &self.server.progress().objects;
        objects.fetch_add(pages.kept.len() as u64, Ordering::Relaxed);
    }

    /// What was found out about a kind.
    pub(super) fn known_version(&self, row: &'static Wanted) -> Served {
        let known = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(resource, _)| *resource == row.resource);
        found.map_or(Served::Unasked, |(_, version)| version.clone())
    }

    fn remember(&self, row: &'static Wanted, version: Served) {
        let mut known = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((row.resource, version));
    }

    /// What is known by name, then the dump.
    async fn settle(
        self: Arc<Self>,
        mut parts: Vec<Part>,
        homes: Option<BTreeSet<String>>,
    ) -> Dump {
        let volumes = volumes(&parts);
        for row in WANTED.iter().filter(|row| row.reach == Reach::Bound) {
            let part = self.volumes(row, volumes.clone()).await;
            parts.push(part);
        }
        self.definition(&mut parts).await;
        let missing = self.namespaces(&mut parts).await;
        if self.options.secret_metadata {
            parts.extend(self.secrets(&parts).await);
        }
        let mut dump = self.write(parts, homes.as_ref());
        dump.skipped.extend(no_such(&self.context, &missing));
        dump
    }
}

/// What is asked about the namespaces that hold clusters.
fn queries_beside(homes: &BTreeSet<String>) -> Vec<Query> {
    let rows = WANTED.iter();
    let rows = rows.filter(|row| matches!(row.reach, Reach::BesideClusters { .. }));
    let these = Arc::new(homes.clone());
    let mut queries = Vec::new();
    for row in rows {
        let query = |namespace: Option<&String>, keep| Query {
            namespace: namespace.cloned(),
            keep,
            ..Query::of(row)
        };
        if homes.len() > NAMESPACES_APART {
            let keep = Keep::Of(Arc::clone(&these), Field::Namespace);
            queries.push(query(None, keep));
        } else {
            queries.extend(homes.iter().map(|home| query(Some(home), Keep::All)));
        }
    }
    queries
}
