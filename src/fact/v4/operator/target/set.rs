//! The releases that a move may go to, and how they are known.

use super::super::platform::V5_DEFINITION;
use crate::expr::Version;
use crate::manifest::{Evidence, Gap};
use crate::schema::{Release, releases};

/// Candidate releases and how they are known.
#[derive(Clone, Debug)]
pub struct TargetSet {
    /// The releases that are possible, oldest first; never empty.
    pub releases: Vec<&'static Release>,
    /// How they are known, for the report: "--target 5.8.2", "the operator pgo/pgo".
    pub from: String,
    /// Whether it comes down to one release.
    pub known: bool,
    /// Where it says so; empty for a flag.
    pub evidence: Vec<Evidence>,
    /// What would settle it; empty when it is known.
    pub gaps: Vec<Gap>,
    /// Why nothing names it although somebody looked: listings of operators or definitions that were refused, failed or
    /// were left out. Then a rule for some of the releases may pass, but not fire.
    pub withheld: Vec<Gap>,
}

/// Without any hint no release before this one counts: it is the first with `spec.dataSource.volumes`, for which
/// the guide was written.
const FIRST_WITH_GUIDE: &str = "5.0.3";

impl TargetSet {
    /// Releases that are said by number. A patch that the table lacks is judged by the one before it; of a minor
    /// that it lacks nothing can be said, and it stays unknown.
    pub(super) fn named(
        versions: &[Version],
        mut from: String,
        evidence: Vec<Evidence>,
    ) -> TargetSet {
        let mut found: Vec<&'static Release> = Vec::new();
        let mut strange = None;
        for version in versions {
            match Release::standing_for(version) {
                Some(release) => {
                    if release.version != *version {
                        from = format!(
                            "{from}, judged as {}, the newest of its minor that is known",
                            release.version
                        );
                    }
                    found.push(release);
                }
                None => strange = Some(version),
            }
        }
        found.sort_by_key(|release| release.version);
        found.dedup_by_key(|release| release.version);
        if let Some(version) = strange {
            return TargetSet {
                from: format!("{from}, a release this program does not know"),
                gaps: vec![Gap {
                    missing: format!("what PGO {version} needs"),
                    because: "this program's table of releases does not have it".to_owned(),
                    ask: "use a newer pgo-preflight, or name a release it knows with --target"
                        .to_owned(),
                }],
                evidence,
                ..TargetSet::everything()
            };
        }
        TargetSet::among(found, from, evidence)
    }

    pub(super) fn among(
        found: Vec<&'static Release>,
        from: String,
        evidence: Vec<Evidence>,
    ) -> TargetSet {
        let known = found.len() == 1;
        let gaps = if known { Vec::new() } else { vec![unnamed()] };
        TargetSet {
            releases: found,
            from,
            known,
            evidence,
            gaps,
            withheld: Vec::new(),
        }
    }

    /// The one release, where it comes down to one.
    pub(in crate::fact) fn single(&self) -> Option<&'static Release> {
        let first = self.releases.first().copied();
        first.filter(|_| self.known)
    }

    pub(super) fn everything() -> TargetSet {
        let first = Version::parse(FIRST_WITH_GUIDE);
        let possible = releases()
            .iter()
            .filter(|release| Some(release.version) >= first);
        TargetSet {
            releases: possible.collect(),
            from: "no --target, and nothing in the input tells it".to_owned(),
            known: false,
            evidence: Vec::new(),
            gaps: vec![unnamed()],
            withheld: Vec::new(),
        }
    }
}

fn unnamed() -> Gap {
    Gap {
        missing: "the PGO v5 release to move to".to_owned(),
        because: "neither the flag --target nor the operator in the input names one".to_owned(),
        ask: format!(
            "--target VERSION, or kubectl get deployments -A -l postgres-operator.crunchydata.com/control-plane -o yaml, or kubectl get crd {V5_DEFINITION} -o yaml"
        ),
    }
}
