//! For tests: small worlds from inline YAML, and the facts about their clusters.

use std::sync::Arc;

use super::{Cluster, FACTS, Surroundings, clusters};
use crate::expr::{Names, Value};
use crate::fact::Run;
use crate::manifest::{Assume, Fact, Gathered, Inventory, load};
use crate::source::{OriginId, Source, SourceId};

/// One origin, loaded from one text.
pub(in crate::fact) struct World {
    inventory: Inventory,
    run: Run,
    surroundings: Surroundings,
    source: Arc<Source>,
}

impl World {
    /// Nothing is said about completeness.
    pub(in crate::fact) fn partial(yaml: &str) -> World {
        World::new(yaml, &Assume::nothing())
    }

    /// Everything there is was exported.
    pub(in crate::fact) fn complete(yaml: &str) -> World {
        World::new(yaml, &Assume::everything())
    }

    /// Every object of these kinds was exported: "Pod,Deployment".
    #[allow(dead_code)] // for the tests to come
    pub(in crate::fact) fn listing(kinds: &str, yaml: &str) -> World {
        World::new(yaml, &Assume::parse(kinds).unwrap())
    }

    /// Every object but those of these kinds was exported.
    #[allow(dead_code)] // for the tests to come
    pub(in crate::fact) fn without(kinds: &str, yaml: &str) -> World {
        let all = crate::manifest::KINDS.iter().map(|row| row.name);
        let seen: Vec<&str> = all.filter(|kind| !kinds.contains(kind)).collect();
        World::listing(&seen.join(","), yaml)
    }

    fn new(yaml: &str, assume: &Assume) -> World {
        let origin = OriginId(0);
        let loaded = load(SourceId(0), origin, "export.yaml".to_owned(), yaml.into());
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        let source = Arc::clone(&loaded.source);
        let mut gathered = Gathered {
            origin,
            sources: Vec::new(),
            loaded: vec![loaded],
            skipped: Vec::new(),
        };
        let inventory = Inventory::build(gathered.holdings(String::new()), assume);
        let run = Run {
            now: "2023-06-02T12:00:00Z".parse().unwrap(),
            target: None,
        };
        let surroundings = Surroundings::of(&inventory, &run);
        World {
            inventory,
            run,
            surroundings,
            source,
        }
    }

    /// Every cluster of the world.
    pub(in crate::fact) fn clusters(&self) -> Vec<Cluster<'_>> {
        clusters(&self.inventory, &self.run, &self.surroundings)
    }

    /// A fact about the cluster of this name.
    pub(in crate::fact) fn fact(&self, cluster: &str, fact: &str) -> Fact<Value> {
        let clusters = self.clusters();
        let cluster = clusters.iter().find(|one| one.name == cluster).unwrap();
        let number = FACTS.fact(fact).unwrap_or_else(|| panic!("no fact {fact}"));
        (FACTS.get(number).unwrap().read)(cluster)
    }

    /// A fact about hippo as text: `"claim"`, `["hippo"]`, `true`, or `unknown`.
    pub(in crate::fact) fn says(&self, fact: &str) -> String {
        show(&self.fact("hippo", fact))
    }

    /// The text that the first piece of evidence for a fact about hippo covers.
    pub(in crate::fact) fn points_at(&self, fact: &str) -> String {
        match self.fact("hippo", fact) {
            Fact::Known(truth) => {
                let first = truth.evidence.first();
                first.map_or_else(String::new, |at| self.source.slice(at.span).to_owned())
            }
            Fact::Unknown(_) => String::new(),
        }
    }

    /// The commands that settle a fact about hippo, one a line.
    pub(in crate::fact) fn asks(&self, fact: &str) -> String {
        let fact = self.fact("hippo", fact);
        let asks: Vec<&str> = fact.gaps().iter().map(|gap| gap.ask.as_str()).collect();
        asks.join("\n")
    }

    /// What a fact about hippo takes for granted, one a line.
    #[allow(dead_code)] // for the tests to come
    pub(in crate::fact) fn assumes(&self, fact: &str) -> String {
        match self.fact("hippo", fact) {
            Fact::Known(truth) => truth.assumes.join("\n"),
            Fact::Unknown(_) => String::new(),
        }
    }
}

/// A fact as text.
pub(in crate::fact) fn show(fact: &Fact<Value>) -> String {
    fact.value().map_or_else(|| "unknown".to_owned(), value)
}

