//! Who sees a report for the first time, and nothing else: what is so and how sure, what is first, how answers are put in.

use crate::common;
use crate::lead::{fleet, of_example, text};

use pgo_preflight::check::names_of;
use pgo_preflight::rule::{RuleSet, Weight};

/// A step was called by what is so, and what to do about it stood in the middle of it, or nowhere.
#[test]
fn every_step_begins_with_a_verb() {
    const VERBS: [&str; 65] = [
        "Add",
        "Adopt",
        "Apply",
        "Begin",
        "Bind",
        "Bring",
        "Build",
        "Call",
        "Carry",
        "Change",
        "Check",
        "Choose",
        "Compare",
        "Complete",
        "Confirm",
        "Copy",
        "Correct",
        "Create",
        "Declare",
        "Delete",
        "Draft",
        "Export",
        "Find",
        "Follow",
        "Get",
        "Give",
        "Go",
        "Grow",
        "Install",
        "Judge",
        "Keep",
        "Leave",
        "Let",
        "List",
        "Look",
        "Make",
        "Mend",
        "Migrate",
        "Move",
        "Name",
        "Order",
        "Promote",
        "Put",
        "Raise",
        "Remove",
        "Repair",
        "Save",
        "Scale",
        "See",
        "Set",
        "Shorten",
        "Shut",
        "Start",
        "Stay",
        "Stop",
        "Switch",
        "Take",
        "Translate",
        "Trust",
        "Upgrade",
        "Use",
        "Verify",
        "Wait",
        "Write",
        "State",
    ];
    let rules = RuleSet::built_in(names_of).unwrap();
    for rule in rules
        .rules()
        .iter()
        .filter(|rule| rule.effect.heaviest() >= Weight::Action || rule.loses_data)
    {
        let fix = rule.fix_text();
        if fix.is_empty() {
            assert!(!rule.file.contains("cluster/"), "{}", rule.id);
            continue;
        }
        let mut words = fix.split_whitespace();
        let verb = words.next().unwrap_or_default();
        assert!(VERBS.contains(&verb), "{}: {fix}", rule.id);
        // Told before why: it names what it is about.
        let folders = ["cluster/", "moved/", "live/", "upgrade/"];
        if folders.iter().any(|folder| rule.file.contains(folder)) {
            let about = words.next().unwrap_or_default();
            let pronoun = ["it", "it,", "them", "its", "one:"].contains(&about);
            assert!(!pronoun, "{}: {fix}", rule.id);
        }
        // For many clusters the names go: what is left is a sentence, still.
        let end = fix
            .find(". ")
            .or_else(|| fix.find(".\n"))
            .unwrap_or(fix.len());
        let first = &fix[..end];
        for broken in [
            "of {dataClaim",
            "on {dataClaim",
            "is {",
            "of {repoClaim",
            "of {walClaim",
        ] {
            assert!(!first.contains(broken), "{}: {first}", rule.id);
        }
    }
}

