//! The repository a draft takes data from, whichever section names it.

mod facts;
mod repo;

pub(in crate::fact::spec) use repo::SourceRepo;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::global::{self};
use super::repos::{self, Repo, default_path, repos};
use crate::fact::spec::Draft;
use crate::fact::spec::bootstrap::source::Restore;
use crate::fact::spec::bootstrap::{source, standby};
use crate::fact::spec::claims::volumes;
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::spec::reading::{bare, word};
use crate::manifest::{Fact, Gap, Node};
use crate::source::Span;

pub(in crate::fact::spec) use facts::FACTS;

const NOTE: &str = "the repository data comes from";

/// The repository data comes from; `None` where a draft takes none from any.
pub(in crate::fact::spec) fn of<'a>(draft: &Draft<'a>) -> Fact<Option<Arc<SourceRepo<'a>>>> {
    let repo = &draft.memo().source_repo;
    repo.get_or_init(|| find(draft).map(|repo| repo.map(Arc::new)))
        .clone()
}

fn find<'a>(draft: &Draft<'a>) -> Fact<Option<SourceRepo<'a>>> {
    let restore = source::kind(draft);
    let standby = standby::enabled(draft).both(standby::repo_name(draft));
    let volume = volumes::given(draft, Volume::Repo);
    let chosen = bare(restore.both(standby).both(volume));
    chosen.and_then(|((restore, (standby, followed)), volume)| {
        if let Some(kind) = restore {
            return restored(draft, kind).map(Some);
        }
        if standby && !followed.is_empty() {
            let at = draft.nearest(&["spec", "standby", "repoName"]);
            return own(draft, "standby", followed, at).map(Some);
        }
        if volume {
            let at = draft.nearest(&["spec", "dataSource", "volumes", "pgBackRestVolume"]);
            let first = repos(draft).map(|repos| repos.first().map(Repo::name).unwrap_or_default());
            return first.and_then(|name| own(draft, "dataSource.volumes", name, at).map(Some));
        }
        Fact::known(None)
    })
}

fn restored<'a>(draft: &Draft<'a>, kind: Restore) -> Fact<SourceRepo<'a>> {
    match kind {
        Restore::PostgresCluster => {
            let path = ["spec", "dataSource", "postgresCluster", "repoName"];
            let at = draft.at(&path).map(Node::span);
            let at = at.unwrap_or_else(|| draft.nearest(&path));
            let name = source::repo_name(draft);
            let own_one = source::is_self(draft);
            bare(name.both(own_one)).and_then(|(name, is_self)| {
                if is_self {
                    own(draft, "dataSource.postgresCluster", name, at)
                } else {
                    Fact::unknown(elsewhere(draft))
                }
            })
        }
        Restore::PgBackRest => {
            let path = ["spec", "dataSource", "pgbackrest", "repo"];
            let options = global::of_source(draft);
            let files = draft.items(&["spec", "dataSource", "pgbackrest", "configuration"]);
            let section = draft.section(&path);
            options
                .both(files)
                .both(section)
                .map(|((options, files), node)| SourceRepo {
                    from: "dataSource.pgbackrest",
                    name: node.map_or_else(String::new, |node| word(node, &["name"])),
                    named_at: draft
                        .at(&["spec", "dataSource", "pgbackrest", "repo", "name"])
                        .map_or_else(|| draft.nearest(&path), Node::span),
                    entry: node.map(|node| Repo { node }),
                    options,
                    configured: !files.is_empty(),
                })
        }
    }
}

/// One of the draft's own repositories.
fn own<'a>(
    draft: &Draft<'a>,
    from: &'static str,
    name: String,
    nearest: Span,
) -> Fact<SourceRepo<'a>> {
    let options = global::of_backups(draft);
    let files = draft.items(&["spec", "backups", "pgbackrest", "configuration"]);
    options
        .both(files)
        .both(repos(draft))
        .map(|((options, files), repos)| {
            let entry = repos.into_iter().find(|repo| repo.name() == name);
            SourceRepo {
                from,
                entry: entry.filter(|_| !name.is_empty()),
                name,
                named_at: nearest,
                options,
                configured: !files.is_empty(),
            }
        })
}

