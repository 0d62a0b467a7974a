//! What opens a method where none is open, and what to prepare, in the order of doing: each begins with what to do.

use std::collections::BTreeMap;

use super::remedy::{commands, do_this};
use super::sections::Told;
use crate::check::{FindingOutcome, Verdict, lacked};
use crate::render::document::Finding;
use crate::render::fleet::listed;
use crate::render::text::page::Page;
use crate::render::text::prose::sentences;
use crate::render::view::{Part, Topic, View};

impl Told<'_> {
    /// The section; one line where there is nothing in it. What waits for an answer stands behind the questions.
    pub(super) fn steps(&self, page: &mut Page, view: &View<'_>) {
        let steps: Vec<Step<'_, '_>> = steps(view, false);
        if steps.is_empty() {
            if !self.document.is_of_some_rules() {
                self.nothing_to_do(page, view);
            }
            return;
        }
        page.head("To do, in order");
        if !self.document.is_of_some_rules() {
            self.idle_methods(page, view);
        }
        let mut silent = false;
        let mut told = BTreeMap::new();
        for (number, topic) in steps.iter().take(self.detail.named) {
            self.step(page, topic, *number);
            let whole = *number <= self.detail.told && self.remedy(page, topic, *number, &mut told);
            silent |= !whole;
        }
        self.left(page, &steps);
        if silent && self.alone() {
            // The sums say the same, where there is room for it nowhere else; so does the line above.
            if !self.detail.in_a_row && steps.len() <= self.detail.named {
                page.prose("  ", 2, "-v shows in full what is to be done, and why");
            }
        } else if silent {
            page.prose(
                "  ",
                2,
                "--cluster NAMESPACE/NAME shows the commands for one cluster, -v all",
            );
        }
    }

    /// What is to be done once what is asked is answered, and for what it waits.
    pub(super) fn later(&self, page: &mut Page, view: &View<'_>) {
        let steps: Vec<Step<'_, '_>> = steps(view, true);
        if steps.is_empty() {
            return;
        }
        page.head("To do once that is answered");
        for (number, topic) in steps.iter().take(self.detail.named) {
            self.step(page, topic, *number);
            if self.detail.waits {
                page.prose("     ", 5, &waits_for(topic));
            }
        }
        self.left(page, &steps);
    }

    fn left(&self, page: &mut Page, steps: &[Step<'_, '_>]) {
        let left = steps.len().saturating_sub(self.detail.named);
        if left > 0 {
            page.prose("  ", 2, &format!("and {left} more to do: -v shows all"));
        }
    }

    fn nothing_to_do(&self, page: &mut Page, view: &View<'_>) {
        let open = view
            .topics
            .iter()
            .any(|topic| topic.outcome == FindingOutcome::Unknown && topic.part != Part::Perhaps);
        let blocked = |verdict: Verdict| verdict == Verdict::Blocked;
        page.blank();
        page.prose(
            "",
            2,
            if view.steps().next().is_some() {
                "To do: nothing before To ask; what waits for its answers stands behind it."
            } else if open {
                "To do: nothing that is known yet; the answers to what is asked may add to it."
            } else if self
                .document
                .clusters
                .iter()
                .all(|one| blocked(one.verdict))
            {
                "To do: nothing that is known opens a method."
            } else {
                "To do: nothing."
            },
        );
    }

    /// Of one cluster the open methods for which nothing of what follows is to be done.
    fn idle_methods(&self, page: &mut Page, view: &View<'_>) {
        let [cluster] = self.document.clusters.as_slice() else {
            return;
        };
        let idle = cluster.methods.iter().filter(|(method, judged)| {
            let needs = |topic: &Topic<'_>| topic.methods.contains(method);
            judged.verdict <= Verdict::Action && !view.steps().any(needs)
        });
        for (method, _) in idle {
            let mut open = view.part(Part::Confirm);
            let open = open.any(|topic| topic.methods.contains(method));
            let so_far = if open { " so far" } else { "" };
            page.prose("  ", 2, &format!("For {}: nothing{so_far}.", method.name()));
        }
    }

    /// What to do, of whom and for which methods; below, why.
    fn step(&self, page: &mut Page, topic: &Topic<'_>, number: usize) {
        let start = format!("  {number}. ");
        let text = format!(
            "{}{}",
            do_this(topic, Some(self.document)),
            self.scope_of_step(topic)
        );
        if topic.part == Part::Unblock {
            page.prose(&start, 5, &format!("{text} [{}]", topic.rule));
            return;
        }
        page.prose(&start, 5, &text);
        page.prose("     ", 5, &format!("Why: {} [{}]", topic.text, topic.rule));
    }

    /// What to do about a step, and the commands, unless those of an earlier number are the same; whether all of it was told.
    fn remedy(
        &self,
        page: &mut Page,
        topic: &Topic<'_>,
        step: usize,
        told: &mut BTreeMap<Vec<String>, usize>,
    ) -> bool {
        const EACH: usize = 2;
        let mut firsts: BTreeMap<usize, &Finding<'_>> = BTreeMap::new();
        for (cluster, finding) in &topic.findings {
            firsts.entry(*cluster).or_insert(finding);
        }
        if firsts.len() > EACH {
            return false;
        }
        for (number, finding) in firsts.values().enumerate() {
            let more = sentences(&finding.fix).nth(1);
            if let Some(words) = more.filter(|_| number == 0 && self.detail.words) {
                page.prose("     ", 5, &words);
            }
            self.commands(page, topic.rule, commands(&finding.fix), step, told);
            if let Some(missing) = lacked(&finding.fix) {
                let line =
                    format!("What comes after cannot be told without {missing}: To ask first.");
                page.prose("     ", 5, &line);
            }
        }
        true
    }

    /// A row of commands, whole or not at all: a part of it would leave things half done.
    fn commands(
        &self,
        page: &mut Page,
        rule: &str,
        commands: Vec<String>,
        step: usize,
        told: &mut BTreeMap<Vec<String>, usize>,
    ) {
        if commands.len() > self.detail.commands {
            let line = format!("{} commands: `--rule {rule}` shows them", commands.len());
            page.prose("       ", 7, &line);
            return;
        }
        if let Some(before) = told.get(&commands).filter(|before| **before < step) {
            page.prose("     ", 5, &format!("With the commands of {before}."));
            return;
        }
        for command in &commands {
            page.command(7, command);
        }
        if !commands.is_empty() {
            told.insert(commands, step);
        }
    }
}

/// A step with its number.
type Step<'v, 'd> = (usize, &'v Topic<'d>);

/// The steps that wait for an answer, or those that do not.
fn steps<'v, 'd>(view: &'v View<'d>, waits: bool) -> Vec<Step<'v, 'd>> {
    let steps = view.steps().enumerate();
    let steps = steps.map(|(position, topic)| (position + 1, topic));
    steps.filter(|(_, topic)| topic.waits == waits).collect()
}

/// "How it is done hangs on the Deployments of namespace pgo (To ask)."
fn waits_for(topic: &Topic<'_>) -> String {
    let missing = topic.findings.iter().find_map(|(_, one)| lacked(&one.fix));
    if let Some(missing) = missing {
        return format!("How it is done hangs on {missing} (To ask).");
    }
    let names: Vec<&str> = topic.methods.iter().map(|one| one.name()).collect();
    let open = listed(&names);
    format!("Whether it is needed hangs on what is open of {open} (Why, To ask).")
}
