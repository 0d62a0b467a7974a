//! The object store: bucket, endpoint and what else S3 or GCS need.

use super::super::Cluster;
use super::super::fields::parse_bool;
use super::super::traces::{Said, first_said, in_environment, in_secret, unless_empty};
use super::super::workload::env;
use super::types::types;
use crate::expr::Version;
use crate::fact::repository::{self, Home, normal_path};
use crate::manifest::{Fact, Object};

/// One setting and where it may be written.
struct Setting {
    /// Field of the Pgcluster's spec; `""` where it has none.
    field: &'static str,
    /// First release that reads the field.
    since: &'static str,
    /// Variable of the Deployments; `""` where its value never survives loading.
    variable: &'static str,
    /// Annotation of the repository's Secret.
    annotation: &'static str,
    /// Entry of `pgo.yaml`.
    entry: &'static str,
}

const S3_BUCKET: Setting = Setting {
    field: "backrestS3Bucket",
    since: "4.2",
    variable: "PGBACKREST_REPO1_S3_BUCKET",
    annotation: "s3-bucket",
    entry: "BackrestS3Bucket",
};
const S3_ENDPOINT: Setting = Setting {
    field: "backrestS3Endpoint",
    since: "4.2",
    variable: "PGBACKREST_REPO1_S3_ENDPOINT",
    annotation: "s3-endpoint",
    entry: "BackrestS3Endpoint",
};
const S3_REGION: Setting = Setting {
    field: "backrestS3Region",
    since: "4.2",
    variable: "PGBACKREST_REPO1_S3_REGION",
    annotation: "s3-region",
    entry: "BackrestS3Region",
};
const S3_URI_STYLE: Setting = Setting {
    field: "backrestS3URIStyle",
    since: "4.4",
    variable: "PGBACKREST_REPO1_S3_URI_STYLE",
    annotation: "s3-uri-style",
    entry: "BackrestS3URIStyle",
};
const S3_VERIFY_TLS: Setting = Setting {
    field: "backrestS3VerifyTLS",
    since: "4.4",
    variable: "PGHA_PGBACKREST_S3_VERIFY_TLS",
    annotation: "s3-verify-tls",
    entry: "BackrestS3VerifyTLS",
};
const GCS_BUCKET: Setting = Setting {
    field: "backrestGCSBucket",
    since: "4.7",
    variable: "PGBACKREST_REPO1_GCS_BUCKET",
    annotation: "gcs-bucket",
    entry: "BackrestGCSBucket",
};
const GCS_ENDPOINT: Setting = Setting {
    field: "backrestGCSEndpoint",
    since: "4.7",
    variable: "PGBACKREST_REPO1_GCS_ENDPOINT",
    annotation: "gcs-endpoint",
    entry: "BackrestGCSEndpoint",
};
const GCS_KEY_TYPE: Setting = Setting {
    field: "backrestGCSKeyType",
    since: "4.7",
    // `..._KEY_TYPE` looks like a key, and such values are overwritten on loading.
    variable: "",
    annotation: "gcs-key-type",
    entry: "BackrestGCSKeyType",
};

const NOTE: &str = "a setting of the object store";

impl Setting {
    /// The Pgcluster; else what its Deployments run with; else the Secret's copy; else the operator's own settings.
    fn of(&self, cluster: &Cluster<'_>) -> Fact<String> {
        first_said(&[
            &|| self.written(cluster),
            &|| self.running(cluster),
            &|| in_secret(cluster, self.annotation, NOTE),
            &|| cluster.operator_setting(self.entry).map(Some),
        ])
    }

    fn written(&self, cluster: &Cluster<'_>) -> Said {
        let field = unless_empty(cluster.string(&["spec", self.field], NOTE));
        if before(cluster, self.since) {
            field.map(|_| None)
        } else {
            field
        }
    }

