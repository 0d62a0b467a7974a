//! What is only to be known: first what costs data where it is not heeded, each with what to do about it.

use super::detail::Losses;
use super::remedy::{do_this, in_short, lower};
use super::sections::Told;
use crate::check::Verdict;
use crate::render::fleet::counted;
use crate::render::text::page::Page;
use crate::render::view::{Part, Topic, View};

impl Told<'_> {
    /// Whether data can be lost by a method that is not closed.
    fn loses(&self, topic: &Topic<'_>) -> bool {
        let clusters = &self.document.clusters;
        let open = |position: usize| {
            let mut methods = clusters
                .get(position)
                .into_iter()
                .flat_map(|one| &one.methods);
            methods.any(|(method, judged)| {
                judged.verdict != Verdict::Blocked && topic.methods.contains(method)
            })
        };
        topic.loses_data && topic.findings.iter().any(|(position, _)| open(*position))
    }

    /// What is to be known and costs data where it is not heeded: told first, and whole.
    pub(super) fn losses(&self, page: &mut Page, view: &View<'_>) {
        let all: Vec<&Topic<'_>> = view
            .part(Part::Know)
            .filter(|one| self.loses(one))
            .collect();
        if all.is_empty() {
            return;
        }
        let line = match self.detail.losses {
            Losses::Counted => {
                let ways = counted(all.len(), "way", "ways");
                format!("Data can be lost in {ways}: -v says what to do")
            }
            Losses::InARow => {
                let told = all.iter().map(|topic| {
                    let remedy = in_short(&do_this(topic, Some(self.document)));
                    format!("{}{}", lower(&remedy), self.many(topic))
                });
                let told: Vec<String> = told.collect();
                format!("Data can be lost (-v says how): {}.", told.join("; "))
            }
            Losses::Told => String::new(),
        };
        if !line.is_empty() {
            page.blank();
            page.prose("", 2, &line);
            return;
        }
        page.head("Data can be lost");
        for topic in all {
            let many = self.many(topic);
            let remedy = in_short(&do_this(topic, Some(self.document)));
            let text = if self.detail.wrapped {
                let what = self.title(topic);
                format!("{what}{many}: {} [{}]", lower(&remedy), topic.rule)
            } else {
                format!("{remedy}{many} [{}]", topic.rule)
            };
            page.prose("  - ", 4, &text);
        }
    }

    /// What else to know, one line each.
    pub(super) fn known(&self, page: &mut Page, view: &View<'_>) {
        let all: Vec<&Topic<'_>> = view
            .part(Part::Know)
            .filter(|one| !self.loses(one))
            .collect();
        if all.is_empty() {
            return;
        }
        if self.detail.known == 0 {
            // One line below that about what costs data, where that is one.
            if self.detail.losses == Losses::Told
                || !view.part(Part::Know).any(|one| self.loses(one))
            {
                page.blank();
            }
            if self.detail.losses == Losses::Counted {
                let first = all.first().map_or("", |topic| topic.rule);
                let more = all.len() - 1;
                page.prose("", 2, &format!("To know: [{first}] and {more} more (-v)"));
                return;
            }
            let Some(first) = all.first() else { return };
            let title = self.title(first);
            let more = match all.len() - 1 {
                0 => String::new(),
                more => format!(", and {more} more (-v shows all)"),
            };
            page.prose("", 2, &format!("To know: {title} [{}]{more}", first.rule));
            return;
        }
        page.head("To know");
        for topic in all.iter().take(self.detail.known) {
            let many = self.many(topic);
            let title = self.title(topic);
            let remedy = match do_this(topic, Some(self.document)) {
                told if self.detail.remedies && !topic.fixes_nothing() => {
                    format!(": {}", lower(&in_short(&told)))
                }
                _ => String::new(),
            };
            page.prose(
                "  - ",
                4,
                &format!("{title}{many}{remedy} [{}]", topic.rule),
            );
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
