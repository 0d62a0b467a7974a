//! Whether a draft makes a new, empty database.

use super::shape::shown_by_sources;
use super::{source, standby};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::around::existing::{bootstrapped, live};
use crate::fact::spec::claims::volumes::{self, Volume};
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::Fact;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[row(
    "draft.fresh",
    Type::Bool,
    "a new, empty database would be made: no data source and no standby that a server would keep, and no living cluster of its name in the input that has a database",
    fresh,
)];

/// A living cluster that is not in the input is not asked for: a draft alone is judged as one that makes something new.
fn fresh(draft: &Draft<'_>) -> Fact<Value> {
    let living = live(draft).value().copied().flatten();
    if let Some(sign) = living.and_then(bootstrapped) {
        return Fact::at(false.into(), sign.span(), "its database was made");
    }
    let adopts = volumes::given(draft, Volume::Data);
    let restores = source::kinds(draft).as_ref();
    let standby = standby::enabled(draft);
    let any = bare(adopts.both(restores).both(standby));
    let fact = any.map(|((adopts, restores), standby)| {
        Value::from(!adopts && restores.is_empty() && !standby)
    });
    shown_by_sources(draft, fact)
}
