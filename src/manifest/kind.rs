//! The kinds of Kubernetes objects that facts can read. All others are counted and dropped early.

/// A kind we keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// PGO v4's cluster.
    Pgcluster,
    /// PGO v4's replica.
    Pgreplica,
    /// PGO v4's task.
    Pgtask,
    /// PGO v5's cluster.
    PostgresCluster,
    /// core/v1.
    PersistentVolumeClaim,
    /// core/v1, cluster-scoped.
    PersistentVolume,
    /// storage.k8s.io, cluster-scoped.
    StorageClass,
    /// storage.k8s.io, cluster-scoped.
    CsiDriver,
    /// apps/v1.
    Deployment,
    /// core/v1.
    Pod,
    /// batch/v1.
    Job,
    /// core/v1.
    Service,
    /// core/v1.
    ConfigMap,
    /// core/v1; its values never survive loading.
    Secret,
    /// core/v1, cluster-scoped.
    Namespace,
    /// apiextensions.k8s.io, cluster-scoped; only those of the two PGO groups and of OpenShift matter.
    CustomResourceDefinition,
    /// core/v1; Patroni's leftovers.
    Endpoints,
    /// apps/v1; the instances of PGO v5.
    StatefulSet,
    /// batch/v1; the schedules of PGO v5.
    CronJob,
    /// An upgrade of Postgres itself, asked of PGO v5.
    PgUpgrade,
    /// PGO v5's handle on a cluster of Crunchy Bridge, until 5.8.
    CrunchyBridgeCluster,
}

/// How a kind is named in manifests and on the command line.
#[derive(Clone, Copy, Debug)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// `kind:` as written.
    pub name: &'static str,
    /// API group, empty for core.
    pub group: &'static str,
    /// As in `kubectl get ...` (with the group where the bare name would be ambiguous).
    pub plural: &'static str,
    /// Whether it lives in a namespace.
    pub namespaced: bool,
}

const fn row(
    kind: Kind,
    name: &'static str,
    group: &'static str,
    plural: &'static str,
    namespaced: bool,
) -> KindInfo {
    KindInfo {
        kind,
        name,
        group,
        plural,
        namespaced,
    }
}

/// Every kind we keep, in the order of [`Kind`].
pub const KINDS: [KindInfo; 21] = [
    row(
        Kind::Pgcluster,
        "Pgcluster",
        "crunchydata.com",
        "pgclusters.crunchydata.com",
        true,
    ),
    row(
        Kind::Pgreplica,
        "Pgreplica",
        "crunchydata.com",
        "pgreplicas.crunchydata.com",
        true,
    ),
    row(
        Kind::Pgtask,
        "Pgtask",
        "crunchydata.com",
        "pgtasks.crunchydata.com",
        true,
    ),
    row(
        Kind::PostgresCluster,
        "PostgresCluster",
        "postgres-operator.crunchydata.com",
        "postgresclusters.postgres-operator.crunchydata.com",
        true,
    ),
    row(
        Kind::PersistentVolumeClaim,
        "PersistentVolumeClaim",
        "",
        "persistentvolumeclaims",
        true,
    ),
    row(
        Kind::PersistentVolume,
        "PersistentVolume",
        "",
        "persistentvolumes",
        false,
    ),
    row(
        Kind::StorageClass,
        "StorageClass",
        "storage.k8s.io",
        "storageclasses",
        false,
    ),
    row(
        Kind::CsiDriver,
        "CSIDriver",
        "storage.k8s.io",
        "csidrivers",
        false,
    ),
    row(Kind::Deployment, "Deployment", "apps", "deployments", true),
    row(Kind::Pod, "Pod", "", "pods", true),
    row(Kind::Job, "Job", "batch", "jobs", true),
    row(Kind::Service, "Service", "", "services", true),
    row(Kind::ConfigMap, "ConfigMap", "", "configmaps", true),
    row(Kind::Secret, "Secret", "", "secrets", true),
    row(Kind::Namespace, "Namespace", "", "namespaces", false),
    row(
        Kind::CustomResourceDefinition,
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        false,
    ),
    row(Kind::Endpoints, "Endpoints", "", "endpoints", true),
    row(
        Kind::StatefulSet,
        "StatefulSet",
        "apps",
        "statefulsets",
        true,
    ),
    row(Kind::CronJob, "CronJob", "batch", "cronjobs", true),
    row(
        Kind::PgUpgrade,
        "PGUpgrade",
        "postgres-operator.crunchydata.com",
        "pgupgrades.postgres-operator.crunchydata.com",
        true,
    ),
    row(
        Kind::CrunchyBridgeCluster,
        "CrunchyBridgeCluster",
        "postgres-operator.crunchydata.com",
        "crunchybridgeclusters.postgres-operator.crunchydata.com",
        true,
    ),
];

/// Kinds of PGO's groups that we do not keep.
const OTHERS: [&str; 2] = ["PGAdmin", "Pgpolicy"];

/// Whether a kind begins and ends as another, with little that differs between: `PostgressCluster`.
fn is_like(kind: &str, name: &str) -> bool {
    let (kind, name) = (kind.to_ascii_lowercase(), name.to_ascii_lowercase());
    let ahead = kind.bytes().zip(name.bytes());
    let behind = kind.bytes().rev().zip(name.bytes().rev());
    let same =
        ahead.take_while(|(a, b)| a == b).count() + behind.take_while(|(a, b)| a == b).count();
    3 * same.min(kind.len()) >= 2 * kind.len().max(name.len())
}

