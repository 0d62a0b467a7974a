//! What runs beside Postgres, and what of v4 has no field in v5.

use super::row::{Field, field};
use super::{access, instances};
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, open, remark};
use crate::manifest::Fact;

pub(super) const FIELDS: &[Field] = &[
    field("spec.proxy.pgBouncer", pgbouncer),
    field("spec.monitoring.pgmonitor.exporter", exporter),
    field("pgAdmin", |view| {
        uses(view, "pgAdmin")
            .then(|| remark("v4 has pgAdmin; of v5 it is a resource of its own (PGAdmin)"))
    }),
    field("pgBadger", |view| {
        uses(view, "pgBadger").then(|| remark("v4 has pgBadger; v5 has none"))
    }),
    field("pgpool", |view| {
        uses(view, "pgpool")
            .then(|| remark("v4 has pgpool; v5 has PgBouncer (spec.proxy.pgBouncer)"))
    }),
    field("disableAutofail", |view| {
        let words = "v4 does not fail over by itself; v5 does, as soon as it has replicas";
        view.holds("cluster.autofailOff").then(|| remark(words))
    }),
    field("customconfig", |view| {
        let name = view.text("cluster.customConfig");
        let name = name.value().filter(|name| !name.is_empty())?;
        let words = format!(
            "v4 reads ConfigMap {name}, v5 does not: what it sets is above as far as it is in effect, and its SQL ran long ago"
        );
        Some(remark(&words))
    }),
    field("policies", |view| {
        let words = "v4's SQL policies are in the data already; v5 has no policies";
        uses(view, "policies").then(|| remark(words))
    }),
];

fn uses(view: &View<'_, '_>, addon: &str) -> bool {
    let names = view.texts("addons.names");
    names
        .value()
        .is_some_and(|names| names.iter().any(|name| name == addon))
}

fn pgbouncer(view: &View<'_, '_>) -> Option<Entry> {
    let count = view.number("addons.pgbouncer");
    match &count {
        Fact::Known(truth) if truth.value == 0 => return None,
        Fact::Known(_) => {}
        Fact::Unknown(gaps) => return Some(open("whether v4 has PgBouncer, and how many", gaps)),
    }
    let number = Node::number(*count.value()?);
    let mut entries = vec![Entry::new("replicas", number).saying(view.origin(&count))];
    let resources = view.structure("addons.pgbouncerResources", "the resources of PgBouncer");
    entries.extend(resources.map(|entry| entry.named("resources")));
    let tolerations = instances::tolerations(view);
    entries.extend(tolerations.map(|entry| entry.named("tolerations")));
    let what = "the type of the Service of PgBouncer";
    if let Some(kind) = access::service_type(view, "addons.pgbouncerService", what) {
        entries.push(Entry::new("service", Node::Map(vec![kind.named("type")])));
    }
    let secret = view.text("addons.pgbouncerTlsSecret");
    if let Some(name) = secret.value().filter(|name| !name.is_empty()) {
        let what = format!("a Secret with tls.crt, tls.key and ca.crt, from v4's {name}");
        entries.push(Entry::new(
            "customTLSSecret",
            Node::Map(vec![Entry::todo("name", &what)]),
        ));
    }
    if let Some(annotations) = instances::annotations(view, "pgBouncer") {
        entries.push(Entry::new(
            "metadata",
            Node::Map(vec![annotations.named("annotations")]),
        ));
    }
    let words = format!(
        "edits of ConfigMap {}-pgbouncer-cm are not carried over",
        view.cluster.name
    );
    Some(Entry::item(Node::Map(entries)).saying(words))
}

fn exporter(view: &View<'_, '_>) -> Option<Entry> {
    let names = view.texts("addons.names");
    if let Fact::Unknown(gaps) = &names {
        return Some(open("whether v4 has the exporter", gaps));
    }
    if !uses(view, "exporter") {
        return None;
    }
    let resources = view.structure("addons.exporterResources", "the resources of the exporter");
    let entries = resources.map(|entry| entry.named("resources"));
    let origin = view.origin_with(&names, "exporter");
    Some(Entry::item(Node::Map(entries.into_iter().collect())).saying(origin))
}
