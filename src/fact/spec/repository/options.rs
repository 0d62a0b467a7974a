//! Every place where an option of pgBackRest can stand: with the cluster's own repositories, and with the source of a
//! restore.

pub(in crate::fact::spec) mod required;
mod size;
pub(in crate::fact::spec) mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::global::{self, Options, Setting};
use super::pgbackrest_options::{in_words, is_known, known_in, read_from, suggestion};
use super::repos::{Repo, index_of, repos};
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::option_table::missing_from;
use crate::fact::spec::pods::image;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};
use crate::schema::Minors;
use crate::source::Span;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.globalOptions",
    "every option of pgBackRest in backups.pgbackrest.global and dataSource.pgbackrest.global: {section, name, known, suggestion, knownIn, missingFrom, isString, declared, readFrom, plain, dropsAll}; missingFrom tells which of the releases of pgBackRest that may run lack it, \"all\", \"some\" or \"none\" of them, knownIn those that have it in words, declared whether the repository it is for is there, suggestion the option it resembles, readFrom where alone pgBackRest reads it, \"cli\" (its command line), \"stanza\" (the section of a stanza) or \"\" for here, too, plain whether it is a secret, and no file with one, dropsAll whether it is a queue that not one segment of the write-ahead log fits into",
    &[
        "section",
        "name",
        "known",
        "suggestion",
        "knownIn",
        "missingFrom",
        "isString",
        "declared",
        "readFrom",
        "plain",
        "dropsAll",
    ],
    everywhere,
)];

/// One section of options, and the repositories they may be for.
struct Section<'a> {
    name: &'static str,
    path: [&'static str; 4],
    options: Arc<Options<'a>>,
    repositories: BTreeSet<String>,
}

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let possible = image::pgbackrest_minors(draft);
    bare(sections(draft))
        .map(|sections| {
            // A section that both places share through an alias is written once.
            let mut seen: BTreeSet<Span> = BTreeSet::new();
            let mut elements = Vec::new();
            for section in &sections {
                for setting in &section.options.settings {
                    if seen.insert(setting.key.span()) {
                        elements.push(element(draft, section, setting, &possible));
                    }
                }
            }
            elements
        })
        .and_at(draft.nearest(&global::BACKUPS), "pgBackRest's settings")
}

fn sections<'a>(draft: &Draft<'a>) -> Fact<Vec<Section<'a>>> {
    let own = global::of_backups(draft).both(repos(draft));
    let own = own.map(|(options, repos)| Section {
        name: "backups",
        path: global::BACKUPS,
        options,
        repositories: repos.iter().map(Repo::name).collect(),
    });
    let name = draft.at(&["spec", "dataSource", "pgbackrest", "repo", "name"]);
    let source = global::of_source(draft).map(|options| Section {
        name: "dataSource",
        path: global::SOURCE,
        options,
        repositories: name
            .into_iter()
            .map(|name| name.text().to_owned())
            .collect(),
    });
    own.both(source).map(|(mut own, mut source)| {
        // A section shared by both holds options of the cluster's own repositories, too.
        source.repositories.extend(own.repositories.iter().cloned());
        let shared = |setting: &Setting<'_>| {
            let other = source.options.get(&setting.name);
            other.is_some_and(|other| other.key.span() == setting.key.span())
        };
        if own.options.settings.iter().any(shared) {
            own.repositories.clone_from(&source.repositories);
        }
        vec![own, source]
    })
}

fn element(
    draft: &Draft<'_>,
    section: &Section<'_>,
    setting: &Setting<'_>,
    possible: &[Minors],
) -> Element {
    let name = setting.name.as_str();
    let repository = name.split('-').next().unwrap_or("");
    let declared = section.repositories.contains(repository);
    // That a repository's name is none is told of that name.
    let known = is_known(name) || declared && index_of(repository) == 0;
    let meant = if known { None } else { suggestion(name) };
    let releases = known_in(name);
    // Where there is no repository at all, that is what is to be told.
    let none = section.repositories.is_empty() && !draft.is_part();
    let declared = declared || none || index_of(repository) == 0;
    let is = |value: Value, note| Fact::at(value, setting.key.span(), note);
    let declared = if declared {
        is(true.into(), "an option")
    } else {
        let note = "an option of a repository that is not there";
        draft.by_default(false).and_at(setting.key.span(), note)
    };
    let key = format!("{}.{name}", section.path.join("."));
    let missing = releases.map_or("none", |known| missing_from(known, possible));
    Element::new(key, setting.key.span(), "an option")
        .with("section", Fact::known(section.name.into()))
        .with("name", Fact::known(name.into()))
        .with("known", is(known.into(), "pgBackRest has no such option"))
        .with("suggestion", Fact::known(meant.unwrap_or_default().into()))
        .with(
            "knownIn",
            Fact::known(releases.map_or(String::new(), in_words).into()),
        )
        .with(
            "missingFrom",
            is(missing.into(), "an option of other releases of pgBackRest"),
        )
        .with(
            "isString",
            is(is_string(setting.value).into(), "needs quotes"),
        )
        .with("declared", declared)
        .with(
            "readFrom",
            is(
                read_from(name).unwrap_or("").into(),
                "pgBackRest does not read it here",
            ),
        )
        .with("plain", is(setting.is_plain_secret().into(), "a secret"))
        .with(
            "dropsAll",
            Fact::at(
                drops_all(setting).into(),
                setting.value.span(),
                "how much may wait",
            ),
        )
}

/// What is above the size of this queue pgBackRest throws away, and tells Postgres that it is archived
/// (`archivePushDrop` in its src/command/archive/push/push.c).
fn drops_all(setting: &Setting<'_>) -> bool {
    let is_queue = matches!(
        setting.name.as_str(),
        "archive-push-queue-max" | "archive-queue-max"
    );
    let size = setting.value.as_str().and_then(size::size);
    is_queue && size.is_some_and(|size| size < SEGMENT)
}

/// A segment of the write-ahead log, as the operator's databases have it.
const SEGMENT: u128 = 16 * 1024 * 1024;

fn is_string(value: Node<'_>) -> bool {
    value.as_str().is_some()
}
