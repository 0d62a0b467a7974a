//! Every environment variable and annotation of a Secret that a fact asks for by name is kept when a text is loaded.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pgo_preflight::manifest::load;
use pgo_preflight::source::{OriginId, SourceId};

use crate::common::root;

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            let text = fs::read_to_string(path).unwrap();
            // What follows are tests of the file.
            found.push(text.split("#[cfg(test)]").next().unwrap_or("").to_owned());
        }
    }
}

/// The texts in quotes that look like the name of a variable.
fn variables() -> BTreeSet<String> {
    let mut texts = Vec::new();
    sources(&root().join("src/fact"), &mut texts);
    let is_name = |word: &&str| {
        let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        word.len() > 5 && word.contains('_') && word.chars().all(is_capital)
    };
    let words = texts
        .iter()
        .flat_map(|text| text.split('"').skip(1).step_by(2));
    words.filter(is_name).map(str::to_owned).collect()
}

/// Variables of the operator of which facts read the name alone (`src/fact/live/upgrade/leftovers.rs`): one holds a key.
const NAME_ALONE: [&str; 5] = [
    "CHECK_FOR_UPGRADES",
    "CHECK_FOR_UPGRADES_URL",
    "REGISTRATION_URL",
    "RSA_KEY",
    "TOKEN_PATH",
];

#[test]
fn a_variable_that_a_fact_reads_is_not_overwritten() {
    let names = variables();
    assert!(names.len() > 20, "{names:?}");
    let whole = names.iter().filter(|name| !name.ends_with('_'));
    for name in whole.filter(|name| !NAME_ALONE.contains(&name.as_str())) {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: a, env: [{{name: {name}, value: stays}}]}}]}}\n"
        );
        let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
        assert!(
            loaded.source.text.contains("stays"),
            "{name} is read by a fact: add it to src/manifest/environment.rs, if it can hold no credential"
        );
    }
}
