//! What opens a method where none is open, and what to prepare, in the order of doing: each begins with what to do.

use std::collections::BTreeMap;

use super::sections::Told;
use crate::check::{FindingOutcome, Verdict, lacked};
use crate::render::document::{Document, Finding};
use crate::render::text::page::Page;
use crate::render::text::prose::{Block, blocks, first_sentence, in_general, sentences};
use crate::render::view::{Part, Topic, View};

impl Told<'_> {
    /// The section; one line where there is nothing in it.
    pub(super) fn steps(&self, page: &mut Page, view: &View<'_>) {
        let steps: Vec<&Topic<'_>> = view.steps().collect();
        if steps.is_empty() {
            if !self.document.is_of_some_rules() {
                self.nothing_to_do(page, view);
            }
            return;
        }
        page.head("To do, in order");
        if !self.document.is_of_some_rules() {
            self.idle_methods(page, view, &steps);
        }
        let mut silent = false;
        let mut told = BTreeMap::new();
        for (number, topic) in steps.iter().take(self.detail.named).enumerate() {
            self.step(page, topic, number + 1);
            let whole =
                number < self.detail.told && self.remedy(page, topic, number + 1, &mut told);
            silent |= !whole;
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
            if open {
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
    fn idle_methods(&self, page: &mut Page, view: &View<'_>, steps: &[&Topic<'_>]) {
        let [cluster] = self.document.clusters.as_slice() else {
            return;
        };
        let idle = cluster.methods.iter().filter(|(method, judged)| {
            let needs = |topic: &&Topic<'_>| topic.methods.contains(method);
            judged.verdict <= Verdict::Action && !steps.iter().any(needs)
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

/// What to do, as a sentence without its full stop: the cluster's own where all that have it are told the same, else what
/// the rule says for all.
pub(super) fn do_this(topic: &Topic<'_>, document: Option<&Document<'_>>) -> String {
    let firsts = topic
        .findings
        .iter()
        .map(|(_, one)| first_sentence(&one.fix));
    let mut firsts: Vec<String> = firsts.collect();
    firsts.dedup();
    let rule = document.and_then(|all| all.rules.get(topic.rule));
    let words = match (firsts.as_slice(), rule) {
        ([one], _) | ([one, ..], None) => one.clone(),
        (_, Some(rule)) => in_general(&first_sentence(&rule.fix)),
        ([], None) => String::new(),
    };
    match words.strip_suffix(['.', ':']).unwrap_or(&words) {
        "" => format!("settle this: {}", topic.text),
        words => words.to_owned(),
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