    /// A Deployment that has the bucket has all settings; one that it lacks is empty.
    fn running(&self, cluster: &Cluster<'_>) -> Said {
        let own = match self.variable {
            "" => return Fact::known(None),
            variable => in_environment(cluster, &[variable], NOTE),
        };
        if own.value() != Some(&None) {
            return own;
        }
        let bucket = if self.field.contains("GCS") {
            GCS_BUCKET
        } else {
            S3_BUCKET
        };
        let bucket = in_environment(
            cluster,
            &[bucket.variable],
            "the Deployments have the object store's settings",
        );
        bucket.map(|bucket| bucket.map(|_| String::new()))
    }
}

/// A setting that S3 and GCS have; `""` with neither. Of both (which PGO refuses) that of S3.
fn of_either(cluster: &Cluster<'_>, s3: Option<&Setting>, gcs: Option<&Setting>) -> Fact<String> {
    types(cluster).and_then(|types| {
        let has = |word: &str| types.iter().any(|known| known == word);
        let s3 = s3.filter(|_| has("s3"));
        let gcs = gcs.filter(|_| has("gcs") && !has("s3"));
        s3.or(gcs)
            .map_or_else(|| Fact::known(String::new()), |setting| setting.of(cluster))
    })
}

/// The bucket.
pub(super) fn bucket(cluster: &Cluster<'_>) -> Fact<String> {
    of_either(cluster, Some(&S3_BUCKET), Some(&GCS_BUCKET))
}

/// The endpoint; `""` for GCS is Google's own.
pub(super) fn endpoint(cluster: &Cluster<'_>) -> Fact<String> {
    of_either(cluster, Some(&S3_ENDPOINT), Some(&GCS_ENDPOINT))
}

/// How the object store that a backup Job wrote to differs from the cluster's: "bucket old"; `""` where it does not, or
/// the Job does not say.
pub(in super::super) fn differs(cluster: &Cluster<'_>, job: &Object) -> Fact<String> {
    let said = |names: &[&str]| {
        let mut values = names
            .iter()
            .map(|name| env(job, name, "where the backup went"));
        let found = values.find_map(|fact| match fact {
            Fact::Known(truth) if truth.value.as_ref().is_none_or(String::is_empty) => None,
            fact => Some(fact.map(Option::unwrap_or_default)),
        });
        found.unwrap_or_else(|| Fact::known(String::new()))
    };
    let bucket = said(&[S3_BUCKET.variable, GCS_BUCKET.variable]);
    let endpoint = said(&[S3_ENDPOINT.variable, GCS_ENDPOINT.variable]);
    let path = said(&["PGBACKREST_REPO1_PATH", "PGBACKREST_REPO_PATH"]);
    let store = |endpoint: &str| repository::store("s3", endpoint, home(cluster));
    let same_store = |one: &str, other: &str| store(one) == store(other);
    let same_path = |one: &str, other: &str| normal_path(one) == normal_path(other);
    let checks: [(
        &str,
        Fact<String>,
        Fact<String>,
        &dyn Fn(&str, &str) -> bool,
    ); 3] = [
        ("bucket", bucket, self::bucket(cluster), &|one, other| {
            one == other
        }),
        ("endpoint", endpoint, self::endpoint(cluster), &same_store),
        ("path", path, super::path::path(cluster), &same_path),
    ];
    let mut all = Fact::known(String::new());
    for (name, there, here, same) in checks {
        // Of what the Job does not name nothing is asked.
        if there.value().is_some_and(String::is_empty) {
            continue;
        }
        let one = there
            .both(here)
            .map(|(there, here)| match same(&there, &here) {
                true => String::new(),
                false => format!("{name} {there}"),
            });
        if one.value().is_some_and(|words| !words.is_empty()) {
            return one;
        }
        all = all.both(one).map(|_| String::new());
    }
    all
}

/// Where the cluster's repository is written down.
pub(in super::super) fn home<'a>(cluster: &Cluster<'a>) -> Home<'a> {
    Home {
        origin: cluster.inventory.origin.0,
        namespace: cluster.namespace.unwrap_or_default(),
    }
}

