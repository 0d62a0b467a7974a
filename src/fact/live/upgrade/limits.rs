//! Limits of storage: in the spec they are how far volumes may grow, in a claim they are in the way.
//!
//! Source: PGO `internal/controller/postgrescluster/postgres.go` and `pgbackrest.go` of 5.6 to 6.0: the operator takes the
//! limits off before it applies a claim, of data from 5.6 on, of WAL and repositories from 6.0 on. Kubernetes forbids that
//! for a claim that is bound.

use super::super::row::{LivingFact, V5Living};
use super::super::status::items;
use super::super::subject::Living;
use crate::expr::Quantity;
use crate::fact::v4::seen::if_complete;
use crate::fact::{Element, FactDef, Reader, Type};
use crate::manifest::{Fact, Kind, Node, Object};

const LIMIT: [&str; 3] = ["resources", "limits", "storage"];
const ROLE: &str = "postgres-operator.crunchydata.com/role";
const DATA: &str = "postgres-operator.crunchydata.com/data";
const NOTE: &str = "a limit of storage";

const fn each(
    name: &'static str,
    meaning: &'static str,
    fields: &'static [&'static str],
    read: for<'a> fn(&Living<'a>) -> Fact<Vec<Element>>,
) -> LivingFact {
    FactDef {
        name,
        ty: Type::Elements,
        meaning,
        read: Reader::<V5Living>::Each(fields, read),
        orders: &[],
    }
}

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    each(
        "upgrade.limits",
        "every claim in the spec that has a limit of storage: {holds, name, limit, request}; holds is \"pgdata\", \"pgwal\" or \"pgbackrest\", name that of the instance set or repository",
        &["holds", "name", "limit", "request"],
        in_spec,
    ),
    each(
        "upgrade.pinnedClaims",
        "every PersistentVolumeClaim of the cluster that itself has limits: {holds, name, limit}",
        &["holds", "name", "limit"],
        in_claims,
    ),
];

fn sets<'a>(living: &Living<'a>) -> Fact<Vec<Node<'a>>> {
    items(living, &["spec", "instances"], "the instance sets")
}

fn repositories<'a>(living: &Living<'a>) -> Fact<Vec<Node<'a>>> {
    let path = ["spec", "backups", "pgbackrest", "repos"];
    items(living, &path, "the repositories")
}

fn in_spec(living: &Living<'_>) -> Fact<Vec<Element>> {
    sets(living)
        .both(repositories(living))
        .map(|(sets, repos)| {
            let of_sets = sets.into_iter().enumerate().flat_map(|(number, set)| {
                let fallback = format!("{number:02}");
                let name = name_of(set).unwrap_or(fallback);
                let list = format!("spec.instances[{name}]");
                let claim =
                    |key: &str, holds| limit(set.get(key)?, &format!("{list}.{key}"), holds, &name);
                let data = claim("dataVolumeClaimSpec", "pgdata");
                let wal = claim("walVolumeClaimSpec", "pgwal");
                [data, wal].into_iter().flatten().collect::<Vec<_>>()
            });
            let of_repos = repos.into_iter().filter_map(|repo| {
                let name = name_of(repo)?;
                let key = format!("spec.backups.pgbackrest.repos[{name}].volume.volumeClaimSpec");
                limit(
                    repo.at(&["volume", "volumeClaimSpec"])?,
                    &key,
                    "pgbackrest",
                    &name,
                )
            });
            of_sets.chain(of_repos).collect()
        })
}

fn name_of(node: Node<'_>) -> Option<String> {
    let name = node.get("name")?.text();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The operator takes a limit of zero for none.
fn is_none(limit: Node<'_>) -> bool {
    limit.is_null() || Quantity::parse(limit.text()).is_some_and(|amount| amount.0 == 0)
}

fn limit(spec: Node<'_>, key: &str, holds: &'static str, name: &str) -> Option<Element> {
    let limit = spec.at(&LIMIT).filter(|limit| !is_none(*limit))?;
    let request = spec.at(&["resources", "requests", "storage"]);
    Some(
        Element::new(key.to_owned(), limit.span(), NOTE)
            .with("holds", Fact::known(holds.into()))
            .with("name", Fact::known(name.into()))
            .with("limit", Fact::known(limit.text().into()))
            .with(
                "request",
                Fact::known(request.map_or("", Node::text).into()),
            ),
    )
}

/// Those that are seen have them, whatever other claims there are.
fn in_claims(living: &Living<'_>) -> Fact<Vec<Element>> {
    let claims = living.all_of(Kind::PersistentVolumeClaim);
    let pinned: Vec<Element> = claims.objects.iter().copied().filter_map(pinned).collect();
    if pinned.is_empty() {
        if_complete(&claims.completeness, pinned)
    } else {
        Fact::known(pinned)
    }
}

fn pinned(claim: &Object) -> Option<Element> {
    let spec = claim.at(&["spec"])?;
    let limit = spec.at(&LIMIT).filter(|limit| !limit.is_null())?;
    let holds = match claim.label(DATA).map_or("", Node::text) {
        "pgbackrest" => "pgbackrest",
        _ => claim.label(ROLE).map_or("", Node::text),
    };
    Some(
        Element::new(claim.name.to_string(), limit.span(), NOTE)
            .with("holds", Fact::known(holds.into()))
            .with("name", Fact::known((*claim.name).into()))
            .with("limit", Fact::known(limit.text().into())),
    )
}
