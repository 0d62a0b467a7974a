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
            end: u32::try_from(CLUSTER.len()).unwrap() - 1
        }
    );
}

#[test]
fn reads_streams_and_drops_what_it_does_not_need() {
    let text = format!(
        "# a comment\n---\n{CLUSTER}---\n\n---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: pgo}}\n--- # x\n\
         apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: other\n---\n"
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

#[test]
fn reads_json_alone_as_a_list_and_one_after_the_other() {
    let one = r#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "x"},
        "spec": {"k": "a\nb\u00e9\/"}}"#;
    let loaded = read(one);
    assert_eq!(names(&loaded), ["Service x/a"]);
    let value = loaded.objects[0].at(&["spec", "k"]).unwrap();
    assert_eq!(
        (value.text(), sliced(&loaded, value)),
        ("a\nbé/", r#""a\nb\u00e9\/""#)
    );
    let list =
        format!(r#"{{"apiVersion":"v1","items":[{one},{one}],"kind":"List","metadata":{{}}}}"#);
    let loaded = read(&list);
    assert_eq!(names(&loaded), ["Service x/a", "Service x/a"]);
    assert_eq!(loaded.lists.len(), 1);
    let stream = format!("{one}\n{list}\n{one}\n");
    let loaded = read(&stream);
    assert_eq!((loaded.objects.len(), kinds(&loaded)), (4, vec![]));
    let name = loaded.objects[3].at(&["metadata", "name"]).unwrap();
    assert_eq!((sliced(&loaded, name), name.text()), ("\"a\"", "a"));
    assert!(name.span().start as usize > stream.len() - one.len() - 2);
    let broken = read(&format!(
        "{one}\n{{\"apiVersion\": \"v1\", \"kind\": }}}}\n"
    ));
    assert!(broken.problems.len() == 1, "{:?}", broken.problems);
}

#[test]
fn items_of_a_typed_list_inherit_what_they_do_not_say() {
    let text = "apiVersion: crunchydata.com/v1\nitems:\n- metadata:\n    name: a\n    namespace: x\n- apiVersion: \
                crunchydata.com/v1\n  kind: Pgcluster\n  metadata:\n    name: b\n    namespace: x\nkind: \
                PgclusterList\nmetadata:\n  continue: \"\"\n  remainingItemCount: 0\n";
    let loaded = read(text);
    assert_eq!(names(&loaded), ["Pgcluster x/a", "Pgcluster x/b"]);
    assert!(
        loaded
            .objects
            .iter()
            .all(|object| &*object.api_version == "crunchydata.com/v1")
    );
    let list = &loaded.lists[0];
    assert_eq!(
        (list.of, list.partial, list.holds.len()),
        (Some(Kind::Pgcluster), false, 1)
    );

    let empty = read("{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":[],\"metadata\":{}}");
    assert_eq!(
        (empty.lists[0].of, empty.lists[0].items, empty.counted),
        (Some(Kind::Pod), 0, 0)
    );
    assert_eq!(kinds(&empty), []);
}

#[test]
fn a_list_that_says_there_are_more_is_partial() {
    for more in ["continue: abc", "remainingItemCount: 3"] {
        let text = format!("apiVersion: v1\nitems: []\nkind: PodList\nmetadata:\n  {more}\n");
        assert!(read(&text).lists[0].partial, "{more}");
    }
}

#[test]
fn an_item_that_is_no_object_makes_a_list_partial() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- 1\n- {kind: Pod}\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n";
    let loaded = read(text);
    assert_eq!(names(&loaded), ["Pod -/a"]);
    assert!(loaded.lists[0].partial);
    assert_eq!(kinds(&loaded), [ProblemKind::NotKubernetes; 2]);
}

#[test]
fn nested_lists_are_flattened() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata: {name: a, \
                namespace: x}\n- apiVersion: v1\n  kind: Service\n  metadata: {name: b, namespace: x}\n";
    let loaded = read(text);
    assert_eq!(names(&loaded), ["Pod x/a", "Service x/b"]);
    let kinds: Vec<_> = loaded
        .lists
        .iter()
        .map(|list| (&*list.kind, list.items, list.holds.len()))
        .collect();
    assert_eq!(kinds, [("PodList", 1, 1), ("List", 2, 1)]);
    assert_eq!(loaded.counted, 2);
}

#[test]
fn a_list_cut_off_before_its_kind_is_truncated() {
    let text = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n- apiVersion: v1\n  kind: Po";
    let loaded = read(text);
    assert_eq!(
        (names(&loaded).len(), kinds(&loaded)),
        (0, vec![ProblemKind::Truncated])
    );
    assert!(!loaded.source.text.contains("Pod"));
}

#[test]
fn an_object_with_a_key_items_that_is_no_list_is_read_whole() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nitems:\n- x: 1\n- {apiVersion: v1, kind: Pod}\n";
    let loaded = read(text);
    assert_eq!(
        (names(&loaded), loaded.lists.len()),
        (vec!["ConfigMap -/a".to_owned()], 0)
    );
    let items = loaded.objects[0].at(&["items"]).unwrap();
    assert_eq!(items.items().count(), 2);
    assert_eq!(loaded.counted, 1);
}

