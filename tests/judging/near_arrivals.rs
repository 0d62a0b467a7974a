//! Moves that look as if everything had arrived and of which one thing is otherwise, each beside twins of which the same
//! thing is spelt otherwise and nothing is wrong. The last states of the recorded lives are what is changed.

use std::fs;

use pgo_preflight::check::{Evidence, FindingOutcome, Options, Report, check};
use pgo_preflight::manifest::{Assume, gather_dump};
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::{Dump, OriginId, SourceId, Text};

use crate::common::root;

/// What is changed: in the export from before or in that of now, a text by another, of the life of a method.
struct Case {
    name: &'static str,
    life: &'static str,
    before: &'static [(&'static str, &'static str)],
    now: &'static [(&'static str, &'static str)],
    verdict: &'static str,
    /// A rule that has to be told of it; `""` for none, `?RULE` for one that has to be undecided.
    rule: &'static str,
}

const VOLUMES: Case = Case {
    name: "",
    life: "volumes/08-done",
    before: &[],
    now: &[],
    verdict: "arrived",
    rule: "",
};

const OWN: &str = "patroni: {systemIdentifier: \"7000000000000000001\"}";
const RECORD: &str = "    initialize: \"7000000000000000001\"";
const OPTIME: (&str, &str) = ("optime: \"90000000\"", "optime: \"80000000\"");
const WORD: (&str, &str) = ("\"xlog_location\":90000000", "\"xlog_location\":80000000");
const V4_WANTS: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hippo-wxyz, namespace: pgo, labels: {pg-cluster: hippo, pgo-pg-database: \"true\", vendor: crunchydata}}\nspec: {replicas: 1, template: {spec: {containers: [{name: database}]}}}\n";
const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n";

const EVICTED: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: hippo-aaaa-0, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/instance: hippo-aaaa}, annotations: {status: '{\"role\":\"master\",\"xlog_location\":70000000,\"timeline\":2}'}}\nstatus: {phase: Failed, reason: Evicted}\n";
const ORDERED_BEFORE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: hippo-backup-m, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/pgbackrest-backup: manual}}\nspec: {template: {spec: {containers: [{name: pgbackrest, args: [\"--type=full\"]}]}}}\nstatus: {completionTime: \"2026-10-01T10:10:00Z\", conditions: [{type: Complete, status: \"True\"}]}\n";
const FOLLOWER: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: hippo-aaaa-0, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/instance: hippo-aaaa}, annotations: {status: '{\"role\":\"standby_leader\",\"xlog_location\":91000000,\"timeline\":3}'}}\nstatus: {phase: Running, containerStatuses: [{name: database, ready: true}]}\n";

const SERVICE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: hippo, namespace: pgo, labels: {pg-cluster: hippo, vendor: crunchydata}}\nspec: {selector: {pg-cluster: hippo}}\n";
const RMDATA: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: hippo-rmdata-abcd, namespace: pgo, labels: {pg-cluster: hippo, pgrmdata: \"true\", vendor: crunchydata}}\nspec: {template: {spec: {containers: [{name: rmdata}]}}}\nstatus: {active: 1}\n";
const REPLICAS_CLAIM: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: hippo-db-wxyz-pgdata\n  namespace: pgo\n  labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/role: pgdata, postgres-operator.crunchydata.com/instance: hippo-db-wxyz}\n  ownerReferences: [{kind: PostgresCluster, name: hippo, controller: true, uid: 0b5d}]\nspec: {accessModes: [ReadWriteOnce]}\nstatus: {phase: Pending}\n";
const HISTORY: &str = "[[1,25165984,\"no recovery target specified\"]]'\n---\napiVersion: v1\nkind: Endpoints\nmetadata:\n  name: hippo-ha\n";
const LEFT_EARLY: &str = "[[1,25165984,\"no recovery target specified\"],[2,50000000,\"x\"]]'\n---\napiVersion: v1\nkind: Endpoints\nmetadata:\n  name: hippo-ha\n";
const LEFT_AT_LAST: &str = "[[1,25165984,\"no recovery target specified\"],[2,83886416,\"x\"]]'\n---\napiVersion: v1\nkind: Endpoints\nmetadata:\n  name: hippo-ha\n";
const LEFT_AT_A_SEGMENT: &str = "[[1,25165984,\"no recovery target specified\"],[2,83886080,\"x\"]]'\n---\napiVersion: v1\nkind: Endpoints\nmetadata:\n  name: hippo-ha\n";

const ASLEEP: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: pgo, namespace: pgo, labels: {postgres-operator.crunchydata.com/control-plane: postgres-operator}}\nspec: {replicas: 0, template: {spec: {containers: [{name: operator, image: \"x/postgres-operator:ubi9-5.8.2-0\", env: [{name: RELATED_IMAGE_POSTGRES_13, value: x}, {name: RELATED_IMAGE_PGBACKREST, value: x}]}]}}}\n";
const WITHOUT_IMAGE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: pgo, namespace: pgo, labels: {postgres-operator.crunchydata.com/control-plane: postgres-operator}}\nspec: {replicas: 1, template: {spec: {containers: [{name: operator, image: \"x/postgres-operator:ubi9-5.8.2-0\", env: [{name: RELATED_IMAGE_POSTGRES_16, value: x}, {name: RELATED_IMAGE_PGBACKREST, value: x}]}]}}}\n";
const WITHOUT_PARAMETERS: &str = "    config: '{\"postgresql\":{\"parameters\":{\"max_connections\":100}}}'\n    initialize: \"7000000000000000001\"";

const CASES: &[Case] = &[
    // V2, by the point where it left v4's timeline
    Case {
        name: "it left v4's timeline early and has written on since",
        now: &[(HISTORY, LEFT_EARLY)],
        verdict: "wrong",
        rule: "promoted-before-replay-ended",
        ..VOLUMES
    },
    Case {
        name: "it left v4's timeline at the last position that is known",
        now: &[(HISTORY, LEFT_AT_LAST)],
        ..VOLUMES
    },
    Case {
        name: "it left v4's timeline after a switch of segments, a few bytes before the end",
        now: &[(HISTORY, LEFT_AT_A_SEGMENT)],
        verdict: "unknown",
        rule: "?promoted-before-replay-ended",
        ..VOLUMES
    },
    // V7
    Case {
        name: "its claim waits for a volume",
        now: &[("status: {phase: Bound}", "status: {phase: Pending}")],
        verdict: "incomplete",
        rule: "claims-not-bound",
        ..VOLUMES
    },
    Case {
        name: "the claim of a replica waits for a volume",
        now: &[
            (NAMESPACE, REPLICAS_CLAIM),
            (
                "role: pgdata\n  ownerReferences",
                "role: pgdata\n    postgres-operator.crunchydata.com/instance: hippo-db-abcd\n  ownerReferences",
            ),
        ],
        rule: "claim-without-volume",
        ..VOLUMES
    },
    // V10
    Case {
        name: "the deletion of v4 is still at work",
        now: &[(NAMESPACE, RMDATA)],
        verdict: "incomplete",
        rule: "v4-is-being-deleted",
        ..VOLUMES
    },
    Case {
        name: "v4's Service is left",
        now: &[(NAMESPACE, SERVICE)],
        rule: "parts-of-v4-left",
        ..VOLUMES
    },
    // V28, as far as objects show it
    Case {
        name: "v4 had PostGIS",
        before: &[
            (
                "ccpimage: crunchy-postgres-ha, ccpimagetag: centos8-13.10-4.7.9",
                "ccpimage: crunchy-postgres-gis-ha, ccpimagetag: centos8-13.10-3.0-4.7.9",
            ),
            (
                "crunchy-postgres-ha:centos8-13.10-4.7.9",
                "crunchy-postgres-gis-ha:centos8-13.10-3.0-4.7.9",
            ),
        ],
        verdict: "incomplete",
        rule: "postgis-not-there",
        ..VOLUMES
    },
    Case {
        name: "v4 had a tablespace",
        before: &[(
            "user: hippo, database: hippo}",
            "user: hippo, database: hippo, tablespaceMounts: {lake: {size: 1Gi, storagetype: dynamic}}}",
        )],
        verdict: "incomplete",
        rule: "tablespaces-not-there",
        ..VOLUMES
    },
    // V19
    Case {
        name: "a backup failed beside one that succeeded",
        now: &[("type: Complete", "type: Failed")],
        rule: "backups-fail",
        ..VOLUMES
    },
    // V1
    Case {
        name: "the status says one database and Patroni's record another",
        now: &[(RECORD, "    initialize: \"7000000000000000099\"")],
        verdict: "unknown",
        rule: "?another-database",
        ..VOLUMES
    },
    Case {
        name: "only Patroni's record says it",
        now: &[(OWN, "patroni: {}")],
        ..VOLUMES
    },
    Case {
        name: "only the status says it",
        now: &[(RECORD, "    x: y")],
        ..VOLUMES
    },
    Case {
        name: "another major in the spec and the same database",
        now: &[("postgresVersion: 13", "postgresVersion: 14")],
        verdict: "incomplete",
        rule: "spec-of-another-major",
        ..VOLUMES
    },
    Case {
        name: "another major in the spec hides no position",
        now: &[("postgresVersion: 13", "postgresVersion: 14"), OPTIME, WORD],
        verdict: "wrong",
        rule: "promoted-before-replay-ended",
        ..VOLUMES
    },
    Case {
        name: "another major and another database",
        now: &[
            ("postgresVersion: 13", "postgresVersion: 14"),
            ("7000000000000000001", "7000000000000000099"),
        ],
        verdict: "unknown",
        rule: "?another-database",
        ..VOLUMES
    },
    Case {
        name: "another database at the same major",
        now: &[("7000000000000000001", "7000000000000000099")],
        verdict: "wrong",
        rule: "another-database",
        ..VOLUMES
    },
    Case {
        name: "v4 has another scope, whose record says another database",
        before: &[
            ("value: hippo}", "value: hippo-xyz}"),
            ("name: hippo-config", "name: hippo-xyz-config"),
            ("7000000000000000001", "7000000000000000044"),
        ],
        verdict: "wrong",
        rule: "another-database",
        ..VOLUMES
    },
    // V2
    Case {
        name: "one byte behind",
        now: &[
            ("optime: \"90000000\"", "optime: \"83886415\""),
            ("\"xlog_location\":90000000", "\"xlog_location\":83886415"),
        ],
        verdict: "wrong",
        rule: "promoted-before-replay-ended",
        ..VOLUMES
    },
    Case {
        name: "at the very byte",
        now: &[
            ("optime: \"90000000\"", "optime: \"83886416\""),
            ("\"xlog_location\":90000000", "\"xlog_location\":83886416"),
        ],
        ..VOLUMES
    },
    Case {
        name: "v4's record is further than its pod",
        before: &[("optime: \"83886416\"", "optime: \"99000000\"")],
        verdict: "wrong",
        rule: "promoted-before-replay-ended",
        ..VOLUMES
    },
    // V3
    Case {
        name: "a timeline that ended elsewhere",
        now: &[("[[1,25165984,", "[[1,25165985,")],
        verdict: "wrong",
        rule: "history-broken",
        ..VOLUMES
    },
    Case {
        name: "the same timeline with other words and times",
        now: &[(
            "[[1,25165984,\"no recovery target specified\"]]",
            "[[1,25165984,\"x\",\"2026-01-01T00:00:00Z\"],[2,83886416,\"y\"]]",
        )],
        ..VOLUMES
    },
    Case {
        name: "a standby, which records no history",
        life: "standby/02-caught-up",
        now: &[(
            "\n    history: '[[1,25165984,\"no recovery target specified\"]]'\n---\napiVersion: v1\nkind: Endpoints",
            "\n---\napiVersion: v1\nkind: Endpoints",
        )],
        verdict: "incomplete",
        rule: "still-a-standby",
        ..VOLUMES
    },
    Case {
        name: "v4 was on its second timeline, and nothing records where the first ended",
        before: &[("    history:", "    else:")],
        verdict: "unknown",
        rule: "?history-broken",
        ..VOLUMES
    },
    Case {
        name: "it is on an earlier timeline than v4 was, whatever its record copies",
        before: &[("\"timeline\":2", "\"timeline\":4")],
        verdict: "wrong",
        rule: "history-broken",
        ..VOLUMES
    },
    // V2, two witnesses
    Case {
        name: "the leader itself is behind, and Patroni's record is ahead",
        now: &[WORD],
        verdict: "unknown",
        rule: "?promoted-before-replay-ended",
        ..VOLUMES
    },
    Case {
        name: "Patroni's record is behind, and the leader says that it is ahead",
        now: &[OPTIME],
        verdict: "unknown",
        rule: "?promoted-before-replay-ended",
        ..VOLUMES
    },
    Case {
        name: "both are ahead, and not alike",
        now: &[("optime: \"90000000\"", "optime: \"89000000\"")],
        ..VOLUMES
    },
    // V4
    Case {
        name: "a pod that was evicted still says that it was the leader",
        now: &[(NAMESPACE, EVICTED)],
        ..VOLUMES
    },
    Case {
        name: "only a pod that was evicted says that it writes",
        now: &[
            (NAMESPACE, EVICTED),
            (
                "{\"state\":\"running\",\"role\":\"master\",\"xlog",
                "{\"state\":\"running\",\"role\":\"standby_leader\",\"xlog",
            ),
        ],
        verdict: "incomplete",
        rule: "still-a-standby",
        ..VOLUMES
    },
    Case {
        name: "one pod says that it writes and another that it follows",
        now: &[(NAMESPACE, FOLLOWER)],
        verdict: "unknown",
        rule: "?still-a-standby",
        ..VOLUMES
    },
    // V7
    Case {
        name: "its claim bears the label vendor alone",
        now: &[(
            "postgres-operator.crunchydata.com/role: pgdata\n",
            "postgres-operator.crunchydata.com/role: pgdata\n    vendor: crunchydata\n",
        )],
        verdict: "incomplete",
        rule: "claims-bear-v4-labels",
        ..VOLUMES
    },
    Case {
        name: "the label vendor is another vendor's",
        now: &[(
            "postgres-operator.crunchydata.com/role: pgdata\n",
            "postgres-operator.crunchydata.com/role: pgdata\n    vendor: acme\n",
        )],
        ..VOLUMES
    },
    Case {
        name: "the label vendor is what its own spec asks for",
        now: &[
            (
                "postgres-operator.crunchydata.com/role: pgdata\n",
                "postgres-operator.crunchydata.com/role: pgdata\n    vendor: crunchydata\n",
            ),
            (
                "  postgresVersion: 13",
                "  metadata: {labels: {vendor: crunchydata}}\n  postgresVersion: 13",
            ),
        ],
        ..VOLUMES
    },
    Case {
        name: "its claim is being deleted",
        now: &[(
            "  name: hippo\n  namespace: pgo\n  labels:\n    postgres-operator.crunchydata.com/cluster: hippo\n    postgres-operator.crunchydata.com/role: pgdata",
            "  name: hippo\n  namespace: pgo\n  deletionTimestamp: \"2026-11-19T00:00:00Z\"\n  labels:\n    postgres-operator.crunchydata.com/cluster: hippo\n    postgres-operator.crunchydata.com/role: pgdata",
        )],
        verdict: "wrong",
        rule: "claims-being-deleted",
        ..VOLUMES
    },
    Case {
        name: "its claim has lost its volume",
        now: &[("phase: Bound", "phase: Lost")],
        verdict: "wrong",
        rule: "claims-being-deleted",
        ..VOLUMES
    },
    Case {
        name: "its claim belongs to another cluster",
        now: &[(
            "kind: PostgresCluster, name: hippo,",
            "kind: PostgresCluster, name: rhino,",
        )],
        verdict: "incomplete",
        rule: "claims-not-adopted",
        ..VOLUMES
    },
    Case {
        name: "its claim belonged to an earlier cluster of its name",
        now: &[("controller: true, uid: 0b5d", "controller: true, uid: 77aa")],
        verdict: "incomplete",
        rule: "claims-not-adopted",
        ..VOLUMES
    },
    Case {
        name: "it has no claim at all",
        now: &[("kind: PersistentVolumeClaim", "kind: Lease")],
        verdict: "unknown",
        rule: "?claims-not-adopted",
        ..VOLUMES
    },
    // V10
    Case {
        name: "a Deployment of v4 wants a pod",
        now: &[(NAMESPACE, V4_WANTS)],
        verdict: "incomplete",
        rule: "v4-would-start-again",
        ..VOLUMES
    },
    Case {
        name: "the same with a standby that follows",
        life: "standby/02-caught-up",
        now: &[(NAMESPACE, V4_WANTS)],
        verdict: "incomplete",
        rule: "still-a-standby",
        ..VOLUMES
    },
    // V18
    Case {
        name: "a second repository that the operator has not made",
        now: &[(
            "resources: {requests: {storage: 1Gi}}}}}]}}\nstatus",
            "resources: {requests: {storage: 1Gi}}}}}, {name: repo2, s3: {bucket: b, endpoint: e, region: r}}]}}\nstatus",
        )],
        verdict: "incomplete",
        rule: "archiving-does-not-work",
        ..VOLUMES
    },
    // V19
    Case {
        name: "its last full backup is of an earlier cluster of its name",
        now: &[("2026-11-19T01:00:00Z", "2026-10-19T01:00:00Z")],
        verdict: "incomplete",
        rule: "no-full-backup-of-its-own",
        ..VOLUMES
    },
    Case {
        name: "a full backup that was ordered is of an earlier cluster of its name",
        now: &[
            (
                "status: {lastSuccessfulTime: \"2026-11-19T01:00:00Z\"}",
                "---",
            ),
            (NAMESPACE, ORDERED_BEFORE),
        ],
        verdict: "incomplete",
        rule: "no-full-backup-of-its-own",
        ..VOLUMES
    },
    Case {
        name: "a full backup that was ordered is its own",
        now: &[
            (
                "status: {lastSuccessfulTime: \"2026-11-19T01:00:00Z\"}",
                "---",
            ),
            (NAMESPACE, ORDERED_BEFORE),
            ("2026-10-01T10:10:00Z", "2026-11-03T10:10:00Z"),
        ],
        ..VOLUMES
    },
    // V4, V11
    Case {
        name: "its only pod is being stopped",
        now: &[(
            "  name: hippo-db-abcd-0\n",
            "  name: hippo-db-abcd-0\n  deletionTimestamp: \"2026-11-20T11:59:00Z\"\n",
        )],
        verdict: "incomplete",
        rule: "database-does-not-run",
        ..VOLUMES
    },
    Case {
        name: "of three instances the status counts one as ready",
        now: &[(
            "replicas: 1, readyReplicas: 1, updatedReplicas: 1",
            "replicas: 3, readyReplicas: 1, updatedReplicas: 3",
        )],
        rule: "instances-not-settled",
        ..VOLUMES
    },
    Case {
        name: "three instances are ready, and v4 had one",
        now: &[(
            "replicas: 1, readyReplicas: 1, updatedReplicas: 1",
            "replicas: 3, readyReplicas: 3, updatedReplicas: 3",
        )],
        ..VOLUMES
    },
    // V25
    Case {
        name: "the pod alone shows an older minor",
        now: &[(
            "status:\n  phase: Running",
            "spec: {containers: [{name: database, image: \"x/crunchy-postgres:ubi8-13.8-1\"}]}\nstatus:\n  phase: Running",
        )],
        rule: "image-minor-older-than-v4",
        ..VOLUMES
    },
    // V1, at the same identifier
    Case {
        name: "an image of another major runs",
        now: &[(
            "status:\n  phase: Running",
            "spec: {containers: [{name: database, image: \"x/crunchy-postgres:ubi8-14.5-1\"}]}\nstatus:\n  phase: Running",
        )],
        verdict: "incomplete",
        rule: "spec-of-another-major",
        ..VOLUMES
    },
    Case {
        name: "an image whose digest tells no major runs",
        now: &[(
            "status:\n  phase: Running",
            "spec: {containers: [{name: database, image: \"x/postgres@sha256:14aa\"}]}\nstatus:\n  phase: Running",
        )],
        ..VOLUMES
    },
    // V3
    Case {
        name: "it left v4's first timeline before v4 did",
        now: &[("[[1,25165984,", "[[1,20000000,")],
        verdict: "wrong",
        rule: "history-broken",
        ..VOLUMES
    },
    Case {
        name: "Patroni has recorded no history of its third timeline yet",
        now: &[(
            "\n    history: '[[1,25165984,\"no recovery target specified\"]]'\n---\napiVersion: v1\nkind: Endpoints",
            "\n---\napiVersion: v1\nkind: Endpoints",
        )],
        verdict: "unknown",
        rule: "?history-broken",
        ..VOLUMES
    },
    Case {
        name: "Patroni keeps the last timelines only",
        now: &[("[[1,25165984,", "[[2,83886416,")],
        verdict: "unknown",
        rule: "?history-broken",
        ..VOLUMES
    },
    // V5, a restore in place
    Case {
        name: "a restore in place is asked for and not done",
        now: &[
            (
                "uid: 0b5d, creation",
                "uid: 0b5d, annotations: {postgres-operator.crunchydata.com/pgbackrest-restore: x1}, creation",
            ),
            (
                "{pgbackrest: {repos",
                "{pgbackrest: {restore: {enabled: true, repoName: repo1}, repos",
            ),
        ],
        verdict: "incomplete",
        rule: "restored-in-place-next",
        ..VOLUMES
    },
    Case {
        name: "a restore in place is switched off again",
        now: &[
            (
                "uid: 0b5d, creation",
                "uid: 0b5d, annotations: {postgres-operator.crunchydata.com/pgbackrest-restore: x1}, creation",
            ),
            (
                "{pgbackrest: {repos",
                "{pgbackrest: {restore: {enabled: false, repoName: repo1}, repos",
            ),
        ],
        ..VOLUMES
    },
    // V16
    Case {
        name: "v4 had certificates of its own",
        before: &[(
            "user: hippo, database: hippo}",
            "user: hippo, database: hippo, tls: {caSecret: ca, tlsSecret: pair}}",
        )],
        rule: "certificates-of-v4-not-used",
        ..VOLUMES
    },
    Case {
        name: "somebody wrote rules for v4's clients",
        before: &[(
            "    postgresql:\n      parameters: {max_connections: 100}",
            "    postgresql:\n      parameters: {max_connections: 100}\n      pg_hba: [\"hostssl all all 10.0.0.0/8 cert\"]",
        )],
        rule: "pg-hba-lines-not-there",
        ..VOLUMES
    },
    // V18
    Case {
        name: "it backs up elsewhere than v4 did",
        life: "standby/04-done",
        now: &[("bucket: backups", "bucket: others")],
        rule: "v4-backups-left-behind",
        ..VOLUMES
    },
    Case {
        name: "it follows another repository than v4's",
        life: "standby/02-caught-up",
        now: &[("bucket: backups", "bucket: others")],
        verdict: "incomplete",
        rule: "standby-follows-another-repository",
        ..VOLUMES
    },
    Case {
        name: "the host of its repository is not ready",
        now: &[(
            "  observedGeneration: 1\n",
            "  observedGeneration: 1\n  conditions: [{type: PGBackRestRepoHostReady, status: \"False\", reason: RepoHostNotReady}]\n",
        )],
        verdict: "incomplete",
        rule: "operator-tells-of-trouble",
        ..VOLUMES
    },
    // V23
    Case {
        name: "v4 was monitored",
        before: &[(
            "user: hippo, database: hippo}",
            "user: hippo, database: hippo, exporter: true}",
        )],
        verdict: "incomplete",
        rule: "exporter-not-there",
        ..VOLUMES
    },
    Case {
        name: "v4 had PgBouncer, and v5's is scaled to nothing",
        before: &[(
            "user: hippo, database: hippo}",
            "user: hippo, database: hippo, pgBouncer: {replicas: 2}}",
        )],
        now: &[
            (
                "  postgresVersion: 13",
                "  proxy: {pgBouncer: {replicas: 0}}\n  postgresVersion: 13",
            ),
            (
                "  observedGeneration: 1\n",
                "  observedGeneration: 1\n  conditions: [{type: ProxyAvailable, status: \"True\", reason: AsExpected}]\n",
            ),
        ],
        verdict: "incomplete",
        rule: "pgbouncer-not-there",
        ..VOLUMES
    },
    // V27, without events
    Case {
        name: "a volume cannot be resized",
        now: &[(
            "  observedGeneration: 1\n",
            "  observedGeneration: 1\n  conditions: [{type: PersistentVolumeResizing, status: \"False\", reason: Forbidden}]\n",
        )],
        verdict: "incomplete",
        rule: "operator-tells-of-trouble",
        ..VOLUMES
    },
    Case {
        name: "a volume is being resized",
        now: &[(
            "  observedGeneration: 1\n",
            "  observedGeneration: 1\n  conditions: [{type: PersistentVolumeResizing, status: \"True\", reason: Resizing}]\n",
        )],
        ..VOLUMES
    },
    Case {
        name: "its operator is scaled to nothing",
        now: &[(NAMESPACE, ASLEEP)],
        verdict: "incomplete",
        rule: "operator-of-v5-not-running",
        ..VOLUMES
    },
    Case {
        name: "its operator has no image for its Postgres",
        now: &[(NAMESPACE, WITHOUT_IMAGE)],
        verdict: "incomplete",
        rule: "operator-lacks-an-image",
        ..VOLUMES
    },
    Case {
        name: "Patroni has not what the spec asks for",
        now: &[
            (
                "  postgresVersion: 13",
                "  config: {parameters: {work_mem: 64MB}}\n  postgresVersion: 13",
            ),
            (RECORD, WITHOUT_PARAMETERS),
        ],
        verdict: "incomplete",
        rule: "parameters-not-taken-up",
        ..VOLUMES
    },
    // V27
    Case {
        name: "the operator has not seen the spec",
        now: &[("generation: 1}", "generation: 5}")],
        verdict: "incomplete",
        rule: "spec-not-taken-up",
        ..VOLUMES
    },
    Case {
        name: "the export says no generation",
        now: &[(", generation: 1}", "}")],
        verdict: "unknown",
        rule: "?spec-not-taken-up",
        ..VOLUMES
    },
    Case {
        name: "the operator is told to leave it alone and says nothing",
        now: &[(
            "  postgresVersion: 13",
            "  paused: true\n  postgresVersion: 13",
        )],
        verdict: "incomplete",
        rule: "paused-after-the-move",
        ..VOLUMES
    },
    Case {
        name: "it is being deleted",
        now: &[(
            "uid: 0b5d, creation",
            "uid: 0b5d, deletionTimestamp: \"2026-11-19T00:00:00Z\", creation",
        )],
        verdict: "wrong",
        rule: "being-deleted",
        ..VOLUMES
    },
    Case {
        name: "its namespace is being deleted",
        now: &[(
            "metadata: {name: pgo}",
            "metadata: {name: pgo, deletionTimestamp: \"2026-11-20T10:00:00Z\"}",
        )],
        verdict: "wrong",
        rule: "being-deleted",
        ..VOLUMES
    },
    Case {
        name: "the volume of its claim has failed",
        now: &[(
            "spec: {persistentVolumeReclaimPolicy: Retain}",
            "spec: {persistentVolumeReclaimPolicy: Retain}\nstatus: {phase: Failed}",
        )],
        verdict: "wrong",
        rule: "claims-being-deleted",
        ..VOLUMES
    },
    Case {
        name: "its repositories were taken out of its spec",
        now: &[("  backups: {pgbackrest", "  x: {pgbackrest")],
        verdict: "incomplete",
        rule: "no-repository-any-more",
        ..VOLUMES
    },
    Case {
        name: "its PgBouncer does not work, and v4 had none",
        now: &[(
            "  observedGeneration: 1\n",
            "  observedGeneration: 1\n  conditions: [{type: ProxyAvailable, status: \"False\", reason: x}]\n",
        )],
        ..VOLUMES
    },
    Case {
        name: "it is asked to shut down",
        now: &[(
            "  postgresVersion: 13",
            "  shutdown: true\n  postgresVersion: 13",
        )],
        verdict: "incomplete",
        rule: "asked-to-shut-down",
        ..VOLUMES
    },
];

fn changed(text: &str, changes: &[(&str, &str)], name: &str) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{name}: nothing to change: {from}");
        text.replace(from, to)
    })
}

fn verify(texts: &[String], rules: &RuleSet) -> Report {
    let origins = texts.iter().zip(0_u32..).map(|(text, number)| {
        let dump = Dump {
            texts: vec![Text {
                uri: format!("{number}.yaml"),
                bytes: text.clone().into_bytes(),
            }],
            ..Dump::default()
        };
        gather_dump(dump, OriginId(number), SourceId(number))
    });
    let evidence = Evidence::of_all(origins.collect(), &Assume::everything());
    let options = Options {
        living: true,
        ..Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
    };
    check(evidence, rules, &options)
}

fn rules_told(report: &Report, outcome: FindingOutcome) -> Vec<&str> {
    let own = report.living.iter().flat_map(|one| &one.findings);
    let findings = report.migrations[0].findings.iter().chain(own);
    let findings = findings.map(|index| &report.findings[*index]);
    let told = findings.filter(|finding| finding.outcome == outcome);
    told.map(|finding| &*finding.rule).collect()
}

#[test]
fn what_is_nearly_an_arrival_is_none_and_its_twin_is_one() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let lives = root().join("fixtures/lives");
    let read = |path: &str| fs::read_to_string(lives.join(path)).unwrap();
    let mut wrong = Vec::new();
    for case in CASES {
        let life = case.life.split('/').next().unwrap();
        let before = changed(
            &read(&format!("{life}/before.yaml")),
            case.before,
            case.name,
        );
        let now = changed(&read(&format!("{}.yaml", case.life)), case.now, case.name);
        let report = verify(&[before, now], &rules);
        let verdict = report.migrations[0].verdict.name();
        let fires = rules_told(&report, FindingOutcome::Fires);
        let open = rules_told(&report, FindingOutcome::Unknown);
        let told = match case.rule.strip_prefix('?') {
            Some(rule) => open.contains(&rule),
            None => case.rule.is_empty() || fires.contains(&case.rule),
        };
        if verdict != case.verdict || !told {
            wrong.push(format!(
                "{}: {verdict}, fires {fires:?}, open {open:?}",
                case.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// v4 was restored to an earlier point by itself, between two bundles: what it had written after that point it gave up, and
/// nobody has to have it.
#[test]
fn what_v4_gave_up_itself_need_not_arrive() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let life = root().join("fixtures/lives/volumes");
    let read = |name: &str| fs::read_to_string(life.join(name)).unwrap();
    let (before, done) = (read("before.yaml"), read("08-done.yaml"));
    let on_the_first = changed(
        &before,
        &[
            ("\"timeline\":2", "\"timeline\":1"),
            ("    history:", "    else:"),
            ("\"xlog_location\":83886416", "\"xlog_location\":99000000"),
            ("optime: \"83886416\"", "optime: \"99000000\""),
        ],
        "before the restore",
    );
    let report = verify(&[on_the_first, before.clone(), done.clone()], &rules);
    assert_eq!(report.migrations[0].verdict.name(), "arrived");
    // On the timeline that v4 ended on, that position counts.
    let further = changed(
        &before,
        &[("optime: \"83886416\"", "optime: \"99000000\"")],
        "before",
    );
    let report = verify(&[further, before, done], &rules);
    assert_eq!(report.migrations[0].verdict.name(), "wrong");
}

/// A preview that was never removed: both write, and clients have to know which of them goes on.
#[test]
fn two_living_clusters_of_one_v4_cluster_know_of_each_other() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let life = root().join("fixtures/lives/backups");
    let before = fs::read_to_string(life.join("before.yaml")).unwrap();
    let now = fs::read_to_string(life.join("06-done.yaml")).unwrap();
    let alone = verify(&[before.clone(), now.clone()], &rules);
    let rule = "another-living-cluster-of-this-v4";
    assert!(!rules_told(&alone, FindingOutcome::Fires).contains(&rule));
    let second = now.replace("namespace: pgo", "namespace: preview");
    let both = verify(&[before, format!("{now}---\n{second}")], &rules);
    assert_eq!(both.migrations.len(), 2);
    assert!(rules_told(&both, FindingOutcome::Fires).contains(&rule));
}

/// `--cluster` narrows what is shown; of a move either side's name will do.
#[test]
fn a_verification_is_narrowed_by_either_name() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let life = root().join("fixtures/lives/standby");
    let texts =
        ["before.yaml", "04-done.yaml"].map(|name| fs::read_to_string(life.join(name)).unwrap());
    for (wanted, left, left_out) in [("hippo", 1, 0), ("hippo-v5", 1, 0), ("rhino", 0, 1)] {
        let mut report = verify(&texts, &rules);
        report.keep_moves();
        let out = report.narrow_moves(&|_, name| name == wanted);
        assert_eq!((report.migrations.len(), out), (left, left_out), "{wanted}");
        assert_eq!(report.findings.is_empty(), left == 0, "{wanted}");
    }
}
