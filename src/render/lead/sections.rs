//! What is so, what to do, what is open and what to know of the clusters, in this order.

use std::collections::{BTreeMap, BTreeSet};

use super::detail::Detail;
use super::groups::{Group, letters};
use super::judged::{name, who as who_are};
use crate::check::LEFT_OUT;
use crate::render::document::{Document, Finding};
use crate::render::fleet::counted;
use crate::render::text::page::Page;
use crate::render::text::prose::{Block, blocks, first_sentence};
use crate::render::text::wrap::plain;
use crate::render::view::{Part, Topic, View};
use crate::rule::Method;

/// Writes the sections of the clusters.
pub(super) fn write(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    detail: Detail,
) {
    if document.clusters.is_empty() {
        return;
    }
    let told = Told {
        document,
        alike,
        detail,
    };
    told.verdict(page, view);
    told.reasons(page, view);
    told.steps(page, view);
    told.questions(page, view);
    told.known(page, view);
}

/// How a sentence about what is undecided begins.
pub(in crate::render) const CANNOT: &str = "cannot tell ";

/// What is told, and how much of it.
pub(super) struct Told<'d> {
    pub(super) document: &'d Document<'d>,
    /// The groups of the table, if clusters are grouped.
    alike: &'d [Group],
    pub(super) detail: Detail,
}

impl Told<'_> {
    pub(super) fn alone(&self) -> bool {
        self.document.clusters.len() == 1
    }

    /// "12 of 300: pgo/a, pgo/b and 10 more"; nothing for one cluster.
    pub(super) fn shared(&self, topic: &Topic<'_>) -> String {
        const EXCEPTIONS: usize = 3;
        if self.alone() {
            return String::new();
        }
        let has = topic.clusters();
        let all = self.document.clusters.len();
        let without = (0..all).filter(|one| !has.contains(one));
        let few: Vec<usize> = without.take(EXCEPTIONS + 1).collect();
        if few.is_empty() {
            return format!("all {all}");
        }
        if few.len() <= EXCEPTIONS && has.len() > EXCEPTIONS {
            let names: Vec<String> = few.iter().map(|one| name(self.document, *one)).collect();
            return format!("{} of {all}, all but {}", has.len(), names.join(", "));
        }
        let who = letters(self.alike, &has);
        let who = who.unwrap_or_else(|| who_are(self.document, self.alike, &has));
        format!("{} of {all}: {who}", has.len())
    }

    /// " (volumes; 12 of 300: pgo/a, pgo/b and 10 more)": for which methods where not all are meant, and in which clusters.
    pub(super) fn scope(&self, topic: &Topic<'_>) -> String {
        let parts = [self.only(topic), self.shared(topic)];
        let parts: Vec<String> = parts.into_iter().filter(|one| !one.is_empty()).collect();
        if parts.is_empty() {
            return String::new();
        }
        format!(" ({})", parts.join("; "))
    }

    /// What opens a method where none is open, and what to prepare, in the order of doing.
    fn steps(&self, page: &mut Page, view: &View<'_>) {
        let ways = view.part(Part::Unblock);
        let ways = ways.filter(|topic| topic.findings.iter().any(|(_, one)| !one.fix.is_empty()));
        let steps: Vec<&Topic<'_>> = ways.chain(view.part(Part::Do)).collect();
        if steps.is_empty() {
            return;
        }
        page.head("To do, in order");
        let mut silent = false;
        for (number, topic) in steps.iter().take(self.detail.named).enumerate() {
            let start = format!("  {}. ", number + 1);
            let text = format!("{}{} [{}]", headline(topic), self.scope(topic), topic.rule);
            page.prose(&start, 5, &text);
            if number < self.detail.told {
                silent |= !self.remedy(page, topic);
            } else {
                silent = true;
            }
        }
        let left = steps.len().saturating_sub(self.detail.named);
        if left > 0 {
            page.prose("  ", 2, &format!("and {left} more to do: -v shows all"));
        }
        if silent && self.alone() {
            page.prose("  ", 2, "-v shows in full what is to be done, and why");
        } else if silent {
            page.prose(
                "  ",
                2,
                "--cluster NAMESPACE/NAME shows the commands for one cluster, -v all",
            );
        }
    }

    /// What to do about a step, and the commands; whether all of it was told.
    fn remedy(&self, page: &mut Page, topic: &Topic<'_>) -> bool {
        const EACH: usize = 2;
        let mut firsts: BTreeMap<usize, &Finding<'_>> = BTreeMap::new();
        for (cluster, finding) in &topic.findings {
            firsts.entry(*cluster).or_insert(finding);
        }
        if firsts.len() > EACH {
            return false;
        }
        let mut whole = true;
        for (number, finding) in firsts.values().enumerate() {
            if number == 0 && self.detail.words && topic.part == Part::Do {
                let words = first_sentence(&finding.fix);
                if !words.is_empty() {
                    page.prose("     ", 5, &words);
                }
            }
            let commands = commands(&finding.fix);
            whole &= self.detail.words;
            // A part of a row of commands would leave things half done.
            if commands.len() > self.detail.commands {
                page.prose(
                    "       ",
                    7,
                    &format!(
                        "{} commands: `--rule {}` shows them",
                        commands.len(),
                        topic.rule
                    ),
                );
                continue;
            }
            for command in &commands {
                page.command(7, command);
            }
            if finding.fix.contains(LEFT_OUT) {
                page.prose(
                    "     ",
                    5,
                    "What comes after needs an answer first: see To ask.",
                );
            }
        }
        whole
    }

    /// "volumes, backups", where not all methods are meant.
    fn only(&self, topic: &Topic<'_>) -> String {
        let judged: BTreeSet<Method> = self
            .document
            .clusters
            .iter()
            .flat_map(|one| one.methods.keys().copied())
            .collect();
        if topic.methods == judged || topic.methods.is_empty() {
            return String::new();
        }
        let names: Vec<&str> = topic.methods.iter().map(|one| one.name()).collect();
        names.join(", ")
    }

    /// What to know, one line each.
    fn known(&self, page: &mut Page, view: &View<'_>) {
        let all: Vec<&Topic<'_>> = view.part(Part::Know).collect();
        if all.is_empty() {
            return;
        }
        page.head("To know");
        for topic in all.iter().take(self.detail.known) {
            let many = match topic.clusters().len() {
                _ if self.alone() => String::new(),
                count if count == self.document.clusters.len() => " (all)".to_owned(),
                count => format!(" ({count} of {})", self.document.clusters.len()),
            };
            let title = self.document.rules.get(topic.rule).map(|rule| &*rule.title);
            let title = title.unwrap_or(topic.rule);
            let behind = format!("{many} [{}]", topic.rule);
            if self.detail.wrapped {
                page.prose("  - ", 4, &format!("{title}{behind}"));
            } else {
                page.item(&[&topic.text, title], &[&behind, &many]);
            }
        }
        match all.len().saturating_sub(self.detail.known) {
            0 => {}
            left if self.detail.known == 0 => {
                let things = counted(left, "thing", "things");
                page.prose("  ", 2, &format!("{things} to know: -v shows all"));
            }
            left => page.prose("  ", 2, &format!("and {left} more to know: -v shows all")),
        }
    }
}

