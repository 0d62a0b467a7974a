//! Named files to loaded texts, read and parsed in parallel, and on to the holdings of one origin.
//!
//! The one place of this room that touches input, through `source`. It must not know what the objects mean.

use std::sync::Arc;

use rayon::prelude::*;

use super::inventory::{Holdings, List};
use super::load::{Loaded, load};
use crate::source::{Inputs, OriginId, Skipped, Source, SourceId};

/// All texts of one origin, in the order of their uris.
#[derive(Debug)]
pub struct Gathered {
    /// The origin.
    pub origin: OriginId,
    /// Every text by its [`SourceId`], counted from the first of the origin; empty ones for those in `skipped`.
    pub sources: Vec<Arc<Source>>,
    /// What each text holds, those that could not be read aside.
    pub loaded: Vec<Loaded>,
    /// What was not read, by uri.
    pub skipped: Vec<Skipped>,
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
    let mut gathered = Gathered {
        origin,
        sources: Vec::with_capacity(read.len()),
        loaded: Vec::with_capacity(read.len()),
        skipped: inputs.skipped,
    };
    for (id, text) in read {
        match text {
            Ok(loaded) => {
                gathered.sources.push(Arc::clone(&loaded.source));
                gathered.loaded.push(loaded);
            }
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
    let numbered: Vec<_> = (0..).map(SourceId).zip(texts).collect();
    let loaded: Vec<Loaded> = numbered
        .into_iter()
        .map(|(id, (uri, bytes))| load(id, OriginId(0), uri, bytes))
        .collect();
    let sources = loaded.iter().map(|text| Arc::clone(&text.source)).collect();
    Gathered {
        origin: OriginId(0),
        sources,
        loaded,
        skipped: Vec::new(),
    }
}

impl Gathered {
    /// What the origin's inventory is built from. The objects move there; problems and counts stay.
    pub fn holdings(&mut self, origin_name: String) -> Holdings {
        let mut holdings = Holdings::of(self.origin, origin_name);
        let missed = self.skipped.iter();
        let missed = missed.filter(|skipped| skipped.reason.may_hide_objects());
        holdings.unread = missed.map(|skipped| skipped.uri.clone()).collect();
        for loaded in &mut self.loaded {
            let uri = &loaded.source.uri;
            holdings.objects.append(&mut loaded.objects);
            holdings.lists.extend(loaded.lists.iter().map(|list| List {
                uri: uri.clone(),
                partial: list.partial,
                holds: list.holds.clone(),
            }));
            let mut problems = loaded.problems.iter();
            if problems.any(|problem| !problem.kind.is_harmless()) {
                holdings.unread.push(uri.clone());
            }
        }
        holdings
    }
}
