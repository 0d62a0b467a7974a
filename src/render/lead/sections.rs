//! What is so, what to do, what is open and what to know of the clusters, in this order.

use super::detail::Detail;
use super::groups::{Group, letters};
use super::judged::{name, who as who_are};
use crate::check::Verdict;
use crate::render::asks::Answers;
use crate::render::document::{Document, Finding, Judged};
use crate::render::fleet::listed;
use crate::render::text::page::Page;
use crate::render::text::wrap::plain;
use crate::render::view::{Topic, View};
use crate::rule::Method;

/// Writes the sections of the clusters; what settles their questions.
pub(super) fn write(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    detail: Detail,
) -> Answers {
    if document.clusters.is_empty() {
        return Answers::default();
    }
    let told = Told {
        document,
        alike,
        detail,
    };
    told.verdict(page, view);
    told.reasons(page, view);
    told.steps(page, view);
    let answers = told.questions(page, view);
    told.later(page, view);
    told.losses(page, view);
    told.known(page, view);
    answers
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

    /// " (volumes only; 12 of 300: pgo/a, pgo/b and 10 more)": for which methods where not all that are open are meant, and in
    /// which clusters.
    pub(super) fn scope(&self, topic: &Topic<'_>) -> String {
        in_brackets(&[self.only(topic), self.shared(topic)])
    }

    /// The same of what is to be done, and when: by whom should be plain, so more of them are named.
    pub(super) fn scope_of_step(&self, topic: &Topic<'_>) -> String {
        let when = if topic.is_within_the_move() {
            "within the move, not before".to_owned()
        } else {
            String::new()
        };
        in_brackets(&[
            for_only(&self.only(topic)),
            when,
            self.shared_by(topic, self.detail.names),
        ])
    }

    /// "volumes only", where its clusters may move by other methods, too.
    pub(super) fn only(&self, topic: &Topic<'_>) -> String {
        let has = topic.clusters();
        let judged = has
            .iter()
            .filter_map(|one| self.document.clusters.get(*one));
        let mut open = judged.flat_map(|one| &one.methods);
        let is_meant = |(method, judged): (&Method, &Judged<'_>)| {
            judged.verdict == Verdict::Blocked || topic.methods.contains(method)
        };
        if topic.methods.is_empty() || open.all(is_meant) {
            return String::new();
        }
        let names: Vec<&str> = topic.methods.iter().map(|one| one.name()).collect();
        format!("{} only", listed(&names))
    }
}

/// "for volumes only"; nothing of nothing.
pub(super) fn for_only(only: &str) -> String {
    if only.is_empty() {
        return String::new();
    }
    format!("for {only}")
}

/// " (a; b)", without what is empty.
pub(super) fn in_brackets(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .filter(|one| !one.is_empty())
        .map(String::as_str)
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join("; "))
}

/// A finding's sentence with its place and rule.
pub(super) fn told(finding: &Finding<'_>) -> String {
    let place = finding.primary().map_or_else(String::new, |label| {
        format!(" at {}:{}", label.uri, label.start_line)
    });
    format!("{}{place} [{}]", plain(&finding.message), finding.rule)
}
