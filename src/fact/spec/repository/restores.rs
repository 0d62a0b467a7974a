//! Every place where a restore is asked for: the data source in effect, and the restore in place.

use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::v4::fields::is_unset;
use crate::manifest::{Fact, Node};

mod aimed;
mod command_line;
pub(in crate::fact::spec) mod manual;
mod options;
mod places;
mod shell;

use places::{SOURCE, places};

const FIELDS: [&str; 3] = ["place", "tolerations", "affinity"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.restores",
        "every restore that is asked for, as the data source in effect and in place: {place, tolerations, affinity}; place is the section, tolerations and affinity whether its Job has any",
        &FIELDS,
        everywhere,
    ),
    each(
        "draft.restoreOptions",
        "every option of these restores, an item of the list each: {place, refused, doubtful, refusedBy, fallsApart, targetWithoutType, typeWithoutTarget, targetWithoutZone, outOfReach, notTaken, endless}; refused are flags that every release of PGO the draft may go to refuses, doubtful those that only some do, refusedBy names these releases, fallsApart whether the shell splits it at a blank, outOfReach why a target in time is never reached: it is to come, or lies before the oldest backup that is listed for the v4 cluster, notTaken why pgBackRest ends at it, endless the type of restore (standby, none, preserve) after which no database is open, \"\" for others",
        &options::FIELDS,
        options::everywhere,
    ),
];

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let all = places(draft).into_iter().map(|place| {
        let (path, span) = (place.path, draft.nearest(place.path));
        if let Some(gaps) = &place.open {
            return Element::open(path.join("."), span, &FIELDS, gaps);
        }
        Element::new(path.join("."), span, "a restore")
            .with("place", Fact::known(path.join(".").into()))
            .with("tolerations", says(draft, path, "tolerations"))
            .with("affinity", says(draft, path, "affinity"))
    });
    Fact::known(all.collect()).and_at(draft.nearest(&SOURCE), "where data would come from")
}

/// Whether a restore says where its Job may run.
fn says(draft: &Draft<'_>, path: &[&str], field: &str) -> Fact<Value> {
    let node = draft.node(&[path, &[field]].concat(), "where the restore Job may run");
    node.map(|node: Option<Node<'_>>| node.is_some_and(|node| !is_unset(node)).into())
}
