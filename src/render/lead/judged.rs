//! What the clusters of a report were judged for, and what their verdicts take for granted.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::detail::Extent;
use super::groups::{self, Group};
use crate::check::{EVERYTHING, Verdict};
use crate::render::document::{Cluster, Document, Target, Text, title};
use crate::render::fleet::counted;
use crate::render::standing::{ARE_IN, of_the_same_files};
use crate::render::text::page::Page;
use crate::render::view::{Part, View};

/// Writes the releases, what would lift a block, and the assumptions.
pub(super) fn write(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    extent: Extent,
) {
    let all = document.clusters.iter().map(|one| &one.target);
    targets(page, "", all, extent.most(4));
    complete(page, document);
    lifted(page, document, view, alike, extent);
    match document.clusters.as_slice() {
        [one] => {
            let told = assumed_by(one);
            if !told.is_empty() {
                let name = title("", &one.namespace, &one.name);
                page.prose(
                    "",
                    2,
                    &format!("{name} assumes: {}", of_the_same_files(&told)),
                );
            }
        }
        _ => assumed(page, document, extent),
    }
}

/// What the word of whoever ran it makes of what was not seen.
fn complete(page: &mut Page, document: &Document<'_>) {
    let Some(called) = document
        .invocation()
        .filter(|called| !called.complete.is_empty())
    else {
        return;
    };
    let everything = called.complete.iter().any(|kind| kind == EVERYTHING);
    let flag = "--assume-complete: what is not in the input counts as not there";
    let risk = "if the export lacks something that exists, verdicts may be too good.";
    let which = if everything {
        ""
    } else {
        ", for the kinds it names"
    };
    page.prose("", 2, &format!("{flag}{which}; {risk}"));
}

/// "Judged for PGO 5.8.2 (--target 5.8.2)."
pub(crate) fn target_line(target: &Target<'_>) -> Option<String> {
    let releases = match target.pgo.as_slice() {
        [] => return None,
        [one] => format!("PGO {one}"),
        [first, .., last] => format!("any PGO from {first} to {last}"),
    };
    Some(format!("Judged for {releases} ({}).", target.from))
}

/// For which PGO v5 releases the verdicts hold, each once, as far as `shown`.
pub(super) fn targets<'d, 't: 'd>(
    page: &mut Page,
    indent: &str,
    all: impl Iterator<Item = &'d Target<'t>>,
    shown: usize,
) {
    let mut seen: Vec<String> = Vec::new();
    for line in all.filter_map(target_line) {
        if !seen.contains(&line) {
            seen.push(line);
        }
    }
    for line in seen.iter().take(shown) {
        page.prose(indent, indent.len(), line);
    }
    if seen.len() > shown {
        let more = seen.len() - shown;
        let line = format!("And for {more} other targets: -v shows all.");
        page.prose(indent, indent.len(), &line);
    }
}

/// Which other target would lift a block, said once for all clusters that share it; not where the reasons tell it.
fn lifted(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    extent: Extent,
) {
    let shown = extent.most(4);
    let mut shared: BTreeMap<(Vec<&str>, &str), BTreeSet<usize>> = BTreeMap::new();
    for (position, cluster) in document.clusters.iter().enumerate() {
        let mut methods: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (method, judged) in &cluster.methods {
            if let Some(lifted) = &judged.lifted_by {
                methods.entry(lifted).or_default().push(method.name());
            }
        }
        for (lifted, methods) in methods {
            let same = shared.entry((methods, lifted)).or_default();
            same.insert(position);
        }
    }
    if extent == Extent::Screen {
        let told = |words: &str| {
            let mut reasons = view.part(Part::Reason);
            reasons.any(|topic| topic.text.contains(words))
        };
        shared.retain(|(_, lifted), _| !told(lifted));
    }
    for ((methods, lifted), clusters) in shared.iter().take(shown) {
        let methods = methods.join(" and ");
        let who = who(document, alike, clusters, 2);
        let line = format!("{who}, blocked for {methods}: {lifted}");
        page.prose("", 2, &line);
    }
    if shared.len() > shown {
        page.prose(
            "",
            2,
            &format!("and {} more of this kind: -v", shared.len() - shown),
        );
    }
}

