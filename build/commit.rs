//! From which commit the program is built, for `--version`.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Tells the program its commit, where it is known: what the packager says, else what the package was made from, else what Git
/// says of these sources. A build for working is no statement of a commit, and is not repeated for each.
pub(super) fn tell(root: &Path) {
    println!("cargo:rerun-if-env-changed=PGO_PREFLIGHT_COMMIT");
    let said = env::var("PGO_PREFLIGHT_COMMIT").ok();
    let said = said.filter(|commit| !commit.is_empty());
    let shipped = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = said
        .or_else(|| packaged(root))
        .or_else(|| shipped.then(|| checked_out(root)).flatten());
    if let Some(commit) = commit {
        println!("cargo:rustc-env=PGO_PREFLIGHT_COMMIT=commit {commit}");
    }
}

/// The commit that `cargo package` noted.
fn packaged(root: &Path) -> Option<String> {
    let text = fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let info: serde_json::Value = serde_json::from_str(&text).ok()?;
    let commit = info.get("git")?.get("sha1")?.as_str()?;
    Some(commit.get(..12)?.to_owned())
}

/// The commit of the work tree whose top is this folder, and whether files differ from it. Sources inside another repository
/// are not that repository's.
fn checked_out(root: &Path) -> Option<String> {
    let top = fs::canonicalize(git(root, &["rev-parse", "--show-toplevel"])?).ok()?;
    if top != fs::canonicalize(root).ok()? {
        return None;
    }
    // What the answer depends on, beside the rules.
    for path in [
        &["rev-parse", "--git-path", "HEAD"],
        &["rev-parse", "--git-path", "logs/HEAD"],
    ] {
        let path = root.join(git(root, path)?);
        if path.exists() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    for path in [
        "src",
        "build",
        "build.rs",
        "Cargo.toml",
        "Cargo.lock",
        "templates",
    ] {
        println!("cargo:rerun-if-changed={path}");
    }
    git(
        root,
        &[
            "describe",
            "--always",
            "--dirty",
            "--abbrev=12",
            "--match=-",
        ],
    )
}

/// What Git says, where there is one and it says something.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .current_dir(root)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
