//! What of a remedy is shown, and what of it can be run.

use super::*;
use crate::expr::Name;
use crate::manifest::Fact;

const TEXT: &str = "Look first. See who has which:\n\n    kubectl get pods -n pgo\n    pgo scaledown hippo --target=<x>\n\nThen go.";

#[test]
fn what_announced_commands_goes_with_them() {
    assert_eq!(without(TEXT, &|_| true), "Look first.\n\nThen go.");
    for text in [
        TEXT,
        "    kubectl get a\nB:\n\n    kubectl get c\n",
        "A:\nB",
    ] {
        assert_eq!(prose_of(text), without(text, &|_| true), "{text}");
    }
}

#[test]
fn only_the_command_that_lacks_a_name_goes() {
    let kept = without(TEXT, &|lines| lines.iter().any(|line| line.contains("<x>")));
    assert!(kept.contains("    kubectl get pods -n pgo"), "{kept}");
    assert!(!kept.contains("scaledown"), "{kept}");
}

#[test]
fn a_sentence_that_only_names_what_is_not_known_goes() {
    assert_eq!(
        without_empty("Compare.\nSeen here: (not known). Seen as the primary: hippo.\nGo."),
        "Compare. Seen as the primary: hippo.\nGo."
    );
    assert_eq!(without_empty("Seen: (none).\n\nThen go."), "Then go.");
    let told = "The claim (not known) stays: it holds (not known) and more.";
    assert_eq!(without_empty(told), told);
}

#[test]
fn a_manifest_and_a_here_document_stay_whole_or_go_whole() {
    let manifest = "Write:\n\n    spec:\n      name: <x>\n      other: y";
    let holds = |lines: &[&str]| lines.iter().any(|line| line.contains("<x>"));
    assert_eq!(without(manifest, &holds), "Write.");
    let here = "Do:\n\n    kubectl apply -f - <<EOF\n    kind: Pod\n    name: <x>\n    EOF\n    kubectl get pods";
    assert_eq!(without(here, &holds), "Do:\n\n    kubectl get pods");
}

#[test]
fn a_context_stands_in_every_command_once_and_is_one_word() {
    let text = with_context(
        "Use kubectl.\n\n    kubectl get a | kubectl apply -f -",
        "c; d",
    );
    assert_eq!(
        text,
        "Use kubectl.\n\n    kubectl --context 'c; d' get a | kubectl --context 'c; d' apply -f -"
    );
}

/// One name, and what it stands for.
struct One(Value);

impl Names for One {
    fn fact(&self, dotted: &str) -> Option<u16> {
        (dotted == "repo.directory").then_some(0)
    }
    fn fact_name(&self, _: u16) -> &'static str {
        "repo.directory"
    }
    fn similar(&self, _: &str) -> Option<String> {
        None
    }
}

impl Lookup for One {
    fn read(&self, _: &Name) -> Fact<Value> {
        Fact::known(self.0.clone())
    }
}

#[test]
fn a_command_that_a_value_does_not_fit_into_is_not_left_out_silently() {
    let commands = |value: &str| {
        let one = One(value.into());
        let text = "    ls \"/v/{repo.directory}\"\n    ls /v\n";
        let template = Template::parse(text, &one).unwrap();
        commands_of(&template, &one)
    };
    let (text, gaps) = commands("hippo");
    assert!(
        text.contains("ls \"/v/hippo\"") && gaps.is_empty(),
        "{text}"
    );
    let (text, gaps) = commands("hip po");
    assert_eq!(text, "    ls /v");
    assert!(
        gaps.iter().any(|gap| gap.ask.contains("repo.directory")),
        "{gaps:?}"
    );
    // What there is none of has no command, and nobody misses it.
    let (text, gaps) = commands("");
    assert_eq!((text.as_str(), gaps.len()), ("    ls /v", 0));
}

#[test]
fn prose_that_lacks_a_name_does_not_speak_of_commands() {
    struct Nothing;
    impl Lookup for Nothing {
        fn read(&self, _: &Name) -> Fact<Value> {
            Fact::unknown(unfit("<repo.directory>"))
        }
    }
    let names = One(Value::Absent);
    let prose = Template::parse("It is in {repo.directory} now.", &names).unwrap();
    assert_eq!(&*of_firing(&prose, &Nothing), "It is in (not known) now.");
    let command = Template::parse("Look:\n\n    ls {repo.directory}", &names).unwrap();
    assert!(of_firing(&command, &Nothing).contains(LEFT_OUT));
}
