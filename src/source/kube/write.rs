//! What came of the listings to a dump: texts, and how completely each kind was listed.

use std::collections::BTreeSet;

use super::super::{Dump, Listed, Listing, Reason, Skipped, Text, WANTED, Wanted};
use super::fault::Fault;
use super::list::{Keep, Kept, Query};
use super::survey::{Part, Survey};
use super::{Namespaces, Options};

/// The dump of a cluster that cannot be asked at all.
pub(super) fn nothing_of(name: String, options: &Options, fault: &Fault) -> Dump {
    let named: Vec<Option<String>> = match &options.namespaces {
        Namespaces::Named(names) => names.iter().cloned().map(Some).collect(),
        Namespaces::All | Namespaces::OfContext => vec![None],
    };
    let mut dump = Dump {
        name,
        ..Dump::default()
    };
    for row in &WANTED {
        let scopes = if row.namespaced { &named[..] } else { &[None] };
        for namespace in scopes {
            dump.listings
                .push(failed(&dump.name, row, namespace.clone(), &[], fault));
        }
    }
    dump
}

fn failed(
    context: &str,
    row: &Wanted,
    namespace: Option<String>,
    names: &[String],
    fault: &Fault,
) -> Listing {
    let outcome = Listed::Failed {
        because: fault.because(),
        ask: fault.ask(context, row, namespace.as_deref(), names),
    };
    listing(row, namespace, outcome)
}

fn listing(row: &Wanted, namespace: Option<String>, outcome: Listed) -> Listing {
    Listing {
        resource: row.resource.to_owned(),
        namespace,
        outcome,
    }
}

impl Survey {
    pub(super) fn write(&self, parts: Vec<Part>, homes: Option<&BTreeSet<String>>) -> Dump {
        let mut dump = Dump {
            name: self.context.clone(),
            taken: self.server.clock(),
            server: self.version.clone(),
            ..Dump::default()
        };
        for part in parts {
            self.write_listings(&mut dump, &part, homes);
            if part.pages.torn {
                dump.skipped.push(torn(&self.context, &part));
            }
            let row = part.query.row;
            dump.texts
                .extend(part.pages.kept.into_iter().map(|kept| Text {
                    uri: uri(&self.context, row, &kept),
                    bytes: kept.text.into_bytes(),
                }));
        }
        // An object may come twice: by its name everywhere, and with its namespace.
        dump.texts.sort_by(|left, right| left.uri.cmp(&right.uri));
        dump.texts.dedup_by(|later, first| later.uri == first.uri);
        dump.listings.sort();
        dump.listings.dedup();
        dump
    }

    fn write_listings(&self, dump: &mut Dump, part: &Part, homes: Option<&BTreeSet<String>>) {
        let Query { row, namespace, .. } = &part.query;
        if let Some(fault) = &part.pages.fault {
            let failed = failed(&self.context, row, namespace.clone(), &part.names, fault);
            return dump.listings.push(failed);
        }
        if part.not_installed {
            return dump.listings.push(listing(row, None, Listed::NotInstalled));
        }
        // One name of many, or metadata alone: nothing is known about the others.
        if part.query.name.is_some() || row.kind == "Secret" {
            return;
        }
        match (&part.query.keep, homes) {
            (Keep::In(_), Some(homes)) => {
                let each = homes.iter().cloned();
                let whole = each.map(|home| listing(row, Some(home), Listed::Whole));
                dump.listings.extend(whole);
            }
            _ => dump
                .listings
                .push(listing(row, namespace.clone(), Listed::Whole)),
        }
    }
}

/// Namespaces that were to be read and do not exist: a name is wrong, or the cluster is.
pub(super) fn no_such(context: &str, missing: &BTreeSet<String>) -> Vec<Skipped> {
    let told = missing.iter().map(|name| Skipped {
        uri: format!("{context}/{name}"),
        reason: Reason::NotWhole("there is no namespace of this name in the cluster".to_owned()),
    });
    told.collect()
}

fn torn(context: &str, part: &Part) -> Skipped {
    let scope = part.query.namespace.as_ref();
    let within = scope.map_or(String::new(), |namespace| format!("{namespace}/"));
    Skipped {
        uri: format!("{context}/{within}{}", part.query.row.resource),
        reason: Reason::NotWhole(
            "the list grew old while it was read, and its rest is of a later moment: what was made or deleted in between may be wrong; run again"
                .to_owned(),
        ),
    }
}

/// `context/namespace/kind/name`.
fn uri(context: &str, row: &Wanted, kept: &Kept) -> String {
    if row.namespaced {
        format!("{context}/{}/{}/{}", kept.namespace, row.kind, kept.name)
    } else {
        format!("{context}/{}/{}", row.kind, kept.name)
    }
}
