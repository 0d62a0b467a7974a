//! The options of backups by hand, as the operator looks at them.

use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::{Element, element};
use crate::manifest::{Fact, Node};

const OPTIONS: [&str; 5] = ["spec", "backups", "pgbackrest", "manual", "options"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.manualOptions",
    "every option in backups.pgbackrest.manual.options: {option, refused}; refused the flag for which the operator makes no backup, \"\" for none",
    &["option", "refused"],
    listed,
)];

fn listed(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let items = draft.items(&OPTIONS);
    let all = items.map(|items| element::told_apart(items.into_iter().map(one).collect()));
    all.and_at(draft.nearest(&OPTIONS), "the options of backups by hand")
}

/// Looks for the option as the operator does: anywhere in the text (`reconcileManualBackup` in its
/// internal/controller/postgrescluster/pgbackrest.go, 5.0.0 to 6.0.3).
fn one(item: Node<'_>) -> Element {
    let text = item.text();
    let refused = text.contains("--repo=") || text.contains("--repo ");
    let refused = if refused { "--repo" } else { "" };
    let id = format!("{}[{text}]", OPTIONS.join("."));
    Element::new(id, item.span(), "an option")
        .with("option", Fact::known(text.into()))
        .with(
            "refused",
            Fact::at(refused.into(), item.span(), "an option"),
        )
}
