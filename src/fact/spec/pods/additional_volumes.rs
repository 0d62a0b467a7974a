//! Additional volumes, wherever pods can have some.

use super::instances;
use crate::fact::spec::Draft;
use crate::fact::spec::reading::bare;
use crate::manifest::{Fact, Node};

/// The sections whose pods can have more volumes; instance sets aside.
const SECTIONS: [&[&str]; 6] = [
    &["spec", "backups", "pgbackrest", "jobs"],
    &["spec", "backups", "pgbackrest", "repoHost"],
    &["spec", "backups", "pgbackrest", "restore"],
    &["spec", "dataSource", "pgbackrest"],
    &["spec", "dataSource", "postgresCluster"],
    &["spec", "proxy", "pgBouncer"],
];

/// The additional volumes below a section.
pub(super) fn volumes(section: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let all = section.at(&["volumes", "additional"]);
    all.into_iter().flat_map(Node::items)
}

/// Every additional volume, and how it is called: `spec.instances[db].volumes.additional[more]`.
pub(super) fn everywhere<'a>(draft: &Draft<'a>) -> Fact<Vec<(String, Node<'a>)>> {
    bare(instances::sets(draft)).map(|sets| {
        let sets = sets.into_iter().enumerate();
        let sets = sets.map(|(number, set)| {
            let name = instances::name(number, set);
            (format!("spec.instances[{name}]"), set)
        });
        let others = SECTIONS.into_iter();
        let others = others.filter_map(|path| Some((path.join("."), draft.at(path)?)));
        let sections = sets.chain(others);
        let named = sections.flat_map(|(path, section)| {
            volumes(section).map(move |volume| {
                let name = volume.get("name").map_or("", Node::text);
                (format!("{path}.volumes.additional[{name}]"), volume)
            })
        });
        named.collect()
    })
}
