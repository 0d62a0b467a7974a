//! `coverage.json`: what a bundle says of itself. JSON, because it is read before anything else, from whoever wrote it, by a
//! reader that knows no aliases and a bounded depth.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::{Dump, Listed, Listing, Reason, Skipped};

/// Its path in a bundle.
pub(super) const FILE: &str = "coverage.json";
/// What tells it from other files of that name.
const MARK: &str = "pgo-preflight bundle";
/// What to know of a bundle that was unpacked into a folder: its files are read, this one is not.
const UNPACKED: &str = "this folder is an unpacked bundle, read as loose files: which kinds were listed whole is not believed of files that anybody may have added or removed. Name the archive itself, or pack the folder again (tar -czf bundle.tar.gz -C FOLDER .)";

/// The note about a file in a folder that says of its folder that it is a bundle.
pub(in crate::source) fn unpacked(path: &Path) -> Option<Reason> {
    if path.file_name()? != FILE {
        return None;
    }
    let mut head = Vec::new();
    let file = File::open(path).ok()?;
    file.take(512).read_to_end(&mut head).ok()?;
    let found = memchr::memmem::find(&head, MARK.as_bytes());
    found.map(|_| Reason::Note(UNPACKED.to_owned()))
}

/// The version that this program writes, and the newest it reads.
const VERSION: u32 = 1;

/// Longer than any context is called, in characters.
const LONGEST_NAME: usize = 250;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Coverage {
    kind: String,
    version: u32,
    /// Which program wrote it.
    #[serde(default)]
    tool: String,
    /// The context it was taken from.
    #[serde(default)]
    origin: String,
    /// When, by the server's clock.
    #[serde(default)]
    taken: Option<Timestamp>,
    /// The server's version.
    #[serde(default)]
    server: Option<String>,
    /// How many files of objects the bundle has.
    pub(super) objects: usize,
    /// What was listed whole.
    #[serde(default)]
    listed: Vec<Place>,
    /// What the server does not know.
    #[serde(default)]
    not_installed: Vec<Place>,
    /// What could not be listed.
    #[serde(default)]
    failed: Vec<Failed>,
    /// What was there and could not be read.
    #[serde(default)]
    skipped: Vec<Missed>,
}

/// A kind in a namespace; in all of them where none is named.
#[derive(Debug, Serialize, Deserialize)]
struct Place {
    resource: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Failed {
    resource: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    because: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    ask: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Missed {
    name: String,
    reason: String,
    /// What may be missing for it.
    hides: Hides,
}

/// What may be missing where something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Hides {
    Nothing,
    /// What the listings say.
    Listed,
    Anything,
}

/// What a file of this name turns out to be.
pub(super) enum Read {
    /// What it should be.
    Is(Box<Coverage>),
    /// Some other file.
    Other,
    /// It cannot be used, for this reason.
    Unusable(String),
}

impl Coverage {
    /// What is to be said of a dump.
    pub(super) fn of(dump: &Dump) -> Coverage {
        let mut coverage = Coverage {
            kind: MARK.to_owned(),
            version: VERSION,
            tool: format!("pgo-preflight {}", env!("CARGO_PKG_VERSION")),
            origin: dump.name.clone(),
            taken: dump.taken,
            server: dump.server.clone(),
            objects: dump.texts.len(),
            listed: Vec::new(),
            not_installed: Vec::new(),
            failed: Vec::new(),
            skipped: dump.skipped.iter().map(Missed::of).collect(),
        };
        let mut listings = dump.listings.clone();
        listings.sort();
        listings.dedup();
        for Listing {
            resource,
            namespace,
            outcome,
        } in listings
        {
            match outcome {
                Listed::Whole => coverage.listed.push(Place {
                    resource,
                    namespace,
                }),
                Listed::NotInstalled => coverage.not_installed.push(Place {
                    resource,
                    namespace,
                }),
                Listed::Failed { because, ask } => coverage.failed.push(Failed {
                    resource,
                    namespace,
                    because,
                    ask,
                }),
            }
        }
        coverage
    }

    /// Reads it.
    pub(super) fn parse(bytes: &[u8]) -> Read {
        let value: serde_json::Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            // A bundle's own, cut off or damaged, must not pass for another file.
            Err(_) if memchr::memmem::find(bytes, MARK.as_bytes()).is_some() => {
                return Read::Unusable("it is damaged".to_owned());
            }
            Err(_) => return Read::Other,
        };
        if value.get("kind").and_then(|kind| kind.as_str()) != Some(MARK) {
            return Read::Other;
        }
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        if version.is_some_and(|version| version > u64::from(VERSION)) {
            return Read::Unusable(
                "a newer pgo-preflight wrote it; read it with that one".to_owned(),
            );
        }
        match serde_json::from_value(value) {
            Ok(coverage) => Read::Is(Box::new(coverage)),
            Err(error) => Read::Unusable(format!("it is not as it should be: {error}")),
        }
    }

    /// Its text, for a bundle.
    pub(super) fn text(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Tells a dump what it says.
    pub(super) fn tell(self, dump: &mut Dump) {
        if !self.origin.trim().is_empty() {
            dump.name = self.origin.chars().take(LONGEST_NAME).collect();
        }
        dump.taken = self.taken;
        dump.server = self.server;
        let listed = |outcome: Listed| {
            move |place: Place| Listing {
                resource: place.resource,
                namespace: place.namespace,
                outcome: outcome.clone(),
            }
        };
        dump.listings
            .extend(self.listed.into_iter().map(listed(Listed::Whole)));
        dump.listings.extend(
            self.not_installed
                .into_iter()
                .map(listed(Listed::NotInstalled)),
        );
        dump.listings
            .extend(self.failed.into_iter().map(|failed| Listing {
                resource: failed.resource,
                namespace: failed.namespace,
                outcome: Listed::Failed {
                    because: failed.because,
                    ask: failed.ask,
                },
            }));
        dump.listings.sort();
        dump.skipped
            .extend(self.skipped.into_iter().map(Missed::skipped));
    }
}

impl Missed {
    fn of(skipped: &Skipped) -> Missed {
        Missed {
            name: skipped.uri.clone(),
            reason: skipped.reason.to_string(),
            hides: match &skipped.reason {
                Reason::NotWhole(_) => Hides::Listed,
                reason if reason.may_hide_objects() => Hides::Anything,
                _ => Hides::Nothing,
            },
        }
    }

    fn skipped(self) -> Skipped {
        Skipped {
            uri: self.name,
            reason: match self.hides {
                Hides::Anything => Reason::Unreadable(self.reason),
                Hides::Listed => Reason::NotWhole(self.reason),
                Hides::Nothing => Reason::Note(self.reason),
            },
        }
    }
}
