//! Which instance is the primary: decided in PGO's own order of trust, never guessed from names.

mod sources;

use std::collections::BTreeSet;

use super::fields::number;
use super::instances::is_running;
use super::seen::if_complete;
use super::{Cluster, ClusterFact, row, workload};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Gap, Kind};
use sources::{Era, Told};
use sources::{Source, Trust};

/// The primary, and who says so.
#[derive(Debug)]
pub struct Primary {
    /// Its instance's name.
    pub name: Fact<String>,
    /// Whether that is proven or agreed, not just probable.
    pub certain: Fact<bool>,
    /// Whether sources name different instances.
    pub disagree: Fact<bool>,
    /// Everything in the input that names a primary, in PGO's order of trust.
    pub sources: Vec<Source>,
}

/// Decides from all sources.
pub(super) fn decide(cluster: &Cluster<'_>) -> Primary {
    let era = sources::era(cluster);
    let told = sources::gather(cluster, era);
    let disagree = disagreement(cluster, &told);
    let (name, certain) = match named(cluster, &told, era) {
        Fact::Known(truth) => {
            let certain = truth.value.1;
            let name = Fact::Known(truth).map(|(name, _)| name);
            (name.clone(), name.map(|_| certain))
        }
        Fact::Unknown(gaps) => (Fact::Unknown(gaps.clone()), Fact::Unknown(gaps)),
    };
    Primary {
        name,
        certain,
        disagree,
        sources: told.sources,
    }
}

/// The primary's name and whether it is certain.
fn named(cluster: &Cluster<'_>, told: &Told, era: Era) -> Fact<(String, bool)> {
    let proven = told.agreed(Trust::Proof);
    if proven != Agreement::Silent {
        return proven.settle(cluster, told, era);
    }
    if cluster.remains().value() == Some(&true) {
        return super::claims::sole_candidate(cluster).map(|name| (name, false));
    }
    if !told.unreadable.is_empty() {
        return Fact::Unknown(told.unreadable.clone());
    }
    let recorded = told.agreed(Trust::Record);
    if recorded == Agreement::Silent {
        return by_default(cluster, era);
    }
    let fact = recorded.settle(cluster, told, era);
    fact.and_then(|(name, certain)| known_instance(cluster, name, era).map(|name| (name, certain)))
}

/// What sources of one trust say together.
#[derive(Debug, PartialEq, Eq)]
enum Agreement<'a> {
    Silent,
    One(&'a str),
    Several,
}

impl Told {
    fn agreed(&self, trust: Trust) -> Agreement<'_> {
        let of_trust = self.sources.iter().filter(|source| source.trust == trust);
        let names: BTreeSet<&str> = of_trust.map(|source| source.instance.as_str()).collect();
        match names.first() {
            None => Agreement::Silent,
            Some(only) if names.len() == 1 => Agreement::One(only),
            Some(_) => Agreement::Several,
        }
    }

    fn by(&self, told_by: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.told_by == told_by)
    }

    /// Known by every source that names it, those of most trust first.
    fn known(&self, name: &str, certain: bool) -> Fact<(String, bool)> {
        let agreeing = self.sources.iter().filter(|source| source.instance == name);
        let start = Fact::known((name.to_owned(), certain));
        agreeing.fold(start, |fact, source| fact.and_at(source.span, source.note))
    }
}

impl Agreement<'_> {
    fn settle(self, cluster: &Cluster<'_>, told: &Told, era: Era) -> Fact<(String, bool)> {
        match self {
            Agreement::One(name) => {
                let known = told.known(name, true);
                let alone = told
                    .by("the only instance")
                    .filter(|_| told.agreed(Trust::Proof) == Agreement::Silent);
                match alone {
                    // The count of instances rests on complete listings.
                    Some(_) => resting_on_instances(cluster, known),
                    None => known,
                }
            }
            Agreement::Several => match at_shutdown(cluster, told) {
                Some(source) => told.known(&source.instance, false),
                None => Fact::unknown(gap(cluster, era, &told.quarrel())),
            },
            Agreement::Silent => by_default(cluster, era),
        }
    }
}