/// Of one object nearly nothing is known, and a method that nothing closes looked as good as ready.
#[test]
fn an_export_of_one_object_says_how_little_was_seen_before_all_else() {
    let file = common::root().join("fixtures/worked-examples/15/cluster.yaml");
    let told = text(&[
        "check",
        file.to_str().unwrap(),
        "--no-config",
        "--target",
        "5.8.2",
    ]);
    let [verdict, little, why] = [
        "is not ready yet:",
        "Only 1 object was read",
        " Why volumes unknown:",
    ]
    .map(|words| flat(&told).find(words).unwrap());
    assert!(verdict < little && little < why, "{told}");
    assert!(!told.contains("ready to move"), "{told}");
    let whole = of_example("02");
    assert!(
        !whole.contains("Only ") && whole.contains("is ready to move"),
        "{whole}"
    );
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What costs data stood among what is only to be known.
#[test]
fn what_costs_data_stands_before_what_is_only_to_be_known() {
    for row in ["02", "07", "20"] {
        let told = of_example(row);
        let loss = told.find("\nData can be lost").unwrap();
        let know = told.find("\nTo know").unwrap();
        assert!(loss < know, "{told}");
        // Each with what to do about it.
        let losses = flat(&told[loss..know]).to_lowercase();
        for remedy in [
            "save the users' secrets before, and delete v4 with --keep-data, too",
            "take the applications offline before the last backup",
            "take v4's labels off every adopted claim",
            "remove v4 only when every cluster has moved",
        ] {
            assert!(losses.contains(remedy), "{remedy}\n{told}");
        }
    }
}

/// Two lists were numbered alike and meant different things.
#[test]
fn reasons_and_steps_of_a_fleet_are_not_numbered_alike() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fleet.yaml");
    std::fs::write(&file, fleet(60)).unwrap();
    let file = file.to_str().unwrap();
    let told = text(&["check", file, "--no-config", "--target", "5.8.2"]);
    let head = told.lines().next().unwrap();
    assert!(head.ends_with("WHY                TO DO"), "{told}");
    assert!(
        told.contains("\n  R1 ") && told.contains("\nTo do, in order\n  1. "),
        "{told}"
    );
    // Whose step it is stands in the table, by the letter of the row: all of these are named at the end.
    let row = told.lines().find(|line| line.ends_with(" 4")).unwrap();
    let letter = &row[..1];
    let step = told.split("\n  4. ").nth(1).unwrap();
    let step = flat(&step[..step.find("\n     Why: ").unwrap()]);
    assert!(
        step.ends_with(&format!("12 of 60: {letter})")),
        "{step}\n{told}"
    );
    let end = told.split("The clusters of each row\n").nth(1).unwrap();
    let named = end.split(&format!("\n{letter}: ")).nth(1).unwrap_or(end);
    assert!(flat(named).matches("/hippo").count() >= 12, "{told}");
}

/// It was said in words which files to add to which input.
#[test]
fn a_run_with_the_answers_is_a_command_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let example = common::root().join("fixtures/worked-examples/20/cluster.yaml");
    std::fs::copy(&example, folder.path().join("my cluster.yaml")).unwrap();
    let run = |args: &[&str]| {
        let output = common::program()
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (_, told) = run(&[
        "check",
        "my cluster.yaml",
        "--no-config",
        "--target",
        "5.8.2",
        "--rule",
        "*reclaim*",
    ]);
    let again = told
        .lines()
        .find(|line| line.starts_with("    pgo-preflight check "))
        .unwrap();
    assert_eq!(
        again.trim(),
        "pgo-preflight check 'my cluster.yaml' preflight-persistentvolumes.yaml --target 5.8.2 --rule '*reclaim*' --no-config"
    );
    let volumes =
        std::fs::read_to_string(common::root().join("fixtures/worked-examples/01/cluster.yaml"))
            .unwrap();
    let volumes = volumes
        .split("---\n")
        .filter(|text| text.contains("kind: PersistentVolume\n"));
    let volumes: Vec<&str> = volumes.collect();
    std::fs::write(
        folder.path().join("preflight-persistentvolumes.yaml"),
        volumes.join("---\n"),
    )
    .unwrap();
    let (_, told) = run(&[
        "check",
        "my cluster.yaml",
        "preflight-persistentvolumes.yaml",
        "--target",
        "5.8.2",
        "--rule",
        "*reclaim*",
        "--no-config",
    ]);
    assert!(told.contains("0 undecided"), "{told}");
    // What was read from elsewhere than a file cannot be read again.
    let piped = common::program()
        .args(["check", "-", "--no-config"])
        .stdin(std::fs::File::open(&example).unwrap())
        .output()
        .unwrap();
    let told = String::from_utf8(piped.stdout).unwrap();
    assert!(flat(&told).contains("added to the input"), "{told}");
    assert!(!told.contains("  pgo-preflight check"), "{told}");
}

/// What some rules say was told as all there is: nothing to do, nothing to ask.
#[test]
fn a_part_of_a_report_never_says_that_nothing_is_to_be_done() {
    let file = common::root().join("fixtures/worked-examples/02/cluster.yaml");
    let file = file.to_str().unwrap();
    let whole = text(&["check", file, "--no-config", "--target", "5.8.2"]);
    assert!(flat(&whole).contains("once 1 thing is done"), "{whole}");
    for rule in ["work*", "cluster-restoring"] {
        let told = text(&[
            "check",
            file,
            "--no-config",
            "--target",
            "5.8.2",
            "--rule",
            rule,
        ]);
        for claim in [
            "To do: nothing",
            "To ask: nothing",
            "First:",
            "nothing that was seen",
            "once 1",
        ] {
            assert!(!told.contains(claim), "{claim}\n{told}");
        }
        assert!(
            flat(&told).contains("some rules say (--rule), not all there is"),
            "{told}"
        );
    }
}

