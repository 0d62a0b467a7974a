//! A part of a PostgresCluster, such as a patch for kustomize: it is said to be one, not half checked.

use std::borrow::Cow;
use std::sync::Arc;

use super::fingerprint::Fingerprint;
use super::label::pointer;
use super::lookup::SubjectLookup;
use super::report::{Finding, FindingOutcome, FindingSubject, Label};
use super::schema::Checked;
use crate::expr::Value;
use crate::fact::spec::{Draft, V5Draft};
use crate::manifest::Gap;
use crate::rule::{Effect, Level, Weight};

/// The rule file that explains the finding.
const RULE: &str = "not-a-whole-manifest";

/// Whether a manifest is certainly only a part.
pub(super) fn is_part(lookup: &SubjectLookup<'_, '_, V5Draft>) -> bool {
    let fact = lookup.named("draft.fragment");
    fact.and_then(|fact| fact.value().cloned()) == Some(Value::Bool(true))
}

/// In place of all other findings: nothing is decided, and how to have it decided.
pub(super) fn said(draft: &Draft<'_>, subject: &Arc<FindingSubject>) -> Checked {
    let span = draft.object.nearest(&["spec"]);
    let path = pointer(draft.object, span).unwrap_or_default();
    let parts = [
        RULE,
        &subject.origin,
        &subject.kind,
        &subject.namespace,
        &subject.name,
        &path,
    ];
    let gap = Gap {
        missing: format!("the whole manifest of {}", subject.name),
        because: "this looks like a patch: it holds at most one of instances, postgresVersion and backups".to_owned(),
        ask: "kubectl kustomize FOLDER | pgo-preflight check -".to_owned(),
    };
    let finding = Finding {
        id: Fingerprint::of(&parts),
        rule: Arc::from(RULE),
        outcome: FindingOutcome::Unknown,
        level: Level::Note,
        effect: Effect::Draft(Weight::Error),
        subject: Arc::clone(subject),
        path,
        message: format!(
            "{} is only a part of a PostgresCluster: nothing of it was checked",
            subject.name
        )
        .into(),
        labels: vec![Label {
            span,
            primary: true,
            message: Cow::Borrowed(""),
        }],
        gaps: Arc::new([gap]),
        suppressed: None,
        baseline: None,
        fix: "Render the folder that the patch belongs to, and check what comes out.".into(),
    };
    Checked {
        findings: vec![finding],
        with: "none, since it is only a part of a PostgresCluster".to_owned(),
    }
}
