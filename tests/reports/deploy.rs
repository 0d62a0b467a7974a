//! The manifests in `deploy/`: each field exists in the Kubernetes API, what they name is there, and the program knows the
//! arguments they pass.

use crate::common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::root;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, PodSpec, ServiceAccount};
use serde::de::{Deserialize as _, DeserializeOwned};
use serde_json::Value;

/// The documents of a manifest.
fn documents(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("deploy").join(file)).unwrap();
    let documents = yaml_serde::Deserializer::from_str(&text);
    documents
        .map(|document| Value::deserialize(document).unwrap())
        .collect()
}

/// Reads an object as its type; what the type does not know is lost, and so shows when it is written again.
fn typed<T: DeserializeOwned + serde::Serialize>(document: &Value) -> T {
    let object: T = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(&serde_json::to_value(&object).unwrap(), document);
    object
}

/// The one document of a kind.
fn of_kind<'d>(documents: &'d [Value], kind: &str) -> &'d Value {
    let mut found = documents.iter().filter(|document| document["kind"] == kind);
    let first = found.next().unwrap();
    assert!(found.next().is_none(), "several {kind}");
    first
}

/// What each pod must be, whoever starts it.
fn assert_harmless(pod: &PodSpec) {
    let security = pod.security_context.as_ref().unwrap();
    assert_eq!(security.run_as_non_root, Some(true));
    assert_eq!(pod.containers.len(), 1);
    let container = pod.containers[0].security_context.as_ref().unwrap();
    assert_eq!(container.read_only_root_filesystem, Some(true));
    assert_eq!(container.allow_privilege_escalation, Some(false));
    let dropped = container
        .capabilities
        .as_ref()
        .unwrap()
        .drop
        .as_ref()
        .unwrap();
    assert_eq!(dropped, &["ALL"]);
    assert!(pod.host_network.is_none() && pod.host_pid.is_none());
}

/// The program takes these arguments: it fails for want of a cluster, not of a flag.
fn assert_understood(pod: &PodSpec) {
    let args = pod.containers[0].args.as_ref().unwrap();
    let temp = tempfile::tempdir().unwrap();
    let reports = temp.path().to_str().unwrap();
    let args = args
        .iter()
        .map(|arg| arg.replace("$(INDEX)", "0").replace("/reports", reports));
    let output = common::program()
        .args(args)
        .env("HOME", temp.path())
        .env_remove("KUBECONFIG")
        .env_remove("KUBERNETES_SERVICE_HOST")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("kubeconfig") && !told.contains("Usage"),
        "{told}"
    );
}

/// The claims a pod mounts are in the same file.
fn assert_claims(pod: &PodSpec, documents: &[Value]) {
    let claim: PersistentVolumeClaim = typed(of_kind(documents, "PersistentVolumeClaim"));
    let volumes = pod.volumes.as_ref().unwrap().iter();
    let named: Vec<&String> = volumes
        .filter_map(|volume| Some(&volume.persistent_volume_claim.as_ref()?.claim_name))
        .collect();
    assert_eq!(named, [claim.metadata.name.as_ref().unwrap()]);
}

#[test]
fn the_cron_job_is_one_by_the_api() {
    let documents = documents("cronjob.yaml");
    let job: CronJob = typed(of_kind(&documents, "CronJob"));
    let pod = job
        .spec
        .unwrap()
        .job_template
        .spec
        .unwrap()
        .template
        .spec
        .unwrap();
    assert_harmless(&pod);
    assert_claims(&pod, &documents);
    assert_understood(&pod);
    let rights = self::documents("rbac.yaml");
    let account: ServiceAccount = typed(of_kind(&rights, "ServiceAccount"));
    assert_eq!(pod.service_account_name, account.metadata.name);
    assert_eq!(
        of_kind(&documents, "CronJob")["metadata"]["namespace"],
        account.metadata.namespace.unwrap()
    );
}

#[test]
fn the_indexed_job_is_one_by_the_api() {
    let documents = documents("indexed-job.yaml");
    let job: Job = typed(of_kind(&documents, "Job"));
    let spec = job.spec.unwrap();
    assert_eq!(spec.completion_mode.as_deref(), Some("Indexed"));
    let pod = spec.template.spec.unwrap();
    assert_harmless(&pod);
    assert_claims(&pod, &documents);
    assert_understood(&pod);
    assert_eq!(pod.automount_service_account_token, Some(false));
}

