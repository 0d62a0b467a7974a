//! Archives that others made, and archives in folders.

use std::fs;

use pgo_preflight::source::Reason;

use super::making::{POD, dump, gzip, named, tar, told, uris, zip};

#[test]
fn every_form_of_archive_gives_the_same_texts() {
    let files = [
        ("pgo/pods.yaml", POD),
        ("README.md", "hello"),
        ("a.json", "{}"),
    ];
    for (name, bytes) in [
        ("a.tar", tar(&files)),
        ("a.tar.gz", gzip(&tar(&files))),
        ("a.zip", zip(&files)),
        ("no-ending", gzip(&tar(&files))),
    ] {
        let dump = dump(name, &bytes);
        assert_eq!(dump.name, "", "a file's name says nothing of a cluster");
        let wanted = [format!("{name}/pgo/pods.yaml"), format!("{name}/a.json")];
        assert_eq!(uris(&dump), wanted);
        assert_eq!(dump.texts[0].bytes, POD.as_bytes());
        assert_eq!(told(&dump), [""; 0]);
        assert_eq!(dump.listings, []);
    }
}

#[test]
fn hidden_files_are_left_out_as_in_folders() {
    let files = [
        ("./a.yaml", POD),
        ("._a.yaml", "x"),
        ("__MACOSX/._a.yaml", "x"),
        (".git/b.yaml", POD),
    ];
    let dump = dump("a.tgz", &gzip(&tar(&files)));
    assert_eq!(uris(&dump), ["a.tgz/a.yaml"]);
    assert_eq!(told(&dump), [""; 0]);
}

const PODS: &str =
    r#"{"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}"#;

#[test]
fn a_cluster_info_dump_is_known_and_its_logs_are_passed_by() {
    let files = [
        (
            "dump/nodes.json",
            r#"{"kind": "NodeList", "apiVersion": "v1", "items": []}"#,
        ),
        ("dump/pgo/replication-controllers.json", "{}"),
        ("dump/pgo/pods.json", PODS),
        (
            "dump/pgo/hippo-abc/logs.txt",
            "==== START logs for container database",
        ),
    ];
    let dump = dump("state.tar.gz", &gzip(&tar(&files)));
    assert_eq!(dump.texts.len(), 3);
    let told = told(&dump);
    assert!(
        told[0]
            .starts_with("state.tar.gz: a `kubectl cluster-info dump`: it has no custom resources"),
        "{told:?}"
    );
    assert_eq!(told.len(), 1);
}

#[test]
fn a_cluster_info_dump_in_one_text_is_read_around_its_logs() {
    let object = r#"{"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a", "namespace": "pgo"}}]}"#;
    let log = |container: &str| {
        let of = format!("logs for container {container} of pod pgo/a ====");
        format!("==== START {of}\npassword: hunter2 {{[\n==== END {of}\n")
    };
    let (one, other, third) = (log("one"), log("other"), log("third"));
    let as_yaml =
        "apiVersion: v1\nitems:\n- metadata:\n    name: a\n    namespace: pgo\nkind: PodList\n";
    for text in [
        format!("{object}\n{one}{other}{object}\n{third}"),
        format!("{as_yaml}{one}---\n{as_yaml}{other}"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cluster-info.dump");
        fs::write(&path, text).unwrap();
        let inputs =
            pgo_preflight::source::Inputs::find([&path], pgo_preflight::source::Limits::default())
                .unwrap();
        let gathered = pgo_preflight::manifest::gather(
            inputs,
            pgo_preflight::source::OriginId(0),
            pgo_preflight::source::SourceId(0),
        );
        let loaded = &gathered.loaded[0];
        assert_eq!(loaded.problems, []);
        assert_eq!(loaded.objects.len(), 2);
        assert!(!loaded.source.text.contains("hunter2"));
    }
}

#[test]
fn objects_in_a_support_export_are_unwrapped_in_place() {
    let wrapped =
        "Object:\n  apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n    namespace: pgo\n";
    let files = [
        (
            "hippo/postgrescluster.yaml",
            "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\n",
        ),
        ("hippo/current-namespace.yaml", "metadata: {name: pgo}\n"),
        ("hippo/pods/list", "NAME AGE"),
        ("hippo/pods/a.yaml", wrapped),
        ("hippo/pods/a/pgdata/pg14/log/postgresql.log", "log"),
    ];
    let dump = dump(
        "crunchy_k8s_support_export_2022-08-08-115726-0400.tar.gz",
        &gzip(&tar(&files)),
    );
    let text = String::from_utf8(dump.texts[2].bytes.clone()).unwrap();
    assert_eq!(text, wrapped.replace("Object:", "       "));
    let loaded = pgo_preflight::manifest::load(
        pgo_preflight::source::SourceId(0),
        pgo_preflight::source::OriginId(0),
        "a".to_owned(),
        dump.texts[2].bytes.clone(),
    );
    assert_eq!(&*loaded.objects[0].name, "a");
    assert_eq!(loaded.problems, []);
    assert!(told(&dump)[0].contains("a support export of PGO v5"));
}

#[test]
fn an_archive_in_a_folder_is_read_if_it_is_clearly_an_export_and_told_of_if_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut bundle = Vec::new();
    pgo_preflight::source::bundle::write(&super::making::live("prod", &[]), &mut bundle).unwrap();
    fs::write(at("prod.tar.gz"), &bundle).unwrap();
    fs::write(at("some.zip"), zip(&[("a.yaml", POD)])).unwrap();
    fs::write(
        at("chart.tgz"),
        gzip(&tar(&[
            ("x/Chart.yaml", "name: x\n"),
            ("x/templates/a.yaml", "{{"),
        ])),
    )
    .unwrap();
    fs::write(at("pictures.zip"), zip(&[("a.png", "x")])).unwrap();
    let (dumps, skipped) = named(&[folder.path()], folder.path());
    let names: Vec<&str> = dumps.iter().map(|dump| dump.name.as_str()).collect();
    assert_eq!(names, ["prod"]);
    let mut told: Vec<(String, bool)> = skipped
        .iter()
        .map(|skipped| (skipped.uri.clone(), skipped.reason.may_hide_objects()))
        .collect();
    told.sort();
    let wanted = [
        ("chart.tgz", false),
        ("pictures.zip", false),
        ("some.zip", true),
    ];
    assert_eq!(told, wanted.map(|(uri, counts)| (uri.to_owned(), counts)));

    let (dumps, _) = named(&[folder.path(), &at("some.zip")], folder.path());
    assert_eq!(dumps.len(), 2, "named itself, it is read");
}

#[test]
fn the_same_archive_twice_is_one_origin() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tgz");
    fs::write(&path, gzip(&tar(&[("a.yaml", POD)]))).unwrap();
    let twice = folder
        .path()
        .join("../")
        .join(folder.path().file_name().unwrap())
        .join("a.tgz");
    let (dumps, skipped) = named(&[&path, &twice], folder.path());
    assert_eq!(dumps.len(), 1);
    assert!(matches!(skipped[0].reason, Reason::Repeated(_)));
}
