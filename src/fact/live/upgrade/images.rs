//! The images a living cluster runs, and those that somebody added to the operator beyond a plain installation.
//!
//! Source: PGO `internal/config/config.go`: an image is `spec.image`, else the variable `RELATED_IMAGE_POSTGRES_` and the
//! major, with `_GIS_` and the version for `PostGIS`.

use super::super::row::{LivingFact, row};
use super::super::subject::Living;
use super::asking::in_primary;
use super::operator::{deployment, variables};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::image::{Image, enterprise_linux};
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::{fields, image_variable};
use crate::manifest::{Fact, Gap, Kind, Node, Object};
use crate::schema::Release;

const IMAGE_NOTE: &str = "the image that runs";

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.runningImage",
        Type::String,
        "the image of the database containers, where all StatefulSets have the same; \"\" where there is none",
        |living| only_running(living).map(Value::from),
    ),
    row(
        "upgrade.runningEl",
        Type::Int,
        "the lowest Enterprise Linux generation among the tags of those images; unknown where a tag does not tell, or none runs",
        |living| {
            running(living).and_then(|images| {
                let generation = |(image, _): &(&str, Node<'_>)| {
                    let tag = Image::parse(image).tag;
                    enterprise_linux(tag.split('-').next().unwrap_or(""))
                };
                let all: Option<Vec<i64>> = images.iter().map(generation).collect();
                match all.and_then(|all| all.into_iter().min()) {
                    Some(lowest) => Fact::known(lowest.into()),
                    None => Fact::unknown(untold(living)),
                }
            })
        },
    ),
    row(
        "upgrade.imageAdded",
        Type::Bool,
        "the operator has an image for the cluster's Postgres and PostGIS that a plain installation of its release has not: somebody added it",
        |living| image_added(living).map(Value::from),
    ),
    row(
        "upgrade.pgadminImageAdded",
        Type::Bool,
        "the operator has an image for the pgAdmin of spec.userInterface that a plain installation of its release has not: somebody added it",
        |living| {
            let image = super::operator::image(living, "RELATED_IMAGE_PGADMIN");
            image.both(living.running()).map(|(image, from)| {
                let release = Release::standing_for(&from);
                let plain = release.is_some_and(|release| release.pgadmin_image);
                (!image.is_empty() && !plain).into()
            })
        },
    ),
];

/// The image of the database containers where all have the same, else `""`.
pub(super) fn only_running(living: &Living<'_>) -> Fact<String> {
    running(living).map(|images| match images.as_slice() {
        [(image, _)] => (*image).to_owned(),
        _ => String::new(),
    })
}

/// The images of the database containers, each once, where the `StatefulSets` are all there.
fn running<'a>(living: &Living<'a>) -> Fact<Vec<(&'a str, Node<'a>)>> {
    let sets = living.all_of(Kind::StatefulSet);
    let mut images: Vec<(&'a str, Node<'a>)> = Vec::new();
    for node in sets.objects.iter().copied().filter_map(database_image) {
        if images.iter().all(|(known, _)| *known != node.text()) {
            images.push((node.text(), node));
        }
    }
    let places: Vec<_> = images.iter().map(|(_, node)| node.span()).collect();
    let fact = if_complete(&sets.completeness, images);
    places
        .into_iter()
        .take(4)
        .fold(fact, |fact, place| fact.and_at(place, IMAGE_NOTE))
}

fn untold(living: &Living<'_>) -> Gap {
    Gap {
        missing: format!("which Enterprise Linux {} runs on", living.name),
        because: "no tag of an image that runs tells".to_owned(),
        ask: in_primary(living, "cat /etc/os-release"),
    }
}

/// Why it is not known whether pgBackRest in the target's images is another than in those that run.
pub(super) fn unread(living: &Living<'_>) -> Gap {
    Gap {
        missing: format!(
            "whether the target's images have another pgBackRest than those that {} runs",
            living.name
        ),
        because: "the images of one of the releases were not looked at".to_owned(),
        ask: in_primary(living, "pgbackrest version"),
    }
}

fn database_image(set: &Object) -> Option<Node<'_>> {
    let containers = set.at(&["spec", "template", "spec", "containers"])?;
    let database = |one: &Node<'_>| {
        one.get("name")
            .is_some_and(|name| name.text() == "database")
    };
    containers.items().find(database)?.get("image")
}

fn image_added(living: &Living<'_>) -> Fact<bool> {
    let number = |path: &[&str], note| fields::number(living.object, path, note);
    let major = number(&["spec", "postgresVersion"], "the Postgres version");
    let gis = ["spec", "postGISVersion"];
    let gis = fields::text(living.object, &gis, "the PostGIS version");
    let wanted = major.both(gis);
    let own = deployment(living).both(living.running());
    wanted
        .both(own)
        .and_then(|((major, gis), (deployment, from))| {
            let major = major.unwrap_or(0);
            let variable = image_variable(major, &gis);
            let plain = Release::standing_for(&from).is_some_and(|release| {
                if gis.is_empty() {
                    let same = |known: &u32| i64::from(*known) == major;
                    release.default_images.iter().any(same)
                } else {
                    release.gis_images.contains(&&*format!("{major}+{gis}"))
                }
            });
            let mut given = deployment.into_iter().flat_map(variables);
            match given.find(|(name, _)| *name == variable) {
                Some((_, entry)) => Fact::at(!plain, entry.span(), "an image of the operator's"),
                None => Fact::known(false),
            }
        })
}
