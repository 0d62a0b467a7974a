//! What makes two repositories one: kind, bucket, endpoint and path, each as the object store understands it.
//!
//! PGO v4's clusters, drafts and living clusters of PGO v5 name their repositories in different words; whoever
//! compares them asks here. A repository on a volume has no identity of this sort: there the claim is what is shared.
//!
//! Sources: pgBackRest's options `repo-path`, `repo-s3-endpoint`, `repo-gcs-endpoint`, `repo-azure-endpoint`; names of
//! buckets are unique within a partition of AWS, and within Google Cloud.

/// Where a repository is written down: names that only mean something there are told apart by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home<'a> {
    /// The origin's number: one Kubernetes cluster's worth of evidence.
    pub origin: u32,
    /// The namespace; `""` where none is written.
    pub namespace: &'a str,
}

/// One repository in an object store. Two that are equal are one place, written to by both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// `s3`, `gcs` or `azure`.
    pub kind: String,
    /// The bucket (the container of Azure).
    pub bucket: String,
    /// The store that answers: a host (and a port that is not the usual one), or the partition of a provider.
    pub store: String,
    /// The repository's path within the bucket.
    pub path: String,
}

impl Identity {
    /// The identity of a repository as it is written; `None` for one that is in no object store, or whose bucket or
    /// path is not written.
    pub fn of(
        kind: &str,
        bucket: &str,
        endpoint: &str,
        path: &str,
        home: Home<'_>,
    ) -> Option<Self> {
        let store = store(kind, endpoint, home)?;
        let (bucket, path) = (bucket.trim(), normal_path(path));
        if bucket.is_empty() || path.is_empty() {
            return None;
        }
        // Google's store speaks the protocol of S3 too: the same bucket either way.
        let kind = if store == GOOGLE { "gcs" } else { kind };
        Some(Identity {
            kind: kind.to_owned(),
            bucket: bucket.to_owned(),
            store,
            path,
        })
    }
}

impl Identity {
    /// The identity of a repository in a directory of an NFS export: whatever claims and volumes lead there.
    pub fn of_export(server: &str, export: &str, directory: &str, home: Home<'_>) -> Option<Self> {
        let host = server.trim().trim_end_matches('.').to_ascii_lowercase();
        let path = normal_path(&format!("{export}/{directory}"));
        if host.is_empty() || export.trim().is_empty() {
            return None;
        }
        Some(Identity {
            kind: EXPORT.to_owned(),
            bucket: String::new(),
            store: mounted_from(host, home),
            path,
        })
    }

    /// The identity of a directory of a node: of any that has it where no names are given.
    pub fn on_node(names: &[&str], path: &str, below: &str, home: Home<'_>) -> Option<Self> {
        if path.trim().is_empty() {
            return None;
        }
        let names = match names {
            [] => "any node".to_owned(),
            names => format!("node {}", names.join(", ")),
        };
        Some(Identity {
            kind: NODE.to_owned(),
            bucket: String::new(),
            store: format!("{names} of origin {}", home.origin),
            path: normal_path(&format!("{path}/{below}")),
        })
    }

    /// Whether it is in a directory that several clusters can mount, not in an object store.
    pub fn is_export(&self) -> bool {
        self.kind == EXPORT || self.is_on_node()
    }

    /// Whether it is in a directory of a node: nothing outside of its Kubernetes cluster reaches it.
    pub fn is_on_node(&self) -> bool {
        self.kind == NODE
    }

    /// In words: "/hippo in bucket backups".
    pub fn place(&self) -> String {
        if self.is_on_node() {
            let node = self.store.split(" of origin ").next().unwrap_or_default();
            return format!("{} of {node}", self.path);
        }
        if self.is_export() {
            return format!("{} of file server {}", self.path, self.store);
        }
        format!("{} in bucket {}", self.path, self.bucket)
    }
}

const EXPORT: &str = "nfs";
const NODE: &str = "node";
const GOOGLE: &str = "googleapis.com";

/// The store behind an endpoint, alike for all its spellings; `None` for what is no object store.
///
/// Scheme, case, a path, a final dot and the usual port do not count. Amazon's endpoints of one partition are one
/// store. A host that only one Kubernetes cluster can resolve is told apart by its origin, one without a dot by its
/// namespace too.
pub fn store(kind: &str, endpoint: &str, home: Home<'_>) -> Option<String> {
    if !matches!(kind, "s3" | "gcs" | "azure") {
        return None;
    }
    let (host, port) = authority(endpoint);
    if let Some(provider) = provider(kind, &host) {
        return Some(provider.to_owned());
    }
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    match found_by(&host, home) {
        None => Some(format!("{host}{port}")),
        Some(service) => Some(format!("{service}{port}")),
    }
}

/// A server as nodes find it, which mount exports: a name without a dot is not looked for in a namespace. Only a Service of
/// a Kubernetes cluster is another one elsewhere.
fn mounted_from(host: String, home: Home<'_>) -> String {
    match within_cluster(&host) {
        Some(service) if service != host => format!("{service} of origin {}", home.origin),
        _ => host,
    }
}

/// What tells a host apart that only its own Kubernetes cluster resolves; `None` for one that all find.
fn found_by(host: &str, home: Home<'_>) -> Option<String> {
    let (service, origin) = (within_cluster(host)?, home.origin);
    if service.contains('.') {
        return Some(format!("{service} of origin {origin}"));
    }
    Some(format!("{service}.{} of origin {origin}", home.namespace))
}

