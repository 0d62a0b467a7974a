//! Schedules of backups, read as each `CronJob` that comes of them is.

use super::problems::{MOST_PLACES, Problems, at};
use super::repos::{REPOS, repos};
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node};

mod cron;

use cron::Cron;

const NOTE: &str = "the repositories";

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.schedulesRefused",
        Type::Strings,
        "scheduled backups that are no cron schedule, so that the server refuses their CronJob: \"repo1 full '0 1 * *'\"",
        refused,
    ),
    row(
        "draft.schedulesTogether",
        Type::Strings,
        "scheduled backups that start in the same minute as another one: \"repo1 diff with repo1 full\"",
        together,
    ),
];

/// One scheduled backup.
struct Scheduled<'a> {
    name: String,
    text: &'a str,
    node: Node<'a>,
}

fn scheduled<'a>(draft: &Draft<'a>) -> Fact<Vec<Scheduled<'a>>> {
    repos(draft).map(|repos| {
        let all = repos.iter().flat_map(|repo| {
            let name = repo.name();
            let kinds = repo.scheduled().into_iter();
            kinds.map(move |(kind, node)| Scheduled {
                name: format!("{name} {kind}"),
                text: node.text(),
                node,
            })
        });
        all.collect()
    })
}

fn refused(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let all = problems.look(scheduled(draft));
    for one in all.into_iter().flat_map(|truth| truth.value) {
        if Cron::parse(one.text).is_none() {
            let text = format!("{} '{}'", one.name, one.text);
            problems.add(text, &[at(one.node.span(), "no cron schedule")]);
        }
    }
    problems.list(draft.nearest(&REPOS), NOTE)
}

fn together(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let all = problems.look(scheduled(draft));
    let all = all.into_iter().flat_map(|truth| truth.value);
    let timed = all.filter_map(|one| Some((Cron::parse(one.text)?, one)));
    // Nobody writes more, and a hostile manifest could.
    let timed: Vec<(Cron, Scheduled<'_>)> = timed.take(MOST_PLACES).collect();
    for (number, (cron, one)) in timed.iter().enumerate() {
        let mut before = timed.iter().take(number);
        if let Some((_, other)) = before.find(|(earlier, _)| earlier.meets(cron)) {
            let places = [
                at(one.node.span(), "starts in the same minute"),
                at(other.node.span(), "as this"),
            ];
            problems.add(format!("{} with {}", one.name, other.name), &places);
        }
    }
    problems.list(draft.nearest(&REPOS), NOTE)
}
