//! What a run says of living v5 clusters, and of what stands against what, in the shape of the JSON report.

use std::borrow::Cow;

use super::part::{ids, target, text};
use super::shape::{Held, Living, Named, Pair, Upgrade};
use crate::check::{self, Report};

/// The drafts with the v4 clusters they replace, and the living clusters with those they came from.
pub(in crate::render) fn pairs(report: &Report) -> impl Iterator<Item = Pair<'_>> {
    let replaced = report.drafts.iter().filter_map(|draft| {
        let source = draft.source.as_ref()?;
        Some(Pair {
            edge: Cow::Borrowed(Pair::REPLACES),
            draft: Some(Named {
                origin: Some(text(&draft.origin)),
                namespace: text(&draft.namespace),
                name: text(&draft.name),
            }),
            living: None,
            cluster: Named {
                origin: None,
                namespace: text(&source.namespace),
                name: text(&source.name),
            },
            why: text(&source.why),
            verdict: None,
            counts: false,
            findings: Vec::new(),
            passed: Vec::new(),
        })
    });
    let moved = report.migrations.iter().map(|one| Pair {
        edge: Cow::Borrowed(Pair::MOVED),
        draft: None,
        living: Some(Named {
            origin: Some(text(&one.origin)),
            namespace: text(&one.namespace),
            name: text(&one.name),
        }),
        cluster: Named {
            origin: None,
            namespace: text(&one.source_namespace),
            name: text(&one.source_name),
        },
        why: text(&one.why),
        verdict: Some(one.verdict),
        counts: report.verify,
        findings: ids(report, &one.findings),
        passed: one
            .passed
            .iter()
            .map(|held| Held {
                rule: text(&held.rule),
                holds: text(&held.holds),
            })
            .collect(),
    });
    replaced.chain(moved)
}

impl<'a> Living<'a> {
    pub(in crate::render) fn of(report: &'a Report, one: &'a check::LivingReport) -> Self {
        Living {
            origin: text(&one.origin),
            namespace: text(&one.namespace),
            name: text(&one.name),
            uri: text(&one.uri),
            stage: text(&one.stage),
            candidates: one.candidates.iter().map(|one| text(one)).collect(),
            signs: one.signs.iter().map(|one| text(one)).collect(),
            target: target(&one.target),
            upgrade: one.upgrade.as_ref().map(|one| Upgrade::of(report, one)),
            findings: ids(report, &one.findings),
        }
    }
}

impl<'a> Upgrade<'a> {
    fn of(report: &'a Report, one: &'a check::UpgradeReport) -> Self {
        let judged = one.judged.as_ref();
        let found = judged.map(|judged| ids(report, &judged.findings));
        let assumes = judged.into_iter().flat_map(|judged| &judged.assumes);
        Upgrade {
            from: one.from.as_deref().map(text),
            to: text(&one.to),
            verdict: one.verdict(),
            counts: report.upgrade,
            findings: found.unwrap_or_default(),
            assumes: assumes.map(|one| text(one)).collect(),
            lifted_by: judged
                .and_then(|judged| judged.lifted_by.as_deref())
                .map(text),
        }
    }
}
