//! For tests: small worlds from inline YAML, and the facts about their clusters.

mod hiding;
mod sources;
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Cluster, FACTS, Surroundings, clusters};
use crate::expr::{Names, Value};
use crate::fact::Run;
use crate::manifest::{Assume, Fact, Gathered, Inventory, ProblemKind, load};
use crate::source::{OriginId, Source, SourceId, Span};

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
    pub(in crate::fact) fn listing(kinds: &str, yaml: &str) -> World {
        World::new(yaml, &Assume::parse(kinds).unwrap())
    }

    /// Every object but those of these kinds was exported.
    pub(in crate::fact) fn without(kinds: &str, yaml: &str) -> World {
        let all = crate::manifest::KINDS.iter().map(|row| row.name);
        let seen: Vec<&str> = all.filter(|kind| !kinds.contains(kind)).collect();
        World::listing(&seen.join(","), yaml)
    }

    /// Nothing is said about completeness, in an origin of this number.
    pub(in crate::fact) fn in_origin(number: u32, yaml: &str) -> World {
        World::build(OriginId(number), yaml, &Assume::nothing())
    }

    /// The same, with what pgBackRest listed of pgo/hippo.
    pub(in crate::fact) fn with_backup_info(mut self, json: &str) -> World {
        let read = crate::manifest::read_backup_info("pgo", "hippo", SourceId(1), json);
        self.inventory.backup_infos = Arc::new([read.unwrap().0]);
        self
    }

    fn new(yaml: &str, assume: &Assume) -> World {
        World::build(OriginId(0), yaml, assume)
    }

    fn build(origin: OriginId, yaml: &str, assume: &Assume) -> World {
        let loaded = load(SourceId(0), origin, "export.yaml".to_owned(), yaml.into());
        // What is almost PGO's is told, and is none of the objects here.
        let mut problems = loaded.problems.iter();
        assert!(
            problems.all(|problem| matches!(problem.kind, ProblemKind::Almost(_))),
            "{:?}",
            loaded.problems
        );
        let source = Arc::clone(&loaded.source);
        let mut gathered = Gathered::empty(origin, String::new(), Vec::new());
        gathered.take(loaded);
        let inventory = Inventory::build(gathered.holdings(), assume);
        let run = Run {
            now: "2023-06-02T12:00:00Z".parse().unwrap(),
            target: None,
            definition: None,
        };
        let surroundings = Surroundings::of(&inventory, &run);
        World {
            inventory,
            run,
            surroundings,
            source,
        }
    }

    /// As if `--target` were given.
    pub(in crate::fact) fn set_target(&mut self, version: &str) {
        self.run.target = crate::expr::Version::parse(version);
        self.surroundings = Surroundings::of(&self.inventory, &self.run);
    }

    /// What subjects are made of.
    pub(in crate::fact) fn parts(&self) -> (&Inventory, &Run, &Surroundings) {
        (&self.inventory, &self.run, &self.surroundings)
    }

    /// The text that a span covers.
    pub(in crate::fact) fn slice(&self, span: Span) -> String {
        self.source.slice(span).to_owned()
    }

    /// Every cluster of the world.
    pub(in crate::fact) fn clusters(&self) -> Vec<Cluster<'_>> {
        let mut all = [clusters(&self.inventory, &self.run, &self.surroundings)];
        super::acquaint(&mut all, [&self.inventory]);
        let [all] = all;
        all
    }

    /// A fact about the cluster of this name.
    pub(in crate::fact) fn fact(&self, cluster: &str, fact: &str) -> Fact<Value> {
        let clusters = self.clusters();
        let cluster = clusters.iter().find(|one| one.name == cluster).unwrap();
        let number = FACTS.fact(fact).unwrap_or_else(|| panic!("no fact {fact}"));
        FACTS.get(number).unwrap().read(cluster)
    }

    /// Every fact about hippo as text, by name.
    pub(in crate::fact) fn all(&self) -> BTreeMap<&'static str, String> {
        let clusters = self.clusters();
        let cluster = clusters.iter().find(|one| one.name == "hippo").unwrap();
        let facts = FACTS.facts().iter();
        facts
            .map(|fact| (fact.name, show(&fact.read(cluster))))
            .collect()
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

/// A text with one part of it changed.
pub(in crate::fact) fn with(text: &str, part: &str, changed: &str) -> String {
    assert!(text.contains(part), "{part} is not in {text}");
    text.replacen(part, changed, 1)
}
