//! Where what runs is not what the Pgcluster asks for.
//!
//! PGO v4 applies only part of a changed Pgcluster, and that only while it watches: what runs is what was asked for once.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::clients::access::{TLS, TLS_ONLY};
use crate::fact::v4::clients::services::SERVICE_TYPE;
use crate::fact::v4::custom_config::CUSTOM_CONFIG;
use crate::fact::v4::objects::workload::{Volume, volumes_named};
use crate::fact::v4::postgres::{NAME, TAG};
use crate::fact::v4::repository::repo::path::PATH;
use crate::fact::v4::repository::repo::stores::{
    GCS_BUCKET, GCS_ENDPOINT, S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_URI_STYLE, S3_VERIFY_TLS,
};
use crate::fact::v4::repository::repo::types::TYPES;
use crate::fact::v4::repository::repo::{enabled, types};
use crate::fact::v4::servers::instances::is_running;
use crate::fact::v4::settings::PORT;
use crate::fact::v4::status::SYNC;
use crate::fact::v4::storage::claims::{Role, WAL_VOLUME, volume_of};
use crate::fact::v4::storage::tablespaces::{TABLESPACES, not_as_asked};
use crate::fact::v4::traces::{V4Order, placed};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Gap, Object, Places};
use crate::source::Span;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "repo.notAsAsked",
        Type::Strings,
        "where the repository that is written to is not the one the Pgcluster asks for; unknown where no Deployment is seen",
        |cluster| of_repository(cluster).map(Value::from),
    ),
    row(
        "volumes.notAsAsked",
        Type::Strings,
        "where the instances have other volumes for tablespaces and WAL than the Pgcluster asks for, as far as they are seen; none only where all mounts and claims are",
        |cluster| of_volumes(cluster).map(Value::from),
    )
    .told_by(&[&WAL_VOLUME, &TABLESPACES]),
    row(
        "cluster.notAsAsked",
        Type::Strings,
        "where image, port, TLS, synchronous replication, custom configuration or the type of the Services in effect are not what the Pgcluster asks for; unknown where no Deployment is seen",
        |cluster| {
            let orders = [
                &TAG,
                &NAME,
                &PORT,
                &SYNC,
                &TLS,
                &TLS_ONLY,
                &SERVICE_TYPE,
                &CUSTOM_CONFIG,
            ];
            differing(cluster, orders, false).map(Value::from)
        },
    ),
];

fn of_repository(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let in_use = enabled(cluster);
    if in_use.value() == Some(&false) {
        return in_use.map(|_| Vec::new());
    }
    let mut orders: Vec<&'static V4Order> = vec![&TYPES, &PATH];
    let types = types(cluster);
    let has = |word: &str| {
        let types = types.value();
        types.is_some_and(|types| types.iter().any(|known| known == word))
    };
    if has("s3") {
        orders.extend([
            &S3_BUCKET,
            &S3_ENDPOINT,
            &S3_REGION,
            &S3_URI_STYLE,
            &S3_VERIFY_TLS,
        ]);
    }
    if has("gcs") {
        orders.extend([&GCS_BUCKET, &GCS_ENDPOINT]);
    }
    differing(cluster, orders, true)
}

