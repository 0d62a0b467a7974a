//! What a real API server (1.33) answered, replayed: our own test server must not be the only one we understand.

use crate::api_server;
use crate::corpus;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use api_server::{Answer, Request, Server, Store};
use pgo_preflight::manifest::gather_dump;
use pgo_preflight::source::kube::{Namespaces, Options, Progress, take};
use pgo_preflight::source::{Dump, Listed, OriginId, SourceId};
use serde_json::Value;

/// The recordings' folder, where this machine has it.
fn recordings() -> Option<PathBuf> {
    let folder = corpus::found()?.join("live-recordings");
    assert!(folder.is_dir(), "the corpus has no recordings");
    Some(folder)
}

fn json(folder: &Path, file: &str) -> Value {
    let text = std::fs::read(folder.join(file)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The recorded answer to a request of this path, whatever its limit.
fn recorded(folder: &Path, who: &str, request: &Request) -> Option<Answer> {
    let index = json(folder, "index.json");
    let mut entries = index.as_array().unwrap().iter();
    let entry = entries.find(|entry| {
        let file = entry["file"].as_str().unwrap();
        !file.starts_with("paging/")
            && entry["as"] == who
            && entry["request"] == request.path.as_str()
    })?;
    let status = u16::try_from(entry["status"].as_u64().unwrap()).unwrap();
    Some(Answer::Json(
        status,
        json(folder, entry["file"].as_str().unwrap()),
    ))
}

fn dump(server: &Server, namespaces: Namespaces, page: u32) -> Dump {
    let options = Options {
        kubeconfig: Some(server.kubeconfig()),
        namespaces,
        page,
        ..Options::default()
    };
    take(&options, &Arc::new(Progress::default()))
        .unwrap()
        .remove(0)
}

fn of_pgo() -> Namespaces {
    Namespaces::Named(vec!["pgo".to_owned()])
}

fn count(dump: &Dump, kind: &str) -> usize {
    let marked = format!("/{kind}/");
    dump.texts
        .iter()
        .filter(|text| text.uri.contains(&marked))
        .count()
}

#[test]
fn a_real_servers_lists_are_read_whole() {
    let Some(folder) = recordings() else { return };
    let replay = folder.clone();
    let server = Server::with(Store::default(), move |request| {
        recorded(&replay, "admin", request)
    });
    let dump = dump(&server, of_pgo(), 500);
    for (kind, file) in [
        ("Pgcluster", "pgclusters"),
        ("Pgreplica", "pgreplicas"),
        ("PersistentVolumeClaim", "persistentvolumeclaims"),
        ("Namespace", "namespaces"),
        ("StorageClass", "storageclasses"),
    ] {
        let list = json(&folder, &format!("lists/{file}.json"));
        assert_eq!(
            count(&dump, kind),
            list["items"].as_array().unwrap().len(),
            "{kind}"
        );
        assert!(count(&dump, kind) > 0, "{kind}");
    }
    assert_eq!(dump.server.as_deref(), Some("v1.33.13"));
    for listing in &dump.listings {
        assert_eq!(listing.outcome, Listed::Whole, "{listing:?}");
    }
    let texts = dump.texts.len();
    let gathered = gather_dump(dump, OriginId(0), SourceId(0));
    let objects: usize = gathered.loaded.iter().map(|text| text.objects.len()).sum();
    assert_eq!(objects, texts);
    for text in &gathered.loaded {
        assert!(text.problems.is_empty(), "{:?}", text.problems);
        assert!(
            !text.source.text.contains("managedFields"),
            "{}",
            text.source.text
        );
    }
}

#[test]
fn a_real_servers_pages_are_turned_and_an_old_one_is_resumed() {
    let Some(folder) = recordings() else { return };
    let server = Server::with(Store::default(), move |request| {
        if request.path != "/apis/crunchydata.com/v1/pgclusters" {
            return None;
        }
        let (first, second) = (
            json(&folder, "paging/pgclusters-page1.json"),
            json(&folder, "paging/pgclusters-page2.json"),
        );
        let expired = json(&folder, "errors/expired-continue-token.json");
        let token = request.page().cloned().map_or(Value::Null, Value::from);
        Some(if token.is_null() {
            Answer::Json(200, first)
        } else if token == first["metadata"]["continue"] {
            Answer::Json(200, second)
        } else if token == second["metadata"]["continue"] {
            Answer::Json(410, expired)
        } else {
            assert_eq!(token, expired["metadata"]["continue"]);
            Answer::Json(200, json(&folder, "lists/pgclusters.json"))
        })
    });
    let dump = dump(&server, Namespaces::All, 2);
    assert_eq!(count(&dump, "Pgcluster"), 5);
    assert_eq!(dump.skipped.len(), 1, "{:?}", dump.skipped);
    assert_eq!(dump.skipped[0].uri, "prod/pgclusters.crunchydata.com");
}

#[test]
fn a_real_servers_refusals_are_understood() {
    let Some(folder) = recordings() else { return };
    let failed = |dump: &Dump, resource: &str| {
        let mut of = dump
            .listings
            .iter()
            .filter(|listing| listing.resource == resource);
        of.find_map(|listing| match &listing.outcome {
            Listed::Failed { because, ask } => Some(format!("{because} | {ask}")),
            _ => None,
        })
    };
    let replay = folder.clone();
    let server = Server::with(Store::default(), move |request| {
        recorded(&replay, "restricted", request)
    });
    let refused = dump(&server, Namespaces::All, 500);
    let told = failed(&refused, "pgclusters.crunchydata.com").unwrap();
    assert!(
        told.contains("the server refused (403)") && !told.contains("serviceaccount"),
        "{told}"
    );
    assert!(
        told.contains(r#"{apiGroups: ["crunchydata.com"], resources: ["pgclusters"]"#),
        "{told}"
    );
    let refused = dump(&server, of_pgo(), 500);
    let told = failed(&refused, "deployments").unwrap();
    assert!(told.contains("in a Role of namespace pgo"), "{told}");
    let server = Server::with(Store::default(), move |request| {
        let of = request.path == "/apis/crunchydata.com/v1/pgclusters";
        of.then(|| match request.page() {
            None => Answer::Json(200, json(&folder, "paging/pgclusters-page1.json")),
            Some(_) => Answer::Json(400, json(&folder, "errors/bad-continue-token.json")),
        })
    });
    let broken = dump(&server, Namespaces::All, 2);
    let told = failed(&broken, "pgclusters.crunchydata.com").unwrap();
    assert!(
        told.contains("the server answered 400: BadRequest"),
        "{told}"
    );
    assert_eq!(
        count(&broken, "Pgcluster"),
        2,
        "what was read before counts"
    );
}
