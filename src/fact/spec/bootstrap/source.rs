//! `spec.dataSource.postgresCluster` and `.pgbackrest`: restoring from a repository.

mod restore;

pub(in crate::fact::spec) use restore::Restore;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::around::existing;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Found, Kind, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.source.kinds",
        Type::Strings,
        "the restore sources given, of \"postgresCluster\", \"pgbackrest\"",
        |draft| {
            kinds(draft).as_ref().map(|kinds| {
                let names: Vec<&str> = kinds.iter().copied().map(Restore::field).collect();
                names.into()
            })
        },
    ),
    row(
        "draft.source.kind",
        Type::String,
        "the restore source in effect (postgresCluster wins); \"\" for none",
        |draft| kind(draft).map(|kind| kind.map_or("", Restore::field).into()),
    ),
    row(
        "draft.source.repoName",
        Type::String,
        "the repository to restore from; \"\" for none",
        |draft| repo_name(draft).map(Value::from),
    ),
    row(
        "draft.source.self",
        Type::Bool,
        "it restores from its own repositories: postgresCluster names no other cluster",
        |draft| is_self(draft).map(Value::from),
    ),
    row(
        "draft.source.clusterName",
        Type::String,
        "the PostgresCluster to restore from, as written; \"\" where it is not",
        |draft| cluster_name(draft).map(Value::from),
    ),
    row(
        "draft.source.clusterNamespace",
        Type::String,
        "the namespace of that PostgresCluster, as written; \"\" where it is not",
        |draft| cluster_namespace(draft).map(Value::from),
    ),
    row(
        "draft.source.clusterSeen",
        Type::String,
        "that PostgresCluster in the input: \"draft\", \"live\" or \"absent\"; \"\" where the draft restores from none or from itself",
        cluster_seen,
    ),
    row(
        "draft.source.namesV4",
        Type::Bool,
        "the PostgresCluster to restore from is none: a Pgcluster of v4 has that name, and no PostgresCluster in the input",
        names_v4,
    ),
    row(
        "draft.source.stanza",
        Type::String,
        "the stanza of dataSource.pgbackrest; \"db\" where it is not given",
        |draft| {
            let path = ["spec", "dataSource", "pgbackrest", "stanza"];
            let stanza = draft.text(&path, "the stanza to restore");
            stanza.map(|stanza| {
                if stanza.is_empty() {
                    "db".into()
                } else {
                    stanza.into()
                }
            })
        },
    ),
    row(
        "draft.source.volumeRepo",
        Type::Bool,
        "dataSource.pgbackrest is to restore from a volume, which it cannot",
        |draft| {
            let path = ["spec", "dataSource", "pgbackrest", "repo", "volume"];
            draft
                .given(&path, "the repository to restore from")
                .map(Value::from)
        },
    ),
    row(
        "draft.source.configuration",
        Type::Strings,
        "Secrets and ConfigMaps projected into dataSource.pgbackrest: \"secret/NAME\", \"configMap/NAME\"",
        |draft| {
            let path = ["spec", "dataSource", "pgbackrest", "configuration"];
            crate::fact::spec::repository::configuration::projected(draft, &path)
        },
    ),
];

/// The restore sources given, the one in effect first.
pub(in crate::fact::spec) fn kinds<'d>(draft: &'d Draft<'_>) -> &'d Fact<Vec<Restore>> {
    draft.memo().kinds.get_or_init(|| find_kinds(draft))
}

