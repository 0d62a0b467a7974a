//! Postgres itself: its version and image, its parameters, its `pg_hba` lines.
//!
//! The image proves what runs, not what the data is; but no object tells the data's version.

mod ask;
mod hba;
mod image;
mod memo;
mod parameters;
pub(super) mod patroni;
pub(super) mod preload;
mod replay;
pub(super) mod scope;
mod v5_image;
mod version;
mod written;

use super::traces::placed;
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::Fact;

pub(super) use image::{NAME, TAG};
pub(super) use memo::Patroni;
pub(super) use parameters::{
    ARCHIVE_COMMAND, ARCHIVE_MODE, CUSTOM, by_patroni, by_patroni_follows,
    shared_value as parameter,
};

/// `13`, or `9.6`.
pub(super) fn major(cluster: &Cluster<'_>) -> Fact<String> {
    version::major(cluster)
}

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "postgres.version",
        Type::String,
        "the Postgres version, as \"13.10\"",
        |cluster| image::tag(cluster).map(|tag| tag.postgres.into()),
    )
    .told_by(&[&image::TAG]),
    row(
        "postgres.major",
        Type::String,
        "the major version, as \"13\" or \"9.6\"",
        |cluster| major(cluster).map(Value::from),
    )
    .told_by(&[&image::TAG]),
    row(
        "postgres.majorNumber",
        Type::Int,
        "the first number of the version; 9 for 9.x",
        |cluster| major(cluster).map(|major| version::major_number(&major).into()),
    )
    .told_by(&[&image::TAG]),
    row(
        "postgres.minor",
        Type::Int,
        "the number after the major version",
        |cluster| image::tag(cluster).map(|tag| tag.minor().unwrap_or(0).into()),
    )
    .told_by(&[&image::TAG]),
    row(
        "postgres.baseOS",
        Type::String,
        "the image's base, as \"ubi8\"; \"\" for a tag that does not follow Crunchy's names",
        |cluster| version::base(cluster).map(Value::from),
    )
    .told_by(&[&image::BASE]),
    row(
        "postgres.el",
        Type::Int,
        "the Enterprise Linux generation of the image's base, 7 or 8; 0 where the tag does not tell",
        |cluster| {
            version::base(cluster)
                .map(|base| super::objects::image::enterprise_linux(&base).unwrap_or(0).into())
        },
    )
    .told_by(&[&image::BASE]),
    row(
        "postgres.gis",
        Type::Bool,
        "the image has PostGIS",
        |cluster| version::gis(cluster).map(Value::from),
    )
    .told_by(&[&image::NAME]),
    row(
        "postgres.gisVersion",
        Type::String,
        "the version of PostGIS, as \"3.1\"; \"\" without it",
        |cluster| version::gis_version(cluster).map(Value::from),
    )
    .told_by(&[&image::TAG]),
    row(
        "postgres.customImage",
        Type::Bool,
        "the image's name is not one of Crunchy's",
        |cluster| version::is_custom(cluster).map(Value::from),
    )
    .told_by(&[&image::NAME]),
    row(
        "postgres.parameters",
        Type::Map,
        "parameters in effect: Patroni's configuration, and what the primary's own adds; built-in defaults are not listed",
        |cluster| parameters::all(cluster).map(|all| replay::as_map(&all)),
    )
    .told_by(&[&parameters::PARAMETERS]),
    row(
        "postgres.replayParameters",
        Type::Map,
        "the five parameters that replay depends on, as numbers, with Patroni's defaults where nothing is said",
        |cluster| replay::of_replay(cluster).map(|all| replay::as_map(&all)),
    )
    .told_by(&[&parameters::PARAMETERS]),
    row(
        "postgres.otherMajors",
        Type::Strings,
        "instances whose image is of another major than the primary's, as \"hippo-abcd (12)\"; as far as their images tell",
        |cluster| placed(cluster, version::other_majors(cluster)).map(Value::from),
    ),
    row(
        "postgres.image",
        Type::String,
        "the image of Postgres as it is pulled; \"\" only where nothing runs",
        |cluster| placed(cluster, cluster.settled_text(&image::REFERENCE)).map(Value::from),
    )
    .told_by(&[&image::REFERENCE]),
    row(
        "operator.v5Image",
        Type::String,
        "the image that the PGO v5 operator has of its own for the cluster's Postgres and PostGIS (RELATED_IMAGE_POSTGRES_...); \"\" where it has none, one of an older minor, and where the operator is of another release than the target",
        |cluster| v5_image::of_operator(cluster).map(Value::from),
    ),
    row(
        "postgres.hba",
        Type::Strings,
        "pg_hba lines that PGO v4 does not write by itself, as far as they are seen; empty only when there are none",
        |cluster| hba::lines(cluster).map(Value::from),
    ),
    row(
        "postgres.hbaLetsAllIn",
        Type::Bool,
        "the pg_hba in effect has a line by which all users come in to all databases from everywhere, as PGO v4 writes one; false where somebody's own list takes its place",
        |cluster| hba::lets_all_in(cluster).map(Value::from),
    ),
    row(
        "postgres.patroniSettings",
        Type::Map,
        "settings of Patroni that somebody changed from what PGO v4 has, and that v5 leaves to Patroni: those of synchronous replication, maximum_lag_on_failover, maximum_lag_on_syncnode, retry_timeout",
        patroni::changed_settings,
    )
    .told_by(&[&patroni::SETTINGS]),
];

#[cfg(test)]
mod tests;
