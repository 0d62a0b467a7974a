//! Every place where a repository can stand: among the cluster's own, and as the source of a restore.

use std::sync::Arc;

use super::global::{self, Options};
use super::live_paths;
use super::repos::{REPOS, Repo, default_path, index_of, repos};
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::around::neighbours;
use crate::fact::spec::claims::claim_spec;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

/// The repository of a restore from an object store.
const OF_SOURCE: [&str; 4] = ["spec", "dataSource", "pgbackrest", "repo"];
const NOTE: &str = "the repository";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.repositories",
    "every repository, wherever it stands: {section, name, index, kinds, bucket, endpoint, region, path, pathWritten, defaultPath, first, retained, uriStyle, verifyTls, schedules, claim, gcsKey, was, sharedWith, sameAs, credentials, keyType, emptyFields, typeSaid}; section is \"backups\" or \"dataSource\", index 0 unless the name is repo and a number up to 256, was the path that the living cluster of this name has for it where that is another, sharedWith another PostgresCluster of the input that archives to the same place, sameAs the repository before it that is at the same place, credentials where its keys come from: \"configuration\" (projected files), \"keyType\" (the platform), \"global\" (keys in plain sight), \"\" for nowhere and for a volume, keyType the type of its key as the options have it, emptyFields what of its object store is written without a value, typeSaid what the option repoN-type says it is kept in, \"\" where that is not written",
    &[
        "section",
        "name",
        "index",
        "kinds",
        "bucket",
        "endpoint",
        "region",
        "path",
        "pathWritten",
        "uriStyle",
        "verifyTls",
        "schedules",
        "claim",
        "defaultPath",
        "first",
        "retained",
        "gcsKey",
        "was",
        "sharedWith",
        "sameAs",
        "credentials",
        "keyType",
        "emptyFields",
        "typeSaid",
    ],
    everywhere,
)];

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let own = bare(global::of_backups(draft).both(repos(draft)));
    let own = own.map(|(options, repos)| {
        let shared = neighbours::archives_to(draft);
        let twice = neighbours::written_twice(draft);
        let living = live_paths::living(draft);
        let repos = repos.into_iter().enumerate();
        let place = |(number, repo): (usize, Repo<'_>)| {
            let name = repo.name();
            let key = format!("{}[{name}]", REPOS.join("."));
            let nobody = || Fact::known("".into());
            element(draft, (key, "backups"), &repo, &options)
                .with("first", Fact::known((number == 0).into()))
                .with("was", live_paths::was(living, &repo, &options))
                .with(
                    "sharedWith",
                    shared.get(&name).cloned().unwrap_or_else(nobody),
                )
                .with("sameAs", twice.get(&name).cloned().unwrap_or_else(nobody))
        };
        repos.map(place).collect::<Vec<_>>()
    });
    let source = bare(global::of_source(draft).both(draft.section(&OF_SOURCE)));
    let source = source.map(|(options, node): (Arc<Options<'_>>, _)| {
        node.map(|node| {
            element(
                draft,
                (OF_SOURCE.join("."), "dataSource"),
                &Repo { node },
                &options,
            )
            .with("first", Fact::known(false.into()))
            .with("was", Fact::known("".into()))
            .with("sharedWith", Fact::known("".into()))
            .with("sameAs", Fact::known("".into()))
        })
    });
    let all = own.both(source).map(|(mut all, source)| {
        all.extend(source);
        all
    });
    match &all {
        // Where one would stand.
        Fact::Known(truth) if truth.value.is_empty() => {
            all.and_at(draft.nearest(&REPOS), "the draft's repositories")
        }
        _ => all,
    }
}

