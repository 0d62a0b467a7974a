//! The repository a draft takes data from, whichever section names it.

use super::global::{self, Options, is_secret};
use super::reading::{bare, word};
use super::repos::{self, Repo, default_path, index_of, repos};
use super::source::{self, Restore};
use super::volumes::{self, Volume};
use super::{Draft, DraftFact, row, standby};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Gap, Node};
use crate::source::Span;

const NOTE: &str = "the repository data comes from";

/// The repository data comes from.
pub(super) struct SourceRepo<'a> {
    /// The section that names it.
    from: &'static str,
    /// `repo1`; empty where the section names none.
    pub(super) name: String,
    /// Where it is named.
    pub(super) named_at: Span,
    /// Its entry; `None` where there is none of the name.
    pub(super) entry: Option<Repo<'a>>,
    /// The settings that go with it.
    options: Options<'a>,
    /// Files projected beside the settings.
    configured: bool,
}

/// How the rows below read a repository that is there.
type Read = for<'r, 'a> fn(&'r SourceRepo<'a>) -> Fact<Value>;

/// A row about the repository; `nothing` where no repository is a source.
macro_rules! about {
    ($name:literal, $ty:ident, $meaning:literal, $nothing:expr, $read:expr) => {
        row($name, Type::$ty, $meaning, |draft| {
            let read: Read = $read;
            ask(draft, $nothing.into(), read)
        })
    };
}

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.sourceRepo.name",
        Type::String,
        "the repository data comes from; \"\" for none",
        |draft| named(draft, |name, _| name),
    ),
    row(
        "draft.sourceRepo.from",
        Type::String,
        "what names it: \"dataSource.postgresCluster\", \"dataSource.pgbackrest\", \"standby\" or \"dataSource.volumes\"; \"\" for none",
        |draft| named(draft, |_, from| from.to_owned()),
    ),
    about!(
        "draft.sourceRepo.declared",
        Bool,
        "there is a repository of that name",
        false,
        |repo| { repo.here(repo.entry.is_some().into()) }
    ),
    about!(
        "draft.sourceRepo.index",
        Int,
        "its number, 0 unless it is repo1 to repo4",
        0,
        |repo| { repo.here(index_of(&repo.name).into()) }
    ),
    about!(
        "draft.sourceRepo.kind",
        String,
        "what it is kept in: \"volume\", \"s3\", \"gcs\", \"azure\"",
        "",
        |repo| { repo.kind().map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.bucket",
        String,
        "its bucket or container",
        "",
        |repo| { repo.remote("bucket").map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.endpoint",
        String,
        "its S3 endpoint",
        "",
        |repo| { repo.remote("endpoint").map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.region",
        String,
        "its S3 region",
        "",
        |repo| { repo.remote("region").map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.path",
        String,
        "its path: repoN-path, else /pgbackrest/repoN",
        "",
        |repo| { repo.path().map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.pathWritten",
        Bool,
        "repoN-path is written for it",
        false,
        |repo| {
            let written = repo.setting(&["path"]);
            written.map(|path| path.is_some().into())
        }
    ),
    about!(
        "draft.sourceRepo.uriStyle",
        String,
        "how its bucket is addressed in S3: \"host\" or \"path\"; \"\" elsewhere",
        "",
        |repo| { repo.uri_style().map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.verifyTls",
        Bool,
        "the certificate of its object store is verified",
        false,
        |repo| { repo.verify_tls().map(Value::from) }
    ),
    about!(
        "draft.sourceRepo.caFile",
        String,
        "the file with the certificate authority of its object store; \"\" for the usual ones",
        "",
        |repo| {
            let file = repo.setting(&["storage-ca-file", "s3-ca-file", "azure-ca-file"]);
            file.map(|file| file.unwrap_or_default().into())
        }
    ),
    about!(
        "draft.sourceRepo.keyType",
        String,
        "how it is authenticated, as written: \"shared\", \"auto\", \"web-id\", ...",
        "",
        |repo| {
            let kind = repo.setting(&["s3-key-type", "gcs-key-type", "azure-key-type"]);
            kind.map(|kind| kind.unwrap_or_default().into())
        }
    ),
    about!(
        "draft.sourceRepo.credentials",
        String,
        "where its keys come from: \"configuration\" (projected files), \"keyType\" (the platform), \"global\" (keys in plain sight); \"\" for nowhere",
        "",
        |repo| { repo.credentials() }
    ),
    about!(
        "draft.sourceRepo.retention",
        Strings,
        "its settings for how long backups are kept: \"repo1-retention-full=14\"",
        Vec::<String>::new(),
        |repo| {
            let kept: Vec<_> = repo
                .options
                .of_repo(&repo.name)
                .filter(|(rest, _)| rest.starts_with("retention-"))
                .collect();
            let texts: Vec<String> = kept
                .iter()
                .map(|(_, setting)| format!("{}={}", setting.name, setting.text))
                .collect();
            let fact = Fact::known(texts.into());
            let fact = kept.iter().fold(fact, |fact, (_, setting)| {
                fact.and_at(setting.value.span(), "how long backups are kept")
            });
            fact.and_at(repo.options.place, NOTE)
        }
    ),
    about!(
        "draft.sourceRepo.cipher",
        Bool,
        "its encryption is set among the settings",
        false,
        |repo| {
            let cipher = repo.setting(&["cipher-type", "cipher-pass"]);
            cipher.map(|cipher| cipher.is_some_and(|kind| kind != "none").into())
        }
    ),
];

/// The repository data comes from; `None` where a draft takes none from any.
pub(super) fn of<'a>(draft: &Draft<'a>) -> Fact<Option<SourceRepo<'a>>> {
    let restore = source::kind(draft);
    let standby = standby::enabled(draft).both(standby::repo_name(draft));
    let volume = volumes::given(draft, Volume::Repo);
    let chosen = bare(restore.both(standby).both(volume));
    chosen.and_then(|((restore, (standby, followed)), volume)| {
        if let Some(kind) = restore {
            return restored(draft, kind).map(Some);
        }
        if standby && !followed.is_empty() {
            let at = draft.object.nearest(&["spec", "standby", "repoName"]);
            return own(draft, "standby", followed, at).map(Some);
        }
        if volume {
            let at = draft
                .object
                .nearest(&["spec", "dataSource", "volumes", "pgBackRestVolume"]);
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
            let at = draft.object.at(&path).map(Node::span);
            let at = at.unwrap_or_else(|| draft.object.nearest(&path));
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
                        .object
                        .at(&["spec", "dataSource", "pgbackrest", "repo", "name"])
                        .map_or_else(|| draft.object.nearest(&path), Node::span),
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

fn ask(draft: &Draft<'_>, nothing: Value, read: Read) -> Fact<Value> {
    of(draft).and_then(|repo| match repo {
        Some(repo) => read(&repo),
        None => Fact::at(nothing, draft.object.nearest(&["spec", "dataSource"]), NOTE),
    })
}

/// Its name and what names it can be said even if it belongs to another cluster.
fn named(draft: &Draft<'_>, pick: fn(String, &'static str) -> String) -> Fact<Value> {
    if source::kind(draft).value() == Some(&Some(Restore::PostgresCluster)) {
        let name = source::repo_name(draft);
        return name.map(|name| pick(name, "dataSource.postgresCluster").into());
    }
    of(draft).and_then(|repo| match repo {
        Some(repo) => Fact::at(pick(repo.name, repo.from).into(), repo.named_at, NOTE),
        None => Fact::at(
            "".into(),
            draft.object.nearest(&["spec", "dataSource"]),
            NOTE,
        ),
    })
}

impl SourceRepo<'_> {
    fn here(&self, value: Value) -> Fact<Value> {
        let entry = self.entry.map(|repo| repo.place().span());
        Fact::at(value, self.named_at, NOTE).and_at(entry.unwrap_or(self.named_at), NOTE)
    }

    /// What it is kept in; `""` for nothing, several joined.
    pub(super) fn kind(&self) -> Fact<String> {
        let kinds = self.entry.map(|repo| repo.kinds()).unwrap_or_default();
        let key = self
            .entry
            .zip(kinds.first())
            .and_then(|(repo, kind)| Some(repo.node.entry(kind)?.0.span()));
        Fact::at(kinds.join("+"), key.unwrap_or(self.named_at), NOTE)
    }

    /// A field of its object store; `""` for none.
    pub(super) fn remote(&self, field: &str) -> Fact<String> {
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
        let names: Vec<String> = names
            .iter()
            .map(|name| format!("{}-{name}", self.name))
            .collect();
        match self.options.first(&names) {
            Some(setting) => Fact::at(Some(setting.text.clone()), setting.value.span(), NOTE),
            None => Fact::at(None, self.options.place, NOTE),
        }
    }

    /// Its path within volume or bucket.
    pub(super) fn path(&self) -> Fact<String> {
        let written = self.setting(&["path"]);
        written.map(|path| match path {
            Some(path) => path,
            None if self.name.is_empty() => String::new(),
            None => default_path(&self.name),
        })
    }

    /// How its bucket is addressed; `""` for what is not S3.
    pub(super) fn uri_style(&self) -> Fact<String> {
        let s3 = self.entry.is_some_and(|repo| repo.kinds().contains(&"s3"));
        self.setting(&["s3-uri-style"]).map(|style| match style {
            Some(style) => style,
            None if s3 => "host".to_owned(),
            None => String::new(),
        })
    }

    /// Whether the object store's certificate is verified.
    pub(super) fn verify_tls(&self) -> Fact<bool> {
        let names = [
            "storage-verify-tls",
            "s3-verify-tls",
            "s3-verify-ssl",
            "azure-verify-tls",
        ];
        let said = self.setting(&names);
        said.map(|said| !said.is_some_and(|said| matches!(said.as_str(), "n" | "false")))
    }

    fn credentials(&self) -> Fact<Value> {
        let key_type = self.setting(&["s3-key-type", "gcs-key-type", "azure-key-type"]);
        let by_platform =
            matches!(key_type.value(), Some(Some(kind)) if kind == "auto" || kind == "web-id");
        let mut settings = self.options.of_repo(&self.name);
        let plain = settings.find(|(rest, setting)| {
            let of_file = setting.text.starts_with('/') || setting.text.is_empty();
            is_secret(rest) && !rest.starts_with("cipher") && !of_file
        });
        let place = self.options.place;
        match plain {
            _ if by_platform => key_type.map(|_| "keyType".into()),
            _ if self.configured => Fact::at("configuration".into(), place, NOTE),
            Some((_, setting)) => Fact::at("global".into(), setting.key.span(), NOTE),
            None => Fact::at("".into(), place, NOTE),
        }
    }
}

/// Where a repository of the draft's own is kept, for comparison: what, bucket, endpoint, path.
pub(super) fn places<'a>(draft: &Draft<'a>) -> Fact<Vec<SourceRepo<'a>>> {
    let names = repos::repos(draft).map(|repos| repos.iter().map(Repo::name).collect::<Vec<_>>());
    names.and_then(|names| {
        let mut all = Vec::new();
        for name in names {
            let at = draft.object.nearest(&repos::REPOS);
            match own(draft, "backups", name, at) {
                Fact::Known(truth) => all.push(truth.value),
                Fact::Unknown(gaps) => return Fact::Unknown(gaps),
            }
        }
        Fact::known(all)
    })
}