fn value(value: &Value) -> String {
    let all = |values: &[Value]| values.iter().map(self::value).collect::<Vec<_>>();
    match value {
        Value::Str(text) => format!("{text:?}"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Version(version) => version.to_string(),
        Value::List(values) => format!("[{}]", all(values).join(", ")),
        Value::Map(entries) => {
            let entry = |(key, value): &(Arc<str>, Value)| format!("{key}: {}", self::value(value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// Documents joined to one stream.
pub(in crate::fact) fn stream(documents: &[&str]) -> String {
    documents.join("\n---\n")
}

/// The Pgcluster hippo of PGO 4.7.10 with one instance, as the API makes it.
pub(in crate::fact) const PGCLUSTER: &str = "\
apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata:
  name: hippo
  namespace: pgo
  annotations: {current-primary: hippo, primary-deployment: hippo}
  labels: {name: hippo, pg-cluster: hippo, pgo-version: 4.7.10, deployment-name: hippo}
spec:
  name: hippo
  clustername: hippo
  ccpimage: crunchy-postgres-ha
  ccpimagetag: ubi8-13.10-4.7.10
  port: '5432'
  replicas: '0'
  customconfig: ''
  policies: ''
  shutdown: false
  standby: false
  syncReplication: false
  tablespaceMounts: {}
  tolerations: null
  nodeAffinity: {default: null}
  PrimaryStorage: {storagetype: dynamic, storageclass: fast, name: hippo, size: 1Gi}
  ReplicaStorage: {storagetype: dynamic, storageclass: fast, name: '', size: 1Gi}
  BackrestStorage: {storagetype: dynamic, storageclass: fast, name: '', size: 1Gi}
  WALStorage: {storagetype: '', storageclass: '', name: '', size: ''}
  userlabels: {pgo-version: 4.7.10}
  status: completed
status:
  state: pgcluster Initialized
";

/// The Deployment of an instance of hippo.
pub(in crate::fact) fn deployment(instance: &str, replicas: u8) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {instance}
  namespace: pgo
  labels: {{vendor: crunchydata, pg-cluster: hippo, pgo-pg-database: 'true', deployment-name: {instance}, service-name: hippo}}
spec:
  replicas: {replicas}
  template:
    spec:
      containers:
      - name: database
        env:
        - {{name: PATRONI_POSTGRESQL_DATA_DIR, value: /pgdata/{instance}}}
      volumes:
      - name: pgdata
        persistentVolumeClaim: {{claimName: {instance}}}
status: {{readyReplicas: {replicas}}}
"
    )
}

/// A running pod of an instance of hippo.
pub(in crate::fact) fn pod(instance: &str, role: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Pod
metadata:
  name: {instance}-5d8f6bbc7d-x2x4z
  namespace: pgo
  labels: {{vendor: crunchydata, pg-cluster: hippo, pgo-pg-database: 'true', deployment-name: {instance}, role: {role}}}
spec:
  containers: []
  volumes:
  - name: pgdata
    persistentVolumeClaim: {{claimName: {instance}}}
status: {{phase: Running}}
"
    )
}

/// A bound claim of hippo and its volume `pv-NAME` on the driver ebs.csi.aws.com.
pub(in crate::fact) fn claim(name: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {name}
  namespace: pgo
  uid: u-{name}
  creationTimestamp: '2022-01-01T00:00:00Z'
  labels: {{vendor: crunchydata, pg-cluster: hippo, pgremove: 'true'}}
spec:
  accessModes: [ReadWriteOnce]
  resources: {{requests: {{storage: 1Gi}}}}
  storageClassName: fast
  volumeName: pv-{name}
status: {{phase: Bound, capacity: {{storage: 2Gi}}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {{name: pv-{name}}}
spec:
  accessModes: [ReadWriteOnce]
  claimRef: {{namespace: pgo, name: {name}, uid: u-{name}}}
  csi: {{driver: ebs.csi.aws.com, fsType: ext4, volumeHandle: vol-1}}
  persistentVolumeReclaimPolicy: Retain
status: {{phase: Bound}}
"
    )
}

/// The CSI driver of [`claim`], with the policy `File`.
pub(in crate::fact) const DRIVER: &str = "\
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: ebs.csi.aws.com}
spec: {fsGroupPolicy: File}
";

/// The storage class of [`claim`].
pub(in crate::fact) const CLASS: &str = "\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
allowVolumeExpansion: true
";

#[cfg(test)]
mod tests {
    use super::*;

    /// Hippo with one instance, as far as these facts go.
    fn healthy() -> String {
        stream(&[
            PGCLUSTER,
            &deployment("hippo", 1),
            &pod("hippo", "master"),
            &claim("hippo"),
            &claim("hippo-pgbr-repo"),
            DRIVER,
            CLASS,
        ])
    }

    #[test]
    fn every_fact_has_a_value_of_its_type_or_a_reason() {
        for world in [World::complete(&healthy()), World::partial(&healthy())] {
            for fact in FACTS.facts() {
                match world.fact("hippo", fact.name) {
                    Fact::Unknown(gaps) => {
                        assert!(!gaps.is_empty(), "{}", fact.name);
                        for gap in gaps {
                            let told = [&gap.missing, &gap.because, &gap.ask];
                            assert!(
                                told.iter().all(|text| !text.is_empty()),
                                "{}: {gap:?}",
                                fact.name
                            );
                        }
                    }
                    Fact::Known(truth) => {
                        let name = fact.ty.name();
                        let fits = match &truth.value {
                            Value::Bool(_) => "bool",
                            Value::Int(_) => "int",
                            Value::Version(_) => "version",
                            Value::Str(_) if name == "quantity" => name,
                            Value::Str(text) if text.is_empty() && name == "version" => name,
                            Value::Str(_) => "string",
                            Value::List(_) if name == "list of maps" => name,
                            Value::List(_) => "list of strings",
                            Value::Map(_) => "map",
                            other => panic!("{}: {other:?}", fact.name),
                        };
                        assert_eq!(fits, name, "{}", fact.name);
                    }
                }
            }
        }
    }

    #[test]
    fn the_healthy_base_case() {
        let world = World::complete(&healthy());
        for (fact, says) in [
            ("cluster.remains", "false"),
            ("cluster.v4", "4.7.10"),
            ("cluster.labelled", "true"),
            ("cluster.state", "\"pgcluster Initialized\""),
            ("cluster.shutdown", "false"),
            ("cluster.standby", "false"),
            ("cluster.v5Exists", "false"),
            ("cluster.ignoredKeys", "[]"),
            ("cluster.tolerations", "false"),
            ("cluster.affinity", "false"),
            ("cluster.port", "5432"),
            ("primary.name", "\"hippo\""),
            ("primary.certain", "true"),
            ("primary.disagree", "false"),
            ("primary.running", "true"),
            ("primary.dataDirectory", "\"hippo\""),
            ("replicas.names", "[]"),
            ("replicas.present", "false"),
            ("replicas.claims", "[]"),
            ("dataClaim.storage", "\"claim\""),
            ("dataClaim.name", "\"hippo\""),
            ("dataClaim.exists", "true"),
            ("dataClaim.phase", "\"Bound\""),
            ("dataClaim.size", "\"1Gi\""),
            ("dataClaim.capacity", "\"2Gi\""),
            ("dataClaim.expandable", "true"),
            ("dataClaim.volume", "\"pv-hippo\""),
            ("dataClaim.volumeClaimedBy", "\"\""),
            ("dataClaim.reclaimPolicy", "\"Retain\""),
            ("dataClaim.fsGroup", "\"yes\""),
            ("dataClaim.source", "\"csi ebs.csi.aws.com\""),
            (
                "dataClaim.mountedBy",
                "[\"Deployment hippo\", \"Pod hippo-5d8f6bbc7d-x2x4z\"]",
            ),
            ("dataClaim.mountedByOthers", "[]"),
            ("dataClaim.v4Labels", "[\"pg-cluster\", \"vendor\"]"),
            ("dataClaim.candidates", "[\"hippo\"]"),
            ("walClaim.storage", "\"none\""),
            ("walClaim.name", "\"\""),
            ("walClaim.fsGroup", "\"\""),
            ("walClaim.addedLater", "false"),
            ("repoClaim.name", "\"hippo-pgbr-repo\""),
            ("repoClaim.reclaimPolicy", "\"Retain\""),
            ("tablespaces.names", "[]"),
        ] {
            assert_eq!(world.says(fact), says, "{fact}: {}", world.asks(fact));
        }
    }

    #[test]
    fn evidence_is_the_value_that_decides() {
        let world = World::complete(&healthy());
        for (fact, text) in [
            ("cluster.state", "pgcluster Initialized"),
            ("cluster.v4", "4.7.10"),
            ("primary.name", "hippo"),
            ("dataClaim.size", "1Gi"),
            ("dataClaim.reclaimPolicy", "Retain"),
            ("dataClaim.fsGroup", "File"),
            ("dataClaim.source", "ebs.csi.aws.com"),
            ("primary.dataDirectory", "/pgdata/hippo"),
            ("cluster.shutdownRequested", "false"),
            ("walClaim.storage", "volumes"),
        ] {
            assert_eq!(world.points_at(fact), text, "{fact}");
        }
    }

    #[test]
    fn every_known_fact_points_somewhere() {
        let world = World::complete(&healthy());
        let pathless = ["target.", "operator.", "crd.", "platform."];
        for fact in FACTS.facts() {
            if pathless.iter().any(|group| fact.name.starts_with(group)) {
                continue;
            }
            if let Fact::Known(truth) = world.fact("hippo", fact.name) {
                assert!(!truth.evidence.is_empty(), "{}", fact.name);
            }
        }
    }
}
