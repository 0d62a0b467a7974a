//! Whether an operator of PGO v5 that is in the input would see the draft at all.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::Generation;
use crate::manifest::Fact;

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
];

fn operator_has_image(draft: &Draft<'_>) -> Fact<Value> {
    let (inventory, around) = draft
        .destination()
        .unwrap_or((draft.inventory, draft.surroundings));
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
    let (inventory, around) = draft
        .destination()
        .unwrap_or((draft.inventory, draft.surroundings));
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
