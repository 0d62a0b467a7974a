//! Where pods may run, beside which others, and with which groups.

use super::said::asked;
use crate::expr::Value;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::is_unset;
use crate::fact::v4::objects::workload::pod_field;
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::{V4Order, placed, source, to_the_letter};
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
    // The labels of the Pgcluster are copies of the user labels.
    let said = |name: &str| match cluster.userlabel(name, note) {
        Fact::Known(truth) if truth.value.is_empty() => cluster.label(name, note),
        written => written,
    };
    let (key, value) = (said("NodeLabelKey"), said("NodeLabelValue"));
    // The key is what a finding points at.
    let labels = value.both(key);
    field.both(labels).map(|(field, (value, key))| {
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

/// Who tells the groups, as "5432,65534"; they add up, since each volume needs its own.
pub(super) static GROUPS: V4Order = V4Order {
    what: "the supplemental groups",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "securityContext of the Deployments",
            |cluster| groups_of_pods(cluster).map(in_words).into(),
        ),
        source(
            Trust::Wish,
            "spec.PrimaryStorage and the other storages, supplementalgroups",
            |cluster| asked_for(cluster, groups_of_storages(cluster)),
        ),
    ],
};

fn asked_for(cluster: &Cluster<'_>, groups: Fact<Vec<i64>>) -> Answer {
    match groups {
        Fact::Unknown(gaps) if cluster.object.is_some() => Answer::Unclear(gaps),
        groups => groups.map(in_words).into(),
    }
}

fn in_words(mut groups: Vec<i64>) -> Option<String> {
    groups.sort_unstable();
    groups.dedup();
    let words: Vec<String> = groups.iter().map(i64::to_string).collect();
    (!words.is_empty()).then(|| words.join(","))
}

/// What the Pgcluster's storages ask for.
fn groups_of_storages(cluster: &Cluster<'_>) -> Fact<Vec<i64>> {
    let storages = [
        "PrimaryStorage",
        "ReplicaStorage",
        "BackrestStorage",
        "WALStorage",
    ];
    let mut groups = Fact::known(Vec::new());
    for storage in storages {
        let path = ["spec", storage, "supplementalgroups"];
        let written = cluster.string(&path, "the supplemental groups of a volume");
        // What says nothing is not shown beside what does.
        if written.value().is_some_and(String::is_empty) {
            continue;
        }
        groups = written.both(groups).map(|(text, mut groups)| {
            let numbers = text
                .split(',')
                .filter_map(|one| one.trim().parse::<i64>().ok());
            groups.extend(numbers);
            groups
        });
    }
    groups
}

/// Those of the pods, and those that the Pgcluster asks for beside them.
pub(super) fn supplemental_groups(cluster: &Cluster<'_>) -> Fact<Vec<i64>> {
    let heard = cluster.told(&GROUPS);
    let settled = match &heard.unheard {
        // What cannot be read may name one more.
        Some(gaps) => Fact::Unknown(gaps.clone()),
        None => cluster.settled_text(&GROUPS),
    };
    let groups = settled.map(|told| {
        let others = heard.against.iter().map(|other| other.text.as_str());
        let texts = std::iter::once(told.as_str()).chain(others);
        let numbers = texts.flat_map(|text| text.split(','));
        let mut numbers: Vec<i64> = numbers.filter_map(|one| one.parse().ok()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    });
    placed(cluster, groups)
}
