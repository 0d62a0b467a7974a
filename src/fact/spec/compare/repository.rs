//! The repository data comes from beside v4's.

use super::super::pairing::of_pair;
use super::super::problems::Culprits;
use super::super::{Draft, DraftFact, each};
use super::sides::two_sides;
use crate::fact::Element;
use crate::fact::repository::{Home, store};
use crate::fact::spec::claims::volumes;
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::spec::repository::source_repo::SourceRepo;
use crate::fact::spec::repository::{repos, source_repo};
use crate::manifest::{Evidence, Fact, Truth};

pub(super) static FACTS: &[DraftFact] = &[
    each(
        "pair.repoMismatches",
        "where the repository the draft takes data from is not v4's: {property, draft, v4, text}; property is kind, bucket, endpoint, region, path, uriStyle or verifyTls",
        &["property", "draft", "v4", "text"],
        mismatches,
    ),
    each(
        "pair.sharedRepos",
        "repositories of the new cluster that are the very place v4 archives to: {name}",
        &["name"],
        shared,
    ),
];

fn mismatches(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let mut problems = Culprits::default();
        let repo = problems
            .look(source_repo::of(draft))
            .and_then(|truth| truth.value);
        if let Some(repo) = repo {
            compare(draft, &repo, &mut problems);
        }
        problems.list(
            draft.nearest(&["spec", "dataSource"]),
            "the repository data comes from",
        )
    })
}

fn compare(draft: &Draft<'_>, repo: &SourceRepo<'_>, problems: &mut Culprits) {
    let kind = problems.look(repo.kind());
    let types = problems.look(draft.v4_texts("repo.types"));
    let (Some(kind), Some(types)) = (kind, types) else {
        return;
    };
    if kind.value.is_empty() || types.value.is_empty() {
        return;
    }
    if !types.value.iter().any(|of_v4| v5_name(of_v4) == kind.value) {
        let names: Vec<&str> = types.value.iter().map(|of_v4| v5_name(of_v4)).collect();
        let theirs = names.join(" and ");
        let places = two_sides(&kind, &types);
        let text = format!(
            "{} is kept in {}, v4's repository in {theirs}",
            repo.name, kind.value
        );
        tell(problems, "kind", [&kind.value, &theirs], text, &places);
        return;
    }
    if !matches!(kind.value.as_str(), "s3" | "gcs") {
        return;
    }
    let mut differ =
        |property: &str, ours: Fact<String>, theirs: Fact<String>, same: fn(&str, &str) -> bool| {
            let (ours, theirs) = (problems.look(ours), problems.look(theirs));
            if let (Some(ours), Some(theirs)) = (ours, theirs)
                && !same(&ours.value, &theirs.value)
            {
                let text = said(property, &ours, &theirs);
                let places = two_sides(&ours, &theirs);
                tell(
                    problems,
                    property,
                    [&ours.value, &theirs.value],
                    text,
                    &places,
                );
            }
        };
    let plain: fn(&str, &str) -> bool = |ours, theirs| ours == theirs;
    differ(
        "bucket",
        repo.remote("bucket"),
        draft.v4_text("repo.bucket"),
        plain,
    );
    differ("path", repo.path(), draft.v4_text("repo.path"), same_path);
    if kind.value == "s3" {
        differ(
            "endpoint",
            repo.remote("endpoint"),
            draft.v4_text("repo.endpoint"),
            same_endpoint,
        );
        differ(
            "region",
            repo.remote("region"),
            draft.v4_text("repo.region"),
            plain,
        );
        differ(
            "uriStyle",
            repo.uri_style(),
            draft.v4_text("repo.uriStyle"),
            plain,
        );
        let verify = |fact: Fact<bool>| fact.map(|truth| truth.to_string());
        differ(
            "verifyTls",
            verify(repo.verify_tls()),
            verify(draft.v4_truth("repo.verifyTLS")),
            plain,
        );
    }
}

fn said(property: &str, ours: &Truth<String>, theirs: &Truth<String>) -> String {
    let name = match property {
        "uriStyle" => "URI style",
        "verifyTls" => "verification of certificates",
        other => other,
    };
    let shown = |text: &str| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text.to_owned()
        }
    };
    format!(
        "{name} {} instead of {}",
        shown(&ours.value),
        shown(&theirs.value)
    )
}

fn tell(
    problems: &mut Culprits,
    property: &str,
    [ours, theirs]: [&str; 2],
    text: String,
    places: &[Evidence],
) {
    let values = [
        ("property", property.into()),
        ("draft", ours.into()),
        ("v4", theirs.into()),
        ("text", text.into()),
    ];
    problems.tell(property.to_owned(), values, places);
}

/// What v5 calls a kind of repository of v4.
fn v5_name(of_v4: &str) -> &str {
    match of_v4 {
        "posix" => "volume",
        other => other,
    }
}

fn same_path(ours: &str, theirs: &str) -> bool {
    ours.trim_end_matches('/') == theirs.trim_end_matches('/')
}

/// Whether both are one store: scheme, case and the usual port make no difference, nor which of Amazon's names is used.
fn same_endpoint(ours: &str, theirs: &str) -> bool {
    let of = |text: &str| store("s3", text, Home::default());
    of(ours) == of(theirs)
}

fn shared(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let mut problems = Culprits::default();
        adopted(draft, &mut problems);
        let own = problems.look(source_repo::places(draft));
        for repo in own.into_iter().flat_map(|truth| truth.value) {
            let kind = repo.kind();
            let remote = kind
                .value()
                .is_some_and(|kind| matches!(kind.as_str(), "s3" | "gcs"));
            if !remote {
                continue;
            }
            // What comes last points first: the draft before v4.
            let theirs = draft
                .v4_text("repo.path")
                .both(draft.v4_text("repo.bucket"));
            let facts = theirs.both(repo.path().both(repo.remote("bucket")));
            let Some(truth) = problems.look(facts) else {
                continue;
            };
            let ((path_of_v4, of_v4), (path, bucket)) = &truth.value;
            if !bucket.is_empty() && bucket == of_v4 && same_path(path, path_of_v4) {
                tell_shared(&mut problems, &repo.name, &truth.evidence);
            }
        }
        problems.list(draft.nearest(&repos::REPOS), "the repositories")
    })
}

/// The volume that was v4's repository becomes the first one.
fn adopted(draft: &Draft<'_>, problems: &mut Culprits) {
    let name = problems.look(volumes::claim_name(draft, Volume::Repo));
    let Some(name) = name.filter(|name| !name.value.is_empty()) else {
        return;
    };
    let theirs = problems.look(draft.v4_text("repoClaim.name"));
    let first = problems.look(repos::repos(draft));
    if let (Some(theirs), Some(first)) = (theirs, first)
        && theirs.value == name.value
        && let Some(repo) = first.value.first()
    {
        tell_shared(problems, &repo.name(), &two_sides(&name, &theirs));
    }
}

fn tell_shared(problems: &mut Culprits, name: &str, places: &[Evidence]) {
    let key = format!("{}[{name}]", repos::REPOS.join("."));
    problems.tell(key, [("name", name.into())], places);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_and_paths_compare_by_meaning() {
        assert!(same_endpoint(
            "https://S3.Amazonaws.com/",
            "s3.amazonaws.com:443"
        ));
        assert!(!same_endpoint("minio:9000", "minio"));
        assert!(same_endpoint(
            "s3.amazonaws.com",
            "s3.eu-central-1.amazonaws.com"
        ));
        assert!(same_path("/backrestrepo/a/", "/backrestrepo/a"));
        assert!(!same_path("backrestrepo/a", "/backrestrepo/a"));
    }
}
