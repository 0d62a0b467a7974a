//! Certificates of one's own: the Secrets that they are taken from, wherever one can be named.

use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::around::existing;
use crate::fact::spec::reading::{bare, has};
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

/// Where a Secret can be named, and the files that have to come of it. From the CRDs of 5.0 to 6.0.
const PLACES: [(&[&str], &[&str]); 4] = [
    (&["spec", "customTLSSecret"], &ALL),
    (&["spec", "customReplicationTLSSecret"], &ALL),
    (&["spec", "proxy", "pgBouncer", "customTLSSecret"], &ALL),
    (
        &[
            "spec",
            "monitoring",
            "pgmonitor",
            "exporter",
            "customTLSSecret",
        ],
        &["tls.crt", "tls.key"],
    ),
];
const ALL: [&str; 3] = ["tls.crt", "tls.key", "ca.crt"];
const NOTE: &str = "certificates of its own";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.certificates",
    "every Secret that certificates are taken from: {field, name, there, missing}; there whether it exists in the draft's namespace or need not, missing the files that neither a key of it nor `items` make",
    &["field", "name", "there", "missing"],
    everywhere,
)];

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut all = Fact::known(Vec::new());
    for (path, wanted) in PLACES {
        let one = bare(draft.section(path)).map(|section| {
            let name = section?
                .get("name")
                .filter(|name| !name.text().is_empty() && !name.is_placeholder())?;
            Some(element(draft, path, wanted, (section?, name)))
        });
        all = all.both(one).map(|(mut all, one)| {
            all.extend(one);
            all
        });
    }
    all.and_at(draft.nearest(&["spec"]), "the spec")
}

fn element(
    draft: &Draft<'_>,
    path: &[&str],
    wanted: &[&str],
    (section, name): (Node<'_>, Node<'_>),
) -> Element {
    let span = name.span();
    let optional = has(section, &["optional"])
        && section
            .get("optional")
            .is_some_and(|node| node.text() == "true");
    let found = draft.namespace().map(|namespace| {
        let namespace = namespace.to_owned();
        match existing::find(draft, Kind::Secret, Some(&namespace), name.text()) {
            Found::Unseen(_) => Found::Unseen(Gap::of_keys(Some(&namespace), name.text())),
            found => found,
        }
    });
    let there = found.as_ref().and_then(|found| match found {
        _ if optional => Fact::at(true, span, "need not exist"),
        Found::Here(secret) => Fact::at(true, span, NOTE).and_at(secret.name_span(), "the Secret"),
        Found::Absent(None) => Fact::at(false, span, "does not exist"),
        Found::Absent(Some(assumption)) => {
            Fact::at(false, span, "does not exist").assuming(assumption.clone())
        }
        Found::Unseen(gap) => Fact::unknown(gap.clone()),
    });
    let items = section.get("items").filter(|items| items.is_seq());
    let missing = found.and_then(|found| missing(wanted, items, &found, name));
    Element::new(path.join("."), span, NOTE)
        .with("field", Fact::known(path.join(".").into()))
        .with("name", Fact::at(name.text().into(), span, NOTE))
        .with("there", there.map(Value::from))
        .with("missing", missing)
}

/// The files that will be missing; none where the Secret does not exist, which is said elsewhere.
fn missing(
    wanted: &[&str],
    items: Option<Node<'_>>,
    found: &Found<'_>,
    name: Node<'_>,
) -> Fact<Value> {
    let without = |files: &[&str]| -> Vec<String> {
        let lacks = wanted.iter().filter(|file| !files.contains(file));
        lacks.map(|file| (*file).to_owned()).collect()
    };
    let span = name.span();
    if let Some(items) = items {
        let own = match found {
            Found::Here(secret) => keys(secret),
            _ => None,
        };
        // Of a key that the Secret lacks comes no file.
        let comes = |item: &Node<'_>| {
            let key = item.get("key").map_or("", Node::text);
            own.as_ref().is_none_or(|own| own.contains(&key))
        };
        let taken = items.items().filter(comes);
        let paths = taken.filter_map(|item| item.get("path"));
        let paths: Vec<&str> = paths.map(Node::text).collect();
        return Fact::at(without(&paths).into(), span, "what is taken of it");
    }
    match found {
        Found::Here(secret) => match keys(secret) {
            Some(keys) => Fact::at(without(&keys).into(), span, "lacks a file")
                .and_at(secret.name_span(), "the Secret"),
            None => Fact::unknown(Gap::of_keys(secret.namespace.as_deref(), &secret.name)),
        },
        Found::Absent(_) => Fact::at(Vec::<String>::new().into(), span, NOTE),
        Found::Unseen(gap) => Fact::unknown(gap.clone()),
    }
}

/// The keys of a Secret; nothing where only its metadata were read.
fn keys(secret: &Object) -> Option<Vec<&str>> {
    let maps: Vec<Node<'_>> = ["data", "stringData"]
        .into_iter()
        .filter_map(|field| secret.at(&[field]))
        .collect();
    let keys = maps
        .iter()
        .flat_map(|map| map.entries())
        .map(|(key, _)| key.text());
    (!maps.is_empty()).then(|| keys.collect())
}