/// "the bucket is a; spec.backrestS3Bucket says b", for each that differs. That none does is known only where all of what
/// runs was seen, and, where it must be `heard`, could be read from it: a digest says no tag, and never will.
fn differing(
    cluster: &Cluster<'_>,
    orders: impl IntoIterator<Item = &'static V4Order>,
    heard: bool,
) -> Fact<Vec<String>> {
    if let Some(none) = nobody_asks(cluster) {
        return none.map(|()| Vec::new());
    }
    let mut found = Vec::new();
    let mut places = Places::new();
    let mut unseen: Vec<Gap> = Vec::new();
    for order in orders {
        let told = cluster.told(order);
        if told.by.is_some() {
            let mute = told.mute.as_ref().filter(|_| heard);
            let open = [told.runs_unseen.as_ref(), told.unheard.as_ref(), mute];
            let gaps = open.into_iter().flatten().flat_map(|gaps| gaps.iter());
            unseen.extend(
                gaps.filter(|gap| !unseen.contains(gap))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        let Fact::Known(truth) = &told.value else {
            continue;
        };
        for other in &told.against {
            let runs = truth.value.as_deref().filter(|text| !text.is_empty());
            let runs = runs.unwrap_or("empty");
            found.push(format!(
                "{} is {runs}; {} says {}",
                order.what, other.place, other.text
            ));
            places.extend(truth.evidence.iter().copied());
            places.extend(other.evidence);
        }
    }
    if found.is_empty() && !unseen.is_empty() {
        return Fact::Unknown(unseen.into());
    }
    let words = Fact::known(found);
    let words = places
        .iter()
        .fold(words, |words, place| words.and_at(place.span, place.note));
    placed(cluster, words)
}

fn of_volumes(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let spaces = not_as_asked(cluster);
    let wal = of_wal(cluster);
    let some = |fact: &Fact<Vec<String>>| fact.value().is_some_and(|words| !words.is_empty());
    let asked = match (some(&spaces), some(&wal)) {
        (true, false) => spaces,
        (false, true) => wal,
        _ => spaces.both(wal).map(|(spaces, wal)| [spaces, wal].concat()),
    };
    let pods = of_pods(cluster);
    match (some(&pods), some(&asked)) {
        (false, _) => asked,
        (true, false) => pods,
        (true, true) => pods.both(asked).map(|(pods, asked)| [pods, asked].concat()),
    }
}

/// "Pod a runs with claim x as pgdata, for which Deployment b has claim y": the Deployment was changed, and its pod is still
/// the one from before.
fn of_pods(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let host = cluster.repo_host().value().copied().flatten();
    let host = host.map(|host| (host, cluster.repo_pods().collect()));
    let instances = cluster.instances().seen.iter();
    let instances = instances.filter_map(|one| Some((one.deployment?, one.pods.clone())));
    let mut found = Fact::known(Vec::new());
    for (deployment, pods) in instances.chain(host) {
        for pod in pods.into_iter().filter(|pod| is_running(pod)) {
            for role in [Role::Data, Role::Wal, Role::Repo] {
                let volume = volume_of(role);
                let (Some(runs), Some(wanted)) =
                    (claim_of(pod, volume), claim_of(deployment, volume))
                else {
                    continue;
                };
                if runs.0 != wanted.0 {
                    let words = format!(
                        "Pod {} runs with claim {} as {volume}, for which Deployment {} has claim {}",
                        pod.name, runs.0, deployment.name, wanted.0
                    );
                    found = found
                        .and_at(runs.1, "what runs")
                        .and_at(wanted.1, "what is to run")
                        .map(|mut all: Vec<String>| {
                            all.push(words);
                            all
                        });
                }
            }
        }
    }
    found
}

/// The claim behind a volume of a pod (template), and where it is named.
fn claim_of(object: &Object, volume: &str) -> Option<(String, Span)> {
    let mut volumes = volumes_named(object, |name| name == volume);
    match volumes.next()? {
        (_, Volume::Claim { name, .. }, node) => Some((name, node.span())),
        _ => None,
    }
}

fn of_wal(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let told = cluster.told(&WAL_VOLUME);
    let has = told.value.value().cloned().flatten();
    let words = match has.as_deref() {
        Some("claim") => "there is a WAL volume, for which spec.WALStorage does not ask",
        _ => "there is no WAL volume, for which spec.WALStorage asks",
    };
    let differs = differing(cluster, [&WAL_VOLUME], false);
    differs.map(|found| found.iter().map(|_| words.to_owned()).collect())
}

/// Known where nothing is left that could ask for something else; unknown where the Pgcluster is not in the input.
fn nobody_asks(cluster: &Cluster<'_>) -> Option<Fact<()>> {
    if cluster.object.is_some() {
        return None;
    }
    Some(match cluster.remains().value() {
        Some(true) => Fact::at((), cluster.name_span(), "the cluster"),
        _ => Fact::unknown(cluster.gap_of_object()),
    })
}
