//! Secrets and ConfigMaps that are projected into pods, first of all into pgBackRest's configuration, and whether they are
//! there.

use std::sync::Arc;

use crate::expr::Value;
use crate::fact::spec::around::existing;
use crate::fact::spec::reading::{bare, has, resting_on_each};
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};
use crate::source::Span;

const BACKUPS: [&str; 4] = ["spec", "backups", "pgbackrest", "configuration"];
const SOURCE: [&str; 4] = ["spec", "dataSource", "pgbackrest", "configuration"];
/// What else files are projected for: Postgres, the exporter, PgBouncer, pgAdmin, the collector. From the CRDs of 5.0 to 6.0.
const OTHERS: [&[&str]; 5] = [
    &["spec", "config", "files"],
    &[
        "spec",
        "monitoring",
        "pgmonitor",
        "exporter",
        "configuration",
    ],
    &["spec", "proxy", "pgBouncer", "config", "files"],
    &["spec", "userInterface", "pgAdmin", "config", "files"],
    &["spec", "instrumentation", "config", "files"],
];
const NOTE: &str = "projected files";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.configuration",
        Type::Strings,
        "Secrets and ConfigMaps projected into pgBackRest's configuration: \"secret/NAME\", \"configMap/NAME\"",
        |draft| projected(draft, &BACKUPS),
    ),
    each(
        "draft.projections",
        "every Secret and ConfigMap that is projected into a pod: into pgBackRest's configuration, of the cluster's own repositories and of the source of a restore, and as files of Postgres, the exporter, PgBouncer, pgAdmin and the collector: {section, purpose, name, ofV4, there, read, keysMissing}; section is \"backups\", \"dataSource\" or \"files\", purpose what it is projected for in words, name is \"secret/NAME\" or \"configMap/NAME\", there whether it exists in the draft's namespace or need not, read whether it holds a file that pgBackRest reads or need not, keysMissing the keys that it is to give and does not have",
        &[
            "section",
            "purpose",
            "name",
            "ofV4",
            "there",
            "read",
            "keysMissing",
        ],
        everywhere,
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
    /// These keys.
    keys: Vec<Node<'a>>,
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
                let keys = items.into_iter().flat_map(Node::items);
                let keys = keys.filter_map(|item| item.get("key")).collect();
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
                    keys,
                })
            })
        });
        sources.collect()
    })
}

/// What a list of projections names: `secret/NAME`, `configMap/NAME`.
pub(in crate::fact::spec) fn projected(draft: &Draft<'_>, path: &[&str]) -> Fact<Value> {
    named(draft, path).and_then(|sources| {
        let labels: Vec<String> = sources.iter().map(Named::label).collect();
        let fact = Fact::known(labels.into());
        let fact = resting_on_each(fact, sources.iter().map(|source| source.node.span()), NOTE);
        fact.and_at(draft.nearest(path), NOTE)
    })
}

/// Where a ConfigMap that is projected for pgBackRest, as far as these are in the input, sets an option.
pub(in crate::fact::spec) fn sets(draft: &Draft<'_>, option: &str) -> Option<Span> {
    let namespace = draft.namespace();
    let namespace = namespace.value()?;
    let both = named(draft, &BACKUPS).both(named(draft, &SOURCE));
    let (backups, source) = both.value()?;
    let maps = backups.iter().chain(source);
    let entries = maps
        .filter(|one| one.kind == Kind::ConfigMap)
        .filter_map(
            |one| match existing::find(draft, one.kind, Some(namespace), one.name) {
                Found::Here(object) => object.at(&["data"]),
                _ => None,
            },
        )
        .flat_map(Node::entries);
    let is_set = |text: &str| {
        let settings = text.lines().filter_map(|line| line.split_once('='));
        settings.into_iter().any(|(name, _)| name.trim() == option)
    };
    let mut entries = entries.filter(|(_, value)| is_set(value.text()));
    entries.next().map(|(_, value)| value.span())
}

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let own: [(&str, &[&str]); 2] = [("backups", &BACKUPS), ("dataSource", &SOURCE)];
    let others = OTHERS.into_iter().map(|path| ("files", path));
    let mut all = Fact::known(Vec::new());
    for (section, path) in own.into_iter().chain(others) {
        let here = bare(named(draft, path)).map(|named| {
            let path = path.join(".");
            let named = named.iter().filter(|one| !one.node.is_placeholder());
            named
                .map(|one| element(draft, one, section, &path))
                .collect::<Vec<_>>()
        });
        all = all.both(here).map(|(mut all, here)| {
            all.extend(here);
            all
        });
    }
    all.and_at(draft.nearest(&BACKUPS), NOTE)
}

