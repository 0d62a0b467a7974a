//! Which image the cluster runs: by its Deployments, by what the operator puts in its place, by the Pgcluster.

use super::super::Cluster;
use super::super::seen::if_complete;
use super::super::traces::{V4Order, asked, source, to_the_letter, unless_empty};
use super::ask::{ask, in_the_database};
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::objects::image::{Image, PostgresTag, base_of};
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::operator::operators::Generation;
use crate::fact::v4::servers::instances::Instance;
use crate::manifest::{Fact, Found, Gap, Gaps, Kind, Node, Object, Truth};

pub(super) const TAG_NOTE: &str = "the tag of the Postgres image";
const NAME_NOTE: &str = "the Postgres image";

/// Who tells what the tag of the image says.
pub(in super::super) static TAG: V4Order = V4Order {
    what: "the version of Postgres",
    same: |one, other| {
        let version = |tag| PostgresTag::parse(tag).map(|tag| (tag.postgres, tag.gis));
        version(one) == version(other)
    },
    sources: &[
        source(Trust::Runs, "the image of the Deployments", |cluster| {
            running(cluster, |image| tag_of(cluster, image))
        }),
        source(
            Trust::Kept,
            "RELATED_IMAGE_CRUNCHY_POSTGRES_HA of the operator",
            |cluster| overriding(cluster, |image| tag_of(cluster, image)),
        ),
        source(Trust::Wish, "spec.ccpimagetag", |cluster| {
            let written = cluster.string(&["spec", "ccpimagetag"], TAG_NOTE);
            let strange = written.value().filter(|tag| !tag.is_empty());
            match strange.filter(|tag| PostgresTag::parse(tag).is_none()) {
                Some(tag) => Answer::Mute([strange_tag(cluster, tag)].into()),
                None => asked(cluster, written),
            }
        }),
    ],
};

/// Who tells the base of the image.
pub(in super::super) static BASE: V4Order = V4Order {
    what: "the base of the Postgres image",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "the image of the Deployments", |cluster| {
            asking_for_base(
                running(cluster, |image| base_by_tag(cluster, image)),
                cluster,
            )
        }),
        source(
            Trust::Kept,
            "RELATED_IMAGE_CRUNCHY_POSTGRES_HA of the operator",
            |cluster| {
                let said = overriding(cluster, |image| base_by_tag(cluster, image));
                asking_for_base(said, cluster)
            },
        ),
        source(Trust::Wish, "spec.ccpimagetag", |cluster| {
            let written = cluster.string(&["spec", "ccpimagetag"], TAG_NOTE);
            match asked(cluster, written) {
                Answer::Says(tag) => Fact::Known(tag)
                    .map(|tag| Some(base_of(&tag).to_owned()))
                    .into(),
                other => other,
            }
        }),
    ],
};

/// Who tells the image's name; unset is PGO's own.
pub(in super::super) static NAME: V4Order = V4Order {
    what: "the name of the Postgres image",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "the image of the Deployments", |cluster| {
            asking_for_name(running(cluster, |image| Ok(image.name.to_owned())), cluster)
        }),
        source(Trust::Wish, "spec.ccpimage", |cluster| {
            asked(cluster, cluster.string(&["spec", "ccpimage"], NAME_NOTE))
        }),
    ],
};

/// Who tells the image as it is pulled.
pub(in super::super) static REFERENCE: V4Order = V4Order {
    what: "the image of Postgres",
    same: to_the_letter,
    sources: &[source(
        Trust::Runs,
        "the image of the Deployments",
        |cluster| running(cluster, |image| Ok(image.reference.to_owned())),
    )],
};

/// What the image's tag says.
pub(super) fn tag(cluster: &Cluster<'_>) -> Fact<PostgresTag> {
    cluster.settled(&TAG).and_then(|tag| {
        let parsed = tag.as_deref().and_then(PostgresTag::parse);
        parsed.map_or_else(
            || {
                Fact::unknown(Gap {
                    because: "neither the Pgcluster nor a Deployment in the input names it"
                        .to_owned(),
                    ..strange_tag(cluster, "")
                })
            },
            Fact::known,
        )
    })
}

/// What is asked where the image's base does not show: the version of Postgres would not tell it.
fn asking_for_base(answer: Answer, cluster: &Cluster<'_>) -> Answer {
    let base = |gaps: Gaps| {
        let of = |gap: &Gap| Gap {
            missing: format!("the base system of the image that {} runs", cluster.name),
            because: gap.because.clone(),
            ask: in_the_database(cluster, "cat /etc/os-release"),
        };
        gaps.iter().map(of).collect()
    };
    about(answer, base)
}

/// Likewise for the name of the image.
fn asking_for_name(answer: Answer, cluster: &Cluster<'_>) -> Answer {
    let name = |gaps: Gaps| {
        let of = |gap: &Gap| Gap {
            missing: format!(
                "which image {} runs, and whether it has PostGIS",
                cluster.name
            ),
            because: gap.because.clone(),
            ask: ask(
                cluster,
                "SELECT name, installed_version FROM pg_available_extensions WHERE name = 'postgis'",
            ),
        };
        gaps.iter().map(of).collect()
    };
    about(answer, name)
}

/// An answer that leaves open what it leaves open in other words.
fn about(answer: Answer, words: impl FnOnce(Gaps) -> Gaps) -> Answer {
    match answer {
        Answer::Mute(gaps) => Answer::Mute(words(gaps)),
        Answer::Unclear(gaps) => Answer::Unclear(words(gaps)),
        other => other,
    }
}

