//! Everything a run has read, ready to be judged.

use std::sync::Arc;

use super::ignore::Ignores;
use super::policy::Policy;
use super::report::{Input, Skipped};
use crate::manifest::{Assume, BackupInfo, DuplicateKey, Gathered, Inventory, ProblemKind, Stray};
use crate::source::{OriginId, Source, SourceId};

/// Everything that was read.
#[derive(Debug)]
pub struct Evidence {
    /// One per origin.
    pub inventories: Vec<Inventory>,
    /// The texts; `SourceId` is the position.
    pub sources: Vec<Arc<Source>>,
    /// How many bytes of the texts came out of archives, or from servers.
    pub dumped: usize,
    /// Keys written twice in one mapping.
    pub duplicates: Vec<DuplicateKey>,
    /// Objects that are not what they seem.
    pub strays: Vec<Stray>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
    /// What comments and annotations say to ignore.
    pub ignores: Ignores,
    /// What the configuration decides.
    pub policy: Policy,
    /// The configuration file.
    pub config: Option<String>,
}

impl Evidence {
    /// The evidence of one origin.
    pub fn of(gathered: Gathered, assume: &Assume) -> Evidence {
        Evidence::of_all(vec![gathered], assume)
    }

    /// The evidence of several origins, whose texts are numbered through from one to the next.
    pub fn of_all(origins: Vec<Gathered>, assume: &Assume) -> Evidence {
        let mut evidence = Evidence {
            inventories: Vec::with_capacity(origins.len()),
            sources: Vec::new(),
            dumped: 0,
            duplicates: Vec::new(),
            strays: Vec::new(),
            inputs: Vec::new(),
            skipped: Vec::new(),
            ignores: Ignores::default(),
            policy: Policy::default(),
            config: None,
        };
        for origin in origins {
            evidence.add(origin, assume);
        }
        evidence.ignores.settle();
        evidence
    }

    /// Puts a configuration's decisions in force. Its text joins the others, so that findings can point into it.
    pub fn govern(&mut self, policy: Policy, text: &Source) {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        let text = Source::new(id, text.origin, text.uri.clone(), text.text.clone());
        self.config = Some(text.uri.clone());
        self.sources.push(Arc::new(text));
        self.policy = Policy {
            source: id,
            ..policy
        };
    }

    /// Adds what pgBackRest said of clusters, by `read` from the number that its text will have; all origins share it. The
    /// text joins the others.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn attach_backup_info<E>(
        &mut self,
        uri: &str,
        read: impl FnOnce(SourceId) -> Result<(BackupInfo, String), E>,
    ) -> Result<(), E> {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        let (info, shown) = read(id)?;
        let text = Source::new(id, OriginId(u32::MAX), uri.to_owned(), shown);
        self.sources.push(Arc::new(text));
        for inventory in &mut self.inventories {
            let all = inventory.backup_infos.iter().cloned();
            inventory.backup_infos = all.chain(std::iter::once(info.clone())).collect();
        }
        Ok(())
    }

    /// Lets exports from before see again what later ones hold of what lies around their clusters. For moments of one
    /// Kubernetes cluster, the oldest first: what is there by now is judged, and not what was there.
    pub fn see_again(&mut self) {
        let names = self.inventories.iter().map(|one| &*one.origin_name);
        let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        // Loose files belong to the one Kubernetes cluster that is named, if it is one.
        let only = names.len() < 2;
        for at in 1..self.inventories.len() {
            let (earlier, later) = self.inventories.split_at_mut(at);
            let Some(later) = later.first() else { continue };
            for one in earlier {
                if only || one.origin_name == later.origin_name {
                    one.see_again(later);
                }
            }
        }
    }

    fn add(&mut self, mut gathered: Gathered, assume: &Assume) {
        self.ignores.read(&gathered.name, &gathered.loaded);
        let holdings = gathered.holdings();
        self.inventories.push(Inventory::build(holdings, assume));
        if gathered.dumped {
            let texts = gathered.sources.iter();
            self.dumped += texts.map(|source| source.text.len()).sum::<usize>();
        }
        self.sources.append(&mut gathered.sources);
        let skipped = gathered.skipped.iter().map(|skipped| Skipped {
            uri: skipped.uri.clone(),
            reason: skipped.reason.to_string(),
            counts: skipped.reason.may_hide_objects(),
            unrendered: false,
        });
        self.skipped.extend(skipped);
        for loaded in gathered.loaded {
            self.inputs.push(Input {
                uri: loaded.source.uri.clone(),
                objects: loaded.counted,
            });
            self.duplicates.extend(loaded.duplicates);
            self.strays.extend(loaded.strays);
            for problem in &loaded.problems {
                let place = loaded.source.position(problem.span.start);
                self.skipped.push(Skipped {
                    uri: format!("{}:{}:{}", loaded.source.uri, place.line, place.column),
                    reason: problem.kind.to_string(),
                    counts: !problem.kind.is_harmless(),
                    unrendered: problem.kind == ProblemKind::UnrenderedTemplate,
                });
            }
        }
    }
}
