//! Every place that may hold a credential holds one, and no output of the program tells it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::planted::{self, CANARY, Canaries, FORMATS};

/// A folder with all of them in JSON and in YAML, and with texts that cannot be read.
fn folder(canaries: &mut Canaries) -> TempDir {
    let folder = TempDir::new().unwrap();
    let objects = canaries.objects();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
    let yaml = objects
        .iter()
        .map(|one| yaml_serde::to_string(one).unwrap());
    let yaml = yaml.collect::<Vec<_>>().join("---\n");
    // What was commented out beside what is pointed at.
    let commented = [
        ("kind: PostgresCluster\n", "# password: "),
        ("postgresVersion: 13\n", "# - "),
        ("clustername: hippo\n", "# PGPASSWORD="),
    ];
    let yaml = commented.iter().fold(yaml, |yaml, (line, comment)| {
        let comment = format!("{} {comment}{}\n", line.trim(), canaries.at("comment"));
        let replaced = yaml.replace(line, &comment);
        assert_ne!(replaced, yaml, "{line}");
        replaced
    });
    let ways = planted::written(&objects, 7);
    let mut at = |place: &str| canaries.at(place);
    let log = format!(
        "{list}\n==== START logs for container database of pod pgo/hippo ====\npassword={}\nkind: Pod\n==== END logs for container database of pod pgo/hippo ====\n",
        at("log of a Job"),
    );
    let twice = at("key written twice");
    for (name, text) in [
        ("a.json", log),
        ("b.yaml", yaml),
        ("ways/a.yaml", ways),
        (
            "broken/c.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nstringData: {{p: {}}}\n bad: [\n",
                at("what breaks off")
            ),
        ),
        (
            "broken/d.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{c: {{{twice}: 1, {twice}: 2}}}}\n"
            ),
        ),
        (
            "broken/e.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: {{{{ .x }}}}}}\nstringData: {{p: {}}}\n",
                at("template")
            ),
        ),
        (
            "broken/f.json",
            format!(
                "{{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {{\"p\": \"{}\",,}}}}",
                at("broken JSON")
            ),
        ),
        (
            "info.json",
            format!(
                "[{{\"name\": \"db\", \"cipher\": \"{0}\", \"backup\": [{{\"label\": \"{0}\"}}]}}]",
                at("backup info")
            ),
        ),
        (
            "odd.json",
            format!("[{{\"name\": \"db\", {}", at("backup info that breaks off")),
        ),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Everything that a run says, on both streams; and that nothing in it is one of them.
fn say(folder: &Path, canaries: &Canaries, args: &[&str]) -> String {
    let output = crate::common::program()
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    let told = canaries.in_text(&text);
    assert!(told.is_empty(), "{args:?} tells {told:?}");
    assert!(
        !text.contains(&planted::base64(CANARY.as_bytes())[..8]),
        "{args:?}"
    );
    assert!(!text.contains("panicked"), "{args:?}: {text}");
    // A command line that is not understood says nothing of what it was given.
    let code = output.status.code();
    let is_run = matches!(code, Some(0 | 1 | 3)) || text.starts_with("error: odd.json");
    assert!(is_run, "{args:?}: {code:?} {text}");
    text
}

const JUDGED: [&str; 5] = [
    "--no-config",
    "--now",
    "2026-11-20T12:00:00Z",
    "--target",
    "5.8.2",
];

/// One run that writes every format, of which each tells something.
fn say_in_all_formats(folder: &Path, canaries: &Canaries, args: &[&str]) {
    let formats = FORMATS.map(|format| format!("{format}=said.{format}"));
    let formats = formats.iter().flat_map(|format| ["--format", format]);
    let args: Vec<&str> = args.iter().copied().chain(formats).collect();
    say(folder, canaries, &args);
    for format in FORMATS {
        let told = fs::read_to_string(folder.join(format!("said.{format}"))).unwrap();
        assert!(!told.is_empty(), "{args:?} {format}");
        assert_eq!(
            canaries.in_text(&told),
            [""; 0],
            "{args:?} tells in {format}"
        );
    }
}

#[test]
fn no_check_tells_what_a_secret_place_held() {
    let mut canaries = Canaries::default();
    let folder = folder(&mut canaries);
    let all = ["--assume-complete", "--lint-live", "--facts"];
    for input in ["a.json", "b.yaml", "broken", "ways"] {
        let args = [&["check", input], &JUDGED[..], &all].concat();
        say_in_all_formats(folder.path(), &canaries, &args);
    }
    for more in [
        &["-v"][..],
        &["-v", "--method", "upgrade"],
        &["--backup-info", "pgo/hippo=info.json", "-v"],
        &["--backup-info", "pgo/hippo=odd.json"],
    ] {
        let args = [&["check", "b.yaml", "--assume-complete"], &JUDGED[..], more].concat();
        say(folder.path(), &canaries, &args);
    }
}

#[test]
fn no_plan_no_verification_and_no_draft_tells_what_a_secret_place_held() {
    let mut canaries = Canaries::default();
    let folder = folder(&mut canaries);
    let say = |args: &[&str]| say(folder.path(), &canaries, &[args, &JUDGED].concat());
    for format in ["human", "markdown", "json", "html"] {
        say(&["plan", "b.yaml", "--assume-complete", "--format", format]);
    }
    for input in ["b.yaml", "ways"] {
        let verified = [
            "verify",
            "--before",
            input,
            input,
            "--backup-info",
            "pgo/hippo=info.json",
        ];
        say_in_all_formats(folder.path(), &canaries, &[&verified[..], &JUDGED].concat());
    }
    say(&["plan", "broken", "b.yaml", "-v"]);
    say(&["plan", "ways", "-v"]);
    say(&["verify", "broken", "b.yaml", "--format", "sarif"]);
    for method in ["volumes", "backups", "standby"] {
        for more in [&["--no-comments"][..], &[], &["--secrets"]] {
            let drafted = [
                "draft",
                "b.yaml",
                "--assume-complete",
                "--anyway",
                "--method",
                method,
            ];
            assert!(say(&[&drafted[..], more].concat()).len() > 100);
        }
    }
    say(&[
        "draft",
        "broken",
        "b.yaml",
        "--anyway",
        "--format",
        "kustomize",
        "-o",
        "drafts",
        "--method",
        "volumes",
    ]);
    for file in walkdir(&folder.path().join("drafts")) {
        let told = fs::read_to_string(&file).unwrap();
        assert_eq!(canaries.in_text(&told), [""; 0], "{file:?}");
    }
}