/// What a step is called: what is so, or, of what `Why` has told already, what to do about it.
fn headline(topic: &Topic<'_>) -> String {
    if topic.part == Part::Do {
        return topic.text.clone();
    }
    let all = topic.findings.iter();
    let told: BTreeSet<String> = all.map(|(_, one)| first_sentence(&one.fix)).collect();
    match told.first() {
        Some(words) if told.len() == 1 && !words.is_empty() => {
            let words = words.strip_suffix(['.', ':']).unwrap_or(words);
            words.to_owned()
        }
        _ => format!("settle what blocks: {}", topic.text),
    }
}

/// The commands of a remedy; pieces of manifests are none.
pub(super) fn commands(fix: &str) -> Vec<String> {
    let mut all = Vec::new();
    for block in blocks(fix) {
        if let Block::Commands(text) = block
            && !text.lines().next().is_some_and(|line| line.ends_with(':'))
        {
            all.extend(
                text.lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(str::to_owned),
            );
        }
    }
    all
}

/// A finding's sentence with its place and rule.
pub(super) fn brief(page: &mut Page, word: &str, finding: &Finding<'_>) {
    let place = finding.primary().map_or_else(String::new, |label| {
        format!(" at {}:{}", label.uri, label.start_line)
    });
    let text = format!("{word}{}", plain(&finding.message));
    page.prose("  - ", 4, &format!("{text}{place} [{}]", finding.rule));
}
