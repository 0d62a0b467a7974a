//! What is so, what to do, what is open and what to know of the clusters, in this order.

use std::collections::BTreeSet;

use super::detail::Detail;
use super::groups::{Group, letters};
use super::judged::{name, who as who_are};
use crate::render::document::{Document, Finding};
use crate::render::fleet::counted;
use crate::render::text::page::Page;
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
    told.losses(page, view);
    told.known(page, view);
}

/// How a sentence about what is undecided begins.
pub(in crate::render) const CANNOT: &str = "cannot tell ";

/// Of how many clusters a list names each, where nothing else is said.
const NAMED: usize = 2;

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
        self.shared_by(topic, NAMED)
    }

    /// The same, with so many of them named where they are more than a few.
    fn shared_by(&self, topic: &Topic<'_>, names: usize) -> String {
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
        let who = who.unwrap_or_else(|| who_are(self.document, self.alike, &has, names));
        format!("{} of {all}: {who}", has.len())
    }

    /// " (volumes; 12 of 300: pgo/a, pgo/b and 10 more)": for which methods where not all are meant, and in which clusters.
    pub(super) fn scope(&self, topic: &Topic<'_>) -> String {
        in_brackets([self.only(topic), self.shared(topic)])
    }

    /// The same of what is to be done: by whom should be plain, so more of them are named.
    pub(super) fn scope_of_step(&self, topic: &Topic<'_>) -> String {
        let only = self.only(topic);
        let only = if only.is_empty() {
            only
        } else {
            format!("for {only}")
        };
        in_brackets([only, self.shared_by(topic, self.detail.names)])
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

    /// What is to be known and costs data where it is not heeded: told first, and whole.
    fn losses(&self, page: &mut Page, view: &View<'_>) {
        let all: Vec<&Topic<'_>> = view.part(Part::Know).filter(|one| one.loses_data).collect();
        if all.is_empty() {
            return;
        }
        if !self.detail.losses {
            let first = all.first().map_or("", |topic| self.title(topic));
            let ways = counted(all.len(), "way", "ways");
            // Of the tightest the ways are counted, not told.
            let told = match self.detail.again {
                0 => String::new(),
                _ => format!(", first: {first}"),
            };
            page.blank();
            page.prose(
                "",
                2,
                &format!("Data can be lost in {ways}{told} (-v shows all)"),
            );
            return;
        }
        page.head("Data can be lost");
        for topic in all {
            let many = self.many(topic);
            let behind = format!("{many} [{}]", topic.rule);
            if self.detail.wrapped {
                page.prose("  - ", 4, &format!("{}{behind}", topic.text));
            } else {
                page.item(&[&topic.text, self.title(topic)], &[&behind, &many]);
            }
        }
    }

    /// What else to know, one line each.
    fn known(&self, page: &mut Page, view: &View<'_>) {
        let all: Vec<&Topic<'_>> = view
            .part(Part::Know)
            .filter(|one| !one.loses_data)
            .collect();
        if all.is_empty() {
            return;
        }
        if self.detail.known == 0 {
            let things = counted(all.len(), "thing", "things");
            if self.detail.losses {
                page.blank();
            }
            page.prose("", 2, &format!("To know: {things}; -v shows all"));
            return;
        }
        page.head("To know");
        for topic in all.iter().take(self.detail.known) {
            let many = self.many(topic);
            let behind = format!("{many} [{}]", topic.rule);
            page.item(&[&topic.text, self.title(topic)], &[&behind, &many]);
        }
        match all.len().saturating_sub(self.detail.known) {
            0 => {}
            left => page.prose("  ", 2, &format!("and {left} more to know: -v shows all")),
        }
    }

    /// " (12 of 300)"; nothing for one cluster.
    fn many(&self, topic: &Topic<'_>) -> String {
        match topic.clusters().len() {
            _ if self.alone() => String::new(),
            count if count == self.document.clusters.len() => " (all)".to_owned(),
            count => format!(" ({count} of {})", self.document.clusters.len()),
        }
    }

    fn title<'t>(&'t self, topic: &Topic<'t>) -> &'t str {
        let rule = self.document.rules.get(topic.rule);
        rule.map_or(topic.rule, |rule| &rule.title)
    }
}

/// " (a; b)", without what is empty.
fn in_brackets(parts: [String; 2]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|one| !one.is_empty()).collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join("; "))
}

/// A finding's sentence with its place and rule.
pub(super) fn brief(page: &mut Page, word: &str, finding: &Finding<'_>) {
    let place = finding.primary().map_or_else(String::new, |label| {
        format!(" at {}:{}", label.uri, label.start_line)
    });
    let text = format!("{word}{}", plain(&finding.message));
    page.prose("  - ", 4, &format!("{text}{place} [{}]", finding.rule));
}
