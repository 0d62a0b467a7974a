//! All clusters of a run to their manifests: of each the method that is asked for, or the one that is closest to ready.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::choices::{Choices, Target};
use super::draft::{Draft, Recipe};
use super::origin::Origins;
use crate::check::{
    ClusterReport, Evidence, Finding, FindingOutcome, MethodReport, Report, Verdict,
};
use crate::fact::Run;
use crate::fact::spec::PairFlag;
use crate::fact::v4::{Cluster, Surroundings, acquaint, clusters};
use crate::rule::{Method, Weight};
use crate::schema::Release;

/// What is to be drafted, and how.
pub struct Wanted<'w> {
    /// Which clusters, by namespace and name.
    pub is_meant: &'w (dyn Fn(&str, &str) -> bool + Sync),
    /// The method for all of them; `None` is the one closest to ready of each.
    pub method: Option<Method>,
    /// What is the user's to choose.
    pub choices: &'w Choices,
    /// What single clusters are to be called.
    pub names: &'w [PairFlag],
    /// Whether to draft for a method that is blocked.
    pub anyway: bool,
    /// Whether the origin of values is told.
    pub comments: bool,
    /// Facts that are as if they could not be seen, for tests.
    pub hidden: &'w [&'static str],
}

/// What became of one cluster.
#[derive(Debug)]
pub struct Drafted {
    /// Its origin, `""` for loose files.
    pub origin: String,
    /// Its namespace, `""` where its manifests write none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The method that was asked for or chosen.
    pub method: Method,
    /// The manifest, or why there is none.
    pub draft: Result<Draft, Refusal>,
}

/// Why there is no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The method is blocked.
    Blocked {
        /// Why.
        reasons: Vec<String>,
        /// Whether a manifest could be written all the same.
        writable: bool,
    },
    /// What the form of the manifest hangs on is not known, or nothing fits.
    Unfit(String),
    /// Which release it is for is not known.
    NoRelease,
}

