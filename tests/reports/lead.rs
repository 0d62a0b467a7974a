//! The report for people leads: it fits a screen, says what is so, what to do and what to ask, and breaks no command.

use crate::common;

use std::collections::BTreeSet;

use common::worked_examples;
use pgo_preflight::check::names_of;
use pgo_preflight::rule::RuleSet;

pub fn text(args: &[&str]) -> String {
    let output = common::program().args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

pub fn of_example(row: &str) -> String {
    let example = worked_examples()
        .into_iter()
        .find(|one| one.folder.ends_with(row))
        .unwrap();
    let file = example.folder.join("cluster.yaml");
    let mut args = vec!["check", file.to_str().unwrap(), "--no-config"];
    args.extend(example.args.iter().map(String::as_str));
    text(&args)
}

/// Lines that are commands: indented, and starting with a program.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    let programs = ["kubectl ", "pgo ", "pgo-preflight ", "psql ", "oc "];
    text.lines()
        .filter(|line| line.starts_with("  "))
        .map(str::trim_start)
        .filter(move |line| programs.iter().any(|program| line.starts_with(program)))
}

/// A fleet like the first worked example many times, some with replicas, some without a backup in an object store.
pub fn fleet(count: usize) -> String {
    let one = |row: &str| {
        let example = worked_examples()
            .into_iter()
            .find(|one| one.folder.ends_with(row))
            .unwrap();
        std::fs::read_to_string(example.folder.join("cluster.yaml")).unwrap()
    };
    let kinds = [one("01"), one("02"), one("09"), one("15"), one("10")];
    let mut whole = String::new();
    for (number, text) in kinds.iter().cycle().take(count).enumerate() {
        let space = format!("namespace: ns{number}");
        whole.push_str(&text.replace("namespace: pgo", &space));
        if !whole.ends_with("---\n") {
            whole.push_str("\n---\n");
        }
    }
    whole
}

/// How many lines a terminal of 80 columns takes: it breaks what we do not.
fn lines(text: &str) -> usize {
    let lines = text.lines().map(|line| line.chars().count());
    lines.map(|width| width.div_ceil(80).max(1)).sum()
}

/// Of an export that holds little more than the Pgcluster nearly all is open.
#[test]
fn a_cluster_of_which_little_was_exported_fits_a_screen_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pgcluster.yaml");
    for example in worked_examples() {
        let whole = std::fs::read_to_string(example.folder.join("cluster.yaml")).unwrap();
        let objects = whole.split("---\n");
        let alone = objects.filter(|text| text.contains("\nkind: Pgcluster\n"));
        let alone: String = alone.map(|text| format!("---\n{text}")).collect();
        if alone.is_empty() {
            continue;
        }
        std::fs::write(&file, alone).unwrap();
        let file = file.to_str().unwrap();
        let text = text(&["check", file, "--target", "5.8.2", "--no-config"]);
        let lines = lines(&text);
        assert!(lines <= 60, "row {}: {lines} lines\n{text}", example.row);
        assert!(
            text.contains("Why\n") && text.contains("To ask\n"),
            "{text}"
        );
    }
}

#[test]
fn one_cluster_fits_a_screen_of_sixty_lines() {
    for example in worked_examples() {
        let file = example.folder.join("cluster.yaml");
        let mut args = vec!["check", file.to_str().unwrap(), "--no-config"];
        args.extend(example.args.iter().map(String::as_str));
        let text = text(&args);
        let lines = lines(&text);
        assert!(lines <= 60, "row {}: {lines} lines\n{text}", example.row);
    }
}

#[test]
fn three_hundred_clusters_take_at_most_four_hundred_lines_and_every_reason_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fleet.yaml");
    std::fs::write(&file, fleet(300)).unwrap();
    let args = [
        "check",
        file.to_str().unwrap(),
        "--no-config",
        "--target",
        "5.8.2",
        "--now",
        "2026-11-20T12:00:00Z",
    ];
    let told = text(&args);
    let lines = lines(&told);
    assert!(lines <= 400, "{lines} lines\n{told}");
    let why = told.lines().position(|line| line == "Why").unwrap();
    assert!(why <= 30, "Why comes in line {why}\n{told}");
    for number in 0..300 {
        let name = format!("ns{number}/hippo");
        let mut words = told.split_whitespace();
        let named = words.any(|word| word.trim_end_matches([',', ';', ':']) == name);
        assert!(named, "{name} is nowhere\n{told}");
    }
    let json = text(&[&args[..], &["--format", "json"]].concat());
    let report = common::unfolded(json.as_bytes()).unwrap();
    assert_eq!(report["clusters"].as_array().unwrap().len(), 300);
    let findings = report["findings"].as_array().unwrap().iter();
    let blocks = findings.filter(|one| {
        let mut weights = one["effect"].as_object().unwrap().values();
        one["outcome"] == "fires" && weights.any(|weight| weight == "block")
    });
    let rules: BTreeSet<&str> = blocks.map(|one| one["rule"].as_str().unwrap()).collect();
    assert!(!rules.is_empty());
    for rule in rules {
        assert!(
            told.contains(&format!("[{rule}]")),
            "{rule} is left out\n{told}"
        );
    }
    assert!(
        told.contains("pgo-preflight collect -A --secret-metadata --output evidence.tar.gz"),
        "{told}"
    );
}

