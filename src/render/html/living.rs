//! The living v5 clusters: how far each has come, whether everything of v4 has arrived, and whether it may go on to a
//! newer release.

use super::check::Check;
use super::section::{Item, Shape};
use crate::check::{ArrivalVerdict, Verdict};
use crate::render::document::{ById, Document, Finding, Living, Pair, title};
use crate::render::fleet::bearing;
use crate::render::text::wrap::plain;
use crate::render::unproven::NOT_IN_OBJECTS;
use crate::render::upgrades::upgrades;
use crate::render::verify::apart;
use crate::rule::Weight;

/// All of them.
pub(super) struct LivingView {
    pub(super) clusters: Vec<Alive>,
    /// Whether any was held against the v4 cluster it came from.
    pub(super) moved: bool,
    /// Whether any was judged for a newer release.
    pub(super) upgraded: bool,
    /// How many may go on, by release, in a sentence each.
    pub(super) summary: Vec<String>,
    /// What has not moved, or not provably, in a sentence each.
    pub(super) apart: Vec<String>,
    /// What no object proves of a move, with what shows it; none unless moves are verified.
    pub(super) unproven: Vec<(&'static str, &'static str)>,
}

/// One living cluster.
pub(super) struct Alive {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) stage: String,
    /// What it came from, with the evidence.
    pub(super) from: String,
    /// Whether everything has arrived, and how that is drawn.
    pub(super) arrival: Option<(&'static str, &'static str)>,
    pub(super) upgrade: Option<&'static str>,
    /// How many lines of the checklist are not ticked.
    pub(super) left: usize,
    /// What is not as it should be, or has to be known.
    pub(super) checks: Vec<Check>,
    /// What holds.
    pub(super) held: Vec<Check>,
    /// What stands in the way of a newer release.
    pub(super) upgrades: Vec<Item>,
    pub(super) tells: Vec<Item>,
}

impl LivingView {
    pub(super) fn of(document: &Document<'_>, by_id: &ById<'_>, shape: &Shape<'_>) -> Self {
        let living = document.living.iter().enumerate();
        let clusters: Vec<Alive> = living
            .map(|(index, living)| Alive::of(index, living, document, by_id, shape))
            .collect();
        LivingView {
            moved: clusters.iter().any(|one| one.arrival.is_some()),
            summary: upgrades(document, by_id)
                .iter()
                .map(|one| format!("Upgrade: {}.", one.line(document)))
                .collect(),
            apart: apart(document).iter().map(|line| plain(line)).collect(),
            unproven: if document.verifies() {
                NOT_IN_OBJECTS.to_vec()
            } else {
                Vec::new()
            },
            upgraded: clusters.iter().any(|one| one.upgrade.is_some()),
            clusters,
        }
    }
}

impl Alive {
    fn of(
        index: usize,
        living: &Living<'_>,
        document: &Document<'_>,
        by_id: &ById<'_>,
        shape: &Shape<'_>,
    ) -> Self {
        let pair = document.pairs.iter().find(|pair| came_from(pair, living));
        let of_pair = pair.map_or(&[][..], |pair| &pair.findings);
        let missing = by_id.all(&living.origin, of_pair);
        let missing = missing.filter(|finding| finding.is_news());
        let mut checks: Vec<Check> = missing.map(|finding| Check::of(finding, shape)).collect();
        let passed = pair.map_or(&[][..], |pair| &pair.passed);
        checks.sort_by_key(Check::rank);
        let held = passed.iter().map(|held| Check::held(held, shape));
        let weighs = |finding: &&Finding<'_>| finding.effect.upgrade >= Some(Weight::Action);
        let own = by_id.all(&living.origin, &living.findings);
        let own: Vec<&Finding<'_>> = own.filter(|finding| finding.is_news()).collect();
        let (upgrades, tells): (Vec<&Finding<'_>>, Vec<&Finding<'_>>) =
            own.into_iter().partition(weighs);
        let items = |findings: Vec<&Finding<'_>>| -> Vec<Item> {
            let items = findings.into_iter();
            items
                .map(|finding| Item::full(finding, shape, bearing(finding), ""))
                .collect()
        };
        Alive {
            id: format!("l{index}"),
            title: title(&living.origin, &living.namespace, &living.name),
            stage: match &*living.stage {
                "" => "unknown".to_owned(),
                stage => stage.to_owned(),
            },
            from: pair.map_or_else(String::new, |pair| {
                let v4 = title("", &pair.cluster.namespace, &pair.cluster.name);
                format!("v4 {v4} ({})", pair.why)
            }),
            arrival: pair
                .and_then(|pair| pair.verdict)
                .map(|verdict| (verdict.name(), arrival_class(verdict))),
            upgrade: living
                .upgrade
                .as_ref()
                .and_then(|one| one.verdict)
                .map(Verdict::name),
            left: checks
                .iter()
                .filter(|check| !check.done && check.word != "note")
                .count(),
            checks,
            held: held.collect(),
            upgrades: items(upgrades),
            tells: items(tells),
        }
    }
}

fn came_from(pair: &Pair<'_>, living: &Living<'_>) -> bool {
    pair.living.as_ref().is_some_and(|of| {
        of.namespace == living.namespace
            && of.name == living.name
            && of.origin.as_ref().is_none_or(|one| *one == living.origin)
    })
}

fn arrival_class(verdict: ArrivalVerdict) -> &'static str {
    match verdict {
        ArrivalVerdict::Arrived => "ready",
        ArrivalVerdict::Incomplete => "action",
        ArrivalVerdict::Unknown => "unknown",
        ArrivalVerdict::Wrong => "blocked",
    }
}
