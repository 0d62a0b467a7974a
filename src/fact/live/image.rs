//! The Postgres images that run, as `StatefulSets` and pods have them, and what their tags say.

use super::row::{LivingFact, row};
use super::subject::Living;
use super::workload::database_pods;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::ImageTag;
use crate::fact::v4::objects::image::Image;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Gap, Kind, Node, Object};

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.images",
        Type::Strings,
        "the images of its database containers as the StatefulSets and the pods have them, each once",
        |living| images(living).map(Value::from),
    ),
    row(
        "live.imageMinor",
        Type::Int,
        "the Postgres minor in the tags of these images, the lowest; 0 where there is none; unknown where a tag does not tell",
        |living| lowest(living, |tag| tag.minor),
    ),
    row(
        "live.imageMajor",
        Type::Int,
        "the Postgres major in the tags of those of these images that are seen and tell it, the lowest; 0 where none does",
        |living| lowest_seen(living, |tag| tag.major),
    ),
    row(
        "live.imageEl",
        Type::Int,
        "the Enterprise Linux generation in the tags of these images, the lowest; 0 where there is none; unknown where a tag does not tell",
        |living| lowest(living, |tag| tag.enterprise_linux),
    ),
    row(
        "live.exporter",
        Type::Bool,
        "an instance's StatefulSet has the exporter's container",
        |living| {
            let mut sets = living.all_of(Kind::StatefulSet).objects.iter().copied();
            let found = sets.find_map(|set| container(set, "exporter"));
            found.map_or_else(
                || if_complete(&living.all_of(Kind::StatefulSet).completeness, false.into()),
                |node| Fact::at(true.into(), node.span(), "the exporter's container"),
            )
        },
    ),
];

/// A container of a `StatefulSet`'s template by its name.
pub(super) fn container<'a>(set: &'a Object, name: &str) -> Option<Node<'a>> {
    let containers = set.at(&["spec", "template", "spec", "containers"])?;
    let named = |one: &Node<'_>| one.get("name").is_some_and(|node| node.text() == name);
    containers.items().find(named)
}

/// The container `database` of a pod itself.
fn own_container(pod: &Object) -> Option<Node<'_>> {
    let containers = pod.at(&["spec", "containers"])?;
    let named = |one: &Node<'_>| {
        one.get("name")
            .is_some_and(|node| node.text() == "database")
    };
    containers.items().find(named)
}

const RUNS: &str = "the image that runs";

/// The images of its database containers that are seen.
fn seen<'a>(living: &Living<'a>) -> Vec<Node<'a>> {
    let of_sets = living.all_of(Kind::StatefulSet).objects.iter().copied();
    let of_sets = of_sets.filter_map(|set| container(set, "database")?.get("image"));
    let of_pods = database_pods(living).filter_map(|pod| own_container(pod)?.get("image"));
    of_sets.chain(of_pods).collect()
}

fn images(living: &Living<'_>) -> Fact<Vec<String>> {
    let sets = living.all_of(Kind::StatefulSet);
    let images = seen(living);
    let mut names: Vec<String> = images.iter().map(|node| node.text().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    let places = images.into_iter().take(8);
    places.fold(if_complete(&sets.completeness, names), |fact, node| {
        fact.and_at(node.span(), RUNS)
    })
}

fn lowest(living: &Living<'_>, pick: fn(&ImageTag<'_>) -> i64) -> Fact<Value> {
    images(living).and_then(|images| {
        let mut lowest = None;
        for image in &images {
            let Some(tag) = ImageTag::parse(Image::parse(image).tag) else {
                return Fact::unknown(untold(image));
            };
            let number = pick(&tag);
            lowest = Some(lowest.map_or(number, |least: i64| least.min(number)));
        }
        Fact::known(lowest.unwrap_or(0).into())
    })
}

/// The lowest of what is seen: that another tag does not tell proves nothing.
fn lowest_seen(living: &Living<'_>, pick: fn(&ImageTag<'_>) -> i64) -> Fact<Value> {
    let told = seen(living).into_iter().filter_map(|node| {
        let tag = ImageTag::parse(Image::parse(node.text()).tag)?;
        Some((pick(&tag), node))
    });
    match told.min_by_key(|(number, _)| *number) {
        Some((number, node)) => Fact::at(number.into(), node.span(), RUNS),
        None => Fact::known(0.into()),
    }
}

fn untold(image: &str) -> Gap {
    Gap {
        missing: format!("the Postgres version in the image {image}"),
        because: "its tag does not follow the vendor's pattern".to_owned(),
        ask: "select version()".to_owned(),
    }
}
