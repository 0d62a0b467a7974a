//! The pgBackRest repository: whether there is one, where, and how it is set up.

mod archiving;
mod custom;
mod enabled;
mod host;
mod lacking;
mod listing;
mod memo;
pub(in crate::fact::v4) mod path;
mod remote;
mod schedules;
mod stanza;
pub(in crate::fact::v4) mod stores;
pub(in crate::fact::v4) mod types;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::workload::replicas;
use crate::fact::v4::postgres::{ARCHIVE_COMMAND, ARCHIVE_MODE};
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::Fact;

pub(in crate::fact::v4) use enabled::enabled;
pub(in crate::fact::v4) use listing::listing;
pub(in crate::fact::v4) use memo::Repository;
pub(in crate::fact::v4) use path::{directory_of, path};
pub(in crate::fact::v4) use remote::{bucket, differs, endpoint, home};
pub(in crate::fact::v4) use stanza::stanza;
pub(in crate::fact::v4) use types::{in_variables, normalised, types};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "repo.enabled",
        Type::Bool,
        "pgBackRest is in use; only PGO 4.1 can do without",
        |cluster| enabled(cluster).map(Value::from),
    ),
    row(
        "repo.types",
        Type::Strings,
        "where backups go: of \"posix\" (a volume), \"s3\", \"gcs\"; none without pgBackRest",
        |cluster| types(cluster).map(Value::from),
    )
    .told_by(&[&types::TYPES]),
    row(
        "repo.path",
        Type::String,
        "the repository's path in effect; \"\" without pgBackRest",
        |cluster| path::path(cluster).map(Value::from),
    )
    .told_by(&[&path::PATH]),
    row(
        "repo.customPath",
        Type::Bool,
        "the path is not the one PGO v4 takes by itself",
        |cluster| path::path(cluster).map(|path| path::is_custom(&path, cluster.name).into()),
    ),
    row(
        "repo.directory",
        Type::String,
        "the repository's directory in its volume: the path below /backrestrepo; \"\" for the volume's root and for a path elsewhere",
        |cluster| path::directory_of(cluster).map(Value::from),
    ),
    row(
        "repo.onVolume",
        Type::Bool,
        "the repository's path is on the volume of the repository: /backrestrepo itself, or below it",
        |cluster| path::is_on_volume(cluster).map(Value::from),
    ),
    row(
        "repo.sharedPath",
        Type::String,
        "the other cluster whose default path this is; \"\" for none",
        |cluster| path::path(cluster).map(|path| path::shared_with(&path, cluster.name).into()),
    ),
    row(
        "repo.bucket",
        Type::String,
        "the bucket of S3 or GCS; \"\" with neither",
        |cluster| remote::bucket(cluster).map(Value::from),
    )
    .told_by(&[&stores::S3_BUCKET, &stores::GCS_BUCKET]),
    row(
        "repo.endpoint",
        Type::String,
        "the endpoint of S3 or GCS; \"\" with neither, and for Google's own",
        |cluster| remote::endpoint(cluster).map(Value::from),
    )
    .told_by(&[&stores::S3_ENDPOINT, &stores::GCS_ENDPOINT]),
    row(
        "repo.region",
        Type::String,
        "the region of S3; \"\" without S3",
        |cluster| remote::region(cluster).map(Value::from),
    )
    .told_by(&[&stores::S3_REGION]),
    row(
        "repo.uriStyle",
        Type::String,
        "\"host\" or \"path\": how S3's bucket is addressed; \"\" without S3; PGO drops all S3 settings for any other word",
        |cluster| remote::uri_style(cluster).map(Value::from),
    )
    .told_by(&[&stores::S3_URI_STYLE]),
    row(
        "repo.keyType",
        Type::String,
        "the kind of key for GCS: \"service\" or \"token\"; \"\" without GCS",
        |cluster| remote::key_type(cluster).map(Value::from),
    )
    .told_by(&[&stores::GCS_KEY_TYPE]),
    row(
        "repo.verifyTLS",
        Type::Bool,
        "certificates of S3 are verified; true without S3",
        |cluster| remote::verify_tls(cluster).map(Value::from),
    )
    .told_by(&[&stores::S3_VERIFY_TLS]),
    row(
        "repo.privateEndpoint",
        Type::Bool,
        "the endpoint is not Amazon's or Google's own, so a private certificate authority is likely",
        |cluster| remote::endpoint(cluster).map(|endpoint| remote::is_private(&endpoint).into()),
    ),
    row(
        "repo.plainHttp",
        Type::Bool,
        "the endpoint begins with http://, or has port 80 or 9000",
        |cluster| remote::endpoint(cluster).map(|endpoint| remote::is_plain_http(&endpoint).into()),
    ),
    row(
        "repo.lacking",
        Type::Strings,
        "what the object store in use lacks in what runs, as \"bucket of S3\"; none without an object store",
        |cluster| lacking::lacking(cluster).map(Value::from),
    ),
    row(
        "repo.stanza",
        Type::String,
        "the stanza in the repository, \"db\" unless the Deployments say otherwise",
        |cluster| placed(cluster, stanza(cluster)).map(Value::from),
    )
    .told_by(&[&stanza::STANZA]),
    row(
        "repo.customConfig",
        Type::Strings,
        "ConfigMaps and Secrets with pgBackRest options that are seen; empty only when there are none",
        |cluster| custom::names(cluster).map(Value::from),
    ),
    row(
        "repo.customOptions",
        Type::Strings,
        "the names of the pgBackRest options that ConfigMaps among them set, as far as they are seen",
        |cluster| placed(cluster, custom::set_options(cluster)).map(Value::from),
    ),
    row(
        "repo.encrypted",
        Type::Bool,
        "the repository is encrypted; unknown where custom configuration is out of sight, as in a Secret",
        |cluster| custom::encrypted(cluster).map(Value::from),
    ),
    row(
        "repo.archiving",
        Type::String,
        "what archives WAL: \"pgbackrest\", \"pgbackrest without its failures\" (Postgres is told of success all the same), \"nothing\" (it is off), \"another command\"; \"\" without pgBackRest",
        |cluster| archiving::archiving(cluster).map(Value::from),
    )
    .told_by(&[&ARCHIVE_MODE, &ARCHIVE_COMMAND]),
    row(
        "repo.archivingStopped",
        Type::Bool,
        "archiving is seen to be off or replaced; where nothing of it is seen, false as an assumption",
        |cluster| archiving::stopped(cluster).map(Value::from),
    ),
    row(
        "repo.archivingUnchecked",
        Type::Bool,
        "archive_command is seen to tell Postgres of success where pgBackRest failed; false where nothing of it is seen",
        |cluster| archiving::unchecked(cluster).map(Value::from),
    ),
    row(
        "repo.schedules",
        Type::Strings,
        "backup schedules that are seen, as \"full 0 1 * * *\"; empty only when there are none",
        |cluster| schedules::schedules(cluster).map(Value::from),
    ),
    row(
        "repo.schedulesByStore",
        Type::Strings,
        "the same, each behind the repository it is for, as \"s3 full 0 1 * * *\": \"posix\" where it names none",
        |cluster| schedules::by_store(cluster).map(Value::from),
    ),
    row(
        "repo.retention",
        Type::Strings,
        "retention options that are seen, as \"repo1-retention-full=7\"; empty only when none is written anywhere",
        |cluster| schedules::retention(cluster).map(Value::from),
    ),
    row(
        "repo.hostRunning",
        Type::Bool,
        "the repository host is scaled up",
        |cluster| placed(cluster, host_running(cluster)).map(Value::from),
    ),
    row(
        "repo.hostTrouble",
        Type::String,
        "what keeps the repository host from serving, as \"Deployment hippo-backrest-shared-repo has no ready pod\"; \"\" where it serves, and without pgBackRest",
        |cluster| placed(cluster, host::trouble(cluster)).map(Value::from),
    ),
];

fn host_running(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster.repo_host().and_then(|host| match host {
        Some(host) => replicas(host, "the repository host's replicas").map(|count| count > 0),
        None => Fact::known(false),
    })
}

#[cfg(test)]
mod tests;
