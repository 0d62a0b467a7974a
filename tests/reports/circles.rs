//! No file imports another that imports it back, however long the way round: read from the source itself.
//!
//! A name that a module only passes on (`pub use`) leads to the file that has it, so a module's front is no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

/// A module: its place below the crate, `["fact", "v4", "repo"]`.
type Module = Vec<String>;

/// What one file imports.
struct File {
    /// Below `src`, with forward slashes.
    path: String,
    module: Module,
    /// What `use` brings in: the name it gets here, and the path as written.
    uses: Vec<Use>,
    /// Paths written out in the code.
    paths: BTreeSet<Vec<String>>,
    /// The code without comments, tests and `use`.
    code: String,
}

struct Use {
    name: String,
    path: Vec<String>,
    passed_on: bool,
}

fn words(path: &str) -> Vec<String> {
    path.split("::")
        .map(|word| word.trim().to_owned())
        .collect()
}

/// The module a file is.
fn module_of(path: &str) -> Module {
    let stem = path.strip_suffix(".rs").unwrap();
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    if matches!(stem, "lib" | "main") {
        return Vec::new();
    }
    stem.split('/').map(str::to_owned).collect()
}

fn file(path: &str, text: &str) -> File {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code = Regex::new(r"(?m)(^|[^:])//.*$")
        .unwrap()
        .replace_all(text, "$1");
    // How far a name is seen is no import.
    let seen = Regex::new(r"pub\(in [^)]*\)").unwrap();
    let code = seen.replace_all(&code, "pub");
    let statement = Regex::new(r"(?s)(?m)^\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);").unwrap();
    let mut uses = Vec::new();
    for found in statement.captures_iter(&code) {
        expand(&[], &found[2], found.get(1).is_some(), &mut uses);
    }
    let declared = Regex::new(r"\bmod \w+;").unwrap();
    let code = statement.replace_all(&code, "");
    let code = declared.replace_all(&code, "").into_owned();
    let written = Regex::new(r"\b[a-z_][a-z_0-9]*(?:::\w+)+").unwrap();
    File {
        path: path.to_owned(),
        module: module_of(path),
        uses,
        paths: written
            .find_iter(&code)
            .map(|found| words(found.as_str()))
            .collect(),
        code,
    }
}

/// Takes `a::{b, c::{d, self}}` apart.
fn expand(before: &[String], text: &str, passed_on: bool, uses: &mut Vec<Use>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if let Some((head, group)) = text.split_once('{') {
        let mut start = before.to_vec();
        start.extend(
            words(head.trim_end_matches("::"))
                .into_iter()
                .filter(|word| !word.is_empty()),
        );
        for entry in entries(group.strip_suffix('}').unwrap()) {
            expand(&start, entry, passed_on, uses);
        }
        return;
    }
    let (path, alias) = text.split_once(" as ").unwrap_or((text, ""));
    let mut path = [before, &words(path)].concat();
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = if alias.is_empty() {
        path.last().unwrap()
    } else {
        alias.trim()
    };
    uses.push(Use {
        name: name.to_owned(),
        path,
        passed_on,
    });
}

/// The entries of a group, at its own depth.
fn entries(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&group[start..]);
    found
}

/// All files by module; those that are only tests are none of ours.
struct Crate(BTreeMap<Module, File>);

