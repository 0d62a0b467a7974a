//! The object stores that repositories are kept in: every address that is written for one, as pgBackRest will read it.

use std::collections::BTreeSet;

use super::configuration;
use super::global::{self, Options};
use super::repos::{REPOS, Repo, repos};
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::around::beside;
use crate::fact::spec::pods::image::{PGBACKREST_IMAGE, pgbackrest_minors};
use crate::fact::spec::reading::bare;
use crate::fact::spec::release::target::named;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Found, Node};
use crate::schema::Minors;

mod endpoint;

use endpoint::{Endpoint, Refused};

const NOTE: &str = "the endpoint";
const SOURCE: [&str; 4] = ["spec", "dataSource", "pgbackrest", "repo"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.endpoints",
    "every address of an object store, of the cluster's own repositories and of the source of a restore, be it a field or an option (repoN-gcs-endpoint, repoN-azure-endpoint, repoN-storage-host and its old names): {repo, what, text, refused, doubtful, refusedBy, hasPath, hasBucket, plainHttp, closedPort, serviceAbsent, website, inner, vouched}; what is \"endpoint\" or the option, refused by every pgBackRest that may run, doubtful by some, which refusedBy names, plainHttp whether its port is one where stores speak plain HTTP, closedPort the port that the Service of this name lacks, serviceAbsent whether it is known that no Service of this name exists, website whether it is where S3 serves a bucket as a website, inner whether only a network of one's own knows this host (a Service, a name without a dot, an address), vouched whether its certificate is not verified, or a CA is named for it; where repoN-storage-host is there, no connection is made to the endpoint",
    &[
        "repo",
        "what",
        "text",
        "refused",
        "doubtful",
        "refusedBy",
        "hasPath",
        "hasBucket",
        "plainHttp",
        "closedPort",
        "serviceAbsent",
        "website",
        "inner",
        "vouched",
    ],
    addresses,
)];

/// One address, and the repository it is for.
struct Address<'r, 'a> {
    key: String,
    repo: &'r Repo<'a>,
    options: &'r Options<'a>,
    what: String,
    node: Node<'a>,
    /// Whether pgBackRest connects to it: to an endpoint only where no other host is named.
    connected: bool,
}

/// Names of the option that names another host than the endpoint's, the old ones after it.
const HOSTS: [&str; 3] = ["storage-host", "s3-host", "azure-host"];

fn addresses(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let own = global::of_backups(draft).both(repos(draft));
    let source = global::of_source(draft).both(draft.section(&SOURCE));
    let all = bare(own).both(bare(source));
    let all = all.map(|((options, repos), (of_source, source))| {
        let possible = pgbackrest_minors(draft);
        let mut found = Vec::new();
        for repo in &repos {
            let key = format!("{}[{}]", REPOS.join("."), repo.name());
            found.extend(of_repo(&key, repo, &options));
        }
        let source = source.map(|node| Repo { node });
        if let Some(repo) = &source {
            found.extend(of_repo(&SOURCE.join("."), repo, &of_source));
        }
        // One that stands in both sections through an alias is written once.
        let mut seen = BTreeSet::new();
        found.retain(|one| seen.insert(one.node.span()));
        let elements = found.iter().map(|one| one.element(draft, &possible));
        elements.collect()
    });
    all.and_at(draft.nearest(&REPOS), NOTE)
}

/// The addresses that are written for a repository.
fn of_repo<'r, 'a>(
    key: &str,
    repo: &'r Repo<'a>,
    options: &'r Options<'a>,
) -> Vec<Address<'r, 'a>> {
    let name = repo.name();
    let kinds = repo.kinds();
    let option = |rest: &str| options.of(&name, rest);
    let hosts: Vec<_> = HOSTS.into_iter().filter_map(option).collect();
    let hosted = kinds.iter().any(|kind| matches!(*kind, "s3" | "azure"));
    let elsewhere = hosted && !hosts.is_empty();
    let address = |what: String, node, connected| Address {
        key: format!("{key}.{what}"),
        repo,
        options,
        what,
        node,
        connected,
    };
    let field = repo.remote("endpoint");
    let field = field.map(|node| address("endpoint".to_owned(), node, !elsewhere));
    let endpoints = kinds
        .iter()
        .filter_map(|kind| option(&[kind, "-endpoint"].concat()));
    let endpoints = endpoints.map(|one| address(one.name.clone(), one.value, !elsewhere));
    let hosts = hosts.into_iter().filter(|_| hosted);
    let hosts = hosts.map(|one| address(one.name.clone(), one.value, true));
    field.into_iter().chain(endpoints).chain(hosts).collect()
}

