//! Every command that a remedy or a question prints can be run as it stands: it is parsed against the verbs and flags that the
//! programs have, and no name in the input breaks out of its place.

use crate::commands::{check as parse, check_for, commands};
use crate::common;

use common::{judge, options};
use pgo_preflight::check::names_of;
use pgo_preflight::manifest::{Assume, KINDS};
use pgo_preflight::rule::{Complete, Example, Expect, RuleSet};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// What stands for a name that would do something in a shell.
const HOSTILE: &str = "h'$(id)`id`;|&<>\"\\\n--all #x";

/// What is done to the documents of an example.
#[derive(Clone, Copy, PartialEq)]
enum As {
    /// They stay as they are.
    Written,
    /// The names in them are made hostile.
    Hostile,
    /// PGO v4 is of the oldest release that is read.
    Oldest,
}

/// The documents of an example.
fn documents(example: &Example, form: As) -> Vec<String> {
    let given = match form {
        As::Oldest => with_oldest_pgo(&example.given),
        As::Written | As::Hostile => example.given.clone(),
    };
    let texts = given.split("\n---\n");
    let objects = texts.filter_map(|text| yaml_serde::from_str::<Value>(text).ok());
    objects
        .map(|mut object| {
            if form == As::Hostile {
                spoil(&mut object);
            }
            object.to_string()
        })
        .collect()
}

/// The text with each `4.N.N` as 4.1.0.
fn with_oldest_pgo(text: &str) -> String {
    let mut text = text.to_owned();
    for minor in 2..=7 {
        for patch in (0..=12).rev() {
            text = text.replace(&format!("4.{minor}.{patch}"), "4.1.0");
        }
    }
    text
}

fn spoil(value: &mut Value) {
    match value {
        Value::String(text) => {
            for name in ["hippo", "rhino"] {
                *text = text.replace(name, &format!("{name}{HOSTILE}"));
            }
            if text == "pgo" {
                *text = format!("pgo{HOSTILE}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(spoil),
        Value::Object(fields) => fields.values_mut().for_each(spoil),
        _ => {}
    }
}

/// The commands that the findings of an example print, and those that settle what is undecided.
fn printed(example: &Example, rules: &RuleSet, form: As) -> Vec<String> {
    let assume = match &example.complete {
        Complete::Unsaid => Assume::nothing(),
        Complete::All => Assume::everything(),
        Complete::Kinds(kinds) => {
            let named = KINDS.iter().filter(|row| kinds.contains(&row.kind));
            let named: Vec<&str> = named.map(|row| row.name).collect();
            Assume::parse(&named.join(",")).unwrap()
        }
    };
    let mut options = options();
    options.run.target = example.target;
    let report = judge(&documents(example, form), rules, &options, &assume);
    assert!(report.bugs.is_empty(), "{:?}", report.bugs);
    let mut clusters = report.clusters.iter();
    let known = clusters.all(|cluster| cluster.v4.as_deref() == Some("4.1.0"));
    if form == As::Oldest && !known {
        return Vec::new();
    }
    let mut found = Vec::new();
    for finding in &report.findings {
        found.extend(commands(&finding.fix));
        let asks = finding.gaps.iter().map(|gap| gap.ask.as_str());
        let asks = asks.filter(|ask| is_command(ask)).map(without_note);
        found.extend(asks.map(str::to_owned));
    }
    found
}

/// A command without what is said beside it: who may run it, and what to do where nothing comes of it.
fn without_note(ask: &str) -> &str {
    let notes = [
        " # needs a ClusterRole",
        " (or the image tag",
        " # if it is gone: --assume-complete=",
        " # and --assume-complete=",
    ];
    let ends = notes.iter().filter_map(|note| ask.rfind(note));
    ends.min().and_then(|end| ask.get(..end)).unwrap_or(ask)
}

fn is_command(ask: &str) -> bool {
    ["kubectl ", "pgo "]
        .iter()
        .any(|program| ask.starts_with(program))
}

fn wrong(form: As) -> BTreeSet<String> {
    let rules = RuleSet::built_in(names_of).unwrap();
    let told = RuleSet::built_in_with_examples(names_of).ok().unwrap();
    let examples: Vec<&Example> = told
        .rules()
        .iter()
        .flat_map(|rule| &rule.examples)
        .filter(|example| example.expect != Expect::Passes)
        .collect();
    let all: Vec<String> = examples
        .par_iter()
        .flat_map_iter(|example| printed(example, &rules, form))
        .collect();
    assert!(all.len() > 500, "{}", all.len());
    let all: BTreeSet<String> = all.into_iter().collect();
    let minor = (form == As::Oldest).then_some(1);
    all.iter()
        .filter_map(|command| check_for(command, minor).err())
        .collect()
}

#[test]
fn every_printed_command_is_one_that_the_programs_have() {
    let wrong: Vec<String> = wrong(As::Written).into_iter().collect();
    assert!(
        wrong.is_empty(),
        "{} commands:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_name_breaks_out_of_a_printed_command() {
    let wrong: Vec<String> = wrong(As::Hostile).into_iter().collect();
    assert!(
        wrong.is_empty(),
        "{} commands:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_command_is_newer_than_the_clusters_own_pgo() {
    let wrong: Vec<String> = wrong(As::Oldest).into_iter().collect();
    assert!(
        wrong.is_empty(),
        "{} commands:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(check_for("pgo update cluster hippo --shutdown", Some(2)).is_err());
    assert!(check_for("pgo update cluster hippo --shutdown", Some(3)).is_ok());
}

#[test]
fn what_is_no_command_is_refused() {
    for command in [
        "kubectl get pods -n pgo -o yaml | grep -A1 name",
        "kubectl exec -n pgo deployment/hippo -c database -- pgbackrest info --repo1-type=s3 --no-repo1-s3-verify-tls",
        "pgo backup hippo -n pgo --backup-opts=\"--type=full\" --pgbackrest-storage-type=s3",
        "kubectl annotate pgcluster 'h;ippo' -n pgo keep-data=true > 'a b.yaml'",
        "pgo scaledown hippo --query",
    ] {
        assert_eq!(parse(command), Ok(()), "{command}");
    }
    for command in [
        "kubectl fetch pods",
        "kubectl get pods --every-namespace",
        "kubectl get pods -n",
        "kubectl delete -n pgo",
        "kubectl exec -n pgo deployment/hippo -c database",
        "kubectl exec -n pgo pod/a -- pgbackrest info --repo1-kind=s3",
        "kubectl exec -n pgo pod/a -- reboot",
        "kubectl get pods; reboot",
        "kubectl get pods $(id)",
        "kubectl get pods -n 'pgo",
        "pgo backup hippo rhino -n pgo",
        "pgo show backups hippo",
        "pgo delete cluster hippo --keep-everything",
        "pgo backup hippo --backup-opts=\"--kind=full\"",
    ] {
        assert!(parse(command).is_err(), "{command}");
    }
}
