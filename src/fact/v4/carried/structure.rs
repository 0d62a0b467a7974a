//! Structures that several places can tell: the order of trust decides, and the place that wins is read as it is written.
//!
//! It must not know what a structure is for.

use crate::expr::Value;
use crate::fact::trust::Answer;
use crate::fact::v4::Cluster;
use crate::fact::v4::seen::resting_on;
use crate::fact::v4::traces::V4Order;
use crate::manifest::Fact;

/// What one place says; `None` where it says nothing.
pub(super) type Read = for<'a> fn(&Cluster<'a>) -> Fact<Option<Value>>;

/// The places that can tell a structure.
pub(super) struct Structure {
    /// In the order of trust.
    pub(super) order: V4Order,
    /// The same places, each with the structure itself.
    pub(super) reads: &'static [Read],
}

/// What a place says, as the order of trust compares it.
pub(super) fn spoken(cluster: &Cluster<'_>, said: Fact<Option<Value>>) -> Answer {
    match said {
        Fact::Unknown(gaps) if cluster.object.is_some() => Answer::Unclear(gaps),
        said => said
            .map(|value| value.map(|value| format!("{value:?}")))
            .into(),
    }
}

/// The structure in effect; absent where no place says anything.
pub(super) fn settled(cluster: &Cluster<'_>, structure: &'static Structure) -> Fact<Value> {
    let by = cluster.told(&structure.order).by;
    let sources = structure.order.sources.iter();
    let mut pairs = sources.zip(structure.reads);
    let read = pairs.find(|(source, _)| by == Some((source.trust, source.place)));
    resting_on(&cluster.settled(&structure.order), |_| match read {
        Some((_, read)) => read(cluster).map(|value| value.unwrap_or(Value::Absent)),
        None => Fact::known(Value::Absent),
    })
}
