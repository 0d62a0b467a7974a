//! What is asked of a Kubernetes cluster: one row for each kind, and how much of it.
//!
//! The live requests, the RBAC rules, the access review and the kubectl commands for an export by hand are all made
//! from this table. It must not know how requests are made, nor what facts make of the answers.
//!
//! Nodes are not asked for: a reader of one namespace may not see them, and what a lost node does to a cluster shows in its pods.

/// One kind that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// `kind:` as written in manifests.
    pub kind: &'static str,
    /// API group, empty for core.
    pub group: &'static str,
    /// Versions that will do, the preferred first.
    pub versions: &'static [&'static str],
    /// As in `kubectl get` and in [`Listing`](super::Listing): `pods`, `pgclusters.crunchydata.com`.
    pub resource: &'static str,
    /// Whether it lives in a namespace.
    pub namespaced: bool,
    /// How much of it is read.
    pub reach: Reach,
    /// What it is read for, to be read after "to know".
    pub why: &'static str,
}

/// How much of a kind is read. Narrowed only where no fact can ask for the rest.
///
/// With `-n` all namespaced kinds are read whole in the namespaces named, and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    All,
    /// Those of namespaces that hold parts of clusters: a Pgcluster, a PostgresCluster or a draft of one, or anything
    /// of this kind that the label selector `sign` finds.
    BesideClusters {
        /// Finds what is left of clusters whose Pgcluster is gone.
        sign: Option<&'static str>,
        /// One object of this name is read in whatever namespace it is.
        everywhere: Option<&'static str>,
    },
    /// PersistentVolumes: those that the claims beside clusters are bound to; where one of them is a directory, all that are.
    Bound,
    /// The names of all; of those whose name has one of these endings the metadata, and the one that is named whole.
    Names {
        /// The endings of the names that tell the platform, and of those whose deletion would take clusters along.
        endings: &'static [&'static str],
        /// The object that is read whole.
        whole: &'static str,
    },
}

/// The labels by which parts of PGO v4 clusters are known.
pub const PARTS: &str = "vendor=crunchydata,pg-cluster";

/// Verbs that are needed on every kind in [`WANTED`]: no others are used.
pub const VERBS: [&str; 2] = ["get", "list"];

const BESIDE: Reach = Reach::BesideClusters {
    sign: None,
    everywhere: None,
};

const BESIDE_BY_PARTS: Reach = Reach::BesideClusters {
    sign: Some(PARTS),
    everywhere: None,
};