/// The provider whose store a host is, whichever of its names is used; an empty host is the provider's own.
fn provider(kind: &str, host: &str) -> Option<&'static str> {
    let within = |domain: &str| {
        let rest = host.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match (kind, host) {
        ("gcs", "") => return Some(GOOGLE),
        ("azure", "") => return Some("core.windows.net"),
        _ if within(GOOGLE) => return Some(GOOGLE),
        _ => {}
    }
    if within("amazonaws.com.cn") {
        return Some("aws-cn");
    }
    if within("amazonaws.com") {
        let government = host.split('.').any(|label| label.contains("us-gov-"));
        return Some(if government { "aws-us-gov" } else { "aws" });
    }
    None
}

/// The Service of a host that only its own Kubernetes cluster resolves: `minio`, `minio.zoo`.
fn within_cluster(host: &str) -> Option<&str> {
    if host.is_empty() || !host.contains('.') {
        return Some(host);
    }
    let service = host.strip_suffix(".cluster.local").unwrap_or(host);
    service
        .strip_suffix(".svc")
        .or((service != host).then_some(service))
}

/// Host in lower case, and the port where it is not the usual one.
fn authority(endpoint: &str) -> (String, Option<u32>) {
    let lower = endpoint.trim().to_ascii_lowercase();
    let (plain, rest) = match lower.split_once("://") {
        Some((scheme, rest)) => (scheme == "http", rest),
        None => (false, lower.as_str()),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && !host.contains(':') => (host, port.parse().ok()),
        _ => (authority, None),
    };
    let usual = if plain { 80 } else { 443 };
    let host = host.trim_end_matches('.').to_owned();
    (host, port.filter(|port| *port != usual))
}

/// A path with one slash between its parts, one in front and none behind; `""` for none.
pub fn normal_path(path: &str) -> String {
    let parts = path.trim().split('/').filter(|part| !part.is_empty());
    parts.fold(String::new(), |path, part| path + "/" + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Home<'_> = Home {
        origin: 0,
        namespace: "zoo",
    };
    const ELSEWHERE: Home<'_> = Home {
        origin: 1,
        namespace: "zoo",
    };

    fn s3(endpoint: &str) -> Option<Identity> {
        Identity::of("s3", "backups", endpoint, "/repo", HERE)
    }

    #[test]
    fn one_store_has_many_spellings() {
        for (one, other) in [
            ("s3.example.com", "https://S3.example.com:443/"),
            ("http://s3.example.com:80", "http://s3.example.com"),
            ("s3.example.com.", "s3.example.com"),
            ("s3.amazonaws.com", "s3.eu-central-1.amazonaws.com"),
            (
                "s3-eu-west-1.amazonaws.com",
                "s3.dualstack.eu-west-1.amazonaws.com",
            ),
            (
                "s3.cn-north-1.amazonaws.com.cn",
                "s3.cn-northwest-1.amazonaws.com.cn",
            ),
            ("minio.zoo.svc", "minio.zoo.svc.cluster.local"),
            ("minio", "minio.zoo.svc"),
        ] {
            assert_eq!(s3(one), s3(other), "{one} {other}");
        }
        let google = Identity::of("gcs", "backups", "", "/repo", HERE);
        assert_eq!(s3("storage.googleapis.com"), google);
        assert_eq!(
            Identity::of(
                "gcs",
                "backups",
                "storage.googleapis.com:443",
                "repo//",
                HERE
            ),
            google
        );
    }

    #[test]
    fn other_stores_are_told_apart() {
        for (one, other) in [
            ("s3.example.com", "s3.example.com:9000"),
            ("s3.example.com", "s3.example.org"),
            ("s3.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"),
            ("s3.amazonaws.com", "s3.us-gov-west-1.amazonaws.com"),
            ("s3.amazonaws.com", "s3.notamazonaws.com"),
            ("minio.zoo.svc", "minio.dr.svc"),
        ] {
            assert_ne!(s3(one), s3(other), "{one} {other}");
        }
        let path = |path| Identity::of("s3", "backups", "s3.example.com", path, HERE);
        assert_ne!(path("/repo"), path("/repo2"));
        assert_eq!(path("/repo"), path("/repo/"));
    }

    #[test]
    fn a_service_of_another_kubernetes_cluster_is_another_store() {
        let of = |endpoint, home| Identity::of("s3", "backups", endpoint, "/repo", home);
        for inside in ["minio", "minio.zoo.svc", "minio.zoo.svc.cluster.local:9000"] {
            assert_ne!(of(inside, HERE), of(inside, ELSEWHERE), "{inside}");
        }
        assert_eq!(of("s3.example.com", HERE), of("s3.example.com", ELSEWHERE));
    }

    #[test]
    fn an_export_is_one_place_whatever_volumes_lead_there() {
        let of = |server, export, directory| Identity::of_export(server, export, directory, HERE);
        let one = of("nfs.example.com", "/srv/backups", "hippo");
        assert!(one.is_some());
        assert_eq!(one, of("NFS.example.com.", "/srv/backups/", "/hippo/"));
        assert_eq!(one, of("nfs.example.com", "/srv", "backups/hippo"));
        assert_ne!(one, of("nfs.example.com", "/srv/backups", "zebra"));
        assert_ne!(one, of("nfs.example.org", "/srv/backups", "hippo"));
        assert_eq!(of("", "/srv", "hippo"), None);
        let there = Identity::of_export("nfs.zoo.svc", "/srv", "hippo", ELSEWHERE);
        assert_ne!(of("nfs.zoo.svc", "/srv", "hippo"), there);
    }

    #[test]
    fn what_is_in_no_object_store_has_no_identity() {
        assert_eq!(Identity::of("posix", "b", "e", "/repo", HERE), None);
        assert_eq!(Identity::of("s3", "", "e", "/repo", HERE), None);
        assert_eq!(Identity::of("s3", "b", "e", "", HERE), None);
    }
}
