//! Parameters, libraries, tablespaces and groups of the v4 cluster that a draft does not carry over.

use std::collections::{BTreeMap, BTreeSet};

use super::super::pairing::of_pair;
use super::super::parameters::{self, AT_LEAST, Parameter, is_owned, same_value};
use super::super::problems::{Culprits, at};
use super::super::{Draft, DraftFact, each, extras};
use super::sides::first_of;
use crate::fact::Element;
use crate::fact::spec::pods::instances;
use crate::manifest::{Evidence, Fact};

pub(super) static FACTS: &[DraftFact] = &[
    each(
        "pair.parametersLower",
        "of the five parameters that must not be lower than v4's, those that are: {name, draft, v4, text}",
        &["name", "draft", "v4", "text"],
        lower,
    ),
    each(
        "pair.parametersLost",
        "other parameters of v4 that the draft leaves out or sets otherwise, v4's own defaults and what the operator sets itself aside: {name, draft, v4, text}",
        &["name", "draft", "v4", "text"],
        lost,
    ),
    each(
        "pair.preloadLost",
        "libraries that v4 preloads, that the draft does not list, and that v5 does not add by itself: {name}",
        &["name"],
        preload_lost,
    ),
    each(
        "pair.defaultLibrariesLost",
        "libraries that v4 preloads by default, that the draft does not list, and that v5 adds with its exporter alone: {name}; none where the draft has the exporter",
        &["name"],
        default_libraries_lost,
    ),
    each(
        "pair.tablespacesLost",
        "tablespaces of v4 that the draft has no volumes for: {name}",
        &["name"],
        tablespaces_lost,
    ),
    each(
        "pair.supplementalGroupsLost",
        "supplemental groups of v4's volumes that the draft does not list: {group}",
        &["group"],
        groups_lost,
    ),
];

fn lower(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let mut problems = Culprits::default();
        let ours = problems.look(parameters::at_least(draft));
        let theirs = problems.look(draft.v4_map("postgres.replayParameters"));
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let of_v4 = first_of(&theirs, "v4's parameters");
            for (name, (drafted, span), _) in ours.value {
                let found = theirs.value.iter().find(|(other, _)| other == name);
                let Some(has) = found.and_then(|(_, text)| text.parse::<i64>().ok()) else {
                    continue;
                };
                if drafted < has {
                    let text = format!("{name} is {drafted}, v4 has {has}");
                    let item = [
                        ("name", name.into()),
                        ("draft", drafted.into()),
                        ("v4", has.into()),
                        ("text", text.into()),
                    ];
                    let places: Vec<Evidence> = [at(span, "the drafted parameters")]
                        .into_iter()
                        .chain(of_v4)
                        .collect();
                    problems.tell(name.to_owned(), item, &places);
                }
            }
        }
        problems.list(parameters::place(draft), "the Postgres parameters")
    })
}

/// What PGO v4 sets in every cluster; several values by release.
const V4_DEFAULTS: [(&str, &[&str]); 15] = [
    ("archive_timeout", &["60", "60s", "1min"]),
    ("checkpoint_completion_target", &["0.9"]),
    ("hot_standby", &["on"]),
    ("jit", &["off"]),
    ("log_directory", &["pg_log"]),
    ("log_min_duration_statement", &["60000", "60s"]),
    ("log_statement", &["none"]),
    ("shared_buffers", &["128MB"]),
    ("synchronous_commit", &["on"]),
    ("synchronous_standby_names", &["*"]),
    ("temp_buffers", &["8MB"]),
    ("track_commit_timestamp", &["off"]),
    ("wal_keep_segments", &["8"]),
    ("wal_log_hints", &["on"]),
    ("work_mem", &["4MB"]),
];

/// Whether a parameter of v4 has to be carried over: it is neither what every v4 cluster has nor what the operator sets itself.
/// The five that replay depends on and the libraries are looked at by themselves.
pub fn to_carry(name: &str, value: &str) -> bool {
    let five = AT_LEAST.iter().any(|(one, _)| *one == name);
    let default = V4_DEFAULTS.iter().any(|(one, values)| {
        *one == name && values.iter().any(|other| same_value(name, value, other))
    });
    // Libraries are compared one by one.
    let apart = name == "shared_preload_libraries";
    !(five || default || apart || is_owned(name))
}