/// Every kind that is asked for. No Secrets: see [`SECRET_METADATA`].
pub const WANTED: [Wanted; 20] = [
    v4(
        "Pgcluster",
        "pgclusters.crunchydata.com",
        "the clusters to be judged and their settings",
    ),
    v4(
        "Pgreplica",
        "pgreplicas.crunchydata.com",
        "which replicas there are",
    ),
    v4(
        "Pgtask",
        "pgtasks.crunchydata.com",
        "which backups and other work were asked for",
    ),
    Wanted {
        kind: "PostgresCluster",
        group: "postgres-operator.crunchydata.com",
        // What every operator stores and writes, up to 6.0.1; asked for as v1, objects would come back as something that
        // nobody wrote.
        versions: &["v1beta1", "v1"],
        resource: "postgresclusters.postgres-operator.crunchydata.com",
        namespaced: true,
        reach: Reach::All,
        why: "which names are taken, and what earlier attempts left",
    },
    core(
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
        true,
        BESIDE_BY_PARTS,
        "where the data are, and what is left of deleted clusters",
    ),
    core(
        "PersistentVolume",
        "persistentvolumes",
        false,
        Reach::Bound,
        "whether the data outlive their claims, and what the volumes can do",
    ),
    storage(
        "StorageClass",
        "storageclasses",
        "whether new claims of the same class are possible",
    ),
    storage(
        "CSIDriver",
        "csidrivers",
        "whether volumes can be handed to v5's group (fsGroupPolicy)",
    ),
    Wanted {
        kind: "Deployment",
        group: "apps",
        versions: &["v1"],
        resource: "deployments",
        namespaced: true,
        reach: Reach::All,
        why: "which instances there are, and which operators run in whatever namespace",
    },
    core(
        "Pod",
        "pods",
        true,
        BESIDE_BY_PARTS,
        "which instance is the primary, and what mounts the claims",
    ),
    Wanted {
        kind: "Job",
        group: "batch",
        versions: &["v1"],
        resource: "jobs",
        namespaced: true,
        reach: BESIDE,
        why: "whether backups were completed, and what earlier attempts left",
    },
    core(
        "Service",
        "services",
        true,
        BESIDE,
        "how applications reach the cluster",
    ),
    core(
        "ConfigMap",
        "configmaps",
        true,
        Reach::BesideClusters {
            sign: None,
            everywhere: Some("pgo-config"),
        },
        "Postgres and pgBackRest settings, and those of the PGO v4 operator (pgo-config)",
    ),
    core(
        "Namespace",
        "namespaces",
        false,
        Reach::All,
        "whether this is OpenShift, and whether a namespace is going away",
    ),
    Wanted {
        kind: "CustomResourceDefinition",
        group: "apiextensions.k8s.io",
        versions: &["v1", "v1beta1"],
        resource: "customresourcedefinitions",
        namespaced: false,
        reach: Reach::Names {
            endings: &[
                ".openshift.io",
                "pgclusters.crunchydata.com",
                "pgreplicas.crunchydata.com",
            ],
            whole: "postgresclusters.postgres-operator.crunchydata.com",
        },
        why: "the schema of the PGO v5 that is installed, whether PGO v4's definitions are being deleted, and whether this is OpenShift",
    },
    core(
        "Endpoints",
        "endpoints",
        true,
        BESIDE,
        "what Patroni left of earlier attempts, and what it says of living clusters",
    ),
    Wanted {
        kind: "StatefulSet",
        group: "apps",
        versions: &["v1"],
        resource: "statefulsets",
        namespaced: true,
        reach: BESIDE,
        why: "which instances of PGO v5 there are, and which images they run",
    },
    Wanted {
        kind: "CronJob",
        group: "batch",
        versions: &["v1", "v1beta1"],
        resource: "cronjobs",
        namespaced: true,
        reach: BESIDE,
        why: "which schedules of backups PGO v5 runs, and when they last succeeded",
    },
    v5(
        "PGUpgrade",
        "pgupgrades.postgres-operator.crunchydata.com",
        "which upgrades of Postgres were asked for, and how far they have come",
    ),
    v5(
        "CrunchyBridgeCluster",
        "crunchybridgeclusters.postgres-operator.crunchydata.com",
        "whether there are objects that PGO 6.0 no longer manages",
    ),
];

/// The one Secret of each PGO v4 cluster that `--secret-metadata` gets: its annotations carry the settings of the
/// repository as PGO resolved them. Only metadata is asked for, but RBAC cannot tell metadata from data.
pub const SECRET_METADATA: Wanted = core(
    "Secret",
    "secrets",
    true,
    Reach::All,
    "the repository's settings as PGO v4 resolved them (annotations of CLUSTER-backrest-repo-config)",
);

/// What follows `kubectl get` to print Secrets without their data. kubectl itself gets the data: it cannot ask for less.
pub fn secret_metadata(flags: &str) -> String {
    const TEMPLATE: &str = "{{range .items}}{{\"---\\napiVersion: v1\\nkind: Secret\\nmetadata:\\n  name: \"}}{{.metadata.name}}\
        {{\"\\n  namespace: \"}}{{.metadata.namespace}}{{\"\\n  labels:\\n\"}}{{range $k, $v := .metadata.labels}}\
        {{printf \"    %q: %q\\n\" $k $v}}{{end}}{{\"  annotations:\\n\"}}{{range $k, $v := .metadata.annotations}}\
        {{if ne $k \"kubectl.kubernetes.io/last-applied-configuration\"}}{{printf \"    %q: %q\\n\" $k $v}}{{end}}{{end}}{{end}}";
    format!(
        "{}{flags} -o go-template='{TEMPLATE}'",
        SECRET_METADATA.resource
    )
}