#[test]
fn windows_texts_are_read() {
    let text = format!("\u{feff}{}", CLUSTER.replace('\n', "\r\n"));
    let loaded = read(&text);
    assert_eq!(
        (names(&loaded), kinds(&loaded)),
        (vec!["Pgcluster pgo/hippo".to_owned()], vec![])
    );
    let version = loaded.objects[0]
        .at(&["spec", "userlabels", "pgo-version"])
        .unwrap();
    assert_eq!(sliced(&loaded, version), "4.7.1");
    assert_eq!(loaded.source.position(0).column, 1);
    let streams = read(&format!("{0}---\r\n{0}", CLUSTER.replace('\n', "\r\n")));
    assert_eq!((streams.objects.len(), kinds(&streams)), (2, vec![]));
}

#[test]
fn helm_says_where_an_object_comes_from() {
    let text = format!("---\n# Source: pg/templates/a.yaml\n{CLUSTER}---\n{CLUSTER}");
    let sources: Vec<_> = read(&text)
        .objects
        .into_iter()
        .map(|object| object.helm_source)
        .collect();
    assert_eq!(sources, [Some("pg/templates/a.yaml".into()), None]);
}

#[test]
fn what_is_no_manifest_is_noted_and_does_no_harm() {
    let texts = [
        "replicas: 3\nimage: x\n",
        "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n",
        "resources:\n- a.yaml\n",
        "- 1\n- 2\n",
        "just words\n",
        "items:\n- a\n- b\n",
    ];
    for text in texts {
        let loaded = read(text);
        assert_eq!(
            (loaded.counted, kinds(&loaded)),
            (0, vec![ProblemKind::NotKubernetes]),
            "{text}"
        );
        assert!(loaded.problems[0].kind.is_harmless());
    }
}

#[test]
fn empty_texts_hold_nothing() {
    for text in [
        "",
        "\n",
        "---\n---\n",
        "# only a comment\n",
        "null\n",
        "~",
        "\u{feff}",
        "...\n",
    ] {
        let loaded = read(text);
        assert_eq!((loaded.counted, kinds(&loaded)), (0, vec![]), "{text:?}");
    }
}

#[test]
fn a_broken_document_does_not_hide_the_others_and_leaves_no_text() {
    let text = format!("{CLUSTER}---\nkind: [oops\nhush: 1\n---\n{CLUSTER}");
    let loaded = read(&text);
    assert_eq!(loaded.objects.len(), 2);
    assert_eq!(kinds(&loaded).len(), 1);
    assert!(!loaded.source.text.contains("oops") && !loaded.source.text.contains("hush"));
    let last = loaded.objects[1].at(&["metadata", "name"]).unwrap();
    assert_eq!(sliced(&loaded, last), "hippo");
    assert_eq!(
        loaded.source.position(loaded.problems[0].span.start).line,
        12
    );
}

