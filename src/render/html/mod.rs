//! A JSON report as one page of HTML: self-contained, complete without scripts, quiet towards the network.
//!
//! The templates (`templates/`) escape every text; what is marked safe in them is the page's own style, script and
//! bars. Of many clusters each says what is its own, and the rules say once what holds for all.

mod asking;
mod bar;
mod brief;
mod check;
mod common;
mod drafted;
mod for_all;
mod living;
mod place;
mod plans;
mod rollup;
mod rules;
mod section;
mod summary;

use askama::Template;

use self::asking::Asking;
use self::for_all::{ForAll, Shared};
use self::living::LivingView;
use self::plans::{Begun, PlanView};
use self::rollup::RollUp;
use self::rules::RuleView;
use self::section::{Item, Section, Shape};
use self::summary::{Progress, Row, Tile, Versions};
use super::asks::missing;
use super::document::{ById, Document, Finding, Skipped, title};
use super::fleet::{Fleet, bearing, counted};
use super::human::visible_char;
use super::standing::Standing;
use super::text::prose::Block;
use crate::check::{DraftVerdict, Verdict};

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");

/// What the page may do: apply its own style and script, known by their hashes (a test keeps them true), nothing else.
const POLICY: &str = "default-src 'none'; style-src 'sha256-JMm3nxYp8PeghR7i7pRBzl5E5yQC0MSy1JdNxQK5BTQ='; script-src 'sha256-ZyKhvL2nNQ0AhnhZaZIkEeOlBj1o3i7TEccytX9fvFQ='; base-uri 'none'; form-action 'none'";

/// Up to how many clusters and drafts each says everything itself.
const FULL: usize = 200;

/// How many rows the rankings at the top have.
const RANKED: usize = 12;

/// The report as a page.
pub fn html(document: &Document<'_>) -> String {
    let by_id = ById::of(document);
    let page = Page::of(document, &by_id).render().unwrap_or_default();
    // Names must neither turn the direction of the text around them nor drive a terminal that shows the file.
    let seen = |character| character == '\n' || visible_char(character) == character;
    if page.chars().all(seen) {
        return page;
    }
    let visible = page.chars().map(|character| match character {
        '\n' => character,
        other => visible_char(other),
    });
    visible.collect()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'d> {
    document: &'d Document<'d>,
    by_id: &'d ById<'d>,
    fleet: Fleet<'d>,
    title: String,
    policy: &'static str,
    style: &'static str,
    script: &'static str,
    cluster_count: String,
    lead: String,
    printed: usize,
    draft_count: String,
    draft_rows: Vec<DraftLine>,
    tiles: Vec<Tile>,
    by_method: Vec<Row>,
    versions: Vec<Versions>,
    rollup: Option<RollUp>,
    steps_for_all: Vec<Shared>,
    told_to_all: Vec<Shared>,
    living: LivingView,
    begun: Begun<'d>,
    plans: Vec<PlanView>,
    hindrances: Vec<Row>,
    more_hindrances: usize,
    progress: Option<Progress>,
    asking: Asking,
    others: Vec<Item>,
    rules: Vec<RuleView>,
    read: String,
    skipped: Vec<&'d Skipped<'d>>,
    listed: bool,
    shape: Shape<'d>,
}

/// One row of the matrix of clusters.
struct Line {
    link: String,
    title: String,
    /// Its move is under way: what is left of v4 is judged, and that says nothing of the move.
    begun: bool,
    verdicts: Vec<&'static str>,
    left: usize,
    held: String,
    pgo: String,
    postgres: String,
}

/// One row of the table of drafts.
struct DraftLine {
    link: String,
    title: String,
    file: String,
    verdict: &'static str,
    class: &'static str,
    left: usize,
    held: String,
    replaces: String,
}

