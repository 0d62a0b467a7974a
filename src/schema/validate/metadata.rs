//! An object's own metadata, as the API server checks that of every resource.

use super::refusal::{mistyped, refuse};
use super::walk::Walk;
use super::{owners, spelling};
use crate::manifest::{Node, Scalar};
use crate::schema::format::Format;
use crate::schema::names::{is_label, is_name, is_qualified, is_subdomain};
use crate::schema::violation::Step;

/// What a field of the metadata holds.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Text,
    Texts,
    List,
    Number,
}

const FIELDS: [(&str, Content); 15] = [
    ("annotations", Content::Texts),
    ("creationTimestamp", Content::Text),
    ("deletionGracePeriodSeconds", Content::Number),
    ("deletionTimestamp", Content::Text),
    ("finalizers", Content::List),
    ("generateName", Content::Text),
    ("generation", Content::Number),
    ("labels", Content::Texts),
    ("managedFields", Content::List),
    ("name", Content::Text),
    ("namespace", Content::Text),
    ("ownerReferences", Content::List),
    ("resourceVersion", Content::Text),
    ("selfLink", Content::Text),
    ("uid", Content::Text),
];

/// Together, annotations may hold this many bytes.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Reports what is wrong with the metadata of the object that the walk stands on.
pub(in crate::schema) fn check<'n>(walk: &mut Walk<'_, 'n>, object: Node<'n>) {
    if !walk.path.0.is_empty() {
        for name in ["apiVersion", "kind"] {
            if object.get(name).is_none_or(Node::is_null) {
                let message = format!("{} lacks `{name}`, which every object has", walk.place());
                let violation = walk.breach("schema-missing-field", walk.anchor(object), message);
                walk.report_blocking(violation);
            }
        }
    }
    let named = match object.entry("metadata").filter(|(_, node)| !node.is_null()) {
        Some((key, metadata)) => {
            let mut named = false;
            walk.step(Step::Key(key.key(), key.span()), |walk| {
                named = fields(walk, metadata);
            });
            named
        }
        None => false,
    };
    if !named && walk.path.0.is_empty() {
        let span = object
            .entry("metadata")
            .map_or_else(|| walk.anchor(object), |(key, _)| key.span());
        let message = "the object has no name: metadata needs `name`".to_owned();
        let mut violation = walk.breach("schema-metadata", span, message);
        violation.path.push_str("/metadata/name");
        walk.report(violation);
    }
}

/// Checks each field; whether the object gets a name.
fn fields<'n>(walk: &mut Walk<'_, 'n>, metadata: Node<'n>) -> bool {
    if !metadata.is_map() {
        mistyped(walk, metadata, "a mapping");
        return true;
    }
    let mut named = false;
    for (key, value) in metadata.entries() {
        let name = key.key();
        let known = FIELDS.iter().find(|(known, _)| *known == name);
        walk.step(Step::Key(name, key.span()), |walk| match known {
            None => unknown(walk, key),
            Some(_) if value.is_null() => {}
            Some((name, content)) => {
                named |= matches!(*name, "name" | "generateName") && !value.text().is_empty();
                if has_content(walk, value, *content) {
                    field(walk, name, value);
                }
            }
        });
    }
    named
}

fn unknown(walk: &mut Walk<'_, '_>, key: Node<'_>) {
    let name = key.key();
    let message = format!("`{name}` is not a field of metadata: the API server would drop it");
    let mut violation = walk.breach("schema-unknown-field", key.span(), message);
    let known = FIELDS.iter().map(|(known, _)| *known);
    if let Some(near) = spelling::nearest(&name, known) {
        violation.replace(near.to_owned());
    }
    walk.report(violation);
}

fn has_content<'n>(walk: &mut Walk<'_, 'n>, node: Node<'n>, content: Content) -> bool {
    let (fits, wanted) = match content {
        Content::Text => (node.as_str().is_some(), "a string"),
        Content::Texts => (node.is_map(), "a mapping"),
        Content::List => (node.is_seq(), "a list"),
        Content::Number => (matches!(node.scalar(), Some(Scalar::Int(_))), "an integer"),
    };
    if !fits {
        mistyped(walk, node, wanted);
        return false;
    }
    if content == Content::Texts {
        for (key, value) in node.entries() {
            walk.step(Step::Key(key.key(), key.span()), |walk| {
                if !value.is_null() && value.as_str().is_none() {
                    mistyped(walk, value, "a string");
                }
            });
        }
    }
    true
}

