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
