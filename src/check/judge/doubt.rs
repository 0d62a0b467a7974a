//! A draft that is shaped for a migration beside v4 clusters, none of which it names: not compared, so not known to be right.

use std::borrow::Cow;
use std::sync::Arc;

use super::label::pointer;
use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject, Label};
use crate::fact::spec::Draft;
use crate::rule::{Effect, Level, Weight};

/// The rule file that explains the finding.
const RULE: &str = "replaced-cluster-unclear";

/// A claim that is not there is the reason why no cluster fits, and no question.
const REASON: &str = "claim-to-adopt-absent";

/// What is said of it, if it is such a draft.
pub(in crate::check) fn said(
    draft: &Draft<'_>,
    subject: &Arc<FindingSubject>,
    found: &[Option<Finding>],
) -> Option<Finding> {
    let fires = |one: &Finding| &*one.rule == REASON && one.outcome == FindingOutcome::Fires;
    if found.iter().flatten().any(fires) {
        return None;
    }
    let gap = draft.doubt()?;
    let span = draft.name_span();
    let path = pointer(draft.object, span).unwrap_or_default();
    let effect = Effect::Draft(Weight::Error);
    let made = Finding::of(&Arc::from(RULE), Arc::clone(subject), effect, &[&path]);
    Some(Finding {
        outcome: FindingOutcome::Unknown,
        level: Level::Note,
        path,
        message: format!("cannot tell which v4 cluster {} replaces", subject.name).into(),
        labels: vec![Label {
            span,
            primary: true,
            message: Cow::Borrowed(""),
        }],
        gaps: Arc::new([gap]),
        fix: "Name the v4 cluster with --pair, or add its export to the input.".into(),
        ..made
    })
}
