//! What is wrong with ignores: those that cover nothing, name no rule, or give no reason.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::super::report::{ClusterReport, DraftReport, Report};
use super::wish::{Ignore, Reach};
use super::{Cover, Ignores};
use crate::check::report::finding::{Finding, FindingSubject, Label, SuppressedBy};
use crate::check::report::method::Target;
use crate::rule::{Effect, Rule, RuleSet, SubjectKind, Weight};
use crate::source::Span;

/// The rule that is all that is said of a patch: no other was asked.
const PART: &str = "not-a-whole-manifest";
/// How many misspelt rules get a suggestion.
const MOST_SUGGESTIONS: usize = 100;

/// Findings about the ignores of a run, after everything else was found.
pub(in super::super) fn findings(
    report: &Report,
    ignores: &Ignores,
    rules: &RuleSet,
) -> Vec<Finding> {
    if ignores.all.is_empty() {
        return Vec::new();
    }
    let review = Review {
        report,
        rules,
        hit: hit(report, ignores),
        judged: judged(report),
    };
    let mut found = Vec::new();
    for ignore in &ignores.all {
        review.one(ignore, &mut found);
    }
    found
}

/// Everything that covered a finding.
fn hit(report: &Report, ignores: &Ignores) -> BTreeSet<Cover> {
    let in_source = |finding: &&Finding| {
        let by = finding.suppressed.as_ref();
        by.is_some_and(|suppression| suppression.by.in_source())
    };
    let set_aside = report.findings.iter().filter(in_source);
    set_aside
        .flat_map(|finding| ignores.covering(finding, &report.sources))
        .collect()
}

/// What was judged, by kind, origin, namespace and name.
fn judged(report: &Report) -> BTreeMap<Key<'_>, Judged<'_>> {
    let mut judged = BTreeMap::new();
    for cluster in &report.clusters {
        let key = (
            SubjectKind::Cluster.name(),
            cluster.origin.as_str(),
            cluster.namespace.as_str(),
            cluster.name.as_str(),
        );
        judged.insert(key, Judged::Cluster(cluster));
    }
    let is_part = |draft: &&DraftReport| {
        let mut rules = draft
            .findings
            .iter()
            .filter_map(|one| report.findings.get(*one));
        rules.any(|finding| &*finding.rule == PART)
    };
    for draft in report.drafts.iter().filter(|draft| !is_part(draft)) {
        let key = (
            SubjectKind::Draft.name(),
            draft.origin.as_str(),
            draft.namespace.as_str(),
            draft.name.as_str(),
        );
        judged.insert(key, Judged::Draft(draft));
    }
    judged
}

type Key<'r> = (&'r str, &'r str, &'r str, &'r str);

enum Judged<'r> {
    Cluster(&'r ClusterReport),
    Draft(&'r DraftReport),
}

struct Review<'r> {
    report: &'r Report,
    rules: &'r RuleSet,
    hit: BTreeSet<Cover>,
    judged: BTreeMap<Key<'r>, Judged<'r>>,
}

