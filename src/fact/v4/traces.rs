//! What the cluster's own objects say a setting is in effect: the environment of its Deployments and pods, the
//! annotations of its repository Secret, the Pgcluster, the operator's own settings. And what is believed of it.
//!
//! It must not know what a setting is for.

use std::sync::Arc;

use super::fields::scalar_text;
use super::objects::workload::env;
use super::seen::if_complete;
use super::{Cluster, V4Cluster};
use crate::fact::trust::{Answer, Order, Source, Told, Trust};
use crate::manifest::{Fact, Gap, Kind, Object};

/// The places that can tell one thing about a v4 cluster.
pub(super) type V4Order = Order<V4Cluster>;
/// One of them.
pub(super) type V4Source = Source<V4Cluster>;

/// A source in an [`Order`].
pub(super) const fn source(
    trust: Trust,
    place: &'static str,
    says: for<'a> fn(&Cluster<'a>) -> Answer,
) -> V4Source {
    Source { trust, place, says }
}

/// Whether two texts are the same, to the letter.
pub(super) fn to_the_letter(one: &str, other: &str) -> bool {
    one == other
}

impl Cluster<'_> {
    /// What all who can tell say, each asked once.
    pub(super) fn told(&self, order: &'static V4Order) -> Arc<Told> {
        self.heard().of(order, self)
    }

    /// What the most trusted source says; `None` where all are silent, unknown where one that was not seen may speak.
    /// What rests on a less trusted source for want of a better one says so.
    pub(super) fn settled(&self, order: &'static V4Order) -> Fact<Option<String>> {
        let told = self.told(order);
        let assumption = self.assumption(order, &told);
        // Both places: what counts, and who says otherwise.
        let dissent = told.against.iter().filter_map(|other| other.evidence);
        let fact = dissent.fold(told.value.clone(), |fact, place| {
            fact.and_at(place.span, place.note)
        });
        match assumption {
            Some(words) => fact.assuming(words.into()),
            None => fact,
        }
    }

    /// The same, `""` where all are silent.
    pub(super) fn settled_text(&self, order: &'static V4Order) -> Fact<String> {
        self.settled(order).map(Option::unwrap_or_default)
    }

    fn assumption(&self, order: &V4Order, told: &Told) -> Option<String> {
        let (trust, place) = told.by?;
        let name = self.name;
        if let Some(gap) = told.mute.as_ref().and_then(|gaps| gaps.first()) {
            let what = order.what;
            return Some(format!(
                "{what} of {name} is what {place} says, because {}",
                gap.because
            ));
        }
        told.runs_unseen.as_ref()?;
        let whose = match trust {
            Trust::Runs => return None,
            Trust::Kept => "what PGO v4 keeps of it",
            Trust::Wish => "what its Pgcluster asks for",
            Trust::Operator => "what the settings of PGO v4 say",
            Trust::Default => "what PGO v4 takes by itself",
        };
        Some(format!("{name} runs with {whose}"))
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

/// A variable in the environment of the cluster's Deployments, by the first of its names that one of them has; where
/// there are none, of its pods.
pub(super) fn running(cluster: &Cluster<'_>, names: &[&str], note: &'static str) -> Answer {
    let deployments = cluster.deployments();
    let mut objects = deployments.objects.as_slice();
    if objects.is_empty() {
        objects = cluster.pods().objects.as_slice();
    }
    agreed(cluster, objects, names, note)
        .unwrap_or_else(|| if_complete(&deployments.completeness, None).into())
}

/// What all of these objects that have the variable say of it; `None` where none has it.
fn agreed(
    cluster: &Cluster<'_>,
    objects: &[&Object],
    names: &[&str],
    note: &'static str,
) -> Option<Answer> {
    let mut found: Option<(Fact<String>, &Object)> = None;
    for object in objects.iter().copied() {
        let mut values = names.iter().map(|name| env(object, name, note));
        let Some(fact) = values.find(|value| value.value() != Some(&None)) else {
            continue;
        };
        let fact = match fact {
            Fact::Unknown(gaps) if object.rivals.is_empty() => return Some(Answer::Mute(gaps)),
            Fact::Unknown(gaps) => return Some(Answer::Unclear(gaps)),
            known @ Fact::Known(_) => known.map(Option::unwrap_or_default),
        };
        match &found {
            Some((first, other)) if first.value() != fact.value() => {
                let gap = disagreement(cluster, names, other, object);
                return Some(Answer::Unclear([gap].into()));
            }
            Some(_) => {}
            None => found = Some((fact, object)),
        }
    }
    found.map(|(fact, _)| fact.map(Some).into())
}

fn disagreement(cluster: &Cluster<'_>, names: &[&str], one: &Object, other: &Object) -> Gap {
    let variable = names.first().copied().unwrap_or_default();
    Gap {
        missing: format!("the value of {variable} in effect for {}", cluster.name),
        because: format!(
            "{} {} and {} say different things",
            one.kind.info().name,
            one.name,
            other.name
        ),
        ask: Gap::of_all(Kind::Deployment, cluster.namespace).ask,
    }
}

/// An annotation of the Secret with the pgBackRest settings: from 4.4 on it repeats those in effect, and it outlives
/// the cluster.
pub(super) fn kept(cluster: &Cluster<'_>, annotation: &str, note: &'static str) -> Answer {
    let name = format!("{}-backrest-repo-config", cluster.name);
    let secret = cluster.object_named(Kind::Secret, &name, "the repository's Secret");
    let secret = match secret {
        Fact::Unknown(gaps) => return Answer::Unseen(gaps),
        Fact::Known(truth) => truth.value,
    };
    let Some(secret) = secret else {
        return Fact::known(None).into();
    };
    let value = secret.read(&["metadata", "annotations", annotation], note);
    match value.map(|node| node.and_then(scalar_text)) {
        Fact::Unknown(gaps) => Answer::Unclear(gaps),
        known @ Fact::Known(_) => known.into(),
    }
}

/// What the Pgcluster says, silent where it says `""`.
pub(super) fn asked(cluster: &Cluster<'_>, written: Fact<String>) -> Answer {
    match written {
        Fact::Unknown(gaps) if cluster.object.is_some() => Answer::Unclear(gaps),
        written => unless_empty(written).into(),
    }
}

/// What the operator's own settings say, silent where they say `""`.
pub(super) fn by_operator(cluster: &Cluster<'_>, entry: &str) -> Answer {
    unless_empty(cluster.operator_setting(entry)).into()
}

/// A text that says nothing when it is empty.
pub(super) fn unless_empty(text: Fact<String>) -> Fact<Option<String>> {
    text.map(|text| Some(text).filter(|text| !text.is_empty()))
}
