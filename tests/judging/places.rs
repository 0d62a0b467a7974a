//! One walk for all places of a kind: the same fault is put into every place where it can stand, and there the rule must fire, with
//! its label and its path on the culprit; of what is right there, it says nothing.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::common;

/// Wherever pods get tolerations and affinity.
const PODS: [&str; 9] = [
    "/spec/instances/0",
    "/spec/instances/1",
    "/spec/backups/pgbackrest/repoHost",
    "/spec/backups/pgbackrest/jobs",
    "/spec/backups/pgbackrest/restore",
    "/spec/dataSource/postgresCluster",
    "/spec/dataSource/pgbackrest",
    "/spec/proxy/pgBouncer",
    "/spec/userInterface/pgAdmin",
];

/// Wherever containers get resources.
const CONTAINERS: [&str; 15] = [
    "/spec/instances/0",
    "/spec/instances/1",
    "/spec/instances/0/sidecars/replicaCertCopy",
    "/spec/instances/0/containers/0",
    "/spec/backups/pgbackrest/repoHost",
    "/spec/backups/pgbackrest/jobs",
    "/spec/backups/pgbackrest/restore",
    "/spec/backups/pgbackrest/sidecars/pgbackrest",
    "/spec/backups/pgbackrest/sidecars/pgbackrestConfig",
    "/spec/dataSource/postgresCluster",
    "/spec/dataSource/pgbackrest",
    "/spec/proxy/pgBouncer",
    "/spec/proxy/pgBouncer/sidecars/pgbouncerConfig",
    "/spec/proxy/pgBouncer/containers/0",
    "/spec/monitoring/pgmonitor/exporter",
];

const SPREAD: [&str; 4] = [
    "/spec/instances/0",
    "/spec/instances/1",
    "/spec/backups/pgbackrest/repoHost",
    "/spec/proxy/pgBouncer",
];

const CLAIMS: [&str; 8] = [
    "/spec/instances/0/dataVolumeClaimSpec",
    "/spec/instances/1/dataVolumeClaimSpec",
    "/spec/instances/0/walVolumeClaimSpec",
    "/spec/instances/1/walVolumeClaimSpec",
    "/spec/instances/1/volumes/temp",
    "/spec/instances/0/tablespaceVolumes/0/dataVolumeClaimSpec",
    "/spec/backups/pgbackrest/repos/0/volume/volumeClaimSpec",
    "/spec/userInterface/pgAdmin/dataVolumeClaimSpec",
];

const SERVICES: [&str; 4] = [
    "/spec/service",
    "/spec/replicaService",
    "/spec/proxy/pgBouncer/service",
    "/spec/userInterface/pgAdmin/service",
];

/// Repositories; what is written of each in its `global` goes by its number.
const REPOSITORIES: [&str; 3] = [
    "/spec/backups/pgbackrest/repos/0",
    "/spec/backups/pgbackrest/repos/1",
    "/spec/dataSource/pgbackrest/repo",
];

const GLOBALS: [&str; 2] = [
    "/spec/backups/pgbackrest/global",
    "/spec/dataSource/pgbackrest/global",
];

const RESTORES: [&str; 3] = [
    "/spec/backups/pgbackrest/restore",
    "/spec/dataSource/postgresCluster",
    "/spec/dataSource/pgbackrest",
];

const PROJECTIONS: [&str; 6] = [
    "/spec/backups/pgbackrest/configuration",
    "/spec/dataSource/pgbackrest/configuration",
    "/spec/monitoring/pgmonitor/exporter/configuration",
    "/spec/config/files",
    "/spec/proxy/pgBouncer/config/files",
    "/spec/userInterface/pgAdmin/config/files",
];

const IMAGES: [&str; 5] = [
    "/spec/image",
    "/spec/backups/pgbackrest/image",
    "/spec/proxy/pgBouncer/image",
    "/spec/monitoring/pgmonitor/exporter/image",
    "/spec/userInterface/pgAdmin/image",
];

const OWN_IMAGES: [&str; 9] = [
    "/spec/image",
    "/spec/backups/pgbackrest/image",
    "/spec/proxy/pgBouncer/image",
    "/spec/monitoring/pgmonitor/exporter/image",
    "/spec/userInterface/pgAdmin/image",
    "/spec/instrumentation/image",
    "/spec/instances/0/containers/0/image",
    "/spec/instances/1/containers/0/image",
    "/spec/proxy/pgBouncer/containers/0/image",
];