/// The region of S3.
pub(super) fn region(cluster: &Cluster<'_>) -> Fact<String> {
    of_either(cluster, Some(&S3_REGION), None)
}

/// How the bucket is named in URIs of S3, as written: `host` unless said otherwise.
pub(super) fn uri_style(cluster: &Cluster<'_>) -> Fact<String> {
    types(cluster).and_then(|types| {
        let old = before(cluster, "4.4");
        match types.iter().any(|word| word == "s3") {
            true if old => Fact::known("host".to_owned()),
            true => S3_URI_STYLE.of(cluster).map(|style| or_else(style, "host")),
            false => Fact::known(String::new()),
        }
    })
}

/// The kind of key for GCS: `service` unless said otherwise.
pub(super) fn key_type(cluster: &Cluster<'_>) -> Fact<String> {
    types(cluster).and_then(|types| {
        let has = |word: &str| types.iter().any(|known| known == word);
        if has("gcs") && !has("s3") {
            return GCS_KEY_TYPE
                .of(cluster)
                .map(|kind| or_else(kind, "service"));
        }
        Fact::known(String::new())
    })
}

fn or_else(text: String, otherwise: &str) -> String {
    if text.is_empty() {
        otherwise.to_owned()
    } else {
        text
    }
}

/// Whether the cluster is managed by a release older than this one.
fn before(cluster: &Cluster<'_>, release: &str) -> bool {
    let version = cluster.version().value();
    version.is_some_and(|version| Some(*version) < Version::parse(release))
}

/// Whether certificates of S3 are verified; true without S3. Before 4.4 they always are; what is no truth counts as
/// false, as it does for PGO.
pub(super) fn verify_tls(cluster: &Cluster<'_>) -> Fact<bool> {
    types(cluster).and_then(|types| {
        if before(cluster, "4.4") || !types.iter().any(|word| word == "s3") {
            return Fact::known(true);
        }
        S3_VERIFY_TLS
            .of(cluster)
            .map(|text| parse_bool(&text).unwrap_or(false))
    })
}

/// Whether an endpoint is not the provider's own, so that a private certificate authority is likely.
pub(super) fn is_private(endpoint: &str) -> bool {
    let host = host_of(endpoint).to_ascii_lowercase();
    let public = ["amazonaws.com", "amazonaws.com.cn", "googleapis.com"];
    let within = |domain: &&str| host == *domain || host.ends_with(&format!(".{domain}"));
    !host.is_empty() && !public.iter().any(within)
}

/// Whether an endpoint speaks plain HTTP, as far as it says: by its scheme, or by a port that is usually plain.
pub(super) fn is_plain_http(endpoint: &str) -> bool {
    let lower = endpoint.to_ascii_lowercase();
    if lower.starts_with("https://") {
        return false;
    }
    let authority = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or("");
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    lower.starts_with("http://") || matches!(port, "80" | "9000")
}

fn host_of(endpoint: &str) -> &str {
    let authority = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or("");
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_endpoint_is_none_of_the_providers() {
        for public in [
            "",
            "s3.amazonaws.com",
            "https://s3.cn-north-1.amazonaws.com.cn",
            "storage.googleapis.com:443",
        ] {
            assert!(!is_private(public), "{public}");
        }
        for private in [
            "minio.storage.svc:9000",
            "https://s3.example.com",
            "amazonaws.com.example.org",
            "notamazonaws.com",
        ] {
            assert!(is_private(private), "{private}");
        }
    }

    #[test]
    fn plain_http_shows_in_scheme_or_port() {
        for plain in [
            "http://s3.example.com",
            "minio:9000",
            "s3.example.com:80/x",
            "HTTP://minio",
        ] {
            assert!(is_plain_http(plain), "{plain}");
        }
        for tls in [
            "",
            "s3.amazonaws.com",
            "https://minio:9000",
            "s3.example.com:443",
        ] {
            assert!(!is_plain_http(tls), "{tls}");
        }
    }
}
