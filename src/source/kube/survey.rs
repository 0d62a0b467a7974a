//! The reading of one cluster: its server, and what is found out about each kind.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::Wanted;
use super::context::Place;
use super::discover::served;
use super::fault::Fault;
use super::list::{Pages, Query, list};
use super::server::{Deadline, Server};
use super::{Allowance, Namespaces, Options, Progress};

/// One kind in one scope, with what came of it.
pub(super) struct Part {
    pub(super) query: Query,
    pub(super) pages: Pages,
    /// Whether the server does not know the kind.
    pub(super) not_installed: bool,
    /// The objects that were got by name, where no others are.
    pub(super) names: Vec<String>,
}

impl Part {
    /// Nothing read yet.
    pub(super) fn of(query: Query) -> Part {
        Part {
            query,
            pages: Pages::default(),
            not_installed: false,
            names: Vec::new(),
        }
    }
}

/// Whether a kind is served, as far as was found out.
#[derive(Clone, Debug)]
pub(super) enum Served {
    /// Nobody asked yet.
    Unasked,
    /// In no version.
    Not,
    /// In this version.
    As(String),
}

/// The reading of one cluster.
pub(super) struct Survey {
    pub(super) context: String,
    pub(super) server: Server,
    /// The server's release, as it says it.
    pub(super) version: Option<String>,
    pub(super) options: Arc<Options>,
    /// The namespaces to read; `None` for all.
    pub(super) scopes: Option<Vec<String>>,
    /// Versions that were found out, by resource.
    versions: Mutex<Vec<(&'static str, Served)>>,
}

impl Survey {
    pub(super) async fn open(
        place: Place,
        options: &Arc<Options>,
        deadline: Deadline,
        allowance: &Arc<Allowance>,
        progress: &Arc<Progress>,
    ) -> Result<Survey, Fault> {
        let context = place.name.clone();
        let config = place.config().await.map_err(Fault::NoCredentials)?;
        let home = config.default_namespace.clone();
        let server = Server::of(config, options, deadline, allowance, progress).await?;
        let version = server.greet().await?;
        let scopes = match &options.namespaces {
            Namespaces::All => None,
            Namespaces::OfContext => Some(vec![home]),
            Namespaces::Named(names) => {
                let names: BTreeSet<&String> = names.iter().collect();
                Some(names.into_iter().cloned().collect())
            }
        };
        Ok(Survey {
            context,
            server,
            version,
            options: Arc::clone(options),
            scopes,
            versions: Mutex::new(Vec::new()),
        })
    }

    /// Asks for one kind in one scope.
    pub(super) async fn part(&self, query: Query) -> Part {
        let mut part = Part::of(query);
        match self.known_version(part.query.row) {
            Served::As(version) => self.read(&mut part, &version).await,
            Served::Not => part.not_installed = true,
            Served::Unasked => self.find_out(&mut part).await,
        }
        self.count(&part.pages);
        part
    }

    async fn read(&self, part: &mut Part, version: &str) {
        part.pages = list(&self.server, &part.query, version, self.options.page).await;
    }

    /// Tries the versions we read; where none is there, discovery says whether that means that there is no such kind.
    async fn find_out(&self, part: &mut Part) {
        let row = part.query.row;
        for version in row.versions {
            self.read(part, version).await;
            match part.pages.fault {
                Some(Fault::NoSuchPath) => {}
                // A refusal is not about the version.
                Some(_) => return,
                None => return self.remember(row, Served::As((*version).to_owned())),
            }
        }
        match served(&self.server, row).await {
            Ok(None) => {
                self.remember(row, Served::Not);
                part.pages.fault = None;
                part.not_installed = true;
            }
            // It is said to be there, and it is not: the 404 stands.
            Ok(Some(_)) => {}
            Err(fault) => part.pages.fault = Some(fault),
        }
    }

    /// Counts what is kept, for whoever watches.
    pub(super) fn count(&self, pages: &Pages) {
        let objects = &self.server.progress().objects;
        objects.fetch_add(pages.kept.len() as u64, Ordering::Relaxed);
    }

    /// What was found out about a kind.
    pub(super) fn known_version(&self, row: &'static Wanted) -> Served {
        let known = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(resource, _)| *resource == row.resource);
        found.map_or(Served::Unasked, |(_, version)| version.clone())
    }

    fn remember(&self, row: &'static Wanted, version: Served) {
        let mut known = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((row.resource, version));
    }
}
