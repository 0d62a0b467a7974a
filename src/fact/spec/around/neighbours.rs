//! The other PostgresClusters of the input: what two of them cannot both have.

use std::collections::BTreeMap;
use std::sync::Arc;

mod index;

pub(in crate::fact::spec) use index::Known;
use index::Neighbours;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::repository::{Home, Identity};
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::spec::reading::resting_on_each;
use crate::fact::spec::repository::repos::{REPOS, default_path};
use crate::fact::spec::repository::source_repo::SourceRepo;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::fields::scalar_text;
use crate::manifest::{Fact, Inventory, Kind, Node, Object};
use crate::source::Span;

const VOLUMES: [&str; 3] = ["spec", "dataSource", "volumes"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[row(
    "draft.namesakes",
    Type::Strings,
    "other drafts of this name and namespace in the input",
    namesakes,
)];

impl<'a> Neighbours<'a> {
    fn of(inventory: &'a Inventory, wanted: impl Fn(&Object) -> bool) -> Self {
        let mut all = Neighbours::default();
        let objects = inventory.list_all(Kind::PostgresCluster).objects;
        for object in objects.into_iter().filter(|object| wanted(object)) {
            let namespace = object.namespace.as_deref();
            for claim in adopted(object) {
                let places = all.claims.entry((namespace, claim.text())).or_default();
                places.push((object, claim.span()));
            }
            for one in written_to(inventory, object) {
                let places = all.repositories.entry(one.identity).or_default();
                places.push((object, one.place));
            }
            if object.is_draft() {
                let names = all.names.entry((namespace, &object.name)).or_default();
                names.push(object);
            }
        }
        all
    }
}

/// What the draft is looked up in: its own origin, and the living clusters of where it will go.
fn around<'a>(draft: &Draft<'a>) -> Vec<Arc<Neighbours<'a>>> {
    let there = draft
        .places()
        .filter(|place| place.origin != draft.inventory.origin);
    let mut all = vec![known(draft, draft.inventory, |_| true)];
    all.extend(there.map(|place| known(draft, place, Object::is_live)));
    all
}

fn known<'a>(
    draft: &Draft<'a>,
    place: &'a Inventory,
    wanted: fn(&Object) -> bool,
) -> Arc<Neighbours<'a>> {
    let look = || Neighbours::of(place, wanted);
    draft.neighbours.of(place.origin, look)
}

/// The living cluster of the name, and overlays of one base, are the draft again; so may a living one be of a draft that
/// leaves its namespace to whoever applies it.
fn is_other(draft: &Draft<'_>, other: &Object) -> bool {
    let open = draft.object.namespace.is_none() && other.is_live();
    other.name != draft.object.name || !open && other.namespace != draft.object.namespace
}

fn title(object: &Object) -> String {
    match object.namespace.as_deref() {
        Some(namespace) => format!("{namespace}/{}", object.name),
        None => object.name.to_string(),
    }
}

/// Another PostgresCluster of the input that adopts the claim named here; `""` for none.
pub(in crate::fact::spec) fn adopts(draft: &Draft<'_>, claim: Option<Node<'_>>) -> Fact<Value> {
    let Some(claim) = claim.filter(|claim| !claim.text().is_empty()) else {
        return Fact::known("".into());
    };
    let key = (draft.object.namespace.as_deref(), claim.text());
    let around = around(draft);
    let mut same = around
        .iter()
        .filter_map(|all| all.claims.get(&key))
        .flatten();
    match same.find(|(other, _)| is_other(draft, other)) {
        Some((other, place)) => {
            Fact::at(other.name.to_string().into(), claim.span(), "adopted here")
                .and_at(*place, "and here")
        }
        None => Fact::at("".into(), claim.span(), "adopted here"),
    }
}

/// The names of the claims a PostgresCluster adopts.
fn adopted(object: &Object) -> Vec<Node<'_>> {
    let name = |volume: Volume| {
        let [spec, source, volumes] = VOLUMES;
        let name = object.at(&[spec, source, volumes, volume.field(), "pvcName"])?;
        (!name.text().is_empty()).then_some(name)
    };
    Volume::ALL.into_iter().filter_map(name).collect()
}

/// The repositories of the draft at whose place another PostgresCluster of the input archives to, too, by name, with
/// that cluster; a standby and a cluster that is shut down do not archive.
pub(in crate::fact::spec) fn archives_to(draft: &Draft<'_>) -> BTreeMap<String, Fact<Value>> {
    let ours = written_to(draft.inventory, draft.object);
    let around = if ours.is_empty() {
        Vec::new()
    } else {
        around(draft)
    };
    let shared = ours.into_iter().filter_map(|own| {
        let mut same = around
            .iter()
            .filter_map(|all| all.repositories.get(&own.identity))
            .flatten();
        let (other, place) = same.find(|(other, _)| is_other(draft, other))?;
        let fact = Fact::at(title(other).into(), own.place, "archives here");
        Some((own.name, fact.and_at(*place, "and so does this")))
    });
    shared.collect()
}

