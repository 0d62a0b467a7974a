//! Where each setting of the object store stands, the most trusted source first.

use crate::expr::Version;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::parse_bool;
use crate::fact::v4::traces::{V4Order, asked, by_operator, kept, running, source, to_the_letter};

const NOTE: &str = "a setting of the object store";

pub(in crate::fact::v4) static S3_BUCKET: V4Order = V4Order {
    what: "the bucket",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_S3_BUCKET of the Deployments",
            |cluster| running(cluster, &["PGBACKREST_REPO1_S3_BUCKET"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation s3-bucket of the repository's Secret",
            |cluster| kept(cluster, "s3-bucket", NOTE),
        ),
        source(Trust::Wish, "spec.backrestS3Bucket", |cluster| {
            written(cluster, "backrestS3Bucket", "4.2")
        }),
        source(Trust::Operator, "BackrestS3Bucket of pgo.yaml", |cluster| {
            by_operator(cluster, "BackrestS3Bucket")
        }),
    ],
};

pub(in crate::fact::v4) static S3_ENDPOINT: V4Order = V4Order {
    what: "the endpoint",
    same: same_endpoint,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_S3_ENDPOINT of the Deployments",
            |cluster| running(cluster, &["PGBACKREST_REPO1_S3_ENDPOINT"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation s3-endpoint of the repository's Secret",
            |cluster| kept(cluster, "s3-endpoint", NOTE),
        ),
        source(Trust::Wish, "spec.backrestS3Endpoint", |cluster| {
            written(cluster, "backrestS3Endpoint", "4.2")
        }),
        source(
            Trust::Operator,
            "BackrestS3Endpoint of pgo.yaml",
            |cluster| by_operator(cluster, "BackrestS3Endpoint"),
        ),
    ],
};

pub(in crate::fact::v4) static S3_REGION: V4Order = V4Order {
    what: "the region",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_S3_REGION of the Deployments",
            |cluster| running(cluster, &["PGBACKREST_REPO1_S3_REGION"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation s3-region of the repository's Secret",
            |cluster| kept(cluster, "s3-region", NOTE),
        ),
        source(Trust::Wish, "spec.backrestS3Region", |cluster| {
            written(cluster, "backrestS3Region", "4.2")
        }),
        source(Trust::Operator, "BackrestS3Region of pgo.yaml", |cluster| {
            by_operator(cluster, "BackrestS3Region")
        }),
    ],
};

pub(in crate::fact::v4) static S3_URI_STYLE: V4Order = V4Order {
    what: "the URI style",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_S3_URI_STYLE of the Deployments",
            |cluster| running(cluster, &["PGBACKREST_REPO1_S3_URI_STYLE"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation s3-uri-style of the repository's Secret",
            |cluster| kept(cluster, "s3-uri-style", NOTE),
        ),
        source(Trust::Wish, "spec.backrestS3URIStyle", |cluster| {
            written(cluster, "backrestS3URIStyle", "4.4")
        }),
        source(
            Trust::Operator,
            "BackrestS3URIStyle of pgo.yaml",
            |cluster| by_operator(cluster, "BackrestS3URIStyle"),
        ),
    ],
};

pub(in crate::fact::v4) static S3_VERIFY_TLS: V4Order = V4Order {
    what: "the verification of certificates",
    same: same_truth,
    sources: &[
        source(
            Trust::Runs,
            "PGHA_PGBACKREST_S3_VERIFY_TLS of the Deployments",
            |cluster| running(cluster, &["PGHA_PGBACKREST_S3_VERIFY_TLS"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation s3-verify-tls of the repository's Secret",
            |cluster| kept(cluster, "s3-verify-tls", NOTE),
        ),
        source(Trust::Wish, "spec.backrestS3VerifyTLS", |cluster| {
            written(cluster, "backrestS3VerifyTLS", "4.4")
        }),
        source(
            Trust::Operator,
            "BackrestS3VerifyTLS of pgo.yaml",
            |cluster| by_operator(cluster, "BackrestS3VerifyTLS"),
        ),
    ],
};

pub(in crate::fact::v4) static GCS_BUCKET: V4Order = V4Order {
    what: "the bucket",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_GCS_BUCKET of the Deployments",
            |cluster| running(cluster, &["PGBACKREST_REPO1_GCS_BUCKET"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation gcs-bucket of the repository's Secret",
            |cluster| kept(cluster, "gcs-bucket", NOTE),
        ),
        source(Trust::Wish, "spec.backrestGCSBucket", |cluster| {
            written(cluster, "backrestGCSBucket", "4.7")
        }),
        source(
            Trust::Operator,
            "BackrestGCSBucket of pgo.yaml",
            |cluster| by_operator(cluster, "BackrestGCSBucket"),
        ),
    ],
};

pub(in crate::fact::v4) static GCS_ENDPOINT: V4Order = V4Order {
    what: "the endpoint",
    same: same_endpoint,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_GCS_ENDPOINT of the Deployments",
            |cluster| running(cluster, &["PGBACKREST_REPO1_GCS_ENDPOINT"], NOTE),
        ),
        source(
            Trust::Kept,
            "annotation gcs-endpoint of the repository's Secret",
            |cluster| kept(cluster, "gcs-endpoint", NOTE),
        ),
        source(Trust::Wish, "spec.backrestGCSEndpoint", |cluster| {
            written(cluster, "backrestGCSEndpoint", "4.7")
        }),
        source(
            Trust::Operator,
            "BackrestGCSEndpoint of pgo.yaml",
            |cluster| by_operator(cluster, "BackrestGCSEndpoint"),
        ),
    ],
};

/// `PGBACKREST_REPO1_GCS_KEY_TYPE` looks like a key, and such values are overwritten on loading.
pub(in crate::fact::v4) static GCS_KEY_TYPE: V4Order = V4Order {
    what: "the kind of key",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Kept,
            "annotation gcs-key-type of the repository's Secret",
            |cluster| kept(cluster, "gcs-key-type", NOTE),
        ),
        source(Trust::Wish, "spec.backrestGCSKeyType", |cluster| {
            written(cluster, "backrestGCSKeyType", "4.7")
        }),
        source(
            Trust::Operator,
            "BackrestGCSKeyType of pgo.yaml",
            |cluster| by_operator(cluster, "BackrestGCSKeyType"),
        ),
    ],
};

/// A field of the Pgcluster; silent where the release does not read it.
fn written(cluster: &Cluster<'_>, field: &str, since: &str) -> Answer {
    let said = cluster.string(&["spec", field], NOTE);
    let ignored = before(cluster, since);
    asked(
        cluster,
        said.map(|text| if ignored { String::new() } else { text }),
    )
}

/// pgBackRest takes an endpoint with or without its scheme; 443 is its usual port.
fn same_endpoint(one: &str, other: &str) -> bool {
    let bare = |text: &str| {
        let lower = text.trim_end_matches('/').to_ascii_lowercase();
        let host = lower.strip_prefix("https://").unwrap_or(&lower);
        host.strip_suffix(":443").unwrap_or(host).to_owned()
    };
    bare(one) == bare(other)
}

fn same_truth(one: &str, other: &str) -> bool {
    parse_bool(one).unwrap_or(false) == parse_bool(other).unwrap_or(false)
}

/// Whether the cluster is managed by a release older than this one.
pub(super) fn before(cluster: &Cluster<'_>, release: &str) -> bool {
    let version = cluster.version().value();
    version.is_some_and(|version| Some(*version) < Version::parse(release))
}