/// What the API groups of both versions of PGO end with.
const PGO: &str = "crunchydata.com";

impl Kind {
    /// The kind of an object with this `apiVersion` and `kind`, if we keep it.
    pub fn of(api_version: &str, kind: &str) -> Option<Kind> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        KINDS
            .iter()
            .find(|row| row.name == kind && row.group == group)
            .map(|row| row.kind)
    }

    /// Whether a kind we keep has this name, in whatever group.
    pub(super) fn is_name(kind: &str) -> bool {
        KINDS.iter().any(|row| row.name.eq_ignore_ascii_case(kind))
    }

    /// The kind of PGO's that an object seems to be meant as, although no API server would take it for one: the case of its
    /// kind, or the group, is another, or one of both is missing.
    pub(super) fn almost(api_version: &str, kind: &str) -> Option<Kind> {
        let (group, version) = api_version.split_once('/').unwrap_or_default();
        if let Some(known) = Kind::of(api_version, kind) {
            // PGO v4 only ever had this version.
            return (group == PGO && version != "v1").then_some(known);
        }
        let of_pgo = || KINDS.iter().filter(|row| row.group.ends_with(PGO));
        // Other vendors have kinds of these names too, in groups of their own.
        let foreign = group.contains('.') && !group.contains("crunchy") && !is_like(group, PGO);
        let named = of_pgo().find(|row| !foreign && row.name.eq_ignore_ascii_case(kind));
        let grouped = || of_pgo().find(|row| kind.is_empty() && row.group == group);
        let is_other = OTHERS.iter().any(|other| other.eq_ignore_ascii_case(kind));
        let misspelt =
            || of_pgo().find(|row| !is_other && row.group == group && is_like(kind, row.name));
        named.or_else(grouped).or_else(misspelt).map(|row| row.kind)
    }

    /// Whether it is a kind of PGO's, of whatever version.
    pub(super) fn is_of_pgo(self) -> bool {
        self.info().group.ends_with(PGO)
    }

    /// Its row in the table.
    pub fn info(self) -> &'static KindInfo {
        const { assert!(KINDS.len() == Kind::CrunchyBridgeCluster as usize + 1) };
        #[allow(clippy::indexing_slicing)] // the table has one row per kind, in order; tested
        &KINDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for row in &KINDS {
            assert_eq!(row.kind.info().name, row.name);
        }
    }

    #[test]
    fn an_object_that_is_almost_one_of_pgo_s_is_told_from_others() {
        let group = "postgres-operator.crunchydata.com/v1beta1";
        let draft = Some(Kind::PostgresCluster);
        assert_eq!(Kind::almost(group, "Postgrescluster"), draft);
        assert_eq!(Kind::almost(group, ""), draft);
        assert_eq!(Kind::almost("", "Pgcluster"), Some(Kind::Pgcluster));
        assert_eq!(Kind::almost("crunchydata.com/v1", "PostgresCluster"), draft);
        assert_eq!(Kind::almost(group, "PostgresCluster"), None);
        assert_eq!(Kind::almost(group, "PGAdmin"), None);
        assert_eq!(Kind::almost(group, "PostgressCluster"), draft);
        assert_eq!(Kind::almost(group, "PostgresClusters"), draft);
        assert_eq!(Kind::almost(group, "PostgreCluster"), draft);
        assert_eq!(Kind::almost("crunchydata.com/v1", "Pgpolicy"), None);
        assert_eq!(
            Kind::almost("crunchydata.com/v1", "Pgtasks"),
            Some(Kind::Pgtask)
        );
        // PGO v4 only ever had v1: no server has this, and its Pgcluster is not gone.
        assert_eq!(
            Kind::almost("crunchydata.com/v1beta1", "Pgcluster"),
            Some(Kind::Pgcluster)
        );
        assert_eq!(Kind::almost("crunchydata.com/v1", "Pgcluster"), None);
        assert_eq!(Kind::almost("example.com/v1", "PostgresClusters"), None);
        assert_eq!(Kind::almost("sas.com/v1", "Pgcluster"), None);
        assert_eq!(
            Kind::almost("crunchdata.com/v1", "Pgcluster"),
            Some(Kind::Pgcluster)
        );
        assert_eq!(
            Kind::almost("postgres-operator/v1beta1", "PostgresCluster"),
            draft
        );
        assert_eq!(Kind::almost("", "service"), None);
        assert_eq!(Kind::almost("serving.knative.dev/v1", "Service"), None);
    }

    #[test]
    fn every_kind_that_facts_read_is_asked_of_a_cluster_except_secrets() {
        use crate::source::{SECRET_METADATA, WANTED};
        let rows = WANTED.iter().chain([&SECRET_METADATA]);
        let wanted: std::collections::BTreeSet<_> = rows
            .map(|row| (row.kind, row.group, row.resource, row.namespaced))
            .collect();
        let kept = KINDS.iter();
        let kept = kept.map(|row| (row.name, row.group, row.plural, row.namespaced));
        assert_eq!(wanted, kept.collect());
    }
}