/// Drafts for the clusters of the evidence that the report was made of.
pub fn drafts(
    evidence: &Evidence,
    report: &Report,
    run: &Run,
    wanted: &Wanted<'_>,
) -> Vec<Drafted> {
    let origins = Origins::of(&evidence.inventories);
    let around: Vec<Surroundings> = evidence
        .inventories
        .iter()
        .map(|inventory| Surroundings::of(inventory, run))
        .collect();
    let pairs = evidence.inventories.iter().zip(&around);
    let mut groups: Vec<Vec<Cluster<'_>>> = pairs
        .map(|(inventory, around)| clusters(inventory, run, around))
        .collect();
    acquaint(&mut groups, &evidence.inventories);
    let judged: BTreeMap<(&str, &str, &str), &ClusterReport> = report
        .clusters
        .iter()
        .map(|one| {
            (
                (
                    one.origin.as_str(),
                    one.namespace.as_str(),
                    one.name.as_str(),
                ),
                one,
            )
        })
        .collect();
    let meant: Vec<(&Cluster<'_>, &ClusterReport)> = groups
        .iter()
        .flatten()
        .filter(|cluster| (wanted.is_meant)(cluster.namespace.unwrap_or(""), cluster.name))
        .filter_map(|cluster| {
            let origin = cluster.inventory.origin_name.as_str();
            let place = (origin, cluster.namespace.unwrap_or(""), cluster.name);
            Some((cluster, *judged.get(&place)?))
        })
        .collect();
    let mut recipes = BTreeMap::new();
    for (cluster, one) in &meant {
        let key = (method_of(one, wanted), release_of(cluster));
        if let (method, Some(release)) = key {
            let recipe = || {
                let mut recipe = Recipe::new(method, release, wanted.choices.clone());
                recipe.comments = wanted.comments;
                recipe.hidden = wanted.hidden.to_vec();
                recipe
            };
            recipes
                .entry((method, release.version))
                .or_insert_with(recipe);
        }
    }
    let draft = |(cluster, one): &(&Cluster<'_>, &ClusterReport)| {
        let method = method_of(one, wanted);
        let recipe =
            release_of(cluster).and_then(|release| recipes.get(&(method, release.version)));
        Drafted {
            origin: one.origin.clone(),
            namespace: one.namespace.clone(),
            name: one.name.clone(),
            method,
            draft: match recipe {
                None => Err(Refusal::NoRelease),
                Some(recipe) => written(recipe, cluster, &origins, (report, one), wanted),
            },
        }
    };
    meant.par_iter().map(draft).collect()
}

/// The method asked for, else the one closest to ready; of equals the first in the guide's order.
fn method_of(one: &ClusterReport, wanted: &Wanted<'_>) -> Method {
    let verdict = |method: &Method| one.methods.get(method).map(|judged| judged.verdict);
    let best = || {
        Method::ALL
            .into_iter()
            .min_by_key(|method| verdict(method).unwrap_or(Verdict::Blocked))
    };
    wanted.method.or_else(best).unwrap_or(Method::Volumes)
}

fn release_of(cluster: &Cluster<'_>) -> Option<&'static Release> {
    let target = &cluster.surroundings.target;
    match target.releases.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn written(
    recipe: &Recipe,
    cluster: &Cluster<'_>,
    origins: &Origins<'_>,
    (report, one): (&Report, &ClusterReport),
    wanted: &Wanted<'_>,
) -> Result<Draft, Refusal> {
    let method = method_of(one, wanted);
    let judged = one.methods.get(&method);
    let verdict = judged.map_or(Verdict::Unknown, |judged| judged.verdict);
    let blocks =
        |outcome| judged.map_or_else(Vec::new, |judged| blocks(report, judged, method, outcome));
    let mut above = Vec::new();
    if wanted.comments {
        let place = one.namespace.as_str();
        let name = if place.is_empty() {
            one.name.clone()
        } else {
            format!("{place}/{}", one.name)
        };
        let release = release_of(cluster).map_or("", |release| release.name());
        above.push(format!(
            "For the PGO v4 cluster {name}, method {}, PGO {release}.",
            method.name()
        ));
    }
    match verdict {
        Verdict::Blocked if !wanted.anyway => {
            return Err(Refusal::Blocked {
                reasons: blocks(FindingOutcome::Fires),
                writable: recipe.draft(cluster, origins, &[]).is_ok(),
            });
        }
        Verdict::Blocked => {
            above.push(format!(
                "BLOCKED: the method {} cannot be used as things stand. Do not apply this before",
                method.name()
            ));
            above.push("what stands in the way is gone:".to_owned());
            above.extend(
                blocks(FindingOutcome::Fires)
                    .into_iter()
                    .map(|text| format!("  {text}")),
            );
        }
        Verdict::Unknown => {
            above.push(
                "OPEN: whether this method can be used is not decided. What decides it:".to_owned(),
            );
            above.extend(
                blocks(FindingOutcome::Unknown)
                    .into_iter()
                    .map(|text| format!("  {text}")),
            );
        }
        Verdict::Action if wanted.comments => {
            above.push(
                "There are preparations to make first: pgo-preflight check names them.".to_owned(),
            );
        }
        _ => {}
    }
    let named = wanted.names.iter().find(|flag| flag.names(cluster));
    let recipe = match named.map(PairFlag::draft) {
        Some((namespace, name)) => &recipe.called(Target {
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }),
        None => recipe,
    };
    recipe
        .draft(cluster, origins, &above)
        .map_err(Refusal::Unfit)
}

/// What blocks a method, or would if it were decided.
fn blocks(
    report: &Report,
    judged: &MethodReport,
    method: Method,
    outcome: FindingOutcome,
) -> Vec<String> {
    let findings = judged
        .findings
        .iter()
        .filter_map(|index| report.findings.get(*index));
    let blocking = |finding: &&Finding| {
        finding.outcome == outcome && finding.effect.on(method) == Some(Weight::Block)
    };
    let words = |finding: &Finding| match finding.gaps.iter().find(|gap| !gap.ask.is_empty()) {
        Some(gap) if outcome == FindingOutcome::Unknown => {
            format!("{}: {}", finding.message, gap.ask)
        }
        _ => format!("{} ({})", finding.message, finding.rule),
    };
    findings.filter(blocking).map(words).collect()
}
