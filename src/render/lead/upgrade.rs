//! The upgrades of living clusters: how many may go on, what is in the way, what to do, what to ask, what to know.

use super::asking::{asked, look};
use super::detail::Detail;
use super::remedy::commands;
use crate::check::{FindingOutcome, Verdict};
use crate::render::asks::Run;
use crate::render::document::{ById, Document, Finding, Living, title};
use crate::render::text::page::Page;
use crate::render::text::prose::{first_sentence, in_general};
use crate::render::text::wrap::plain;
use crate::render::upgrades::{Topic, Upgrades, upgrades};
use crate::rule::Weight;

/// Of how many clusters a list names each.
const NAMED: usize = 6;

/// Writes a section for each release that living clusters are to go on to: in full where that was asked for, else in a line.
pub(super) fn write(page: &mut Page, document: &Document<'_>, by_id: &ById<'_>, detail: Detail) {
    for upgrade in upgrades(document, by_id) {
        page.head(&format!("Upgrade to {}", upgrade.to));
        page.prose("  ", 2, &format!("{}.", upgrade.line(document)));
        if !counts(&upgrade) {
            let ask = format!(
                "`--method upgrade --target {}` tells why and what to do.",
                upgrade.to
            );
            page.prose("  ", 2, &ask);
            continue;
        }
        verdicts(page, &upgrade);
        let told = Told {
            upgrade: &upgrade,
            document,
            detail,
        };
        told.reasons(page);
        told.steps(page);
        told.elsewhere(page);
        told.questions(page);
        told.known(page);
    }
}

/// Whether the run was asked for upgrades, so that they count for its exit code.
pub(super) fn is_asked(document: &Document<'_>) -> bool {
    let mut upgrades = document
        .living
        .iter()
        .filter_map(|one| one.upgrade.as_ref());
    upgrades.any(|one| one.counts)
}

/// Whether it was asked for.
fn counts(upgrade: &Upgrades<'_>) -> bool {
    let mut clusters = upgrade.clusters.iter();
    clusters.any(|one| one.upgrade.as_ref().is_some_and(|one| one.counts))
}

/// Where each cluster stands, of a few.
fn verdicts(page: &mut Page, upgrade: &Upgrades<'_>) {
    if upgrade.clusters.len() > NAMED {
        return;
    }
    for living in &upgrade.clusters {
        let Some(one) = &living.upgrade else { continue };
        let from = one.from.as_deref().unwrap_or("an unknown release");
        let verdict = one.verdict.map_or("nothing to do", Verdict::name);
        page.prose(
            "  - ",
            4,
            &format!("{} from {from}: {verdict}", name(living)),
        );
    }
}

fn name(living: &Living<'_>) -> String {
    title(&living.origin, &living.namespace, &living.name)
}

/// What is told of one target, and how much of it.
struct Told<'d> {
    upgrade: &'d Upgrades<'d>,
    document: &'d Document<'d>,
    detail: Detail,
}

