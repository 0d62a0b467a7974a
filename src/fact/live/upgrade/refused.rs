//! What of a living spec the target's definition of PostgresCluster refuses, or drops, and the running one does not.

use super::super::row::{LivingFact, V5Living};
use super::super::subject::Living;
use crate::fact::{Element, FactDef, Reader, Type};
use crate::manifest::Fact;
use crate::schema::{CrdSchemas, Release, Violation};

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    FactDef {
        name: "upgrade.refused",
        ty: Type::Elements,
        meaning: "what the target's definition of PostgresCluster refuses of the spec and the running release's does not: {path, why, fix}; none without --target",
        read: Reader::<V5Living>::Each(&["path", "why", "fix"], |living| {
            new_at_target(living, is_of_values)
        }),
        orders: &[],
    },
    FactDef {
        name: "upgrade.dropped",
        ty: Type::Elements,
        meaning: "the fields of the spec that the running release's definition of PostgresCluster has and the target's has not, so that the server drops them: {path, why, fix}; none without --target",
        read: Reader::<V5Living>::Each(&["path", "why", "fix"], |living| {
            new_at_target(living, |violation| violation.rule == "schema-unknown-field")
        }),
        orders: &[],
    },
];

fn new_at_target(living: &Living<'_>, wanted: fn(&Violation) -> bool) -> Fact<Vec<Element>> {
    let Some(to) = living.run.target.and(living.surroundings.target.single()) else {
        return Fact::known(Vec::new());
    };
    let there = violations(living, to);
    let breaches: Vec<&Violation> = there.iter().filter(|one| wanted(one)).collect();
    if breaches.is_empty() {
        return Fact::known(Vec::new());
    }
    living.running().map(|from| {
        let here = Release::standing_for(&from).map(|from| violations(living, from));
        let here = here.unwrap_or_default();
        let is_old = |new: &Violation| {
            let same = |old: &Violation| old.path == new.path && old.rule == new.rule;
            here.iter().any(same)
        };
        let new = breaches.into_iter().filter(|one| !is_old(one));
        new.map(element).collect()
    })
}

/// Fields that the target does not know are dropped, not refused; so they are no breach of this kind.
fn is_of_values(violation: &Violation) -> bool {
    !matches!(
        violation.rule,
        "schema-unknown-field" | "schema-version" | "schema-metadata" | "schema-too-much"
    )
}

fn element(violation: &Violation) -> Element {
    let key = violation.path.trim_start_matches('/').replace('/', ".");
    let fix = violation.fix.clone().unwrap_or_default();
    Element::new(key.clone(), violation.span, "what the target does not take")
        .with("path", Fact::known(key.into()))
        .with("why", Fact::known(violation.message.clone().into()))
        .with("fix", Fact::known(fix.into()))
}

fn violations(living: &Living<'_>, release: &Release) -> Vec<Violation> {
    let Some(schemas) = CrdSchemas::shared(release.crd) else {
        return Vec::new();
    };
    let root = living.object.root();
    schemas.validate(root).violations
}
