//! The built-in steps: their examples, that they are complete and in order, what is next in each state of each recorded life,
//! and that following them leads to a move that `verify` calls arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pgo_preflight::check::{
    Evidence, Options, Report, after, check_courses, names_of, run_step_examples,
};
use pgo_preflight::manifest::{Assume, gather_dump};
use pgo_preflight::plan::{Plan, State, plans};
use pgo_preflight::rule::{
    Method, Phase, RuleProblem, RuleSet, Step, StepSet, Weight, step_schema,
};
use pgo_preflight::source::{Dump, OriginId, SourceId, Text};

use crate::commands::{check as parse, commands, words};
use crate::common::root;

pub(crate) fn rules() -> RuleSet {
    RuleSet::built_in(names_of).unwrap()
}

pub(crate) fn steps() -> StepSet {
    StepSet::built_in_with_examples(names_of).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(RuleProblem::to_string).collect();
        panic!("{}", problems.join("\n"));
    })
}

/// Judges texts, each a moment of its own, in the order of time.
pub(crate) fn judge(
    texts: &[&str],
    method: Option<Method>,
    assume: &Assume,
    rules: &RuleSet,
) -> Report {
    let mut origins = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let dump = Dump {
            texts: vec![Text {
                uri: format!("{number}.yaml"),
                bytes: text.as_bytes().to_vec(),
            }],
            ..Dump::default()
        };
        let number = u32::try_from(number).unwrap();
        origins.push(gather_dump(dump, OriginId(number), SourceId(number)));
    }
    let options = Options {
        methods: method.map_or(Method::ALL.to_vec(), |method| vec![method]),
        living: true,
        ..Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
    };
    let report = check_courses(Evidence::of_all(origins, assume), rules, &options);
    assert!(report.bugs.is_empty(), "{:?}", report.bugs);
    report
}

pub(crate) fn only(report: &Report) -> Plan {
    let mut plans = plans(report, &|_| true);
    assert_eq!(plans.len(), 1);
    plans.pop().unwrap()
}

pub(crate) fn next(plan: &Plan) -> &str {
    plan.next.map_or("", |at| &plan.steps[at].step.id)
}

