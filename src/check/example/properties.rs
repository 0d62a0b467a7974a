//! Six properties that every example of a rule must have, whatever it is about.
//!
//! *blur*: hide anything the rule read, and the outcome stays or becomes unknown, never the opposite.
//! *prune*: delete any field of the input, and the rule is not at fault.
//! *spoil*: write what makes no sense into any field, and the rule is not at fault.
//! *order*: put the documents in another order, and nothing changes.
//! *twin*: write the input as JSON, and the outcome stays.
//! *swap*: for a rule that goes over a list, write its elements in another order: each label goes along with its
//! element, and its id stays.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::show::{Shown, Told, evidence, show, spelled};
use crate::expr::Outcome;
use crate::manifest::{Inventory, Node, Scalar};
use crate::rule::{Example, Expect, Rule};

/// The properties that an example breaks.
pub(super) fn broken(rule: &Rule, example: &Example, shown: &Shown) -> Vec<String> {
    let mut broken = Vec::new();
    if matches!(shown.evaluation.outcome, Outcome::Bug(_)) {
        return broken;
    }
    broken.extend(blur(rule, example, shown));
    // A List says by its form what is complete, which its items alone would not.
    if example.given.contains("List") {
        return broken;
    }
    let objects = objects(example);
    broken.extend(rearranged(rule, example, shown, &objects));
    broken.extend(swap(rule, example, &objects));
    broken.extend(prune(rule, example, &objects));
    if example.expect == Expect::Fires {
        broken.extend(spoil(rule, example, &objects));
    }
    broken
}

fn blur(rule: &Rule, example: &Example, shown: &Shown) -> Vec<String> {
    let mut broken = Vec::new();
    for name in &shown.evaluation.reads {
        let Ok(blurred) = show(
            rule,
            example,
            std::slice::from_ref(&example.given),
            Some(name),
        ) else {
            continue;
        };
        let same = blurred.outcome() == shown.outcome();
        if !same && !matches!(blurred.evaluation.outcome, Outcome::Unknown(_)) {
            broken.push(format!(
                "blur: without knowing {} it {} instead of {}",
                spelled(rule, name),
                blurred.outcome(),
                shown.outcome()
            ));
        }
    }
    broken
}

/// Order and twin: documents reversed, each as JSON.
fn rearranged(rule: &Rule, example: &Example, shown: &Shown, objects: &[Json]) -> Option<String> {
    let texts: Vec<String> = objects.iter().rev().map(Json::to_string).collect();
    let twin = match show(rule, example, &texts, None) {
        Ok(twin) => twin,
        Err(what) => return Some(format!("order, twin: {what}")),
    };
    (twin.outcome() != shown.outcome()).then(|| {
        format!(
            "order, twin: reversed and as JSON it {} instead of {}",
            twin.outcome(),
            shown.outcome()
        )
    })
}

/// Where the elements in another order come to the same findings, each must be the same finding.
fn swap(rule: &Rule, example: &Example, objects: &[Json]) -> Vec<String> {
    if rule.each().is_none() {
        return Vec::new();
    }
    let told = |objects: &[Json]| {
        let texts: Vec<String> = objects.iter().map(Json::to_string).collect();
        let shown = show(rule, example, &texts, None);
        shown.map(|shown| shown.told).unwrap_or_default()
    };
    let straight = told(objects);
    let mut swapped = objects.to_vec();
    let lists: BTreeSet<&str> = straight
        .iter()
        .filter_map(|told| list_of(&told.path))
        .collect();
    for object in &mut swapped {
        for list in &lists {
            if let Some(Json::Array(items)) = object.pointer_mut(list) {
                items.reverse();
            }
        }
    }
    let moved = told(&swapped);
    let same = |one: &Told, other: &Told| (&one.at, &one.message) == (&other.at, &other.message);
    let lost = |one: &Told| {
        let twin = moved.iter().find(|other| same(one, other))?;
        let stays = moved
            .iter()
            .any(|other| same(one, other) && other.id == one.id);
        (!stays).then(|| {
            format!(
                "swap: the finding at `{}` has the id {} instead of {}",
                one.at, twin.id, one.id
            )
        })
    };
    straight.iter().filter_map(lost).collect()
}

/// The innermost list on the way to a place, as a JSON Pointer.
fn list_of(path: &str) -> Option<&str> {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let mut end = path.len();
    while let Some((list, step)) = path.get(..end)?.rsplit_once('/') {
        if is_index(step) {
            return Some(list);
        }
        end = list.len();
    }
    None
}