/// A repository with the settings of the section that it stands in.
fn element(
    draft: &Draft<'_>,
    (key, section): (String, &'static str),
    repo: &Repo<'_>,
    options: &Options<'_>,
) -> Element {
    let name = repo.name();
    let setting = |rest: &str| options.of(&name, rest);
    let path = match setting("path") {
        Some(path) => path.once_said(Fact::at(
            path.text.as_str().into(),
            path.key.span(),
            "its path",
        )),
        None => draft.by_default(default_path(&name)),
    };
    let written = match setting("path") {
        Some(path) => Fact::at(true.into(), path.key.span(), "its path"),
        None => draft.by_default(false),
    };
    let retained = match setting("retention-full") {
        Some(kept) => Fact::at(true.into(), kept.value.span(), "how long backups are kept"),
        None => draft.by_default(false),
    };
    let schedules = repo.schedules();
    let texts: Vec<&str> = schedules.iter().map(|(text, _)| text.as_str()).collect();
    let timed = schedules.iter().map(|(_, node)| *node);
    let gcs_key = match setting("gcs-key") {
        Some(key) => {
            let note = "the path of the key";
            key.once_said(Fact::at(key.text.as_str().into(), key.value.span(), note))
        }
        None => Fact::known("".into()),
    };
    Element::new(key, repo.place().span(), NOTE)
        .with("section", Fact::known(section.into()))
        .with("index", Fact::known(index_of(&name).into()))
        .with("kinds", kinds(draft, repo))
        .with("bucket", remote(repo, "bucket"))
        .with("endpoint", remote(repo, "endpoint"))
        .with("region", remote(repo, "region"))
        .with("path", path)
        .with("pathWritten", written)
        .with("uriStyle", uri_style(draft, repo, options))
        .with("verifyTls", verify_tls(draft, &name, options))
        .with(
            "schedules",
            at_each(texts.into(), timed, "a scheduled backup"),
        )
        .with(
            "claim",
            Fact::known(claim_spec::as_record(
                repo.node.at(&["volume", "volumeClaimSpec"]),
            )),
        )
        .with("retained", retained)
        .with("credentials", credentials(draft, section, repo, options))
        .with("defaultPath", Fact::known(default_path(&name).into()))
        .with("gcsKey", gcs_key)
        .with("keyType", key_type(&name, options))
        .with("emptyFields", empty_fields(repo))
        .with(
            "typeSaid",
            setting("type").map_or_else(
                || Fact::known("".into()),
                |said| {
                    let text = Fact::at(said.text.as_str().into(), said.value.span(), NOTE);
                    said.once_said(text)
                },
            ),
        )
        .with("name", Fact::known(name.into()))
}

/// Where the keys of its object store come from.
fn credentials(
    draft: &Draft<'_>,
    section: &str,
    repo: &Repo<'_>,
    options: &Options<'_>,
) -> Fact<Value> {
    if !repo.kinds().iter().any(|kind| *kind != "volume") {
        return Fact::known("".into());
    }
    let files = if section == "backups" {
        ["spec", "backups", "pgbackrest", "configuration"]
    } else {
        ["spec", "dataSource", "pgbackrest", "configuration"]
    };
    bare(draft.items(&files)).and_then(|files| {
        match options.credentials(&repo.name(), !files.is_empty()) {
            ("", _) => draft.by_default(""),
            (from, place) => Fact::at(from.into(), place, NOTE),
        }
    })
}

fn at_each<'a>(
    value: Value,
    nodes: impl Iterator<Item = Node<'a>>,
    note: &'static str,
) -> Fact<Value> {
    nodes.fold(Fact::known(value), |fact, node| {
        fact.and_at(node.span(), note)
    })
}

/// What it is kept in, at the keys that say so.
fn kinds(draft: &Draft<'_>, repo: &Repo<'_>) -> Fact<Value> {
    let kinds = repo.kinds();
    if kinds.is_empty() {
        return draft.by_default(kinds);
    }
    let keys: Vec<Node<'_>> = kinds
        .iter()
        .filter_map(|kind| Some(repo.node.entry(kind)?.0))
        .collect();
    at_each(kinds.into(), keys.into_iter(), "what it is kept in")
}

fn remote(repo: &Repo<'_>, field: &str) -> Fact<Value> {
    match repo.remote(field) {
        Some(node) => global::said(node, field, Fact::at(node.text().into(), node.span(), NOTE)),
        None => Fact::known("".into()),
    }
}

/// What an object store cannot do without, written as an empty text, which the schema takes.
fn empty_fields(repo: &Repo<'_>) -> Fact<Value> {
    let fields = ["bucket", "container", "endpoint", "region"];
    let kinds = repo.kinds().into_iter();
    let written = kinds.flat_map(|kind| fields.iter().map(move |field| [kind, *field]));
    let empty = |path: [&'static str; 2]| {
        let node = repo.node.at(&path)?;
        (node.as_str() == Some("")).then_some((path.join("."), node))
    };
    let empty: Vec<(String, Node<'_>)> = written.filter_map(empty).collect();
    let names: Vec<String> = empty.iter().map(|(name, _)| name.clone()).collect();
    let nodes = empty.iter().map(|(_, node)| *node);
    at_each(names.into(), nodes, "written without a value")
}

/// The type of its key; `""` where no option tells it.
fn key_type(name: &str, options: &Options<'_>) -> Fact<Value> {
    match options.first(name, &["s3-key-type", "gcs-key-type", "azure-key-type"]) {
        Some(said) => Fact::at(said.text.as_str().into(), said.value.span(), NOTE),
        None => Fact::known("".into()),
    }
}

/// How its bucket is addressed; `""` for what is not S3.
fn uri_style(draft: &Draft<'_>, repo: &Repo<'_>, options: &Options<'_>) -> Fact<Value> {
    match options.of(&repo.name(), "s3-uri-style") {
        Some(style) => {
            let text = Fact::at(style.text.as_str().into(), style.value.span(), NOTE);
            style.once_said(text)
        }
        None if repo.kinds().contains(&"s3") => draft.by_default("host"),
        None => Fact::known("".into()),
    }
}

fn verify_tls(draft: &Draft<'_>, name: &str, options: &Options<'_>) -> Fact<Value> {
    match options.first(name, &global::VERIFY_TLS) {
        Some(said) => {
            let verified = !matches!(said.text.as_str(), "n" | "false");
            said.once_said(Fact::at(verified.into(), said.value.span(), NOTE))
        }
        None => draft.by_default(true),
    }
}
