//! What a claim keeps besides its size, class and access modes, and an edit would change.
//!
//! Source: Kubernetes `pkg/apis/core/validation/validation.go` (`ValidatePersistentVolumeClaimUpdate`: the spec is immutable
//! after creation, but for what is requested of a bound claim).

use super::super::row::{DraftFact, each};
use super::claims::{Spec, element, specs, there};
use crate::fact::Element;
use crate::fact::spec::Draft;
use crate::manifest::{Fact, Node};

/// Fields of a claim's spec that cannot change.
const KEPT: [&str; 5] = [
    "volumeMode",
    "volumeName",
    "selector",
    "dataSource",
    "dataSourceRef",
];

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "change.claimsOtherwise",
    "the claim specs, of instances and of repositories, in which another field that a claim keeps is changed (volumeMode, volumeName, selector, dataSource, dataSourceRef): of is what they are for, from and to are \"none\" where it is not written",
    &["of", "field", "from", "to"],
    |draft| Fact::at(otherwise(draft), draft.name_span(), "the draft"),
)];

fn otherwise(draft: &Draft<'_>) -> Vec<Element> {
    let changes = |spec: Spec<'_>| {
        let changed = KEPT.into_iter().filter_map(|field| of_field(&spec, field));
        changed.collect::<Vec<_>>()
    };
    specs(draft).into_iter().flat_map(changes).collect()
}

fn of_field(spec: &Spec<'_>, field: &'static str) -> Option<Element> {
    let (was, now) = (spec.was.get(field), spec.now.get(field));
    if is_same(field, was, now) {
        return None;
    }
    let at = now.unwrap_or(spec.now);
    let from = was.map_or_else(|| Fact::known("none".into()), told);
    let to = now.map_or_else(|| "none".to_owned(), words);
    let one = Spec {
        key: format!("{}.{field}", spec.key),
        of: spec.of.clone(),
        label: spec.label.clone(),
        ..*spec
    };
    Some(element(&one, from, &to, at).with("field", Fact::known(field.into())))
}

/// Whether both say the same; a mode that is not written is that of a file system.
fn is_same(field: &str, was: Option<Node<'_>>, now: Option<Node<'_>>) -> bool {
    match (was, now) {
        (None, None) => true,
        (Some(was), Some(now)) => was.same_value(now),
        (Some(one), None) | (None, Some(one)) => {
            one.is_null() || field == "volumeMode" && one.text() == "Filesystem"
        }
    }
}

fn told(node: Node<'_>) -> Fact<crate::expr::Value> {
    if node.text().is_empty() {
        return Fact::at(words(node).into(), node.span(), "what is there now");
    }
    there(node)
}

/// A scalar as written; of a mapping only that there is one.
fn words(node: Node<'_>) -> String {
    match node.text() {
        "" => "what is written there".to_owned(),
        text => text.to_owned(),
    }
}
