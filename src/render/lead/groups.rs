//! Of many clusters those with the same picture as one row, and below the table who they are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::Verdict;
use crate::render::document::{Cluster, Document, title};
use crate::render::human::visible;
use crate::render::text::page::Page;
use crate::render::view::{Part, View};
use crate::rule::Method;

/// From how many clusters on they are grouped.
const MANY: usize = 40;

/// Up to how many groups: beyond, each cluster has its row. As many as there are letters.
const GROUPS: usize = 26;

/// Up to how many clusters all are named; of more, so many of each group.
const NAMED: usize = 300;
const EACH: usize = 8;

/// Clusters that the table tells in the same words.
pub(super) struct Group {
    /// What is told of each: the versions, the verdicts, the numbers of the reasons.
    pub(super) row: Vec<String>,
    /// Their titles.
    names: Vec<String>,
    /// Their positions in the report.
    positions: BTreeSet<usize>,
    verdict: Verdict,
}

/// The groups, the worst first; none where there are few clusters, or hardly two alike.
pub(super) fn groups(document: &Document<'_>, view: &View<'_>) -> Vec<Group> {
    let clusters = document.clusters.len();
    if clusters <= MANY {
        return Vec::new();
    }
    let methods = methods(document);
    let why = reasons_of(view);
    let mut alike: BTreeMap<Vec<String>, Group> = BTreeMap::new();
    for (position, cluster) in document.clusters.iter().enumerate() {
        let row = row(cluster, &methods, why.get(&position));
        let group = alike.entry(row.clone()).or_insert(Group {
            row,
            names: Vec::new(),
            positions: BTreeSet::new(),
            verdict: cluster.verdict,
        });
        let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
        group.names.push(visible(&name));
        group.positions.insert(position);
    }
    let mut groups: Vec<Group> = alike.into_values().collect();
    groups.sort_by_key(|group| Reverse((group.verdict, group.names.len())));
    if groups.len() > GROUPS || groups.len() * 2 > clusters {
        groups.clear();
    }
    groups
}

/// The letters of the groups that clusters are, where they are whole groups: "A, C".
pub(super) fn letters(groups: &[Group], clusters: &BTreeSet<usize>) -> Option<String> {
    let within = |(_, group): &(usize, &Group)| group.positions.is_subset(clusters);
    let whole: Vec<(usize, &Group)> = groups.iter().enumerate().filter(within).collect();
    let count: usize = whole.iter().map(|(_, group)| group.positions.len()).sum();
    let letters: Vec<String> = whole
        .iter()
        .map(|(number, _)| letter(*number).to_string())
        .collect();
    (count > 0 && count == clusters.len()).then(|| letters.join(", "))
}

/// The methods that clusters were judged for.
pub(super) fn methods(document: &Document<'_>) -> Vec<Method> {
    let judged = |method: &Method| {
        let mut clusters = document.clusters.iter();
        clusters.any(|one| one.methods.contains_key(method))
    };
    Method::ALL.into_iter().filter(judged).collect()
}

/// The numbers of the reasons of each cluster, as the list of reasons counts them.
pub(super) fn reasons_of(view: &View<'_>) -> BTreeMap<usize, Vec<String>> {
    let mut why: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (number, topic) in view.part(Part::Reason).enumerate() {
        for cluster in topic.clusters() {
            let numbers = why.entry(cluster).or_default();
            numbers.push((number + 1).to_string());
        }
    }
    why
}

fn row(cluster: &Cluster<'_>, methods: &[Method], why: Option<&Vec<String>>) -> Vec<String> {
    let known = |text: Option<&str>| visible(text.unwrap_or("?"));
    let mut row = vec![
        known(cluster.v4.as_deref()),
        known(cluster.postgres.as_deref()),
    ];
    row.extend(methods.iter().map(|method| {
        let judged = cluster.methods.get(method);
        judged.map_or_else(String::new, |one| one.verdict.name().to_owned())
    }));
    row.push(why.map_or_else(String::new, |all| all.join(" ")));
    row
}

/// The letter of a group and how many are in it: "A: 25".
pub(super) fn head(number: usize, group: &Group) -> String {
    format!("{}: {}", letter(number), group.names.len())
}

fn letter(number: usize) -> char {
    let letter = u8::try_from(number)
        .ok()
        .and_then(|number| b'A'.checked_add(number));
    char::from(letter.unwrap_or(b'?'))
}

/// Who is in each group.
pub(super) fn write(page: &mut Page, groups: &[Group]) {
    let all: usize = groups.iter().map(|group| group.names.len()).sum();
    let shown = if all <= NAMED { all } else { EACH };
    page.blank();
    for (number, group) in groups.iter().enumerate() {
        let names: Vec<&str> = group.names.iter().take(shown).map(String::as_str).collect();
        let more = group.names.len().saturating_sub(shown);
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more (-v, or --cluster NAMESPACE/NAME)"),
        };
        page.prose(
            &format!("{}: ", letter(number)),
            3,
            &format!("{}{more}", names.join(", ")),
        );
    }
    page.blank();
}
