//! Which v4 cluster a draft is likely to replace where nothing that it names is v4's: by its own name, by the bucket.
//!
//! That is where a mistake in a path would otherwise keep the draft from being compared at all.

use std::borrow::Cow;

use super::candidates::Candidates;
use super::hints::{Fits, Hint, Sign};
use super::source::{is_of_v5, may_replace};
use crate::expr::{Names, Value};
use crate::fact::repository::{Home, store};
use crate::fact::spec::Draft;
use crate::fact::spec::repository::source_repo::{self, SourceRepo};
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Evidence, Fact};

/// What v4 calls the mount of its repositories, and the end of a repository's path.
const LAYOUT: (&str, &str) = ("/backrestrepo/", "-backrest-shared-repo");

impl<'a> Candidates<'a> {
    /// The clusters of a name: in the draft's namespace, or where either writes none.
    pub(super) fn at_home(&self, draft: &Draft<'_>, name: &str) -> Option<Cow<'_, Fits>> {
        if draft.namespace.is_none() {
            return self.names.get(name).map(Cow::Borrowed);
        }
        let homes = [draft.namespace, None];
        let near = homes
            .iter()
            .filter_map(|home| self.homes.get(&(*home, name)));
        let near: Fits = near
            .flatten()
            .map(|(number, place)| (*number, *place))
            .collect();
        (!near.is_empty()).then_some(Cow::Owned(near))
    }

    /// The cluster beside which `draft` would write a cluster of this name.
    pub(super) fn successor(&self, draft: &Draft<'_>) -> Option<Hint<'_>> {
        let name = draft.name.strip_suffix("-v5")?;
        let fits = self.at_home(draft, name)?;
        (may_replace(draft) && !is_of_v5(draft)).then(|| Hint {
            why: format!("it is named as the successor of {name}"),
            place: Evidence {
                absent: false,
                span: draft.name_span(),
                note: "the draft's name",
            },
            fits,
            sign: Sign::Successor,
        })
    }

    /// The only cluster behind the bucket that the draft starts from, at a path in v4's layout: nobody but v4 has such paths. A
    /// draft that is called like the path may come from a cluster that is gone.
    pub(super) fn only_bucket(&self, draft: &Draft<'_>) -> Option<Hint<'_>> {
        let source = source_repo::of(draft);
        let repo = source.value()?.as_ref()?;
        let path = repo.path().value()?.clone();
        let (mount, ending) = LAYOUT;
        let within = format!("{path}/").strip_prefix(mount)?.to_owned();
        let named = within.trim_matches('/').trim_end_matches(ending);
        if draft.name.trim_end_matches("-v5") == named || !may_replace(draft) || is_of_v5(draft) {
            return None;
        }
        let fits = self.behind(draft, repo);
        (fits.len() == 1).then(|| Hint {
            why: "nobody else has a repository in its bucket".to_owned(),
            place: Evidence {
                absent: false,
                span: repo.named_at,
                note: "the repository to start from",
            },
            fits: Cow::Owned(fits),
            sign: Sign::OnlyBucket,
        })
    }

    /// The clusters whose bucket the draft starts from.
    fn behind(&self, draft: &Draft<'_>, repo: &SourceRepo<'_>) -> Fits {
        let (bucket, kind) = (repo.remote("bucket"), repo.kind());
        let (Some(bucket), Some(kind)) = (bucket.value(), kind.value()) else {
            return Fits::new();
        };
        let endpoint = repo.remote("endpoint");
        let endpoint = endpoint.value().map_or("", String::as_str);
        let ours = store(
            kind,
            endpoint,
            home(draft.inventory.origin.0, draft.namespace),
        );
        let same = |number: usize| {
            let cluster = self.clusters.get(number);
            cluster.is_some_and(|cluster| match endpoint_of(cluster) {
                // Nothing speaks against it.
                None => true,
                Some(theirs) => {
                    let home = home(cluster.inventory.origin.0, cluster.namespace);
                    store(kind, &theirs, home) == ours
                }
            })
        };
        let all = self.buckets.get(bucket).into_iter().flatten();
        let all = all.filter(|(number, _)| same(**number));
        all.map(|(number, place)| (*number, *place)).collect()
    }

    /// The clusters that a draft shaped for a migration may be meant for although it fits none: those of its namespace, and
    /// those whose bucket it starts from.
    pub(super) fn near(&self, draft: &Draft<'_>) -> Vec<&'a Cluster<'a>> {
        if self.clusters.is_empty() || !may_replace(draft) {
            return Vec::new();
        }
        let source = source_repo::of(draft);
        let repo = source.value().and_then(Option::as_ref);
        let behind = repo.map_or_else(Fits::new, |repo| self.behind(draft, repo));
        let all = self.clusters.iter().enumerate();
        let near = all.filter(|(number, cluster)| {
            let unsaid = draft.namespace.is_none() || cluster.namespace.is_none();
            unsaid || cluster.namespace == draft.namespace || behind.contains_key(number)
        });
        near.map(|(_, cluster)| *cluster).collect()
    }
}

fn home(origin: u32, namespace: Option<&str>) -> Home<'_> {
    Home {
        origin,
        namespace: namespace.unwrap_or(""),
    }
}

/// The endpoint of a v4 cluster's bucket, if it is known.
fn endpoint_of(cluster: &Cluster<'_>) -> Option<String> {
    let number = v4::FACTS.fact("repo.endpoint")?;
    match v4::FACTS.read(number, cluster)? {
        Fact::Known(truth) => match truth.value {
            Value::Str(text) if !text.is_empty() => Some(text.to_string()),
            _ => None,
        },
        Fact::Unknown(_) => None,
    }
}