fn resting_on_instances<T>(cluster: &Cluster<'_>, mut fact: Fact<T>) -> Fact<T> {
    if let Fact::Known(all) = &cluster.instances().all {
        for assumption in &all.assumes {
            fact = fact.assuming(assumption.clone());
        }
    }
    fact
}

/// While shut down, no pod can tell; PGO wrote the annotation from the running pod just before.
fn at_shutdown<'t>(cluster: &Cluster<'_>, told: &'t Told) -> Option<&'t Source> {
    let shut_down = super::status::state_is(cluster, super::status::SHUTDOWN);
    let proven = told.agreed(Trust::Proof) != Agreement::Silent;
    let alone = told.by("the only instance").is_some();
    told.by("annotation primary-deployment")
        .filter(|_| shut_down && !proven && !alone)
}

/// Nothing names a primary. Where PGO would record a change, none was made: it is the first instance.
fn by_default(cluster: &Cluster<'_>, era: Era) -> Fact<(String, bool)> {
    let Some(object) = cluster.object else {
        return Fact::Unknown(vec![
            gap(
                cluster,
                era,
                "no running pod of the primary is in the input",
            ),
            cluster.gap_of_object(),
        ]);
    };
    if matches!(era, Era::Only42 | Era::Unknown) {
        let because = "PGO 4.2 does not record automatic failover, and no running pod of the primary is in the input";
        return Fact::unknown(gap(cluster, era, because));
    }
    let note = "nothing records another primary than the first instance";
    let name = Fact::at(cluster.name.to_owned(), object.name_span(), note);
    name.and_then(|name| known_instance(cluster, name, era))
        .map(|name| (name, false))
}

/// The name, unless all instances are seen and none is called so.
fn known_instance(cluster: &Cluster<'_>, name: String, era: Era) -> Fact<String> {
    let instances = cluster.instances();
    let others = !instances.seen.is_empty() && instances.get(&name).is_none();
    if others && instances.all.value().is_some() {
        let because = format!("{name} is recorded, but no Deployment of the cluster is called so");
        return Fact::unknown(gap(cluster, era, &because));
    }
    Fact::known(name)
}

fn gap(cluster: &Cluster<'_>, era: Era, because: &str) -> Gap {
    let role = match era {
        Era::Before42 => format!("service-name={}", cluster.name),
        _ => "role=master".to_owned(),
    };
    Gap {
        missing: format!("which instance of {} is the primary", cluster.name),
        because: because.to_owned(),
        ask: format!(
            "kubectl get pods {}-l pg-cluster={},{role} -o yaml",
            cluster.namespace_flag(),
            cluster.name
        ),
    }
}

impl Told {
    /// "annotation current-primary says hippo, the only instance says hippo-jgut".
    fn quarrel(&self) -> String {
        let said: Vec<String> = self
            .sources
            .iter()
            .map(|source| format!("{} says {}", source.told_by, source.instance))
            .collect();
        said.join(", ")
    }
}

