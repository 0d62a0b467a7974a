//! The Postgres images that run, as `StatefulSets` and pods have them, and what their tags say.

use super::row::{LivingFact, row};
use super::subject::Living;
use super::workload::{container_ready, database_pods};
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
        "an instance has the exporter's container, and where pods say whether it is ready, in one of them it is",
        exporter,
    ),
];

/// A container of a `StatefulSet`'s template by its name.
pub(super) fn container<'a>(set: &'a Object, name: &str) -> Option<Node<'a>> {
    let containers = set.at(&["spec", "template", "spec", "containers"])?;
    let named = |one: &Node<'_>| one.get("name").is_some_and(|node| node.text() == name);
    containers.items().find(named)
}

/// A container of a pod itself.
fn own_container<'a>(pod: &'a Object, name: &str) -> Option<Node<'a>> {
    let containers = pod.at(&["spec", "containers"])?;
    let named = |one: &Node<'_>| one.get("name").is_some_and(|node| node.text() == name);
    containers.items().find(named)
}

/// What pods say of it counts before what they are made from.
fn exporter(living: &Living<'_>) -> Fact<Value> {
    const NOTE: &str = "the exporter's container";
    let told: Vec<Node<'_>> = database_pods(living)
        .filter_map(|pod| container_ready(pod, "exporter"))
        .collect();
    let ready = told.iter().find(|ready| ready.text() == "true");
    if let Some(place) = ready.or(told.first()) {
        return Fact::at(ready.is_some().into(), place.span(), NOTE);
    }
    let (sets, pods) = (living.all_of(Kind::StatefulSet), living.all_of(Kind::Pod));
    let of_sets = sets.objects.iter().copied();
    let of_sets = of_sets.filter_map(|set| container(set, "exporter"));
    let mut all =
        of_sets.chain(database_pods(living).filter_map(|pod| own_container(pod, "exporter")));
    match all.next() {
        Some(found) => Fact::at(true.into(), found.span(), NOTE),
        // Pods are as the StatefulSets say that are there.
        None if !sets.objects.is_empty() => if_complete(&sets.completeness, false.into()),
        None => if_complete(&sets.completeness, ())
            .both(if_complete(&pods.completeness, ()))
            .map(|_| false.into()),
    }
}

const RUNS: &str = "the image that runs";

/// The images of its database containers that are seen.
fn seen<'a>(living: &Living<'a>) -> Vec<Node<'a>> {
    let of_sets = living.all_of(Kind::StatefulSet).objects.iter().copied();
    let of_sets = of_sets.filter_map(|set| container(set, "database")?.get("image"));
    let of_pods =
        database_pods(living).filter_map(|pod| own_container(pod, "database")?.get("image"));
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
