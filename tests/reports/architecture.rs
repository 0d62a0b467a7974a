//! The order of the rooms, and who may name which crate or reach outside, read from the source itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// One source file, comments blanked.
struct SourceFile {
    /// Below `src`, with forward slashes.
    path: String,
    code: String,
    /// Lines up to the file's own unit tests.
    lines: usize,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(source(&path));
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(files.len() > 20, "the source files were not found");
    files
}

fn source(path: &Path) -> SourceFile {
    let text = fs::read_to_string(path).unwrap();
    let below = path.strip_prefix(root()).unwrap();
    SourceFile {
        path: below.to_string_lossy().replace('\\', "/"),
        code: without_comments(&text),
        lines: lines_before_tests(&text),
    }
}

fn without_comments(text: &str) -> String {
    let line_comment = Regex::new(r"(?m)(^|[^:])//.*$").unwrap();
    line_comment.replace_all(text, "$1").into_owned()
}

fn lines_before_tests(text: &str) -> usize {
    let tests = text.find("#[cfg(test)]\nmod tests {");
    text.get(..tests.unwrap_or(text.len()))
        .unwrap()
        .lines()
        .count()
}

/// The rooms in the order of `lib.rs`.
fn rooms() -> Vec<String> {
    let lib = fs::read_to_string(root().join("lib.rs")).unwrap();
    let room = Regex::new(r"(?m)^(?:pub )?mod (\w+);").unwrap();
    room.captures_iter(&lib)
        .map(|found| found[1].to_owned())
        .collect()
}

/// The room a file belongs to; none for `lib.rs` and `main.rs`.
fn room_of<'a>(path: &str, rooms: &'a [String]) -> Option<&'a String> {
    let first = path.split('/').next().unwrap();
    rooms
        .iter()
        .find(|room| first == *room || first.strip_suffix(".rs") == Some(room))
}

/// What a file names directly below the crate: `crate::x`, `use crate::{x, y::z}`, or by climbing with `super`.
fn crate_paths(file: &SourceFile) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let single = Regex::new(r"\bcrate::(\w+)").unwrap();
    names.extend(
        single
            .captures_iter(&file.code)
            .map(|found| found[1].to_owned()),
    );
    let group = Regex::new(r"\bcrate::\{").unwrap();
    for found in group.find_iter(&file.code) {
        names.extend(heads(&file.code[found.end()..]));
    }
    let climb = Regex::new(r"\b(?:super::){2,}(\w+)").unwrap();
    names.extend(
        climb
            .captures_iter(&file.code)
            .map(|found| found[1].to_owned()),
    );
    names
}

