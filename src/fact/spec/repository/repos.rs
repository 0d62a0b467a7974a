//! `spec.backups.pgbackrest.repos`: the repositories of the new cluster.

pub(in crate::fact::spec) mod named;
mod repo;

pub(in crate::fact::spec) use repo::Repo;

use super::global::{self, Options};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::claims::claim_spec;
use crate::fact::spec::reading::{has, last_entries, record, resting_on_each, word};
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Node};

pub(in crate::fact::spec) const REPOS: [&str; 4] = ["spec", "backups", "pgbackrest", "repos"];
const NOTE: &str = "the repositories";

/// What a repository can be kept in.
const KINDS: [&str; 4] = ["volume", "s3", "gcs", "azure"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.backups",
        Type::Bool,
        "the draft has at least one repository for backups",
        |draft| of_repos(draft, |repos, _| (!repos.is_empty()).into()),
    ),
    row(
        "draft.backupsMisspelt",
        Type::Bool,
        "something is written that is meant for repositories, under a wrong name, in a wrong form, or without the list of them; the schema tells what is wrong with it",
        |draft| Fact::at(are_meant(draft).into(), draft.nearest(&REPOS), NOTE),
    ),
    row(
        "draft.repos",
        Type::Records,
        "the repositories: {name, index, kinds, bucket, endpoint, region, path, pathWritten, schedules, claim}; index is 0 unless the name is repo and a number up to 256",
        |draft| {
            of_repos(draft, |repos, options| {
                Value::List(repos.iter().map(|repo| repo.as_record(options)).collect())
            })
        },
    ),
    row(
        "draft.repoNames",
        Type::Strings,
        "the names of the repositories",
        |draft| {
            repos(draft).and_then(|repos| {
                let names: Vec<String> = repos.iter().map(Repo::name).collect();
                let fact = Fact::known(names.into());
                let places = repos.iter().map(|repo| repo.place().span());
                let fact = resting_on_each(fact, places, NOTE);
                fact.and_at(draft.nearest(&REPOS), NOTE)
            })
        },
    ),
    row(
        "draft.repoKinds",
        Type::Strings,
        "what the repositories are kept in, of \"volume\", \"s3\", \"gcs\", \"azure\", each once",
        |draft| {
            of_repos(draft, |repos, _| {
                let given = |kind: &&str| repos.iter().any(|repo| has(repo.node, &[kind]));
                KINDS.into_iter().filter(given).collect::<Vec<_>>().into()
            })
        },
    ),
    row(
        "draft.firstRepoName",
        Type::String,
        "the name of the first repository; \"\" for none",
        |draft| of_first(draft, |repo| word(repo.node, &["name"])),
    ),
    row(
        "draft.firstRepoKind",
        Type::String,
        "what the first repository is kept in: \"volume\", \"s3\", \"gcs\", \"azure\"; \"\" for none, several joined by \"+\"",
        |draft| of_first(draft, |repo| repo.kinds().join("+")),
    ),
    row(
        "draft.schedules",
        Type::Strings,
        "scheduled backups: \"repo1 full 0 1 * * 0\"",
        |draft| {
            repos(draft).and_then(|repos| {
                let all = repos.iter().flat_map(|repo| {
                    let name = repo.name();
                    let schedules = repo.schedules().into_iter();
                    schedules.map(move |(text, node)| (format!("{name} {text}"), node))
                });
                let all: Vec<(String, Node<'_>)> = all.collect();
                let texts: Vec<&str> = all.iter().map(|(text, _)| text.as_str()).collect();
                let fact = Fact::known(texts.into());
                let places = all.iter().map(|(_, node)| node.span());
                let fact = resting_on_each(fact, places, "a scheduled backup");
                fact.and_at(draft.nearest(&REPOS), NOTE)
            })
        },
    ),
];

/// Nobody has more, and each is looked at.
const MOST_SETS: usize = 16;

/// Whether backups are meant, and not written as the schema has them.
fn are_meant(draft: &Draft<'_>) -> bool {
    let Some(spec) = draft.at(&["spec"]).filter(|spec| spec.is_map()) else {
        return draft.at(&["spec"]).is_some_and(|spec| !spec.is_null());
    };
    let Some(backups) = spec.get("backups").filter(|backups| !backups.is_null()) else {
        // Above or below where they belong, or without their first line.
        let sets = spec.get("instances").into_iter().flat_map(Node::items);
        let mut maps = [spec, draft.object.root()]
            .into_iter()
            .chain(sets.take(MOST_SETS));
        return maps.any(|map| {
            let names = ["backups", "pgbackrest"].into_iter();
            let mut meant = names.filter_map(|name| draft.meant(map, name));
            meant.any(|one| !one.is_null())
        });
    };
    let pgbackrest = draft.meant(backups, "pgbackrest");
    let is_there = pgbackrest.is_some_and(|one| !one.is_null());
    let listed = pgbackrest.and_then(|one| one.get("repos"));
    !backups.is_map() || is_there && listed.is_none_or(|repos| !repos.is_seq())
}

