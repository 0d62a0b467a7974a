//! The object store that a repository is kept in: its endpoint as pgBackRest will read it, and its keys.

use super::global::Options;
use super::repos::Repo;
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::Draft;
use crate::fact::spec::around::beside;
use crate::fact::spec::pods::image::{PGBACKREST_IMAGE, pgbackrest_minors};
use crate::fact::spec::release::target::named;
use crate::manifest::{Fact, Found, Node};

mod endpoint;

use endpoint::{Endpoint, Refused};

const NOTE: &str = "the endpoint";

/// The fields that [`fields`] adds.
pub(in crate::fact::spec) const FIELDS: [&str; 9] = [
    "endpointRefused",
    "endpointDoubtful",
    "endpointHasPath",
    "endpointHasBucket",
    "endpointOfPlainHttp",
    "closedPort",
    "gcsKey",
    "serviceAbsent",
    "endpointRefusedBy",
];

/// A repository with what is to be said of its object store.
pub(in crate::fact::spec) fn fields(
    element: Element,
    draft: &Draft<'_>,
    repo: &Repo<'_>,
    options: &Options<'_>,
) -> Element {
    let key = match options.get(&format!("{}-gcs-key", repo.name())) {
        Some(key) => {
            let text = key.text.as_str().into();
            Fact::at(text, key.value.span(), "the path of the key")
        }
        None => Fact::known("".into()),
    };
    let element = element.with("gcsKey", key);
    let Some(node) = repo.remote("endpoint") else {
        let no = || Fact::known(Value::from(false));
        return element
            .with("endpointRefused", no())
            .with("endpointDoubtful", no())
            .with("endpointHasPath", no())
            .with("endpointHasBucket", no())
            .with("endpointOfPlainHttp", no())
            .with("closedPort", Fact::known("".into()))
            .with("serviceAbsent", no())
            .with("endpointRefusedBy", Fact::known("".into()));
    };
    let endpoint = Endpoint::parse(node.text());
    let refused = endpoint.refused(&pgbackrest_minors(draft));
    let is = |it: bool| Fact::at(Value::from(it), node.span(), NOTE);
    element
        .with("endpointRefused", is(refused == Refused::Always))
        .with("endpointDoubtful", is(refused == Refused::Sometimes))
        .with("endpointHasPath", is(endpoint.has_path))
        .with("endpointHasBucket", is(has_bucket(&endpoint, repo)))
        .with("endpointOfPlainHttp", is(is_plain_http(&endpoint)))
        .with("closedPort", closed_port(draft, repo, options, node))
        .with("serviceAbsent", service_absent(draft, endpoint.host, node))
        .with(
            "endpointRefusedBy",
            Fact::known(refused_by(draft, &endpoint).into()),
        )
}

/// Which releases of PGO may come with a pgBackRest that refuses an endpoint, or the image that may hold one.
fn refused_by(draft: &Draft<'_>, endpoint: &Endpoint<'_>) -> String {
    let image = draft.at(&PGBACKREST_IMAGE).map_or("", Node::text);
    if !image.is_empty() {
        return format!("image {image}");
    }
    let since = endpoint.since();
    let releases = named(&draft.target().releases, |one| one.pgbackrest.min < since);
    format!("PGO {releases}")
}

/// Amazon's endpoint with the bucket in front.
fn has_bucket(endpoint: &Endpoint<'_>, repo: &Repo<'_>) -> bool {
    let bucket = repo.remote("bucket").map_or("", Node::text);
    let rest = endpoint.host.strip_prefix(bucket);
    let rest = rest.filter(|_| !bucket.is_empty());
    rest.is_some_and(|rest| rest.starts_with(".s3"))
}

/// Ports where object stores speak plain HTTP, without `http://` in front.
fn is_plain_http(endpoint: &Endpoint<'_>) -> bool {
    let port = endpoint.port.unwrap_or("");
    endpoint.scheme != Some("http") && matches!(port, "80" | "9000")
}

/// The port that pgBackRest asks for, where the endpoint is a Service of the input that does not offer it; else `""`.
fn closed_port(
    draft: &Draft<'_>,
    repo: &Repo<'_>,
    options: &Options<'_>,
    node: Node<'_>,
) -> Fact<Value> {
    let endpoint = Endpoint::parse(node.text());
    let option = options.get(&format!("{}-storage-port", repo.name()));
    let port = option
        .map(|option| option.text.as_str())
        .or(endpoint.port)
        .unwrap_or(if endpoint.scheme == Some("http") {
            "80"
        } else {
            "443"
        });
    match beside::service(draft, endpoint.host) {
        Some(service) if !beside::offers(service, port) => {
            let note = "the Service does not offer this port";
            Fact::at(port.into(), node.span(), note).and_at(service.name_span(), "the Service")
        }
        _ => Fact::at("".into(), node.span(), NOTE),
    }
}

/// Whether a host that only a Service can be is none: it is known that there is no such Service.
fn service_absent(draft: &Draft<'_>, host: &str, node: Node<'_>) -> Fact<Value> {
    let is = |it: bool| Fact::at(Value::from(it), node.span(), NOTE);
    let inner = host.strip_suffix(".cluster.local").unwrap_or(host);
    if inner.strip_suffix(".svc").is_none() {
        return is(false);
    }
    match beside::find_service(draft, host) {
        Found::Absent(None) => is(true),
        Found::Absent(Some(assumption)) => is(true).assuming(assumption),
        // That it was not looked for proves nothing.
        Found::Here(_) | Found::Unseen(_) => is(false),
    }
}
