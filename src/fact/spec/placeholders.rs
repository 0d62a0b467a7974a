//! What of a draft is still to be filled in.

use std::fmt::Write as _;

use super::reading::last_entries;
use super::{DraftFact, each};
use crate::fact::Element;
use crate::fact::element::MOST_ELEMENTS;
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[DraftFact] = &[each(
    "draft.placeholders",
    "every value that says TODO: {path, what}; what is to be filled in there, as far as it says so",
    &["path", "what"],
    |draft| {
        let mut found = Vec::new();
        if draft.object.tree.all().any(Node::is_placeholder) {
            look(draft.object.root(), &mut String::new(), &mut found);
        }
        Fact::known(found).and_at(draft.name_span(), "the draft")
    },
)];

/// Goes through everything below a value; nesting ends where the reader's does.
fn look(node: Node<'_>, path: &mut String, found: &mut Vec<Element>) {
    if found.len() > MOST_ELEMENTS {
        return;
    }
    let before = path.len();
    if node.is_map() {
        for (key, value) in last_entries(node) {
            if before > 0 {
                path.push('.');
            }
            path.push_str(&key.key());
            look(value, path, found);
            path.truncate(before);
        }
    } else if node.is_seq() {
        for (number, item) in node.items().enumerate() {
            let name = item.get("name").filter(|name| !name.is_placeholder());
            let _ = match name.map(Node::text) {
                Some(name) if !name.is_empty() => write!(path, "[{name}]"),
                _ => write!(path, "[{number}]"),
            };
            look(item, path, found);
            path.truncate(before);
        }
    } else if node.is_placeholder() {
        let what = node.text().trim_start_matches("TODO");
        let what = what.trim_start_matches([' ', ':']).trim();
        let element = Element::new(path.clone(), node.span(), "still to be filled in");
        found.push(
            element
                .with("path", Fact::known(path.as_str().into()))
                .with("what", Fact::known(what.into())),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::spec::testing::{Desk, draft};

    #[test]
    fn what_says_todo_is_found_wherever_it_stands() {
        let instances = "[{name: db, dataVolumeClaimSpec: {storageClassName: 'TODO: the class', accessModes: [TODO]}}]";
        let users = "[{name: TODO-list}, {name: TODOS}, {name: TODO}]";
        let spec = format!("  image: TODO an image\n  instances: {instances}\n  users: {users}\n");
        let desk = Desk::of(&[&draft(&spec)]);
        let said = desk.says("draft.placeholders");
        for found in [
            "{path: \"spec.image\", what: \"an image\"}",
            "path: \"spec.instances[db].dataVolumeClaimSpec.storageClassName\", what: \"the class\"",
            "path: \"spec.instances[db].dataVolumeClaimSpec.accessModes[0]\"",
            "path: \"spec.users[2].name\"",
        ] {
            assert!(said.contains(found), "{found} is not in {said}");
        }
        assert_eq!(said.matches("path:").count(), 4, "{said}");
        assert_eq!(desk.says("draft.image"), "unknown");
    }
}
