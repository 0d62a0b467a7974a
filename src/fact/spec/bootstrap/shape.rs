//! What a draft is shaped for: a method of migration, several, or a new and empty database.

use super::{source, standby};
use crate::expr::{Value, nearest};
use crate::fact::spec::claims::volumes;
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Node};
use crate::schema::field_lifetime;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.methods",
        Type::Strings,
        "the methods of migration it is shaped for, of \"volumes\", \"backups\", \"standby\"; several make no sense together",
        |draft| methods(draft).clone().map(Value::from),
    ),
    row(
        "draft.method",
        Type::String,
        "the method of migration it is shaped for: \"volumes\", \"backups\", \"standby\", \"mixed\" or \"none\"",
        method,
    ),
    row(
        "draft.migration",
        Type::Bool,
        "it is shaped for a migration, or was meant to be: a data source in whatever spelling, a standby section, paths or field names of PGO v4",
        // What shows it is many things and none that a finding is about.
        |draft| Fact::at(is_migration(draft).into(), draft.name_span(), "the draft"),
    ),
    row(
        "draft.fragment",
        Type::Bool,
        "it looks like a patch for a PostgresCluster, not a whole one: it says a little of more than one of instances, postgresVersion and backups, or has a $patch",
        |draft| {
            let nearest = draft.nearest(&["spec"]);
            Fact::at(draft.is_part().into(), nearest, "the spec")
        },
    ),
    each(
        "draft.prunedSources",
        "every key that looks like a data source but is no field, so that a server drops it: {place}",
        &["place"],
        pruned_sources,
    ),
];

impl Draft<'_> {
    /// The method of migration that it is shaped for: "volumes", "backups", "standby", "mixed" or "none".
    pub(crate) fn method(&self) -> Fact<Value> {
        method(self)
    }

    /// Whether it is known to be shaped for a method and for no other.
    pub(crate) fn is_for(&self, method: &str) -> bool {
        methods(self)
            .value()
            .is_some_and(|methods| *methods == [method])
    }
}

fn method(draft: &Draft<'_>) -> Fact<Value> {
    methods(draft).as_ref().map(|methods| {
        Value::from(match methods.as_slice() {
            [] => "none",
            [one] => one,
            _ => "mixed",
        })
    })
}

fn methods<'d>(draft: &'d Draft<'_>) -> &'d Fact<Vec<&'static str>> {
    draft.memo().methods.get_or_init(|| find_methods(draft))
}

fn find_methods(draft: &Draft<'_>) -> Fact<Vec<&'static str>> {
    let adopted = |volume| volumes::given(draft, volume);
    let volumes = adopted(Volume::Data)
        .both(adopted(Volume::Wal))
        .both(adopted(Volume::Repo));
    let restores = source::kinds(draft).as_ref();
    let standby = standby::enabled(draft);
    let all = bare(volumes.both(restores).both(standby));
    let methods = all.map(|((((data, wal), repo), restores), standby)| {
        let backups = !restores.is_empty();
        let volumes = data || wal || repo && !backups;
        let shaped = [
            (volumes, "volumes"),
            (backups, "backups"),
            (standby, "standby"),
        ];
        let shaped = shaped.into_iter().filter(|(shaped, _)| *shaped);
        shaped.map(|(_, method)| method).collect()
    });
    shown_by_sources(draft, methods)
}

/// Points at every section that data may come from, or at where one would be.
pub(super) fn shown_by_sources<T>(draft: &Draft<'_>, mut fact: Fact<T>) -> Fact<T> {
    let sources: [&[&str]; 6] = [
        &["spec", "dataSource", "volumes", "pgDataVolume"],
        &["spec", "dataSource", "volumes", "pgWALVolume"],
        &["spec", "dataSource", "postgresCluster"],
        &["spec", "dataSource", "pgbackrest"],
        &["spec", "standby"],
        &["spec", "dataSource", "volumes", "pgBackRestVolume"],
    ];
    for key in sources.into_iter().filter_map(|path| draft.key(path)) {
        fact = fact.and_at(key.span(), "where data comes from");
    }
    match &fact {
        Fact::Known(truth) if truth.evidence.is_empty() => {
            let nearest = draft.nearest(&["spec", "dataSource"]);
            fact.and_at(nearest, "where data would come from")
        }
        _ => fact,
    }
}

/// Whether a draft is shaped for a migration, or was meant to be.
pub(in crate::fact::spec) fn is_migration(draft: &Draft<'_>) -> bool {
    sign_of_migration(draft).is_some()
}

/// What shows that a draft is meant for a migration.
fn sign_of_migration<'a>(draft: &Draft<'a>) -> Option<Node<'a>> {
    let standby = draft
        .key(&["spec", "standby"])
        .filter(|_| standby::given(draft).value() != Some(&false));
    source_keys(draft)
        .next()
        .or(standby)
        .or_else(|| {
            crate::fact::spec::release::v4_keys::found(draft)
                .first()
                .copied()
        })
        .or_else(|| v4_path(draft))
}

/// A path where PGO v4 keeps repositories.
fn v4_path<'a>(draft: &Draft<'a>) -> Option<Node<'a>> {
    let global = draft.at(&["spec", "backups", "pgbackrest", "global"])?;
    let of_v4 = |node: &Node<'_>| node.text().starts_with("/backrestrepo");
    global.entries().map(|(_, value)| value).find(of_v4)
}

/// Keys at the top level or in `spec` that are `dataSource` in whatever spelling.
fn source_keys<'d, 'a>(draft: &'d Draft<'a>) -> impl Iterator<Item = Node<'a>> + use<'d, 'a> {
    let top = draft.object.root();
    let spec = draft.at(&["spec"]);
    let keys = std::iter::once(top).chain(spec);
    keys.flat_map(|map| draft.keys().below(map))
        .filter(|entry| is_like("dataSource", &entry.name) && !entry.value.is_null())
        .map(|entry| entry.key)
}

/// Whether a key is a field in other letters, or nearly that field.
fn is_like(field: &str, key: &str) -> bool {
    let lengths = 5..=20;
    key.eq_ignore_ascii_case(field)
        || lengths.contains(&key.len()) && nearest(key, [field].into_iter()).is_some()
}

/// The sections whose fields say where data comes from.
const SOURCES: [&[&str]; 3] = [
    &["spec", "dataSource"],
    &["spec", "dataSource", "volumes"],
    &["spec", "standby"],
];

fn pruned_sources(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Vec::new();
    let mut dropped = |path: &[&str], key: Node<'_>| {
        let mut words = path.to_vec();
        let name = key.key();
        words.push(&name);
        let path = words.join(".");
        let place = Fact::known(path.as_str().into());
        problems
            .push(Element::new(path, key.span(), "a server drops this key").with("place", place));
    };
    for key in source_keys(draft) {
        let in_spec = draft
            .at(&["spec"])
            .is_some_and(|spec| spec.entries().any(|(name, _)| name.span() == key.span()));
        if !in_spec {
            dropped(&[], key);
        } else if key.key() != "dataSource" {
            dropped(&["spec"], key);
        }
    }
    for path in SOURCES {
        let section = draft.at(path);
        for (key, value) in section.into_iter().flat_map(Node::entries) {
            let pointer = format!("/{}/{}", path.join("/"), key.key());
            if field_lifetime(&pointer).is_none() && !value.is_null() {
                dropped(path, key);
            }
        }
    }
    let nearest = draft.nearest(&["spec", "dataSource"]);
    Fact::at(problems, nearest, "the data source")
}