/// Clusters of which hardly two are alike in everything are grouped by what they share; each has its row at the end.
#[test]
fn a_fleet_whose_clusters_differ_a_little_tells_what_is_so_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fleet.yaml");
    let mut patched = String::new();
    for (number, part) in fleet(60).split("pgo-version: 4.7.10").enumerate() {
        if number > 0 {
            patched.push_str(&format!("pgo-version: 4.7.{}", number % 37));
        }
        patched.push_str(part);
    }
    std::fs::write(&file, patched).unwrap();
    let file = file.to_str().unwrap();
    let args = ["check", file, "--no-config", "--target", "5.8.2"];
    let told = text(&args);
    let why = told.lines().position(|line| line == "Why").unwrap();
    assert!(why <= 30, "Why comes in line {why}\n{told}");
    assert!(told.contains("several"), "{told}");
    let end = told.split("The clusters one by one\n").nth(1).unwrap();
    for number in 0..60 {
        assert!(
            end.contains(&format!("ns{number}/hippo ")),
            "{number}\n{told}"
        );
    }
    let quiet = text(&[&args[..], &["-q"]].concat());
    assert!(
        quiet.contains("WHY: R1 ") && quiet.contains("TO DO: 1 "),
        "{quiet}"
    );
}

/// A hundred drafts of one template said the same a hundred times.
#[test]
fn what_many_drafts_share_is_said_once_and_errors_of_each_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let draft = std::fs::read_to_string(common::root().join("fixtures/draft-folder/hippo.yaml"));
    let draft = draft.unwrap();
    let wrong = draft.replace("postgresVersion: ", "postgresVersion: 9");
    let named = |number: usize, text: &str| {
        text.replace("namespace: pgo", &format!("namespace: ns{number}"))
    };
    let of = |number: usize| named(number, if number == 7 { &wrong } else { &draft });
    let all: Vec<String> = (0..100).map(of).collect();
    let file = folder.path().join("drafts.yaml");
    std::fs::write(&file, all.join("\n---\n")).unwrap();
    let file = file.to_str().unwrap();
    let told = text(&["check", file, "--no-config", "--target", "5.8.2"]);
    assert!(told.lines().count() < 60, "{told}");
    assert!(
        told.contains("ns7/hippo") && told.contains("\nerror["),
        "{told}"
    );
    assert!(told.contains("99 drafts are ok: -v shows each."), "{told}");
    let shared = told.split("What drafts share\n").nth(1).unwrap();
    assert!(shared.contains("(all 100) ["), "{told}");
    let few = folder.path().join("few.yaml");
    std::fs::write(&few, all[..3].join("\n---\n")).unwrap();
    let few = text(&[
        "check",
        few.to_str().unwrap(),
        "--no-config",
        "--target",
        "5.8.2",
    ]);
    assert!(!few.contains("What drafts share"), "{few}");
    assert!(few.contains("Draft ns2/hippo"), "{few}");
}

#[test]
fn two_origins_with_the_same_names_are_told_apart_wherever_a_cluster_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let [east, west] = ["east", "west"].map(|name| {
        let file = folder.path().join(format!("{name}.yaml"));
        std::fs::write(&file, fleet(30)).unwrap();
        format!("{name}={}", file.display())
    });
    let told = text(&["check", &east, &west, "--no-config", "--target", "5.8.2"]);
    let bare = |line: &&str| {
        line.contains(": ns") && !line.contains("east: ns") && !line.contains("west: ns")
    };
    let found: Vec<&str> = told.lines().filter(bare).collect();
    assert!(found.is_empty(), "{found:?}\n{told}");
    assert!(told.contains("east: ns0/hippo"), "{told}");
}

#[test]
fn what_is_left_out_is_counted_with_the_flag_that_shows_it() {
    let told = of_example("15");
    assert!(told.contains("-v"), "{told}");
}

