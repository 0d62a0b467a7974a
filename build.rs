//! Digests `rules/` into two JSON texts that the program embeds: the rules without their examples,
//! which every run needs, and in full, for `rules` and `test`. Tells the program from what it is built.
//!
//! It only reads the keys. Whether the rules make sense is checked by the tests, with positions.

#![allow(clippy::print_stdout)] // how a build script talks to cargo

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use raw::RawRule;
use serde::Serialize;

#[path = "build/commit.rs"]
mod commit;
#[path = "src/rule/raw.rs"]
mod raw;

/// A rule with the path of its file.
#[derive(Serialize)]
struct Embedded {
    file: String,
    rule: RawRule,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    commit::tell(&root);
    println!(
        "cargo:rustc-env=PGO_PREFLIGHT_PLATFORM={}",
        env::var("TARGET")?
    );
    let mut files = Vec::new();
    collect(&root.join("rules"), &mut files)?;
    files.sort();

    let mut rules = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path)?;
        let file = path
            .strip_prefix(&root)?
            .to_string_lossy()
            .replace('\\', "/");
        let rule = yaml_serde::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        rules.push(Embedded { file, rule });
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("rules-full.json"), serde_json::to_vec(&rules)?)?;
    for Embedded { rule, .. } in &mut rules {
        rule.examples.clear();
    }
    fs::write(out.join("rules-brief.json"), serde_json::to_vec(&rules)?)?;
    Ok(())
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