impl Told<'_> {
    /// What a topic says, and of whom: its sentence where it is about one cluster, else its title and the names.
    fn words(&self, topic: &Topic<'_>) -> String {
        let rule = topic.rule;
        if topic.clusters() == 1 {
            let sentences = topic.findings.iter().map(|(_, one)| plain(&one.message));
            let sentences: Vec<String> = sentences.take(NAMED).collect();
            return format!("{} [{rule}]", sentences.join("; "));
        }
        let title = self
            .document
            .rules
            .get(rule)
            .map_or(rule, |rule| &*rule.title);
        format!("{title}{} [{rule}]", self.whose(topic))
    }

    /// " (2 of 3: pgo/a and pgo/b)"; nothing where it is about one cluster.
    fn whose(&self, topic: &Topic<'_>) -> String {
        let clusters = topic.clusters();
        if clusters == 1 {
            return String::new();
        }
        let mut names: Vec<String> = topic.findings.iter().map(|(one, _)| name(one)).collect();
        names.dedup();
        let left = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let more = if left > 0 {
            format!(" and {left} more")
        } else {
            String::new()
        };
        let all = self.upgrade.clusters.len();
        format!(" ({clusters} of {all}: {}{more})", names.join(", "))
    }

    /// The same below what is to be done, which says of whom.
    fn reason(&self, topic: &Topic<'_>) -> String {
        let rule = self.document.rules.get(topic.rule);
        match rule.filter(|_| topic.clusters() > 1) {
            Some(rule) => format!("{} [{}]", rule.title, topic.rule),
            None => self.words(topic),
        }
    }

    /// What is to be done, of whom; why stands below.
    fn task(&self, topic: &Topic<'_>) -> Option<String> {
        let mut firsts = topic
            .findings
            .iter()
            .map(|(_, one)| first_sentence(&one.fix));
        let first = firsts.next()?;
        let rule = self.document.rules.get(topic.rule);
        let words = match rule.filter(|_| firsts.any(|other| other != first)) {
            Some(rule) => in_general(&first_sentence(&rule.fix)),
            None => first,
        };
        let words = words.trim_end_matches(['.', ':']);
        (!words.is_empty()).then(|| format!("{words}{}", self.whose(topic)))
    }

    fn of(&self, wanted: impl Fn(&Topic<'_>) -> bool) -> Vec<&Topic<'_>> {
        self.upgrade
            .topics
            .iter()
            .filter(|one| wanted(one))
            .collect()
    }

    /// What blocks, or may. Never left out.
    fn reasons(&self, page: &mut Page) {
        let decides = self.of(|one| one.weight >= Weight::Block);
        if decides.is_empty() {
            return;
        }
        page.head("Why");
        for topic in decides {
            let word = match topic.outcome {
                FindingOutcome::Fires => "blocked",
                FindingOutcome::Unknown => "unknown",
            };
            page.prose("  ", 5, &format!("{word}: {}", self.words(topic)));
            if topic.outcome == FindingOutcome::Fires {
                self.remedy(page, topic);
            }
        }
    }

    /// What to prepare.
    fn steps(&self, page: &mut Page) {
        let steps =
            self.of(|one| one.weight == Weight::Action && one.outcome == FindingOutcome::Fires);
        if steps.is_empty() {
            return;
        }
        page.head("To do before the upgrade");
        for (number, topic) in steps.into_iter().enumerate() {
            let start = format!("  {}. ", number + 1);
            match self.task(topic) {
                Some(task) => {
                    page.prose(&start, 5, &task);
                    page.prose("     ", 5, &format!("Why: {}", self.reason(topic)));
                }
                None => page.prose(&start, 5, &self.words(topic)),
            }
            self.commands(page, topic);
        }
    }

    /// Where the commands are that several clusters need, each with its own names.
    fn elsewhere(&self, page: &mut Page) {
        let shared = |one: &Topic<'_>| {
            let fires = one.outcome == FindingOutcome::Fires && one.weight >= Weight::Action;
            let mut findings = one.findings.iter();
            fires && one.clusters() > 1 && findings.any(|(_, one)| !commands(&one.fix).is_empty())
        };
        if !self.of(shared).is_empty() {
            let flags = "--cluster NAMESPACE/NAME shows the commands for one cluster, -v all";
            page.prose("  ", 2, flags);
        }
    }

    /// What to do about it, with the commands for the first cluster that it is about.
    fn remedy(&self, page: &mut Page, topic: &Topic<'_>) {
        let Some((_, finding)) = topic.findings.first() else {
            return;
        };
        let mut words = first_sentence(&finding.fix);
        // The commands are those of one cluster, and so are not told of several.
        if topic.clusters() > 1 && words.ends_with(':') {
            words.pop();
            words.push('.');
        }
        if self.detail.words && !words.is_empty() {
            page.prose("     ", 5, &words);
        }
        self.commands(page, topic);
    }

    /// The commands of what is about one cluster.
    fn commands(&self, page: &mut Page, topic: &Topic<'_>) {
        let Some((_, finding)) = topic.findings.first() else {
            return;
        };
        if topic.clusters() == 1 {
            for command in commands(&finding.fix).iter().take(self.detail.commands) {
                page.command(7, command);
            }
        }
    }

    /// What is open, with the fewest commands that settle it.
    fn questions(&self, page: &mut Page) {
        let open = self.of(|one| one.outcome == FindingOutcome::Unknown);
        if open.is_empty() {
            return;
        }
        page.head("To ask before the upgrade");
        let findings = open.iter().flat_map(|one| &one.findings);
        let findings: Vec<&Finding<'_>> = findings.map(|(_, one)| *one).collect();
        let found = asked(page, Run::of(self.document).as_ref(), &findings);
        for topic in open.iter().filter(|one| one.weight == Weight::Action) {
            let whether = self.words(topic);
            let whether = whether.trim_start_matches("cannot tell ");
            page.prose("  - ", 4, &format!("to confirm: {whether}"));
        }
        look(page, &findings, &found, self.detail.looked);
    }

    /// What to know, one line each.
    fn known(&self, page: &mut Page) {
        let known =
            self.of(|one| one.weight < Weight::Action && one.outcome == FindingOutcome::Fires);
        if known.is_empty() {
            return;
        }
        page.head("To know of the upgrade");
        let left = known.len().saturating_sub(self.detail.known);
        for topic in known.into_iter().take(self.detail.known) {
            page.prose("  - ", 4, &self.words(topic));
        }
        if left > 0 {
            page.prose("  ", 2, &format!("and {left} more to know: -v shows all"));
        }
    }
}
