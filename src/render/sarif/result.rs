//! A finding of the JSON report to a SARIF result.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use serde_sarif::sarif::{
    Location, Message, PropertyBag, Result as SarifResult, ResultKind, ResultLevel, Suppression,
};

use super::place::{at_line, labelled, logical};
use crate::check::FindingOutcome;
use crate::render::document::Finding;
use crate::render::standing::why_suppressed;
use crate::render::text::prose::flowed;
use crate::rule::Level;

/// The result, but for its place among the rules and its suppressions.
pub(super) fn result(finding: &Finding<'_>, directory: Option<&str>) -> SarifResult {
    let fires = finding.outcome == FindingOutcome::Fires;
    let (kind, level) = match (fires, finding.level) {
        (false, _) => (ResultKind::Open, ResultLevel::None),
        (true, Level::Note) => (ResultKind::Fail, ResultLevel::Note),
        (true, Level::Warning) => (ResultKind::Fail, ResultLevel::Warning),
        (true, Level::Error) => (ResultKind::Fail, ResultLevel::Error),
    };
    let located = |primary: bool| -> Vec<Location> {
        let labels = finding.labels.iter();
        let labels = labels.filter(|label| label.primary == primary);
        labels
            .map(|label| labelled(label, finding, directory))
            .collect()
    };
    let mut locations = located(true);
    if locations.is_empty() {
        let location = Location::builder().logical_locations(vec![logical(finding)]);
        locations.push(location.build());
    }
    let id = finding.id.clone().into_owned();
    let mut result = SarifResult::builder()
        .rule_id(&*finding.rule)
        .kind(kind)
        .level(level)
        .message(message(finding))
        .locations(locations)
        .related_locations(located(false))
        .partial_fingerprints(BTreeMap::from([("pgoPreflight/v1".to_owned(), id)]))
        .properties(properties(finding))
        .build();
    let state = finding.further.get("baseline").and_then(Json::as_str);
    let state = state.filter(|state| ["new", "unchanged"].contains(state));
    result.baseline_state = state.map(|state| json!(state));
    result
}

/// Who set a result aside. Where one result of a run has this list, each should, says the standard; mostly it is empty.
pub(super) fn suppressions(finding: &Finding<'_>, directory: Option<&str>) -> Vec<Suppression> {
    if !finding.suppressed() {
        return Vec::new();
    }
    let why = finding.further.get("suppressed");
    let text = |key: &str| {
        why.and_then(|why| why.get(key)?.as_str())
            .unwrap_or_default()
    };
    // What stands in the input itself is in the source; the configuration is outside of it.
    let in_source = ["comment", "annotation"].contains(&text("by"));
    let kind = if in_source { "inSource" } else { "external" };
    let mut told = Suppression::builder().kind(json!(kind)).build();
    if !in_source {
        told.justification = Some(why_suppressed(finding));
    } else if !text("reason").is_empty() {
        told.justification = Some(text("reason").to_owned());
    }
    told.location = at_line(text("place"), directory);
    vec![told]
}

/// The sentence, what to collect where it is undecided, and what to do.
fn message(finding: &Finding<'_>) -> Message {
    let mut text = finding.message.clone().into_owned();
    for gap in &finding.gaps {
        text.push_str(&format!(
            "\nMissing: {} ({}). To settle it: {}",
            gap.missing, gap.because, gap.ask
        ));
    }
    if !finding.fix.is_empty() {
        text.push_str(&format!("\nWhat to do: {}", flowed(&finding.fix)));
    }
    Message::builder().text(text).build()
}

fn properties(finding: &Finding<'_>) -> PropertyBag {
    PropertyBag::builder()
        .additional_properties(BTreeMap::from([
            ("effect".to_owned(), json!(finding.effect)),
            ("path".to_owned(), json!(finding.path)),
        ]))
        .build()
}