fn walkdir(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let below = |path: std::path::PathBuf| {
        if path.is_dir() {
            walkdir(&path)
        } else {
            vec![path]
        }
    };
    entries.flat_map(below).collect()
}

/// What no text keeps, no output can tell, nor those that are still to be written.
#[test]
fn no_text_keeps_what_a_secret_place_held() {
    use pgo_preflight::manifest::load;
    use pgo_preflight::source::{OriginId, SourceId};
    let mut canaries = Canaries::default();
    let folder = folder(&mut canaries);
    for name in ["a.json", "b.yaml"] {
        let mut text = fs::read(folder.path().join(name)).unwrap();
        // Logs are overwritten where files are read.
        let log = b"\n==== START";
        let end = text.windows(log.len()).position(|window| window == log);
        text.truncate(end.unwrap_or(text.len()));
        let loaded = load(SourceId(0), OriginId(0), String::new(), text);
        let told = canaries.in_text(&loaded.source.text);
        assert_eq!(told, [""; 0], "{name}");
        let told = format!("{:?}", loaded.objects);
        assert_eq!(canaries.in_text(&told), [""; 0], "{name}, in the trees");
    }
}

/// A text is what it means, however it is written: in escapes, over lines, under anchors and tags, in any order.
#[test]
fn no_way_of_writing_keeps_what_a_secret_place_held() {
    use pgo_preflight::manifest::load;
    use pgo_preflight::source::{OriginId, SourceId};
    let mut canaries = Canaries::default();
    let objects = canaries.objects();
    let ways = (0..24).map(|way| (format!("way {way}"), planted::written(&objects, way)));
    let escaped = ("escapes".to_owned(), planted::escaped(&objects));
    for (way, text) in ways.chain([escaped]) {
        for (document, object) in text.split("---\n# of nobody\n").skip(1).zip(&objects) {
            let read: Value = yaml_serde::from_str(document).unwrap();
            assert_eq!(read, *object, "{way} is another object");
        }
        let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
        assert_eq!(
            loaded.objects.len(),
            objects.len(),
            "{way}: {:?}",
            loaded.problems
        );
        for object in &loaded.objects {
            let mut open = vec![object.root()];
            while let Some(node) = open.pop() {
                open.extend(node.items());
                open.extend(node.entries().flat_map(|(key, value)| [key, value]));
                assert_eq!(canaries.in_text(node.text()), [""; 0], "{way}");
            }
        }
        let left = &loaded.source.text;
        assert_eq!(canaries.in_text(left), [""; 0], "{way}:\n{left}");
        // What is overwritten is the same object to who reads it again: bundles are.
        let again = load(
            SourceId(0),
            OriginId(0),
            String::new(),
            left.clone().into_bytes(),
        );
        if let Some(problem) = again.problems.first() {
            let at = problem.span.start as usize;
            let from = left.floor_char_boundary(at.saturating_sub(300));
            let to = left.ceil_char_boundary(left.len().min(at + 60));
            panic!("{way}: {} around:\n{}", problem.kind, &left[from..to]);
        }
        assert_eq!(again.objects.len(), objects.len(), "{way}");
        assert_eq!(again.source.text, *left, "{way}");
        for (once, twice) in loaded.objects.iter().zip(&again.objects) {
            let texts = texts(once.root()).into_iter().zip(texts(twice.root()));
            for (once, twice) in texts {
                assert_eq!(once, twice, "{way}");
            }
        }
    }
}

/// Every value in an object, and where it stands.
fn texts(object: pgo_preflight::manifest::Node<'_>) -> Vec<(u32, &str)> {
    let (mut open, mut texts) = (vec![object], Vec::new());
    while let Some(node) = open.pop() {
        open.extend(node.items());
        open.extend(node.entries().flat_map(|(key, value)| [key, value]));
        texts.push((node.span().start, node.text()));
    }
    texts
}

#[test]
fn what_is_no_secret_is_kept() {
    use pgo_preflight::manifest::load;
    use pgo_preflight::source::{OriginId, SourceId};
    let objects = Canaries::default().objects();
    let text = json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
    let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
    let left = &loaded.source.text;
    for kept in [
        "5432",
        "kept-bucket",
        "aes-256-cbc",
        "--port=5432",
        "@registry.example.com/crunchydata",
        "@s3.example.com",
        "SUPERUSER PASSWORD",
        "--type=immediate",
    ] {
        assert!(left.contains(kept), "{kept}");
    }
    assert!(!left.contains(CANARY));
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.conf: |\n    repo1-cipher-type=aes-256-cbc\n    repo1-cipher-pass=hunter2\n    pg1-port=1\n";
    let loaded = load(
        SourceId(0),
        OriginId(0),
        String::new(),
        map.as_bytes().to_vec(),
    );
    assert!(
        loaded
            .source
            .text
            .ends_with("aes-256-cbc\n    repo1-cipher-pass=_______\n    pg1-port=1\n")
    );
}
