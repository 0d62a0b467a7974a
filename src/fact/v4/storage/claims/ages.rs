//! How old the claims are beside each other.

use super::{Claim, Role, Storage};
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::time;
use crate::fact::v4::seen::resting_on;
use crate::manifest::{Fact, Gap};
use jiff::Timestamp;

/// Whether the WAL claim is younger than its instance's data claim.
pub(super) fn added_later(cluster: &Cluster<'_>) -> Fact<bool> {
    let (wal, data) = (cluster.claim(Role::Wal), cluster.claim(Role::Data));
    let storage = wal.storage();
    if storage
        .value()
        .is_some_and(|storage| *storage != Storage::Claim)
    {
        return storage.map(|_| false);
    }
    let pairs = wal.claims.iter().zip(&data.claims);
    wal.common(pairs.map(|(wal, data)| is_younger(wal, data)))
}

/// The same of one instance.
pub(super) fn is_younger(wal: &Claim<'_>, data: &Claim<'_>) -> Fact<bool> {
    const SAME_TIME: i64 = 600;
    resting_on(&wal.storage, |storage| {
        if *storage != Storage::Claim {
            return Fact::known(false);
        }
        birth(wal)
            .both(birth(data))
            .map(|(wal, data)| match (wal, data) {
                (Some(wal), Some(data)) => wal.as_second() - data.as_second() > SAME_TIME,
                _ => false,
            })
    })
}

/// When a claim was created; `None` where there is no claim.
pub(in crate::fact::v4) fn birth(claim: &Claim<'_>) -> Fact<Option<Timestamp>> {
    claim.of_claim(None, |object| {
        let path = ["metadata", "creationTimestamp"];
        time(object, &path, "when the claim was created").and_then(|time| match time {
            Some(time) => Fact::known(Some(time)),
            None => Fact::unknown(Gap {
                missing: format!("when claim {} was created", object.name),
                because: "it is in the input without metadata.creationTimestamp".to_owned(),
                ..Gap::of_one(object.kind, object.namespace.as_deref(), &object.name)
            }),
        })
    })
}
