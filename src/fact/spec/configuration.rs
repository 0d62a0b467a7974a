//! Secrets and ConfigMaps that are projected into pgBackRest's configuration, and whether they are there.

use super::problems::{Problems, at};
use super::reading::{has, resting_on_each};
use super::{Draft, DraftFact, existing, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

const BACKUPS: [&str; 4] = ["spec", "backups", "pgbackrest", "configuration"];
const SOURCE: [&str; 4] = ["spec", "dataSource", "pgbackrest", "configuration"];
const NOTE: &str = "pgBackRest's configuration files";

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.configuration",
        Type::Strings,
        "Secrets and ConfigMaps projected into pgBackRest's configuration: \"secret/NAME\", \"configMap/NAME\"",
        |draft| projected(draft, &BACKUPS),
    ),
    row(
        "draft.configurationMissing",
        Type::Strings,
        "those of them, and of the restore source, that do not exist in the draft's namespace",
        missing,
    ),
    row(
        "draft.configurationUnread",
        Type::Strings,
        "those that hold no key ending in .conf, the only files pgBackRest reads by itself",
        unread,
    ),
];

/// A Secret or ConfigMap that is named.
struct Named<'a> {
    kind: Kind,
    name: &'a str,
    node: Node<'a>,
    optional: bool,
    /// The files made of it, if only some of its keys are taken.
    paths: Option<Vec<&'a str>>,
}

impl Named<'_> {
    fn label(&self) -> String {
        let kind = if self.kind == Kind::Secret {
            "secret"
        } else {
            "configMap"
        };
        format!("{kind}/{}", self.name)
    }
}

fn named<'a>(draft: &Draft<'a>, path: &[&str]) -> Fact<Vec<Named<'a>>> {
    draft.items(path).map(|projections| {
        let sources = projections.into_iter().flat_map(|projection| {
            let kinds = [("secret", Kind::Secret), ("configMap", Kind::ConfigMap)];
            kinds.into_iter().filter_map(move |(field, kind)| {
                let source = projection.get(field)?;
                let node = source.get("name")?;
                let name = node.text();
                let items = source.get("items").filter(|items| items.is_seq());
                let paths = items.map(|items| {
                    let paths = items.items().filter_map(|item| item.get("path"));
                    paths.map(Node::text).collect()
                });
                let optional = has(source, &["optional"])
                    && source
                        .get("optional")
                        .is_some_and(|node| node.text() == "true");
                (!name.is_empty()).then_some(Named {
                    kind,
                    name,
                    node,
                    optional,
                    paths,
                })
            })
        });
        sources.collect()
    })
}

/// What a list of projections names: `secret/NAME`, `configMap/NAME`.
pub(super) fn projected(draft: &Draft<'_>, path: &[&str]) -> Fact<Value> {
    named(draft, path).and_then(|sources| {
        let labels: Vec<String> = sources.iter().map(Named::label).collect();
        let fact = Fact::known(labels.into());
        let fact = resting_on_each(fact, sources.iter().map(|source| source.node.span()), NOTE);
        fact.and_at(draft.nearest(path), NOTE)
    })
}

fn missing(draft: &Draft<'_>) -> Fact<Value> {
    each(draft, |source, found, problems| match found {
        Found::Absent(assumption) if !source.optional => {
            problems.assume(assumption);
            problems.add(source.label(), &[at(source.node.span(), "does not exist")]);
        }
        Found::Unseen(gap) if !source.optional => problems.unsure(&[gap]),
        _ => {}
    })
}

fn unread(draft: &Draft<'_>) -> Fact<Value> {
    each(draft, |source, found, problems| match found {
        // Of a live Secret only metadata are ever read.
        Found::Here(object) if source.paths.is_none() && is_bare_secret(object) => {
            problems.unsure(&[keys_of(object)]);
        }
        Found::Here(object) if !files(source, object).any(is_read) => {
            let keys = at(object.name_span(), "has no key that ends in .conf");
            problems.add(
                source.label(),
                &[at(source.node.span(), "not read by pgBackRest"), keys],
            );
        }
        // Its items may tell without it.
        Found::Unseen(gap) => match &source.paths {
            Some(paths) if paths.iter().any(|path| is_read(path)) => {}
            Some(_) => problems.add(
                source.label(),
                &[at(source.node.span(), "not read by pgBackRest")],
            ),
            None => problems.unsure(&[gap]),
        },
        _ => {}
    })
}

fn is_bare_secret(object: &Object) -> bool {
    let mut fields = ["data", "stringData"].into_iter();
    object.kind == Kind::Secret && fields.all(|field| object.at(&[field]).is_none())
}

fn keys_of(secret: &Object) -> Gap {
    Gap {
        because: "only its metadata are in the input".to_owned(),
        ..Gap::of_keys(secret.namespace.as_deref(), &secret.name)
    }
}

/// The names of the files made of a Secret or ConfigMap.
fn files<'a>(source: &Named<'a>, object: &'a Object) -> impl Iterator<Item = &'a str> {
    let keys = ["data", "stringData"]
        .into_iter()
        .filter_map(|field| object.at(&[field]));
    let keys = keys.flat_map(|map| map.entries().map(|(key, _)| key.text()).collect::<Vec<_>>());
    let files = source.paths.clone().unwrap_or_else(|| keys.collect());
    files.into_iter()
}

/// pgBackRest reads `.conf` files; keys and certificates are named in them.
fn is_read(file: &str) -> bool {
    let suffixes = [".conf", ".json", ".crt", ".pem", ".key"];
    suffixes.iter().any(|suffix| file.ends_with(suffix))
}

fn each(draft: &Draft<'_>, judge: fn(&Named<'_>, Found<'_>, &mut Problems)) -> Fact<Value> {
    let mut problems = Problems::default();
    let both = named(draft, &BACKUPS).both(named(draft, &SOURCE));
    if let Some(both) = problems.look(both) {
        let (backups, source) = both.value;
        let all: Vec<Named<'_>> = backups.into_iter().chain(source).collect();
        if !all.is_empty()
            && let Some(namespace) = problems.look(draft.namespace())
        {
            for source in &all {
                let found = existing::find(draft, source.kind, Some(namespace.value), source.name);
                let found = match found {
                    // The names of its keys say in one go whether it is there and what of it is read.
                    Found::Unseen(_) if source.kind == Kind::Secret => {
                        Found::Unseen(Gap::of_keys(Some(namespace.value), source.name))
                    }
                    found => found,
                };
                judge(source, found, &mut problems);
            }
        }
    }
    problems.list(draft.nearest(&BACKUPS), NOTE)
}