pub(super) fn strange_tag(cluster: &Cluster<'_>, tag: &str) -> Gap {
    Gap {
        missing: format!("the Postgres version of {}", cluster.name),
        because: format!("the image's tag {tag} does not follow Crunchy's names"),
        ask: ask(cluster, "SHOW server_version"),
    }
}

fn digest_only(cluster: &Cluster<'_>) -> Gap {
    Gap {
        because: "the image that runs is named by its digest".to_owned(),
        ..strange_tag(cluster, "")
    }
}

/// The tag of an image that runs. One of somebody's own hides the version, and then the tag that was asked for says
/// nothing either: it is not the one that runs.
fn tag_of(cluster: &Cluster<'_>, image: Image<'_>) -> Result<String, Answer> {
    if PostgresTag::parse(image.tag).is_some() {
        return Ok(image.tag.to_owned());
    }
    if image.tag.is_empty() {
        return Err(Answer::Mute([digest_only(cluster)].into()));
    }
    let gap = strange_tag(cluster, image.tag);
    Err(Answer::Unclear([gap].into()))
}

fn base_by_tag(cluster: &Cluster<'_>, image: Image<'_>) -> Result<String, Answer> {
    if image.tag.is_empty() {
        return Err(Answer::Mute([digest_only(cluster)].into()));
    }
    Ok(base_of(image.tag).to_owned())
}

/// What the image that the primary runs says; while it is not known which instance is the primary, what those of all
/// instances say.
fn running(cluster: &Cluster<'_>, read: impl Fn(Image<'_>) -> Result<String, Answer>) -> Answer {
    let instances = cluster.instances();
    let primary = cluster.primary().name.value();
    let primary = primary.and_then(|name| instances.get(name));
    let shown: Vec<&Instance<'_>> = match primary.filter(|one| one.runs().is_some()) {
        Some(primary) => vec![primary],
        None => instances.seen.iter().collect(),
    };
    let mut found: Option<Fact<String>> = None;
    for instance in shown {
        let Some(object) = instance.runs() else {
            continue;
        };
        let Some(node) = database_image(object) else {
            continue;
        };
        let said = match read(Image::parse(node.text())) {
            Ok(text) if object.rivals.is_empty() => Fact::at(text, node.span(), TAG_NOTE),
            Ok(_) => return Answer::Unclear([several_images(cluster)].into()),
            Err(answer) => return answer,
        };
        // A Deployment that was changed and not rolled out yet: its pod runs what it was.
        let of_pods = instance.pods.iter().filter_map(|pod| database_image(pod));
        let others = of_pods.filter_map(|node| read(Image::parse(node.text())).ok());
        if let Some(other) = others.into_iter().find(|other| Some(other) != said.value()) {
            return Answer::Unclear([rollout(cluster, object, &other)].into());
        }
        match &found {
            Some(first) if first.value() != said.value() => {
                return Answer::Unclear([several_images(cluster)].into());
            }
            Some(_) => {}
            None => found = Some(said),
        }
    }
    match found {
        Some(said) => said.map(Some).into(),
        None => if_complete(&cluster.deployments().completeness, None).into(),
    }
}

fn rollout(cluster: &Cluster<'_>, object: &Object, other: &str) -> Gap {
    Gap {
        because: format!(
            "{} {} asks for another image than its pod runs ({other})",
            object.kind.info().name,
            object.name
        ),
        ..strange_tag(cluster, "")
    }
}

fn several_images(cluster: &Cluster<'_>) -> Gap {
    Gap {
        because: "its instances run several images, and which one is the primary is not known"
            .to_owned(),
        ..strange_tag(cluster, "")
    }
}

/// The image that the operator runs instead of the one that the Pgcluster names, as OLM has it; silent where the operator
/// is not in the input.
fn overriding(cluster: &Cluster<'_>, read: impl Fn(Image<'_>) -> Result<String, Answer>) -> Answer {
    let silent = || Fact::known(None).into();
    let operators = &cluster.surroundings.operators;
    let Some(operator) = operators.nearest(cluster.inventory, Generation::V4, cluster.namespace)
    else {
        return silent();
    };
    let namespace = operator.namespace.as_deref();
    let found = cluster
        .inventory
        .find(Kind::Deployment, namespace, &operator.name);
    let Found::Here(deployment) = found else {
        return silent();
    };
    let written = cluster.string(&["spec", "ccpimage"], NAME_NOTE);
    let gis = written.value().is_some_and(|name| name.contains("gis"));
    let variable = if gis {
        "RELATED_IMAGE_CRUNCHY_POSTGRES_GIS_HA"
    } else {
        "RELATED_IMAGE_CRUNCHY_POSTGRES_HA"
    };
    let given = env(deployment, variable, "the image the operator takes");
    match unless_empty(given.map(Option::unwrap_or_default)) {
        Fact::Known(truth) => match truth
            .value
            .as_deref()
            .map(|image| read(Image::parse(image)))
        {
            None => silent(),
            Some(Err(answer)) => answer,
            Some(Ok(text)) => Answer::Says(Truth {
                value: text,
                evidence: truth.evidence,
                assumes: truth.assumes,
            }),
        },
        Fact::Unknown(gaps) => Answer::Mute(gaps),
    }
}

pub(super) fn database_image(object: &Object) -> Option<Node<'_>> {
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
