//! The options of backups by hand, as the operator looks at them.

use super::command_line::{BACKUP, given};
use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::{Element, element};
use crate::manifest::{Fact, Node};

const OPTIONS: [&str; 5] = ["spec", "backups", "pgbackrest", "manual", "options"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.manualOptions",
    "every option in backups.pgbackrest.manual.options: {option, refused, notTaken}; refused the flag for which the operator makes no backup, \"\" for none, notTaken why pgBackRest makes none",
    &["option", "refused", "notTaken"],
    listed,
)];

fn listed(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let items = draft.items(&OPTIONS);
    let all = items.map(|items| {
        let options = given(&items);
        let all = items.into_iter().enumerate();
        let all = all.map(|(number, item)| {
            let mut own = options.iter().filter(|option| option.item == number);
            let why = own.find_map(|option| BACKUP.refuses(option));
            let why = Fact::at(why.unwrap_or_default().into(), item.span(), "an option");
            one(item).with("notTaken", why)
        });
        element::told_apart(all.collect())
    });
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
