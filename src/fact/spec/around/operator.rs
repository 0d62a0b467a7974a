//! Whether an operator of PGO v5 that is in the input would see the draft at all.

use crate::expr::Value;
use crate::fact::spec::problems::{Culprits, at};
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::v4::{Generation, Surroundings, image_variable};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Inventory, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.overlooked",
        Type::Bool,
        "there are operators of PGO v5 in the input, and none of them watches the draft's namespace; false where none is in the input, which proves nothing",
        overlooked,
    ),
    row(
        "draft.operatorHasImage",
        Type::Bool,
        "an operator of PGO v5 in the input, of the release the draft is for, has an image for its Postgres and PostGIS (RELATED_IMAGE_POSTGRES_...); false where none is in the input, which proves nothing",
        operator_has_image,
    ),
    each(
        "draft.imagesLacked",
        "the images that the draft leaves to the operator and that the one in the input, of the release the draft is for, is seen not to have: {of, variable, field, text}; of says what they are for, field where one can be named",
        &["of", "variable", "field", "text"],
        images_lacked,
    ),
];

/// A part of the cluster that needs an image: what it is, the section that asks for it, the field that names one, and the
/// variable that the operator has it from. From PGO `internal/config/config.go`, `VerifyImageValues`.
type Needed = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const PARTS: [Needed; 4] = [
    (
        "pgBackRest",
        &["spec", "backups", "pgbackrest"],
        &["spec", "backups", "pgbackrest", "image"],
        "RELATED_IMAGE_PGBACKREST",
    ),
    (
        "PgBouncer",
        &["spec", "proxy", "pgBouncer"],
        &["spec", "proxy", "pgBouncer", "image"],
        "RELATED_IMAGE_PGBOUNCER",
    ),
    (
        "the exporter",
        &["spec", "monitoring", "pgmonitor", "exporter"],
        &["spec", "monitoring", "pgmonitor", "exporter", "image"],
        "RELATED_IMAGE_PGEXPORTER",
    ),
    (
        "pgAdmin",
        &["spec", "userInterface", "pgAdmin"],
        &["spec", "userInterface", "pgAdmin", "image"],
        "RELATED_IMAGE_PGADMIN",
    ),
];

/// Where the operator is that manages it: what lives is managed where it lives, whatever v4 cluster it came from elsewhere.
fn managed_in<'a>(draft: &Draft<'a>) -> (&'a Inventory, &'a Surroundings) {
    let own = (draft.inventory, draft.surroundings);
    if draft.object.is_live() {
        return own;
    }
    draft.destination().unwrap_or(own)
}

fn images_lacked(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let (inventory, around) = managed_in(draft);
    let namespace = draft.namespace();
    let namespace = namespace.value().copied();
    let named = |field: &[&str]| draft.at(field).is_some_and(|node| !node.text().is_empty());
    let mut look = |of: &str, key: Node<'_>, field: &[&str], variable: &str| {
        if named(field) {
            return;
        }
        let operators = &around.operators;
        let image = operators.image_of(inventory, namespace, draft.target(), variable);
        // An operator of which that is not known is no evidence: what installers have is told in any case.
        let Fact::Known(image) = image else { return };
        if image.value.as_deref() != Some("") {
            return;
        }
        let mut places = vec![at(key.span(), "the operator has no image for it")];
        places.extend(image.evidence);
        let values = [
            ("of", of.into()),
            ("variable", variable.into()),
            ("field", field.join(".").into()),
            ("text", format!("{of} ({variable} is not set)").into()),
        ];
        problems.tell(variable.to_owned(), values, &places);
    };
    if let Some((of, node, name)) = postgres(draft) {
        look(&of, node, &["spec", "image"], &name);
    }
    for (of, section, field, name) in PARTS {
        let section = draft.entry(section).filter(|(_, value)| value.is_map());
        if let Some((key, _)) = section {
            look(of, key, field, name);
        }
    }
    problems.list(draft.nearest(&["spec"]), "the images of the draft")
}

/// The Postgres that the draft asks for, where it says so, and the variable for it.
fn postgres<'a>(draft: &Draft<'a>) -> Option<(String, Node<'a>, String)> {
    let major = draft.number(&["spec", "postgresVersion"], "the Postgres version");
    let major = (*major.value()?)?;
    let gis = draft.text(&["spec", "postGISVersion"], "the PostGIS version");
    let gis = gis.value()?;
    let (of, path) = match gis.as_str() {
        "" => (format!("Postgres {major}"), ["spec", "postgresVersion"]),
        gis => (
            format!("Postgres {major} with PostGIS {gis}"),
            ["spec", "postGISVersion"],
        ),
    };
    Some((of, draft.at(&path)?, image_variable(major, gis)))
}

fn operator_has_image(draft: &Draft<'_>) -> Fact<Value> {
    let (inventory, around) = managed_in(draft);
    let no = || Fact::at(false.into(), draft.name_span(), "the draft");
    let major = draft.number(&["spec", "postgresVersion"], "the Postgres version");
    let gis = draft.text(&["spec", "postGISVersion"], "the PostGIS version");
    let mut given = around.operators.of_generation(Generation::V5);
    if given.next().is_none() {
        return no();
    }
    let namespace = draft.namespace();
    major
        .both(gis)
        .both(namespace)
        .and_then(|((major, gis), namespace)| {
            let wanted = (major.unwrap_or(0), gis.as_str());
            let target = draft.target();
            let operators = &around.operators;
            let image = operators.postgres_image(inventory, Some(namespace), target, wanted);
            image.map(|image| (!image.is_empty()).into())
        })
}

fn overlooked(draft: &Draft<'_>) -> Fact<Value> {
    let (inventory, around) = managed_in(draft);
    let no = || Fact::at(false.into(), draft.name_span(), "the draft");
    if around
        .operators
        .of_generation(Generation::V5)
        .next()
        .is_none()
    {
        return no();
    }
    // Whoever watches all namespaces watches this one, whichever it is.
    let mut operators = around.operators.of_generation(Generation::V5);
    if operators.any(|one| matches!(one.watched.value(), Some(None))) {
        return no();
    }
    draft.namespace().and_then(|namespace| {
        let operators = &around.operators;
        let charge = operators.in_charge(inventory, Generation::V5, Some(namespace));
        charge.map(|all| all.is_empty().into())
    })
}
