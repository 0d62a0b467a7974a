//! Repositories that a draft names for a backup by hand or a restore in place, and that it may not declare.

use super::{Repo, repos};
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.repositoriesNamed",
    "the repositories named in backups.pgbackrest.manual and backups.pgbackrest.restore: {section, name, declared, acts}; acts tells whether something is done with it now, which a restore is while it is enabled",
    &["section", "name", "declared", "acts"],
    named,
)];

const NOTE: &str = "a repository by name";

fn named(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let declared = repos(draft).map(|repos| repos.iter().map(Repo::name).collect::<Vec<_>>());
    let enabled = ["spec", "backups", "pgbackrest", "restore", "enabled"];
    let enabled = draft.truth(&enabled, "whether a restore is asked for");
    let both = declared.both(enabled);
    let found = both.map(|(declared, enabled)| {
        let mut found = Vec::new();
        for section in ["manual", "restore"] {
            let path = ["spec", "backups", "pgbackrest", section, "repoName"];
            let Some(node) = draft.at(&path).filter(|node| !node.text().is_empty()) else {
                continue;
            };
            let name = node.text();
            let there = declared.iter().any(|known| known == name);
            let acts = section == "restore" && enabled;
            let at = |value: bool| Fact::at(value.into(), node.span(), NOTE);
            found.push(
                Element::new(path.join("."), node.span(), NOTE)
                    .with("section", Fact::known(section.into()))
                    .with("name", Fact::known(name.into()))
                    .with("declared", at(there))
                    .with("acts", at(acts)),
            );
        }
        found
    });
    found.and_at(draft.nearest(&["spec", "backups", "pgbackrest"]), NOTE)
}
