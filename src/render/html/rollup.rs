//! Clusters counted by the Kubernetes cluster and the namespace they are in.

use std::collections::BTreeMap;

use super::bar::bar;
use super::summary::grouped;
use crate::render::document::Document;
use crate::render::fleet::VERDICTS;

/// Up to how many rows the table is open from the start.
const OPEN: usize = 20;

/// The rows, and whether they are shown at once.
pub(super) struct RollUp {
    pub(super) open: bool,
    /// Whether the clusters come from several Kubernetes clusters.
    pub(super) origins: bool,
    pub(super) rows: Vec<Place>,
}

/// A Kubernetes cluster, or a namespace in one.
pub(super) struct Place {
    pub(super) name: String,
    /// Whether it is a Kubernetes cluster, whose namespaces follow.
    pub(super) whole: bool,
    pub(super) bar: String,
    pub(super) all: String,
    pub(super) counts: [String; 4],
}

impl Place {
    fn of(name: &str, whole: bool, counts: &[usize; 4]) -> Self {
        let parts: Vec<(&str, usize)> =
            VERDICTS.iter().map(|one| one.name()).zip(*counts).collect();
        let all = counts.iter().sum();
        Place {
            name: name.to_owned(),
            whole,
            bar: bar(&parts, all),
            all: grouped(all),
            counts: counts.map(|count| match count {
                0 => String::new(),
                count => grouped(count),
            }),
        }
    }
}

impl RollUp {
    /// None where all clusters are in one namespace.
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let mut counted: BTreeMap<&str, BTreeMap<&str, [usize; 4]>> = BTreeMap::new();
        for cluster in &document.clusters {
            let of_origin = counted.entry(&cluster.origin).or_default();
            let counts = of_origin.entry(&cluster.namespace).or_default();
            let verdict = VERDICTS.iter().position(|one| *one == cluster.verdict);
            if let Some(count) = verdict.and_then(|position| counts.get_mut(position)) {
                *count += 1;
            }
        }
        let origins = counted.len() > 1;
        let mut rows = Vec::new();
        for (origin, namespaces) in &counted {
            if origins {
                let mut sum = [0; 4];
                for counts in namespaces.values() {
                    for (all, count) in sum.iter_mut().zip(counts) {
                        *all += count;
                    }
                }
                let name = if origin.is_empty() {
                    "loose files"
                } else {
                    origin
                };
                rows.push(Place::of(name, true, &sum));
            }
            rows.extend(namespaces.iter().map(|(namespace, counts)| {
                let name = if namespace.is_empty() {
                    "no namespace"
                } else {
                    namespace
                };
                Place::of(name, false, counts)
            }));
        }
        (rows.len() > 1).then_some(RollUp {
            open: rows.len() <= OPEN,
            origins,
            rows,
        })
    }
}