fn prune(rule: &Rule, example: &Example, objects: &[Json]) -> Vec<String> {
    let mut broken = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        for path in paths(object, &mut Vec::new()) {
            let fault = fault_after(rule, example, objects, index, |whole| remove(whole, &path));
            if let Some(text) = fault {
                broken.push(format!(
                    "prune: without {} the rule is at fault: {text}",
                    path.join(".")
                ));
            }
        }
    }
    broken
}

fn spoil(rule: &Rule, example: &Example, objects: &[Json]) -> Vec<String> {
    let mut broken = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        let leaves = leaves(object, &mut String::new());
        for (turn, path) in leaves.iter().enumerate() {
            for bad in [Json::from("1TB\u{1b}[2J"), nonsense(turn)] {
                let spoilt = |whole: &mut Json| {
                    if let Some(place) = whole.pointer_mut(path) {
                        place.clone_from(&bad);
                    }
                };
                if let Some(text) = fault_after(rule, example, objects, index, spoilt) {
                    broken.push(format!(
                        "spoil: with {bad} in {path} the rule is at fault: {text}"
                    ));
                }
            }
        }
    }
    broken
}

/// What the rule's fault is once one of the objects is changed; `None` if it has none.
fn fault_after(
    rule: &Rule,
    example: &Example,
    objects: &[Json],
    index: usize,
    change: impl FnOnce(&mut Json),
) -> Option<String> {
    let mut changed = objects.to_vec();
    change(changed.get_mut(index)?);
    let texts: Vec<String> = changed.iter().map(Json::to_string).collect();
    match show(rule, example, &texts, None).ok()?.evaluation.outcome {
        Outcome::Bug(text) => Some(text),
        _ => None,
    }
}

/// A value of a kind that hardly any field has, each field's turn being another.
fn nonsense(turn: usize) -> Json {
    let all = [
        serde_json::json!(["a", {"b": 1}, null]),
        serde_json::json!({"a": ["b"]}),
        serde_json::json!(-9_223_372_036_854_775_807_i64),
        serde_json::json!(true),
    ];
    all.get(turn % all.len()).cloned().unwrap_or(Json::Null)
}

/// The JSON pointers of the innermost values and of the lists and maps that hold them; identity aside.
fn leaves(value: &Json, here: &mut String) -> Vec<String> {
    let mut found = Vec::new();
    let mut below = |step: &str, inner: &Json| {
        let length = here.len();
        here.extend(["/", &step.replace('~', "~0").replace('/', "~1")]);
        let identity = ["/apiVersion", "/kind", "/metadata", "/metadata/name"];
        if !identity.contains(&here.as_str()) {
            found.push(here.clone());
        }
        found.extend(leaves(inner, here));
        here.truncate(length);
    };
    match value {
        Json::Object(fields) => fields.iter().for_each(|(key, inner)| below(key, inner)),
        Json::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(index, inner)| below(&index.to_string(), inner));
        }
        _ => {}
    }
    found
}

/// Every path below which something can be deleted; identity aside, without which there is no object.
fn paths(value: &Json, here: &mut Vec<String>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let Json::Object(fields) = value else {
        return found;
    };
    for (key, value) in fields {
        here.push(key.clone());
        if !matches!(
            here.join(".").as_str(),
            "apiVersion" | "kind" | "metadata" | "metadata.name"
        ) {
            found.push(here.clone());
        }
        found.extend(paths(value, here));
        here.pop();
    }
    found
}

fn remove(value: &mut Json, path: &[String]) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let mut value = value;
    for key in parents {
        match value.get_mut(key) {
            Some(inner) => value = inner,
            None => return,
        }
    }
    if let Some(fields) = value.as_object_mut() {
        fields.remove(last);
    }
}

/// The example's objects as JSON, in the order of the inventory, and what it says of the server.
fn objects(example: &Example) -> Vec<Json> {
    let evidence = evidence(std::slice::from_ref(&example.given), &example.complete);
    let inventories = evidence.inventories.iter();
    let objects = inventories.clone().flat_map(Inventory::objects);
    let said = inventories.filter_map(|one| Some((*one.server().value()?).to_owned()));
    let servers = said.map(|version| json!({"serverVersion": {"gitVersion": version}}));
    objects
        .map(|object| json_of(object.root()))
        .chain(servers)
        .collect()
}

/// A node as JSON.
fn json_of(node: Node<'_>) -> Json {
    if node.is_map() {
        return Json::Object(
            node.entries()
                .map(|(key, value)| (key.key().into_owned(), json_of(value)))
                .collect(),
        );
    }
    if node.is_seq() {
        return node.items().map(json_of).collect();
    }
    match node.scalar() {
        None | Some(Scalar::Null) => Json::Null,
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => value.into(),
        Some(Scalar::Str(value)) => value.into(),
    }
}
