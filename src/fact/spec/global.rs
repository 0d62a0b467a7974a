//! pgBackRest's settings in `spec.backups.pgbackrest.global` and `spec.dataSource.pgbackrest.global`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::pgbackrest_options::{is_known, known_in, suggestion};
use super::problems::{Problems, at};
use super::reading::resting_on_each;
use super::repos::{index_of, repos};
use super::{Draft, DraftFact, image, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields::scalar_text;
use crate::manifest::{Fact, Node};
use crate::schema::Minors;
use crate::source::Span;

const BACKUPS: [&str; 4] = ["spec", "backups", "pgbackrest", "global"];
const SOURCE: [&str; 4] = ["spec", "dataSource", "pgbackrest", "global"];
const NOTE: &str = "pgBackRest's settings";
/// The names under which releases of pgBackRest let a repository's certificate be verified or not, without `repoN-`.
pub(super) const VERIFY_TLS: [&str; 4] = [
    "storage-verify-tls",
    "s3-verify-tls",
    "s3-verify-ssl",
    "azure-verify-tls",
];

/// One setting.
#[derive(Clone)]
pub(super) struct Setting<'a> {
    pub(super) name: String,
    /// Its value as text; empty for what is no scalar.
    pub(super) text: String,
    pub(super) key: Node<'a>,
    pub(super) value: Node<'a>,
}

/// The settings of one map.
pub(super) struct Options<'a> {
    settings: Vec<Setting<'a>>,
    /// Positions by name.
    by_name: BTreeMap<String, usize>,
    /// The key of the map, or the nearest thing that exists.
    pub(super) place: Span,
}

impl<'a> Options<'a> {
    /// A setting by name.
    pub(super) fn get(&self, name: &str) -> Option<&Setting<'a>> {
        self.settings.get(*self.by_name.get(name)?)
    }

    /// The first of these settings that is there.
    pub(super) fn first(&self, names: &[String]) -> Option<&Setting<'a>> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The settings of one repository, with the rest of their name.
    pub(super) fn of_repo<'o>(
        &'o self,
        repo: &str,
    ) -> impl Iterator<Item = (&'o str, &'o Setting<'a>)> {
        let prefix = format!("{repo}-");
        self.settings.iter().filter_map(move |setting| {
            let rest = setting.name.strip_prefix(&prefix)?;
            Some((rest, setting))
        })
    }
}

/// The settings of the new cluster's own repositories.
pub(super) fn of_backups<'a>(draft: &Draft<'a>) -> Fact<Arc<Options<'a>>> {
    let global = &draft.memo().backups_global;
    global.get_or_init(|| options(draft, &BACKUPS)).clone()
}

/// The settings of the repository in `dataSource.pgbackrest`.
pub(super) fn of_source<'a>(draft: &Draft<'a>) -> Fact<Arc<Options<'a>>> {
    let global = &draft.memo().source_global;
    global.get_or_init(|| options(draft, &SOURCE)).clone()
}

fn options<'a>(draft: &Draft<'a>, path: &[&str]) -> Fact<Arc<Options<'a>>> {
    draft.entries(path).map(|entries| {
        let setting = |(key, value): (Node<'a>, Node<'a>)| Setting {
            name: key.key().into_owned(),
            text: scalar_text(value).unwrap_or_default(),
            key,
            value,
        };
        let settings: Vec<Setting<'a>> = entries.into_iter().map(setting).collect();
        let names = settings.iter().map(|setting| setting.name.clone());
        Arc::new(Options {
            by_name: names.zip(0..).collect(),
            settings,
            place: draft.nearest(path),
        })
    })
}

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.global",
        Type::Map,
        "backups.pgbackrest.global by key, values as text; those of secret options as ***",
        |draft| {
            of_backups(draft).and_then(|options| {
                let entry = |setting: &Setting<'_>| {
                    let hidden = is_secret(&setting.name) && !setting.text.starts_with('/');
                    let text = if hidden { "***" } else { &setting.text };
                    (setting.name.as_str().into(), Value::from(text))
                };
                let entries = options.settings.iter().map(entry);
                Fact::at(Value::Map(entries.collect()), options.place, NOTE)
            })
        },
    ),
    row(
        "draft.globalUnknownKeys",
        Type::Strings,
        "settings that pgBackRest does not know, in backups.pgbackrest.global and dataSource.pgbackrest.global",
        |draft| {
            keys(
                draft,
                |setting| !is_known(&setting.name),
                "pgBackRest has no such option",
            )
        },
    ),
    row(
        "draft.globalOptionsOfOtherReleases",
        Type::Strings,
        "settings that pgBackRest knows, but none of the releases the draft may run: \"tls-cipher-12 (from 2.58 on)\"",
        |draft| of_other_releases(draft, true),
    ),
    row(
        "draft.globalOptionsOfSomeReleases",
        Type::Strings,
        "settings that some, but not all, of the releases of pgBackRest know that come with the known target",
        |draft| of_other_releases(draft, false),
    ),
    row(
        "draft.globalSuggestions",
        Type::Strings,
        "for those that resemble an option: \"repo1 -> repo1-path\"",
        |draft| {
            both(draft).and_then(|options| {
                let settings = options.iter().flat_map(|options| &options.settings);
                let meant = settings.filter(|setting| !is_known(&setting.name));
                let texts = meant.filter_map(|setting| {
                    Some((
                        format!("{} -> {}", setting.name, suggestion(&setting.name)?),
                        setting,
                    ))
                });
                let mut problems = Problems::default();
                for (text, setting) in texts {
                    problems.add(text, &[at(setting.key.span(), "resembles an option")]);
                }
                problems.list(draft.nearest(&BACKUPS), NOTE)
            })
        },
    ),
    row(
        "draft.globalNonString",
        Type::Strings,
        "settings whose value is not a string: numbers and truths need quotes",
        |draft| {
            keys(
                draft,
                |setting| setting.value.as_str().is_none(),
                "needs quotes",
            )
        },
    ),
    row(
        "draft.globalStrayKeys",
        Type::Strings,
        "settings of a repository that the draft does not have: repo2-... without a repo2",
        stray,
    ),
    row(
        "draft.retention",
        Type::Strings,
        "how long backups are kept, as written: \"repo1-retention-full=14\"",
        |draft| {
            of_backups(draft).and_then(|options| {
                let settings = options.settings.iter();
                let kept: Vec<&Setting<'_>> = settings
                    .filter(|setting| setting.name.contains("-retention-"))
                    .collect();
                let texts: Vec<String> = kept
                    .iter()
                    .map(|setting| format!("{}={}", setting.name, setting.text))
                    .collect();
                let fact = Fact::known(texts.into());
                let places = kept.iter().map(|setting| setting.value.span());
                let fact = resting_on_each(fact, places, "how long backups are kept");
                fact.and_at(options.place, NOTE)
            })
        },
    ),
];

