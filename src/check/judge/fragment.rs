//! A part of a PostgresCluster, such as a patch for kustomize: it is said to be one, and what is there is checked.

use std::borrow::Cow;
use std::sync::Arc;

use super::Ruling;
use super::asked::{concerns, lookup};
use super::label::pointer;
use super::schema::{Checked, Schemas};
use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject, Label};
use crate::expr::{Name, Outcome};
use crate::fact::spec::{Draft, WHOLE, is_directive};
use crate::manifest::Gap;
use crate::rule::{Effect, Level, Rule, Weight};

/// The rule file that explains the finding.
const RULE: &str = "not-a-whole-manifest";

/// Adds what one rule says of a part: what holds by what is there. It is asked with eyes of its own, and one that looked for
/// anything that the part does not say is left open.
pub(in crate::check) fn add_rulings<'r>(
    draft: &Draft<'_>,
    rule: &'r Rule,
    rulings: &mut Vec<Ruling<'r>>,
) {
    if !concerns(rule, draft) {
        return;
    }
    let (listing, asked) = (draft.afresh(), draft.afresh());
    let names = lookup(&asked);
    if let Some(list) = rule.each() {
        // That a place holds no element says nothing of the elements elsewhere.
        let elements = lookup(&listing).elements(list);
        names.lend(list, elements);
    }
    let mut all = Vec::new();
    super::add_rulings(rule, rule.effect, &names, None, draft.target(), &mut all);
    let absent = |name: &Name| match name {
        Name::Own(path) => {
            let keys: Vec<&str> = path.iter().map(|key| &**key).collect();
            draft.object.at(&keys).is_none()
        }
        _ => false,
    };
    all.retain(|ruling| {
        let fires = matches!(ruling.evaluation.outcome, Outcome::True | Outcome::Bug(_));
        fires && !asked.missed() && !ruling.evaluation.reads.iter().any(absent)
    });
    rulings.append(&mut all);
}

/// What the schema says of a part: all but what it lacks, and rules over several fields, any of which may be missing.
pub(in crate::check) fn checked(
    draft: &Draft<'_>,
    schemas: &Schemas<'_>,
    subject: &Arc<FindingSubject>,
) -> Checked {
    let mut checked = schemas.check(draft.object, draft.target(), subject);
    checked.findings.retain(|finding| {
        let open = ["schema-missing-field", "schema-cel"].contains(&&*finding.rule);
        let key = finding.path.rsplit('/').next().unwrap_or("");
        let applies =
            finding.rule == "schema-unknown-field".into() && is_directive(&key.replace("~1", "/"));
        !open && !applies && finding.path != "/metadata/name"
    });
    checked.findings.push(said(draft, subject));
    checked.with.push_str("; it is only a part of a PostgresCluster: what is missing in it, and rules over several fields, stay open");
    checked
}

/// That it is a part, and how to have the whole checked.
fn said(draft: &Draft<'_>, subject: &Arc<FindingSubject>) -> Finding {
    let span = draft.object.nearest(&["spec"]);
    let path = pointer(draft.object, span).unwrap_or_default();
    let gap = Gap {
        missing: format!("the whole manifest of {}", subject.name),
        because: "this looks like a patch: it says a little of what every cluster has".to_owned(),
        ask: WHOLE.to_owned(),
    };
    let effect = Effect::Draft(Weight::Error);
    let made = Finding::of(&Arc::from(RULE), Arc::clone(subject), effect, &[&path]);
    Finding {
        outcome: FindingOutcome::Unknown,
        level: Level::Note,
        path,
        message: format!(
            "{} is only a part of a PostgresCluster: what it lacks was not checked",
            subject.name
        )
        .into(),
        labels: vec![Label {
            span,
            primary: true,
            message: Cow::Borrowed(""),
        }],
        gaps: Arc::new([gap]),
        fix: "Render the folder that the patch belongs to, and check what comes out.".into(),
        ..made
    }
}
