//! Where pods may run, beside which others, and with which groups.

use super::said::asked;
use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::is_unset;
use crate::fact::v4::objects::workload::pod_field;
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::placed;
use crate::manifest::Fact;

/// From 4.6 on as Kubernetes has it; before, a label of the nodes, which PGO preferred and did not require.
pub(super) fn node_affinity(cluster: &Cluster<'_>) -> Fact<Value> {
    let field = asked(
        cluster,
        &["spec", "nodeAffinity", "default"],
        "the cluster's node affinity",
    );
    if field.value().is_none_or(|value| *value != Value::Absent) {
        return field;
    }
    let note = "the label of the cluster's nodes";
    let (key, value) = (
        cluster.userlabel("NodeLabelKey", note),
        cluster.userlabel("NodeLabelValue", note),
    );
    let labels = key.both(value);
    labels.both(field).map(|((key, value), field)| {
        if key.is_empty() {
            return field;
        }
        let record = |fields: Vec<(&str, Value)>| {
            let entries = fields.into_iter().map(|(name, value)| (name.into(), value));
            Value::Map(entries.collect())
        };
        let expression = record(vec![
            ("key", key.into()),
            ("operator", "In".into()),
            ("values", vec![value].into()),
        ]);
        let preference = record(vec![("matchExpressions", vec![expression].into())]);
        let term = record(vec![("weight", 10.into()), ("preference", preference)]);
        let terms: Value = vec![term].into();
        record(vec![(
            "preferredDuringSchedulingIgnoredDuringExecution",
            terms,
        )])
    })
}

/// What the pods of an instance keep from, as "required" or "preferred"; `None` where no instance that is seen says.
pub(super) fn kept_apart(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    const WORDS: [(&str, &str); 2] = [
        ("requiredDuringSchedulingIgnoredDuringExecution", "required"),
        (
            "preferredDuringSchedulingIgnoredDuringExecution",
            "preferred",
        ),
    ];
    let said = |(terms, word): (&str, &str)| {
        let mut instances = cluster.instances().seen.iter().filter_map(Instance::runs);
        let terms = instances.find_map(|object| {
            let terms = pod_field(object, &["affinity", "podAntiAffinity", terms])?;
            (!is_unset(terms)).then_some(terms)
        })?;
        Some(Fact::at(
            word.to_owned(),
            terms.span(),
            "how pods are kept apart",
        ))
    };
    WORDS.into_iter().find_map(said)
}

/// The groups that the pods of the instances and the repository host have.
fn groups_of_pods(cluster: &Cluster<'_>) -> Fact<Vec<i64>> {
    let host = cluster.repo_host().value().copied().flatten();
    let instances = cluster.instances().seen.iter();
    let runs = instances.filter_map(|one| one.deployment).chain(host);
    let path = ["securityContext", "supplementalGroups"];
    let mut groups = Fact::known(Vec::new());
    for list in runs.filter_map(|object| pod_field(object, &path)) {
        let numbers = list.items().filter_map(|group| group.text().parse().ok());
        let numbers: Vec<i64> = numbers.collect();
        if !numbers.is_empty() {
            groups = groups
                .and_at(list.span(), "the supplemental groups of the pods")
                .map(|groups| [groups, numbers].concat());
        }
    }
    groups
}

/// With what the Pgcluster's storages ask for.
pub(super) fn supplemental_groups(cluster: &Cluster<'_>) -> Fact<Vec<i64>> {
    let storages = [
        "PrimaryStorage",
        "ReplicaStorage",
        "BackrestStorage",
        "WALStorage",
    ];
    let mut groups = groups_of_pods(cluster).map(|mut groups| {
        groups.sort_unstable();
        groups.dedup();
        groups
    });
    for storage in storages {
        let path = ["spec", storage, "supplementalgroups"];
        let written = cluster.string(&path, "the supplemental groups of a volume");
        let some = written.value().is_some_and(|text| !text.is_empty());
        let both = |written: Fact<String>, groups: Fact<Vec<i64>>| {
            written.both(groups).map(|(text, mut groups)| {
                let numbers = text
                    .split(',')
                    .filter_map(|group| group.trim().parse::<i64>().ok());
                groups.extend(numbers);
                groups.sort_unstable();
                groups.dedup();
                groups
            })
        };
        groups = match (written, some) {
            // What says nothing is not shown beside what does.
            (Fact::Known(_), false) => groups,
            (written, _) => both(written, groups),
        };
    }
    placed(cluster, groups)
}