impl Crate {
    fn of(texts: &[(String, String)]) -> Crate {
        let only_tests =
            Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\([^)]*\))?\s+)?mod (\w+);").unwrap();
        let tests: Vec<Module> = texts
            .iter()
            .flat_map(|(path, text)| {
                let module = module_of(path);
                let names = only_tests.captures_iter(text);
                names
                    .map(|name| [module.clone(), vec![name[1].to_owned()]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
        let files = texts.iter().map(|(path, text)| file(path, text));
        let ours = files.filter(|file| {
            file.path != "main.rs" && !tests.iter().any(|test| file.module.starts_with(test))
        });
        Crate(ours.map(|file| (file.module.clone(), file)).collect())
    }

    /// The file in which a path written in `from` ends.
    fn end(&self, from: &Module, path: &[String], depth: usize) -> Option<&str> {
        let mut here = from.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (here, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    here.pop();
                    rest = &rest[1..];
                }
            }
            first => {
                let child = [from.as_slice(), &[first.to_owned()]].concat();
                if !self.0.contains_key(&child) {
                    return None;
                }
            }
        }
        for (at, word) in rest.iter().enumerate() {
            let child = [here.as_slice(), std::slice::from_ref(word)].concat();
            if self.0.contains_key(&child) {
                here = child;
                continue;
            }
            let used = self
                .0
                .get(&here)?
                .uses
                .iter()
                .find(|used| used.name == *word);
            return match used.filter(|_| depth < 9) {
                Some(used) => {
                    let on = [&used.path, &rest[at + 1..]].concat();
                    self.end(&here, &on, depth + 1)
                }
                None => Some(&self.0.get(&here)?.path),
            };
        }
        Some(&self.0.get(&here)?.path)
    }

    fn imports(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let of = |file: &File| {
            let named = |word: &str| {
                Regex::new(&format!(r"\b{word}\b"))
                    .unwrap()
                    .is_match(&file.code)
            };
            // What is not named here is passed on, to outside or to the module's own files; but a trait need not be named.
            let may_be_trait =
                |used: &Use| !used.passed_on && used.name.starts_with(char::is_uppercase);
            let uses = file
                .uses
                .iter()
                .filter(|used| may_be_trait(used) || named(&used.name));
            let paths = uses.map(|used| &used.path).chain(&file.paths);
            let ends = paths.filter_map(|path| self.end(&file.module, path, 0));
            ends.filter(|end| *end != file.path).collect()
        };
        self.0
            .values()
            .map(|file| (file.path.as_str(), of(file)))
            .collect()
    }

    /// Files that reach each other, sorted.
    fn circles(&self) -> Vec<Vec<&str>> {
        let imports = self.imports();
        let reach = |start: &str| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
            while let Some(next) = open.pop() {
                for import in imports.get(next).into_iter().flatten() {
                    if seen.insert(*import) {
                        open.push(import);
                    }
                }
            }
            seen
        };
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            imports.keys().map(|path| (*path, reach(path))).collect();
        let circle = |path: &str| -> Vec<&str> {
            let back = reached[path]
                .iter()
                .filter(|other| reached[*other].contains(path));
            back.copied().collect()
        };
        let circles: BTreeSet<Vec<&str>> = imports.keys().map(|path| circle(path)).collect();
        circles
            .into_iter()
            .filter(|files| files.len() > 1)
            .collect()
    }
}

fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((below, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn no_file_imports_one_that_imports_it_back() {
    let texts = texts();
    let all = Crate::of(&texts);
    let circles = all.circles();
    let told: Vec<String> = circles.iter().map(|files| files.join("\n")).collect();
    assert!(
        told.is_empty(),
        "these import each other: take a file out of the circle (what two need goes to a third)\n\n{}\n",
        told.join("\n\n")
    );
}

#[test]
fn a_circle_is_seen_through_what_modules_pass_on() {
    let of = |files: &[(&str, &str)]| -> Vec<Vec<String>> {
        let texts: Vec<_> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        let all = Crate::of(&texts);
        let circles = all.circles().into_iter();
        circles
            .map(|files| files.into_iter().map(str::to_owned).collect())
            .collect()
    };
    let front = ("a/mod.rs", "mod b;\nmod c;\npub use b::B;\n");
    let b = ("a/b.rs", "pub struct B;");
    assert!(of(&[front, b, ("a/c.rs", "use super::B;\n")]).is_empty());
    let back = (
        "a/b.rs",
        "use crate::a::c::{self, f};\npub struct B;\nfn b() { f() }",
    );
    assert_eq!(
        of(&[front, back, ("a/c.rs", "use super::B;\n")]),
        [["a/b.rs", "a/c.rs"]]
    );
    assert_eq!(
        of(&[front, b, ("a/c.rs", "fn f() { super::g() }")]),
        [[""; 0]; 0]
    );
    let uses_child = (
        "a/mod.rs",
        "mod b;\nmod c;\npub use b::B;\nfn g() { c::f() }\n",
    );
    assert_eq!(
        of(&[uses_child, b, ("a/c.rs", "fn f() { super::g() }")]),
        [["a/c.rs", "a/mod.rs"]]
    );
    let tested = (
        "a/c.rs",
        "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::a::g;\n}",
    );
    assert!(of(&[uses_child, b, tested]).is_empty());
}
