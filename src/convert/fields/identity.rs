//! What the cluster is called and what it is: name, labels, image, version, port.

use super::instances;
use super::row::{Field, field};
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, open, remark, todo};
use crate::manifest::Fact;

pub(super) const FIELDS: &[Field] = &[
    field("metadata.name", |view| {
        let named = Entry::text("", &view.name);
        let why = if view.name == view.cluster.name {
            "as in v4"
        } else if view.choices.to.is_some() {
            "your choice: --to"
        } else {
            "not v4's name, since v4 lives on beside it"
        };
        Some(named.saying(why.to_owned()))
    }),
    field("metadata.namespace", |view| {
        Some(match &view.namespace {
            Some(namespace) => Entry::text("", namespace),
            None => Entry::item(Node::Open).saying(
                "the namespace of the v4 cluster, which its manifests do not write".to_owned(),
            ),
        })
    }),
    field("spec.metadata.labels", |view| {
        view.structure("cluster.userLabels", "the labels of v4's own")
    }),
    field("spec.metadata.annotations", |view| {
        instances::annotations(view, "global")
    }),
    field("spec.image", image),
    field("spec.imagePullSecrets", |view| {
        let secrets = view.texts("instances.pullSecrets");
        match &secrets {
            Fact::Known(truth) if truth.value.is_empty() => None,
            Fact::Known(truth) => {
                let names = truth.value.iter();
                let named = |name: &String| Entry::item(Node::Map(vec![Entry::text("name", name)]));
                Some(
                    Entry::item(Node::List(names.map(named).collect()))
                        .saying(view.origin(&secrets) + &view.elsewhere()),
                )
            }
            Fact::Unknown(gaps) => Some(open("the Secrets for pulling images", gaps)),
        }
    }),
    field("spec.postgresVersion", |view| {
        let major = view.number("postgres.majorNumber");
        Some(match &major {
            Fact::Known(truth) => {
                Entry::item(Node::number(truth.value)).saying(view.origin(&major))
            }
            Fact::Unknown(gaps) => todo("the major version of Postgres, a number", gaps),
        })
    }),
    field("spec.postGISVersion", |view| {
        match view.truth("postgres.gis") {
            Fact::Known(truth) if truth.value => {
                view.word("postgres.gisVersion", "the version of PostGIS, as 3.1")
            }
            Fact::Known(_) => None,
            Fact::Unknown(gaps) => Some(open(
                "whether the image has PostGIS, and its version",
                &gaps,
            )),
        }
    }),
    field("spec.port", |view| {
        let port = view.number("cluster.port");
        match &port {
            Fact::Known(truth) if truth.value == 5432 => None,
            Fact::Known(truth) if truth.value < 1024 => Some(remark(
                "v4's port lies below 1024, which v5 refuses: clients must change to another",
            )),
            Fact::Known(truth) => {
                Some(Entry::item(Node::number(truth.value)).saying(view.origin(&port)))
            }
            Fact::Unknown(gaps) => Some(open("the port, where it is not 5432", gaps)),
        }
    }),
    field("spec.supplementalGroups", |view| {
        view.structure(
            "instances.supplementalGroups",
            "the supplemental groups of the volumes",
        )
    }),
    field("spec.disableDefaultPodScheduling", |view| {
        let spread = view.text("instances.spread");
        let disabled = spread.value().is_some_and(|spread| spread == "disabled");
        disabled.then(|| Entry::item(Node::truth(true)).saying(view.origin(&spread)))
    }),
];

/// The image of pgBackRest, where a person names that of Postgres: both hold pgBackRest, and the two talk to each other only
/// where they are of one version. The operator's own is of its own time.
pub(super) fn pgbackrest_image(view: &View<'_, '_>) -> Option<Entry> {
    let named = image(view).is_some_and(|entry| matches!(entry.node, Node::Text(_)));
    named.then(|| {
        Entry::todo(
            "",
            "the image of pgBackRest that came out together with that in spec.image",
        )
    })
}

/// An image, where the operator has none of its own that fits. Which tags there are no evidence tells.
fn image(view: &View<'_, '_>) -> Option<Entry> {
    let version = view.text("postgres.version");
    let runs = match version.value() {
        Some(version) => format!("Postgres {version} or a later minor"),
        None => "v4's major version of Postgres".to_owned(),
    };
    let from = match view.text("postgres.image").value() {
        Some(image) if !image.is_empty() => format!("; v4 runs {image}"),
        _ => String::new(),
    };
    let ask = |why: &str| {
        let release = view.release.name();
        Some(Entry::todo(
            "",
            &format!("an image for PGO {release} with {runs}: {why}{from}"),
        ))
    };
    if view.holds("postgres.customImage") {
        return ask("v4 runs one of your own");
    }
    let own = view.text("operator.v5Image");
    match own.value() {
        Some(image) if !image.is_empty() => {
            let words = format!("none: the operator has {image}, {}", view.origin(&own));
            return Some(remark(&words));
        }
        _ => {}
    }
    let major = match view.number("postgres.majorNumber") {
        Fact::Known(truth) => truth.value,
        Fact::Unknown(gaps) => {
            let release = view.release.name();
            let what = format!("an image, where PGO {release} has none of v4's major");
            return Some(open(&what, &gaps));
        }
    };
    if view.holds("postgres.gis") {
        let gis = view.text("postgres.gisVersion");
        let pair = format!("{major}+{}", gis.value().map_or("", String::as_str));
        return if view.release.gis_images.contains(&pair.as_str()) {
            None
        } else {
            ask("a plain installation has none with this PostGIS")
        };
    }
    let has = u32::try_from(major).is_ok_and(|major| view.release.default_images.contains(&major));
    if has {
        return None;
    }
    ask("a plain installation has none of this major")
}