/// The repositories.
pub(in crate::fact::spec) fn repos<'a>(draft: &Draft<'a>) -> Fact<Vec<Repo<'a>>> {
    let items = draft.items(&REPOS);
    items.map(|items| items.into_iter().map(|node| Repo { node }).collect())
}

fn of_repos(
    draft: &Draft<'_>,
    read: impl FnOnce(&[Repo<'_>], &Options<'_>) -> Value,
) -> Fact<Value> {
    let global = global::of_backups(draft);
    global
        .both(repos(draft))
        .and_then(|(options, repos)| Fact::at(read(&repos, &options), draft.nearest(&REPOS), NOTE))
}

fn of_first(draft: &Draft<'_>, read: fn(&Repo<'_>) -> String) -> Fact<Value> {
    repos(draft).and_then(|repos| match repos.first() {
        Some(repo) => Fact::at(
            read(repo).into(),
            repo.place().span(),
            "the first repository",
        ),
        None => Fact::at("".into(), draft.nearest(&REPOS), NOTE),
    })
}

/// The number in `repo1` ... `repo256`, as many as pgBackRest has; 0 for anything else.
pub(in crate::fact::spec) fn index_of(name: &str) -> i64 {
    let digits = name.strip_prefix("repo").unwrap_or("");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    let number = digits.parse().ok().filter(|_| plain);
    number.filter(|number| *number <= 256).unwrap_or(0)
}

impl<'a> Repo<'a> {
    pub(in crate::fact::spec) fn name(&self) -> String {
        word(self.node, &["name"])
    }

    /// Its name, or itself where it has none.
    pub(in crate::fact::spec) fn place(&self) -> Node<'a> {
        self.node.get("name").unwrap_or(self.node)
    }

    /// What it is kept in; should be one.
    pub(in crate::fact::spec) fn kinds(&self) -> Vec<&'static str> {
        let given = |kind: &&str| has(self.node, &[kind]);
        KINDS.into_iter().filter(given).collect()
    }

    /// A field of the object store it is kept in: `bucket` is Azure's container, too.
    pub(in crate::fact::spec) fn remote(&self, field: &str) -> Option<Node<'a>> {
        let fields: &[[&str; 2]] = match field {
            "bucket" => &[["s3", "bucket"], ["gcs", "bucket"], ["azure", "container"]],
            "endpoint" => &[["s3", "endpoint"]],
            _ => &[["s3", "region"]],
        };
        fields.iter().find_map(|path| self.node.at(path))
    }

    /// Its scheduled backups: "full 0 1 * * 0".
    pub(in crate::fact::spec) fn schedules(&self) -> Vec<(String, Node<'a>)> {
        let all = self.scheduled().into_iter();
        let text = |(kind, value): (String, Node<'a>)| (format!("{kind} {}", value.text()), value);
        all.map(text).collect()
    }

    /// Its scheduled backups: the kind as pgBackRest calls it, and when.
    pub(in crate::fact::spec) fn scheduled(&self) -> Vec<(String, Node<'a>)> {
        let schedules = self.node.get("schedules").into_iter();
        let entries = schedules.flat_map(last_entries);
        let given = entries.filter(|(_, value)| !value.text().is_empty() && !value.is_null());
        let kind = |(key, value): (Node<'a>, Node<'a>)| (backup_kind(&key.key()).to_owned(), value);
        given.map(kind).collect()
    }

    fn as_record(&self, options: &Options<'_>) -> Value {
        let remote = |field| self.remote(field).map_or("", Node::text);
        let name = self.name();
        let written = options.of(&name, "path");
        let path = match written.map(|one| one.once_said(Fact::known(one.text.clone()))) {
            Some(Fact::Known(truth)) => truth.value.into(),
            Some(Fact::Unknown(gaps)) => Value::Unknown(gaps),
            None => default_path(&name).into(),
        };
        let claim = self.node.at(&["volume", "volumeClaimSpec"]);
        let schedules = self.schedules().into_iter().map(|(text, _)| text);
        record([
            ("index", index_of(&name).into()),
            ("name", name.into()),
            ("kinds", self.kinds().into()),
            ("bucket", remote("bucket").into()),
            ("endpoint", remote("endpoint").into()),
            ("region", remote("region").into()),
            ("path", path),
            ("pathWritten", written.is_some().into()),
            ("schedules", schedules.collect::<Vec<_>>().into()),
            ("claim", claim_spec::as_record(claim)),
        ])
    }
}

/// Where v5 keeps a repository unless told otherwise.
pub(in crate::fact::spec) fn default_path(name: &str) -> String {
    format!("/pgbackrest/{name}")
}

/// The kind of backup as pgBackRest calls it.
fn backup_kind(field: &str) -> &str {
    match field {
        "differential" => "diff",
        "incremental" => "incr",
        other => other,
    }
}