fn field<'n>(walk: &mut Walk<'_, 'n>, name: &str, value: Node<'n>) {
    match name {
        "name" if !value.text().is_empty() && !is_subdomain(value.text()) => {
            let rule = "lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit, \
                        at most 253 characters";
            refuse(walk, value, value.text(), rule);
        }
        "generateName" if !is_subdomain(&format!("{}x", value.text().trim_end_matches('-'))) => {
            refuse(walk, value, value.text(), "the beginning of a name");
        }
        "namespace" if !value.text().is_empty() && !is_label(value.text()) => {
            let rule = "lower-case letters, digits and `-`, beginning and ending with a letter or digit, at \
                        most 63 characters";
            refuse(walk, value, value.text(), rule);
        }
        "creationTimestamp" | "deletionTimestamp" if !Format::DateTime.accepts(value.text()) => {
            refuse(walk, value, value.text(), Format::DateTime.noun());
        }
        "finalizers" => finalizers(walk, value),
        "generation" | "deletionGracePeriodSeconds" if value.text().starts_with('-') => {
            refuse(walk, value, value.text(), "0 or more");
        }
        "ownerReferences" => owners::check(walk, value),
        "managedFields" => managers(walk, value),
        "labels" => labels(walk, value),
        "annotations" => annotations(walk, value),
        _ => {}
    }
}

const KEY: &str =
    "a name of at most 63 letters, digits, `-`, `_` and `.`, optionally after a DNS domain and `/`";

fn labels<'n>(walk: &mut Walk<'_, 'n>, labels: Node<'n>) {
    for (key, value) in labels.entries() {
        walk.step(Step::Key(key.key(), key.span()), |walk| {
            if !is_qualified(&key.key()) {
                refuse(walk, key, &key.key(), KEY);
            }
            let text = value.as_str().unwrap_or("");
            if !text.is_empty() && !is_name(text) {
                let rule = "at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or \
                            digit";
                refuse(walk, value, text, rule);
            }
        });
    }
}

/// Each is a name with a domain in front.
fn finalizers<'n>(walk: &mut Walk<'_, 'n>, finalizers: Node<'n>) {
    for (index, item) in finalizers.items().enumerate() {
        walk.step(Step::Index(index), |walk| match item.as_str() {
            None => mistyped(walk, item, "a string"),
            Some(text) if !is_qualified(text) => refuse(walk, item, text, KEY),
            Some(_) => {}
        });
    }
}

/// Who wrote which fields: a server takes such a list, and forgets what it cannot use of it.
fn managers<'n>(walk: &mut Walk<'_, 'n>, managers: Node<'n>) {
    for (index, manager) in managers.items().enumerate() {
        walk.step(Step::Index(index), |walk| {
            if !manager.is_map() {
                mistyped(walk, manager, "a mapping");
                return;
            }
            for (name, known) in [
                ("operation", &["Apply", "Update"][..]),
                ("fieldsType", &["FieldsV1"]),
            ] {
                let said = manager.entry(name).filter(|(_, value)| !value.is_null());
                let Some((key, value)) = said else { continue };
                walk.step(Step::Key(key.key(), key.span()), |walk| {
                    match value.as_str() {
                        None => mistyped(walk, value, "a string"),
                        Some(text) if !known.contains(&text) => {
                            refuse(walk, value, text, &known.join(" or "));
                        }
                        Some(_) => {}
                    }
                });
            }
            if let Some((key, value)) = manager.entry("time").filter(|(_, value)| !value.is_null())
                && !Format::DateTime.accepts(value.text())
            {
                walk.step(Step::Key(key.key(), key.span()), |walk| {
                    refuse(walk, value, value.text(), Format::DateTime.noun());
                });
            }
        });
    }
}

fn annotations<'n>(walk: &mut Walk<'_, 'n>, annotations: Node<'n>) {
    let mut size = 0;
    for (key, value) in annotations.entries() {
        size += key.key().len() + value.text().len();
        walk.step(Step::Key(key.key(), key.span()), |walk| {
            if !is_qualified(&key.key().to_lowercase()) {
                refuse(walk, key, &key.key(), KEY);
            }
        });
    }
    if size > MAX_ANNOTATIONS {
        let message = format!(
            "annotations hold {size} bytes together; at most {MAX_ANNOTATIONS} are allowed"
        );
        let violation = walk.breach("schema-metadata", walk.anchor(annotations), message);
        walk.report(violation);
    }
}