/// Whether an option's value is a secret. pgBackRest's own list of secure options.
pub(super) fn is_secret(name: &str) -> bool {
    let tails = [
        "-key",
        "-key-secret",
        "-token",
        "-account",
        "-cipher-pass",
        "-passphrase",
        "-customer-key",
    ];
    tails.iter().any(|tail| name.ends_with(tail))
}

/// The settings of both maps.
fn both<'a>(draft: &Draft<'a>) -> Fact<[Arc<Options<'a>>; 2]> {
    let both = of_backups(draft).both(of_source(draft));
    both.map(|(backups, source)| [backups, source])
}

fn keys(draft: &Draft<'_>, wrong: fn(&Setting<'_>) -> bool, note: &'static str) -> Fact<Value> {
    both(draft).and_then(|options| {
        let mut problems = Problems::default();
        let settings = options.iter().flat_map(|options| &options.settings);
        let mut seen = BTreeSet::new();
        let settings = settings.filter(|setting| wrong(setting));
        for setting in settings.filter(|setting| seen.insert(setting.key.span())) {
            problems.add(setting.name.as_str(), &[at(setting.key.span(), note)]);
        }
        problems.list(draft.nearest(&BACKUPS), NOTE)
    })
}

/// The options that none (`every`) or only some of the possible releases of pgBackRest know.
fn of_other_releases(draft: &Draft<'_>, every: bool) -> Fact<Value> {
    let possible = image::pgbackrest_minors(draft);
    // Among all releases there are always some that do not know an option.
    let told = every || draft.target().known;
    both(draft).and_then(|options| {
        let mut problems = Problems::default();
        let settings = options.iter().flat_map(|options| &options.settings);
        for setting in settings.filter(|_| told) {
            let Some(known) = known_in(&setting.name) else {
                continue;
            };
            let outside = |one: &Minors| one.max < known.min || one.min > known.max;
            let inside = |one: &Minors| known.min <= one.min && one.max <= known.max;
            let never = possible.iter().all(outside);
            let counts = if every {
                never
            } else {
                !never && !possible.iter().all(inside)
            };
            if counts && !possible.is_empty() {
                let note = "an option of other releases of pgBackRest";
                let text = format!("{} ({})", setting.name, in_words(known));
                problems.add(text, &[at(setting.key.span(), note)]);
            }
        }
        problems.list(draft.nearest(&BACKUPS), NOTE)
    })
}

fn in_words(known: Minors) -> String {
    match known {
        Minors { min: 0, max } => format!("until 2.{max}"),
        Minors { min, max: u32::MAX } => format!("from 2.{min} on"),
        Minors { min, max } => format!("from 2.{min} to 2.{max}"),
    }
}

fn stray(draft: &Draft<'_>) -> Fact<Value> {
    let own = of_backups(draft)
        .both(repos(draft))
        .map(|(options, repos)| {
            let names: BTreeSet<String> = repos.iter().map(super::repos::Repo::name).collect();
            (options, names)
        });
    let source = of_source(draft).map(|options| {
        let path = ["spec", "dataSource", "pgbackrest", "repo", "name"];
        let name = draft.at(&path).map_or("", Node::text);
        (options, BTreeSet::from([name.to_owned()]))
    });
    own.both(source).and_then(|(own, source)| {
        let mut problems = Problems::default();
        // A section shared by both holds settings of the cluster's own repositories, too.
        let (own_names, (source, mut of_source)) = (own.1.clone(), source);
        of_source.extend(own_names);
        for (options, declared) in [own, (source, of_source)] {
            for setting in &options.settings {
                let repo = setting.name.split('-').next().unwrap_or("");
                if index_of(repo) > 0 && !declared.contains(repo) {
                    let place = at(
                        setting.key.span(),
                        "a setting of a repository that is not there",
                    );
                    problems.add(setting.name.as_str(), &[place]);
                }
            }
        }
        problems.list(draft.nearest(&BACKUPS), NOTE)
    })
}
