//! Paths of repositories, drafted and as the live cluster of the same name has them: a stanza is made once, at the path
//! of that time.

use super::global::Options;
use super::repos::{Repo, default_path};
use crate::expr::Value;
use crate::fact::spec::Draft;
use crate::fact::spec::around::existing::{bootstrapped, live};
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

const GLOBAL: [&str; 4] = ["spec", "backups", "pgbackrest", "global"];
const REPOS: [&str; 4] = ["spec", "backups", "pgbackrest", "repos"];

/// The living cluster of the draft's name, where it is in the input and its stanzas were made.
pub(in crate::fact::spec) fn living<'a>(draft: &Draft<'a>) -> Option<&'a Object> {
    let living = live(draft).value().copied().flatten()?;
    let other = living.is_live() && !std::ptr::eq(living, draft.object);
    (other && bootstrapped(living).is_some()).then_some(living)
}

/// The path that the living cluster has for a repository, where the draft has another; else `""`.
pub(in crate::fact::spec) fn was(
    living: Option<&Object>,
    repo: &Repo<'_>,
    options: &Options<'_>,
) -> Fact<Value> {
    let name = repo.name();
    let Some((old, there)) = living.and_then(|living| live_path(living, &name)) else {
        return Fact::known("".into());
    };
    let option = options.of(&name, "path");
    let new = option.map_or_else(|| default_path(&name), |option| option.text.clone());
    if new == old {
        return Fact::known("".into());
    }
    let here = option.map_or_else(|| repo.place().span(), |option| option.value.span());
    let was = Fact::at(old.into(), here, "the drafted path");
    let was = was.and_at(there, "where the live cluster has it");
    match option {
        Some(option) => option.once_said(was),
        None => was,
    }
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
