//! What leads: for whom it is, what waits for an answer, what a command settles, and lines that lead on.

use crate::common;
use crate::lead::{of_example, text};

/// Example `row` with what was not exported open.
fn open(command: &str, row: &str) -> String {
    let file = common::root().join(format!("fixtures/worked-examples/{row}/cluster.yaml"));
    let file = file.to_str().unwrap();
    text(&[command, file, "--no-config", "--target", "5.8.2"])
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The head named a step, and who wanted to move by another method took it for theirs.
#[test]
fn the_head_says_for_which_method_a_step_is() {
    let told = flat(&of_example("02"));
    let ready = "is ready to move by backups. By volumes it can move once 1 thing is done (To do).";
    assert!(told.contains(ready), "{told}");
    let (head, _) = told.split_once(" Why ").unwrap();
    assert!(!head.contains("scale down"), "{told}");
    assert!(
        told.contains("primary hippo-jgut alone is left (for volumes only)"),
        "{told}"
    );
    let both = flat(&text(&[
        "check",
        common::root()
            .join("fixtures/worked-examples/02/cluster.yaml")
            .to_str()
            .unwrap(),
        "--no-config",
        "--target",
        "5.8.2",
        "--assume-complete",
        "--now",
        "2027-01-01T00:00:00Z",
    ]));
    assert!(both.contains("(To do, 1, for backups only)"), "{both}");
    assert!(both.contains("(To do, 2, for volumes only)"), "{both}");
    // What is for all that are open says nothing of methods.
    let all = flat(&of_example("07"));
    assert!(!all.contains("with group read and write (for "), "{all}");
}

/// What shuts v4 down was called the first thing to do.
#[test]
fn what_belongs_into_the_move_is_never_the_first_thing() {
    let told = flat(&of_example("07"));
    assert!(told.contains("(within the move, not before)"), "{told}");
    let first = told.split(" First: ").nth(1).unwrap();
    let (first, _) = first.split_once(" Why ").unwrap();
    assert!(!first.contains("group 26"), "{told}");
}

/// Replicas were to be scaled down, with a command, before it was known which instance is the primary.
#[test]
fn what_waits_for_an_answer_stands_behind_the_question() {
    for row in ["02", "03b"] {
        let told = open("check", row);
        let asked = told.find("\nTo ask\n").unwrap();
        let later = told.find("\nTo do once that is answered\n").unwrap();
        let step = told.find("Scale down the replicas").unwrap();
        assert!(asked < later && later < step, "{told}");
        assert!(told.contains("First: To ask."), "{told}");
        assert!(!told.contains("pgo scaledown"), "{told}");
        assert!(told[step..].contains("(To ask)."), "{told}");
    }
    let known = of_example("02");
    assert!(!known.contains("To do once that is answered"), "{known}");
    assert!(known.contains("pgo scaledown"), "{known}");
    // Nobody knows yet whether the method is open that it is for.
    let undecided = of_example("03b");
    let asked = undecided.find("\nTo ask\n").unwrap();
    let step = undecided.find("Scale down the replicas").unwrap();
    assert!(asked < step, "{undecided}");
}

/// The head counted what one method asks, and To ask what all do.
#[test]
fn the_numbers_of_the_head_are_those_of_what_is_asked() {
    let told = flat(&open("check", "03b"));
    let asked = told.split("questions about preparations (").nth(1).unwrap();
    let (asked, _) = asked.split_once(')').unwrap();
    let backups = asked
        .split(", ")
        .find_map(|one| one.strip_suffix(" for backups"));
    let head = format!(
        "by backups it can move once {} questions are answered",
        backups.unwrap()
    );
    assert!(told.contains(&head), "{head}\n{told}");
}

/// Questions stood behind `-v`, below commands that said nothing of what they tell.
#[test]
fn a_command_says_in_words_what_it_settles() {
    for row in ["02", "03b", "07", "15", "20"] {
        let told = open("check", row);
        let section = told.split("\nTo ask\n").nth(1).unwrap();
        let (section, _) = section.split_once("\n\n").unwrap();
        let mut lines = section.lines().peekable();
        let mut commands = 0;
        while let Some(line) = lines.next() {
            if line.starts_with("  kubectl get ") {
                commands += 1;
                let next = lines.peek().copied().unwrap_or_default();
                assert!(next.starts_with("    - "), "{row}: {line}\n{told}");
            }
        }
        assert!(commands > 0, "{told}");
        assert!(section.contains(": the need to "), "{row}: {told}");
    }
}

/// The line that leads to the plan forgot what was asked.
#[test]
fn the_line_that_leads_to_the_plan_names_the_answers() {
    let told = open("check", "20");
    let section = told.split("\nTo ask\n").nth(1).unwrap();
    let files: Vec<&str> = section
        .lines()
        .filter_map(|line| Some(line.strip_prefix("  kubectl get ")?.rsplit_once(" > ")?.1))
        .collect();
    assert!(files.len() > 2, "{told}");
    let plan = told.lines().last().unwrap().trim();
    for file in files {
        assert!(plan.contains(&format!(" {file} ")), "{file}: {plan}");
    }
    assert!(plan.starts_with("pgo-preflight plan "), "{plan}");
    // Where nothing is asked, it is the input alone.
    let known = of_example("02");
    assert!(
        !known.lines().last().unwrap().contains("preflight-"),
        "{known}"
    );
}

/// Phrases were cut in the middle.
#[test]
fn no_phrase_is_cut() {
    for row in ["02", "07", "15", "20"] {
        for told in [of_example(row), open("check", row)] {
            assert!(!told.contains('\u{2026}'), "{told}");
        }
    }
}

/// An archive without an ending was asked about by files that join nothing, and a folder that is called like one by a bundle.
#[test]
fn an_archive_is_told_by_what_it_is_and_not_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let example = common::root().join("fixtures/worked-examples/20/cluster.yaml");
    let bytes = std::fs::read(&example).unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, "cluster.yaml", bytes.as_slice())
        .unwrap();
    let tarball = tar.into_inner().unwrap();
    std::fs::write(folder.path().join("evidence"), tarball).unwrap();
    std::fs::create_dir(folder.path().join("export.zip")).unwrap();
    std::fs::write(folder.path().join("export.zip/cluster.yaml"), &bytes).unwrap();
    let run = |command: &str, input: &str| {
        let output = common::program()
            .current_dir(folder.path())
            .args([command, input, "--no-config", "--target", "5.8.2"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for command in ["check", "plan"] {
        let archive = run(command, "evidence");
        assert!(archive.contains("pgo-preflight collect "), "{archive}");
        assert!(!archive.contains("> preflight-"), "{archive}");
        let files = run(command, "export.zip");
        let again = format!("pgo-preflight {command} export.zip preflight-pgo-");
        assert!(files.contains(&again), "{files}");
    }
}

/// It was said that something counts as whole, and not what that costs where it is not.
#[test]
fn what_the_word_for_a_whole_export_does_is_said_where_it_was_given() {
    let told = flat(&of_example("02"));
    assert!(
        told.contains("what is not in the input counts as not there"),
        "{told}"
    );
    assert!(told.contains("verdicts may be too good"), "{told}");
    let without = flat(&open("check", "02"));
    assert!(!without.contains("counts as not there"), "{without}");
}
