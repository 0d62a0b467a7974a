//! Schedules of backups, read as each `CronJob` that comes of them is.

use super::repos::{REPOS, repos};
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

mod cron;

use cron::Cron;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.backupSchedules",
    "every scheduled backup: {repository, kind, time, refused, never, meets}; refused where it is no cron schedule, so that the server refuses its CronJob, never where no day is one of it, meets names an earlier one that starts in the same minute",
    &["repository", "kind", "time", "refused", "never", "meets"],
    scheduled,
)];

/// Nobody writes more that could meet, and a hostile manifest could.
const MOST: usize = 64;

fn scheduled(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    bare(repos(draft))
        .map(|repos| {
            let mut before: Vec<(String, Cron, Node<'_>)> = Vec::new();
            let mut elements = Vec::new();
            for repo in &repos {
                // What is still to be filled in is told as that, and schedules nothing yet.
                let written = repo.scheduled().into_iter();
                for (kind, node) in written.filter(|(_, node)| !node.is_placeholder()) {
                    let name = format!("{} {kind}", repo.name());
                    let cron = Cron::parse(node.text());
                    let mut earlier = before.iter();
                    let met = earlier
                        .find(|(_, other, _)| cron.as_ref().is_some_and(|cron| other.meets(cron)));
                    elements.push(element(&repo.name(), &kind, node, cron.as_ref(), met));
                    if let Some(cron) = cron.filter(|_| before.len() < MOST) {
                        before.push((name, cron, node));
                    }
                }
            }
            elements
        })
        .and_at(draft.nearest(&REPOS), "the repositories")
}

fn element(
    repository: &str,
    kind: &str,
    node: Node<'_>,
    cron: Option<&Cron>,
    met: Option<&(String, Cron, Node<'_>)>,
) -> Element {
    let key = format!("{}[{repository}].schedules.{kind}", REPOS.join("."));
    let at = |value: Value, note| Fact::at(value, node.span(), note);
    let meets = match met {
        Some((name, _, other)) => {
            at(name.as_str().into(), "starts in the same minute").and_at(other.span(), "as this")
        }
        None => at("".into(), "a scheduled backup"),
    };
    Element::new(key, node.span(), "a scheduled backup")
        .with("repository", Fact::known(repository.into()))
        .with("kind", Fact::known(kind.into()))
        .with("time", at(node.text().into(), "a scheduled backup"))
        .with("refused", at(cron.is_none().into(), "no cron schedule"))
        .with(
            "never",
            at(cron.is_some_and(|cron| !cron.comes()).into(), "never comes"),
        )
        .with("meets", meets)
}