fn lost(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let mut problems = Culprits::default();
        let ours = problems.look(parameters::in_effect(draft));
        let theirs = problems.look(draft.v4_map("postgres.parameters"));
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let of_v4 = first_of(&theirs, "v4's parameters");
            let drafted: BTreeMap<&str, &Parameter<'_>> = ours
                .value
                .iter()
                .map(|one| (one.name.as_str(), one))
                .collect();
            let carried = theirs
                .value
                .iter()
                .filter(|(name, value)| to_carry(name, value));
            for (name, has) in carried {
                let one = drafted.get(name.as_str());
                let value = one.and_then(|one| one.text.as_deref()).unwrap_or("");
                if same_value(name, value, has) {
                    continue;
                }
                let text = match value {
                    "" => format!("{name} ({has})"),
                    _ => format!("{name} ({has}, drafted {value})"),
                };
                let item = [
                    ("name", name.as_str().into()),
                    ("draft", value.into()),
                    ("v4", has.as_str().into()),
                    ("text", text.into()),
                ];
                let span = one.map_or_else(|| parameters::place(draft), |one| one.value.span());
                let places: Vec<Evidence> = [at(span, "the drafted parameters")]
                    .into_iter()
                    .chain(of_v4)
                    .collect();
                problems.tell(format!("parameters.{name}"), item, &places);
            }
        }
        problems.list(parameters::place(draft), "the Postgres parameters")
    })
}

fn preload_lost(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let ours = parameters::preload(draft);
        let theirs = draft.v4_texts("postgres.preloadExtra");
        missing("libraries", ours, theirs, parameters::place(draft))
    })
}

/// What v4 has preloaded by default since 4.5 (since 4.2 without pgnodemx), and what v5 adds where the exporter is there. From PGO
/// v4.7.10 `conf/postgres-ha/postgres-ha-initdb.yaml` of its containers, PGO 5.8.9 `internal/pgmonitor/postgres.go`.
const WITH_EXPORTER: [&str; 2] = ["pg_stat_statements", "pgnodemx"];

fn default_libraries_lost(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let place = parameters::place(draft);
        let exporter = draft.given(
            &["spec", "monitoring", "pgmonitor", "exporter"],
            "the exporter",
        );
        if exporter.value() == Some(&true) {
            return exporter.map(|_| Vec::new());
        }
        let theirs = draft.v4_texts("postgres.preload").map(|mut all| {
            all.retain(|name| WITH_EXPORTER.contains(&name.as_str()));
            all
        });
        missing(
            "default libraries",
            parameters::preload(draft),
            theirs,
            place,
        )
    })
}

fn tablespaces_lost(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let place = draft.nearest(&["spec", "instances"]);
        let ours = instances::all_tablespaces(draft);
        missing(
            "tablespaces",
            ours,
            draft.v4_texts("tablespaces.names"),
            place,
        )
    })
}

/// What v4 has and the draft lacks.
fn missing(
    what: &str,
    ours: Fact<Vec<String>>,
    theirs: Fact<Vec<String>>,
    elsewhere: crate::source::Span,
) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let (ours, theirs) = (problems.look(ours), problems.look(theirs));
    if let (Some(ours), Some(theirs)) = (ours, theirs) {
        let listed: BTreeSet<&String> = ours.value.iter().collect();
        let place = first_of(&ours, "the draft").unwrap_or(at(elsewhere, "the draft"));
        let of_v4 = first_of(&theirs, "the v4 cluster");
        let places: Vec<Evidence> = [place].into_iter().chain(of_v4).collect();
        for name in theirs.value.iter().filter(|name| !listed.contains(name)) {
            let key = format!("{what}[{name}]");
            problems.tell(key, [("name", name.as_str().into())], &places);
        }
    }
    problems.list(elsewhere, "the draft")
}

fn groups_lost(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |pair| {
        let mut problems = Culprits::default();
        let ours = problems.look(extras::supplemental_groups(draft));
        let mut seen = BTreeSet::new();
        for storage in [
            "PrimaryStorage",
            "ReplicaStorage",
            "BackrestStorage",
            "WALStorage",
        ] {
            let path = ["spec", storage, "supplementalgroups"];
            let theirs = problems.look(pair.cluster.string(&path, "v4's supplemental groups"));
            let (Some(ours), Some(theirs)) = (&ours, theirs) else {
                continue;
            };
            for group in theirs
                .value
                .split(',')
                .filter_map(|group| group.trim().parse::<i64>().ok())
            {
                if !ours.value.contains(&group) && seen.insert(group) {
                    let place = at(draft.nearest(&["spec", "supplementalGroups"]), "the draft");
                    let places: Vec<Evidence> = [place]
                        .into_iter()
                        .chain(first_of(&theirs, "the v4 cluster"))
                        .collect();
                    let key = format!("spec.supplementalGroups[{group}]");
                    problems.tell(key, [("group", group.into())], &places);
                }
            }
        }
        problems.list(draft.nearest(&["spec", "supplementalGroups"]), "the draft")
    })
}