/// Whether another PostgresCluster of the input archives to this repository.
pub(in crate::fact::spec) fn archive_to(draft: &Draft<'_>, repo: &SourceRepo<'_>) -> bool {
    let home = Home {
        origin: draft.inventory.origin.0,
        namespace: draft.namespace.unwrap_or(""),
    };
    let text = |fact: Fact<String>| fact.value().cloned().unwrap_or_default();
    let kind = text(repo.kind());
    let (bucket, endpoint) = (text(repo.remote("bucket")), text(repo.remote("endpoint")));
    let Some(identity) = Identity::of(&kind, &bucket, &endpoint, &text(repo.path()), home) else {
        return false;
    };
    let around = around(draft);
    let mut there = around
        .iter()
        .filter_map(|all| all.repositories.get(&identity))
        .flatten();
    there.any(|(other, _)| is_other(draft, other))
}

/// The repositories of the draft that are at the place of one before them, by name, with that one.
pub(in crate::fact::spec) fn written_twice(draft: &Draft<'_>) -> BTreeMap<String, Fact<Value>> {
    let mut first: BTreeMap<Identity, (String, Span)> = BTreeMap::new();
    let mut twice = BTreeMap::new();
    for own in written_to(draft.inventory, draft.object) {
        match first.get(&own.identity) {
            Some((name, place)) if *name != own.name => {
                let fact = Fact::at(name.as_str().into(), own.place, "the same place");
                twice.insert(own.name, fact.and_at(*place, "and here"));
            }
            _ => {
                first.insert(own.identity, (own.name, own.place));
            }
        }
    }
    twice
}

/// A repository that a cluster archives to.
struct Written {
    name: String,
    identity: Identity,
    place: Span,
}

/// The repositories in object stores that a PostgresCluster archives to.
fn written_to(inventory: &Inventory, object: &Object) -> Vec<Written> {
    let says = |path: &[&str], word: &str| object.at(path).is_some_and(|node| node.text() == word);
    let standby = object.at(&["spec", "standby"]).is_some_and(Node::is_map)
        && !says(&["spec", "standby", "enabled"], "false");
    if standby || says(&["spec", "shutdown"], "true") {
        return Vec::new();
    }
    let home = Home {
        origin: inventory.origin.0,
        namespace: object.namespace.as_deref().unwrap_or(""),
    };
    let repos = object.at(&REPOS).into_iter().flat_map(Node::items);
    repos
        .filter_map(|repo| written(object, home, repo))
        .collect()
}

fn written(object: &Object, home: Home<'_>, repo: Node<'_>) -> Option<Written> {
    let name = repo.get("name")?;
    let kinds = [("s3", "bucket"), ("gcs", "bucket"), ("azure", "container")];
    let (kind, bucket) = kinds
        .into_iter()
        .find_map(|(kind, field)| Some((kind, repo.at(&[kind, field])?)))?;
    // What is no name of a bucket is a placeholder of a template.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !bucket.text().chars().all(plain) {
        return None;
    }
    let key = format!("{}-path", name.text());
    let global = object.at(&["spec", "backups", "pgbackrest", "global"]);
    let option = global.and_then(|global| global.get(&key));
    let path = option.and_then(scalar_text);
    let path = path.unwrap_or_else(|| default_path(name.text()));
    let endpoint = match kind {
        "azure" => account(object, name.text()),
        _ => repo.at(&["s3", "endpoint"]).map_or("", Node::text).into(),
    };
    Some(Written {
        name: name.text().to_owned(),
        identity: Identity::of(kind, bucket.text(), &endpoint, &path, home)?,
        place: option.unwrap_or(bucket).span(),
    })
}

/// What tells containers of one name apart: the account in Azure, where it is written, else the files that may name it.
fn account(object: &Object, repo: &str) -> String {
    let pgbackrest = object.at(&["spec", "backups", "pgbackrest"]);
    let option =
        pgbackrest.and_then(|section| section.at(&["global", &format!("{repo}-azure-account")]));
    if let Some(account) = option.and_then(scalar_text) {
        return format!("{account}.blob.core.windows.net");
    }
    let files = pgbackrest.and_then(|section| section.get("configuration"));
    let names = files.into_iter().flat_map(Node::items).filter_map(|file| {
        let source = file.get("secret").or_else(|| file.get("configMap"))?;
        Some(source.get("name")?.text())
    });
    names.collect::<Vec<_>>().join("+")
}

fn namesakes(draft: &Draft<'_>) -> Fact<Value> {
    let own = draft.object;
    let key = (own.namespace.as_deref(), &*own.name);
    let all = known(draft, draft.inventory, |_| true);
    let same = all.names.get(&key).into_iter().flatten();
    let others = same.filter(|other| !std::ptr::eq(**other, own));
    let others: Vec<&Object> = others.copied().collect();
    let titles: Vec<String> = others.iter().map(|other| title(other)).collect();
    let fact = Fact::at(titles.into(), draft.name_span(), "this one");
    let places = others.iter().map(|other| other.name_span());
    resting_on_each(fact, places, "and this one")
}
