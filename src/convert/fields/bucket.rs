//! The bucket of a repository: its name and path for v5, and where v4 has it.

use crate::convert::choices::{Form, RepositoryPath};
use crate::convert::document::{Entry, Node};
use crate::convert::view::View;
use crate::manifest::Fact;

/// The repositories in buckets that v5 writes to: their names and paths.
pub(in crate::convert) fn buckets(view: &View<'_, '_>) -> Vec<(&'static str, Fact<String>)> {
    if view.bucket_kind().is_none() {
        return Vec::new();
    }
    let beside_volume = view.stores_in("posix") && view.form.adopts();
    let name = if beside_volume { "repo2" } else { "repo1" };
    let own = || {
        let namespace = view.namespace.as_deref().unwrap_or_default();
        let folder = [namespace, &view.name, name]
            .into_iter()
            .filter(|part| !part.is_empty());
        Fact::known(format!(
            "/pgbackrest/{}",
            folder.collect::<Vec<_>>().join("/")
        ))
    };
    let v4 = || view.text("repo.path");
    let path = match (view.form, &view.choices.repository) {
        // They go on with v4's repository, whatever was chosen.
        (Form::Standby | Form::SharedPath, _) | (_, Some(RepositoryPath::V4)) => v4(),
        (_, Some(RepositoryPath::At(path))) => Fact::known(path.clone()),
        (_, Some(RepositoryPath::Own)) | (Form::OwnPath, None) => own(),
        (_, None) if beside_volume => own(),
        (_, None) => v4(),
    };
    vec![(name, path)]
}

/// A bucket as v4 has it.
pub(super) fn bucket(view: &View<'_, '_>, name: &str) -> Node {
    let mut repo = Node::Map(vec![Entry::text("name", name)]);
    let kind = view.bucket_kind().unwrap_or("s3");
    let bucket = view.word("repo.bucket", "the bucket");
    repo.put(
        &format!("{kind}.bucket"),
        bucket.unwrap_or_else(|| Entry::todo("", "the bucket")),
    );
    if kind == "s3" {
        repo.put("s3.endpoint", endpoint(view));
        let region = view.word("repo.region", "the region of the bucket");
        repo.put(
            "s3.region",
            region.unwrap_or_else(|| Entry::todo("", "the region of the bucket")),
        );
    }
    repo
}

/// pgBackRest wants a host, without a scheme.
fn endpoint(view: &View<'_, '_>) -> Entry {
    let Some(entry) = view.word("repo.endpoint", "the endpoint of the bucket, a host") else {
        return Entry::todo("", "the endpoint of the bucket, a host");
    };
    if let Node::Text(text) = &entry.node {
        // A port that is often plain says nothing against it: pgBackRest of v4 spoke TLS there, too.
        if text.starts_with("http://") {
            let words = format!("a front end with TLS for {text}: pgBackRest speaks no plain HTTP");
            return Entry::todo("", &words).saying(entry.comment);
        }
    }
    without_scheme(entry)
}

pub(super) fn without_scheme(mut entry: Entry) -> Entry {
    if let Node::Text(text) = &mut entry.node
        && let Some(host) = text.strip_prefix("https://")
    {
        *text = host.trim_end_matches('/').to_owned();
    }
    entry
}
