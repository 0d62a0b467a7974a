//! Digests `rules/`, `steps/` and the table of releases for the program to embed. What every run needs becomes tables in Rust;
//! the examples of rules and steps, for `rules` and `test`, JSON texts. Tells the program from what it is built.
//!
//! It only reads the keys. Whether the rules make sense is checked by the tests, with positions.

#![allow(clippy::print_stdout)] // how a build script talks to cargo

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use raw::RawRule;
use raw_step::RawStep;
use serde::de::DeserializeOwned;

#[path = "build/commit.rs"]
mod commit;
#[path = "src/rule/raw.rs"]
mod raw;
#[path = "src/rule/raw_step.rs"]
mod raw_step;
#[path = "build/releases.rs"]
mod releases;
#[path = "build/table.rs"]
mod table;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    commit::tell(&root);
    println!(
        "cargo:rustc-env=PGO_PREFLIGHT_PLATFORM={}",
        env::var("TARGET")?
    );
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut rules = read::<RawRule>(&root, "rules")?;
    // In the order that the program keeps them in.
    rules.sort_by(|(file, left), (other, right)| (&left.id, file).cmp(&(&right.id, other)));
    fs::write(out.join("rules.rs"), table::of_rules(&rules))?;
    let examples: Vec<_> = rules.iter().map(|(_, rule)| &rule.examples).collect();
    fs::write(out.join("examples.json"), serde_json::to_vec(&examples)?)?;
    let steps = read::<RawStep>(&root, "steps")?;
    fs::write(out.join("steps.rs"), table::of_steps(&steps))?;
    let examples: Vec<_> = steps.iter().map(|(_, step)| &step.examples).collect();
    let examples = serde_json::to_vec(&examples)?;
    fs::write(out.join("step-examples.json"), examples)?;
    let releases = root.join("src/schema/releases.json");
    println!("cargo:rerun-if-changed={}", releases.display());
    let releases = releases::table(&fs::read_to_string(releases)?)?;
    fs::write(out.join("releases.rs"), releases)?;
    Ok(())
}

/// What stands in the files below a folder, each with its path.
fn read<T: DeserializeOwned>(
    root: &Path,
    folder: &str,
) -> Result<Vec<(String, T)>, Box<dyn Error>> {
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files)?;
    files.sort();
    let mut all = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path)?;
        let file = path
            .strip_prefix(root)?
            .to_string_lossy()
            .replace('\\', "/");
        let one = yaml_serde::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        all.push((file, one));
    }
    Ok(all)
}

/// The rule files below a folder. Cargo looks at a folder's own time, so that a new or removed file
/// is noticed too.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
        {
            println!("cargo:rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