#[test]
fn positions_in_a_broken_document_count_characters() {
    let loaded = read("größe: \"x\" y: [\n");
    assert_eq!(
        loaded.source.position(loaded.problems[0].span.start).column,
        12
    );
    assert_eq!(loaded.source.text.chars().count(), 16);
}

#[test]
fn unrendered_templates_are_called_by_their_name() {
    let texts = [
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n",
        "{{- if .Values.x }}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n{{- end }}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ include \"x\" . | quote }}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${NAME}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: \"{{ .Release.Namespace }}\"\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  x: {% if y %}\n",
    ];
    for text in texts {
        let loaded = read(text);
        assert_eq!(
            (loaded.objects.len(), kinds(&loaded)),
            (0, vec![ProblemKind::UnrenderedTemplate]),
            "{text}"
        );
    }
    let quoted = read(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '{{ .y }}', z: '${A}'}\n",
    );
    assert_eq!((quoted.objects.len(), kinds(&quoted)), (1, vec![]));
}

#[test]
fn what_follows_the_end_of_a_document_is_told() {
    let loaded = read(&format!("{CLUSTER}...\n{CLUSTER}"));
    assert_eq!(
        (loaded.objects.len(), kinds(&loaded)),
        (1, vec![ProblemKind::AfterEnd])
    );
    let loaded = read(&format!("%YAML 1.1\n---\n{CLUSTER}"));
    assert_eq!(
        (loaded.objects.len(), kinds(&loaded)),
        (1, vec![ProblemKind::Directive])
    );
}

#[test]
fn repeated_keys_are_told_and_the_last_one_counts() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: x}\nspec:\n  b: '1'\n  yes: '2'\n  \
                b: '3'\n  \"true\": '4'\n";
    let loaded = read(text);
    let data = loaded.objects[0].at(&["spec"]).unwrap();
    assert_eq!(
        (
            data.get("b").unwrap().text(),
            data.get("true").unwrap().text()
        ),
        ("3", "4")
    );
    let line = |span: Span| loaded.source.position(span.start).line;
    let told: Vec<_> = loaded
        .duplicates
        .iter()
        .map(|twice| (&*twice.key, line(twice.earlier), line(twice.again)))
        .collect();
    assert_eq!(told, [("b", 5, 7), ("true", 6, 8)]);
    assert_eq!(
        (loaded.duplicates[0].kind, &*loaded.duplicates[0].name),
        (Kind::Service, "a")
    );
}

#[test]
fn aliases_and_merges_are_resolved_with_the_spans_of_what_they_stand_for() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: &m {name: a, namespace: \
                x}\n  spec: &d\n    one: '1'\n- apiVersion: v1\n  kind: Service\n  metadata:\n    <<: *m\n    name: b\n  \
                spec: *d\n";
    let loaded = read(text);
    assert_eq!(names(&loaded), ["Service x/a", "Service x/b"]);
    let one = |index: usize| loaded.objects[index].at(&["spec", "one"]).unwrap();
    assert_eq!(one(0).span(), one(1).span());
    assert_eq!((one(1).text(), sliced(&loaded, one(1))), ("1", "'1'"));
    assert_eq!((kinds(&loaded), loaded.duplicates.len()), (vec![], 0));
}

#[test]
fn a_merge_takes_its_place_in_the_order_as_in_kubectl() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nbase: &b {p: 1, q: 2}\nspec:\n  p: 3\n  <<: *b\n  q: 4\n";
    let loaded = read(text);
    let data = loaded.objects[0].at(&["spec"]).unwrap();
    assert_eq!(
        (data.get("p").unwrap().text(), data.get("q").unwrap().text()),
        ("1", "4")
    );
}
