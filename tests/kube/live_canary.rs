//! A server on which every place that may hold a credential holds one: neither the report of the live cluster nor its bundle tells
//! any.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::api_server::Server;
use crate::planted::{Canaries, FORMATS};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.flat_map(below).collect()
}

/// Objects as a server has them: each with a name of its own in its kind.
fn objects(canaries: &mut Canaries) -> Vec<Value> {
    let mut objects = canaries.objects();
    for object in &mut objects {
        object["metadata"]["uid"] = "0".into();
    }
    objects
}

#[test]
fn neither_a_live_cluster_nor_its_bundle_tells_what_a_secret_place_held() {
    let mut canaries = Canaries::default();
    let server = Server::of(objects(&mut canaries));
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let say = |args: &[&str]| {
        let output = crate::common::program()
            .current_dir(folder)
            .env("KUBECONFIG", server.kubeconfig())
            .args(args)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert_eq!(canaries.in_text(&text), [""; 0], "{args:?}");
        assert!(!text.is_empty(), "{args:?}");
        text
    };
    let formats = FORMATS.map(|format| format!("--format={format}=said.{format}"));
    let formats: Vec<&str> = formats.iter().map(String::as_str).collect();
    say(&["collect", "-A", "--secret-metadata", "-o", "secrets.tar.gz"]);
    say(&["collect", "-A", "-o", "bundle.tar.gz"]);
    for more in [&["-A"][..], &["secrets.tar.gz"], &["bundle.tar.gz"]] {
        let judged = ["--no-config", "--lint-live", "--facts"];
        say(&[&["check", "-v"], more, &judged].concat());
        // Both streams are silent where files are written.
        let output = crate::common::program()
            .current_dir(folder)
            .env("KUBECONFIG", server.kubeconfig())
            .args([&["check"][..], more, &judged, &formats].concat())
            .output()
            .unwrap();
        assert_eq!(
            canaries.in_text(&String::from_utf8_lossy(&output.stderr)),
            [""; 0]
        );
    }
    say(&["plan", "-A", "--no-config"]);
    say(&[
        "draft",
        "-A",
        "--no-config",
        "--anyway",
        "--method",
        "backups",
    ]);
    say(&["verify", "--before", "bundle.tar.gz", "-A", "--no-config"]);
    for path in files(folder) {
        let bytes = fs::read(&path).unwrap();
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if path.extension().is_some_and(|end| end == "gz") {
            text.clear();
            let mut archive = flate2::read::GzDecoder::new(&bytes[..]);
            archive.read_to_string(&mut text).unwrap();
            assert!(text.contains("kind: Pgcluster") && text.len() > 20_000);
        }
        assert_eq!(canaries.in_text(&text), [""; 0], "{path:?}");
    }
}
