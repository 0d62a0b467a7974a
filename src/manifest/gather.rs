//! Named files to loaded texts, read and parsed in parallel, and on to the holdings of one origin.
//!
//! The one place of this room that touches input, through `source`. It must not know what the objects mean.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::inventory::{Coverage, Holdings, List, Refusal, Unread};
use super::kind::{KINDS, Kind};
use super::load::{Loaded, load};
use super::server::ServerSaid;
use crate::source::{Dump, Inputs, Listed, Listing, OriginId, Reason, Skipped, Source, SourceId};

/// All texts of one origin, in the order of their uris.
#[derive(Debug)]
pub struct Gathered {
    /// The origin.
    pub origin: OriginId,
    /// Its name in reports: `""` for loose files, a bundle's path, or a context.
    pub name: String,
    /// The context it was read from, by us or by whoever collected it.
    pub context: Option<String>,
    /// When it was taken; `None` where nothing says, as of loose files.
    pub taken: Option<Timestamp>,
    /// The API server's release, as it said it when it was read.
    pub server: Option<String>,
    /// Every text by its [`SourceId`], counted from the first of the origin; empty ones for those in `skipped`.
    pub sources: Vec<Arc<Source>>,
    /// What each text holds, those that could not be read aside.
    pub loaded: Vec<Loaded>,
    /// Whether the texts came out of an archive, which is shorter than they are, or from a server.
    pub dumped: bool,
    /// What was not read, by uri.
    pub skipped: Vec<Skipped>,
    /// Listings that succeeded.
    pub coverage: Vec<Coverage>,
    /// Listings that failed.
    pub refusals: Vec<Refusal>,
}

/// Reads and parses all files. The result does not depend on which thread was faster.
pub fn gather(inputs: Inputs, origin: OriginId, first: SourceId) -> Gathered {
    let limits = inputs.limits;
    let numbered: Vec<_> = (first.0..).map(SourceId).zip(inputs.files).collect();
    let read: Vec<(SourceId, Result<Loaded, Skipped>)> = numbered
        .into_par_iter()
        .map(|(id, file)| {
            let bytes = file.read(limits);
            (id, bytes.map(|bytes| load(id, origin, file.uri, bytes)))
        })
        .collect();
    let name = inputs.origin.unwrap_or_default();
    let mut gathered = Gathered::empty(origin, name, inputs.skipped);
    for (id, text) in read {
        match text {
            Ok(loaded) => gathered.take(loaded),
            Err(skipped) => {
                let nothing = Source::new(id, origin, skipped.uri.clone(), String::new());
                gathered.sources.push(Arc::new(nothing));
                gathered.skipped.push(skipped);
            }
        }
    }
    gathered
        .skipped
        .sort_by(|left, right| left.uri.cmp(&right.uri));
    gathered
}

/// Parses texts that are already at hand (a rule's examples, a recorded cluster), as files of these names.
pub fn gather_texts(texts: Vec<(String, Vec<u8>)>) -> Gathered {
    let mut gathered = Gathered::empty(OriginId(0), String::new(), Vec::new());
    for (id, (uri, bytes)) in (0..).map(SourceId).zip(texts) {
        gathered.take(load(id, OriginId(0), uri, bytes));
    }
    gathered
}

/// Parses what a bundle or a live cluster gave, in parallel.
pub fn gather_dump(dump: Dump, origin: OriginId, first: SourceId) -> Gathered {
    // An archive of somebody else tells of no listings, and the account of a pod is no context.
    let named = !dump.listings.is_empty() && dump.taken.is_some() && dump.name != "in-cluster";
    let context = named.then(|| dump.name.clone());
    let mut gathered = Gathered::empty(origin, dump.name, dump.skipped);
    gathered.dumped = true;
    gathered.context = context;
    gathered.taken = dump.taken;
    gathered.server = dump.server;
    for listing in dump.listings {
        gathered.listed(listing);
    }
    let numbered: Vec<_> = (first.0..).map(SourceId).zip(dump.texts).collect();
    let loaded: Vec<Loaded> = numbered
        .into_par_iter()
        .map(|(id, text)| load(id, origin, text.uri, text.bytes))
        .collect();
    for text in loaded {
        gathered.take(text);
    }
    gathered
}