#[test]
fn a_field_the_api_does_not_know_would_show() {
    let mut job = of_kind(&documents("cronjob.yaml"), "CronJob").clone();
    job["spec"]["jobTemplate"]["spec"]["backofLimit"] = 0.into();
    assert!(std::panic::catch_unwind(|| typed::<CronJob>(&job)).is_err());
}

#[test]
fn the_image_is_built_from_what_is_in_the_repository() {
    let text = std::fs::read_to_string(root().join("deploy/Containerfile")).unwrap();
    let copied = text.lines().filter_map(|line| line.strip_prefix("COPY "));
    let copied = copied.filter(|words| !words.starts_with("--from"));
    for words in copied {
        let words: Vec<&str> = words.split(' ').collect();
        let (_, sources) = words.split_last().unwrap();
        for source in sources {
            assert!(root().join(source).exists(), "{source}");
        }
    }
    // Whatever the sources take in has to be in the image's first stage.
    for path in included(&root().join("src")) {
        let within = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let mut parts = within.split('/');
        let folder = parts.next().unwrap();
        let deeper = format!("{folder}/{}", parts.next().unwrap());
        let copied = [folder, deeper.as_str()]
            .iter()
            .any(|folder| text.contains(&format!("COPY {folder} ")));
        assert!(copied, "{within}");
    }
}

/// The files that sources below a folder include by relative paths.
fn included(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(included(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let names = text
                .split("include_str!(\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            for name in names {
                found.push(path.parent().unwrap().join(name).canonicalize().unwrap());
            }
        }
    }
    found
}

/// The krew manifest of a release whose checksums are these.
fn krew(sums: &str) -> std::process::Output {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("sha256.sum");
    std::fs::write(&file, sums).unwrap();
    Command::new(root().join("deploy/krew.sh"))
        .args(["v0.1.0", "https://github.com/someone/pgo-preflight"])
        .arg(file)
        .output()
        .unwrap()
}

/// What a release builds, as `dist-workspace.toml` says.
fn targets() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("dist-workspace.toml")).unwrap();
    let (_, rest) = text.split_once("targets = [").unwrap();
    let (list, _) = rest.split_once(']').unwrap();
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
#[cfg(unix)]
fn a_release_fills_the_krew_manifest() {
    let sums: Vec<String> = targets()
        .iter()
        .enumerate()
        .map(|(at, target)| format!("{at:064} *pgo-preflight-{target}.tar.gz\n"))
        .collect();
    let output = krew(&sums.concat());
    assert!(output.status.success(), "{output:?}");
    let plugin: Value = yaml_serde::from_slice(&output.stdout).unwrap();
    assert_eq!(plugin["spec"]["version"], "v0.1.0");
    let platforms = plugin["spec"]["platforms"].as_array().unwrap();
    assert_eq!(platforms.len(), 5);
    for platform in platforms {
        let uri = platform["uri"].as_str().unwrap();
        let at = targets()
            .iter()
            .position(|target| uri.contains(target.as_str()))
            .unwrap();
        assert_eq!(platform["sha256"], format!("{at:064}"));
        assert!(
            uri.starts_with("https://github.com/someone/pgo-preflight/releases/download/v0.1.0/"),
            "{uri}"
        );
    }
    // A release without one of them has no manifest.
    assert!(!krew(&sums[1..].concat()).status.success());
}

#[test]
fn the_action_installs_what_releases_build() {
    let script = std::fs::read_to_string(root().join("action/install.sh")).unwrap();
    let mut named = script
        .split("$PROGRAM-")
        .skip(1)
        .filter_map(|rest| rest.split_once(".tar.gz\""));
    let targets = targets();
    let count = named
        .by_ref()
        .map(|(target, _)| assert!(targets.contains(&target.to_owned()), "{target}"))
        .count();
    assert_eq!(count, 5);
}

#[test]
fn one_version_stands_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let mirror = std::fs::read_to_string(root().join("deploy/pre-commit/pyproject.toml")).unwrap();
    assert!(
        mirror.contains(&format!("version = \"{version}\"")),
        "{mirror}"
    );
    assert!(
        mirror.contains(&format!("pgo-preflight=={version}")),
        "{mirror}"
    );
}
