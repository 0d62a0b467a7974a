//! The facts about a draft by itself, group by group, with the places they show.

mod hiding;
mod hostile;
mod settings;
mod shape;
mod sources;

use super::testing::{Desk, draft};

/// A draft of this spec, alone.
fn alone(spec: &str) -> Desk {
    Desk::of(&[&draft(spec)])
}

const VOLUMES: &str = "  dataSource:
    volumes:
      pgDataVolume: {pvcName: hippo-jgut, directory: old}
      pgBackRestVolume: {pvcName: hippo-pgbr-repo}
";

const REPOS: &str = "  backups:
    pgbackrest:
      image: private.example.com/pgbackrest:1
      configuration:
      - secret: {name: s3-keys}
      - configMap: {name: extra}
      global:
        repo1-path: /backrestrepo/hippo-backrest-shared-repo
        repo1-s3-uri-style: path
        repo1-storage-verify-tls: n
        repo1-retention-full: '14'
        repo1: /oops
        repo3-path: /x
        repo1-s3-key-secret: hunter2
        process-max: 4
      repos:
      - name: repo1
        s3: {bucket: b, endpoint: minio.local, region: r}
        schedules: {full: 0 1 * * 0, incremental: 0 2 * * *}
      - name: repo2
        volume: {volumeClaimSpec: {resources: {requests: {storage: 1Gi}}}}
";
