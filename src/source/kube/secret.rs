//! The metadata of one Secret for each PGO v4 cluster: its annotations carry the repository's settings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::{SECRET_METADATA, repo_secret};
use super::list::Query;
use super::server::METADATA;
use super::survey::{Part, Survey};

impl Survey {
    /// One part for each namespace, so that a refusal counts for that namespace alone.
    pub(super) async fn secrets(self: &Arc<Self>, parts: &[Part]) -> Vec<Part> {
        let mut found: Vec<Part> = Vec::new();
        for (namespace, names) in names(parts) {
            let mut part = Part::of(Query {
                namespace: Some(namespace.clone()),
                ..Query::of(&SECRET_METADATA)
            });
            for name in &names {
                let got = self
                    .object(&SECRET_METADATA, Some(&namespace), name, METADATA)
                    .await;
                match got {
                    Ok(kept) => part.pages.kept.extend(kept),
                    Err(fault) => part.pages.fault = Some(fault),
                }
            }
            part.names = names;
            found.push(part);
        }
        found
    }
}

/// The Secrets to get in each namespace.
fn names(parts: &[Part]) -> BTreeMap<String, Vec<String>> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (namespace, cluster) in clusters(parts) {
        names
            .entry(namespace)
            .or_default()
            .push(repo_secret(&cluster));
    }
    names
}

/// Namespace and name of every PGO v4 cluster that shows: Pgclusters, and what parts say they belong to.
fn clusters(parts: &[Part]) -> BTreeSet<(String, String)> {
    let mut clusters = BTreeSet::new();
    for part in parts {
        let itself = part.query.row.kind == "Pgcluster";
        for kept in &part.pages.kept {
            let name = if itself {
                Some(&kept.name)
            } else {
                kept.part_of.as_ref()
            };
            clusters.extend(name.map(|name| (kept.namespace.clone(), name.clone())));
        }
    }
    clusters
}
