//! A kind's objects, page by page, each made a text as soon as it is there.

mod keep;

use serde_json::Value;

use super::super::{Wanted, manifest_text};
use super::answer;
use super::discover::group_path;
use super::fault::Fault;
use super::server::{JSON, Server};
use keep::{is_directory, meta};

pub(super) use keep::Keep;

/// What to list.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) row: &'static Wanted,
    pub(super) namespace: Option<String>,
    /// A label selector.
    pub(super) labels: Option<&'static str>,
    /// The one name that is meant.
    pub(super) name: Option<&'static str>,
    /// Which of the objects to keep.
    pub(super) keep: Keep,
    /// The form to ask for.
    pub(super) accept: &'static str,
}

impl Query {
    /// All objects of a kind, everywhere.
    pub(super) fn of(row: &'static Wanted) -> Query {
        Query {
            row,
            namespace: None,
            labels: None,
            name: None,
            keep: Keep::All,
            accept: JSON,
        }
    }
}

/// One object that was read.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) namespace: String,
    pub(super) name: String,
    /// The PGO v4 cluster that its labels say it is a part of.
    pub(super) part_of: Option<String>,
    /// The volume a claim is bound to.
    pub(super) volume: Option<String>,
    /// Whether it is a PersistentVolume that others can be the same directory as.
    pub(super) directory: bool,
    pub(super) text: String,
}

/// What came of a listing.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pub(super) kept: Vec<Kept>,
    /// Whether the server had to be asked for the rest at a later moment.
    pub(super) torn: bool,
    /// Why it is not whole.
    pub(super) fault: Option<Fault>,
}

/// More pages than any list of the usual size has.
const MOST_PAGES: usize = 2_000;

/// Pages without an object that may follow each other.
const MOST_EMPTY: usize = 3;

/// Reads all pages. After a failure what was read so far is kept.
pub(super) async fn list(server: &Server, query: &Query, version: &str, limit: u32) -> Pages {
    let mut pages = Pages::default();
    let mut next: Option<String> = None;
    let mut started_again = false;
    let mut limit = limit;
    let (mut count, mut empty) = (0, 0);
    loop {
        let path = path(query, version, limit, next.as_deref());
        let answer = server.get(&path, query.accept).await;
        let read = answer.and_then(|body| {
            let entries = answer::page(&body)?;
            for object in entries.each() {
                let object = object?;
                if query.keep.keeps(&object) {
                    let kept = kept(query.row, version, object);
                    server.allowance().take(kept.text.len())?;
                    pages.kept.push(kept);
                }
            }
            Ok((entries.count(), entries.next))
        });
        count += 1;
        match read {
            Ok((_, None)) => return pages,
            Ok((objects, token)) => {
                empty = if objects == 0 { empty + 1 } else { 0 };
                pages.fault = endless(count, empty, token == next);
                if pages.fault.is_some() {
                    return pages;
                }
                next = token;
            }
            // Of large objects fewer at a time.
            Err(Fault::TooLarge(answer::LARGE, _)) if limit > 100 => limit /= 10,
            // The rest of the list as it is now, rather than all of it again: once.
            Err(Fault::Expired(Some(token))) if next.is_some() && !pages.torn && !started_again => {
                pages.torn = true;
                next = Some(token);
            }
            Err(Fault::Expired(_)) if !started_again => {
                started_again = true;
                pages = Pages::default();
                next = None;
            }
            Err(fault) => {
                if matches!(fault, Fault::TooLarge(..) | Fault::OutOfTime(_)) {
                    // There is no room, or no time, for what was kept either: reading it can take longer than fetching it.
                    pages.kept.clear();
                }
                pages.fault = Some(fault);
                return pages;
            }
        }
    }
}

/// Why a list that has a further page is given up all the same.
fn endless(pages: usize, empty: usize, same: bool) -> Option<Fault> {
    if same {
        Some(Fault::Endless("it leads back to the same page"))
    } else if empty > MOST_EMPTY {
        Some(Fault::Endless("page after page without an object"))
    } else if pages >= MOST_PAGES {
        Some(Fault::Endless("after two thousand pages there are more"))
    } else {
        None
    }
}

