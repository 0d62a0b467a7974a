//! Every command in every rendered report of the fixtures is one that the programs have, holds no placeholder, and is not
//! broken by a name that would do something in a shell.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::commands::{check as parse, commands};
use crate::common::{root, worked_examples};

/// The forms in which people are told commands.
const FORMS: [&[&str]; 4] = [
    &[],
    &["-v"],
    &["--format", "markdown"],
    &["--format", "html"],
];

fn rendered(input: &Path, form: &[&str]) -> String {
    let output = crate::common::program()
        .args(["check", "--no-config", "--now", "2026-11-20T12:00:00Z"])
        .arg(input)
        .args(form)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!text.is_empty(), "{}: {error}", input.display());
    text
}

/// The commands of a report: set-in lines of a text, the fences of Markdown, the blocks of a page.
fn commands_of(text: &str, form: &[&str]) -> Vec<String> {
    let text = match form {
        ["--format", "html"] => blocks(text),
        ["--format", "markdown"] => fenced(text),
        _ => text.replace("  = settle it: ", "    "),
    };
    commands(&text)
}

/// What a page has in `pre`, set in.
fn blocks(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split("<pre tabindex=\"0\">").skip(1) {
        let block = piece.split("</pre>").next().unwrap_or_default();
        for line in unescaped(block).lines() {
            text.push_str(&format!("    {line}\n"));
        }
        text.push('\n');
    }
    text
}

fn unescaped(text: &str) -> String {
    let entities = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    let mut text = text.to_owned();
    for (entity, character) in entities {
        text = text.replace(entity, character);
    }
    text
}

/// What Markdown has in fences, set in.
fn fenced(markdown: &str) -> String {
    let mut text = String::new();
    let mut open = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            open = !open;
            text.push('\n');
        } else if open {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// What is wrong with the commands of a report.
fn wrong(input: &Path, form: &[&str]) -> Vec<String> {
    let text = rendered(input, form);
    let found = commands_of(&text, form);
    let found = found.iter().filter_map(|command| {
        // Outside of quotes a name in angle brackets stands for one that is not there.
        let bare: String = command.split('\'').step_by(2).collect();
        let mut opened = bare.match_indices('<').map(|(at, _)| &bare[at + 1..]);
        if opened.any(|after| after.starts_with(|c: char| c.is_ascii_alphabetic())) {
            return Some(format!("a placeholder: {command}"));
        }
        parse(command).err()
    });
    let found: BTreeSet<String> = found.collect();
    found
        .into_iter()
        .map(|what| format!("{} {form:?}: {what}", input.display()))
        .collect()
}

fn fixtures() -> Vec<PathBuf> {
    let mut inputs: Vec<PathBuf> = worked_examples()
        .iter()
        .map(|example| example.folder.join("cluster.yaml"))
        .collect();
    for folder in [
        "draft-folder",
        "guide-snippets",
        "fleets",
        "lives",
        "schema",
    ] {
        inputs.push(root().join("fixtures").join(folder));
    }
    inputs
}

#[test]
fn every_command_of_every_report_is_one_that_the_programs_have() {
    let inputs = fixtures();
    for form in FORMS {
        let few = inputs.iter().take(8);
        let told: usize = few
            .map(|input| commands_of(&rendered(input, form), form).len())
            .sum();
        assert!(told > 10, "{form:?} tells {told} commands");
    }
    let wrong: Vec<String> = inputs
        .par_iter()
        .flat_map_iter(|input| FORMS.into_iter().flat_map(|form| wrong(input, form)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_that_would_do_something_in_a_shell_stays_one_word_in_every_report() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = "h'$(id)`id`;|&<>\\\"\\\\ --all #x";
    let mut inputs = Vec::new();
    for row in ["02", "07", "15", "20"] {
        let example = root().join("fixtures/worked-examples").join(row);
        let text = std::fs::read_to_string(example.join("cluster.yaml")).unwrap();
        let text = text
            .replace(
                "namespace: pgo\n",
                &format!("namespace: \"pgo{hostile}\"\n"),
            )
            .replace(
                "name: hippo-abcd\n",
                &format!("name: \"hippo-abcd{hostile}\"\n"),
            );
        let file = folder.path().join(format!("{row}.yaml"));
        std::fs::write(&file, text).unwrap();
        inputs.push(file);
    }
    let told: usize = inputs
        .iter()
        .map(|input| commands_of(&rendered(input, &["-v"]), &["-v"]).len())
        .sum();
    assert!(told > 20, "{told}");
    let wrong: Vec<String> = inputs
        .par_iter()
        .flat_map_iter(|input| FORMS.into_iter().flat_map(|form| wrong(input, form)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
