//! What the documents and the comments name is there: files, links, headings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::common::root;

/// Folders of the project in which a document may name a file.
const PLACES: [&str; 9] = [
    "src", "tests", "benches", "rules", "steps", "docs", "fixtures", "deploy", "fuzz",
];

/// Files below `folder` that end so, without what a build leaves there.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                files(&path, ending, found);
            }
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

fn documents() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(root(), ".md", &mut found);
    found
        .into_iter()
        .filter(|path| !path.starts_with(root().join("fixtures")))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

/// Whether `named` is a file or folder of the project, or, as the architecture tells its rooms, of `src`.
fn is_there(named: &str) -> bool {
    let named = named.split('*').next().unwrap().trim_end_matches('/');
    let source = root().join("src").join(named);
    root().join(named).exists() || source.exists() || source.with_extension("rs").exists()
}

/// Files that a text names between backticks and that are not there. A path counts if it begins with a folder of the project or
/// with a room of `src`; anything else (`pgo/hippo`, `app.kubernetes.io/name`) is not a file of ours.
fn missing(text: &str, rooms: &BTreeSet<String>) -> Vec<String> {
    let path = Regex::new(r"`(\w[\w.-]*)/([\w./*-]+)`").unwrap();
    path.captures_iter(text)
        .filter(|found| PLACES.contains(&&found[1]) || rooms.contains(&found[1]))
        .map(|found| format!("{}/{}", &found[1], &found[2]))
        // Of other projects, which have a `src`, too.
        .filter(|named| {
            Path::new(named)
                .extension()
                .is_none_or(|ending| ending != "c" && ending != "go")
        })
        .filter(|named| !is_there(named))
        .collect()
}

fn rooms() -> BTreeSet<String> {
    fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn a_file_that_a_document_or_a_comment_names_exists() {
    let mut sources = Vec::new();
    for folder in ["src", "tests", "benches"] {
        files(&root().join(folder), ".rs", &mut sources);
    }
    assert!(sources.len() > 100, "the source files were not found");
    let comments = sources.into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let comments: Vec<&str> = text
            .lines()
            .filter(|line| line.trim_start().starts_with("//"))
            .collect();
        (path, comments.join("\n"))
    });
    let rooms = rooms();
    let wrong: Vec<String> = documents()
        .into_iter()
        .chain(comments)
        // What was once called otherwise stays as it was told then.
        .filter(|(path, _)| !path.ends_with("CHANGELOG.md"))
        .flat_map(|(path, text)| {
            let missing = missing(&text, &rooms);
            missing
                .into_iter()
                .map(move |named| format!("{}: {named}", path.display()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "files that are not there:\n{}",
        wrong.join("\n")
    );
}

/// The anchors of a document's headings, as forges make them: small letters, blanks as dashes, no other signs.
fn anchors(text: &str) -> BTreeSet<String> {
    let heading = Regex::new(r"(?m)^#+ +(.+)$").unwrap();
    let named = Regex::new(r#"<a (?:id|name)="([^"]+)""#).unwrap();
    heading
        .captures_iter(text)
        .map(|found| {
            let kept =
                |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
            found[1]
                .to_lowercase()
                .chars()
                .filter(kept)
                .collect::<String>()
                .replace(' ', "-")
        })
        .chain(named.captures_iter(text).map(|found| found[1].to_owned()))
        .collect()
}

#[test]
fn a_link_of_a_document_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let fenced = Regex::new(r"(?ms)^```.*?^```").unwrap();
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for found in link.captures_iter(&fenced.replace_all(&text, "")) {
            let target = &found[1];
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            let leads = file.exists()
                && (anchor.is_empty()
                    || anchors(&fs::read_to_string(&file).unwrap()).contains(anchor));
            if !leads {
                wrong.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "links that lead nowhere:\n{}",
        wrong.join("\n")
    );
}

/// The README tells every kind that is asked of a server, in the words of the table that asks.
#[test]
fn the_readme_names_every_kind_that_is_read() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let told = readme.split("It reads: ").nth(1).unwrap();
    let told: BTreeSet<&str> = told
        .split("Other kinds")
        .next()
        .unwrap()
        .split(|letter: char| !letter.is_alphanumeric())
        .collect();
    for row in &pgo_preflight::source::WANTED {
        assert!(
            told.contains(row.kind),
            "the README does not name {}",
            row.kind
        );
    }
}
