//! What is the same for every cluster of a report: said once, at the top of the page.

use std::collections::{BTreeMap, BTreeSet};

use super::common::{NAME, in_general};
use crate::render::document::{ById, Document, Finding};
use crate::render::fleet::{Bearing, bearing, of_cluster};
use crate::render::lead::CANNOT;
use crate::render::task::after;
use crate::render::text::prose::{
    Block, first_sentence, general, general_blocks, in_general as of_all,
};
use crate::render::text::wrap::plain;
use crate::rule::Phase;

/// A step or something to know that every cluster has in the same words.
pub(super) struct Shared {
    pub(super) rule: String,
    pub(super) link: Option<usize>,
    pub(super) message: String,
    /// What is so, where the message says what is to be done.
    pub(super) why: String,
    /// Whether who does not heed it loses data.
    pub(super) loses_data: bool,
    pub(super) blocks: Vec<Block>,
}

/// By rule, what every cluster has in the same words but for its name.
#[derive(Default)]
pub(super) struct ForAll<'d> {
    /// To prepare.
    pub(super) steps: BTreeMap<&'d str, String>,
    /// To be known.
    pub(super) tells: BTreeMap<&'d str, String>,
}

impl<'d> ForAll<'d> {
    /// Nothing is shared by one cluster.
    pub(super) fn of(document: &'d Document<'d>, by_id: &ById<'d>) -> Self {
        let mut counts: BTreeMap<(bool, &str, String), usize> = BTreeMap::new();
        let clusters = document.clusters.len();
        if clusters < 2 {
            return ForAll::default();
        }
        for cluster in &document.clusters {
            let findings = of_cluster(cluster, by_id).into_iter();
            let told = findings.filter_map(|finding| match bearing(finding) {
                _ if finding.suppressed() => None,
                Bearing::Prepares => Some((true, &*finding.rule, in_general(finding))),
                Bearing::Tells => Some((false, &*finding.rule, in_general(finding))),
                Bearing::Blocks | Bearing::Undecided => None,
            });
            for key in told.collect::<BTreeSet<_>>() {
                *counts.entry(key).or_default() += 1;
            }
        }
        let mut all = ForAll::default();
        for ((step, rule, words), count) in counts {
            if count == clusters {
                let list = if step { &mut all.steps } else { &mut all.tells };
                list.insert(rule, words);
            }
        }
        all
    }

    /// Whether it says what every cluster is told at the top.
    pub(super) fn says(&self, finding: &Finding<'_>) -> bool {
        let lists = [&self.steps, &self.tells];
        let words = lists.into_iter().find_map(|list| list.get(&*finding.rule));
        !finding.suppressed() && words.is_some_and(|words| *words == in_general(finding))
    }

    /// As the page shows a list of them.
    pub(super) fn shown(
        list: &BTreeMap<&str, String>,
        document: &Document<'_>,
        link: &dyn Fn(&str) -> Option<usize>,
        with_remedy: bool,
    ) -> Vec<Shared> {
        let text = |rule: &str| document.rules.get(rule);
        let mut rules: Vec<(&&str, &String)> = list.iter().collect();
        // What is known comes first, as in the report.
        rules.sort_by_key(|(rule, words)| {
            let phase = text(rule).and_then(|rule| rule.phase);
            (words.starts_with(CANNOT), phase.unwrap_or(Phase::Know))
        });
        let items = rules.into_iter().map(|(rule, words)| {
            let fix = text(rule).filter(|_| with_remedy);
            let told = plain(&sentence(words, text(rule).map(|rule| &*rule.title)));
            let task = fix.map(|rule| of_all(&first_sentence(&rule.fix)));
            let task = task.map(|task| task.trim_end_matches(['.', ':']).to_owned());
            let task = task.filter(|task| !task.is_empty() && !words.starts_with(CANNOT));
            Shared {
                rule: (*rule).to_owned(),
                link: link(rule),
                loses_data: text(rule).is_some_and(|rule| rule.loses_data),
                why: if task.is_some() {
                    told.clone()
                } else {
                    String::new()
                },
                message: task.as_ref().map_or(told, |task| plain(task)),
                blocks: fix.map_or_else(Vec::new, |rule| {
                    let first = first_sentence(&general(&rule.fix));
                    let told = task
                        .as_ref()
                        .map_or("", |_| first.trim_end_matches(['.', ':']));
                    after(told, general_blocks(&rule.fix))
                }),
            }
        });
        items.collect()
    }
}

/// Words that hold for each, said of each; where a name is a part of another one, the rule's title.
fn sentence(words: &str, title: Option<&str>) -> String {
    let part = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
    let mut pieces = words.split(NAME).peekable();
    let mut alone = true;
    while let Some(before) = pieces.next() {
        if let Some(after) = pieces.peek() {
            alone &= !before.ends_with(part) && !after.starts_with(part);
        }
    }
    match title {
        Some(title) if !alone && !words.starts_with(CANNOT) => title.to_owned(),
        _ if alone => words.replace(NAME, "each cluster"),
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn what_holds_for_all_is_said_of_each_without_a_placeholder() {
        let title = Some("the last backup is old");
        let told = sentence("the last backup of <cluster.name> is old", title);
        assert_eq!(told, "the last backup of each cluster is old");
        let told = sentence(
            "claim <cluster.name>-pgbr-repo of <cluster.name> is old",
            title,
        );
        assert_eq!(told, "the last backup is old");
    }
}
