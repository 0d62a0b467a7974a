//! A manifest as it will be written: maps and lists in their order, with a comment beside each value.
//!
//! It must not know what a field means.

use crate::expr::Value;

/// How a value begins that somebody must still fill in.
pub(super) const TODO: &str = "TODO";

/// What stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A string.
    Text(String),
    /// A number or a truth, as it is written.
    Plain(String),
    Map(Vec<Entry>),
    /// Entries without a key.
    List(Vec<Entry>),
    /// No value, but a comment where the key would stand: somebody must fill it in.
    Open,
    /// No value, but a comment where the key would stand.
    Remark,
}

/// A value with its key and what is said beside it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) node: Node,
    /// Where the value comes from, or why there is none.
    pub(super) comment: String,
}

impl Entry {
    /// An item of a list, or what a table's field becomes before it has its place.
    pub(super) fn item(node: Node) -> Entry {
        Entry::new("", node)
    }

    pub(super) fn new(key: &str, node: Node) -> Entry {
        Entry {
            key: key.to_owned(),
            node,
            comment: String::new(),
        }
    }

    pub(super) fn text(key: &str, text: &str) -> Entry {
        Entry::new(key, Node::Text(text.to_owned()))
    }

    /// A quoted text that says what is to be filled in.
    pub(super) fn todo(key: &str, what: &str) -> Entry {
        Entry::text(key, &format!("{TODO} {what}"))
    }

    #[must_use]
    pub(super) fn saying(mut self, comment: String) -> Entry {
        self.comment = comment;
        self
    }

    #[must_use]
    pub(super) fn named(mut self, key: &str) -> Entry {
        key.clone_into(&mut self.key);
        self
    }
}

impl Node {
    pub(super) fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    pub(super) fn number(number: i64) -> Node {
        Node::Plain(number.to_string())
    }

    pub(super) fn truth(truth: bool) -> Node {
        Node::Plain(truth.to_string())
    }

    /// A value as Kubernetes has it; what was overwritten when it was read is to be filled in.
    pub(super) fn of(value: &Value) -> Node {
        match value {
            Value::Str(text) => Node::text(text),
            Value::Int(number) => Node::number(*number),
            Value::Float(number) => Node::Plain(number.to_string()),
            Value::Bool(truth) => Node::truth(*truth),
            Value::List(items) => Node::List(
                items
                    .iter()
                    .map(|item| Entry::item(Node::of(item)))
                    .collect(),
            ),
            Value::Map(entries) => {
                let given = entries.iter().filter(|(_, value)| !is_nothing(value));
                Node::Map(
                    given
                        .map(|(key, value)| Entry::new(key, Node::of(value)))
                        .collect(),
                )
            }
            Value::Unknown(gaps) => {
                let why = gaps.first().map_or("", |gap| &gap.because);
                Node::Text(format!("{TODO} the value: {why}"))
            }
            _ => Node::Map(Vec::new()),
        }
    }

    /// Whether there is nothing in a map or a list.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Node::Map(entries) | Node::List(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// Puts an entry where a path says, which it may lengthen: `spec.instances[0].replicas`.
    pub(super) fn put(&mut self, path: &str, entry: Entry) {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let (key, in_list) = match first.strip_suffix("[0]") {
            Some(key) => (key, true),
            None => (first, false),
        };
        let Node::Map(entries) = self else { return };
        if rest.is_empty() && !in_list {
            entries.push(entry.named(key));
            return;
        }
        let at = entries
            .iter()
            .position(|one| one.key == key && !one.node.is_comment());
        let at = at.unwrap_or_else(|| {
            let item = Entry::item(Node::Map(Vec::new()));
            let node = if in_list {
                Node::List(vec![item])
            } else {
                Node::Map(Vec::new())
            };
            entries.push(Entry::new(key, node));
            entries.len() - 1
        });
        let below = entries.get_mut(at).map(|entry| &mut entry.node);
        match below {
            Some(Node::List(items)) if in_list => {
                if let Some(item) = items.first_mut() {
                    item.node.put(rest, entry);
                }
            }
            Some(node) => node.put(rest, entry),
            None => {}
        }
    }

