//! One cluster to one dump: what is asked, in which order, and what comes of each listing.
//!
//! With all namespaces: first what shows where clusters are, then what is beside them, then what belongs to single
//! objects (volumes, the Secrets with repository settings).

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::super::{Dump, Reach, WANTED};
use super::context::Place;
use super::list::{Keep, Kept, Query};
use super::named::volumes;
use super::server::{Deadline, METADATA_LIST};
use super::survey::{Part, Survey};
use super::write::{no_such, nothing_of};
use super::{Allowance, Options, Progress};

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

impl Survey {
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
                (Reach::Names { endings, .. }, _) => queries.push(Query {
                    keep: Keep::Ending(endings),
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
            let keep = Keep::In(Arc::clone(&these));
            queries.push(query(None, keep));
        } else {
            queries.extend(homes.iter().map(|home| query(Some(home), Keep::All)));
        }
    }
    queries
}
