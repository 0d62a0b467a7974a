//! Steps of a user's own: what is wrong with them is told by file and line before anything is planned.

use pgo_preflight::check::names_of;
use pgo_preflight::rule::{RuleProblem, RuleSet, StepSet};

use crate::steps::{rules, steps};

const STEP: &str = "\
id: tell-the-desk
methods: [volumes, backups, standby]
phase: stop
after: [check-the-draft]
needed: cluster.namespace == 'pgo'
done: by hand
title: tell the service desk
run: |
  kubectl annotate namespace {cluster.namespace} example.com/move=now --overwrite
source: our handbook
";

/// What is told of files: the built-in steps and these, as `plan --steps` loads them.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let told = |problems: &[RuleProblem]| problems.iter().map(RuleProblem::to_string).collect();
    let loaded = match StepSet::from_texts(files.iter().copied(), names_of) {
        Ok(loaded) => loaded,
        Err(problems) => return told(&problems),
    };
    let rules: RuleSet = rules();
    match steps().with(loaded) {
        Ok(all) => told(&all.unheard_of(&|id| rules.get(id).is_some())),
        Err(problems) => told(&problems),
    }
}

fn one(change: (&str, &str)) -> Vec<String> {
    let text = STEP.replace(change.0, change.1);
    assert_ne!(text, STEP);
    told(&[("own/tell-the-desk.yaml", &text)])
}

#[test]
fn a_step_of_ones_own_is_added_or_takes_the_place_of_a_built_in_one() {
    assert!(told(&[("own/tell-the-desk.yaml", STEP)]).is_empty());
    let loaded = StepSet::from_texts([("own/tell-the-desk.yaml", STEP)], names_of).unwrap();
    let all = steps().with(loaded).unwrap();
    assert_eq!(all.steps().len(), steps().steps().len() + 1);
    let position = |id: &str| all.steps().iter().position(|step| &*step.id == id);
    assert!(position("check-the-draft") < position("tell-the-desk"));

    let text = STEP
        .replace("tell-the-desk", "tidy-up")
        .replace("[check-the-draft]", "[verify-the-move]")
        .replace("phase: stop", "phase: clean-up");
    let loaded = StepSet::from_texts([("own/tidy-up.yaml", &*text)], names_of).unwrap();
    let all = steps().with(loaded).unwrap();
    assert_eq!(all.steps().len(), steps().steps().len());
    assert_eq!(all.get("tidy-up").unwrap().title, "tell the service desk");
}

#[test]
fn what_is_wrong_with_a_step_is_told_by_file_and_line() {
    for (change, told) in [
        (
            ("title:", "titel: x\ntitle:"),
            "own/tell-the-desk.yaml:7:1: there is no key `titel`",
        ),
        (
            ("cluster.namespace ==", "cluster.namespaze =="),
            "own/tell-the-desk.yaml:5:9: needed: there is nothing named `cluster.namespaze`",
        ),
        (
            ("[check-the-draft]", "[check-the-darft]"),
            "own/tell-the-desk.yaml:4: after: there is no step `check-the-darft`",
        ),
        (
            ("source:", "answers: [no-such-rule]\nsource:"),
            "own/tell-the-desk.yaml:10: answers: there is no rule `no-such-rule`",
        ),
        (
            ("source:", "stopped_by: [no-such-rule]\nsource:"),
            "own/tell-the-desk.yaml:10: stopped_by: there is no rule `no-such-rule`",
        ),
        (
            ("phase: stop", "phase: stopp"),
            "own/tell-the-desk.yaml:3: phase `stopp` is none of",
        ),
        (
            ("id: tell-the-desk", "id: tell-a-desk"),
            "own/tell-the-desk.yaml:1: the id `tell-a-desk` differs",
        ),
    ] {
        let found = one(change);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(told), "{found:?}, wanted {told}");
    }
}

/// A circle is told once, with the steps that are in it and no others, where it was closed.
#[test]
fn steps_that_wait_for_each_other_are_told_where_the_circle_was_closed() {
    let text = STEP
        .replace("id: tell-the-desk", "id: check-the-draft")
        .replace("[check-the-draft]", "[apply-v5]");
    let found = told(&[("own/check-the-draft.yaml", &text)]);
    assert_eq!(found.len(), 1, "{found:?}");
    let begins = "own/check-the-draft.yaml:4: after: these steps wait for each other: check-the-draft after apply-v5 after ";
    assert!(found[0].starts_with(begins), "{found:?}");
    assert!(found[0].ends_with(" after check-the-draft"), "{found:?}");
    assert!(!found[0].contains("verify-the-move"), "{found:?}");

    let itself = one(("[check-the-draft]", "[tell-the-desk]"));
    let told = "own/tell-the-desk.yaml:4: after: these steps wait for each other: tell-the-desk after tell-the-desk";
    assert_eq!(itself, [told]);
}