    /// Lifts comments out of maps that hold nothing else: a key with comments alone below it would be null.
    pub(super) fn lift_comments(&mut self) {
        match self {
            Node::Map(entries) => {
                for mut entry in std::mem::take(entries) {
                    entry.node.lift_comments();
                    match entry.node {
                        Node::Map(inner) if is_all_comments(&inner) => {
                            entries.extend(inner.into_iter().map(|below| {
                                let key = format!("{}.{}", entry.key, below.key);
                                below.named(&key)
                            }));
                        }
                        _ => entries.push(entry),
                    }
                }
            }
            Node::List(items) => {
                for item in items {
                    item.node.lift_comments();
                }
            }
            _ => {}
        }
    }

    fn is_comment(&self) -> bool {
        matches!(self, Node::Open | Node::Remark)
    }

    /// What is left to fill in, in the order of the manifest.
    pub(super) fn todos(&self, path: &str, found: &mut Vec<String>) {
        match self {
            Node::Text(text) if text.starts_with(TODO) => {
                found.push(format!("{path}: {}", text.trim_start_matches(TODO).trim()));
            }
            Node::Map(entries) => {
                for entry in entries {
                    let path = format!("{path}.{}", entry.key);
                    let path = path.trim_start_matches('.');
                    if entry.node == Node::Open {
                        found.push(format!("{path}: {}", entry.comment));
                    }
                    entry.node.todos(path, found);
                }
            }
            Node::List(entries) => {
                for (number, entry) in entries.iter().enumerate() {
                    entry.node.todos(&format!("{path}[{number}]"), found);
                }
            }
            _ => {}
        }
    }
}

fn is_all_comments(entries: &[Entry]) -> bool {
    !entries.is_empty() && entries.iter().all(|entry| entry.node.is_comment())
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_map_come_together_in_their_order() {
        let mut root = Node::Map(Vec::new());
        root.put("spec.instances[0].name", Entry::text("", "db"));
        root.put("spec.port", Entry::new("", Node::number(5433)));
        root.put(
            "spec.instances[0].replicas",
            Entry::new("", Node::number(1)),
        );
        let instance = vec![
            Entry::text("name", "db"),
            Entry::new("replicas", Node::number(1)),
        ];
        let list = Node::List(vec![Entry::item(Node::Map(instance))]);
        let spec = vec![
            Entry::new("instances", list),
            Entry::new("port", Node::number(5433)),
        ];
        assert_eq!(root, Node::Map(vec![Entry::new("spec", Node::Map(spec))]));
    }

    #[test]
    fn a_key_does_not_stay_for_comments_alone() {
        let mut root = Node::Map(Vec::new());
        root.put("spec.port", Entry::new("", Node::number(5433)));
        root.put("spec.proxy.pgBouncer", Entry::item(Node::Open));
        root.put("spec.service.type", Entry::item(Node::Remark));
        root.lift_comments();
        let keys = |node: &Node| match node {
            Node::Map(entries) => entries.iter().map(|one| one.key.clone()).collect(),
            _ => Vec::new(),
        };
        let Node::Map(entries) = &root else { panic!() };
        assert_eq!(
            keys(&entries[0].node),
            ["port", "proxy.pgBouncer", "service.type"]
        );
    }

    #[test]
    fn what_is_open_is_found_with_its_path() {
        let mut root = Node::Map(Vec::new());
        root.put("spec.image", Entry::todo("", "an image"));
        root.put(
            "spec.proxy",
            Entry::item(Node::Open).saying("whether there is one".to_owned()),
        );
        root.put(
            "spec.port",
            Entry::item(Node::Remark).saying("not open".to_owned()),
        );
        let mut found = Vec::new();
        root.todos("", &mut found);
        assert_eq!(
            found,
            ["spec.image: an image", "spec.proxy: whether there is one"]
        );
    }
}
