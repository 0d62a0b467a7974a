//! Tablespaces with volumes of their own: those that instances mount, those whose claims there are, those that the
//! Pgcluster names. PGO v4 only ever adds tablespaces, so an entry that was taken out of the Pgcluster changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{Holds, holds};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::objects::mount::mounts;
use crate::fact::v4::objects::workload::{env, volumes_named};
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::{V4Order, placed, source, to_the_letter};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Evidence, Fact, Kind, Node, Object};
use crate::source::Span;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "tablespaces.names",
        Type::Strings,
        "tablespaces that have volumes of their own: mounted, or with a claim, or asked for",
        |cluster| {
            let names = in_use(cluster);
            if cluster.object.is_some() {
                return names.map(Value::from);
            }
            // Without the Pgcluster there may be more than were seen.
            let all = &cluster.labelled_claims().completeness;
            names.and_then(|names| if_complete(all, Value::from(names)))
        },
    )
    .told_by(&[&TABLESPACES]),
    row(
        "tablespaces.present",
        Type::Bool,
        "there are tablespaces with volumes of their own; true as soon as one is seen anywhere",
        |cluster| in_use(cluster).map(|names| (!names.is_empty()).into()),
    )
    .told_by(&[&TABLESPACES]),
];

/// Where PGO mounts them, as /tablespaces/lake.
pub(super) const BELOW: &str = "tablespaces";

/// Tablespaces by name, and where each is seen first.
type Seen = BTreeMap<String, Evidence>;

/// Who tells the tablespaces; their names, joined by commas. They add up: PGO v4 only ever adds tablespaces, so whoever
/// names one more is right about that one.
pub(in crate::fact::v4) static TABLESPACES: V4Order = V4Order {
    what: "the tablespaces",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "the volumes and PGHA_TABLESPACES of the Deployments",
            |cluster| all_or(&mounted(cluster), || every_mount(cluster)),
        ),
        source(
            Trust::Kept,
            "the claims that bear the cluster's label",
            |cluster| {
                let claims = &cluster.labelled_claims().completeness;
                all_or(&claimed(cluster), || if_complete(claims, ()))
            },
        ),
        source(
            Trust::Wish,
            "spec.tablespaceMounts",
            |cluster| match asked(cluster) {
                Fact::Known(truth) => all_or(&truth.value, || Fact::known(())),
                Fact::Unknown(gaps) if cluster.object.is_some() => Answer::Unclear(gaps),
                Fact::Unknown(gaps) => Answer::Unseen(gaps),
            },
        ),
    ],
};

/// Those that are seen; none where it is known that there can be no others.
fn all_or(seen: &Seen, none: impl FnOnce() -> Fact<()>) -> Answer {
    let said = if seen.is_empty() {
        none().map(|()| Vec::new())
    } else {
        known(seen)
    };
    said.map(|names| Some(names.join(","))).into()
}

/// The tablespaces of the cluster, whoever names them.
fn in_use(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let heard = cluster.told(&TABLESPACES);
    let told = cluster.settled_text(&TABLESPACES).map(|first| {
        let others = heard.against.iter().map(|other| other.text.as_str());
        let texts = std::iter::once(first.as_str()).chain(others);
        let names = texts.flat_map(|text| text.split(','));
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        names.into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    let told = match &heard.unheard {
        // Who cannot be understood may name one.
        Some(gaps) => told.and_then(|names| match names.as_slice() {
            [] => Fact::Unknown(gaps.clone()),
            _ => Fact::known(names),
        }),
        None => told,
    };
    placed(cluster, told)
}

fn add(found: &mut Seen, more: &Seen) {
    for (name, place) in more {
        found.entry(name.clone()).or_insert(*place);
    }
}

fn known(found: &Seen) -> Fact<Vec<String>> {
    let names = Fact::known(found.keys().cloned().collect());
    found
        .values()
        .fold(names, |names, place| names.and_at(place.span, place.note))
}

/// What the instances mount, and what their environment names.
fn mounted(cluster: &Cluster<'_>) -> Seen {
    let mut seen = Seen::new();
    let objects = cluster.instances().seen.iter().flat_map(Instance::objects);
    for object in objects {
        for copy in std::iter::once(object).chain(&object.rivals) {
            let mut add = |name: &str, at: Node<'_>| {
                let place = Evidence {
                    absent: false,
                    span: at.span(),
                    note: "mounted by an instance",
                };
                seen.entry(name.to_owned()).or_insert(place);
            };
            for (volume, _, at) in volumes_named(copy, |name| name.starts_with("tablespace-")) {
                if let Some(name) = volume.strip_prefix("tablespace-") {
                    add(name, at);
                }
            }
            for mount in mounts(copy) {
                if let Some(name) = mount.right_below(BELOW) {
                    add(name, mount.node);
                }
            }
        }
        let listed = env(
            object,
            "PGHA_TABLESPACES",
            "named in an instance's environment",
        );
        if let Fact::Known(truth) = listed
            && let Some(place) = truth.evidence.first()
        {
            let names = truth.value.unwrap_or_default();
            for name in names
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                seen.entry(name.to_owned()).or_insert(*place);
            }
        }
    }
    seen
}