#[test]
fn no_placeholder_reaches_a_command_and_secrets_are_printed_without_data() {
    for example in worked_examples() {
        let file = example.folder.join("cluster.yaml");
        for more in [&[][..], &["-v"]] {
            let mut args = vec!["check", file.to_str().unwrap(), "--no-config"];
            args.extend(example.args.iter().map(String::as_str));
            args.extend(more);
            let text = text(&args);
            for command in commands(&text) {
                let bare: String = command.split('\'').step_by(2).collect();
                let mut opened = bare
                    .match_indices('<')
                    .map(|(at, _)| bare[at + 1..].chars().next());
                assert!(
                    !opened.any(|next| next.is_some_and(|c| c.is_ascii_alphabetic()))
                        || bare.contains("<<"),
                    "row {}: {command}",
                    example.row
                );
                let secrets = command.contains("get secrets") && command.contains("-o yaml");
                assert!(
                    !secrets || !command.starts_with("kubectl") || more == ["-v"],
                    "{command}"
                );
            }
        }
    }
}

#[test]
fn nothing_that_changes_a_cluster_stands_under_an_undecided_finding() {
    let changing = [
        "apply",
        "patch",
        "delete",
        "annotate",
        "label",
        "scale",
        "backup",
        "update",
        "scaledown",
        "upgrade",
    ];
    for example in worked_examples() {
        let file = example.folder.join("cluster.yaml");
        let mut args = vec![
            "check",
            file.to_str().unwrap(),
            "--no-config",
            "--format",
            "json",
        ];
        args.extend(example.args.iter().map(String::as_str));
        let report = common::unfolded(text(&args).as_bytes()).unwrap();
        for finding in report["findings"].as_array().unwrap() {
            if finding["outcome"] == "unknown" {
                let fix = finding["fix"].as_str().unwrap_or_default();
                for line in fix.lines().filter(|line| line.starts_with("  ")) {
                    let mut words = line.split_whitespace().skip(1);
                    assert!(
                        !words.any(|word| changing.contains(&word)),
                        "{}: {line}",
                        finding["rule"]
                    );
                }
                assert!(finding["questions"].is_array(), "{finding}");
            }
        }
    }
}

#[test]
fn a_cluster_after_a_failover_is_told_what_to_do_with_its_own_names() {
    let told = of_example("02");
    let [why, todo, know] =
        ["\nWhy\n", "\nTo do, in order\n", "\nTo know\n"].map(|head| told.find(head).unwrap());
    assert!(why < todo && todo < know, "{told}");
    assert!(
        told.contains("       pgo scaledown hippo -n pgo --target=hippo --no-prompt\n"),
        "{told}"
    );
    assert!(
        told.contains("       pgo scaledown hippo -n pgo --target=hippo-abcd --no-prompt\n"),
        "{told}"
    );
    assert!(told.contains("[standby-without-object-storage]"), "{told}");
}

