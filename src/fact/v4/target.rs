//! The PGO v5 releases that a move may go to: one that is named or found, or all that are possible.

mod behind;
mod definition;
mod installed;

pub(super) use behind::Behind;
pub(super) use installed::FACTS as INSTALLED;

use std::sync::OnceLock;

use super::operators::{Generation, Operators};
use super::platform::V5_DEFINITION;
use super::{Cluster, ClusterFact};
use crate::expr::{Value, Version};
use crate::fact::{Run, Type};
use crate::manifest::{Evidence, Fact, Gap, Inventory, Kind};
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
    /// Sources in order: the flags --target and --crd; the operators; the CustomResourceDefinition; else everything.
    pub(super) fn of(inventory: &Inventory, run: &Run, operators: &Operators) -> TargetSet {
        if let Some(version) = &run.target {
            let from = format!("--target {version}");
            return match Release::newest_of(version) {
                Some(newest) => {
                    let from = format!("{from}, of which {} is the newest patch", newest.name());
                    TargetSet::named(&[newest.version], from, Vec::new())
                }
                None => TargetSet::named(&[*version], from, Vec::new()),
            };
        }
        if let Some(definition) = run
            .definition
            .as_ref()
            .filter(|given| !given.releases.is_empty())
        {
            return TargetSet::named(&definition.releases, definition.from.clone(), Vec::new());
        }
        let running = by_operator(operators);
        running
            .or_else(|| definition::releases_by(inventory))
            .unwrap_or_else(|| TargetSet {
                withheld: [Kind::CustomResourceDefinition, Kind::Deployment]
                    .into_iter()
                    .filter_map(|kind| inventory.withheld(kind))
                    .collect(),
                ..TargetSet::everything()
            })
    }

    /// Releases that are said by number. A patch that the table lacks is judged by the one before it; of a minor
    /// that it lacks nothing can be said, and it stays unknown.
    fn named(versions: &[Version], mut from: String, evidence: Vec<Evidence>) -> TargetSet {
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

    fn among(found: Vec<&'static Release>, from: String, evidence: Vec<Evidence>) -> TargetSet {
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

    fn everything() -> TargetSet {
        let first = Version::parse(FIRST_WITH_GUIDE);
        let possible = releases()
            .iter()
            .filter(|release| Some(release.version) >= first);
        TargetSet {
            releases: possible.collect(),
            from: "nothing in the input".to_owned(),
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

/// The releases of the v5 operators in the input, if any of them says its own.
fn by_operator(operators: &Operators) -> Option<TargetSet> {
    let mut versions = Vec::new();
    let mut names = Vec::new();
    let mut evidence = Vec::new();
    for operator in operators.of_generation(Generation::V5) {
        if let Fact::Known(truth) = &operator.version {
            versions.push(truth.value);
            evidence.extend(truth.evidence.iter().copied());
            names.push(match &operator.namespace {
                Some(namespace) => format!("{namespace}/{}", operator.name),
                None => operator.name.to_string(),
            });
        }
    }
    let from = format!("the operator {}", names.join(" and "));
    (!versions.is_empty()).then(|| TargetSet::named(&versions, from, evidence))
}

pub(super) static FACTS: &[ClusterFact] = &[
    super::row(
        "target.known",
        Type::Bool,
        "the PGO v5 release to move to is named by --target or found in the input, and is a single one",
        |cluster| shown(cluster, cluster.surroundings.target.known.into()),
    ),
    super::row(
        "target.version",
        Type::String,
        "the PGO v5 release to move to; \"\" where it is not a single one",
        |cluster| {
            let single = cluster.surroundings.target.single();
            let text = single.map_or_else(String::new, |release| release.version.to_string());
            shown(cluster, text.into())
        },
    ),
    super::row(
        "target.releases",
        Type::Records,
        "the PGO v5 releases the move may go to, oldest first: {version, postgresMin, postgresMax, defaultMajors, imageMajors, gisImages, pgadminImage, dataSourceVolumes, externalWalRequired, pgauditAutomatic, defaultHba, el}",
        |cluster| {
            let rows = cluster.surroundings.target.releases.iter();
            shown(
                cluster,
                Value::List(rows.map(|release| row(release)).collect()),
            )
        },
    ),
];

fn shown(cluster: &Cluster<'_>, value: Value) -> Fact<Value> {
    let places = cluster.surroundings.target.evidence.iter();
    places.fold(Fact::known(value), |fact, place| {
        fact.and_at(place.span, place.note)
    })
}

/// A release as rules see it.
pub(in crate::fact) fn row(release: &Release) -> Value {
    static ROWS: OnceLock<Vec<(Version, Value)>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let rows = releases().iter();
        rows.map(|known| (known.version, made_row(known))).collect()
    });
    let place = rows.binary_search_by_key(&release.version, |(version, _)| *version);
    let known = place.ok().and_then(|place| rows.get(place));
    known.map_or_else(|| made_row(release), |(_, row)| row.clone())
}

fn made_row(release: &Release) -> Value {
    let majors = |majors: &[u32]| {
        Value::from(
            majors
                .iter()
                .map(|major| i64::from(*major))
                .collect::<Vec<_>>(),
        )
    };
    let images = match release.published_images {
        Some(images) => majors(&(images.min..=images.max).collect::<Vec<_>>()),
        None => Value::Unknown([unpublished(release)].into()),
    };
    let names = |names: &[String]| Value::from(names.to_vec());
    let fields: [(&str, Value); 24] = [
        ("version", release.version.to_string().into()),
        ("postgresMin", i64::from(release.postgres_min).into()),
        ("postgresMax", i64::from(release.postgres_max).into()),
        ("defaultMajors", majors(&release.default_images)),
        ("imageMajors", images),
        ("gisImages", names(&release.gis_images)),
        ("pgadminImage", release.pgadmin_image.into()),
        ("dataSourceVolumes", release.data_source_volumes.into()),
        ("externalWalRequired", release.external_wal_required.into()),
        ("pgauditAutomatic", release.pgaudit_automatic.into()),
        ("defaultHba", release.default_hba.as_str().into()),
        ("el", i64::from(release.image_el).into()),
        ("apiVersions", names(&release.api_versions)),
        ("backupsRequired", release.backups_required.into()),
        (
            "dataSourcePgbackrest",
            release.data_source_pgbackrest.into(),
        ),
        ("volumeRepoRefused", release.volume_repo_refused.into()),
        ("standbyStreaming", release.standby_streaming.into()),
        ("configParameters", release.config_parameters.into()),
        ("authenticationRules", release.authentication_rules.into()),
        (
            "missingImageReported",
            release.missing_image_reported.into(),
        ),
        ("cronJobSuffix", release.cron_job_suffix.as_str().into()),
        ("kubernetesMin", release.kubernetes_min.as_str().into()),
        ("kubernetesSaid", release.kubernetes_said.as_str().into()),
        ("kubernetesMax", release.kubernetes_max.as_str().into()),
    ];
    Value::Map(
        fields
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}

fn unpublished(release: &Release) -> Gap {
    Gap {
        missing: format!("the Postgres images published for PGO {}", release.version),
        because: "this program's table of releases does not have them".to_owned(),
        ask: "look them up in the vendor's documentation of supported components".to_owned(),
    }
}

#[cfg(test)]
mod tests;
