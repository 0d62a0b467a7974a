//! What the cluster's own objects say a setting is in effect: the environment of its Deployments, the annotations of
//! its repository Secret. And which of several sources is believed.
//!
//! It must not know what a setting is for.

use super::Cluster;
use super::fields::scalar_text;
use super::seen::if_complete;
use super::workload::env;
use crate::manifest::{Fact, Gap, Kind, Object};

/// What a source says of a setting: `None` when it says nothing, `Some("")` when it says that it is empty.
pub(super) type Said = Fact<Option<String>>;

/// A source that says nothing when its text is empty.
pub(super) fn unless_empty(text: Fact<String>) -> Said {
    text.map(|text| Some(text).filter(|text| !text.is_empty()))
}

/// What the first of several sources says; `""` when all are silent. A source that is not in the input is passed
/// over, but then silence of the others is no answer.
pub(super) fn first_said<'s>(sources: &[&(dyn Fn() -> Said + 's)]) -> Fact<String> {
    let mut gaps = Vec::new();
    let mut silence = Fact::known(());
    for source in sources {
        match source() {
            Fact::Unknown(more) => gaps.extend(more.iter().cloned()),
            Fact::Known(truth) => match truth.value {
                Some(_) => return Fact::Known(truth).map(Option::unwrap_or_default),
                None => silence = silence.and_then(|()| Fact::Known(truth).map(|_| ())),
            },
        }
    }
    if gaps.is_empty() {
        return silence.map(|()| String::new());
    }
    gaps.dedup();
    Fact::Unknown(gaps.into())
}

/// What two sources say that should agree: the first, unless the second says something else.
pub(super) fn agreed<T: PartialEq>(
    first: Fact<T>,
    second: Fact<Option<T>>,
    differ: impl FnOnce(&T, &T) -> Gap,
) -> Fact<T> {
    let Fact::Known(second) = second else {
        return first;
    };
    let Some(there) = second.value else {
        return first;
    };
    match first {
        Fact::Unknown(_) => Fact::Known(crate::manifest::Truth {
            value: there,
            evidence: second.evidence,
            assumes: second.assumes,
        }),
        Fact::Known(here) if here.value == there => {
            let places = second.evidence.iter();
            places.fold(Fact::Known(here), |fact, place| {
                fact.and_at(place.span, place.note)
            })
        }
        Fact::Known(here) => Fact::unknown(differ(&here.value, &there)),
    }
}

/// What is known without a place of its own, as that there is none of something, is shown at the cluster's name.
pub(super) fn placed<T>(cluster: &Cluster<'_>, fact: Fact<T>) -> Fact<T> {
    match &fact {
        Fact::Known(truth) if truth.evidence.is_empty() => {
            fact.and_at(cluster.name_span(), "the cluster")
        }
        _ => fact,
    }
}

/// A variable in the environment of the cluster's Deployments, by the first of its names that one of them has.
pub(super) fn in_environment(cluster: &Cluster<'_>, names: &[&str], note: &'static str) -> Said {
    let listing = cluster.deployments();
    let mut found: Option<(Fact<String>, &Object)> = None;
    for deployment in &listing.objects {
        let mut values = names.iter().map(|name| env(deployment, name, note));
        let Some(fact) = values.find(|value| value.value() != Some(&None)) else {
            continue;
        };
        let fact = match fact {
            Fact::Unknown(gaps) => return Fact::Unknown(gaps),
            known @ Fact::Known(_) => known.map(Option::unwrap_or_default),
        };
        match &found {
            Some((first, other)) if first.value() != fact.value() => {
                return Fact::unknown(disagreement(cluster, names, other, deployment));
            }
            Some(_) => {}
            None => found = Some((fact, deployment)),
        }
    }
    match found {
        Some((fact, _)) => fact.map(Some),
        None => if_complete(&listing.completeness, None),
    }
}

fn disagreement(cluster: &Cluster<'_>, names: &[&str], one: &Object, other: &Object) -> Gap {
    let variable = names.first().copied().unwrap_or_default();
    Gap {
        missing: format!("the value of {variable} in effect for {}", cluster.name),
        because: format!(
            "Deployments {} and {} say different things",
            one.name, other.name
        ),
        ask: format!(
            "kubectl get deployments {}-l pg-cluster={} -o yaml",
            cluster.namespace_flag(),
            cluster.name
        ),
    }
}

/// An annotation of the Secret with the pgBackRest settings: from 4.4 on it repeats those in effect, and it outlives
/// the cluster.
pub(super) fn in_secret(cluster: &Cluster<'_>, annotation: &str, note: &'static str) -> Said {
    let name = format!("{}-backrest-repo-config", cluster.name);
    let secret = cluster.object_named(Kind::Secret, &name, "the repository's Secret");
    secret.and_then(|secret| match secret {
        None => Fact::known(None),
        Some(secret) => {
            let value = secret.read(&["metadata", "annotations", annotation], note);
            value.map(|node| node.and_then(scalar_text))
        }
    })
}