impl<'d> Page<'d> {
    fn of(document: &'d Document<'d>, by_id: &'d ById<'d>) -> Self {
        let fleet = Fleet::of(document, by_id);
        let subjects = document.clusters.len() + document.drafts.len();
        let shape = Shape::of(document, by_id, subjects <= FULL);
        // Of one alone its own section says what holds it up.
        let ranked = if subjects > 1 { RANKED } else { 0 };
        let hindrances = summary::hindrances(document, &fleet, &shape, ranked);
        let objects: u64 = document.inputs.iter().map(|input| input.objects).sum();
        Page {
            document,
            by_id,
            title: page_title(document),
            policy: POLICY,
            style: STYLE,
            script: SCRIPT,
            cluster_count: named(document.clusters.len(), "cluster"),
            lead: summary::lead(document, &fleet, by_id),
            printed: FULL,
            draft_count: named(document.drafts.len(), "draft"),
            draft_rows: draft_rows(document, by_id),
            tiles: summary::tiles(&fleet),
            by_method: summary::by_method(&fleet),
            versions: summary::versions(&fleet),
            rollup: RollUp::of(document),
            steps_for_all: ForAll::shown(
                &shape.for_all.steps,
                document,
                &|id| shape.rule(id),
                true,
            ),
            told_to_all: ForAll::shown(&shape.for_all.tells, document, &|id| shape.rule(id), false),
            living: LivingView::of(document, by_id, &shape),
            begun: Begun::of(document),
            plans: plans::plans(document),
            more_hindrances: fleet.hindrances.len() - hindrances.len(),
            hindrances,
            progress: document
                .since
                .as_ref()
                .map(|since| Progress::of(since, document)),
            // Of one cluster or draft alone its own section asks.
            asking: if subjects > 1 || !document.living.is_empty() {
                Asking::of(
                    fleet.asks.iter().copied(),
                    &|ask| missing(document, ask),
                    RANKED,
                    shape.run.as_ref(),
                )
            } else {
                Asking::default()
            },
            others: others(document, &shape),
            rules: rules::rules(document, &fleet, &shape.common),
            read: format!(
                "{objects} Kubernetes {} in {}.",
                if objects == 1 { "object" } else { "objects" },
                counted(document.inputs.len(), "file", "files")
            ),
            skipped: document.skipped.iter().filter(|one| one.counts).collect(),
            listed: !document.inputs.is_empty() && document.inputs.len() <= FULL,
            fleet,
            shape,
        }
    }

    fn rows(&self) -> impl Iterator<Item = Line> {
        self.document
            .clusters
            .iter()
            .enumerate()
            .map(|(index, cluster)| {
                let standing = Standing::of_cluster(cluster, self.by_id);
                let methods = self.fleet.methods.iter();
                let verdicts = methods.map(|method| {
                    let judged = cluster.methods.get(method);
                    judged.map_or("", |judged| judged.verdict.name())
                });
                Line {
                    link: format!("c{index}"),
                    begun: self.begun.has(cluster),
                    title: title(&cluster.origin, &cluster.namespace, &cluster.name),
                    verdicts: std::iter::once(cluster.verdict.name())
                        .chain(verdicts)
                        .collect(),
                    left: standing.left(),
                    held: held(&standing, cluster.verdict == Verdict::Unknown),
                    pgo: cluster.v4.as_deref().unwrap_or("unknown").to_owned(),
                    postgres: cluster.postgres.as_deref().unwrap_or("unknown").to_owned(),
                }
            })
    }

    fn clusters(&self) -> impl Iterator<Item = Section> {
        let clusters = self.document.clusters.iter().enumerate();
        clusters.map(|(index, cluster)| {
            let section = Section::of_cluster(index, cluster, self.by_id, &self.shape);
            if self.begun.has(cluster) {
                Section {
                    verdict: plans::UNDER_WAY,
                    class: "action",
                    ..section
                }
            } else {
                section
            }
        })
    }

    /// How many of the clusters are on their way.
    fn under_way(&self) -> usize {
        let clusters = self.document.clusters.iter();
        clusters.filter(|cluster| self.begun.has(cluster)).count()
    }

    fn drafts(&self) -> impl Iterator<Item = Section> {
        let drafts = self.document.drafts.iter().enumerate();
        drafts.map(|(index, draft)| Section::of_draft(index, draft, self.by_id, &self.shape))
    }
}

