//! The image that PGO v5 has of its own for the Postgres of a v4 cluster.

use super::image::tag;
use super::version::{gis_version, major_number};
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::image::Image;
use crate::manifest::Fact;

/// The image that the operator in charge has; `""` where it has none, or one of an older minor than v4 runs.
pub(super) fn of_operator(cluster: &Cluster<'_>) -> Fact<String> {
    let runs = tag(cluster).both(gis_version(cluster));
    runs.and_then(|(runs, gis)| {
        let around = cluster.surroundings;
        let given = around.operators.postgres_image(
            cluster.inventory,
            cluster.namespace,
            &around.target,
            (major_number(runs.major()), &gis),
        );
        given.map(|image| {
            let older = minor(&image).is_some_and(|minor| minor < runs.minor().unwrap_or(0));
            if older { String::new() } else { image }
        })
    })
}

/// The 22 of `ubi8-13.22-2534`; nothing where the tag is of another form.
fn minor(image: &str) -> Option<i64> {
    let version = Image::parse(image).tag.split('-').nth(1)?;
    version.split_once('.')?.1.parse().ok()
}