const SCHEDULES: [&str; 4] = [
    "/spec/backups/pgbackrest/repos/0/schedules/full",
    "/spec/backups/pgbackrest/repos/0/schedules/incremental",
    "/spec/backups/pgbackrest/repos/1/schedules/differential",
    "/spec/backups/pgbackrest/repos/1/schedules/full",
];

/// A fault of one kind.
struct Fault {
    rule: &'static str,
    places: &'static [&'static str],
    /// Below the place.
    at: &'static str,
    wrong: Value,
    right: Value,
    /// What the label stands on, or a part of it.
    label: &'static str,
}

fn fault(
    rule: &'static str,
    places: &'static [&'static str],
    at: &'static str,
    (wrong, right): (Value, Value),
    label: &'static str,
) -> Fault {
    Fault {
        rule,
        places,
        at,
        wrong,
        right,
        label,
    }
}

fn claim(more: &Value) -> Value {
    let mut claim =
        json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}});
    let fields = claim.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    claim
}

fn store(field: &str, value: &str) -> Value {
    let mut store =
        json!({"bucket": "backups", "endpoint": "s3.eu-1.acme.example", "region": "eu-1"});
    store[field] = value.into();
    store
}

fn selects(cluster: &str) -> Value {
    let labels = json!({"postgres-operator.crunchydata.com/cluster": cluster});
    json!({"topologyKey": "zone", "labelSelector": {"matchLabels": labels}})
}

