//! What the name and the tag of an image tell of Postgres: its major, its base system, `PostGIS`.

use super::super::Cluster;
use super::ask::{ask, in_the_database};
use super::image::{BASE, NAME, TAG_NOTE, database_image, strange_tag, tag};
use crate::fact::v4::objects::image::{Image, PostgresTag};
use crate::manifest::{Fact, Gap};

/// The images of Crunchy's, `-ha` from 4.2 on.
const OF_CRUNCHY: [&str; 5] = [
    "crunchy-postgres",
    "crunchy-postgres-ha",
    "crunchy-postgres-gis",
    "crunchy-postgres-gis-ha",
    "crunchy-postgres-ha-gis",
];

fn no_base(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("the base system of the image that {} runs", cluster.name),
        ask: in_the_database(cluster, "cat /etc/os-release"),
        ..strange_tag(cluster, "")
    }
}

/// The image's base; `""` where the tag does not tell.
pub(super) fn base(cluster: &Cluster<'_>) -> Fact<String> {
    cluster
        .settled(&BASE)
        .and_then(|base| base.map_or_else(|| Fact::unknown(no_base(cluster)), Fact::known))
}

/// The image's name, without registry and tag.
fn name(cluster: &Cluster<'_>) -> Fact<String> {
    cluster.settled_text(&NAME)
}

/// Instances whose images are of another major: one of them cannot start on the data that they share.
pub(super) fn other_majors(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    major(cluster).and_then(|major| {
        let mut others = Fact::known(Vec::new());
        for instance in &cluster.instances().seen {
            let image = instance.runs().and_then(database_image);
            let tag = image.and_then(|node| PostgresTag::parse(Image::parse(node.text()).tag));
            let (Some(node), Some(tag)) = (image, tag) else {
                continue;
            };
            if tag.major() != major {
                let words = format!("{} ({})", instance.name, tag.major());
                others = others.and_at(node.span(), "an image of another major").map(
                    |mut all: Vec<String>| {
                        all.push(words);
                        all
                    },
                );
            }
        }
        others
    })
}

pub(super) fn is_custom(cluster: &Cluster<'_>) -> Fact<bool> {
    name(cluster).map(|name| !name.is_empty() && !OF_CRUNCHY.contains(&Image::parse(&name).name))
}

pub(super) fn gis(cluster: &Cluster<'_>) -> Fact<bool> {
    let by_name = name(cluster).map(|name| {
        Image::parse(&name)
            .name
            .split('-')
            .any(|word| word == "gis")
    });
    if by_name.value() == Some(&false) {
        let by_tag = tag(cluster).map(|tag| !tag.gis.is_empty());
        if by_tag.value() == Some(&true) {
            return by_tag;
        }
    }
    by_name
}

pub(super) fn gis_version(cluster: &Cluster<'_>) -> Fact<String> {
    gis(cluster).and_then(|gis| {
        if !gis {
            return Fact::known(String::new());
        }
        tag(cluster).and_then(|tag| match tag.gis.as_str() {
            "" => Fact::unknown(Gap {
                missing: format!("the PostGIS version of {}", cluster.name),
                because: "the image's tag does not name it".to_owned(),
                ask: ask(cluster, "SELECT postgis_version()"),
            }),
            _ => Fact::known(tag.gis),
        })
    })
}

pub(super) fn major_number(version: &str) -> i64 {
    let first = version.split('.').next().unwrap_or("");
    first.parse().unwrap_or(0)
}

/// The major that the image's tag says; where several images run, or one is yet to be rolled out, the one that all of them are of.
pub(super) fn major(cluster: &Cluster<'_>) -> Fact<String> {
    let by_tag = tag(cluster).map(|tag| tag.major().to_owned());
    match by_tag {
        Fact::Known(_) => by_tag,
        Fact::Unknown(_) => of_all_images(cluster).unwrap_or(by_tag),
    }
}

/// The one major of all images that Deployments and pods of the cluster name; `None` where one does not say, or they differ.
fn of_all_images(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    let mut found: Option<Fact<String>> = None;
    for instance in &cluster.instances().seen {
        let objects = instance
            .runs()
            .into_iter()
            .chain(instance.pods.iter().copied());
        for object in objects.flat_map(|object| std::iter::once(object).chain(&object.rivals)) {
            let node = database_image(object)?;
            let tag = PostgresTag::parse(Image::parse(node.text()).tag)?;
            found = Some(match found {
                None => Fact::at(tag.major().to_owned(), node.span(), TAG_NOTE),
                Some(known) if known.value().map(String::as_str) == Some(tag.major()) => {
                    known.and_at(node.span(), TAG_NOTE)
                }
                Some(_) => return None,
            });
        }
    }
    found
}
