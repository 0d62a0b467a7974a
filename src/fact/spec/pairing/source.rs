//! Whether a draft may come from v4 at all.

use crate::fact::spec::Draft;
use crate::fact::spec::around::{existing, neighbours};
use crate::fact::spec::bootstrap::source::Restore;
use crate::fact::spec::bootstrap::{shape, source, standby};
use crate::fact::spec::repository::source_repo;
use crate::manifest::{Found, Kind, Object};

/// Whether it is a manifest, and a whole one, of a cluster that is to be made from what is there already: volumes, a repository.
/// One that a server has seen is what it is; one that restores from a PostgresCluster of another name, or streams from a
/// host, says itself whom it follows.
pub(super) fn may_replace(draft: &Draft<'_>) -> bool {
    let elsewhere = || {
        let restores = source::kind(draft).value() == Some(&Some(Restore::PostgresCluster));
        restores && source::is_self(draft).value() == Some(&false)
    };
    let streams = || {
        let repo = standby::repo_name(draft);
        standby::enabled(draft).value() == Some(&true)
            && draft.at(&["spec", "standby", "host"]).is_some()
            && repo.value().is_some_and(String::is_empty)
    };
    draft.object.is_draft()
        && shape::is_migration(draft)
        && !draft.is_part()
        && !elsewhere()
        && !streams()
}

/// Whether what it starts from is known to be PGO v5's own: the claims bear its labels alone, or another PostgresCluster of
/// the input archives to the repository; or the cluster is there already, so that it starts from nothing any more.
pub(super) fn is_of_v5(draft: &Draft<'_>) -> bool {
    let lives = || existing::live(draft).value().copied().flatten().is_some();
    let archived = || {
        let source = source_repo::of(draft);
        let repo = source.value().and_then(Option::as_ref);
        repo.is_some_and(|repo| neighbours::archive_to(draft, repo))
    };
    adopts_from_v5(draft) || archived() || lives()
}

fn adopts_from_v5(draft: &Draft<'_>) -> bool {
    let volumes = draft.at(&["spec", "dataSource", "volumes"]);
    let fields = ["pgDataVolume", "pgWALVolume", "pgBackRestVolume"];
    let names = fields
        .iter()
        .filter_map(|field| volumes?.at(&[field, "pvcName"]));
    let mut names = names.peekable();
    let is_ours = |name: &str| {
        let kind = Kind::PersistentVolumeClaim;
        match existing::find(draft, kind, draft.namespace, name) {
            Found::Here(claim) => is_of_v5_alone(claim),
            Found::Absent(_) | Found::Unseen(_) => false,
        }
    };
    names.peek().is_some() && names.all(|name| is_ours(name.text()))
}

fn is_of_v5_alone(claim: &Object) -> bool {
    let ours = claim.label("postgres-operator.crunchydata.com/cluster");
    ours.is_some() && claim.label("pg-cluster").is_none()
}
