//! Which image the cluster runs, by the Pgcluster, else by its Deployments.

use super::super::Cluster;
use super::super::image::{Image, PostgresTag, base_of};
use super::super::instances::Instance;
use super::ask;
use crate::manifest::{Fact, Gap, Node, Object};

const TAG: &str = "the tag of the Postgres image";
const NAME: &str = "the Postgres image";

/// The images of Crunchy's, `-ha` from 4.2 on.
const OF_CRUNCHY: [&str; 5] = [
    "crunchy-postgres",
    "crunchy-postgres-ha",
    "crunchy-postgres-gis",
    "crunchy-postgres-gis-ha",
    "crunchy-postgres-ha-gis",
];

/// What the image's tag says.
pub(super) fn tag(cluster: &Cluster<'_>) -> Fact<PostgresTag> {
    let written = cluster.string(&["spec", "ccpimagetag"], TAG);
    let parsed = written.as_ref().map(|tag| PostgresTag::parse(tag));
    if let Some(Some(_)) = parsed.value() {
        return parsed.and_then(said);
    }
    let running = running(cluster).map(|node| {
        Fact::at(
            PostgresTag::parse(Image::parse(node.text()).tag),
            node.span(),
            TAG,
        )
    });
    if let Some(running) = running.filter(|running| matches!(running.value(), Some(Some(_)))) {
        return running.and_then(said);
    }
    match written {
        Fact::Unknown(gaps) => Fact::Unknown(gaps),
        Fact::Known(tag) => Fact::unknown(Gap {
            missing: format!("the Postgres version of {}", cluster.name),
            because: match tag.value.as_str() {
                "" => "neither the Pgcluster nor a Deployment in the input names it".to_owned(),
                tag => format!("the image's tag {tag} does not follow Crunchy's names"),
            },
            ask: ask(cluster, "SHOW server_version"),
        }),
    }
}

fn said(tag: Option<PostgresTag>) -> Fact<PostgresTag> {
    let nothing = || Gap {
        missing: TAG.to_owned(),
        because: "it says nothing".to_owned(),
        ask: "name the image by its tag".to_owned(),
    };
    tag.map_or_else(|| Fact::unknown(nothing()), Fact::known)
}

/// The image that the primary's Deployment runs, else that of any instance.
fn running<'a>(cluster: &Cluster<'a>) -> Option<Node<'a>> {
    let instances = cluster.instances();
    let primary = cluster
        .primary()
        .name
        .value()
        .and_then(|name| instances.get(name));
    let mut objects = primary
        .into_iter()
        .chain(&instances.seen)
        .flat_map(Instance::objects);
    objects.find_map(database_image)
}

fn database_image(object: &Object) -> Option<Node<'_>> {
    let template = ["spec", "template", "spec", "containers"];
    let containers = object
        .at(&template)
        .or_else(|| object.at(&["spec", "containers"]))?;
    let mut named = containers.items().filter(|item| {
        item.get("name")
            .is_some_and(|name| name.text() == "database")
    });
    named.next()?.get("image")
}

/// The image's base; `""` where the tag does not tell.
pub(super) fn base(cluster: &Cluster<'_>) -> Fact<String> {
    let known = tag(cluster).map(|tag| tag.base);
    if known.value().is_some() {
        return known;
    }
    let written = cluster.string(&["spec", "ccpimagetag"], TAG);
    match (written.value().map(String::as_str), running(cluster)) {
        // Nothing was seen that could tell.
        (None | Some(""), None) => known,
        (None | Some(""), Some(node)) => {
            let base = base_of(Image::parse(node.text()).tag).to_owned();
            Fact::at(base, node.span(), TAG)
        }
        (Some(_), _) => written.map(|tag| base_of(&tag).to_owned()),
    }
}

/// The image's name, without registry and tag; unset is PGO's own.
fn name(cluster: &Cluster<'_>) -> Fact<String> {
    let written = cluster.string(&["spec", "ccpimage"], NAME);
    match running(cluster).filter(|_| written.value().is_none()) {
        Some(node) => Fact::at(Image::parse(node.text()).name.to_owned(), node.span(), NAME),
        None => written,
    }
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

pub(super) fn major_number(tag: &PostgresTag) -> i64 {
    let first = tag.postgres.split('.').next().unwrap_or("");
    first.parse().unwrap_or(0)
}
