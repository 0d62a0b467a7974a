//! The numbers at the head of the page.

use std::collections::HashMap;

use super::bar::bar;
use super::section::Shape;
use crate::check::{FindingOutcome, Verdict};
use crate::render::document::{ById, Change, Cluster, Document, Since, title};
use crate::render::fleet::{Fleet, Hindrance, VERDICTS};
use crate::render::progress::steps;
use crate::rule::Weight;

/// How many of a group of changes are listed.
const LISTED: usize = 500;

/// A verdict and how many clusters have it.
pub(super) struct Tile {
    pub(super) verdict: &'static str,
    pub(super) count: String,
    pub(super) meaning: &'static str,
}

/// A row with a bar and its numbers.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) link: Option<usize>,
    pub(super) bar: String,
    pub(super) counts: Vec<String>,
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
            count: grouped(count),
            meaning: match verdict {
                Verdict::Ready => "nothing is left to prepare",
                Verdict::Action => "open once the listed steps are done or confirmed",
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
            counts: counts.map(grouped).to_vec(),
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
            counts: vec![grouped(*count)],
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
            ("closes", one.closes),
            ("unknown", one.undecided),
            ("action", one.prepares),
        ];
        let rule = document.rules.get(one.rule);
        Row {
            name: one.rule.to_owned(),
            title: one.title(rule),
            link: shape.rule(one.rule),
            bar: bar(&parts, whole),
            counts: [one.blocks, one.closes, one.undecided, one.prepares]
                .map(|count| {
                    if count == 0 {
                        String::new()
                    } else {
                        grouped(count)
                    }
                })
                .to_vec(),
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
                let told_as = one.told_as();
                Changed {
                    link: links.get(&(told_as, title.clone())).cloned(),
                    what: steps(one).join("; ").replace("->", "\u{2192}"),
                    title: format!("{told_as}{title}"),
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

/// Where clusters, drafts and living clusters stand on the page, by what is said before their title, and the title.
fn links(document: &Document<'_>) -> HashMap<(&'static str, String), String> {
    let clusters = document.clusters.iter().enumerate().map(|(index, one)| {
        let title = title(&one.origin, &one.namespace, &one.name);
        (("", title), format!("c{index}"))
    });
    let drafts = document.drafts.iter().enumerate().map(|(index, one)| {
        let title = title(&one.origin, &one.namespace, &one.name);
        (("draft ", title), format!("d{index}"))
    });
    let living = document.living.iter().enumerate().map(|(index, one)| {
        let title = title(&one.origin, &one.namespace, &one.name);
        (("living ", title), format!("l{index}"))
    });
    clusters.chain(drafts).chain(living).collect()
}

/// "holds up 3, closes a method to 2, undecided for 4, to prepare for 1".
pub(super) fn in_words(one: &Hindrance<'_>) -> String {
    let parts = [
        ("holds up", one.blocks),
        ("closes a method to", one.closes),
        ("undecided for", one.undecided),
        ("to prepare for", one.prepares),
    ];
    let parts = parts.into_iter().filter(|(_, count)| *count > 0);
    let parts = parts.map(|(words, count)| format!("{words} {}", grouped(count)));
    parts.collect::<Vec<_>>().join(", ")
}

/// A number as people read it: 5,000.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Where the fleet stands in one sentence: what is known of it, and of how many clusters something is still to be seen.
pub(super) fn lead(document: &Document<'_>, fleet: &Fleet<'_>, by_id: &ById<'_>) -> String {
    let [ready, action, unknown, blocked] = fleet.best;
    let all = ready + action + unknown + blocked;
    let acting = document.clusters.iter();
    let acting = acting.filter(|one| one.verdict == Verdict::Action);
    let confirm = acting.filter(|one| to_confirm(one, by_id)).count();
    let parts = [
        (ready, "can move as they are"),
        (
            action - confirm,
            "can move once the steps listed for them are done",
        ),
        (
            confirm,
            "can move once what could not be seen yet is confirmed and the steps listed for them are done",
        ),
        (unknown, "wait for evidence that is not here yet"),
        (blocked, "have no way open"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts = parts.map(|(count, what)| match all {
        1 => of_one(what),
        _ => format!("{} {what}", share(count, all)),
    });
    let parts: Vec<String> = parts.collect();
    format!("{}.", parts.join("; "))
}

/// The same of one cluster alone.
fn of_one(what: &str) -> String {
    let what = what
        .replace("as they are", "as it is")
        .replace("for them ", "");
    let what = match what.strip_prefix("have ") {
        Some(rest) => format!("has {rest}"),
        None => what.replacen("wait ", "waits ", 1),
    };
    format!("It {what}")
}

/// Whether a preparation of every method that is open could not be decided.
fn to_confirm(cluster: &Cluster<'_>, by_id: &ById<'_>) -> bool {
    let open = cluster.methods.iter();
    let mut open = open.filter(|(_, judged)| judged.verdict == Verdict::Action);
    open.all(|(method, judged)| {
        let mut findings = by_id.all(&cluster.origin, &judged.findings);
        findings.any(|finding| {
            finding.outcome == FindingOutcome::Unknown
                && !finding.suppressed()
                && finding.effect.on(*method) >= Some(Weight::Action)
        })
    })
}

/// "4,584 (92 %)"; next to nothing and nearly all are no round numbers.
fn share(count: usize, all: usize) -> String {
    match count * 100 / all.max(1) {
        100 => format!("All {}", grouped(count)),
        0 => format!("{} (less than 1 %)", grouped(count)),
        percent => format!("{} ({percent} %)", grouped(count)),
    }
}