fn element(draft: &Draft<'_>, one: &Named<'_>, section: &'static str, path: &str) -> Element {
    let span = one.node.span();
    let namespace = draft.namespace();
    let found = namespace.map(|namespace| {
        let namespace = namespace.to_owned();
        match existing::find(draft, one.kind, Some(&namespace), one.name) {
            // The names of its keys say in one go whether it is there and what of it is read.
            Found::Unseen(_) if one.kind == Kind::Secret => {
                Found::Unseen(Gap::of_keys(Some(&namespace), one.name))
            }
            found => found,
        }
    });
    let of_v4 = one.kind == Kind::Secret && one.name.ends_with("-backrest-repo-config");
    let missing = found.value().map_or_else(
        || Fact::known(Vec::<String>::new().into()),
        |found| keys_missing(one, found),
    );
    let (there, read) = match found {
        Fact::Unknown(gaps) => (Fact::Unknown(Arc::clone(&gaps)), Fact::Unknown(gaps)),
        Fact::Known(truth) => (there(one, &truth.value), read(one, truth.value)),
    };
    let (read, purpose) = if section == "files" {
        (Fact::known(true.into()), format!("in {path}"))
    } else {
        (read, "for pgBackRest".to_owned())
    };
    let of_v4 = of_v4 && section != "files";
    Element::new(format!("{path}[{}]", one.label()), span, NOTE)
        .with("section", Fact::known(section.into()))
        .with("purpose", Fact::known(purpose.into()))
        .with("name", Fact::at(one.label().into(), span, NOTE))
        .with("ofV4", Fact::at(of_v4.into(), span, "a Secret of PGO v4"))
        .with("there", there)
        .with("read", read)
        .with("keysMissing", missing)
}

/// The keys it is to give that it does not have; of one that is not in the input nothing is to be said.
fn keys_missing(one: &Named<'_>, found: &Found<'_>) -> Fact<Value> {
    let none = || Fact::at(Vec::<String>::new().into(), one.node.span(), NOTE);
    let Found::Here(object) = found else {
        return none();
    };
    if one.keys.is_empty() || one.optional {
        return none();
    }
    if is_bare_secret(object) {
        return Fact::unknown(keys_of(object));
    }
    let fields = ["data", "stringData", "binaryData"];
    let has = |key: &str| {
        fields
            .into_iter()
            .any(|field| object.at(&[field, key]).is_some())
    };
    let missing = one.keys.iter().filter(|key| !has(key.text()));
    let missing: Vec<Node<'_>> = missing.copied().collect();
    let Some(first) = missing.first() else {
        return none();
    };
    let names: Vec<&str> = missing.iter().map(|key| key.text()).collect();
    let place = Fact::at(names.into(), first.span(), "no key of it");
    place.and_at(object.name_span(), "what it is to come from")
}

fn there(one: &Named<'_>, found: &Found<'_>) -> Fact<Value> {
    let span = one.node.span();
    match found {
        _ if one.optional => Fact::at(true.into(), span, "need not exist"),
        Found::Here(object) => {
            Fact::at(true.into(), span, NOTE).and_at(object.name_span(), "it exists")
        }
        Found::Absent(assumption) => {
            let fact = Fact::at(false.into(), span, "does not exist");
            match assumption {
                Some(assumption) => fact.assuming(Arc::clone(assumption)),
                None => fact,
            }
        }
        Found::Unseen(gap) => Fact::unknown(gap.clone()),
    }
}

/// Whether it holds a file that pgBackRest reads; of one that does not exist nothing is to be said.
fn read(one: &Named<'_>, found: Found<'_>) -> Fact<Value> {
    let span = one.node.span();
    let unread = "not read by pgBackRest";
    match (found, &one.paths) {
        // Of a live Secret only metadata are ever read.
        (Found::Here(object), None) if is_bare_secret(object) => Fact::unknown(keys_of(object)),
        (Found::Here(object), _) if !files(one, object).any(is_read) => {
            let keys = "has no key that ends in .conf";
            Fact::at(false.into(), span, unread).and_at(object.name_span(), keys)
        }
        // Its items may tell without it.
        (Found::Unseen(_), Some(paths)) => {
            let read = paths.iter().any(|path| is_read(path));
            Fact::at(read.into(), span, if read { NOTE } else { unread })
        }
        (Found::Unseen(gap), None) => Fact::unknown(gap),
        (Found::Here(_) | Found::Absent(_), _) => Fact::at(true.into(), span, NOTE),
    }
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