/// A command was printed, and not what to look for, nor how it is answered.
#[test]
fn what_is_looked_at_says_what_it_tells_and_how_it_is_answered() {
    let told = text(&[
        "check",
        common::root()
            .join("fixtures/worked-examples/05d/cluster.yaml")
            .to_str()
            .unwrap(),
        "--no-config",
    ]);
    let look = flat(told.split("Look yourself").nth(1).unwrap());
    assert!(
        look.contains(
            ".pgo-preflight.yaml (settles: [RULE], statement, by, date, reason) and check again"
        ),
        "{told}"
    );
    assert!(
        look.contains("where pg_wal of hippo points; it tells whether"),
        "{told}"
    );
    assert!(
        look.contains("kubectl exec -n pgo deployment/hippo"),
        "{told}"
    );
}

/// The page and the Markdown called a step by what is so.
#[test]
fn steps_begin_with_what_to_do_in_every_format_for_people() {
    let file = common::root().join("fixtures/worked-examples/02/cluster.yaml");
    let base = [
        "check",
        file.to_str().unwrap(),
        "--no-config",
        "--target",
        "5.8.2",
    ];
    let markdown = text(&[&base[..], &["--format", "markdown"]].concat());
    let page = text(&[&base[..], &["--format", "html"]].concat());
    assert!(
        markdown.contains("\n1. Scale down the replicas of hippo until"),
        "{markdown}"
    );
    assert!(
        markdown.contains("\n   Why: hippo still has replicas"),
        "{markdown}"
    );
    assert!(page.contains(
        "<b>Scale down the replicas of hippo until its primary hippo-jgut alone is left</b>"
    ));
    assert!(page.contains("<p>Why: hippo still has replicas"));
    assert_eq!(
        page.matches("Scale down the replicas of hippo until")
            .count(),
        1
    );
    for text in [&markdown, &page] {
        assert!(text.contains("data can be lost"));
    }
}

/// A checklist's points go on from what is so: "Remove it" alone tells nobody what.
#[test]
fn what_is_left_of_a_move_is_called_by_what_is_so() {
    let lives = common::root().join("fixtures/lives/volumes");
    let [before, now] = ["before.yaml", "04-running.yaml"].map(|file| lives.join(file));
    let page = text(&[
        "verify",
        "--before",
        before.to_str().unwrap(),
        now.to_str().unwrap(),
        "--no-config",
        "--format",
        "html",
    ]);
    assert!(
        page.contains("<b>spec.dataSource of hippo is still there"),
        "{page}"
    );
    assert!(!page.contains("<b>Remove it"), "{page}");
}

/// Asking settles nothing of what another release would open.
#[test]
fn where_a_release_would_open_what_is_closed_it_is_named_first() {
    let example = common::root().join("fixtures/worked-examples/15/cluster.yaml");
    let told = |more: &[&str]| {
        let args = ["check", example.to_str().unwrap(), "--no-config"];
        flat(&text(&[&args[..], more].concat()))
    };
    let first = "First: name the release it is to move to, with --target";
    let open = told(&[]);
    assert!(open.contains(first), "{open}");
    let named = told(&["--target", "5.8.2"]);
    assert!(!named.contains(first), "{named}");
}

/// The line planned by another method than the one that was asked for.
#[test]
fn the_plan_is_of_the_method_that_was_checked() {
    let example = common::root().join("fixtures/worked-examples/02/cluster.yaml");
    let told = |methods: &[&str]| {
        let args = [
            "check",
            example.to_str().unwrap(),
            "--no-config",
            "--target",
            "5.8.2",
        ];
        flat(&text(&[&args[..], methods].concat()))
    };
    let one = told(&["--method", "backups"]);
    let plan = one.split("For the way step by step").nth(1).unwrap();
    assert!(plan.contains("--method backups"), "{plan}");
    let two = told(&["--method", "backups,volumes"]);
    let plan = two.split("For the way step by step").nth(1).unwrap();
    assert!(!plan.contains("--method"), "{plan}");
}
