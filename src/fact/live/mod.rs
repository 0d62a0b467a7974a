//! Facts about a living PGO v5 cluster: a PostgresCluster that a server has seen, and what became of it.
//!
//! Its `spec` is a wish; `status`, `StatefulSets`, pods, Jobs, Endpoints and claims are the result. Each file declares a
//! table of facts (`FACTS`) beside the functions that read them. What the spec says as written can be asked for, too:
//! every fact about a draft, under `spec.`.

mod backups;
mod claims;
mod conditions;
mod jobs;
mod patroni;
mod people;
mod source;
mod stage;
mod status;
mod subject;
#[cfg(test)]
mod tests;
mod workload;

use std::sync::LazyLock;

pub use subject::{Living, living};

use super::spec;
use super::table::{FactDef, FactTable, Subject, Type};
use crate::expr::Value;
use crate::manifest::Fact;

/// The subject of these facts: a living v5 cluster.
pub struct V5Living;

impl Subject for V5Living {
    type Of<'a> = Living<'a>;
}

/// A fact about a living v5 cluster.
pub type LivingFact = FactDef<V5Living>;

/// An entry of a table.
const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Living<'a>) -> Fact<Value>,
) -> LivingFact {
    FactDef {
        name,
        ty,
        meaning,
        read,
    }
}

/// Every fact about a living v5 cluster, and under `spec.` every fact about its spec as written.
pub static FACTS: LazyLock<FactTable<V5Living>> = LazyLock::new(|| {
    let own = FactTable::new(&[
        status::FACTS,
        conditions::FACTS,
        source::FACTS,
        patroni::FACTS,
        workload::FACTS,
        jobs::FACTS,
        claims::FACTS,
        backups::FACTS,
        people::FACTS,
        stage::FACTS,
    ]);
    own.borrowing("spec.", &spec::FACTS, |living, number| {
        spec::FACTS
            .read(number, &living.spec)
            .unwrap_or_else(subject::unheard_of)
    })
});
