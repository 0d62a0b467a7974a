//! Which instance is the primary: decided in PGO's own order of trust, never guessed from names.

mod facts;
mod ready;
mod sources;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeSet;

use crate::fact::v4::Cluster;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Gap, Gaps, Kind};
pub(in crate::fact::v4) use facts::FACTS;
use sources::{Era, Told};
pub(in crate::fact::v4) use told::Primary;
use told::{Source, Trust};

/// How sure it is that the instance named is the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Certainty {
    /// A running pod says so.
    Proven,
    /// All records say so.
    Agreed,
    /// Nothing better is at hand.
    Probable,
}

impl Cluster<'_> {
    /// Which instance is the primary, and who says so.
    pub fn primary(&self) -> &Primary {
        self.memo.primary.get_or_init(|| decide(self))
    }
}

/// Decides from all sources.
fn decide(cluster: &Cluster<'_>) -> Primary {
    let era = sources::era(cluster);
    let told = sources::gather(cluster, era);
    let disagree = disagreement(cluster, &told);
    let named = named(cluster, &told, era);
    let certain = named.clone().and_then(|(_, certainty)| match certainty {
        Certainty::Proven => Fact::known(true),
        Certainty::Agreed => uncontradicted(cluster, &told).map(|()| true),
        Certainty::Probable => Fact::known(false),
    });
    Primary {
        name: named.map(|(name, _)| name),
        certain,
        disagree,
        sources: told.sources,
    }
}

type Named = Fact<(String, Certainty)>;

/// The primary's name and how certain it is.
fn named(cluster: &Cluster<'_>, told: &Told, era: Era) -> Named {
    match told.agreed(Trust::Proof) {
        Agreement::One(name) => return told.known(name, Certainty::Proven),
        Agreement::Several => return Fact::unknown(gap(cluster, &told.quarrel())),
        Agreement::Silent => {}
    }
    if cluster.remains().value() == Some(&true) {
        let candidate = crate::fact::v4::storage::claims::sole_candidate(cluster);
        return candidate.map(|name| (name, Certainty::Probable));
    }
    if !told.unreadable.is_empty() {
        return Fact::Unknown(told.unreadable.as_slice().into());
    }
    let recorded = match told.agreed(Trust::Record) {
        Agreement::One(name) => told.known(name, Certainty::Agreed),
        Agreement::Several => match at_shutdown(cluster, told) {
            Some(source) => told.known(&source.instance, Certainty::Probable),
            None => Fact::unknown(gap(cluster, &told.quarrel())),
        },
        Agreement::Silent => return by_default(cluster, era),
    };
    recorded
        .and_then(|(name, certainty)| known_instance(cluster, name).map(|name| (name, certainty)))
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
    fn known(&self, name: &str, certainty: Certainty) -> Named {
        let agreeing = self.sources.iter().filter(|source| source.instance == name);
        let start = Fact::known((name.to_owned(), certainty));
        agreeing.fold(start, |fact, source| fact.and_at(source.span, source.note))
    }
}

/// While shut down, no pod can tell; PGO wrote the annotation from the running pod just before.
fn at_shutdown<'t>(cluster: &Cluster<'_>, told: &'t Told) -> Option<&'t Source> {
    let shut_down = crate::fact::v4::status::state_is(cluster, crate::fact::v4::status::SHUTDOWN);
    let only = told.by("the only instance");
    let contradicted = |source: &&Source| only.is_some_and(|only| only.instance != source.instance);
    told.by("annotation primary-deployment")
        .filter(|source| shut_down && !contradicted(source))
}

/// Nothing names a primary. Where PGO would record a change, none was made: it is the first instance.
fn by_default(cluster: &Cluster<'_>, era: Era) -> Named {
    let Some(object) = cluster.object else {
        return Fact::Unknown(Gaps::from([
            gap(cluster, "no running pod of the primary is in the input"),
            cluster.gap_of_object(),
        ]));
    };
    if matches!(era, Era::Only42 | Era::Unknown) {
        let because = "PGO 4.2 does not record automatic failover, and no running pod of the primary is in the input";
        return Fact::unknown(gap(cluster, because));
    }
    let note = "nothing records another primary than the first instance";
    let name = Fact::at(cluster.name.to_owned(), object.name_span(), note);
    name.and_then(|name| known_instance(cluster, name))
        .map(|name| (name, Certainty::Probable))
}

/// The name, unless all instances are seen and none is called so.
fn known_instance(cluster: &Cluster<'_>, name: String) -> Fact<String> {
    let instances = cluster.instances();
    let others = !instances.seen.is_empty() && instances.get(&name).is_none();
    if others && instances.all.value().is_some() {
        let because = format!("{name} is recorded, but no Deployment of the cluster is called so");
        return Fact::unknown(gap(cluster, &because));
    }
    Fact::known(name)
}

/// The question shows every pod: with `role=master` alone, an old primary that follows the new one stays unseen, and so
/// does what mounts the claims.
fn gap(cluster: &Cluster<'_>, because: &str) -> Gap {
    Gap {
        missing: format!("which instance of {} is the primary", cluster.name),
        because: because.to_owned(),
        ..cluster.gap_for(Kind::Pod)
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

/// True as soon as two sources differ; false only when nothing unseen can contradict.
fn disagreement(cluster: &Cluster<'_>, told: &Told) -> Fact<bool> {
    let names: BTreeSet<&str> = told.sources.iter().map(|s| s.instance.as_str()).collect();
    let fact = if names.len() > 1 {
        Fact::known(true)
    } else if told.agreed(Trust::Proof) == Agreement::Silent {
        uncontradicted(cluster, told).map(|()| false)
    } else {
        records_seen(cluster, told).map(|()| false)
    };
    let places = told.sources.iter();
    let fact = places.fold(fact, |fact, source| fact.and_at(source.span, source.note));
    if told.sources.is_empty() {
        return fact.and_at(cluster.name_span(), "nothing names a primary");
    }
    fact
}

/// Known when nothing unseen can name another primary than the records do: the Pgcluster, all instances, and (while
/// there are several, and they may run) all pods are seen.
fn uncontradicted(cluster: &Cluster<'_>, told: &Told) -> Fact<()> {
    if cluster.remains().value() == Some(&true) {
        return Fact::known(());
    }
    let alone = told.by("the only instance").is_some();
    let none_runs = crate::fact::v4::status::state_is(cluster, crate::fact::v4::status::SHUTDOWN);
    let pods = if alone || none_runs {
        Fact::known(())
    } else {
        if_complete(&cluster.pods().completeness, ())
    };
    let instances = cluster.instances().all.clone();
    let objects = pods.both(instances).map(|_| ());
    records_seen(cluster, told).both(objects).map(|_| ())
}

/// Known when the Pgcluster's records are in the input and can be read.
fn records_seen(cluster: &Cluster<'_>, told: &Told) -> Fact<()> {
    if cluster.object.is_none() && cluster.remains().value() != Some(&true) {
        return Fact::unknown(cluster.gap_of_object());
    }
    if told.unreadable.is_empty() {
        return Fact::known(());
    }
    Fact::Unknown(told.unreadable.as_slice().into())
}
