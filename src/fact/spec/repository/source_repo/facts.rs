//! The facts about the repository data comes from.

use super::super::configuration;
use super::super::repos::index_of;
use super::{NOTE, SourceRepo, of};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::bootstrap::source;
use crate::fact::spec::bootstrap::source::Restore;
use crate::fact::spec::reading::resting_on_each;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::Fact;

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

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
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
            let places = kept.iter().map(|(_, setting)| setting.value.span());
            let fact = resting_on_each(fact, places, "how long backups are kept");
            fact.and_at(repo.options.place, NOTE)
        }
    ),
    row(
        "draft.sourceRepo.cipher",
        Type::Bool,
        "its encryption is set among the settings, or in a ConfigMap that is projected beside them",
        cipher,
    ),
];

fn cipher(draft: &Draft<'_>) -> Fact<Value> {
    ask(draft, false.into(), |repo| {
        let cipher = repo.setting(&["cipher-type", "cipher-pass"]);
        cipher.map(|cipher| cipher.is_some_and(|kind| kind != "none").into())
    })
    .and_then(|set| {
        let repo = of(draft);
        let name = repo.value().and_then(Option::as_ref).map(|repo| &repo.name);
        let beside =
            name.and_then(|name| configuration::sets(draft, &format!("{name}-cipher-type")));
        match beside {
            Some(span) if set == Value::Bool(false) => {
                Fact::at(true.into(), span, "sets the repository's cipher")
            }
            _ => Fact::known(set),
        }
    })
}

fn ask(draft: &Draft<'_>, nothing: Value, read: Read) -> Fact<Value> {
    of(draft).and_then(|repo| match repo {
        Some(repo) => read(&repo),
        None => Fact::at(nothing, draft.nearest(&["spec", "dataSource"]), NOTE),
    })
}

/// Its name and what names it can be said even if it belongs to another cluster.
fn named(draft: &Draft<'_>, pick: fn(String, &'static str) -> String) -> Fact<Value> {
    if source::kind(draft).value() == Some(&Some(Restore::PostgresCluster)) {
        let name = source::repo_name(draft);
        return name.map(|name| pick(name, "dataSource.postgresCluster").into());
    }
    of(draft).and_then(|repo| match repo {
        Some(repo) => {
            let said = pick(repo.name.clone(), repo.from);
            Fact::at(said.into(), repo.named_at, NOTE)
        }
        None => Fact::at("".into(), draft.nearest(&["spec", "dataSource"]), NOTE),
    })
}

impl SourceRepo<'_> {
    fn here(&self, value: Value) -> Fact<Value> {
        let entry = self.entry.map(|repo| repo.place().span());
        Fact::at(value, self.named_at, NOTE).and_at(entry.unwrap_or(self.named_at), NOTE)
    }

    fn credentials(&self) -> Fact<Value> {
        let (from, place) = self.options.credentials(&self.name, self.configured);
        Fact::at(from.into(), place, NOTE)
    }
}
