//! Objects that are known by name: volumes by the claims that are bound to them, the one definition that is read whole,
//! namespaces one by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::super::{Reach, Wanted};
use super::answer;
use super::fault::Fault;
use super::list::{Keep, Kept, Query, collection, escaped, kept};
use super::server::JSON;
use super::survey::{Part, Served, Survey};

/// Up to how many objects that are known by name are got one by one.
const OBJECTS_APART: usize = 48;

impl Survey {
    /// One object, where its name is known. `None`: there is none.
    pub(super) async fn object(
        &self,
        row: &'static Wanted,
        namespace: Option<&str>,
        name: &str,
        accept: &'static str,
    ) -> Result<Option<Kept>, Fault> {
        let version = match self.known_version(row) {
            Served::As(version) => version,
            Served::Not => return Ok(None),
            Served::Unasked => row
                .versions
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        };
        let path = collection(row, &version, namespace);
        let path = format!("{path}/{}", escaped(name));
        match self.server.get(&path, accept).await {
            Ok(body) => answer::object(&body).map(|object| Some(kept(row, &version, object))),
            Err(Fault::NoSuchObject) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The volumes that the claims are bound to: one by one while they are few, or where we may not list. Where one is a
    /// directory, all volumes that are: another can be the same, and its claim in a namespace that is not read.
    pub(super) async fn volumes(
        self: &Arc<Self>,
        row: &'static Wanted,
        names: BTreeSet<String>,
    ) -> Part {
        let names = Arc::new(names);
        let query = Query {
            keep: Keep::Volumes(Arc::clone(&names)),
            ..Query::of(row)
        };
        if names.len() > OBJECTS_APART {
            let part = self.part(query.clone()).await;
            if !matches!(part.pages.fault, Some(Fault::Forbidden)) {
                return part;
            }
        }
        let apart = self.each(query.clone(), &names).await;
        let whole = apart.pages.fault.is_none();
        if whole && apart.pages.kept.iter().any(|kept| kept.directory) {
            let mut all = self.part(query).await;
            // What a list that ended early does not hold is there all the same.
            all.pages.kept.extend(apart.pages.kept);
            return all;
        }
        self.count(&apart.pages);
        apart
    }

    async fn each(self: &Arc<Self>, query: Query, names: &BTreeSet<String>) -> Part {
        let row = query.row;
        let mut part = Part::of(query);
        let mut running = JoinSet::new();
        let each: Vec<String> = names.iter().cloned().collect();
        for name in each {
            let this = Arc::clone(self);
            running.spawn(async move { this.object(row, None, &name, JSON).await });
        }
        while let Some(done) = running.join_next().await {
            match done {
                Ok(Ok(kept)) => part.pages.kept.extend(kept),
                Ok(Err(fault)) => part.pages.fault = Some(fault),
                Err(_) => {}
            }
        }
        part
    }

    /// The definition that is read whole.
    pub(super) async fn definition(&self, parts: &mut [Part]) {
        for part in parts {
            let Reach::Names { whole, .. } = part.query.row.reach else {
                continue;
            };
            if part.not_installed {
                continue;
            }
            match self.object(part.query.row, None, whole, JSON).await {
                Ok(kept) => part.pages.kept.extend(kept),
                Err(fault) => part.pages.fault = part.pages.fault.take().or(Some(fault)),
            }
        }
    }

    /// Which of the namespaces to read are known not to exist. Who may not list namespaces may still look at single
    /// ones, and is told nothing where that is refused, too.
    pub(super) async fn namespaces(&self, parts: &mut [Part]) -> BTreeSet<String> {
        let mut missing = BTreeSet::new();
        let names = self.scopes.iter().flatten();
        let Some(of) = parts
            .iter()
            .position(|part| part.query.row.kind == "Namespace")
        else {
            return missing;
        };
        for name in names {
            let lives = parts.iter().any(|part| shows(part, name));
            let Some(part) = parts.get_mut(of) else {
                continue;
            };
            let gone = match &part.pages.fault {
                None => !part.not_installed,
                Some(Fault::Forbidden) => {
                    let one = self.object(part.query.row, None, name, JSON).await;
                    let gone = matches!(one, Ok(None));
                    part.pages.kept.extend(one.ok().flatten());
                    gone
                }
                Some(_) => false,
            };
            if gone && !lives {
                missing.insert(name.clone());
            }
        }
        missing
    }
}

/// Whether a listing shows that a namespace exists: it is in it, or an object of it is.
fn shows(part: &Part, namespace: &str) -> bool {
    let itself = part.query.row.kind == "Namespace";
    let mut kept = part.pages.kept.iter();
    kept.any(|kept| kept.namespace == namespace || (itself && kept.name == namespace))
}

/// The volumes that the claims read are bound to.
pub(super) fn volumes(parts: &[Part]) -> BTreeSet<String> {
    let claims = parts
        .iter()
        .filter(|part| part.query.row.kind == "PersistentVolumeClaim");
    let kept = claims.flat_map(|part| &part.pages.kept);
    kept.filter_map(|claim| claim.volume.clone()).collect()
}
