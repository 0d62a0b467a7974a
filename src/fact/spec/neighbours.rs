//! The other PostgresClusters of the input: what two of them cannot both have.

use super::problems::{Problems, at};
use super::repos::{REPOS, default_path};
use super::volumes::Volume;
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::repository::{Home, Identity};
use crate::fact::v4::fields::scalar_text;
use crate::manifest::{Fact, Inventory, Kind, Node, Object};
use crate::source::Span;

const VOLUMES: [&str; 3] = ["spec", "dataSource", "volumes"];

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.claimsOfOthers",
        Type::Strings,
        "claims the draft adopts that another PostgresCluster of the input adopts, too: \"hippo, as rhino does\"",
        claims,
    ),
    row(
        "draft.repositoriesOfOthers",
        Type::Strings,
        "repositories in an object store at the place where another PostgresCluster of the input archives to, too: \"repo1 at /pgbackrest/repo1 of bucket zoo, as pgo/rhino\"; a standby and a cluster that is shut down do not archive",
        repositories,
    ),
    row(
        "draft.namesakes",
        Type::Strings,
        "other drafts of this name and namespace in the input",
        namesakes,
    ),
];

/// The other PostgresClusters, each with where it is.
fn others<'a>(draft: &Draft<'a>) -> impl Iterator<Item = (&'a Inventory, &'a Object)> {
    let own = draft.object;
    let all = draft.places().flat_map(|place| {
        let objects = place.list_all(Kind::PostgresCluster).objects;
        objects.into_iter().map(move |object| (place, object))
    });
    // The living cluster of the name, and overlays of one base, are this one again.
    all.filter(move |(_, other)| other.name != own.name || other.namespace != own.namespace)
}

fn title(object: &Object) -> String {
    match object.namespace.as_deref() {
        Some(namespace) => format!("{namespace}/{}", object.name),
        None => object.name.to_string(),
    }
}

fn claims(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let ours = adopted(draft.object);
    if !ours.is_empty() {
        for (_, other) in
            others(draft).filter(|(_, other)| other.namespace == draft.object.namespace)
        {
            for theirs in adopted(other) {
                let same = ours.iter().find(|node| node.text() == theirs.text());
                if let Some(own) = same {
                    let text = format!("{}, as {} does", own.text(), other.name);
                    let places = [
                        at(own.span(), "adopted here"),
                        at(theirs.span(), "and here"),
                    ];
                    problems.add(text, &places);
                }
            }
        }
    }
    problems.list(draft.nearest(&VOLUMES), "the adopted claims")
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

fn repositories(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let ours = written_to(draft.inventory, draft.object);
    if !ours.is_empty() {
        for (place, other) in others(draft) {
            for theirs in written_to(place, other) {
                let same = ours.iter().find(|own| own.identity == theirs.identity);
                if let Some(own) = same {
                    let Identity { bucket, path, .. } = &own.identity;
                    let text = format!(
                        "{} at {path} of bucket {bucket}, as {}",
                        own.name,
                        title(other)
                    );
                    let places = [
                        at(own.place, "archives here"),
                        at(theirs.place, "and so does this"),
                    ];
                    problems.add(text, &places);
                }
            }
        }
    }
    problems.list(draft.nearest(&REPOS), "the repositories")
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
    let endpoint = repo.at(&["s3", "endpoint"]).map_or("", Node::text);
    Some(Written {
        name: name.text().to_owned(),
        identity: Identity::of(kind, bucket.text(), endpoint, &path, home)?,
        place: option.unwrap_or(bucket).span(),
    })
}

fn namesakes(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
    let own = draft.object;
    let all = draft.inventory.list_all(Kind::PostgresCluster).objects;
    let same = all.into_iter().filter(|other| {
        !std::ptr::eq(*other, own)
            && other.is_draft()
            && other.name == own.name
            && other.namespace == own.namespace
    });
    for other in same {
        let places = [
            at(draft.name_span(), "this one"),
            at(other.name_span(), "and this one"),
        ];
        problems.add(title(other), &places);
    }
    problems.list(draft.name_span(), "the draft")
}
