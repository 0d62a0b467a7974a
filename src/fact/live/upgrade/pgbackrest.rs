//! The two images that hold pgBackRest, that of Postgres and its own: with a repository host they speak with each other.
//!
//! Source: pgBackRest `src/protocol/client.c` and `server.c`: each side says its release first, and one that differs from the
//! other ends the conversation (`ProtocolError`, "is the same version of pgBackRest installed"). PGO `internal/config/config.go`:
//! what the spec does not name is the operator's, and changes with it.

use super::super::image::container;
use super::super::row::{LivingFact, row};
use super::super::status::items;
use super::super::subject::Living;
use super::images::only_running;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Node};
use crate::schema::Release;

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.repositoryHost",
        Type::Bool,
        "it has a repository host: a repository is on a volume",
        |living| has_host(living).map(Value::from),
    ),
    row(
        "upgrade.pgbackrestChanges",
        Type::Bool,
        "the images of --target have another pgBackRest than those of the release that runs; unknown where the images of one of them were not looked at",
        |living| {
            let Some(to) = living.run.target.and(living.surroundings.target.single()) else {
                return Fact::known(false.into());
            };
            living.running().and_then(|from| {
                let from = Release::standing_for(&from).map(|from| from.pgbackrest);
                let apart = |from: crate::schema::Minors| {
                    let meet = from.min <= to.pgbackrest.max && to.pgbackrest.min <= from.max;
                    let same = from == to.pgbackrest && from.min == from.max;
                    match (meet, same) {
                        (false, _) => Some(true),
                        (true, true) => Some(false),
                        (true, false) => None,
                    }
                };
                match from.and_then(apart) {
                    Some(changes) => Fact::known(changes.into()),
                    None => Fact::unknown(super::images::unread(living)),
                }
            })
        },
    ),
    row(
        "upgrade.runningPgbackrestImage",
        Type::String,
        "the image of the containers of pgBackRest, where all StatefulSets have the same; \"\" where there is none",
        |living| running(living).map(Value::from),
    ),
    row(
        "upgrade.pin",
        Type::String,
        "the merge patch that writes the images that run into the spec: that of Postgres, and with a repository host that of pgBackRest, which must be of the same release; \"\" where no single image runs",
        |living| {
            let postgres = only_running(living);
            let pgbackrest = has_host(living).and_then(|host| {
                if host {
                    running(living).map(Some)
                } else {
                    Fact::known(None)
                }
            });
            postgres
                .both(pgbackrest)
                .map(|(postgres, pgbackrest)| patch(&postgres, pgbackrest.as_deref()).into())
        },
    ),
];

fn patch(postgres: &str, pgbackrest: Option<&str>) -> String {
    if postgres.is_empty() || pgbackrest == Some("") {
        return String::new();
    }
    let own = serde_json::Value::from(postgres);
    match pgbackrest {
        None => format!(r#"{{"spec":{{"image":{own}}}}}"#),
        Some(other) => {
            let other = serde_json::Value::from(other);
            let backups = format!(r#"{{"pgbackrest":{{"image":{other}}}}}"#);
            format!(r#"{{"spec":{{"image":{own},"backups":{backups}}}}}"#)
        }
    }
}

fn has_host(living: &Living<'_>) -> Fact<bool> {
    let path = ["spec", "backups", "pgbackrest", "repos"];
    let repositories = items(living, &path, "the repositories");
    repositories.map(|all| {
        let on_volume = |one: &Node<'_>| one.get("volume").is_some_and(|node| !node.is_null());
        all.iter().any(on_volume)
    })
}

fn running(living: &Living<'_>) -> Fact<String> {
    let sets = living.all_of(Kind::StatefulSet);
    let containers = sets.objects.iter().copied();
    let images = containers.filter_map(|set| container(set, "pgbackrest")?.get("image"));
    let mut images: Vec<Node<'_>> = images.collect();
    images.dedup_by_key(|node| node.text().to_owned());
    let name = match images.as_slice() {
        [one] => one.text().to_owned(),
        _ => String::new(),
    };
    let fact = if_complete(&sets.completeness, name);
    let places = images.into_iter().take(4);
    places.fold(fact, |fact, node| {
        fact.and_at(node.span(), "the image that runs")
    })
}

#[cfg(test)]
mod tests {
    use super::patch;

    #[test]
    fn a_patch_names_both_images_or_none() {
        assert_eq!(patch("a:1", None), r#"{"spec":{"image":"a:1"}}"#);
        let both = r#"{"spec":{"image":"a:1","backups":{"pgbackrest":{"image":"b:2"}}}}"#;
        assert_eq!(patch("a:1", Some("b:2")), both);
        assert_eq!(patch("a:1", Some("")), "");
        assert_eq!(patch("", None), "");
        let quoted = patch("a\"},\"paused\":{\"", None);
        assert!(serde_json::from_str::<serde_json::Value>(&quoted).is_ok());
    }
}
