//! What is wrong with the places that repositories are kept in, each mistake at its own key.

use super::global::{self, Options};
use super::problems::{Problems, at};
use super::reading::bare;
use super::repos::{REPOS, Repo, default_path, repos};
use super::volumes::{self, Volume};
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node};
use crate::source::Span;

mod endpoint;

use endpoint::Endpoint;

/// The repository of a restore from an object store.
const SOURCE_REPO: [&str; 4] = ["spec", "dataSource", "pgbackrest", "repo"];
/// Where PGO v4 keeps repositories.
const OF_V4: &str = "/backrestrepo";
/// Where what a draft projects lies in the pods.
const PROJECTED: &str = "/etc/pgbackrest/conf.d/";

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.v4Paths",
        Type::Strings,
        "repositories with a path below /backrestrepo, where PGO v4 keeps them",
        |draft| of_paths(draft, |_, _, path| path.starts_with(OF_V4)),
    ),
    row(
        "draft.v4PathsOnVolumes",
        Type::Strings,
        "those of them that are on volumes",
        |draft| {
            of_paths(draft, |_, repo, path| {
                path.starts_with(OF_V4) && on_volume(repo)
            })
        },
    ),
    row(
        "draft.relativePaths",
        Type::Strings,
        "repositories with a path that does not begin with a slash",
        |draft| of_paths(draft, |_, _, path| !path.starts_with('/')),
    ),
    row(
        "draft.adoptedPaths",
        Type::Strings,
        "the first repository, where it takes v4's volume with a directory and has a path that is neither its own by default nor v4's",
        adopted_paths,
    ),
    row(
        "draft.endpointsRefused",
        Type::Strings,
        "S3 endpoints that every pgBackRest the draft may run refuses: https:// before 2.37, http:// before 2.58, a path before 2.37, any other scheme",
        |draft| endpoint::refused(draft, true),
    ),
    row(
        "draft.endpointsRefusedBySome",
        Type::Strings,
        "S3 endpoints that some of these refuse, but not all",
        |draft| endpoint::refused(draft, false),
    ),
    row(
        "draft.endpointsWithPath",
        Type::Strings,
        "S3 endpoints with a path, which pgBackRest leaves out from 2.37 on",
        |draft| of_endpoints(draft, |endpoint, _| Endpoint::parse(endpoint).has_path),
    ),
    row(
        "draft.endpointsOfPlainHttp",
        Type::Strings,
        "S3 endpoints without http:// in front and with port 80 or 9000, where object stores speak plain HTTP",
        |draft| {
            let plain = |endpoint: Endpoint<'_>| {
                let port = endpoint.port.unwrap_or("");
                endpoint.scheme != Some("http") && matches!(port, "80" | "9000")
            };
            of_endpoints(draft, |endpoint, _| plain(Endpoint::parse(endpoint)))
        },
    ),
    row(
        "draft.endpointsWithBucket",
        Type::Strings,
        "Amazon's endpoints with the bucket in front",
        |draft| {
            of_endpoints(draft, |endpoint, bucket| {
                let host = Endpoint::parse(endpoint).host;
                let rest = host.strip_prefix(bucket).filter(|_| !bucket.is_empty());
                rest.is_some_and(|rest| rest.starts_with(".s3"))
            })
        },
    ),
    row(
        "draft.gcsKeysElsewhere",
        Type::Strings,
        "paths of keys for GCS that lie outside /etc/pgbackrest/conf.d",
        |draft| {
            each(draft, "the path of the key", |_, repo, options| {
                let key = options.get(&format!("{}-gcs-key", repo.name()))?;
                let elsewhere = key.text.starts_with('/') && !key.text.starts_with(PROJECTED);
                elsewhere.then(|| (key.text.clone(), key.value.span()))
            })
        },
    ),
    row(
        "draft.endlessRepos",
        Type::Strings,
        "repositories without repoN-retention-full: no full backup of theirs ever expires",
        |draft| {
            of_backups(draft, "keeps all full backups", |_, repo, options| {
                let name = repo.name();
                let kept = options.get(&format!("{name}-retention-full"));
                kept.is_none().then(|| (name, repo.place().span()))
            })
        },
    ),
];

fn on_volume(repo: &Repo<'_>) -> bool {
    repo.kinds().contains(&"volume")
}

/// What is wrong with a repository and where it shows. Repositories count from 0; that of the restore source, to which
/// nothing is adopted, has no number.
trait Mistake: Fn(Option<usize>, &Repo<'_>, &Options<'_>) -> Option<(String, Span)> {}
impl<F: Fn(Option<usize>, &Repo<'_>, &Options<'_>) -> Option<(String, Span)>> Mistake for F {}

/// One entry for each repository that has the mistake, wherever it stands.
fn each(draft: &Draft<'_>, note: &'static str, mistake: impl Mistake) -> Fact<Value> {
    let mut problems = Problems::default();
    add_of_backups(draft, note, &mistake, &mut problems);
    let source = global::of_source(draft).both(draft.section(&SOURCE_REPO));
    if let Some(source) = problems.look(bare(source)) {
        let (options, node) = source.value;
        let found = node.and_then(|node| mistake(None, &Repo { node }, &options));
        if let Some((text, span)) = found {
            problems.add(text, &[at(span, note)]);
        }
    }
    problems.list(draft.nearest(&REPOS), "the repositories")
}

/// One entry for each of the cluster's own repositories that has the mistake.
fn of_backups(draft: &Draft<'_>, note: &'static str, mistake: impl Mistake) -> Fact<Value> {
    let mut problems = Problems::default();
    add_of_backups(draft, note, &mistake, &mut problems);
    problems.list(draft.nearest(&REPOS), "the repositories")
}

fn add_of_backups(
    draft: &Draft<'_>,
    note: &'static str,
    mistake: &impl Mistake,
    problems: &mut Problems,
) {
    let own = problems.look(bare(global::of_backups(draft).both(repos(draft))));
    let Some((options, repos)) = own.map(|own| own.value) else {
        return;
    };
    for (number, repo) in repos.iter().enumerate() {
        if let Some((text, span)) = mistake(Some(number), repo, &options) {
            problems.add(text, &[at(span, note)]);
        }
    }
}

/// The repositories whose written path is so; their place is the path's key.
fn of_paths(draft: &Draft<'_>, is: impl Fn(Option<usize>, &Repo<'_>, &str) -> bool) -> Fact<Value> {
    each(draft, "the repository's path", |number, repo, options| {
        let name = repo.name();
        let path = options.get(&format!("{name}-path"))?;
        is(number, repo, &path.text).then(|| (name, path.key.span()))
    })
}

fn adopted_paths(draft: &Draft<'_>) -> Fact<Value> {
    let directory = volumes::directory(draft, Volume::Repo);
    bare(directory).and_then(|directory| {
        of_paths(draft, |number, repo, path| {
            let strange = !path.starts_with(OF_V4) && path != default_path(&repo.name());
            !directory.is_empty() && number == Some(0) && on_volume(repo) && strange
        })
    })
}

/// The S3 endpoints that are so; each is its own place.
fn of_endpoints(draft: &Draft<'_>, is: impl Fn(&str, &str) -> bool) -> Fact<Value> {
    each(draft, "the endpoint", |_, repo, _| {
        let endpoint = repo.remote("endpoint")?;
        let bucket = repo.remote("bucket").map_or("", Node::text);
        let text = endpoint.text();
        is(text, bucket).then(|| (text.to_owned(), endpoint.span()))
    })
}
