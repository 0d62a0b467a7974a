//! Settings of a living cluster that a newer release reads differently, and what no object shows.

use super::super::row::{LivingFact, row};
use super::super::status::items;
use super::super::subject::Living;
use super::asking::in_primary;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::is_sensitive;
use crate::fact::v4::fields;
use crate::manifest::{Fact, Gap, Node};
use crate::schema::Release;

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.logDirectory",
        Type::String,
        "the Postgres parameter log_directory as the spec gives it; \"\" where it does not",
        |living| parameter(living, "log_directory"),
    ),
    row(
        "upgrade.encryptionKeyCommand",
        Type::String,
        "the Postgres parameter encryption_key_command as the spec gives it, which means TDE; \"\" where it does not",
        |living| parameter(living, "encryption_key_command"),
    ),
    row(
        "upgrade.archiveAsync",
        Type::String,
        "pgBackRest's option archive-async as spec.backups.pgbackrest.global gives it; \"\" where it does not",
        |living| {
            let path = ["spec", "backups", "pgbackrest", "global", "archive-async"];
            fields::text(living.object, &path, "pgBackRest's own setting").map(Value::from)
        },
    ),
    row(
        "upgrade.ownContainers",
        Type::Strings,
        "containers of one's own in the instance sets, by name",
        |living| {
            let sets = items(living, &["spec", "instances"], "the instance sets");
            sets.and_then(|sets| {
                let own = sets.iter().filter_map(|set| set.get("containers"));
                let named = own.flat_map(Node::items).filter_map(|one| one.get("name"));
                let named: Vec<Node<'_>> = named.collect();
                let names: Vec<String> = named.iter().map(|one| one.text().to_owned()).collect();
                let places = named.into_iter().take(4);
                places.fold(Fact::known(names.into()), |fact, one| {
                    fact.and_at(one.span(), "a container of one's own")
                })
            })
        },
    ),
    row(
        "upgrade.overwritten",
        Type::Strings,
        "Postgres parameters that the spec sets, and that the release of --target sets itself while the running one does not",
        overwritten,
    ),
    row(
        "upgrade.md5Passwords",
        Type::Bool,
        "passwords are stored as md5 hashes: the spec sets password_encryption to md5; where it does not, no object shows it",
        |living| {
            parameter(living, "password_encryption").and_then(|text| {
                if matches!(&text, Value::Str(text) if matches!(&**text, "md5" | "on" | "off")) {
                    Fact::known(true.into())
                } else {
                    Fact::unknown(md5_roles(living))
                }
            })
        },
    ),
    row(
        "upgrade.logDirectoryUnsafe",
        Type::Bool,
        "log_directory as the spec gives it is one that PGO 6.0 replaces: a directory of Postgres' own, such as pg_log",
        |living| {
            parameter(living, "log_directory").map(|text| match &text {
                Value::Str(text) => (!text.is_empty() && is_sensitive(text)).into(),
                _ => false.into(),
            })
        },
    ),
];

/// A parameter as the spec gives it: `config.parameters` over Patroni's dynamic configuration.
fn parameter(living: &Living<'_>, name: &str) -> Fact<Value> {
    const NOTE: &str = "a Postgres parameter";
    let own = ["spec", "config", "parameters", name];
    let dynamic = [
        "spec",
        "patroni",
        "dynamicConfiguration",
        "postgresql",
        "parameters",
        name,
    ];
    let own = fields::text(living.object, &own, NOTE);
    match own.value().map(String::as_str) {
        Some("") => fields::text(living.object, &dynamic, NOTE).map(Value::from),
        _ => own.map(Value::from),
    }
}

/// Parameters that become the operator's own on the way.
fn overwritten(living: &Living<'_>) -> Fact<Value> {
    let none = || Fact::known(Vec::<String>::new().into());
    let Some(to) = living.run.target.and(living.surroundings.target.single()) else {
        return none();
    };
    let is_set = |name: &&&str| match parameter(living, name).value() {
        Some(Value::Str(text)) => !text.is_empty(),
        _ => false,
    };
    let set: Vec<&str> = to
        .mandatory_parameters
        .iter()
        .filter(is_set)
        .copied()
        .collect();
    if set.is_empty() {
        return none();
    }
    living.running().map(|from| {
        let own = Release::standing_for(&from).map(|from| from.mandatory_parameters);
        let new = |name: &&str| own.is_none_or(|own| !own.contains(name));
        set.into_iter().filter(new).collect::<Vec<_>>().into()
    })
}

fn md5_roles(living: &Living<'_>) -> Gap {
    const QUERY: &str = "select rolname from pg_authid where rolpassword like 'md5%'";
    Gap {
        missing: format!("which roles of {} have an md5 password", living.name),
        because: "only the database knows it".to_owned(),
        ask: in_primary(living, &format!("psql -Atc \"{QUERY}\"")),
    }
}
