//! Whether the operator that manages a living cluster is there to go on with it.

use super::row::{LivingFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::Generation;
use crate::manifest::Fact;

pub(super) static FACTS: &[LivingFact] = &[row(
    "live.operatorsAsleep",
    Type::Strings,
    "the PGO v5 operators that are seen to manage its namespace and not to run, as namespace/name, where none of those seen runs: scaled to nothing, not ready, or being deleted; none where no operator is in the input, which proves nothing",
    |living| {
        let operators = &living.surroundings.operators;
        let in_charge = operators.in_charge(living.inventory, Generation::V5, living.namespace);
        let Fact::Known(truth) = in_charge else {
            return Fact::known(Vec::<String>::new().into());
        };
        let asleep = truth
            .value
            .iter()
            .all(|one| one.running.value() == Some(&false));
        let named = truth.value.iter().filter(|_| asleep).map(|one| {
            let namespace = one.namespace.as_deref().unwrap_or("");
            format!("{namespace}/{}", one.name)
        });
        let fact = Fact::known(Value::from(named.collect::<Vec<_>>()));
        let places = truth.value.iter().filter(|_| asleep).take(4);
        places.fold(fact, |fact, one| fact.and_at(one.sign.span, one.sign.note))
    },
)];