fn of_pods() -> Vec<Fault> {
    let anti = |term: Value| json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}});
    let spread = |skew: i64, cluster: &str| {
        let mut one = selects(cluster);
        one["maxSkew"] = skew.into();
        one["whenUnsatisfiable"] = "DoNotSchedule".into();
        json!([one])
    };
    let limits = |request: &str, limit: &str| json!({"requests": {"memory": request}, "limits": {"memory": limit}});
    let of_v4 =
        json!({"topologyKey": "zone", "labelSelector": {"matchLabels": {"pg-cluster": "hippo"}}});
    let bad = json!({"topologyKey": "zone", "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Has"}]}});
    let good = json!({"topologyKey": "zone", "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}});
    vec![
        fault(
            "toleration-refused",
            &PODS,
            "tolerations",
            (
                json!([{"key": "a", "operator": "Exists"}, {"key": "b", "operator": "Is"}]),
                json!([{"key": "a", "operator": "Exists"}, {"key": "b", "operator": "Equal", "value": "c"}]),
            ),
            "Is",
        ),
        fault(
            "pod-part-refused",
            &PODS,
            "affinity",
            (anti(bad), anti(good)),
            "Has",
        ),
        fault(
            "selector-of-nobody",
            &PODS,
            "affinity",
            (anti(selects("hipo")), anti(selects("hippo"))),
            "hipo",
        ),
        fault(
            "selector-by-label-of-v4",
            &PODS,
            "affinity",
            (anti(of_v4), anti(selects("hippo"))),
            "hippo",
        ),
        fault(
            "pod-part-refused",
            &SPREAD,
            "topologySpreadConstraints",
            (spread(0, "hippo"), spread(1, "hippo")),
            "0",
        ),
        fault(
            "selector-of-nobody",
            &SPREAD,
            "topologySpreadConstraints",
            (spread(1, "hipo"), spread(1, "hippo")),
            "hipo",
        ),
        fault(
            "container-request-above-limit",
            &CONTAINERS,
            "resources",
            (limits("2Gi", "1Gi"), limits("1Gi", "1Gi")),
            "2Gi",
        ),
        fault(
            "memory-limit-of-almost-nothing",
            &CONTAINERS,
            "resources",
            (
                json!({"limits": {"memory": "512m"}}),
                json!({"limits": {"memory": "512M"}}),
            ),
            "512m",
        ),
        fault(
            "private-image-without-pull-secret",
            &OWN_IMAGES,
            "",
            (
                json!("registry.acme.example/db/part:1"),
                json!("registry.developers.crunchydata.com/db/part:1"),
            ),
            "registry.acme.example/db/part:1",
        ),
        fault(
            "image-of-v4",
            &IMAGES,
            "",
            (
                json!(
                    "registry.developers.crunchydata.com/crunchydata/crunchy-postgres-ha:centos8-13.5-4.7.4"
                ),
                json!(
                    "registry.developers.crunchydata.com/crunchydata/crunchy-postgres:ubi8-13.5-5.0.4"
                ),
            ),
            "4.7.4",
        ),
    ]
}

fn of_volumes() -> Vec<Fault> {
    let limited = |limit: &str| {
        claim(
            &json!({"resources": {"requests": {"storage": "10Gi"}, "limits": {"storage": limit}}}),
        )
    };
    let modes = |modes: &[&str]| claim(&json!({ "accessModes": modes }));
    vec![
        fault(
            "claim-request-above-limit",
            &CLAIMS,
            "",
            (limited("5Gi"), limited("50Gi")),
            "10Gi",
        ),
        fault(
            "access-mode-refused",
            &CLAIMS,
            "",
            (modes(&["RWO"]), modes(&["ReadWriteMany"])),
            "RWO",
        ),
        fault(
            "access-mode-refused",
            &CLAIMS,
            "",
            (
                modes(&["ReadWriteMany", "ReadWriteOncePod"]),
                modes(&["ReadWriteOncePod"]),
            ),
            "ReadWriteOncePod",
        ),
        fault(
            "claim-of-raw-blocks",
            &CLAIMS,
            "",
            (
                claim(&json!({"volumeMode": "Block"})),
                claim(&json!({"volumeMode": "Filesystem"})),
            ),
            "Block",
        ),
        fault(
            "claim-asks-for-a-certain-volume",
            &CLAIMS,
            "",
            (
                claim(&json!({"volumeName": "pv-1"})),
                claim(&json!({"storageClassName": "pv-1"})),
            ),
            "volumeName",
        ),
        fault(
            "amount-hardly-meant",
            &CLAIMS,
            "",
            (
                claim(&json!({"resources": {"requests": {"storage": "10"}}})),
                claim(&json!({})),
            ),
            "10",
        ),
        fault(
            "configuration-missing",
            &PROJECTIONS,
            "",
            (
                json!([{"secret": {"name": "gone"}}]),
                json!([{"secret": {"name": "there"}}]),
            ),
            "gone",
        ),
        fault(
            "configuration-key-missing",
            &PROJECTIONS,
            "",
            (
                json!([{"secret": {"name": "there", "items": [{"key": "b", "path": "b.conf"}]}}]),
                json!([{"secret": {"name": "there", "items": [{"key": "a.conf", "path": "b.conf"}]}}]),
            ),
            "b",
        ),
    ]
}

fn of_clients() -> Vec<Fault> {
    vec![
        fault(
            "node-port-outside-the-range",
            &SERVICES,
            "",
            (
                json!({"type": "NodePort", "nodePort": 5432}),
                json!({"type": "NodePort", "nodePort": 30432}),
            ),
            "5432",
        ),
        fault(
            "node-port-of-cluster-ip",
            &SERVICES,
            "",
            (
                json!({"type": "ClusterIP", "nodePort": 30432}),
                json!({"type": "LoadBalancer", "nodePort": 30432}),
            ),
            "30432",
        ),
        fault(
            "service-refused",
            &SERVICES,
            "",
            (
                json!({"type": "ClusterIP", "externalTrafficPolicy": "Local"}),
                json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local"}),
            ),
            "Local",
        ),
    ]
}

fn of_repositories() -> Vec<Fault> {
    let global = |name: &str, value: &str| json!({ name: value });
    let fine = |more: (&str, &str)| store(more.0, more.1);
    let plain = || store("region", "eu-1");
    let stores = |rule, wrong: (&str, &str), label| {
        fault(rule, &REPOSITORIES, "s3", (fine(wrong), plain()), label)
    };
    let options =
        |rule, wrong: Value, right: Value, label| fault(rule, &GLOBALS, "", (wrong, right), label);
    let restores = |rule, wrong: &str, right: &str| {
        let label: &'static str = Box::leak(wrong.to_owned().into_boxed_str());
        fault(
            rule,
            &RESTORES,
            "options",
            (json!(["--delta", wrong]), json!(["--delta", right])),
            label,
        )
    };
    vec![
        stores(
            "bucket-in-endpoint",
            ("endpoint", "backups.s3.eu-1.acme.example"),
            "backups.s3.eu",
        ),
        stores(
            "endpoint-with-path",
            ("endpoint", "s3.acme.example/backups"),
            "s3.acme.example/backups",
        ),
        stores(
            "bucket-name-unlikely",
            ("bucket", "My_Backups"),
            "My_Backups",
        ),
        stores(
            "bucket-with-path",
            ("bucket", "backups/hippo"),
            "backups/hippo",
        ),
        stores(
            "endpoint-of-a-website",
            ("endpoint", "s3-website.eu-central-1.amazonaws.com"),
            "s3-website",
        ),
        fault(
            "region-doubtful",
            &REPOSITORIES,
            "s3",
            (
                json!({"bucket": "backups", "endpoint": "s3.eu-central-1.amazonaws.com", "region": "eu-west-1"}),
                json!({"bucket": "backups", "endpoint": "s3.eu-central-1.amazonaws.com", "region": "eu-central-1"}),
            ),
            "eu-west-1",
        ),
        fault(
            "repository-without-one-kind",
            &REPOSITORIES,
            "",
            (json!({"gcs": {"bucket": "backups"}}), json!({})),
            "s3",
        ),
        fault(
            "schedule-refused",
            &SCHEDULES,
            "",
            (json!("0 1 * * 7"), json!("0 1 * * 6")),
            "0 1 * * 7",
        ),
        fault(
            "schedule-never-due",
            &SCHEDULES,
            "",
            (json!("0 1 31 6 *"), json!("0 1 30 6 *")),
            "0 1 31 6 *",
        ),
        options(
            "repository-path-not-absolute",
            global("repo1-path", "hippo/repo1"),
            global("repo1-path", "/hippo/repo1"),
            "repo1-path",
        ),
        options(
            "global-option-unknown",
            global("repo1-pathh", "/hippo"),
            global("repo1-path", "/hippo"),
            "repo1-pathh",
        ),
        options(
            "global-option-value-refused",
            global("repo1-s3-uri-style", "paths"),
            global("repo1-s3-uri-style", "path"),
            "paths",
        ),
        options(
            "credentials-in-plain-sight",
            global("repo1-s3-key-secret", "abc"),
            global("repo1-s3-key-type", "auto"),
            "repo1-s3-key-secret",
        ),
        options(
            "global-option-of-undeclared-repository",
            global("repo4-path", "/hippo"),
            global("repo1-path", "/hippo"),
            "repo4-path",
        ),
        options(
            "schema-wrong-type",
            json!({"repo1-s3-verify-tls": false}),
            global("repo1-s3-verify-tls", "n"),
            "false",
        ),
        restores("restore-options-refused", "--repo=2", "--set=latest"),
        restores(
            "restore-option-not-taken",
            "--types=immediate",
            "--type=immediate",
        ),
        restores(
            "restore-type-without-target",
            "--type=time",
            "--type=immediate",
        ),
        restores("restore-option-falls-apart", "--set=a b", "--set=a"),
        restores(
            "restore-that-never-ends",
            "--type=standby",
            "--type=default",
        ),
    ]
}

/// A cluster with everything in it that a fault can stand in.
fn whole(place: &str) -> Value {
    let bucket = store("region", "eu-1");
    let sidecar = json!([{"name": "more", "image": "registry.developers.crunchydata.com/more:1"}]);
    let set = |name: &str| {
        json!({
            "name": name, "dataVolumeClaimSpec": claim(&json!({})), "containers": sidecar,
            "tablespaceVolumes": [{"name": "space", "dataVolumeClaimSpec": claim(&json!({}))}],
        })
    };
    let repos = if place.starts_with("/spec/backups/pgbackrest/repos/0/volume") {
        json!([{"name": "repo1", "volume": {"volumeClaimSpec": claim(&json!({}))}}])
    } else {
        json!([{"name": "repo1", "s3": bucket}, {"name": "repo2", "s3": bucket}])
    };
    let source = if place.starts_with("/spec/dataSource/pgbackrest") {
        json!({"pgbackrest": {"stanza": "db", "repo": {"name": "repo1", "s3": bucket}}})
    } else {
        json!({"postgresCluster": {"repoName": "repo1"}})
    };
    json!({
        "apiVersion": "postgres-operator.crunchydata.com/v1beta1",
        "kind": "PostgresCluster",
        "metadata": {"name": "hippo"},
        "spec": {
            "postgresVersion": 16,
            "instances": [set("first"), set("second")],
            "backups": {"pgbackrest": {
                "repos": repos,
                "restore": {"enabled": place.starts_with("/spec/backups/pgbackrest/restore"), "repoName": "repo1"},
            }},
            "dataSource": source,
            "proxy": {"pgBouncer": {"containers": sidecar}},
            "monitoring": {"pgmonitor": {"exporter": {}}},
            "userInterface": {"pgAdmin": {"dataVolumeClaimSpec": claim(&json!({}))}},
        },
    })
}

/// Writes a value at a pointer, with all that leads there.
fn put(whole: &mut Value, pointer: &str, value: Value) {
    let mut at = whole;
    for key in pointer.split('/').skip(1) {
        at = match key.parse::<usize>() {
            Ok(index) => &mut at[index],
            Err(_) => &mut at[key],
        };
    }
    match (at.as_object_mut(), value) {
        // Options join what is there.
        (Some(fields), Value::Object(more)) => fields.extend(more),
        (_, value) => *at = value,
    }
}

/// The JSON report on one file.
fn report(text: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("drafts.yaml");
    std::fs::write(&file, text).unwrap();
    let output = common::program()
        .arg("check")
        .arg(&file)
        .args(["--target", "5.8.9", "--format", "json", "--no-config"])
        .args(["--assume-complete", "--now", "2026-11-20T12:00:00Z"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_fault_is_told_wherever_it_stands() {
    let groups = [of_pods(), of_volumes(), of_clients(), of_repositories()];
    let faults: Vec<Fault> = groups.into_iter().flatten().collect();
    let mut text = String::new();
    let mut rows: Vec<(String, &Fault, String, bool)> = Vec::new();
    for fault in &faults {
        for place in fault.places {
            for (is_wrong, value) in [(true, &fault.wrong), (false, &fault.right)] {
                let namespace = format!("n{}", rows.len());
                let pointer = match fault.at {
                    "" => (*place).to_owned(),
                    at => format!("{place}/{at}"),
                };
                let mut draft = whole(place);
                draft["metadata"]["namespace"] = namespace.as_str().into();
                put(&mut draft, &pointer, value.clone());
                text.push_str(&format!("---\n{draft}\n"));
                let secret = json!({"apiVersion": "v1", "kind": "Secret", "data": {"a.conf": ""},
                    "metadata": {"name": "there", "namespace": namespace}});
                text.push_str(&format!("---\n{secret}\n"));
                rows.push((namespace, fault, pointer, is_wrong));
            }
        }
    }
    let report = report(&text);
    let findings = report["findings"].as_array().unwrap();
    let mut wrong = Vec::new();
    for (namespace, fault, pointer, is_wrong) in &rows {
        let own = findings.iter().filter(|finding| {
            finding["subject"]["namespace"] == **namespace && finding["rule"] == fault.rule
        });
        let fired: Vec<&Value> = own.filter(|one| one["outcome"] == "fires").collect();
        let points = |one: &&&Value| {
            let label = one["labels"][0]["text"].as_str().unwrap_or_default();
            let path = one["path"].as_str().unwrap_or_default();
            path.starts_with(pointer.as_str()) && label.contains(fault.label)
        };
        let fits = fired.iter().filter(points).count();
        let right = if *is_wrong {
            fits == 1 && fired.len() == 1
        } else {
            fits == 0
        };
        if !right {
            let seen: Vec<String> = fired
                .iter()
                .map(|one| format!("{} {}", one["path"], one["labels"][0]["text"]))
                .collect();
            wrong.push(format!(
                "{} at {pointer}, wrong: {is_wrong}: {seen:?}",
                fault.rule
            ));
        }
    }
    assert!(rows.len() > 400, "{}", rows.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}
