//! A report to the part of it that somebody wants to see. Its exit code stays that of the whole.

use std::collections::{BTreeSet, HashSet};

use serde_json::json;

use super::finding::Text;
use super::shape::Document;
use crate::check::Glob;
use crate::render::unmatched::unmatched;

/// What says that a report tells of some rules alone.
const OF_RULES: &str = "someRules";

/// What is shown: everything, where nothing is named.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Clusters and drafts by `NAME` or `NAMESPACE/NAME`.
    pub clusters: Vec<Glob>,
    /// Rules by id.
    pub rules: Vec<Glob>,
}

impl Narrow {
    /// Whether everything is shown.
    pub fn is_whole(&self) -> bool {
        self.clusters.is_empty() && self.rules.is_empty()
    }

    /// A name alone means that name in any namespace.
    fn wants(&self, namespace: &str, name: &str) -> bool {
        self.clusters.is_empty() || self.clusters.iter().any(|glob| glob.means(namespace, name))
    }

    fn wants_rule(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|glob| glob.matches(rule))
    }
}

impl Document<'_> {
    /// Leaves out what is not wanted, and says so under `narrowed`.
    pub fn narrow(&mut self, narrow: &Narrow) {
        if narrow.is_whole() {
            return;
        }
        let before = (self.clusters.len(), self.drafts.len(), self.findings.len());
        let alive = self.living.len();
        let lost = unmatched(&narrow.clusters, &self.places());
        let named = self.named_ids();
        self.clusters
            .retain(|one| narrow.wants(&one.namespace, &one.name));
        self.drafts.retain(|one| {
            let replaced = one.source.as_ref();
            narrow.wants(&one.namespace, &one.name)
                || replaced.is_some_and(|source| narrow.wants(&source.namespace, &source.name))
        });
        self.living
            .retain(|one| narrow.wants(&one.namespace, &one.name));
        let kept = self.named_ids();
        self.findings.retain(|one| {
            let key = (one.subject.origin.to_string(), one.id.to_string());
            let subject = &one.subject;
            let shown = kept.contains(&key)
                || (!named.contains(&key) && narrow.wants(&subject.namespace, &subject.name));
            shown && narrow.wants_rule(&one.rule)
        });
        let told: HashSet<String> = self
            .findings
            .iter()
            .map(|one| one.rule.to_string())
            .collect();
        self.rules.retain(|id, _| told.contains(&**id));
        let ids: HashSet<(String, String)> = self
            .findings
            .iter()
            .map(|one| (one.subject.origin.to_string(), one.id.to_string()))
            .collect();
        for cluster in &mut self.clusters {
            let origin = cluster.origin.to_string();
            for judged in cluster.methods.values_mut() {
                judged
                    .findings
                    .retain(|id| ids.contains(&(origin.clone(), id.to_string())));
            }
        }
        for draft in &mut self.drafts {
            let origin = draft.origin.to_string();
            draft
                .findings
                .retain(|id| ids.contains(&(origin.clone(), id.to_string())));
        }
        for living in &mut self.living {
            let origin = living.origin.to_string();
            let kept = |id: &Text<'_>| ids.contains(&(origin.clone(), id.to_string()));
            living.findings.retain(kept);
            if let Some(upgrade) = &mut living.upgrade {
                upgrade.findings.retain(kept);
            }
        }
        self.pairs.retain(|pair| {
            let v5 = pair.v5();
            v5.is_some_and(|v5| narrow.wants(&v5.namespace, &v5.name))
                || narrow.wants(&pair.cluster.namespace, &pair.cluster.name)
        });
        for pair in &mut self.pairs {
            let origin = pair.living.as_ref().and_then(|one| one.origin.clone());
            let origin = origin.unwrap_or_default().to_string();
            let kept = |id: &Text<'_>| ids.contains(&(origin.clone(), id.to_string()));
            pair.findings.retain(kept);
            pair.passed.retain(|held| narrow.wants_rule(&held.rule));
        }
        self.plans
            .retain(|one| narrow.wants(&one.namespace, &one.name));
        let living = match alive {
            0 => String::new(),
            all => format!(", {} of {all} living clusters", self.living.len()),
        };
        let words = format!(
            "Shown are {} of {} clusters, {} of {} drafts{living} and {} of {} findings (--cluster, --rule); the exit code is that of the whole.",
            self.clusters.len(),
            before.0,
            self.drafts.len(),
            before.1,
            self.findings.len(),
            before.2,
        );
        let words = match lost {
            Some(lost) => format!("--cluster: {lost}. {words}"),
            None => words,
        };
        self.further.insert("narrowed".to_owned(), json!(words));
        if !narrow.rules.is_empty() {
            self.further.insert(OF_RULES.to_owned(), json!(true));
        }
    }

    /// The namespaces and names of all clusters, drafts and living clusters.
    fn places(&self) -> BTreeSet<(String, String)> {
        let clusters = self.clusters.iter().map(|one| (&one.namespace, &one.name));
        let drafts = self.drafts.iter().map(|one| (&one.namespace, &one.name));
        let living = self.living.iter().map(|one| (&one.namespace, &one.name));
        let all = clusters.chain(drafts).chain(living);
        all.map(|(namespace, name)| (namespace.to_string(), name.to_string()))
            .collect()
    }

    /// Origin and id of every finding that a cluster, a draft or a living cluster names.
    fn named_ids(&self) -> HashSet<(String, String)> {
        let of_clusters = self.clusters.iter().flat_map(|one| {
            let ids = one.methods.values().flat_map(|judged| &judged.findings);
            ids.map(|id| (one.origin.to_string(), id.to_string()))
        });
        let of_drafts = self.drafts.iter().flat_map(|one| {
            let ids = one.findings.iter();
            ids.map(|id| (one.origin.to_string(), id.to_string()))
        });
        let of_living = self.living.iter().flat_map(|one| {
            let ids = one.findings.iter();
            ids.map(|id| (one.origin.to_string(), id.to_string()))
        });
        of_clusters.chain(of_drafts).chain(of_living).collect()
    }

    /// Whether it tells of some rules alone: what is not in it may be so all the same.
    pub fn is_of_some_rules(&self) -> bool {
        self.further.get(OF_RULES) == Some(&json!(true))
    }

    /// By which configuration it was judged, in words.
    pub fn governed(&self) -> Option<String> {
        self.further.get("config")?.as_str().map(governed_by)
    }

    /// What it was narrowed to, in words.
    pub fn narrowed(&self) -> Option<&str> {
        self.further.get("narrowed")?.as_str()
    }
}

/// Says that a configuration governs.
pub fn governed_by(config: &str) -> String {
    format!("By the configuration in {config}")
}