/// What follows `kubectl get` to print one Secret with the names of its keys, and no value.
pub fn secret_keys(name: &str, flags: &str) -> String {
    const TEMPLATE: &str = "{{\"apiVersion: v1\\nkind: Secret\\nmetadata:\\n  name: \"}}{{.metadata.name}}\
        {{\"\\n  namespace: \"}}{{.metadata.namespace}}{{\"\\ndata:\\n\"}}\
        {{range $k, $v := .data}}{{printf \"  %q: hidden\\n\" $k}}{{end}}";
    format!("secret {name}{flags} -o go-template='{TEMPLATE}'")
}

/// The export by hand that the README and `--help` show: of the namespace `pgo`, of what has no namespace, and of operators,
/// wherever they run, to files whose names are nobody else's (`pgo.yaml` is PGO v4's own configuration). Kinds of PGO v5 are not in it: kubectl prints nothing at all where the server does not know one of many.
pub fn recipe() -> [String; 3] {
    let kinds = |namespaced: bool| {
        let rows = WANTED.iter().filter(|row| row.group != V5_GROUP);
        let rows = rows.filter(|row| row.namespaced == namespaced);
        rows.map(|row| row.resource).collect::<Vec<_>>().join(",")
    };
    [
        format!(
            "kubectl get {} -n pgo -o yaml > preflight-pgo.yaml",
            kinds(true)
        ),
        format!(
            "kubectl get {} -o yaml > preflight-cluster-wide.yaml",
            kinds(false)
        ),
        "kubectl get deployments -A -o yaml > preflight-deployments.yaml".to_owned(),
    ]
}

/// The API group of PGO v5. A server without it does not know its kinds.
pub const V5_GROUP: &str = "postgres-operator.crunchydata.com";

/// The name of the Secret of [`SECRET_METADATA`] for a cluster.
pub fn repo_secret(cluster: &str) -> String {
    format!("{cluster}-backrest-repo-config")
}

impl Wanted {
    /// As in RBAC rules and in request paths: the resource without its group.
    pub fn plural(&self) -> &'static str {
        self.resource.split('.').next().unwrap_or(self.resource)
    }

    /// The row of a resource as [`Listing`](super::Listing) names it.
    pub fn of(resource: &str) -> Option<&'static Wanted> {
        WANTED.iter().find(|row| row.resource == resource)
    }

    /// What a role must allow for this kind, as an entry of `rules:` on one line.
    pub fn rbac_rule(&self) -> String {
        format!(
            "{{apiGroups: [\"{}\"], resources: [\"{}\"], verbs: [\"get\", \"list\"]}}",
            self.group,
            self.plural()
        )
    }
}

const fn v4(kind: &'static str, resource: &'static str, why: &'static str) -> Wanted {
    Wanted {
        kind,
        group: "crunchydata.com",
        versions: &["v1"],
        resource,
        namespaced: true,
        reach: Reach::All,
        why,
    }
}

const fn v5(kind: &'static str, resource: &'static str, why: &'static str) -> Wanted {
    Wanted {
        kind,
        group: V5_GROUP,
        versions: &["v1beta1"],
        resource,
        namespaced: true,
        reach: Reach::All,
        why,
    }
}

const fn core(
    kind: &'static str,
    resource: &'static str,
    namespaced: bool,
    reach: Reach,
    why: &'static str,
) -> Wanted {
    Wanted {
        kind,
        group: "",
        versions: &["v1"],
        resource,
        namespaced,
        reach,
        why,
    }
}

const fn storage(kind: &'static str, resource: &'static str, why: &'static str) -> Wanted {
    Wanted {
        kind,
        group: "storage.k8s.io",
        versions: &["v1", "v1beta1"],
        resource,
        namespaced: false,
        reach: Reach::All,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_asked_for_unless_the_user_says_so() {
        assert!(WANTED.iter().all(|row| row.kind != "Secret"));
    }

    #[test]
    #[allow(clippy::disallowed_methods)] // the project's own file
    fn the_readme_shows_the_export_of_the_table() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        for command in recipe() {
            assert!(readme.contains(&format!("\n{command}\n")), "{command}");
            assert!(!command.contains(V5_GROUP), "{command}");
        }
    }

    #[test]
    fn a_rule_names_the_group_and_the_bare_resource() {
        let row = Wanted::of("pgclusters.crunchydata.com").unwrap();
        assert_eq!(
            row.rbac_rule(),
            r#"{apiGroups: ["crunchydata.com"], resources: ["pgclusters"], verbs: ["get", "list"]}"#
        );
    }
}
