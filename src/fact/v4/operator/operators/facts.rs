//! The operators beside one cluster, as facts.

use super::{Generation, Operator, Operators};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::Fact;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "operator.v4",
        Type::String,
        "\"present\" or \"absent\": a PGO v4 operator in any namespace; absent only when all Deployments were listed",
        |cluster| presence(cluster, Generation::V4),
    ),
    row(
        "operator.v4Running",
        Type::Bool,
        "the PGO v4 operator is scaled up and, where its status tells, ready",
        |cluster| is_running(cluster, Generation::V4),
    ),
    row(
        "operator.v4Version",
        Type::Version,
        "the release of the PGO v4 operator; \"\" when there is none",
        |cluster| release(cluster, Generation::V4),
    ),
    row(
        "operator.v4Namespace",
        Type::String,
        "the namespace of the PGO v4 operator; \"\" when there is none",
        v4_namespace,
    ),
    row(
        "operator.v4Watches",
        Type::Bool,
        "a PGO v4 operator manages the cluster's namespace: its Deployment names it, or the Namespace bears its installation's name; unknown where neither can be seen",
        |cluster| watches(cluster, Generation::V4),
    ),
    row(
        "operator.v5",
        Type::String,
        "\"present\" or \"absent\": a PGO v5 operator in any namespace; absent only when all Deployments were listed",
        |cluster| presence(cluster, Generation::V5),
    ),
    row(
        "operator.v5Running",
        Type::Bool,
        "the PGO v5 operator is scaled up and, where its status tells, ready",
        |cluster| is_running(cluster, Generation::V5),
    ),
    row(
        "operator.v5Version",
        Type::Version,
        "the release of the PGO v5 operator; \"\" when there is none",
        |cluster| release(cluster, Generation::V5),
    ),
    row(
        "operator.v5Watches",
        Type::Bool,
        "a PGO v5 operator watches the cluster's namespace",
        |cluster| watches(cluster, Generation::V5),
    ),
];

/// What is true of the nearest operator of a generation, or `otherwise` where it is known that there is none.
fn about<T>(
    cluster: &Cluster<'_>,
    generation: Generation,
    otherwise: T,
    tell: impl FnOnce(&Operator) -> Fact<T>,
) -> Fact<T> {
    let operators = &cluster.surroundings.operators;
    match operators.nearest(cluster.inventory, generation, cluster.namespace) {
        Some(operator) => tell(operator).and_at(operator.sign.span, operator.sign.note),
        None => if_complete(&operators.completeness, otherwise).and_at(
            cluster.name_span(),
            "no Deployment of such an operator is there",
        ),
    }
}

fn presence(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, "absent", |_| Fact::known("present")).map(Value::from)
}

fn is_running(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, false, |operator| {
        operator.running.clone()
    })
    .map(Value::from)
}

/// The release of the nearest operator; `""` where there is none.
pub(in crate::fact::v4) fn release(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, Value::from(""), |operator| {
        operator.version.clone().map(Value::from)
    })
}

fn v4_namespace(cluster: &Cluster<'_>) -> Fact<Value> {
    about(cluster, Generation::V4, Value::from(""), |operator| {
        Fact::known(operator.namespace.as_deref().unwrap_or("").into())
    })
}

/// One that watches is enough; that none does is known only when all are.
fn watches(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    let operators = &cluster.surroundings.operators;
    let nearest = about(cluster, generation, false, |operator| {
        operator.watches(cluster.inventory, cluster.namespace)
    });
    match nearest.value() {
        Some(false) => nearest
            .both(if_complete(&operators.completeness, ()))
            .map(|(watches, ())| watches.into()),
        _ => nearest.map(Value::from),
    }
}

impl Cluster<'_> {
    /// The PGO v5 operator that would take the cluster over, as namespace/name; `None` where none is seen.
    pub fn v5_operator(&self) -> Option<String> {
        let operators = &self.surroundings.operators;
        let nearest = operators.nearest(self.inventory, Generation::V5, self.namespace)?;
        Some(match &nearest.namespace {
            Some(namespace) => format!("{namespace}/{}", nearest.name),
            None => nearest.name.to_string(),
        })
    }
}

impl Operators {
    /// Those of a generation that watch a cluster's namespace and are not scaled away, as namespace/name. What more
    /// there may be unseen is told by what asks whether one runs at all.
    pub(in crate::fact::v4) fn watching(
        &self,
        cluster: &Cluster<'_>,
        generation: Generation,
    ) -> Fact<Vec<String>> {
        let mut all = Fact::known(Vec::new());
        for operator in self.of_generation(generation) {
            let watches = operator.watches(cluster.inventory, cluster.namespace);
            if watches.value() == Some(&true) && operator.running.value() != Some(&false) {
                all = all
                    .and_at(operator.sign.span, operator.sign.note)
                    .map(|mut names| {
                        names.push(match &operator.namespace {
                            Some(namespace) => format!("{namespace}/{}", operator.name),
                            None => operator.name.to_string(),
                        });
                        names
                    });
            }
        }
        all
    }
}
