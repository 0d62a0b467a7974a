//! `plan` as it is run.

fn plan(args: &[&str]) -> (Option<i32>, String) {
    let output = crate::common::program()
        .args(["plan", "fixtures/worked-examples/02/cluster.yaml"])
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), text)
}

/// What the plan was judged for is what its commands are run for.
const DRAFTED: [&str; 2] = [
    "pgo-preflight draft -n pgo --cluster pgo/hippo --method volumes --target 5.8.9 -o drafts",
    "pgo-preflight check drafts/pgo/hippo.yaml -n pgo --target 5.8.9",
];

#[test]
fn commands_of_the_plan_are_for_the_target_it_was_judged_for() {
    let (_, text) = plan(&["--target", "5.8.9", "--method", "volumes", "--no-config"]);
    for command in DRAFTED {
        assert!(text.contains(command), "{command}\n{text}");
    }
}

#[test]
fn plan_reads_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("preflight.yaml");
    std::fs::write(&file, "target: 5.8.9\n").unwrap();
    let named = ["--config", file.to_str().unwrap(), "--method", "volumes"];
    let (_, text) = plan(&named);
    for command in DRAFTED {
        assert!(text.contains(command), "{command}\n{text}");
    }
    std::fs::write(&file, "targett: 5.8.9\n").unwrap();
    assert_eq!(plan(&named).0, Some(2), "a key that is none is refused");
}

/// Runs `plan` on files of the repository.
fn plan_of(args: &[&str]) -> String {
    let output = crate::common::program()
        .args(["plan", "--no-config", "--now", "2026-11-20T12:00:00Z"])
        .args(args)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Joined to one line: prose is broken where the screen ends.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without volumes in the input.
const BLIND: [&str; 5] = [
    "fixtures/worked-examples/20/cluster.yaml",
    "--target",
    "5.8.2",
    "--method",
    "volumes",
];

#[test]
fn what_a_plan_asks_goes_into_files_that_are_read_again_as_it_does_in_check() {
    for format in ["human", "markdown", "html"] {
        let text = plan_of(&[&BLIND[..], &["--format", format]].concat());
        let text = text.replace("&gt;", ">").replace("&#62;", ">");
        // The page asks once for what shows that steps are done, too.
        let volumes = if format == "html" {
            "preflight-all-persistentvolumes.yaml"
        } else {
            "preflight-persistentvolumes.yaml"
        };
        assert!(
            text.contains(&format!(" -o yaml > {volumes}")),
            "{format}: {text}"
        );
        assert!(
            flat(&text).contains("Then plan again, which reads the answers:"),
            "{format}: {text}"
        );
        // All that is open is asked for once, and the line that plans again forgets none of the answers.
        let again: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("pgo-preflight plan fixtures/"))
            // The page has the whole report below, which asks for all that is to be known.
            .take(if format == "html" { 1 } else { usize::MAX })
            .collect();
        assert!(!again.is_empty(), "{format}: {text}");
        for line in again {
            for file in [
                "fixtures/worked-examples/20/cluster.yaml ",
                volumes,
                " preflight-pgo-configmaps-and-6.yaml ",
                " --method volumes ",
            ] {
                assert!(line.contains(file), "{format}: {file} is not in {line}");
            }
        }
    }
}

#[test]
fn before_a_point_of_no_return_open_questions_are_named() {
    let open = "It is not known whether step";
    for format in ["human", "markdown", "html"] {
        let text = flat(&plan_of(&[&BLIND[..], &["--format", format]].concat()));
        // On paper, too: how old what it rests on is, how far one is, and who ticks.
        for said in [
            open,
            "The evidence is of an age that the input does not tell: collect again and run",
            "v4 runs; nothing of v5 is seen. The evidence is",
            "no object shows it: tick it yourself",
        ] {
            let text = text.replace("!!! ", "");
            assert!(text.contains(said), "{format}: {said}: {text}");
        }
    }
    let whole = [&BLIND[..], &["--assume-complete"]].concat();
    let settled = plan_of(&[&["fixtures/worked-examples/02/cluster.yaml"], &whole[1..]].concat());
    assert!(settled.contains("POINT OF NO RETURN"));
    assert!(!flat(&settled).contains(open), "{settled}");
}

/// Somebody shut v4 down: v5 is restored from what was archived by then.
#[test]
fn a_v4_that_is_shut_down_already_is_not_taken_to_have_archived_everything() {
    let said = "unless the last WAL was archived and the last backup taken before";
    let of = |example: &str, method: &str| {
        let file = format!("fixtures/worked-examples/{example}/cluster.yaml");
        flat(&plan_of(&[
            &file,
            "--target",
            "5.8.2",
            "--method",
            method,
            "--assume-complete",
        ]))
    };
    let stopped = of("13", "backups");
    assert!(stopped.contains(said), "{stopped}");
    assert!(stopped.contains("later steps are done; no object shows whether this one was"));
    for (example, method) in [("13", "volumes"), ("02", "backups")] {
        let text = of(example, method);
        assert!(!text.contains(said), "{text}");
    }
}

/// What is to be looked at and in which order is said beside the commands.
#[test]
fn a_plan_says_why_a_step_is_to_be_done_and_what_its_rule_warns_of() {
    for format in ["human", "markdown", "html"] {
        let text = plan_of(&[
            "fixtures/worked-examples/02/cluster.yaml",
            "--target",
            "5.8.2",
            "--method",
            "volumes",
            "--assume-complete",
            "--format",
            format,
        ]);
        let text = flat(&text);
        for said in [
            "hippo still has replicas besides its primary",
            "Never name the primary as a target",
        ] {
            assert!(text.contains(said), "{format}: {said}: {text}");
        }
    }
}
