//! Every place where an image can be named.

use super::additional_volumes;
use super::image_reference::is_reference;
use super::known_images::{holds, is_of_v4, wanted};
use super::sidecars::sidecars;
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

/// The fields that are an image; from the CRDs of 5.0 to 6.0.
const FIELDS: [&[&str]; 6] = [
    &["spec", "image"],
    &["spec", "backups", "pgbackrest", "image"],
    &["spec", "proxy", "pgBouncer", "image"],
    &["spec", "monitoring", "pgmonitor", "exporter", "image"],
    &["spec", "userInterface", "pgAdmin", "image"],
    &["spec", "instrumentation", "image"],
];

/// The vendor's own registries, which need no secret or are set up by the installation.
const PUBLIC: [&str; 4] = [
    "registry.developers.crunchydata.com",
    "registry.connect.redhat.com",
    "docker.io",
    "quay.io",
];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.images",
    "every image, wherever one can be named, containers and volumes of one's own among them: {place, image, host, private, foreign, wants, holds, ofV4, malformed}; host is its registry, \"\" for the default one, private whether that is another than the vendor's public ones and those of clouds, to which nodes log in by themselves, foreign whether it is a public image that is known not to be made for PGO, where PGO runs what its own images hold; wants what a field of PGO is for (\"Postgres\", \"pgBackRest\", \"PgBouncer\", \"the exporter\", \"pgAdmin\"; \"\" elsewhere), holds what Crunchy's image of that name holds (\"\" for other names), ofV4 whether it is one of PGO v4, malformed whether no image can be called so",
    &[
        "place",
        "image",
        "host",
        "private",
        "foreign",
        "wants",
        "holds",
        "ofV4",
        "malformed",
    ],
    everywhere,
)];

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut all: Vec<(String, Node<'_>)> = FIELDS
        .into_iter()
        .filter_map(|path| Some((path.join("."), draft.at(path)?)))
        .collect();
    bare(additional_volumes::everywhere(draft).both(sidecars(draft)))
        .map(|(volumes, sidecars)| {
            let of_volumes = volumes.into_iter().filter_map(|(path, volume)| {
                let reference = volume.at(&["image", "reference"])?;
                Some((format!("{path}.image"), reference))
            });
            all.extend(of_volumes);
            let own = sidecars.iter().filter_map(|one| {
                let name = one.node.get("name").map_or("", Node::text);
                Some((
                    format!("{}[{name}].image", one.path),
                    one.node.get("image")?,
                ))
            });
            all.extend(own);
            let written = |(_, node): &(String, Node<'_>)| {
                // What is still to be filled in names none yet.
                let says = !node.text().is_empty() && !node.is_null() && !node.is_placeholder();
                node.scalar().is_some() && says
            };
            let all = all.into_iter().filter(written);
            all.map(|(path, node)| element(path, node)).collect()
        })
        .and_at(draft.nearest(&["spec"]), "the spec")
}

/// Registries of clouds, to which their own nodes log in by themselves.
const BY_NODES: [&str; 5] = [
    ".amazonaws.com",
    ".azurecr.io",
    ".gcr.io",
    ".pkg.dev",
    "gcr.io",
];

/// Whether nodes need a secret to take images from a registry.
fn is_private(host: &str) -> bool {
    let by_nodes = BY_NODES.iter().any(|registry| host.ends_with(registry));
    !host.is_empty() && !PUBLIC.contains(&host) && !by_nodes
}

fn element(path: String, node: Node<'_>) -> Element {
    let host = host_of(node.text()).unwrap_or("");
    let private = is_private(host);
    // Containers and volumes of one's own hold what they like.
    let own = path.contains(".containers") || path.contains(".volumes.");
    let foreign = !own && is_foreign(node.text());
    // A bare word is what somebody still replaces.
    let is_word = !node.text().contains(['/', ':', '@', ' ']);
    let malformed = !is_word && !is_reference(node.text());
    let at = |value: Value| Fact::at(value, node.span(), "an image");
    let place = Fact::known(path.as_str().into());
    let wants = Fact::known(wanted(&path).into());
    Element::new(path, node.span(), "an image")
        .with("place", place)
        .with("wants", wants)
        .with("holds", at(holds(node.text()).into()))
        .with("ofV4", at(is_of_v4(node.text()).into()))
        .with("malformed", at(malformed.into()))
        .with("image", at(node.text().into()))
        .with("host", at(host.into()))
        .with("private", at(private.into()))
        .with("foreign", at(foreign.into()))
}

/// Public images of Postgres and what surrounds it that hold none of what the operator starts: Patroni, its scripts, pgBackRest
/// under the names it calls. By the end of their path.
const FOREIGN: [&str; 16] = [
    "bitnami/pgbouncer",
    "bitnami/postgres-exporter",
    "bitnami/postgresql",
    "bitnami/postgresql-repmgr",
    "cloudnative-pg/pgbouncer",
    "cloudnative-pg/postgis",
    "cloudnative-pg/postgresql",
    "dpage/pgadmin4",
    "edoburu/pgbouncer",
    "library/postgres",
    "pgbouncer/pgbouncer",
    "pgvector/pgvector",
    "postgis/postgis",
    "prometheuscommunity/postgres-exporter",
    "timescaledev/promscale-extension",
    "enterprisedb/postgresql",
];

/// Whether a reference is one of these; `postgres` alone is the one of Docker's library.
fn is_foreign(reference: &str) -> bool {
    let (path, _) = reference.split_once('@').unwrap_or((reference, ""));
    // A colon before the last slash is that of a port.
    let path = match path.rsplit_once(':') {
        Some((untagged, tag)) if !tag.contains('/') => untagged,
        _ => path,
    };
    let host = host_of(path).unwrap_or("");
    let path = path.strip_prefix(host).unwrap_or(path);
    let path = path.trim_start_matches('/');
    let of_family = |family: &str| {
        let rest = path.strip_prefix(family);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let families = ["zalando/spilo", "timescale/timescaledb"];
    let bare = path == "postgres" && matches!(host, "" | "docker.io");
    bare || FOREIGN.contains(&path) || families.into_iter().any(of_family)
}

/// The registry in an image reference; `None` for those of the default registry.
fn host_of(reference: &str) -> Option<&str> {
    let (host, _) = reference.split_once('/')?;
    (host.contains(['.', ':']) || host == "localhost").then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_are_hosts() {
        assert_eq!(
            host_of("registry.local:5000/a/b:c"),
            Some("registry.local:5000")
        );
        assert_eq!(host_of("crunchydata/crunchy-postgres:x"), None);
        assert_eq!(host_of("postgres"), None);
    }

    #[test]
    fn public_images_that_are_not_made_for_pgo() {
        for image in [
            "postgres:16",
            "docker.io/library/postgres:15-alpine",
            "dpage/pgadmin4:7.8",
            "ghcr.io/cloudnative-pg/postgresql:16.2",
            "timescale/timescaledb@sha256:00",
            "ghcr.io/zalando/spilo-16:3.3-p1",
            "timescale/timescaledb-ha:pg16",
        ] {
            assert!(is_foreign(image), "{image}");
        }
        for image in [
            "registry.developers.crunchydata.com/crunchydata/crunchy-postgres:ubi8-14.7-0",
            "registry.example.com:5000/db/postgres:16",
            "example.com/postgis/postgis-for-pgo:1",
            "perconalab/postgres",
            "",
        ] {
            assert!(!is_foreign(image), "{image}");
        }
    }
}