/// "pgo/a, pgo/b and 12 more", "all 300", "those of A, C" of the groups.
pub(super) fn who(
    document: &Document<'_>,
    alike: &[Group],
    clusters: &BTreeSet<usize>,
    named: usize,
) -> String {
    const SHOWN: usize = 3;
    let all = document.clusters.len();
    if clusters.len() == all && all > SHOWN {
        return format!("all {all}");
    }
    if clusters.len() > SHOWN
        && let Some(letters) = groups::letters(alike, clusters)
    {
        return format!("those of {letters}");
    }
    let mut names = clusters.iter().map(|one| name(document, *one));
    if clusters.len() <= SHOWN.max(named) {
        return names.collect::<Vec<_>>().join(", ");
    }
    let shown: Vec<String> = names.by_ref().take(named.clamp(1, 2)).collect();
    format!(
        "{} and {} more",
        shown.join(", "),
        clusters.len() - shown.len()
    )
}

/// What a cluster is called beside the others of its report: with its origin where there are several.
pub(super) fn name(document: &Document<'_>, position: usize) -> String {
    let first = document.clusters.first();
    let Some(cluster) = document.clusters.get(position) else {
        return String::new();
    };
    let mut clusters = document.clusters.iter();
    let several = clusters.any(|one| first.is_some_and(|first| one.origin != first.origin));
    let origin = if several { &*cluster.origin } else { "" };
    title(origin, &cluster.namespace, &cluster.name)
}

/// What the verdicts of a cluster take for granted, each once.
fn assumed_by<'d>(cluster: &Cluster<'d>) -> Vec<Text<'d>> {
    let judged = cluster.methods.values();
    let open = judged.filter(|judged| judged.verdict < Verdict::Unknown);
    let mut told: Vec<Text<'_>> = Vec::new();
    for one in open.flat_map(|judged| &judged.assumes) {
        if !told.contains(one) {
            told.push(one.clone());
        }
    }
    told
}

/// What several clusters take for granted, by what it is, with how many of them do.
fn assumed(page: &mut Page, document: &Document<'_>, extent: Extent) {
    let shown = extent.most(3);
    let mut whole = Whole::default();
    let mut others: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (position, cluster) in document.clusters.iter().enumerate() {
        let its = format!(" of namespace {}", cluster.namespace);
        let own = format!("{} ", cluster.name);
        for one in assumed_by(cluster) {
            if !whole.take(&one, &its, position) {
                let words = match one.strip_prefix(&own) {
                    Some(rest) => format!("each {rest}"),
                    None => one.to_string(),
                };
                others.entry(words).or_default().insert(position);
            }
        }
    }
    let mut others: Vec<(String, BTreeSet<usize>)> =
        others.into_iter().chain(whole.told()).collect();
    if others.is_empty() {
        return;
    }
    others.sort_by_key(|(_, clusters)| Reverse(clusters.len()));
    let all = document.clusters.len();
    let told = others.iter().take(shown).map(|(words, clusters)| {
        if clusters.len() == all {
            return words.clone();
        }
        format!("{words} ({} of {all})", clusters.len())
    });
    let mut told: Vec<String> = told.collect();
    if others.len() > shown {
        told.push(format!(
            "{} (-v, or --cluster)",
            counted(others.len() - shown, "more assumption", "more assumptions")
        ));
    }
    page.prose("", 2, &format!("Assumed: {}.", told.join("; ")));
}

/// What is taken to be whole: kinds of each cluster's own namespace, in which files.
#[derive(Default)]
struct Whole {
    kinds: BTreeSet<String>,
    files: BTreeSet<String>,
    clusters: BTreeSet<usize>,
}

impl Whole {
    /// Takes an assumption of this form: "all Pods of namespace pgo are in a.yaml".
    fn take(&mut self, assumption: &str, its: &str, position: usize) -> bool {
        let Some((what, files)) = assumption.rsplit_once(ARE_IN) else {
            return false;
        };
        let kind = what
            .strip_prefix("all ")
            .and_then(|what| what.strip_suffix(its));
        let Some(kind) = kind else {
            return false;
        };
        self.kinds.insert(kind.to_owned());
        self.files.insert(files.to_owned());
        self.clusters.insert(position);
        true
    }

    /// "all Jobs, Pods of its namespace are in a.yaml", and who takes that for granted.
    fn told(self) -> Option<(String, BTreeSet<usize>)> {
        let mut files = self.files.iter();
        let place = match (files.next(), files.next()) {
            (None, _) => return None,
            (Some(one), None) => one.clone(),
            (Some(_), Some(_)) => format!("the {} files of their namespaces", self.files.len()),
        };
        let kinds: Vec<String> = self.kinds.into_iter().collect();
        let words = format!("all {} of its namespace{ARE_IN}{place}", kinds.join(", "));
        Some((words, self.clusters))
    }
}
