//! Clusters of one name in several origins told apart: there, and only there, the origin takes part in the ids of their
//! findings, which are else the same for a live cluster, its bundle and its export.
//!
//! Drafts of one name and namespace told apart: the file they are in takes part in the ids of their findings.
//!
//! A draft that is alone with its name keeps ids without its file, so that moving it changes none. Among namesakes
//! (overlays of one base, say) a baseline would otherwise take the one's finding for the other's.

use std::collections::BTreeMap;

use crate::check::report::finding::{Finding, FindingSubject};
use crate::check::report::fingerprint::Fingerprint;
use crate::check::report::{DraftReport, Report};

/// Gives the findings about objects that several origins of this run have ids of their own.
pub(in crate::check) fn tell_origins_apart(report: &mut Report) {
    let mut all = report.findings.iter().map(|one| &one.subject.origin);
    let first = all.next();
    if all.all(|origin| Some(origin) == first) {
        return;
    }
    let mut origins: BTreeMap<[&str; 3], Option<&str>> = BTreeMap::new();
    for finding in &report.findings {
        let subject = &finding.subject;
        let seen = origins
            .entry(whom(subject))
            .or_insert(Some(&subject.origin));
        if *seen != Some(&*subject.origin) {
            *seen = None;
        }
    }
    let is_shared = |finding: &Finding| {
        let of = whom(&finding.subject);
        origins.get(&of).is_some_and(Option::is_none)
    };
    let shared: Vec<bool> = report.findings.iter().map(is_shared).collect();
    for (finding, shared) in report.findings.iter_mut().zip(shared) {
        if shared && !finding.subject.origin.is_empty() {
            finding.id = Fingerprint::of(&[&finding.subject.origin, &finding.id]);
        }
    }
}

fn whom(subject: &FindingSubject) -> [&str; 3] {
    [&subject.kind, &subject.namespace, &subject.name]
}

/// Gives the findings of namesakes ids of their own.
pub(in crate::check) fn tell_apart(report: &mut Report) {
    let mut count: BTreeMap<[&str; 3], usize> = BTreeMap::new();
    for draft in &report.drafts {
        *count.entry(name(draft)).or_default() += 1;
    }
    // Drafts come in an order that depends on what they say; their numbers must not.
    let mut drafts: Vec<&DraftReport> = report.drafts.iter().collect();
    drafts.sort_by_key(|draft| draft.span);
    let mut before: BTreeMap<([&str; 3], &str), usize> = BTreeMap::new();
    for draft in drafts {
        let name = name(draft);
        if count.get(&name).is_none_or(|count| *count < 2) {
            continue;
        }
        let file = draft.uri.trim_start_matches("./");
        let nth = before.entry((name, file)).or_default();
        let number = nth.to_string();
        *nth += 1;
        for index in &draft.findings {
            if let Some(finding) = report.findings.get_mut(*index) {
                finding.id = Fingerprint::of(&[&finding.id, file, &number]);
            }
        }
    }
}

fn name(draft: &DraftReport) -> [&str; 3] {
    [&draft.origin, &draft.namespace, &draft.name]
}
