//! The built-in rule files themselves: every one loads without a mistake, is embedded, and fits the schema for editors.

use std::fs;
use std::path::Path;

use pgo_preflight::check::names_of;
use pgo_preflight::rule::{RuleProblem, RuleSet, schema};

/// Path (as the build names it) and text of every rule file.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("rules")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of rules") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a text");
                let name = path.strip_prefix(root).expect("below the root");
                found.push((name.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_rule_loads_without_a_mistake() {
    let files = files();
    let texts = files
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()));
    if let Err(problems) = RuleSet::from_texts(texts, names_of) {
        let problems: Vec<String> = problems.iter().map(RuleProblem::to_string).collect();
        panic!("{}", problems.join("\n"));
    }
}

#[test]
fn what_is_embedded_is_what_is_in_the_folder() {
    let embedded = RuleSet::built_in(names_of).expect("the built-in rules");
    let mut names: Vec<&str> = embedded.rules().iter().map(|rule| &*rule.file).collect();
    names.sort_unstable();
    let files = files();
    assert_eq!(
        names,
        files
            .iter()
            .map(|(file, _)| file.as_str())
            .collect::<Vec<_>>()
    );
}

#[test]
fn every_rule_fits_the_schema_for_editors() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let files = files();
    assert!(!files.is_empty());
    for (file, text) in &files {
        let rule: serde_json::Value = yaml_serde::from_str(text).expect(file);
        let errors: Vec<_> = validator
            .iter_errors(&rule)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
}
