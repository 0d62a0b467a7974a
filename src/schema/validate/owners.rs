//! The owners in an object's metadata.

use super::refusal::{mistyped, refuse};
use super::walk::Walk;
use crate::manifest::{Node, Scalar};
use crate::schema::violation::{Step, escape};

/// What every owner says of itself, and whether it is a truth value.
const OWNER: [(&str, bool); 6] = [
    ("apiVersion", false),
    ("kind", false),
    ("name", false),
    ("uid", false),
    ("controller", true),
    ("blockOwnerDeletion", true),
];

pub(in crate::schema) fn check<'n>(walk: &mut Walk<'_, 'n>, owners: Node<'n>) {
    let mut controlled = false;
    for (index, owner) in owners.items().enumerate() {
        walk.step(Step::Index(index), |walk| {
            if !owner.is_map() {
                mistyped(walk, owner, "a mapping");
                return;
            }
            one_owner(walk, owner);
            let controls = owner.get("controller");
            let controls = controls.filter(|one| one.scalar() == Some(Scalar::Bool(true)));
            if let Some(second) = controls.filter(|_| controlled) {
                refuse(walk, second, "true", "true for one owner only");
            }
            controlled |= controls.is_some();
        });
    }
}

fn one_owner<'n>(walk: &mut Walk<'_, 'n>, owner: Node<'n>) {
    for (name, truth) in OWNER {
        let entry = owner.entry(name).filter(|(_, value)| !value.is_null());
        let Some((key, value)) = entry else {
            if !truth {
                missing(walk, owner, name);
            }
            continue;
        };
        walk.step(Step::Key(key.key(), key.span()), |walk| {
            let is_truth = matches!(value.scalar(), Some(Scalar::Bool(_)));
            match (truth, value.as_str()) {
                (true, _) if !is_truth => mistyped(walk, value, "true or false"),
                (false, None) => mistyped(walk, value, "a string"),
                (false, Some("")) => refuse(walk, value, "", "a text that is not empty"),
                (false, Some(text)) if name == "apiVersion" && text.matches('/').count() > 1 => {
                    refuse(walk, value, text, "a group and a version");
                }
                _ => {}
            }
        });
    }
    for (key, _) in owner.entries() {
        let name = key.key();
        if !OWNER.iter().any(|(known, _)| *known == name) {
            let message = format!(
                "`{name}` is not a field of {}: the API server would drop it",
                walk.place()
            );
            let mut violation = walk.breach("schema-unknown-field", key.span(), message);
            violation.path.push('/');
            violation.path.push_str(&escape(&name));
            walk.report(violation);
        }
    }
}

fn missing(walk: &mut Walk<'_, '_>, node: Node<'_>, name: &str) {
    let message = format!("{} lacks `{name}`, which every owner has", walk.place());
    let mut violation = walk.breach("schema-missing-field", walk.anchor(node), message);
    violation.path.push_str(&format!("/{name}"));
    walk.report_blocking(violation);
}