/// "5,000 clusters".
fn named(count: usize, one: &str) -> String {
    let many = if count == 1 { "" } else { "s" };
    format!("{} {one}{many}", summary::grouped(count))
}

/// The table of drafts; one alone needs none.
fn draft_rows(document: &Document<'_>, by_id: &ById<'_>) -> Vec<DraftLine> {
    if document.drafts.len() < 2 {
        return Vec::new();
    }
    let drafts = document.drafts.iter().enumerate();
    let rows = drafts.map(|(index, draft)| {
        let standing = Standing::of_draft(draft, by_id);
        let source = draft.source.as_ref();
        DraftLine {
            link: format!("d{index}"),
            title: title(&draft.origin, &draft.namespace, &draft.name),
            file: draft.uri.to_string(),
            verdict: draft.verdict.name(),
            class: section::draft_class(draft.verdict),
            left: standing.left(),
            held: held(&standing, draft.verdict == DraftVerdict::Unknown),
            replaces: source.map_or_else(String::new, |one| title("", &one.namespace, &one.name)),
        }
    });
    rows.collect()
}

fn page_title(document: &Document<'_>) -> String {
    if document.clusters.is_empty() && document.drafts.is_empty() && !document.living.is_empty() {
        return "PGO v5: where the living clusters stand".to_owned();
    }
    match (document.clusters.as_slice(), document.drafts.as_slice()) {
        ([one], []) => {
            let name = title(&one.origin, &one.namespace, &one.name);
            format!("{name} from PGO v4 to v5")
        }
        ([], [one]) => {
            let name = title(&one.origin, &one.namespace, &one.name);
            format!("The draft {name}")
        }
        ([], _) => "The drafts for PGO v5".to_owned(),
        _ => "From PGO v4 to v5: where the fleet stands".to_owned(),
    }
}

/// The rules that hold a subject up most: what blocks it, else what is to prepare, else what is undecided, which says so;
/// where its verdict is open, what is undecided comes first.
fn held(standing: &Standing<'_>, open: bool) -> String {
    const NAMED: usize = 2;
    let prepares = ("", &standing.prepares);
    let undecided = ("not decided: ", &standing.undecided);
    let (second, third) = if open {
        (undecided, prepares)
    } else {
        (prepares, undecided)
    };
    let lists = [
        ("", &standing.blocks),
        second,
        third,
        ("", &standing.elsewhere),
    ];
    let first = lists.into_iter().find(|(_, list)| !list.is_empty());
    let Some((words, list)) = first else {
        return String::new();
    };
    let mut names: Vec<&str> = list.iter().take(NAMED).map(|one| &*one.rule).collect();
    let more = format!("{} more", list.len().saturating_sub(NAMED));
    if list.len() > NAMED {
        names.push(&more);
    }
    format!("{words}{}", names.join(", "))
}

/// Findings that no cluster and no draft names: they are about the input itself.
fn others(document: &Document<'_>, shape: &Shape<'_>) -> Vec<Item> {
    let named: std::collections::HashSet<(&str, &str)> = document
        .clusters
        .iter()
        .flat_map(|one| {
            let ids = one.methods.values().flat_map(|judged| &judged.findings);
            ids.map(|id| (&*one.origin, &**id))
        })
        .chain(document.drafts.iter().flat_map(|one| {
            let ids = one.findings.iter();
            ids.map(|id| (&*one.origin, &**id))
        }))
        .chain(document.living.iter().flat_map(|one| {
            let ids = one.findings.iter();
            ids.map(|id| (&*one.origin, &**id))
        }))
        .chain(document.pairs.iter().flat_map(|one| {
            let origin = one.living.as_ref().and_then(|of| of.origin.as_deref());
            let ids = one.findings.iter();
            ids.map(move |id| (origin.unwrap_or_default(), &**id))
        }))
        .collect();
    let unnamed =
        |finding: &&Finding<'_>| !named.contains(&(&*finding.subject.origin, &*finding.id));
    let findings = document.findings.iter().filter(unnamed);
    findings
        .map(|finding| Item::full(finding, shape, bearing(finding), ""))
        .collect()
}

#[cfg(test)]
mod tests;