impl Review<'_> {
    fn one(&self, ignore: &Ignore, found: &mut Vec<Finding>) {
        if !self.concerns_run(&ignore.subject) {
            return;
        }
        if ignore.rules.is_empty() {
            let message = format!("this ignores nothing: write {}", form(&ignore.by));
            found.extend(self.finding(ignore, "ignore-not-understood", ignore.span, "", message));
            return;
        }
        for (name, span) in &ignore.rules {
            if let Some(rule) = self.rules.get(name) {
                if !self.hits(ignore, name) && self.was_asked(rule, &ignore.subject) {
                    let message = idle(ignore, name);
                    found.extend(self.finding(
                        ignore,
                        "ignore-without-effect",
                        *span,
                        name,
                        message,
                    ));
                }
            } else {
                let hint = (found.len() < MOST_SUGGESTIONS && name.len() < 100)
                    .then(|| self.rules.similar(name))
                    .flatten()
                    .map(|similar| format!("; did you mean `{similar}`?"))
                    .unwrap_or_default();
                let message = format!("there is no rule `{name}` to ignore{hint}");
                found.extend(self.finding(ignore, "ignore-not-understood", *span, name, message));
            }
        }
        if ignore.reason.is_empty() {
            let message = format!(
                "this does not say why it ignores; write {}",
                form(&ignore.by)
            );
            found.extend(self.finding(ignore, "ignore-without-reason", ignore.span, "", message));
        }
    }

    /// A PostgresCluster that is evidence and no draft may carry along what its draft said.
    fn concerns_run(&self, subject: &FindingSubject) -> bool {
        subject.judged_as() != Some(SubjectKind::Draft) || self.judged.contains_key(&key(subject))
    }

    fn hits(&self, ignore: &Ignore, rule: &str) -> bool {
        ignore.reach != Reach::Nothing
            && self
                .hit
                .contains(&(ignore.subject.clone(), ignore.reach, Box::from(rule)))
    }

    /// Whether the rule was put to the subject in this run: with other flags or more input it may yet fire.
    fn was_asked(&self, rule: &Rule, subject: &FindingSubject) -> bool {
        let concerns = |target: &Target| {
            let range = rule.target.as_ref();
            let within = |range: &crate::rule::VersionRange| {
                let mut releases = target.pgo.iter();
                releases.any(|release| range.contains(release.version))
            };
            range.is_none_or(within)
        };
        let asked_of = match self.judged.get(&key(subject)) {
            None => return true,
            Some(Judged::Cluster(cluster)) => {
                rule.subject != SubjectKind::Cluster || concerns(&cluster.target)
            }
            Some(Judged::Draft(draft)) => {
                rule.subject != SubjectKind::Draft
                    || (concerns(&draft.target) && (draft.source.is_some() || !rule.compares()))
            }
        };
        asked_of && rule.effect.for_methods(&self.report.methods).is_some()
    }

    fn finding(
        &self,
        ignore: &Ignore,
        rule: &str,
        span: Span,
        detail: &str,
        message: String,
    ) -> Option<Finding> {
        let rule = self.rules.get(rule)?;
        let effect = match ignore.subject.judged_as() {
            Some(SubjectKind::Draft) => Effect::Draft(Weight::Warn),
            _ => rule.effect.for_methods(&self.report.methods)?,
        };
        let subject = ignore.subject.clone();
        Some(Finding {
            message: message.into(),
            labels: vec![Label {
                span,
                primary: true,
                message: Cow::Borrowed(""),
            }],
            fix: rule.fix_text().into(),
            ..Finding::of(&rule.id, subject, effect, &[detail, &ignore.reason])
        })
    }
}

/// What is said of an ignore that covers nothing.
fn idle(ignore: &Ignore, rule: &str) -> String {
    let whom = match ignore.subject.namespace.as_str() {
        "" => format!("{} {}", ignore.subject.kind, ignore.subject.name),
        namespace => format!(
            "{} {namespace}/{}",
            ignore.subject.kind, ignore.subject.name
        ),
    };
    match ignore.reach {
        Reach::Nothing => format!(
            "an ignore of `{rule}` here covers nothing: put it on the line, on the line above, or before the first \
             key of the document or List item"
        ),
        Reach::Document => format!("there is no finding of `{rule}` about {whom} to ignore"),
        Reach::Line(..) => format!(
            "there is no finding of `{rule}` about {whom} on the line that this ignore covers"
        ),
    }
}

fn key(subject: &FindingSubject) -> Key<'_> {
    (
        &subject.kind,
        &subject.origin,
        &subject.namespace,
        &subject.name,
    )
}

fn form(by: &SuppressedBy) -> &'static str {
    match by {
        SuppressedBy::Annotation => "`pgo-preflight/ignore: \"RULE: reason\"`",
        _ => "`# pgo-preflight: ignore[RULE] reason`",
    }
}
