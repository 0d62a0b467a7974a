//! The numbers at the head of the page.

use std::collections::HashMap;

use super::bar::bar;
use super::section::Shape;
use crate::check::Verdict;
use crate::render::document::{Change, Document, Since, title};
use crate::render::fleet::{Fleet, VERDICTS, counted};
use crate::render::overview::steps;

/// How many of a group of changes are listed.
const LISTED: usize = 500;

/// A verdict and how many clusters have it.
pub(super) struct Tile {
    pub(super) verdict: &'static str,
    pub(super) count: usize,
    pub(super) meaning: &'static str,
}

/// A row with a bar and its numbers.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) link: Option<usize>,
    pub(super) bar: String,
    pub(super) counts: Vec<usize>,
}

/// How many clusters have which version of something.
pub(super) struct Versions {
    pub(super) of: &'static str,
    pub(super) rows: Vec<Row>,
}

pub(super) fn tiles(fleet: &Fleet<'_>) -> Vec<Tile> {
    let tiles = VERDICTS.iter().zip(fleet.best);
    tiles
        .map(|(verdict, count)| Tile {
            verdict: verdict.name(),
            count,
            meaning: match verdict {
                Verdict::Ready => "nothing is left to prepare",
                Verdict::Action => "open once the listed steps are done",
                Verdict::Unknown => "what decides could not be seen",
                Verdict::Blocked => "no method is open as things are",
            },
        })
        .collect()
}

pub(super) fn by_method(fleet: &Fleet<'_>) -> Vec<Row> {
    let rows = fleet.by_method.iter();
    rows.map(|(method, counts)| {
        let parts: Vec<(&str, usize)> =
            VERDICTS.iter().map(|one| one.name()).zip(*counts).collect();
        Row {
            name: method.name().to_owned(),
            title: String::new(),
            link: None,
            bar: bar(&parts, counts.iter().sum()),
            counts: counts.to_vec(),
        }
    })
    .collect()
}

pub(super) fn versions(fleet: &Fleet<'_>) -> Vec<Versions> {
    let of = |of, versions: &[(&str, usize)]| {
        let most = versions.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let rows = versions.iter().map(|(version, count)| Row {
            name: if version.is_empty() {
                "unknown"
            } else {
                version
            }
            .to_owned(),
            title: String::new(),
            link: None,
            bar: bar(&[("some", *count)], most),
            counts: vec![*count],
        });
        Versions {
            of,
            rows: rows.collect(),
        }
    };
    vec![of("PGO v4", &fleet.pgo), of("Postgres", &fleet.postgres)]
}

pub(super) fn hindrances(
    document: &Document<'_>,
    fleet: &Fleet<'_>,
    shape: &Shape<'_>,
    ranked: usize,
) -> Vec<Row> {
    let whole = document.clusters.len() + document.drafts.len();
    let rows = fleet.hindrances.iter().take(ranked).map(|one| {
        let parts = [
            ("blocked", one.blocks),
            ("unknown", one.undecided),
            ("action", one.prepares),
        ];
        let rule = document.rules.get(one.rule);
        Row {
            name: one.rule.to_owned(),
            title: rule.map_or(one.rule, |rule| &rule.title).to_owned(),
            link: shape.rule(one.rule),
            bar: bar(&parts, whole),
            counts: vec![one.blocks, one.undecided, one.prepares],
        }
    });
    rows.collect()
}

/// What became of things since an earlier report.
pub(super) struct Progress {
    pub(super) now: String,
    pub(super) summary: String,
    pub(super) groups: Vec<Group>,
}

/// Those that changed in one way.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) open: bool,
    pub(super) moved: Vec<Changed>,
}

/// One cluster or draft that changed.
pub(super) struct Changed {
    pub(super) link: Option<String>,
    pub(super) title: String,
    pub(super) what: String,
}

impl Progress {
    pub(super) fn of(since: &Since, document: &Document<'_>) -> Self {
        let links = links(document);
        let mut told = Vec::new();
        let mut groups = Vec::new();
        for change in Change::ALL {
            let count = since.of(change).count();
            told.push(format!("{count} {}", change.name()));
            let moved = since.of(change).take(LISTED).map(|one| {
                let title = title(&one.origin, &one.namespace, &one.name);
                let key = (one.kind == "PostgresCluster", title.as_str());
                Changed {
                    link: links.get(&(key.0, key.1.to_owned())).cloned(),
                    what: steps(one).join("; ").replace("->", "\u{2192}"),
                    title: if key.0 {
                        format!("draft {title}")
                    } else {
                        title
                    },
                }
            });
            let moved: Vec<Changed> = moved.collect();
            if count > 0 {
                let more = count - moved.len();
                groups.push(Group {
                    title: match more {
                        0 => format!("{count} {}", change.name()),
                        _ => format!("{count} {}, of which {LISTED} are listed", change.name()),
                    },
                    open: count <= 20,
                    moved,
                });
            }
        }
        told.push(format!("{} unchanged", since.unchanged));
        Progress {
            now: since.now.to_string(),
            summary: format!("{}.", told.join(", ")),
            groups,
        }
    }
}

/// Where clusters and drafts stand on the page, by whether they are drafts, and title.
fn links(document: &Document<'_>) -> HashMap<(bool, String), String> {
    let clusters = document.clusters.iter().enumerate().map(|(index, one)| {
        let title = title(&one.origin, &one.namespace, &one.name);
        ((false, title), format!("c{index}"))
    });
    let drafts = document.drafts.iter().enumerate().map(|(index, one)| {
        let title = title(&one.origin, &one.namespace, &one.name);
        ((true, title), format!("d{index}"))
    });
    clusters.chain(drafts).collect()
}

/// "blocks 3, undecided for 4, to prepare for 1".
pub(super) fn in_words(blocks: usize, undecided: usize, prepares: usize) -> String {
    let mut parts = Vec::new();
    if blocks > 0 {
        parts.push(format!("holds up {blocks}"));
    }
    if undecided > 0 {
        parts.push(format!("undecided for {undecided}"));
    }
    if prepares > 0 {
        parts.push(counted(prepares, "has it to prepare", "have it to prepare"));
    }
    parts.join(", ")
}
