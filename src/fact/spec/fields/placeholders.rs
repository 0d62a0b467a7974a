//! What of a draft is still to be filled in.

use std::fmt::Write as _;

use memchr::memmem;

use crate::fact::Element;
use crate::fact::element::MOST_ELEMENTS;
use crate::fact::spec::reading::last_entries;
use crate::fact::spec::{DraftFact, each};
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.placeholders",
    "every value that says TODO, and every comment that says it where a key would stand (\"# port: TODO ...\"): {path, what}; what is to be filled in there, as far as it says so",
    &["path", "what"],
    |draft| {
        let mut found = Vec::new();
        if draft.object.tree.all().any(Node::is_placeholder) {
            look(draft.object.root(), &mut String::new(), &mut found);
        }
        comments(draft.object, &mut found);
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

/// Comments in the place of keys whose value nobody could derive, as `draft` writes them where no text can stand.
fn comments(object: &Object, found: &mut Vec<Element>) {
    let whole = object.root().span();
    let source = &object.tree.source;
    let from = source.text.get(whole.start as usize..).unwrap_or_default();
    // The last comments of an object stand behind its last value.
    let inner = object.text().len();
    let behind = comments_behind(from.get(inner..).unwrap_or_default());
    let text = from.get(..inner + behind).unwrap_or_default();
    for at in memmem::find_iter(text.as_bytes(), b": TODO") {
        if found.len() > MOST_ELEMENTS {
            return;
        }
        let line = text.get(..at).and_then(|before| before.rfind('\n'));
        let begin = line.map_or(0, |end| end + 1);
        let end = text.get(at..).and_then(|rest| rest.find('\n'));
        let line = text.get(begin..end.map_or(text.len(), |end| at + end));
        let Some((path, what, indent)) = line.and_then(in_place_of_a_key) else {
            continue;
        };
        let start = whole.start as usize + begin + indent;
        let length = line.map_or(0, str::len) - indent;
        let place = u32::try_from(start)
            .ok()
            .zip(u32::try_from(start + length).ok());
        let Some((start, end)) = place else { return };
        let span = Span {
            start,
            end,
            ..whole
        };
        found.push(
            Element::new(path.to_owned(), span, "still to be filled in")
                .with("path", Fact::known(path.into()))
                .with("what", Fact::known(what.into())),
        );
    }
}

/// How far the comments reach that follow a value, on its line and on lines of their own. No further is looked: what
/// follows may be thousands of other objects.
fn comments_behind(rest: &str) -> usize {
    let begins = rest.trim_start_matches([' ', '\t']);
    if !begins.is_empty() && !begins.starts_with(['#', '\r', '\n']) {
        return 0;
    }
    let mut lines = rest.split_inclusive('\n');
    let own = lines.next().map_or(0, str::len);
    let is_comment = |line: &&str| {
        let line = line.trim_start();
        line.is_empty() || line.starts_with('#')
    };
    own + lines.take_while(is_comment).map(str::len).sum::<usize>()
}

/// `# port: TODO where it is not 5432` as the key, what is to be filled in, and how far it is set in.
fn in_place_of_a_key(line: &str) -> Option<(&str, &str, usize)> {
    let comment = line.trim_start();
    let (path, what) = comment.strip_prefix("# ")?.split_once(": TODO")?;
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']');
    // Two keys are written with a word between them nowhere but in `other parameters`.
    let is_key = !path.is_empty()
        && path.split(' ').count() <= 2
        && path.chars().all(|c| part(c) || c == ' ');
    let ends = what.is_empty() || what.starts_with([' ', ':']);
    (is_key && ends).then(|| {
        (
            path,
            what.trim_start_matches([' ', ':']).trim(),
            line.len() - comment.len(),
        )
    })
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

    #[test]
    fn a_comment_where_a_key_would_stand_is_found_too() {
        let spec = "  # port: TODO where it is not 5432\n  image: here\n  # to do: write it\n  # TODO later\n  # see https://x: TODO-list\n  # proxy.pgBouncer: TODO\n";
        let desk = Desk::of(&[&draft(spec)]);
        let said = desk.says("draft.placeholders");
        assert!(
            said.contains("{path: \"port\", what: \"where it is not 5432\"}"),
            "{said}"
        );
        assert!(said.contains("path: \"proxy.pgBouncer\""), "{said}");
        assert_eq!(said.matches("path:").count(), 2, "{said}");
    }

    #[test]
    fn what_follows_an_object_is_looked_at_no_further_than_its_comments_reach() {
        let far = |rest| super::comments_behind(rest);
        assert_eq!(far(" # a\n  # b: TODO\n\n# c\n- next"), 22);
        assert_eq!(far("\n---\n# another"), 1);
        assert_eq!(far(""), 0);
        // The next item of a JSON list, on the same line or on its own.
        assert_eq!(far(", {\"a\": 1}\n# b: TODO"), 0);
    }
}
