//! What an object store needs and does not have: pgBackRest does not even begin without a bucket.
//!
//! PGO v4 writes the whole block of settings into the Deployments, or, where the Secret with the keys is missing or the URI
//! style is none, nothing of it, and starts Postgres all the same (internal/operator/clusterutilities.go, `GetPgbackrestS3EnvVars`
//! and `GetPgbackrestGCSEnvVars` of 4.7).

use super::custom::{in_sight, set_options};
use super::stores::{GCS_BUCKET, S3_BUCKET};
use super::types::{in_variables, types};
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::workload::{env, takes_more};
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::{V4Order, placed};
use crate::manifest::{Fact, Object};

/// One setting without which a store cannot be used.
struct Need {
    store: &'static str,
    /// In words.
    what: &'static str,
    variable: &'static str,
    /// Without `repo1-`.
    option: &'static str,
    /// Who tells it where no instance is seen; `None` where pgBackRest or PGO v4 may do without.
    order: Option<&'static V4Order>,
}

const NEEDS: [Need; 4] = [
    Need {
        store: "s3",
        what: "bucket of S3",
        variable: "PGBACKREST_REPO1_S3_BUCKET",
        option: "s3-bucket",
        order: Some(&S3_BUCKET),
    },
    Need {
        store: "s3",
        what: "endpoint of S3",
        variable: "PGBACKREST_REPO1_S3_ENDPOINT",
        option: "s3-endpoint",
        order: None,
    },
    Need {
        store: "s3",
        what: "region of S3",
        variable: "PGBACKREST_REPO1_S3_REGION",
        option: "s3-region",
        order: None,
    },
    Need {
        store: "gcs",
        what: "bucket of GCS",
        variable: "PGBACKREST_REPO1_GCS_BUCKET",
        option: "gcs-bucket",
        order: Some(&GCS_BUCKET),
    },
];

/// What the object store in use lacks, as "bucket of S3"; none without one.
pub(super) fn lacking(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let types = types(cluster);
    let Some(stores) = types.value().cloned() else {
        return types.map(|_| Vec::new());
    };
    let mut lacking = Fact::known(Vec::new());
    for need in NEEDS
        .iter()
        .filter(|need| stores.iter().any(|one| one == need.store))
    {
        lacking = lacks(cluster, need).both(lacking).map(|(lacks, mut all)| {
            all.extend(lacks.then(|| need.what.to_owned()));
            all
        });
    }
    if lacking.value().is_none_or(Vec::is_empty) {
        return placed(cluster, lacking);
    }
    // The variables are not the only place that pgBackRest reads.
    let options = set_options(cluster);
    let set = |what: &String| {
        let need = NEEDS.iter().find(|need| need.what == what);
        let mut names = options.value().into_iter().flatten();
        need.is_some_and(|need| names.any(|name| name.ends_with(need.option)))
    };
    let lacking = lacking.map(|mut all| {
        all.retain(|what| !set(what));
        all
    });
    match lacking.value() {
        Some(all) if !all.is_empty() => in_sight(cluster).and_then(|()| lacking),
        _ => placed(cluster, lacking),
    }
}

fn lacks(cluster: &Cluster<'_>, need: &Need) -> Fact<bool> {
    let instances = cluster.instances().seen.iter().filter_map(Instance::runs);
    // One that says where backups go says all of it.
    let mut tell = instances.filter(|object| matches!(in_variables(object).value(), Some(Some(_))));
    if let Some(object) = tell.next() {
        return unset(object, need.variable);
    }
    match need.order {
        Some(order) => cluster.settled_text(order).map(|text| text.is_empty()),
        None => Fact::known(false),
    }
}

fn unset(object: &Object, variable: &str) -> Fact<bool> {
    match env(object, variable, "a setting of the object store") {
        // It comes from somewhere.
        Fact::Unknown(_) => Fact::known(false),
        said @ Fact::Known(_) => said.and_then(|text| match text {
            Some(text) => Fact::known(text.is_empty()),
            None if takes_more(object) => Fact::known(false),
            None => Fact::at(true, object.name_span(), "has no such variable"),
        }),
    }
}
