//! Whether an operator of PGO v5 that is in the input would see the draft at all.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::Generation;
use crate::manifest::Fact;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[row(
    "draft.overlooked",
    Type::Bool,
    "there are operators of PGO v5 in the input, and none of them watches the draft's namespace; false where none is in the input, which proves nothing",
    overlooked,
)];

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