fn find_kinds(draft: &Draft<'_>) -> Fact<Vec<Restore>> {
    let section = draft.section(&["spec", "dataSource"]);
    section.and_then(|section| {
        let keys = [Restore::PostgresCluster, Restore::PgBackRest]
            .into_iter()
            .filter_map(|kind| {
                let (key, value) = section?.entry(kind.field())?;
                (!value.is_null()).then_some((kind, key))
            });
        let keys: Vec<(Restore, Node<'_>)> = keys.collect();
        let note = "the restore source";
        let kinds = keys.iter().map(|(kind, _)| *kind).collect();
        if keys.is_empty() {
            return Fact::at(kinds, draft.nearest(&["spec", "dataSource"]), note);
        }
        let fact = Fact::known(kinds);
        keys.iter()
            .fold(fact, |fact, (_, key)| fact.and_at(key.span(), note))
    })
}

/// The restore source in effect.
pub(in crate::fact::spec) fn kind(draft: &Draft<'_>) -> Fact<Option<Restore>> {
    kinds(draft).as_ref().map(|kinds| kinds.first().copied())
}

/// The repository named as source; `""` for none.
pub(in crate::fact::spec) fn repo_name(draft: &Draft<'_>) -> Fact<String> {
    kind(draft).and_then(|kind| {
        let note = "the repository to restore from";
        match kind {
            None => Fact::known(String::new()),
            Some(Restore::PostgresCluster) => {
                draft.text(&["spec", "dataSource", "postgresCluster", "repoName"], note)
            }
            Some(Restore::PgBackRest) => {
                draft.text(&["spec", "dataSource", "pgbackrest", "repo", "name"], note)
            }
        }
    })
}

fn cluster_name(draft: &Draft<'_>) -> Fact<String> {
    let path = ["spec", "dataSource", "postgresCluster", "clusterName"];
    draft.text(&path, "the cluster to restore from")
}

fn cluster_namespace(draft: &Draft<'_>) -> Fact<String> {
    let path = ["spec", "dataSource", "postgresCluster", "clusterNamespace"];
    draft.text(&path, "the namespace of the cluster to restore from")
}

/// Whether the draft restores from its own repositories.
pub(in crate::fact::spec) fn is_self(draft: &Draft<'_>) -> Fact<bool> {
    kind(draft).and_then(|kind| {
        if kind != Some(Restore::PostgresCluster) {
            return Fact::known(false);
        }
        let name = cluster_name(draft).map(|name| name.is_empty() || name == draft.name);
        let namespace = cluster_namespace(draft).and_then(|namespace| {
            if namespace.is_empty() {
                return Fact::known(true);
            }
            draft.namespace().map(|own| own == namespace)
        });
        match (name.value(), namespace.value()) {
            (Some(false), _) => name,
            (_, Some(false)) => namespace,
            _ => namespace.both(name).map(|(space, name)| space && name),
        }
    })
}

/// The PostgresCluster a draft restores from, if that is another one.
fn other_cluster<'a>(draft: &Draft<'a>) -> Fact<Option<Found<'a>>> {
    is_self(draft).both(kind(draft)).and_then(|(own, kind)| {
        if own || kind != Some(Restore::PostgresCluster) {
            return Fact::known(None);
        }
        let name = cluster_name(draft);
        let namespace = cluster_namespace(draft).and_then(|namespace| match namespace.as_str() {
            "" => draft.namespace().map(str::to_owned),
            _ => Fact::known(namespace),
        });
        namespace.both(name).map(|(namespace, name)| {
            let name = if name.is_empty() { draft.name } else { &name };
            Some(existing::find(
                draft,
                Kind::PostgresCluster,
                Some(&namespace),
                name,
            ))
        })
    })
}

fn cluster_seen(draft: &Draft<'_>) -> Fact<Value> {
    other_cluster(draft).and_then(|found| match found {
        None => Fact::known("".into()),
        Some(Found::Here(object)) if object.is_draft() => Fact::known("draft".into()),
        Some(Found::Here(_)) => Fact::known("live".into()),
        Some(Found::Absent(None)) => Fact::known("absent".into()),
        Some(Found::Absent(Some(assumption))) => Fact::known("absent".into()).assuming(assumption),
        Some(Found::Unseen(gap)) => Fact::unknown(gap),
    })
}

/// Whether the source names a cluster of v4. Nothing else of that name being in the input, it is that one that is meant.
fn names_v4(draft: &Draft<'_>) -> Fact<Value> {
    other_cluster(draft)
        .both(cluster_name(draft))
        .and_then(|(found, name)| {
            let is_v5 = matches!(found, None | Some(Found::Here(_)));
            let in_pair = draft.pairing.pair().map(|pair| pair.cluster);
            let mut clusters = draft
                .places()
                .flat_map(|place| place.list_all(Kind::Pgcluster).objects);
            let pgcluster = clusters.find(|object| *object.name == *name);
            if is_v5 {
                return Fact::known(false.into());
            }
            match (pgcluster, in_pair.filter(|cluster| cluster.name == name)) {
                (Some(object), _) => Fact::known(true.into())
                    .and_at(object.name_span(), "the v4 cluster of this name"),
                (None, Some(cluster)) => Fact::known(true.into())
                    .and_at(cluster.name_span(), "the v4 cluster of this name"),
                (None, None) => Fact::known(false.into()),
            }
        })
}