impl Address<'_, '_> {
    fn element(&self, draft: &Draft<'_>, possible: &[Minors]) -> Element {
        let text = self.node.text();
        let endpoint = Endpoint::parse(text);
        let refused = endpoint.refused(possible);
        let at = |value: Value| Fact::at(value, self.node.span(), NOTE);
        let is = |it: bool| at(it.into());
        let plain_http = self.connected && is_plain_http(&endpoint);
        let (closed_port, absent) = if self.connected {
            let port = closed_port(draft, self, &endpoint);
            (port, service_absent(draft, endpoint.host, self.node))
        } else {
            (at("".into()), is(false))
        };
        let by = refused_by(draft, &endpoint);
        Element::new(self.key.clone(), self.node.span(), NOTE)
            .with("repo", Fact::known(self.repo.name().into()))
            .with("what", Fact::known(self.what.as_str().into()))
            .with("text", at(text.into()))
            .with("refused", is(refused == Refused::Always))
            .with("doubtful", is(refused == Refused::Sometimes))
            .with("refusedBy", Fact::known(by.into()))
            .with("hasPath", is(endpoint.has_path))
            .with("hasBucket", is(has_bucket(&endpoint, self.repo)))
            .with("plainHttp", is(plain_http))
            .with("closedPort", closed_port)
            .with("serviceAbsent", absent)
            .with("website", is(is_website(endpoint.host)))
            .with("inner", is(is_inner(endpoint.host)))
            .with("vouched", is(self.is_vouched(draft, &endpoint)))
    }

    /// Whether a certificate that no public authority has signed will do.
    fn is_vouched(&self, draft: &Draft<'_>, endpoint: &Endpoint<'_>) -> bool {
        let repo = self.repo.name();
        let verify = self.options.first(&repo, &global::VERIFY_TLS);
        let unverified = verify.is_some_and(|said| matches!(said.text.as_str(), "n" | "false"));
        let named = self.options.first(&repo, &AUTHORITIES).is_some();
        let in_file = || {
            let mut all = AUTHORITIES.iter().map(|rest| format!("{repo}-{rest}"));
            all.any(|name| configuration::sets(draft, &name).is_some())
        };
        unverified || endpoint.scheme == Some("http") || named || in_file()
    }
}

/// The options that name who signs certificates, the old names after them.
const AUTHORITIES: [&str; 6] = [
    "storage-ca-file",
    "storage-ca-path",
    "s3-ca-file",
    "s3-ca-path",
    "azure-ca-file",
    "azure-ca-path",
];

/// Where Amazon serves a bucket as a website, by plain HTTP and without the API that pgBackRest speaks.
fn is_website(host: &str) -> bool {
    host.split('.').any(|part| part.starts_with("s3-website"))
}

/// A host for which no public authority signs a certificate.
fn is_inner(host: &str) -> bool {
    let is_address = host.parse::<core::net::Ipv4Addr>().is_ok() || host.starts_with('[');
    let is_plain = !host.is_empty() && !host.contains(['.', '$', '<', '{', '%']);
    let service = host.strip_suffix(".cluster.local").unwrap_or(host);
    let is_service = service != host || service.strip_suffix(".svc").is_some();
    let is_of_one_site = INNER_DOMAINS.iter().any(|domain| host.ends_with(domain));
    is_plain || is_address || is_service || is_of_one_site
}

/// Domains that are kept for networks of one's own, or that nobody can register (RFC 6762 and 8375; ICANN's reservation of
/// .internal; none of them is in the root zone).
const INNER_DOMAINS: [&str; 6] = [
    ".local",
    ".internal",
    ".home.arpa",
    ".lan",
    ".localdomain",
    ".intranet",
];

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

/// Names of the option that names another port, the old ones after it.
const PORTS: [&str; 3] = ["storage-port", "s3-port", "azure-port"];

/// The port that pgBackRest asks for, where the endpoint is a Service of the input that does not offer it; else `""`.
fn closed_port(
    draft: &Draft<'_>,
    address: &Address<'_, '_>,
    endpoint: &Endpoint<'_>,
) -> Fact<Value> {
    let node = address.node;
    let option = address.options.first(&address.repo.name(), &PORTS);
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
