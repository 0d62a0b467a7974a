//! Which v4 cluster a draft is likely to replace where nothing that it names is v4's: by its own name, by the bucket.
//!
//! That is where a mistake in a path would otherwise keep the draft from being compared at all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::candidates::Candidates;
use super::hints::{Fits, Hint, Sign};
use super::pair::MOST_NAMED;
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
        let mut behind = self.behind(draft, repo);
        let (only, None) = (behind.next()?, behind.next()) else {
            return None;
        };
        let place = self
            .buckets
            .get(repo.remote("bucket").value()?)?
            .get(&only)?;
        Some(Hint {
            why: "nobody else has a repository in its bucket".to_owned(),
            place: Evidence {
                absent: false,
                span: repo.named_at,
                note: "the repository to start from",
            },
            fits: Cow::Owned(Fits::from([(only, *place)])),
            sign: Sign::OnlyBucket,
        })
    }

    /// Notes where a cluster keeps its backups, if that is a bucket.
    pub(super) fn note_store(&mut self, number: usize, cluster: &Cluster<'_>) {
        let Some(bucket) = text_of(cluster, "repo.bucket") else {
            return;
        };
        let Some(endpoint) = text_of(cluster, "repo.endpoint") else {
            self.stores.entry((bucket, None)).or_default().push(number);
            return;
        };
        let home = home(cluster.inventory.origin.0, cluster.namespace);
        // The kinds that v4 knows; an endpoint means another store to each.
        for kind in ["s3", "gcs"] {
            let store = store(kind, &endpoint, home).map(|store| (kind.to_owned(), store));
            let all = self.stores.entry((bucket.clone(), store)).or_default();
            all.push(number);
        }
    }

    /// The clusters whose bucket the draft starts from. Where the endpoint of one is not known nothing speaks against it.
    fn behind(&self, draft: &Draft<'_>, repo: &SourceRepo<'_>) -> impl Iterator<Item = usize> {
        let (bucket, kind) = (repo.remote("bucket"), repo.kind());
        let endpoint = repo.remote("endpoint");
        let endpoint = endpoint.value().map_or("", String::as_str);
        let home = home(draft.inventory.origin.0, draft.namespace);
        let ours = kind
            .value()
            .and_then(|kind| Some((kind.clone(), store(kind, endpoint, home)?)));
        // Of what is no object store nothing is behind it.
        let keys = ours.map(|ours| [Some(ours), None]);
        let of = |store| self.stores.get(&(bucket.value()?.clone(), store));
        let found = keys.into_iter().flatten().filter_map(of);
        let found: Vec<&Vec<usize>> = found.collect();
        found.into_iter().flatten().copied()
    }

    /// The clusters of a namespace, or those that write none.
    fn within<'n>(&'n self, namespace: Option<&'n str>) -> impl Iterator<Item = usize> + 'n {
        let homes = self.homes.range((namespace, "")..);
        let homes = homes.take_while(move |((home, _), _)| *home == namespace);
        homes.flat_map(|(_, fits)| fits.keys().copied())
    }

    /// The clusters that a draft shaped for a migration may be meant for although it fits none, as many as are named: those of its
    /// namespace, and those whose bucket it starts from.
    pub(super) fn near(&self, draft: &Draft<'_>) -> Vec<&'a Cluster<'a>> {
        if self.clusters.is_empty() || !may_replace(draft) {
            return Vec::new();
        }
        let source = source_repo::of(draft);
        let repo = source.value().and_then(Option::as_ref);
        let behind = repo.into_iter().flat_map(|repo| self.behind(draft, repo));
        let mut near = BTreeSet::new();
        if draft.namespace.is_none() {
            near.extend((0..self.clusters.len()).take(MOST_NAMED + 1));
        }
        let mut others = self
            .within(draft.namespace)
            .chain(self.within(None))
            .chain(behind);
        while near.len() <= MOST_NAMED
            && let Some(number) = others.next()
        {
            near.insert(number);
        }
        let near = near.into_iter();
        near.filter_map(|number| self.clusters.get(number).copied())
            .collect()
    }
}

fn home(origin: u32, namespace: Option<&str>) -> Home<'_> {
    Home {
        origin,
        namespace: namespace.unwrap_or(""),
    }
}

/// A fact about a v4 cluster that is a text; `None` where it is unknown or empty.
fn text_of(cluster: &Cluster<'_>, fact: &str) -> Option<String> {
    let number = v4::FACTS.fact(fact)?;
    match v4::FACTS.read(number, cluster)? {
        Fact::Known(truth) => match truth.value {
            Value::Str(text) if !text.is_empty() => Some(text.to_string()),
            _ => None,
        },
        Fact::Unknown(_) => None,
    }
}