/// True as soon as two sources differ; false only when no unseen pod can contradict.
fn disagreement(cluster: &Cluster<'_>, told: &Told) -> Fact<bool> {
    let names: BTreeSet<&str> = told.sources.iter().map(|s| s.instance.as_str()).collect();
    let told_here = |fact: Fact<bool>| {
        let places = told.sources.iter();
        places.fold(fact, |fact, source| fact.and_at(source.span, source.note))
    };
    if names.len() > 1 {
        return told_here(Fact::known(true));
    }
    let proven = told.agreed(Trust::Proof) != Agreement::Silent;
    let none_runs = cluster.remains().value() == Some(&true)
        || super::status::state_is(cluster, super::status::SHUTDOWN);
    let unread = if told.unreadable.is_empty() {
        Fact::known(())
    } else {
        Fact::Unknown(told.unreadable.clone())
    };
    let written = match (cluster.object, cluster.remains().value()) {
        (None, Some(false) | None) => Fact::unknown(cluster.gap_of_object()),
        _ => unread,
    };
    let pods = if proven || none_runs {
        Fact::known(())
    } else {
        if_complete(&cluster.pods().completeness, ())
    };
    told_here(written.both(pods).map(|_| false))
}

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "primary.name",
        Type::String,
        "the instance that is the current primary, by PGO's own order of trust; unknown where sources contradict each other and no running pod decides",
        |cluster| cluster.primary().name.clone().map(Value::from),
    ),
    row(
        "primary.certain",
        Type::Bool,
        "the primary is proven by a running pod or all sources agree; false: it is only probable",
        |cluster| cluster.primary().certain.clone().map(Value::from),
    ),
    row(
        "primary.sources",
        Type::Strings,
        "everything in the input that names a primary: \"annotation current-primary: hippo\"",
        told,
    ),
    row(
        "primary.disagree",
        Type::Bool,
        "sources name different instances as the primary",
        |cluster| cluster.primary().disagree.clone().map(Value::from),
    ),
    row(
        "primary.running",
        Type::Bool,
        "a pod of the primary is running",
        |cluster| running(cluster).map(Value::from),
    ),
    row(
        "primary.dataDirectory",
        Type::String,
        "the primary's data directory inside its data claim",
        |cluster| data_directory(cluster).map(Value::from),
    ),
];

fn told(cluster: &Cluster<'_>) -> Fact<Value> {
    let sources = &cluster.primary().sources;
    let said: Vec<String> = sources
        .iter()
        .map(|source| format!("{}: {}", source.told_by, source.instance))
        .collect();
    let fact = Fact::known(Value::from(said));
    let fact = sources
        .iter()
        .fold(fact, |fact, s| fact.and_at(s.span, s.note));
    if sources.is_empty() {
        return fact.and_at(cluster.name_span(), "nothing names a primary");
    }
    fact
}

fn running(cluster: &Cluster<'_>) -> Fact<bool> {
    let proof = cluster
        .primary()
        .sources
        .iter()
        .find(|s| s.trust == Trust::Proof && s.told_by.starts_with("pod "));
    if let Some(source) = proof {
        return Fact::at(true, source.span, source.note);
    }
    if cluster.remains().value() == Some(&true) {
        return cluster.remains().clone().map(|_| false);
    }
    cluster.primary().name.clone().and_then(|name| {
        let instance = cluster.instances().get(&name);
        let pods = instance.map_or(&[][..], |instance| &instance.pods);
        if let Some(pod) = pods.iter().find(|pod| is_running(pod)) {
            return Fact::at(true, pod.name_span(), "a running pod");
        }
        let Some(deployment) = instance.and_then(|instance| instance.deployment) else {
            return if_complete(&cluster.pods().completeness, false);
        };
        let scaled = workload::replicas(deployment, "the number of pods asked for");
        let ready = number(deployment, &["status", "readyReplicas"], "the ready pods");
        scaled.and_then(|scaled| match scaled {
            0 => Fact::known(false),
            _ => ready.and_then(|ready| match ready {
                Some(1..) => Fact::known(true),
                _ if deployment.at(&["status"]).is_some() => Fact::known(false),
                _ => if_complete(&cluster.pods().completeness, false),
            }),
        })
    })
}

/// The last part of the path in the primary's environment; PGO names it after the instance.
fn data_directory(cluster: &Cluster<'_>) -> Fact<String> {
    cluster.primary().name.clone().and_then(|name| {
        let instance = cluster.instances().get(&name);
        let objects = instance.into_iter().flat_map(|instance| instance.objects());
        for object in objects.filter(|object| object.kind != Kind::Pgreplica) {
            for variable in ["PATRONI_POSTGRESQL_DATA_DIR", "PGDATA_PATH_OVERRIDE"] {
                let path = workload::env(object, variable, "the path of the data directory");
                match path {
                    Fact::Known(truth) if truth.value.is_none() => {}
                    path => return path.map(|path| directory(&path.unwrap_or_default(), &name)),
                }
            }
        }
        Fact::known(name)
    })
}

fn directory(path: &str, instance: &str) -> String {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let name = if last.is_empty() { instance } else { last };
    name.to_owned()
}
