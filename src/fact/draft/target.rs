//! The PGO v5 releases a draft may be applied to.

use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::cluster::{TargetSet, target::row as release_row};
use crate::manifest::{Evidence, Fact};
use crate::schema::Release;

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "target.known",
        Type::Bool,
        "the PGO v5 release to apply it to is named by --target or found in the input, and is a single one",
        |draft| shown(draft, |target| target.known.into()),
    ),
    row(
        "target.releases",
        Type::Records,
        "the PGO v5 releases it may be applied to, oldest first: {version, postgresMin, postgresMax, defaultMajors, imageMajors, dataSourceVolumes, externalWalRequired, pgauditAutomatic, defaultHba, el, apiVersions, backupsRequired, dataSourcePgbackrest, volumeRepoRefused, standbyStreaming, configParameters, authenticationRules, missingImageReported, cronJobSuffix}",
        |draft| {
            shown(draft, |target| {
                let rows = target.releases.iter();
                Value::List(rows.map(|release| release_row(release)).collect())
            })
        },
    ),
];

impl Draft<'_> {
    /// The releases it may be applied to: those of its origin, else of where it will go. Unless that is one
    /// release, those that lack a field the draft uses are left out.
    pub fn target(&self) -> &TargetSet {
        self.memo.target.get_or_init(|| of(self))
    }
}

fn of(draft: &Draft<'_>) -> TargetSet {
    let own = &draft.surroundings.target;
    let there = draft.destination().map(|(_, around)| &around.target);
    let says = |target: &&TargetSet| target.known || !target.evidence.is_empty();
    let chosen = [Some(own), there].into_iter().flatten().find(says);
    let target = chosen.unwrap_or(own);
    if target.known {
        return target.clone();
    }
    let floor = draft.floor();
    let possible: Vec<&'static Release> = target
        .releases
        .iter()
        .filter(|release| Some(release.version) >= floor.release)
        .copied()
        .collect();
    let mut target = target.clone();
    if let Some(release) = floor.release
        && !possible.is_empty()
        && possible.len() < target.releases.len()
    {
        target.releases = possible;
        target.from = format!("{}; {} needs {release} or newer", target.from, floor.why);
        target.evidence.push(Evidence {
            span: floor.place.span(),
            note: "the draft uses a field of newer releases",
        });
    }
    target
}

fn shown(draft: &Draft<'_>, read: impl FnOnce(&TargetSet) -> Value) -> Fact<Value> {
    let target = draft.target();
    let places = target.evidence.iter();
    let fact = places.fold(Fact::known(read(target)), |fact, place| {
        fact.and_at(place.span, place.note)
    });
    fact.and_at(draft.name_span(), "the draft")
}
