//! Paths of repositories, drafted and as the live cluster of the same name has them: a stanza is made once, at the path
//! of that time.

use super::existing::{bootstrapped, live};
use super::problems::{Problems, at};
use super::repos::{default_path, repos};
use super::{Draft, DraftFact, global, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

pub(super) static FACTS: &[DraftFact] = &[row(
    "draft.movedRepos",
    Type::Strings,
    "repositories of the live cluster of this name that the draft puts elsewhere: \"repo1: /old, not /new\"",
    moved,
)];

const GLOBAL: [&str; 4] = ["spec", "backups", "pgbackrest", "global"];
const REPOS: [&str; 4] = ["spec", "backups", "pgbackrest", "repos"];

fn moved(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let drafted = repos(draft).both(global::of_backups(draft));
    let (live, drafted) = (problems.look(live(draft)), problems.look(drafted));
    let live = live.and_then(|live| live.value);
    if let (Some(live), Some(drafted)) = (live, drafted)
        && live.is_live()
        && !std::ptr::eq(live, draft.object)
        && bootstrapped(live).is_some()
    {
        let (repos, options) = drafted.value;
        for repo in repos {
            let name = repo.name();
            let Some((old, there)) = live_path(live, &name) else {
                continue;
            };
            let option = options.get(&format!("{name}-path"));
            let new = option.map_or_else(|| default_path(&name), |option| option.text.clone());
            if new != old {
                let here = option.map_or_else(|| repo.place().span(), |option| option.value.span());
                let places = [
                    at(here, "the drafted path"),
                    at(there, "where the live cluster has it"),
                ];
                problems.add(format!("{name}: {old}, not {new}"), &places);
            }
        }
    }
    problems.list(draft.nearest(&REPOS), "the repositories")
}

/// The path of a repository that a live cluster has, and where that is written.
fn live_path(live: &Object, name: &str) -> Option<(String, Span)> {
    let mut repos = live.at(&REPOS)?.items();
    let repo = repos.find(|repo| repo.get("name").is_some_and(|node| node.text() == name))?;
    let written = live
        .at(&GLOBAL)
        .and_then(|global| global.get(&format!("{name}-path")));
    Some(match written {
        Some(path) => (path.text().to_owned(), path.span()),
        None => (
            default_path(name),
            repo.get("name").map_or_else(|| repo.span(), Node::span),
        ),
    })
}
