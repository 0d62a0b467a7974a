//! Whether the living cluster goes on with v4's repositories, or leaves the backups in them behind.
//!
//! A move by data volumes may start a new repository, one by backups may only read v4's: neither is wrong, and both leave v4's
//! backups to nobody. A standby by a repository follows v4 only where that is v4's.

use super::arrival::texts;
use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::repository::{Home, Identity};
use crate::fact::v4::seen::if_complete;
use crate::fact::writers::repositories_of;
use crate::manifest::{Fact, Kind, Node, Object};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.repositoriesLeft",
        Type::Strings,
        "v4's repositories with which no repository of the living cluster goes on, as \"/hippo in bucket backups\" or \"the volume hippo-pgbr-repo\": the backups in them stay, and PGO v5 looks after none",
        |migration| {
            let here = migration.living.name_span();
            let all = left(migration).map(Value::from);
            all.and_at(here, "the PostgresCluster")
        },
    ),
    row(
        "moved.followsElsewhere",
        Type::String,
        "the repository that the living cluster follows as a standby, as \"/hippo in bucket copies\", where that is none of v4's; \"\" for one of v4's, for a server that it follows, and where it is no standby",
        |migration| follows_elsewhere(migration).map(Value::from),
    ),
];

fn word(value: Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        _ => String::new(),
    }
}

fn v4_word(migration: &Migration<'_>, name: &str) -> Fact<String> {
    migration.v4_named(name).map(word)
}

/// Where v4's repository is in an object store of a kind; `None` where it cannot be told apart from others.
fn in_store(migration: &Migration<'_>, kind: &str) -> Fact<Option<Identity>> {
    let word = |name| v4_word(migration, name);
    let parts = word("repo.endpoint").both(word("repo.path"));
    let v4 = migration.v4();
    let home = Home {
        origin: v4.map_or(0, |cluster| cluster.inventory.origin.0),
        namespace: v4.and_then(|cluster| cluster.namespace).unwrap_or(""),
    };
    word("repo.bucket")
        .both(parts)
        .map(|(bucket, (endpoint, path))| Identity::of(kind, &bucket, &endpoint, &path, home))
}

/// The living cluster's repositories that others can reach, by name. Exports of one Kubernetes cluster resolve names alike.
fn here<'a>(migration: &Migration<'a>) -> Vec<(&'a str, Identity)> {
    let living = migration.living;
    let origin = match (migration.elsewhere(), migration.v4()) {
        (None, Some(v4)) => v4.inventory.origin,
        _ => living.inventory.origin,
    };
    let home = Home {
        origin: origin.0,
        namespace: living.namespace.unwrap_or(""),
    };
    repositories_of(living.object, living.inventory, home)
}

fn left(migration: &Migration<'_>) -> Fact<Vec<String>> {
    texts(migration.v4_named("repo.types")).and_then(|types| {
        let none = Fact::known(Vec::new());
        types.iter().fold(none, |all, kind| {
            let one = match kind.as_str() {
                "s3" | "gcs" => store_left(migration, kind),
                _ => volume_left(migration),
            };
            all.both(one).map(|(mut all, one)| {
                all.extend(one);
                all
            })
        })
    })
}

fn store_left(migration: &Migration<'_>, kind: &str) -> Fact<Option<String>> {
    let here = here(migration);
    in_store(migration, kind).map(|place| {
        let place = place?;
        let goes_on = here.iter().any(|(_, own)| *own == place);
        (!goes_on).then(|| place.place())
    })
}

/// By the claim's name, or by the volume behind it, which another claim may have now.
fn volume_left(migration: &Migration<'_>) -> Fact<Option<String>> {
    let volume = v4_word(migration, "repoClaim.volume");
    let volume = volume.value().cloned().unwrap_or_default();
    let claims = migration.living.of_kind(Kind::PersistentVolumeClaim);
    v4_word(migration, "repoClaim.name").and_then(|name| {
        let is_it = |claim: &&Object| {
            let bound = claim.at(&["spec", "volumeName"]).map_or("", Node::text);
            *claim.name == *name || !volume.is_empty() && bound == volume
        };
        let found = claims.objects.iter().copied().find(is_it);
        match found {
            _ if name.is_empty() => Fact::known(None),
            Some(claim) => Fact::at(None, claim.name_span(), "v4's volume of backups"),
            None => if_complete(&claims.completeness, Some(format!("the volume {name}"))),
        }
    })
}

fn follows_elsewhere(migration: &Migration<'_>) -> Fact<String> {
    let living = migration.living;
    let standby = |key| living.object.at(&["spec", "standby", key]);
    let said = |key| standby(key).map_or("", Node::text);
    let own = standby("repoName").filter(|_| said("enabled") == "true" && said("host").is_empty());
    let all = here(migration);
    let followed =
        own.and_then(|own| Some((own, all.iter().find(|(name, _)| *name == own.text())?)));
    let Some((own, (_, place))) = followed else {
        return Fact::at(String::new(), living.name_span(), "the PostgresCluster");
    };
    let of_v4 = ["s3", "gcs"].map(|kind| in_store(migration, kind));
    let [s3, gcs] = of_v4;
    let places = s3.both(gcs).map(|(s3, gcs)| [s3, gcs]);
    let told = places.map(|places| {
        let is_of_v4 = places.iter().flatten().any(|one| one == place);
        if is_of_v4 {
            String::new()
        } else {
            place.place()
        }
    });
    told.and_at(own.span(), "the repository that it follows")
}