/// The repository belongs to another PostgresCluster.
fn elsewhere(draft: &Draft<'_>) -> Gap {
    Gap {
        missing: format!("the repository that the draft {} is restored from", draft.name),
        because: "it belongs to another PostgresCluster".to_owned(),
        ask: "look it up in that PostgresCluster; to restore from a repository of PGO v4, use dataSource.pgbackrest, or leave out clusterName and list the repository in spec.backups".to_owned(),
    }
}

impl SourceRepo<'_> {
    /// What it is kept in; `""` for nothing, several joined.
    pub(in crate::fact::spec) fn kind(&self) -> Fact<String> {
        let kinds = self.entry.map(|repo| repo.kinds()).unwrap_or_default();
        let key = self
            .entry
            .zip(kinds.first())
            .and_then(|(repo, kind)| Some(repo.node.entry(kind)?.0.span()));
        Fact::at(kinds.join("+"), key.unwrap_or(self.named_at), NOTE)
    }

    /// A field of its object store; `""` for none.
    pub(in crate::fact::spec) fn remote(&self, field: &str) -> Fact<String> {
        let node = self.entry.and_then(|repo| repo.remote(field));
        let place = || {
            let store = self.entry.and_then(|repo| {
                let kind = *repo.kinds().first()?;
                Some(repo.node.entry(kind)?.0.span())
            });
            store.unwrap_or(self.named_at)
        };
        let text = node.map_or("", Node::text).to_owned();
        Fact::at(text, node.map_or_else(place, Node::span), NOTE)
    }

    /// The first of these settings that is written for it.
    fn setting(&self, names: &[&str]) -> Fact<Option<String>> {
        match self.options.first(&self.name, names) {
            Some(setting) => {
                let text = Some(setting.text.clone());
                setting.once_said(Fact::at(text, setting.value.span(), NOTE))
            }
            None => Fact::at(None, self.options.place, NOTE),
        }
    }

    /// Its path within volume or bucket.
    pub(in crate::fact::spec) fn path(&self) -> Fact<String> {
        let written = self.setting(&["path"]);
        written.map(|path| match path {
            Some(path) => path,
            None if self.name.is_empty() => String::new(),
            None => default_path(&self.name),
        })
    }

    /// How its bucket is addressed; `""` for what is not S3.
    pub(in crate::fact::spec) fn uri_style(&self) -> Fact<String> {
        let s3 = self.entry.is_some_and(|repo| repo.kinds().contains(&"s3"));
        self.setting(&["s3-uri-style"]).map(|style| match style {
            Some(style) => style,
            None if s3 => "host".to_owned(),
            None => String::new(),
        })
    }

    /// Whether the object store's certificate is verified.
    pub(in crate::fact::spec) fn verify_tls(&self) -> Fact<bool> {
        let said = self.setting(&global::VERIFY_TLS);
        said.map(|said| !said.is_some_and(|said| matches!(said.as_str(), "n" | "false")))
    }
}

/// Where a repository of the draft's own is kept, for comparison: what, bucket, endpoint, path.
pub(in crate::fact::spec) fn places<'a>(draft: &Draft<'a>) -> Fact<Vec<SourceRepo<'a>>> {
    let names = repos::repos(draft).map(|all| {
        // The operator understands four names.
        let names = all.iter().map(Repo::name);
        let names = names.filter(|name| repos::index_of(name) > 0);
        names.collect::<BTreeSet<String>>()
    });
    names.and_then(|names| {
        let mut all = Vec::new();
        for name in names {
            let at = draft.nearest(&repos::REPOS);
            match own(draft, "backups", name, at) {
                Fact::Known(truth) => all.push(truth.value),
                Fact::Unknown(gaps) => return Fact::Unknown(gaps),
            }
        }
        Fact::known(all)
    })
}
