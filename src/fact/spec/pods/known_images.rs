//! Images that are known by their names: Crunchy's, for v5 and for v4.
//!
//! Only names that mean one thing are known; whatever else is called may hold anything. A registry of one's own keeps the
//! names of what it mirrors.
//!
//! Sources: the installers of PGO v5 (`RELATED_IMAGE_...`), of PGO v4.7 (`ccpimage`, `pgo_image_...`).

use crate::expr::Version;
use crate::fact::v4::objects::image::Image;

/// What an image field of a PostgresCluster is for; `""` for what may hold anything.
pub(super) fn wanted(place: &str) -> &'static str {
    match place {
        "spec.image" => "Postgres",
        "spec.backups.pgbackrest.image" => "pgBackRest",
        "spec.proxy.pgBouncer.image" => "PgBouncer",
        "spec.monitoring.pgmonitor.exporter.image" => "the exporter",
        "spec.userInterface.pgAdmin.image" => "pgAdmin",
        _ => "",
    }
}

/// What Crunchy's image of this name holds; `""` for a name that is not known.
pub(super) fn holds(reference: &str) -> &'static str {
    match Image::parse(reference).name {
        "crunchy-postgres"
        | "crunchy-postgres-gis"
        | "crunchy-postgres-ha"
        | "crunchy-postgres-gis-ha" => "Postgres",
        "crunchy-pgbackrest" | "crunchy-pgbackrest-repo" => "pgBackRest",
        "crunchy-pgbouncer" => "PgBouncer",
        "crunchy-postgres-exporter" => "the exporter",
        "crunchy-pgadmin4" | "crunchy-pgadmin" => "pgAdmin",
        "crunchy-upgrade" => "pg_upgrade",
        "crunchy-pgbadger" => "pgBadger",
        _ => "",
    }
}

/// Images that only v4 has. What ends in -ha the first releases of 5.0 had, too, with a build behind: `centos8-13.4-0`.
const OF_V4: [&str; 5] = [
    "crunchy-pgbackrest-repo",
    "crunchy-pgbadger",
    "pgo-backrest",
    "pgo-backrest-repo",
    "pgo-backrest-restore",
];

/// Whether it is an image of PGO v4: by its name, or by the release in the tag of one of Crunchy's.
pub(super) fn is_of_v4(reference: &str) -> bool {
    let image = Image::parse(reference);
    OF_V4.contains(&image.name) || image.name.starts_with("crunchy-") && says_v4(image.tag)
}

/// Whether the last part of a tag is a release of PGO v4: `ubi8-13.10-4.7.10`. In v5's it is a build.
fn says_v4(tag: &str) -> bool {
    let last = tag.rsplit('-').next().unwrap_or("");
    let three = last.split('.').count() == 3;
    three && last.starts_with("4.") && Version::parse(last).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRUNCHY: &str = "registry.developers.crunchydata.com/crunchydata/";

    #[test]
    fn v4s_images_are_known_by_name_or_by_release() {
        for image in [
            "crunchy-postgres-ha:ubi8-13.10-4.7.10",
            "crunchy-postgres-gis-ha:centos8-13.3-3.1-4.7.0",
            "crunchy-pgbackrest:ubi8-4.7.10",
            "crunchy-pgbackrest-repo:ubi8-4.7.10",
            "crunchy-pgbouncer:centos8-4.6.2",
            "crunchy-postgres-exporter:ubi8-4.7.10",
        ] {
            assert!(is_of_v4(image), "{image}");
            assert!(is_of_v4(&format!("{CRUNCHY}{image}")), "{image}");
            assert!(is_of_v4(&format!("mirror.local:5000/a/{image}")), "{image}");
        }
        for image in [
            "crunchy-postgres:ubi8-13.10-1",
            "crunchy-postgres-ha:centos8-13.4-0",
            "crunchy-postgres-ha:production",
            "crunchy-postgres:ubi8-14.0-5.0.3-0",
            "crunchy-postgres:ubi9-16.10-2550",
            "crunchy-postgres-gis:ubi8-13.10-3.1-1",
            "crunchy-pgbackrest:ubi9-2.56.0-2550",
            "crunchy-pgbouncer:ubi9-1.25-2633",
            "crunchy-pgadmin4:ubi8-4.30-22",
            "crunchy-postgres-exporter:ubi9-0.19.1-2633",
            "crunchy-postgres@sha256:4.7.10",
            "mine/postgres:4.7.10",
            "postgres-ha:4.7.10",
        ] {
            assert!(!is_of_v4(image), "{image}");
        }
    }
}
