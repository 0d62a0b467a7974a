//! The PGO v5 releases a draft may be applied to.

use std::sync::OnceLock;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::TargetSet;
use crate::fact::v4::operator::target::row as release_row;
use crate::manifest::{Evidence, Fact};
use crate::schema::{Release, releases};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "target.known",
        Type::Bool,
        "the PGO v5 release to apply it to is named by --target or found in the input, and is a single one",
        |draft| shown(draft, |target| target.known.into()),
    ),
    row(
        "target.releases",
        Type::Records,
        "the PGO v5 releases it may be applied to, oldest first: {version, postgresMin, postgresMax, defaultMajors, imageMajors, gisImages, pgadminImage, dataSourceVolumes, externalWalRequired, pgauditAutomatic, defaultHba, el, apiVersions, backupsRequired, dataSourcePgbackrest, volumeRepoRefused, standbyStreaming, configParameters, authenticationRules, missingImageReported, cronJobSuffix, kubernetesMin, kubernetesSaid, kubernetesMax}",
        |draft| shown(draft, |target| rows(&target.releases)),
    ),
];

/// The rows of releases. Most drafts may go to all from some release on: of those the list is made once.
fn rows(wanted: &[&'static Release]) -> Value {
    static FROM: OnceLock<Vec<OnceLock<Value>>> = OnceLock::new();
    let make = || Value::List(wanted.iter().map(|release| release_row(release)).collect());
    let all = releases();
    let from = all.len().checked_sub(wanted.len());
    let newest = from.and_then(|from| all.get(from..)).unwrap_or_default();
    let lists = FROM.get_or_init(|| all.iter().map(|_| OnceLock::new()).collect());
    let same = |(one, other): (&&Release, &Release)| std::ptr::eq(*one, other);
    match from.and_then(|from| lists.get(from)) {
        Some(list) if wanted.iter().zip(newest).all(same) => list.get_or_init(make).clone(),
        _ => make(),
    }
}

impl Draft<'_> {
    /// The releases it may be applied to: those of its origin, else of where it will go. Unless that is one
    /// release, those that lack a field the draft uses are left out.
    pub fn target(&self) -> &TargetSet {
        self.memo().target.get_or_init(|| of(self))
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
    // They are sorted.
    let all = target.releases.as_slice();
    let first = all.partition_point(|release| Some(release.version) < floor.release);
    match (floor.release, all.get(first..)) {
        (Some(release), Some(possible)) if first > 0 && !possible.is_empty() => {
            let mut evidence = target.evidence.clone();
            evidence.push(Evidence {
                absent: false,
                span: floor.place,
                note: "the draft uses a field of newer releases",
            });
            TargetSet {
                releases: possible.to_vec(),
                from: format!("{}; {} needs {release} or newer", target.from, floor.why),
                known: target.known,
                evidence,
                gaps: target.gaps.clone(),
                withheld: target.withheld.clone(),
            }
        }
        _ => target.clone(),
    }
}

fn shown(draft: &Draft<'_>, read: impl FnOnce(&TargetSet) -> Value) -> Fact<Value> {
    let target = draft.target();
    let places = target.evidence.iter();
    let fact = places.fold(Fact::known(read(target)), |fact, place| {
        fact.and_at(place.span, place.note)
    });
    fact.and_at(draft.name_span(), "the draft")
}

/// Those of the releases that are so, in words: "5.0.0 to 5.0.3, 5.8.0 and later"; `""` for none.
pub(in crate::fact::spec) fn named(
    releases: &[&'static Release],
    is: impl Fn(&Release) -> bool,
) -> String {
    let mut runs: Vec<(&Release, &Release)> = Vec::new();
    let mut goes_on = false;
    for &release in releases {
        let so = is(release);
        match runs.last_mut() {
            Some((_, last)) if so && goes_on => *last = release,
            _ if so => runs.push((release, release)),
            _ => {}
        }
        goes_on = so;
    }
    let newest = releases.last().map(|release| release.version);
    let words = runs.iter().map(|(first, last)| {
        let (first, last) = (first.version, last.version);
        match first == last {
            true => first.to_string(),
            false if Some(last) == newest => format!("{first} and later"),
            false => format!("{first} to {last}"),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}