/// Gaps are told beside the clusters they concern; clusters that nobody saw have no such place.
fn unseen_clusters(origin: &str, because: &str, ask: &str) -> Skipped {
    let closed = if ask.is_empty() {
        String::new()
    } else {
        format!(" (to settle it: {ask})")
    };
    Skipped {
        uri: origin.to_owned(),
        reason: Reason::NotWhole(format!(
            "there may be more Pgclusters, for they could not be listed: {because}{closed}"
        )),
    }
}

impl Gathered {
    /// Nothing yet.
    pub fn empty(origin: OriginId, name: String, skipped: Vec<Skipped>) -> Gathered {
        Gathered {
            origin,
            name,
            context: None,
            taken: None,
            server: None,
            sources: Vec::new(),
            loaded: Vec::new(),
            dumped: false,
            skipped,
            coverage: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// Counts a listing. One of a kind that this program does not read says nothing to it.
    fn listed(&mut self, listing: Listing) {
        let Some(row) = KINDS.iter().find(|row| row.plural == listing.resource) else {
            return;
        };
        let kind = row.kind;
        let namespace = listing.namespace.map(Box::from);
        match listing.outcome {
            Listed::Whole | Listed::NotInstalled => {
                self.coverage.push(Coverage { kind, namespace });
            }
            Listed::Failed { because, ask } => {
                if kind == Kind::Pgcluster {
                    self.skipped
                        .push(unseen_clusters(&self.name, &because, &ask));
                }
                self.refusals.push(Refusal {
                    kind,
                    namespace,
                    because,
                    ask,
                });
            }
        }
    }

    /// Adds a text; texts come in the order of their numbers.
    pub fn take(&mut self, loaded: Loaded) {
        self.sources.push(Arc::clone(&loaded.source));
        self.loaded.push(loaded);
    }

    /// What the server said itself, then what files say of it.
    fn server_said(&mut self) -> Vec<ServerSaid> {
        let own = self.server.take().map(|version| ServerSaid {
            version: version.into(),
            place: None,
        });
        let texts = self.loaded.iter_mut();
        let written = texts.flat_map(|text| std::mem::take(&mut text.server));
        own.into_iter().chain(written).collect()
    }

    /// What the origin's inventory is built from. The objects move there; problems and counts stay.
    pub fn holdings(&mut self) -> Holdings {
        let mut holdings = Holdings::of(self.origin, self.name.clone());
        holdings.context.clone_from(&self.context);
        holdings.taken = self.taken;
        holdings.server = self.server_said();
        holdings.coverage.append(&mut self.coverage);
        holdings.refusals.append(&mut self.refusals);
        let missed = self.skipped.iter();
        let missed = missed.filter(|skipped| skipped.reason.hides_anything());
        let missed = missed.map(|skipped| Unread {
            uri: skipped.uri.clone(),
            left_out: matches!(skipped.reason, Reason::Excluded(_)),
        });
        holdings.unread = missed.collect();
        for loaded in &mut self.loaded {
            let uri = &loaded.source.uri;
            // Not `append` alone: the room of the one is not to stay beside that of the other.
            holdings
                .objects
                .append(&mut std::mem::take(&mut loaded.objects));
            holdings.lists.extend(loaded.lists.iter().map(|list| List {
                uri: uri.clone(),
                partial: list.partial,
                holds: list.holds.clone(),
                common: list.common.clone(),
            }));
            let mut problems = loaded.problems.iter();
            if problems.any(|problem| !problem.kind.is_harmless()) {
                holdings.unread.push(Unread::failed(uri.clone()));
            }
        }
        holdings
    }
}