/// The first words of the entries of a `{...}` group, given the text after its brace.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut head) = (1, Vec::new(), String::new());
    let mut open = true;
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let in_word = c.is_alphanumeric() || c == '_';
        if depth == 1 && open && in_word {
            head.push(c);
        } else if !head.is_empty() {
            heads.push(std::mem::take(&mut head));
            open = false;
        }
        if depth == 1 && c == ',' {
            open = true;
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

/// Files that match a pattern outside the places where it belongs.
fn strays(pattern: &str, allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    let files = sources().into_iter();
    files
        .filter(|file| !allowed(&file.path) && pattern.is_match(&file.code))
        .map(|file| file.path)
        .collect()
}

/// A crate's name used as a path; a module of our own may be called like it.
fn names_crate(name: &str) -> String {
    format!(r"(?m)(^|[^\w:. ]|[^d] ){name}(::|;)")
}

/// How many files stand side by side in one folder: more than that nobody takes in at a glance.
const SIDE_BY_SIDE: usize = 20;

#[test]
fn no_folder_is_flat() {
    let mut files: BTreeMap<String, usize> = BTreeMap::new();
    for file in sources() {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        *files.entry(folder.to_owned()).or_default() += 1;
    }
    files.retain(|_, count| *count > SIDE_BY_SIDE);
    assert!(
        files.is_empty(),
        "more than {SIDE_BY_SIDE} files in one folder: group what belongs together in a room with a name of the field's: {files:?}"
    );
}

#[test]
fn a_room_uses_only_rooms_above_it() {
    let rooms = rooms();
    assert_eq!(rooms.first().map(String::as_str), Some("printable"));
    assert_eq!(rooms.last().map(String::as_str), Some("cli"));
    let place = |room: &str| rooms.iter().position(|other| other == room);
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(own) = room_of(&file.path, &rooms) else {
            continue;
        };
        for name in crate_paths(&file) {
            if place(&name) > place(own) {
                wrong.push(format!(
                    "src/{} uses {name}, which is below {own}",
                    file.path
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_belongs_to_a_room() {
    let rooms = rooms();
    for file in sources() {
        let outside = matches!(file.path.as_str(), "lib.rs" | "main.rs");
        assert!(
            outside || room_of(&file.path, &rooms).is_some(),
            "src/{}",
            file.path
        );
    }
}

#[test]
fn one_file_names_the_yaml_parser() {
    let strays = strays(&names_crate("granit_parser"), |path| {
        path == "manifest/reader/yaml.rs"
    });
    assert_eq!(strays, [""; 0]);
}

#[test]
fn one_room_names_the_cel_crate() {
    let strays = strays(&names_crate("cel"), |path| path.starts_with("expr/"));
    assert_eq!(strays, [""; 0]);
}

#[test]
fn one_file_names_the_diagnostics_crate() {
    let strays = strays(&names_crate("codespan_reporting"), |_| false);
    assert!(strays.len() <= 1, "{strays:?}");
    assert!(
        strays.iter().all(|path| path.starts_with("render/")),
        "{strays:?}"
    );
}

#[test]
fn only_live_code_names_the_cluster_client() {
    for name in ["kube", "tokio", "k8s_openapi"] {
        let is_live = |path: &str| {
            path.split('/')
                .any(|part| part.trim_end_matches(".rs") == "kube")
        };
        assert_eq!(strays(&names_crate(name), is_live), [""; 0], "{name}");
    }
}

#[test]
fn only_the_ends_touch_the_world() {
    let ends = |path: &str| {
        path.starts_with("source/")
            || path.starts_with("cli/")
            || path == "cli.rs"
            || path == "main.rs"
    };
    let world = [
        (
            r"\bstd::(fs|net|env)\b|\bstd::\{[^}]*\b(fs|net|env)\b",
            "reading and writing is source's and cli's",
        ),
        (
            r"\b(stdin|stdout|stderr)\(\)",
            "streams are source's and cli's",
        ),
        (
            r"\b(SystemTime|Instant|Timestamp|Zoned)::now\(",
            "time is an input",
        ),
        (
            r"\bprocess::(exit|abort|Command)\b",
            "only main ends, and nothing starts programs",
        ),
    ];
    for (pattern, why) in world {
        assert_eq!(strays(pattern, ends), [""; 0], "{why}");
    }
}

#[test]
fn files_stay_readable_in_one_sitting() {
    const MOST: usize = 400;
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|file| file.lines > MOST && !file.path.ends_with("/tests.rs"))
        .map(|file| format!("src/{}: {} lines", file.path, file.lines))
        .collect();
    assert!(
        long.is_empty(),
        "over {MOST} lines (the goal is 300):\n{}",
        long.join("\n")
    );
}

#[test]
fn every_file_opens_with_what_it_is() {
    let silent: Vec<String> = sources()
        .into_iter()
        .map(|file| file.path)
        .filter(|path| {
            !fs::read_to_string(root().join(path))
                .unwrap()
                .starts_with("//! ")
        })
        .collect();
    assert_eq!(silent, [""; 0]);
}

/// The checks above see what they should: a test of the tests.
#[test]
fn forbidden_paths_are_seen_however_they_are_written() {
    let file = |code: &str| SourceFile {
        path: "fact/x.rs".to_owned(),
        code: without_comments(code),
        lines: 0,
    };
    let sees = |code: &str| crate_paths(&file(code)).into_iter().collect::<Vec<_>>();
    assert_eq!(sees("use crate::check::Report;"), ["check"]);
    assert_eq!(sees("fn f(r: &crate::check::Report) {}"), ["check"]);
    assert_eq!(
        sees("use crate::{check::{Report, fact::x}, rule};"),
        ["check", "rule"]
    );
    assert_eq!(sees("use super::super::check;"), ["check"]);
    assert_eq!(
        sees("/// See [`crate::check`].\nstruct A; // crate::check"),
        [""; 0]
    );
    let cel = Regex::new(&names_crate("cel")).unwrap();
    assert!(cel.is_match("use cel::Env;") && cel.is_match("let e = &cel::Env::new();"));
    assert!(!cel.is_match("parcel::open(); self.cel::<u8>(); crate::cel::x"));
}

/// What a kubeconfig, a plugin, a proxy or a server says may hold a credential. The calls that answer with such words stand in
/// `foreign.rs` alone, whose types cannot be printed; that nobody else makes them is seen here.
#[test]
fn no_text_of_an_error_of_a_cluster_is_told() {
    let told = Regex::new(r"\{(error|err|e)(:[^}]*)?\}|\b(error|err|e)\.to_string\(\)").unwrap();
    let mut files = 0;
    for file in sources() {
        if file.path.starts_with("source/kube/") && !file.path.starts_with("source/kube/foreign") {
            files += 1;
            let found = told.find(&file.code).map(|found| found.as_str());
            assert_eq!(found, None, "{}", file.path);
        }
    }
    assert!(files > 10);
    let calls = concat!(
        r"\bKubeconfig::(read|from)|\bConfig::(incluster|infer|from)|\bkube::Client\b|\bClientBuilder\b",
        r"|\bserde_json::from_(slice|str|reader)\b|\.merge\("
    );
    let of_others =
        |path: &str| path == "source/kube/foreign.rs" || !path.starts_with("source/kube/");
    assert_eq!(strays(calls, of_others), [""; 0]);
}