/// What is only probable is not told to be kept: its claim may be that of a replica.
#[test]
fn only_a_proven_primary_is_said_to_be_kept() {
    let flowed = |example| {
        let told = of_example(example);
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = flowed("02");
    assert!(told.contains("until its primary hippo-jgut alone is left"));
    let told = flowed("03b");
    assert!(told.contains("[replicas-present]"), "{told}");
    assert!(told.contains("until its primary (not known) alone is left"));
}

/// The commands of a step came without a word of those that were left out.
#[test]
fn a_part_of_a_row_of_commands_says_that_more_comes() {
    let file = common::root().join("fixtures/worked-examples/02/cluster.yaml");
    let file = file.to_str().unwrap();
    let told = text(&["check", file, "--no-config", "--target", "5.8.2"]);
    let query = "pgo scaledown hippo -n pgo --query\n";
    let waits = "     How it is done hangs on the Deployments of namespace pgo (To ask).\n";
    assert!(told.contains(waits) && !told.contains(query), "{told}");
    let whole = of_example("02");
    assert!(
        whole.contains(query) && !whole.contains("hangs on"),
        "{whole}"
    );
}

#[test]
fn an_unknown_primary_is_asked_for_with_one_command() {
    let told = of_example("03b");
    let asked: Vec<&str> = commands(&told)
        .filter(|line| line.starts_with("kubectl get"))
        .collect();
    let pods = "kubectl get pods -n pgo -o yaml > preflight-pgo-pods.yaml";
    assert_eq!(asked, [pods], "{told}");
}

#[test]
fn quiet_is_the_table_and_the_sums_and_verbose_every_finding() {
    let file = worked_examples()
        .into_iter()
        .find(|one| one.folder.ends_with("02"))
        .unwrap()
        .folder
        .join("cluster.yaml");
    let file = file.to_str().unwrap();
    let quiet = text(&["check", file, "-q", "--no-config"]);
    assert!(
        quiet.lines().count() < 12 && !quiet.contains("To do"),
        "{quiet}"
    );
    let full = text(&["check", file, "-v", "--no-config"]);
    assert!(
        full.contains("  = why: ") && full.contains("warning[replicas-present]"),
        "{full}"
    );
    let counts = text(&["check", file, "--statistics", "--no-config"]);
    assert!(
        counts.starts_with("FIRES") && counts.contains("replicas-present"),
        "{counts}"
    );
}

#[test]
fn a_target_without_a_patch_is_its_newest_and_an_unknown_minor_is_refused() {
    let file = worked_examples()
        .into_iter()
        .find(|one| one.folder.ends_with("01"))
        .unwrap()
        .folder
        .join("cluster.yaml");
    let file = file.to_str().unwrap();
    let told = text(&["check", file, "--target", "5.8", "-q", "--no-config"]);
    assert!(told.contains("is the newest patch"), "{told}");
    let told = text(&["check", file, "--target", "5.8.99", "-q", "--no-config"]);
    assert!(told.contains("judged as 5.8."), "{told}");
    let output = common::program()
        .args(["check", file, "--target", "7.1.0", "--no-config"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("5.8") && error.contains("--crd"), "{error}");
}

/// What was not looked at is not "nothing to check".
#[cfg(feature = "live")]
#[test]
fn a_cluster_that_cannot_be_reached_ends_with_that_once() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    let dead = r#"{"apiVersion": "v1", "kind": "Config", "current-context": "dead", "users": [{"name": "a", "user": {}}],
        "clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}],
        "contexts": [{"name": "dead", "context": {"cluster": "a", "user": "a"}}]}"#;
    std::fs::write(&config, dead).unwrap();
    let config = config.to_str().unwrap();
    for more in [&[][..], &["-v"], &["-q"]] {
        let live = ["check", "--no-config", "--kubeconfig", config, "-A"];
        let told = text(&[&live[..], &["--context", "dead"], more].concat());
        assert!(told.starts_with("Not read\n  dead: "), "{told}");
        assert_eq!(told.matches("could not be reached").count(), 1, "{told}");
        assert!(!told.contains("nothing to check"), "{told}");
        assert!(told.ends_with("then run again)\n"), "{told}");
    }
}

#[test]
fn nothing_to_check_names_what_was_looked_for_and_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(
        &file,
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
    )
    .unwrap();
    let told = text(&["check", file.to_str().unwrap(), "--no-config"]);
    assert!(told.contains("looked for a Pgcluster"), "{told}");
    assert!(
        told.contains("found 1 object of other kinds in 1 file"),
        "{told}"
    );
}

/// The pitfalls that no rule is about, and why.
const WITHOUT_RULE: [(u32, &str); 1] = [(
    9,
    "the way back is no property of objects: the plan prints it with the names of the claims that were adopted",
)];

/// What a rule rests on can be looked up: a file has its release, and a pitfall of our own list is never all there is.
#[test]
fn what_a_rule_rests_on_can_be_looked_up() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let file = regex::Regex::new(r"PGO( v[456])? (internal|cmd|pkg|config)/[^;]*").unwrap();
    let release = regex::Regex::new(r" (of|and) [456]\.|of each release").unwrap();
    let own =
        regex::Regex::new(r"^(pitfalls? [0-9, and]+|worked examples? .*|pgo-preflight)$").unwrap();
    for rule in rules.rules() {
        let (id, source) = (&rule.id, rule.source.join("; "));
        for part in file.find_iter(&source).map(|part| part.as_str()) {
            assert!(release.is_match(part), "{id}: of which release is {part}?");
        }
        let alone = source.split("; ").all(|one| own.is_match(one));
        assert!(!alone, "{id}: {source}");
    }
}

#[test]
fn every_pitfall_has_a_rule_or_a_reason_and_its_row_names_both() {
    let page = std::fs::read_to_string(common::root().join("docs/pitfalls.md")).unwrap();
    let row = |number: u32| {
        let id = format!("id=\"p{number}\"");
        page.lines().find(|line| line.contains(&id)).unwrap_or("")
    };
    let rules = RuleSet::built_in(names_of).unwrap();
    let mut told = BTreeSet::new();
    for rule in rules.rules() {
        for number in rule.pitfalls() {
            let named = format!("`{}`", rule.id);
            assert!(row(number).contains(&named), "{number}: {}", rule.id);
            told.insert(number);
        }
    }
    for (number, why) in WITHOUT_RULE {
        assert!(!told.contains(&number), "{number} has a rule now");
        assert!(row(number).contains(why), "{number}: {why}");
        told.insert(number);
    }
    let all: BTreeSet<u32> = (1..=104).collect();
    assert_eq!(told, all);
    assert_eq!(page.matches("<a id=\"p").count(), 104);
}
