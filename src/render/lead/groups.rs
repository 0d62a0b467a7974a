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
pub(super) const MANY: usize = 20;

/// Up to how many groups: as many as there are letters.
const GROUPS: usize = 26;

/// Up to how many groups are told apart by more than their verdicts.
const FEW: usize = 16;

/// What is not the same for all of a group.
const SEVERAL: &str = "several";

/// Up to how many groups each has a line below the table.
const HEADED: usize = 8;

/// Up to how many clusters all are named; of more, so many of each group.
const NAMED: usize = 300;
const EACH: usize = 8;

/// How much clusters of a group have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grain {
    All,
    /// All but what is to be done.
    Reasons,
    Verdicts,
}

/// Clusters that the table tells in the same words.
pub(super) struct Group {
    /// What is told of each: the versions, the verdicts, the numbers of the reasons and of what is to be done.
    pub(super) row: Vec<String>,
    /// Whether the reasons are the same for each, and not only the verdicts.
    pub(super) fine: bool,
    /// Their names, by origin.
    names: BTreeMap<String, Vec<String>>,
    /// Their positions in the report.
    positions: BTreeSet<usize>,
    verdict: Verdict,
}

impl Group {
    fn add(&mut self, position: usize, cluster: &Cluster<'_>) {
        let names = self.names.entry(visible(&cluster.origin)).or_default();
        names.push(visible(&title("", &cluster.namespace, &cluster.name)));
        self.positions.insert(position);
    }

    fn len(&self) -> usize {
        self.positions.len()
    }

    /// The first names; of several origins each with its own before it.
    fn named(&self, most: usize) -> String {
        let mut left = most;
        let mut told = Vec::new();
        for (origin, names) in &self.names {
            let shown: Vec<&str> = names.iter().take(left).map(String::as_str).collect();
            left -= shown.len();
            if !shown.is_empty() {
                let names = shown.join(", ");
                told.push(if origin.is_empty() {
                    names
                } else {
                    format!("{origin}: {names}")
                });
            }
        }
        told.join("; ")
    }
}

/// The groups, the worst first; none where there are few clusters, or hardly two alike. Where too many differ a little,
/// those with the same verdicts are one group.
pub(super) fn groups(document: &Document<'_>, view: &View<'_>) -> Vec<Group> {
    let clusters = document.clusters.len();
    if clusters <= MANY {
        return Vec::new();
    }
    let methods = methods(document);
    let why = reasons_of(view);
    let todo = steps_of(view);
    for grain in [Grain::All, Grain::Reasons, Grain::Verdicts] {
        let fine = grain != Grain::Verdicts;
        let mut alike: BTreeMap<Vec<String>, Group> = BTreeMap::new();
        for (position, cluster) in document.clusters.iter().enumerate() {
            let row = row(cluster, &methods, why.get(&position), todo.get(&position));
            let key = match grain {
                Grain::All => row.clone(),
                Grain::Reasons => row.iter().take(row.len() - 1).cloned().collect(),
                Grain::Verdicts => row.iter().skip(2).take(methods.len()).cloned().collect(),
            };
            let group = alike.entry(key).or_insert(Group {
                row: row.clone(),
                fine,
                names: BTreeMap::new(),
                positions: BTreeSet::new(),
                verdict: cluster.verdict,
            });
            group.verdict = group.verdict.min(cluster.verdict);
            for (told, of_this) in group.row.iter_mut().zip(&row) {
                if told != of_this {
                    SEVERAL.clone_into(told);
                }
            }
            group.add(position, cluster);
        }
        let mut groups: Vec<Group> = alike.into_values().collect();
        groups.sort_by_key(|group| Reverse((group.verdict, group.len())));
        let most = if fine { FEW } else { GROUPS };
        if groups.len() <= most && groups.len() * 2 <= clusters {
            return groups;
        }
    }
    Vec::new()
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
            numbers.push(reason(number + 1));
        }
    }
    why
}

/// What the reason of this number is called: not like what is to be done, which is numbered, too.
pub(super) fn reason(number: usize) -> String {
    format!("R{number}")
}

/// The numbers of what is to be done for each cluster, as the list of it counts.
pub(super) fn steps_of(view: &View<'_>) -> BTreeMap<usize, Vec<String>> {
    let mut steps: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (number, topic) in view.steps().enumerate() {
        for cluster in topic.clusters() {
            let numbers = steps.entry(cluster).or_default();
            numbers.push((number + 1).to_string());
        }
    }
    steps
}

/// The heads of the columns with the numbers of the reasons and of what is to be done.
pub(super) const NUMBERS: [&str; 2] = ["WHY", "TO DO"];

fn row(
    cluster: &Cluster<'_>,
    methods: &[Method],
    why: Option<&Vec<String>>,
    todo: Option<&Vec<String>>,
) -> Vec<String> {
    let known = |text: Option<&str>| visible(text.unwrap_or("?"));
    let mut row = vec![
        known(cluster.v4.as_deref()),
        known(cluster.postgres.as_deref()),
    ];
    row.extend(methods.iter().map(|method| {
        let judged = cluster.methods.get(method);
        judged.map_or_else(String::new, |one| one.verdict.name().to_owned())
    }));
    let numbers = |all: Option<&Vec<String>>| all.map_or_else(String::new, |all| all.join(" "));
    row.extend([numbers(why), numbers(todo)]);
    row
}

/// The letter of a group and how many are in it: "A: 25".
pub(super) fn head(number: usize, group: &Group) -> String {
    format!("{}: {}", letter(number), group.len())
}

fn letter(number: usize) -> char {
    let letter = u8::try_from(number)
        .ok()
        .and_then(|number| b'A'.checked_add(number));
    char::from(letter.unwrap_or(b'?'))
}

/// Who is in each group: in a line each, where that is not too long. All of them stand at the end.
pub(super) fn heads(page: &mut Page, groups: &[Group]) {
    if groups.is_empty() {
        return;
    }
    page.blank();
    if groups.len() > HEADED {
        page.prose("", 0, "Who is in each row stands at the end.");
        page.blank();
        return;
    }
    for (number, group) in groups.iter().enumerate() {
        let line = |shown: usize| {
            let more = group.len() - shown;
            let more = match more {
                0 => String::new(),
                more => format!(" and {more} more, see the end"),
            };
            format!("{}: {}{more}", letter(number), group.named(shown))
        };
        let fits = |line: &String| line.chars().count() <= page.screen.width;
        let most = group.len().min(EACH);
        let text = (1..=most).rev().map(line).find(fits);
        page.prose("", 3, &text.unwrap_or_else(|| line(1)));
    }
    page.blank();
}

/// Who is in each group.
pub(super) fn write(page: &mut Page, groups: &[Group]) {
    let all: usize = groups.iter().map(Group::len).sum();
    let shown = if all <= NAMED { all } else { EACH };
    for (number, group) in groups.iter().enumerate() {
        let more = match group.len().saturating_sub(shown) {
            0 => String::new(),
            more => format!(" and {more} more (-v, or --cluster NAMESPACE/NAME)"),
        };
        let names = group.named(shown);
        page.prose(
            &format!("{}: ", letter(number)),
            3,
            &format!("{names}{more}"),
        );
    }
}
