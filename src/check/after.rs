//! Evidence after a step: what its example says is new or other, put into what was there.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::rule::documents;

/// The objects of a text after others were put in: those of a kind and name that are there are merged (a `null` takes a key
/// away), new ones join, and with `deleted: true` they go. The result is JSON, one document per object.
pub fn after(given: &str, then: &str) -> Result<String, String> {
    let mut objects = documents(given)?;
    for change in documents(then)? {
        let (kind, name) = (
            text(&change, &["kind"]),
            text(&change, &["metadata", "name"]),
        );
        if kind.is_empty() || name.is_empty() {
            return Err("then: every object has a kind and a metadata.name".to_owned());
        }
        let found = objects.iter().position(|one| {
            text(one, &["kind"]) == kind && text(one, &["metadata", "name"]) == name
        });
        let gone = change.get("deleted") == Some(&Json::Bool(true));
        match (found, gone) {
            (Some(at), true) => {
                objects.remove(at);
            }
            (Some(at), false) => {
                if let Some(object) = objects.get_mut(at) {
                    merge(object, &change);
                }
            }
            (None, true) => {}
            (None, false) => objects.push(change),
        }
    }
    let mut out = String::new();
    for (at, object) in objects.iter().enumerate() {
        let _ = write!(out, "{}{object}", if at == 0 { "" } else { "\n---\n" });
    }
    Ok(out)
}

fn text<'j>(object: &'j Json, path: &[&str]) -> &'j str {
    let found = path.iter().try_fold(object, |value, key| value.get(key));
    found.and_then(Json::as_str).unwrap_or_default()
}

/// As a JSON merge patch does (RFC 7386).
fn merge(object: &mut Json, change: &Json) {
    let Json::Object(changes) = change else {
        *object = change.clone();
        return;
    };
    if !object.is_object() {
        *object = Json::Object(serde_json::Map::new());
    }
    let Json::Object(fields) = object else {
        return;
    };
    for (key, change) in changes {
        if change.is_null() {
            fields.shift_remove(key);
        } else {
            merge(fields.entry(key.clone()).or_insert(Json::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_merged_added_and_taken_away() {
        let given = "kind: A\nmetadata: {name: x}\nspec: {keep: 1, go: 2}\n---\nkind: B\nmetadata: {name: y}";
        let then = "kind: A\nmetadata: {name: x}\nspec: {go: null, new: 3}\n---\nkind: B\nmetadata: {name: y}\ndeleted: true\n---\nkind: C\nmetadata: {name: z}";
        let out = after(given, then).unwrap();
        assert_eq!(
            out,
            "{\"kind\":\"A\",\"metadata\":{\"name\":\"x\"},\"spec\":{\"keep\":1,\"new\":3}}\n---\n{\"kind\":\"C\",\"metadata\":{\"name\":\"z\"}}"
        );
    }

    #[test]
    fn what_names_nothing_is_refused() {
        assert!(after("kind: A\nmetadata: {name: x}", "kind: A").is_err());
    }
}
