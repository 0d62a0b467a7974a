//! The releases that one cluster may move to, as facts.

use std::sync::OnceLock;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::{Cluster, ClusterFact};
use crate::manifest::{Fact, Gap};
use crate::schema::{Release, releases};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    crate::fact::v4::row(
        "target.known",
        Type::Bool,
        "the PGO v5 release to move to is named by --target or found in the input, and is a single one",
        |cluster| shown(cluster, cluster.surroundings.target.known.into()),
    ),
    crate::fact::v4::row(
        "target.version",
        Type::String,
        "the PGO v5 release to move to; \"\" where it is not a single one",
        |cluster| {
            let single = cluster.surroundings.target.single();
            let text = single.map_or_else(String::new, |release| release.version.to_string());
            shown(cluster, text.into())
        },
    ),
    crate::fact::v4::row(
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
    // Each made when it is first asked for: a move goes to one, mostly.
    static ROWS: OnceLock<Vec<OnceLock<Value>>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| releases().iter().map(|_| OnceLock::new()).collect());
    let place = releases().binary_search_by_key(&release.version, |known| known.version);
    match place.ok().and_then(|place| rows.get(place)) {
        Some(row) => row.get_or_init(|| made_row(release)).clone(),
        None => made_row(release),
    }
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
    let images = if let Some(images) = release.published_images {
        majors(&(images.min..=images.max).collect::<Vec<_>>())
    } else {
        // Those that it has by default are there; of others nobody knows.
        let known = release.default_images.iter();
        let known = known.map(|major| i64::from(*major).into());
        let others = Value::Unknown([unpublished(release)].into());
        Value::List(known.chain([others]).collect())
    };
    let names = |names: &[&str]| Value::from(names.to_vec());
    let fields: [(&str, Value); 25] = [
        ("version", release.version.to_string().into()),
        ("postgresMin", i64::from(release.postgres_min).into()),
        ("postgresMax", i64::from(release.postgres_max).into()),
        ("defaultMajors", majors(release.default_images)),
        ("imageMajors", images),
        ("imagesKnown", release.published_images.is_some().into()),
        ("gisImages", names(release.gis_images)),
        ("pgadminImage", release.pgadmin_image.into()),
        ("dataSourceVolumes", release.data_source_volumes.into()),
        ("externalWalRequired", release.external_wal_required.into()),
        ("pgauditAutomatic", release.pgaudit_automatic.into()),
        ("defaultHba", release.default_hba.into()),
        ("el", i64::from(release.image_el).into()),
        ("apiVersions", names(release.api_versions)),
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
        ("cronJobSuffix", release.cron_job_suffix.into()),
        ("kubernetesMin", release.kubernetes_min.into()),
        ("kubernetesSaid", release.kubernetes_said.into()),
        ("kubernetesMax", release.kubernetes_max.into()),
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
