//! Whether the WAL has a volume of its own where it had one in v4.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4;
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[MigrationFact] = &[row(
    "moved.walVolumeLost",
    Type::String,
    "v4's claim with the WAL, where no instance set of the living cluster asks for a volume for it; \"\" where one does, and where v4 had none",
    |migration| lost(migration).map(Value::from),
)];

fn lost(migration: &Migration<'_>) -> Fact<String> {
    let living = migration.living;
    let path = ["spec", "instances"];
    let sets = living.object.at(&path);
    let mut sets = sets.into_iter().flat_map(Node::items);
    let asks = |set: Node<'_>| {
        set.get("walVolumeClaimSpec")
            .is_some_and(|spec| !spec.is_null())
    };
    if sets.any(asks) {
        let here = living.object.nearest(&path);
        return Fact::at(String::new(), here, "the instance sets");
    }
    had(migration).and_at(living.object.nearest(&path), "no instance set asks for one")
}

/// Any export that shows it will do, and of the others the oldest counts: what is left of v4 later shows it no more.
fn had(migration: &Migration<'_>) -> Fact<String> {
    let read = |moment: &super::Moment<'_>, name: &str| {
        let number = v4::FACTS.fact(name)?;
        v4::FACTS.read(number, moment.cluster)
    };
    let mut oldest = Fact::known(String::new());
    for moment in &migration.moments {
        match read(moment, "walClaim.storage") {
            Some(Fact::Known(truth)) if truth.value == Value::from("claim") => {
                let name = read(moment, "walClaim.name");
                let name = name.map(|name| name.map(|value| word(&value)));
                return name.unwrap_or_else(|| Fact::known(String::new()));
            }
            Some(Fact::Unknown(gaps)) => oldest = Fact::Unknown(gaps),
            _ => oldest = Fact::known(String::new()),
        }
    }
    oldest
}

fn word(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        _ => String::new(),
    }
}
