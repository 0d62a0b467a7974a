//! Loading: what one input holds, in all the forms in which Kubernetes objects are exported.

use pgo_preflight::manifest::{Kind, Loaded, Node, ProblemKind, load};
use pgo_preflight::source::{OriginId, SourceId, Span};

fn read(text: &str) -> Loaded {
    load(
        SourceId(3),
        OriginId(0),
        "in.yaml".to_owned(),
        text.as_bytes().to_vec(),
    )
}

fn names(loaded: &Loaded) -> Vec<String> {
    let name = |object: &pgo_preflight::manifest::Object| {
        let namespace = object.namespace.as_deref().unwrap_or("-");
        format!("{} {namespace}/{}", object.kind.info().name, object.name)
    };
    loaded.objects.iter().map(name).collect()
}

fn kinds(loaded: &Loaded) -> Vec<ProblemKind> {
    loaded.problems.iter().map(|problem| problem.kind).collect()
}

fn sliced<'a>(loaded: &'a Loaded, node: Node<'_>) -> &'a str {
    loaded.source.slice(node.span())
}

const CLUSTER: &str = "apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata:
  name: hippo
  namespace: pgo
spec:
  userlabels:
    pgo-version: 4.7.1
  replicas: '2'
";

#[test]
fn reads_one_object_with_spans() {
    let loaded = read(CLUSTER);
    assert_eq!(names(&loaded), ["Pgcluster pgo/hippo"]);
    assert_eq!((loaded.counted, loaded.problems.len()), (1, 0));
    let cluster = &loaded.objects[0];
    let version = cluster.at(&["spec", "userlabels", "pgo-version"]).unwrap();
    assert_eq!(version.as_str(), Some("4.7.1"));
    assert_eq!(sliced(&loaded, version), "4.7.1");
    assert_eq!(loaded.source.position(version.span().start).line, 8);
    let replicas = cluster.at(&["spec", "replicas"]).unwrap();
    assert_eq!((replicas.text(), sliced(&loaded, replicas)), ("2", "'2'"));
    assert_eq!(
        cluster.root().span(),
        Span {
            source: SourceId(3),
            start: 0,
            end: CLUSTER.len() as u32 - 1
        }
    );
}

#[test]
fn reads_streams_and_drops_what_it_does_not_need() {
    let text = format!(
        "# a comment\n---\n{CLUSTER}---\n\n---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: pgo}}\n--- # x\n\
         apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: other\n---\n"
    );
    let loaded = read(&text);
    assert_eq!(names(&loaded), ["Pgcluster pgo/hippo", "Namespace -/pgo"]);
    assert_eq!((loaded.counted, kinds(&loaded)), (3, vec![]));
    assert!(
        !loaded.source.text.contains("other"),
        "dropped text is gone"
    );
    assert_eq!(loaded.source.text.len(), text.len());
}

#[test]
fn reads_a_kubectl_list_item_by_item() {
    let text = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: PersistentVolumeClaim\n  metadata:\n    name: a\n    \
                namespace: x\n- apiVersion: v1\n  kind: Event\n  metadata:\n    name: gone\n- apiVersion: v1\n  kind: \
                PersistentVolume\n  metadata:\n    name: b\nkind: List\nmetadata:\n  resourceVersion: \"\"\n";
    let loaded = read(text);
    assert_eq!(
        names(&loaded),
        ["PersistentVolumeClaim x/a", "PersistentVolume -/b"]
    );
    assert_eq!((loaded.counted, kinds(&loaded)), (3, vec![]));
    let list = &loaded.lists[0];
    assert_eq!(
        (list.items, list.partial, list.of, &*list.kind),
        (3, false, None, "List")
    );
    let holds: Vec<_> = list.holds.iter().cloned().collect();
    assert_eq!(
        holds,
        [
            (Kind::PersistentVolumeClaim, Some("x".into())),
            (Kind::PersistentVolume, None)
        ]
    );
    assert!(!loaded.source.text.contains("gone"));
    let name = loaded.objects[1].at(&["metadata", "name"]).unwrap();
    assert_eq!(sliced(&loaded, name), "b");
}
