//! What is installed against where one goes: fields that the installed definition of PostgresCluster would drop, and
//! whether the running operator is of the release to move to.

use std::cmp::Ordering;

use super::super::operators::{self, Generation};
use crate::expr::{Value, Version};
use crate::fact::v4::seen::resting_on;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::fact::{Run, Type};
use crate::manifest::Fact;

/// Fields that a manifest for a move sets or may set; of what a definition lacks, these are told by name.
const SET_FOR_A_MOVE: [&str; 19] = [
    "spec.authentication",
    "spec.config",
    "spec.customReplicationTLSSecret",
    "spec.customTLSSecret",
    "spec.dataSource",
    "spec.dataSource.pgbackrest",
    "spec.dataSource.postgresCluster",
    "spec.dataSource.volumes",
    "spec.instances[].tablespaceVolumes",
    "spec.instances[].walVolumeClaimSpec",
    "spec.patroni.dynamicConfiguration",
    "spec.proxy.pgBouncer.service",
    "spec.service",
    "spec.standby",
    "spec.standby.host",
    "spec.standby.port",
    "spec.standby.repoName",
    "spec.supplementalGroups",
    "spec.users",
];

/// The release named by flag, which may differ from what runs; `None` where none is named.
fn named_by_flag(run: &Run) -> Option<Version> {
    let by_definition = || {
        let releases = &run.definition.as_ref()?.releases;
        releases.last().copied()
    };
    run.target.or_else(by_definition)
}

/// How the operator that runs stands to the release to move to.
fn operator_to_target(cluster: &Cluster<'_>) -> Fact<Value> {
    let Some(target) = named_by_flag(cluster.run) else {
        return Fact::known("same".into());
    };
    operators::release(cluster, Generation::V5).map(|release| match release {
        Value::Version(running) if running < target => "older".into(),
        Value::Version(running) if running > target => "newer".into(),
        Value::Version(_) => "same".into(),
        _ => "".into(),
    })
}

/// How the operators in charge stand to the cluster; `""` where there is none. PGO v4 takes a cluster of any other release than
/// its own for one that awaits `pgo upgrade`, and marks it when it starts (4.7 internal/operator/operatorupgrade): of an
/// operator that does not tell its release it is assumed that it would have.
fn operator_to_cluster(cluster: &Cluster<'_>) -> Fact<Value> {
    let operators = &cluster.surroundings.operators;
    let in_charge = operators.in_charge(cluster.inventory, Generation::V4, cluster.namespace);
    let told = resting_on(&in_charge, |in_charge| {
        let mut told: Fact<Value> =
            Fact::known(if in_charge.is_empty() { "" } else { "same" }.into());
        for operator in in_charge {
            let both = operator.version.clone().both(cluster.version().clone());
            let Fact::Known(truth) = both else {
                let words = format!(
                    "the operator of PGO v4 is of the release of {}",
                    cluster.name
                );
                told = told.assuming(words.into());
                continue;
            };
            let word = match truth.value.0.cmp(&truth.value.1) {
                Ordering::Less => "older",
                Ordering::Equal => continue,
                Ordering::Greater => "newer",
            };
            return Fact::Known(truth).map(|_| word.into());
        }
        told
    });
    placed(cluster, told)
}

/// Operators of a generation that watch the cluster's namespace, where there are several.
fn several(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    let watching = cluster.surroundings.operators.watching(cluster, generation);
    watching.map(|names| {
        let several = names.len() > 1;
        Value::from(if several { names } else { Vec::new() })
    })
}

fn lacks(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    cluster.surroundings.behind.fields.clone()
}

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "crd.v5Drops",
        Type::Strings,
        "of the fields that a manifest for a move may set, those the installed definition of PostgresCluster lacks and so drops; none without a single target; unknown where the definition is not in the input",
        |cluster| {
            lacks(cluster)
                .map(|fields| {
                    let set = |field: &String| SET_FOR_A_MOVE.contains(&field.as_str());
                    fields.into_iter().filter(set).collect::<Vec<_>>()
                })
                .map(Value::from)
        },
    ),
    row(
        "crd.v5Behind",
        Type::Int,
        "how many fields of the target's release the installed definition of PostgresCluster lacks, those of Kubernetes' own types included",
        |cluster| {
            lacks(cluster)
                .map(|fields| i64::try_from(fields.len()).unwrap_or(i64::MAX))
                .map(Value::from)
        },
    ),
    row(
        "operator.v5ToTarget",
        Type::String,
        "\"older\", \"same\" or \"newer\": the running PGO v5 operator against the release named by --target or --crd; \"same\" where neither is given; \"\" without an operator",
        operator_to_target,
    ),
    row(
        "operator.v4ToCluster",
        Type::String,
        "\"older\", \"same\" or \"newer\": the PGO v4 operator in charge against the release that the cluster bears; \"\" without an operator",
        operator_to_cluster,
    ),
    row(
        "operator.v5Several",
        Type::Strings,
        "the PGO v5 operators that watch the cluster's namespace, as namespace/name, where they are more than one",
        |cluster| several(cluster, Generation::V5),
    ),
    row(
        "operator.v4Several",
        Type::Strings,
        "the PGO v4 operators that watch the cluster's namespace, as namespace/name, where they are more than one",
        |cluster| several(cluster, Generation::V4),
    ),
];