/// Known when what every instance mounts was seen.
pub(super) fn every_mount(cluster: &Cluster<'_>) -> Fact<()> {
    let instances = cluster.instances();
    let shows = |object: &&Object| {
        volumes_named(object, |name| name == "pgdata")
            .next()
            .is_some()
    };
    let shown = |one: &Instance<'_>| one.objects().any(|object| shows(&object));
    if instances.seen.iter().any(shown)
        && instances
            .seen
            .iter()
            .all(|one| shown(one) || one.deployment.is_none())
    {
        return instances.all.clone();
    }
    Fact::unknown(cluster.gap_for(Kind::Deployment))
}

/// Claims that bear the cluster's label and hold a tablespace.
fn claimed(cluster: &Cluster<'_>) -> Seen {
    let claims = cluster.labelled_claims().objects.iter().copied();
    let of_tablespaces = claims.filter_map(|claim| match holds(cluster, claim) {
        Holds::Tablespace(name) => {
            let place = Evidence {
                absent: false,
                span: claim.name_span(),
                note: "a claim of the cluster",
            };
            Some((name, place))
        }
        _ => None,
    });
    of_tablespaces.collect()
}

/// What the Pgcluster names.
fn asked(cluster: &Cluster<'_>) -> Fact<Seen> {
    let path = ["spec", "tablespaceMounts"];
    let keys = cluster.keys(&path, "the cluster's tablespaces");
    keys.map(|names| {
        let map = cluster.object.and_then(|object| object.at(&path));
        let written = map.into_iter().flat_map(Node::entries);
        // Not looked up one by one: there may be very many.
        let spans: BTreeMap<String, Span> = written
            .map(|(key, _)| (key.key().into_owned(), key.span()))
            .collect();
        let place = |name: &str| Evidence {
            absent: false,
            span: spans
                .get(name)
                .copied()
                .unwrap_or_else(|| cluster.name_span()),
            note: "the cluster's tablespaces",
        };
        let named = names.into_iter().map(|name| {
            let place = place(&name);
            (name, place)
        });
        named.collect()
    })
}

/// "tablespace lake has a volume, which spec.tablespaceMounts does not name", for each that is not told alike everywhere. That there is
/// none is known only where all mounts and claims were seen.
pub(in crate::fact::v4) fn not_as_asked(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let asked = match asked(cluster) {
        Fact::Known(truth) => truth,
        // Nothing is left that could ask for something else.
        Fact::Unknown(_) if cluster.remains().value() == Some(&true) => {
            return Fact::at(Vec::new(), cluster.name_span(), "the cluster");
        }
        Fact::Unknown(gaps) => return Fact::Unknown(gaps),
    };
    let mut there = mounted(cluster);
    add(&mut there, &claimed(cluster));
    let mut found = Seen::new();
    for (name, place) in &there {
        if !asked.value.contains_key(name) {
            let words = format!(
                "tablespace {name} has a volume, which spec.tablespaceMounts does not name"
            );
            found.insert(words, *place);
        }
    }
    let claims = if_complete(&cluster.labelled_claims().completeness, ());
    let all = every_mount(cluster).both(claims).map(|_| ());
    if all.value().is_some() {
        for (name, place) in &asked.value {
            if !there.contains_key(name) {
                let words =
                    format!("tablespace {name} has no volume, which spec.tablespaceMounts names");
                found.insert(words, *place);
            }
        }
    }
    if found.is_empty() {
        return all
            .map(|()| Vec::new())
            .and_at(cluster.name_span(), "the cluster");
    }
    let words = Fact::known(found.keys().cloned().collect());
    let places = found.values().chain(asked.evidence.iter());
    places.fold(words, |words, place| words.and_at(place.span, place.note))
}
