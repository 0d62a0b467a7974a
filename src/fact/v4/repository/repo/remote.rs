//! The object store: bucket, endpoint and what else S3 or GCS need.

use super::stores::{
    GCS_BUCKET, GCS_ENDPOINT, GCS_KEY_TYPE, S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_URI_STYLE,
    S3_VERIFY_TLS, before,
};
use super::types::types;
use crate::fact::repository::{self, Home, normal_path};
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::parse_bool;
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::traces::V4Order;
use crate::manifest::{Fact, Object};

/// Whether two ways of writing a setting mean the same.
type Same<'a> = &'a dyn Fn(&str, &str) -> bool;

/// A setting that S3 and GCS have; `""` with neither. Of both (which PGO refuses) that of S3.
fn of_either(
    cluster: &Cluster<'_>,
    s3: Option<&'static V4Order>,
    gcs: Option<&'static V4Order>,
) -> Fact<String> {
    types(cluster).and_then(|types| {
        let has = |word: &str| types.iter().any(|known| known == word);
        let s3 = s3.filter(|_| has("s3"));
        let gcs = gcs.filter(|_| has("gcs") && !has("s3"));
        s3.or(gcs).map_or_else(
            || Fact::known(String::new()),
            |order| cluster.settled_text(order),
        )
    })
}

/// The bucket.
pub(in crate::fact::v4) fn bucket(cluster: &Cluster<'_>) -> Fact<String> {
    of_either(cluster, Some(&S3_BUCKET), Some(&GCS_BUCKET))
}

/// The endpoint; `""` for GCS is Google's own.
pub(in crate::fact::v4) fn endpoint(cluster: &Cluster<'_>) -> Fact<String> {
    of_either(cluster, Some(&S3_ENDPOINT), Some(&GCS_ENDPOINT))
}

/// How the object store that a backup Job wrote to differs from the cluster's: "bucket old"; `""` where it does not, or
/// the Job does not say.
pub(in crate::fact::v4) fn differs(cluster: &Cluster<'_>, job: &Object) -> Fact<String> {
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
    let bucket = said(&["PGBACKREST_REPO1_S3_BUCKET", "PGBACKREST_REPO1_GCS_BUCKET"]);
    let endpoint = said(&[
        "PGBACKREST_REPO1_S3_ENDPOINT",
        "PGBACKREST_REPO1_GCS_ENDPOINT",
    ]);
    let path = said(&["PGBACKREST_REPO1_PATH", "PGBACKREST_REPO_PATH"]);
    let store = |endpoint: &str| repository::store("s3", endpoint, home(cluster));
    let same_store = |one: &str, other: &str| store(one) == store(other);
    let same_path = |one: &str, other: &str| normal_path(one) == normal_path(other);
    let checks: [(&str, Fact<String>, Fact<String>, Same<'_>); 3] = [
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
        let one = there.both(here).map(|(there, here)| {
            if same(&there, &here) {
                String::new()
            } else {
                format!("{name} {there}")
            }
        });
        if one.value().is_some_and(|words| !words.is_empty()) {
            return one;
        }
        all = all.both(one).map(|_| String::new());
    }
    all
}

/// Where the cluster's repository is written down.
pub(in crate::fact::v4) fn home<'a>(cluster: &Cluster<'a>) -> Home<'a> {
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
            true => cluster
                .settled_text(&S3_URI_STYLE)
                .map(|style| or_else(style, "host")),
            false => Fact::known(String::new()),
        }
    })
}

/// The kind of key for GCS: `service` unless said otherwise.
pub(super) fn key_type(cluster: &Cluster<'_>) -> Fact<String> {
    types(cluster).and_then(|types| {
        let has = |word: &str| types.iter().any(|known| known == word);
        if has("gcs") && !has("s3") {
            return cluster
                .settled_text(&GCS_KEY_TYPE)
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

/// Whether certificates of S3 are verified; true without S3. Before 4.4 they always are; what is no truth counts as
/// false, as it does for PGO.
pub(super) fn verify_tls(cluster: &Cluster<'_>) -> Fact<bool> {
    types(cluster).and_then(|types| {
        if before(cluster, "4.4") || !types.iter().any(|word| word == "s3") {
            return Fact::known(true);
        }
        cluster
            .settled_text(&S3_VERIFY_TLS)
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