fn path(query: &Query, version: &str, limit: u32, next: Option<&str>) -> String {
    let mut path = format!(
        "{}?limit={limit}",
        collection(query.row, version, query.namespace.as_deref())
    );
    let name = query.name.map(|name| format!("metadata.name={name}"));
    let options = [
        ("labelSelector", query.labels),
        ("fieldSelector", name.as_deref()),
        ("continue", next),
    ];
    for (key, value) in options {
        if let Some(value) = value {
            path.push_str(&format!("&{key}={}", escaped(value)));
        }
    }
    path
}

/// Where a kind's objects are.
pub(super) fn collection(row: &Wanted, version: &str, namespace: Option<&str>) -> String {
    let group = group_path(row, version);
    match namespace {
        Some(namespace) => format!("{group}/namespaces/{}/{}", escaped(namespace), row.plural()),
        None => format!("{group}/{}", row.plural()),
    }
}

/// Text for a path or a query.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// An object as the table wants it: named as kubectl would, without what only servers need.
pub(super) fn kept(row: &Wanted, version: &str, mut object: Value) -> Kept {
    tidy(row, version, &mut object);
    let label = |name: &str| {
        let labels = object.pointer("/metadata/labels")?;
        labels.get(name)?.as_str().map(str::to_owned)
    };
    let ours = label("vendor").as_deref() == Some("crunchydata");
    let volume = object.pointer("/spec/volumeName").and_then(Value::as_str);
    Kept {
        namespace: meta(&object, "namespace").to_owned(),
        name: meta(&object, "name").to_owned(),
        part_of: label("pg-cluster").filter(|_| ours),
        volume: volume.filter(|name| !name.is_empty()).map(str::to_owned),
        directory: row.kind == "PersistentVolume" && is_directory(&object),
        text: manifest_text(&object),
    }
}

/// By it kubectl knows what it applied: a copy of the object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Items of a list do not say their kind; a Secret is nothing but its metadata, whatever came.
fn tidy(row: &Wanted, version: &str, object: &mut Value) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    if row.kind == "Secret" {
        fields.retain(|key, _| key == "metadata");
    }
    let api_version = if row.group.is_empty() {
        version.to_owned()
    } else {
        format!("{}/{version}", row.group)
    };
    fields.insert("apiVersion".to_owned(), api_version.into());
    fields.insert("kind".to_owned(), row.kind.into());
    let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    metadata.remove("managedFields");
    if let Some(annotations) = metadata
        .get_mut("annotations")
        .and_then(Value::as_object_mut)
    {
        if row.kind == "Secret" {
            annotations.remove(LAST_APPLIED);
        } else if let Some(copy) = annotations.get_mut(LAST_APPLIED) {
            // That there is one tells that the object comes from a file.
            *copy = Value::from("");
        }
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_secret_but_its_metadata_is_kept() {
        let secret = json!({
            "metadata": {"name": "hippo-backrest-repo-config", "managedFields": [{"a": "hidden"}],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hidden", "repo-path": "/x"}},
            "data": {"key": "hidden"}, "stringData": {"key": "hidden"}, "type": "Opaque",
        });
        let kept = kept(&super::super::super::SECRET_METADATA, "v1", secret);
        assert!(!kept.text.contains("hidden"), "{}", kept.text);
        assert!(kept.text.contains("repo-path: /x"));
    }

    #[test]
    fn of_what_was_applied_stays_that_it_was() {
        let cluster = json!({"metadata": {"name": "hippo",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hidden"}}});
        let row = Wanted::of("pgclusters.crunchydata.com").unwrap();
        let kept = kept(row, "v1", cluster);
        assert!(!kept.text.contains("hidden"), "{}", kept.text);
        assert!(kept.text.contains(LAST_APPLIED), "{}", kept.text);
    }

    #[test]
    fn names_from_the_server_cannot_leave_their_place_in_a_path() {
        let row = Wanted::of("pods").unwrap();
        let path = collection(row, "v1", Some("a/../b?c"));
        assert_eq!(path, "/api/v1/namespaces/a%2F..%2Fb%3Fc/pods");
    }
}