#[test]
fn every_file_of_a_step_is_sound_and_every_example_holds() {
    let mut texts = Vec::new();
    for step in steps().steps() {
        let text = fs::read_to_string(root().join(&step.file)).unwrap();
        texts.push((step.file.clone(), text));
    }
    let pairs = texts
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()));
    let loaded = StepSet::from_texts(pairs, names_of).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(RuleProblem::to_string).collect();
        panic!("{}", problems.join("\n"));
    });
    assert_eq!(loaded.steps().len(), steps().steps().len());
    let rules = rules();
    let mut wrong = Vec::new();
    for step in steps().steps() {
        for failure in run_step_examples(step, &rules).1 {
            wrong.push(format!(
                "{}: `{}`: {}",
                step.id, failure.example, failure.what
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_step_with_commands_says_where_they_were_read() {
    let release = regex::Regex::new(r"PGO v\d+\.\d+\.\d+ \S+").unwrap();
    let public = [
        "PostgreSQL docs",
        "Kubernetes docs",
        "upgrade guide",
        "PGO docs",
    ];
    for step in steps().steps() {
        let commands = || step.run().iter().chain(step.wait());
        if commands().next().is_none() || step.is_of(Method::Upgrade) {
            continue;
        }
        let told = step.source.join("; ");
        let found = release.is_match(&told) || public.iter().any(|source| told.contains(source));
        assert!(found, "{}: {told}", step.id);
        // What the operators make of a name or a label is read in their source.
        let theirs = [
            "-move-",
            "crunchydata.com/move-job",
            "role=master",
            "pgo backup",
            "--shutdown",
        ];
        let texts: Vec<&str> = commands().map(pgo_preflight::rule::Case::text).collect();
        let named = theirs.iter().any(|one| texts.join(" ").contains(one));
        assert!(!named || release.is_match(&told), "{}: {told}", step.id);
    }
}

#[test]
fn every_step_fits_the_schema_for_editors() {
    let validator = jsonschema::validator_for(&step_schema()).unwrap();
    for step in steps().steps() {
        let text = fs::read_to_string(root().join(&step.file)).unwrap();
        let json: serde_json::Value = yaml_serde::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", step.file);
    }
}

#[test]
fn every_preparation_of_a_method_is_answered_by_a_step_of_it() {
    let (rules, steps) = (rules(), steps());
    let unheard = steps.unheard_of(&|id| rules.get(id).is_some());
    assert!(unheard.is_empty(), "{unheard:?}");
    let mut missing = Vec::new();
    for rule in rules.rules() {
        for method in Method::ALL {
            let answered = steps.answering(&rule.id).any(|step| step.is_of(method));
            if rule.effect.on(method) == Some(Weight::Action) && !answered {
                missing.push(format!("{} of {}", rule.id, method.name()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn the_order_is_that_of_what_comes_after_what_whatever_the_order_of_the_files() {
    let steps = steps();
    let position = |id: &str| {
        steps
            .steps()
            .iter()
            .position(|step| &*step.id == id)
            .unwrap()
    };
    for step in steps.steps() {
        for before in &step.after {
            assert!(
                position(before) < position(&step.id),
                "{before} before {}",
                step.id
            );
        }
    }
    // Built anew from the texts in reverse, it is the same.
    let mut texts = Vec::new();
    for step in steps.steps().iter().rev() {
        let file = root().join(&step.file);
        texts.push((step.file.clone(), fs::read_to_string(file).unwrap()));
    }
    let pairs = texts
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()));
    let loaded = StepSet::from_texts(pairs, names_of).unwrap();
    let again = StepSet::default().with(loaded).unwrap();
    let ids = |set: &StepSet| -> Vec<String> {
        set.steps().iter().map(|step| step.id.to_string()).collect()
    };
    assert_eq!(ids(&steps), ids(&again));
}

/// Commands of one step in a world in which everything is known.
pub(crate) fn printed(plan: &Plan) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for (at, planned) in plan.steps.iter().enumerate() {
        if planned.state == State::NotNeeded {
            continue;
        }
        for text in [&*planned.step.run, &*planned.step.wait, &*planned.back] {
            all.extend(commands(text).into_iter().map(|command| (at, command)));
        }
    }
    all
}

/// Whether a command is one of a `never` list: all its words stand in the command, in their order; what stands in brackets
/// behind "without" does not.
pub(crate) fn is_forbidden(command: &str, never: &str) -> bool {
    let (never, without) = match never.split_once(" (without ") {
        Some((never, without)) => (never, Some(without.trim_end_matches(')'))),
        None => (never, None),
    };
    let said = words(command);
    let mut rest = said.iter();
    let all = words(never)
        .iter()
        .all(|word| rest.any(|said| said == word));
    all && without.is_none_or(|flag| !said.iter().any(|said| said == flag))
}

#[test]
fn what_is_forbidden_is_told_by_its_words() {
    assert!(is_forbidden("pgo scale hippo -n pgo", "pgo scale hippo"));
    assert!(!is_forbidden(
        "pgo scaledown hippo -n pgo",
        "pgo scale hippo"
    ));
    let never = "pgo delete cluster hippo (without --keep-data)";
    assert!(is_forbidden("pgo delete cluster hippo -n pgo", never));
    assert!(!is_forbidden(
        "pgo delete cluster hippo -n pgo --keep-data",
        never
    ));
}

#[test]
fn no_step_runs_what_an_earlier_one_forbids() {
    let rules = rules();
    let mut seen = 0;
    for (start, method) in [
        ("volume", Method::Volumes),
        ("volume", Method::Backups),
        ("bucket", Method::Volumes),
        ("bucket", Method::Backups),
        ("bucket", Method::Standby),
    ] {
        let text = course(start);
        let plan = only(&judge(
            &[&text],
            Some(method),
            &Assume::everything(),
            &rules,
        ));
        let mut forbidden: Vec<String> = Vec::new();
        for planned in &plan.steps {
            for command in commands(&planned.step.run) {
                let broken = forbidden.iter().find(|never| is_forbidden(&command, never));
                assert!(
                    broken.is_none(),
                    "{}: {command}: {broken:?}",
                    planned.step.id
                );
            }
            let never = planned.step.never.iter();
            forbidden.extend(never.map(std::string::ToString::to_string));
            seen += planned.step.never.len();
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn nothing_is_applied_or_patched_that_the_server_did_not_see_before() {
    let of_moves = |step: &&Step| !step.is_of(Method::Upgrade);
    for step in steps().steps().iter().filter(of_moves) {
        let mut tried = false;
        for case in step.run() {
            for line in case.text().lines().map(str::trim) {
                let changes = line.contains("kubectl apply --server-side")
                    || line.contains("kubectl patch postgrescluster");
                if changes && line.contains("--dry-run=server") {
                    tried = true;
                } else if changes {
                    assert!(tried, "{}: {line}", step.id);
                }
            }
        }
    }
}

/// What stands for a name that would do something in a shell.
const HOSTILE: &str = "h'$(id)`id`;|&<>\"\\\n--all #x";

#[test]
fn every_command_of_every_step_is_one_and_no_name_breaks_out_of_it() {
    let rules = rules();
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for start in ["volume", "bucket"] {
        for hostile in [false, true] {
            let mut text = format!("{}\n---\n{}", course(start), course("replica"));
            if hostile {
                let quoted = serde_json::to_string(&format!("hippo{HOSTILE}")).unwrap();
                text = after(&text, "kind: Namespace\nmetadata: {name: pgo}").unwrap();
                text = text.replace("hippo", quoted.trim_matches('"'));
            }
            for method in Method::ALL {
                let report = judge(&[&text], Some(method), &Assume::everything(), &rules);
                for plan in plans(&report, &|_| true) {
                    for (_, command) in printed(&plan) {
                        count += 1;
                        wrong.extend(parse(&command).err());
                    }
                }
            }
        }
    }
    assert!(count > 200, "{count}");
    assert!(wrong.is_empty(), "{}", Vec::from_iter(wrong).join("\n"));
}

/// The state of each recorded life, what is next in it, and whether the plan stops.
const LIVES: &[(&str, &str, &str, bool)] = &[
    ("volumes", "01-applied", "wait-for-the-move", false),
    ("volumes", "02-move-failed", "mend-a-failed-job", false),
    ("volumes", "03-adopted", "compare-the-database", false),
    ("volumes", "04-running", "remove-the-source", false),
    ("volumes", "05-first-backup", "remove-the-source", false),
    ("volumes", "06-source-removed", "remove-v4-labels", false),
    (
        "volumes",
        "07-labels-removed",
        "take-v5s-full-backup",
        false,
    ),
    ("volumes", "08-done", "", false),
    (
        "volumes",
        "wrong-another-database",
        "compare-the-database",
        true,
    ),
    (
        "volumes",
        "wrong-jobs-deleted-too-early",
        "remove-the-source",
        true,
    ),
    ("volumes", "wrong-v4-started-again", "", true),
    ("volumes", "wrong-half-moved", "mend-a-failed-job", true),
    ("volumes", "wrong-shut-down", "see-it-archive", true),
    ("backups", "01-applied", "wait-for-the-restore", false),
    ("backups", "02-restore-failed", "mend-a-failed-job", false),
    ("backups", "03-restored", "compare-the-database", false),
    ("backups", "04-running", "remove-the-source", false),
    (
        "backups",
        "05-source-removed",
        "take-v5s-full-backup",
        false,
    ),
    ("backups", "06-done", "", false),
    (
        "backups",
        "wrong-source-left-after-restore-in-place",
        "remove-the-source",
        true,
    ),
    ("volumes", "00-shut-down", "have-v4-running", false),
    ("volumes", "00-claims-only", "install-v5", false),
    ("standby", "01-following", "shut-down", false),
    ("standby", "02-caught-up", "promote", false),
    ("standby", "03-promoted", "take-v5s-full-backup", false),
    ("standby", "04-done", "delete-v4-afterwards", false),
];

#[test]
fn in_each_state_of_each_life_one_step_is_next() {
    let rules = rules();
    let expected: BTreeMap<(&str, &str), (&str, bool)> = LIVES
        .iter()
        .map(|(life, state, next, stops)| ((*life, *state), (*next, *stops)))
        .collect();
    let mut wrong = Vec::new();
    for life in ["volumes", "backups", "standby"] {
        let folder = root().join("fixtures/lives").join(life);
        let before = fs::read_to_string(folder.join("before.yaml")).unwrap();
        let rows = fs::read_to_string(folder.join("expected.tsv")).unwrap();
        for row in rows.lines().skip(1) {
            let mut columns = row.split('\t');
            let (state, verdict) = (columns.next().unwrap(), columns.nth(1).unwrap());
            let now = fs::read_to_string(folder.join(format!("{state}.yaml"))).unwrap();
            let report = judge(&[&before, &now], None, &Assume::everything(), &rules);
            let plan = only(&report);
            let stops = !plan.stops.is_empty();
            if plan.method.name() != life {
                wrong.push(format!("{life}/{state}: by {}", plan.method.name()));
            }
            // What is wrong stops; what is not wrong and has not arrived has a next step.
            if verdict == "wrong" && !stops || verdict == "incomplete" && plan.next.is_none() {
                wrong.push(format!(
                    "{life}/{state}: {verdict}, next `{}`, stops {stops}",
                    next(&plan)
                ));
            }
            if let Some(want) = expected.get(&(life, state))
                && *want != (next(&plan), stops)
            {
                wrong.push(format!(
                    "{life}/{state}: next `{}`, stops {stops}, wanted {want:?}",
                    next(&plan)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(crate) fn course(name: &str) -> String {
    fs::read_to_string(root().join("fixtures/courses").join(format!("{name}.yaml"))).unwrap()
}

/// What the step's example says is so after it; of several the one that is named like the course.
fn then<'s>(step: &'s Step, method: Method, name: &str) -> &'s str {
    let fits = |one: &&pgo_preflight::rule::StepExample| {
        one.then.is_some() && (one.method == method || one.name == "any")
    };
    let mut all = step.examples.iter().filter(fits);
    let found = all
        .clone()
        .find(|one| one.name == name)
        .or_else(|| all.next());
    let found = found.unwrap_or_else(|| panic!("{}: no `then` for {name}", step.id));
    found.then.as_deref().unwrap()
}

/// Follows the steps from a start to the end; gives those that were next, in their order.
pub(crate) fn follow(start: &str, method: Method, name: &str) -> Vec<String> {
    let (rules, steps) = (rules(), steps());
    let mut now = start.to_owned();
    let mut went: Vec<String> = Vec::new();
    for _ in 0..40 {
        let moments = [start, &now];
        let moments = if went.is_empty() {
            &moments[..1]
        } else {
            &moments[..]
        };
        let report = judge(moments, Some(method), &Assume::everything(), &rules);
        let plan = only(&report);
        let stops = plan.stops.iter().map(|at| &report.findings[*at]);
        let stops: Vec<&str> = stops.map(|one| &*one.message).collect();
        assert!(stops.is_empty(), "{name}: after {went:?}: {stops:?}");
        let questions = plan.steps.iter().filter(|one| one.state == State::Question);
        let questions: Vec<_> = questions.map(|one| &one.step).collect();
        assert!(
            questions.is_empty(),
            "{name}: after {went:?}: {questions:#?}"
        );
        let next = next(&plan).to_owned();
        if next.is_empty() {
            let verdicts: Vec<_> = report
                .migrations
                .iter()
                .map(|one| one.verdict.name())
                .collect();
            let told: Vec<_> = report.migrations[0]
                .findings
                .iter()
                .map(|at| &report.findings[*at].rule)
                .collect();
            assert_eq!(verdicts, ["arrived"], "{name}: {went:?}: {told:?}");
            return went;
        }
        assert!(
            !went.contains(&next),
            "{name}: {next} is next again: {went:?}"
        );
        now = after(&now, then(steps.get(&next).unwrap(), method, name)).unwrap();
        went.push(next);
    }
    panic!("{name}: no end: {went:?}");
}

#[test]
fn following_the_steps_of_each_method_and_variant_everything_arrives() {
    let volume = course("volume");
    let replicated = after(&volume, &course("replica")).unwrap();
    let bucket = course("bucket");
    for (start, method, name, must) in [
        (&volume, Method::Volumes, "volumes", "wait-for-the-move"),
        (&replicated, Method::Volumes, "volumes", "remove-replicas"),
        (&volume, Method::Backups, "volume", "wait-for-the-move"),
        (&bucket, Method::Backups, "shared", "delete-v4"),
        (&bucket, Method::Backups, "own path", "delete-v4-afterwards"),
        (&bucket, Method::Standby, "standby", "promote"),
    ] {
        let went = follow(start, method, name);
        assert!(went.iter().any(|step| step == must), "{name}: {went:?}");
        assert!(
            went.iter().any(|step| step == "take-v5s-full-backup"),
            "{name}: {went:?}"
        );
    }
}

#[test]
fn points_of_no_return_are_said_before_and_downtime_has_both_ends() {
    let rules = rules();
    for (start, method) in [
        ("volume", Method::Volumes),
        ("volume", Method::Backups),
        ("bucket", Method::Standby),
    ] {
        let text = course(start);
        let plan = only(&judge(
            &[&text],
            Some(method),
            &Assume::everything(),
            &rules,
        ));
        let needed = || {
            plan.steps
                .iter()
                .filter(|one| one.state != State::NotNeeded)
        };
        let banners = needed()
            .filter(|one| !one.step.no_return.is_empty())
            .count();
        let wanted = if method == Method::Standby { 2 } else { 3 };
        assert_eq!(banners, wanted, "{}", method.name());
        assert_eq!(
            needed().filter(|one| one.step.downtime.is_some()).count(),
            2
        );
        let phases: BTreeSet<Phase> = needed().map(|one| one.step.phase).collect();
        assert!(phases.len() >= 4, "{phases:?}");
    }
}
