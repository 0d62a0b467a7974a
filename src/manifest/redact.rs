//! Where secrets stand in an object: the ranges of its text that must be overwritten before anybody sees it.
//!
//! It finds; [`super::blank`] overwrites. It must not know what the values are for. When in doubt it takes too much:
//! what is overwritten reads as stars, which no fact mistakes for a setting.

mod words;

use std::ops::Range;
use std::sync::Arc;

use super::{Node, RawKind, RawNode, document, split};
use crate::source::{Source, Span};
use words::{MANIFEST_WORDS, SECRET_WORDS, Settings, is_credential, is_secret, is_secret_name};

/// Collects the secrets of an object of this kind (as it says itself, or as its List does). Answers whether keys are
/// among them, which then all read alike.
pub(super) fn secrets(root: Node<'_>, kind: &str, found: &mut Vec<Range<u32>>) -> bool {
    let mut search = Search::from(found, 0);
    search.walk(root, kind);
    search.takes_keys
}

/// The annotation in which kubectl keeps what was applied: of a Secret, all of it.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// How deep manifests may be embedded in strings of manifests; what is deeper is overwritten.
const EMBEDDING: usize = 3;

struct Search<'f> {
    found: &'f mut Vec<Range<u32>>,
    /// How many strings we are inside of.
    depth: usize,
    takes_keys: bool,
}

impl<'f> Search<'f> {
    fn from(found: &'f mut Vec<Range<u32>>, depth: usize) -> Self {
        Search {
            found,
            depth,
            takes_keys: false,
        }
    }

    fn walk(&mut self, root: Node<'_>, kind: &str) {
        if root.is_map() && is_secret(kind) {
            self.secret_data(root);
            if let Some(applied) = root.at(&["metadata", "annotations", LAST_APPLIED]) {
                self.value(applied);
            }
        }
        let mut open = vec![(root, "")];
        while let Some((node, name)) = open.pop() {
            if node.is_map() {
                self.mapping(node, name, &mut open);
            } else if node.is_seq() {
                for item in node.items() {
                    if item.is_scalar() {
                        self.scalar(item);
                    } else {
                        open.push((item, ""));
                    }
                }
            } else {
                self.scalar(node);
            }
        }
    }

    /// One scalar, which may be a manifest in a string.
    #[inline]
    fn scalar(&mut self, scalar: Node<'_>) {
        // A plain scalar on one line is none.
        let raw = scalar.tree.raw(scalar.id);
        let is_word = raw.is_some_and(RawNode::is_plain_as_written);
        if !is_word && self.embeds_secret(scalar.text()) {
            self.value(scalar);
        }
    }

    /// One mapping under this key: a Secret, an environment entry, or settings by name. What is in it is left open.
    fn mapping<'a>(&mut self, map: Node<'a>, under: &str, open: &mut Vec<(Node<'a>, &'a str)>) {
        let mut named_secret = false;
        let mut has_value = false;
        let settings = Settings::under(under);
        for (key, value) in map.entries() {
            let name = key.text();
            match name {
                "kind" if is_secret(value.text()) => self.secret_data(map),
                "name" => named_secret |= is_secret_name(value.text()),
                "value" => has_value = true,
                name => {
                    // A mapping says what kind of password, or where it is; a value in it is caught below.
                    if is_credential(name) && !value.is_map() || settings.hold_secret(name) {
                        self.value(value);
                    }
                }
            }
            if value.is_scalar() {
                self.scalar(value);
            } else {
                open.push((value, name));
            }
        }
        if has_value && (named_secret || is_credential(under)) {
            for (_, value) in map.entries().filter(|(key, _)| key.text() == "value") {
                self.value(value);
            }
        }
    }

    /// `data` and `stringData` of a Secret: the keys stay.
    fn secret_data(&mut self, secret: Node<'_>) {
        for (key, data) in secret.entries() {
            if !matches!(key.text(), "data" | "stringData") {
                continue;
            }
            if data.is_map() {
                self.comments(key.span().end, data);
                for (_, value) in data.entries() {
                    self.value(value);
                }
            } else {
                self.value(data);
            }
        }
    }

    /// A value with everything in it, and the comment after it.
    fn value(&mut self, value: Node<'_>) {
        let mut open = vec![value];
        while let Some(node) = open.pop() {
            if node.is_scalar() {
                let range = inside(node);
                self.found.push(range);
            }
            for (key, value) in node.entries() {
                self.takes_keys = true;
                open.extend([key, value]);
            }
            open.extend(node.items());
        }
        let Span { end, .. } = value.span();
        self.found
            .extend(comment_after(&value.tree.source.text, end));
    }

    /// The comments in and after a mapping, whose key ends at `from`.
    fn comments(&mut self, from: u32, map: Node<'_>) {
        let text = &map.tree.source.text;
        let whole = map.span();
        let mut at = from;
        for node in map.entries().flat_map(|(key, value)| [key, value]) {
            let Span { start, end, .. } = node.span();
            // What an alias or `<<` brought here stands elsewhere.
            if at <= start && start < whole.end {
                self.found.extend(comments_between(text, at..start));
                at = end;
            }
        }
        let end = comment_lines_after(text, at);
        self.found.extend(comments_between(text, at..end));
    }

    /// Whether a string is a manifest, or several, with a secret in it.
    fn embeds_secret(&mut self, text: &str) -> bool {
        let may_hold = text.starts_with(['{', '[']) || text.contains('\n');
        if !may_hold || !SECRET_WORDS.is_in(text) {
            return false;
        }
        if self.depth >= EMBEDDING {
            return true;
        }
        let (id, origin) = (crate::source::SourceId(0), crate::source::OriginId(0));
        let source = Arc::new(Source::new(id, origin, String::new(), text.to_owned()));
        let mut budget = text.len();
        split::documents(text).any(|range| {
            let range = shorter(range.start)..shorter(range.end);
            match document::read_tree(&source, range, &mut budget) {
                Ok(tree) => tree.is_some_and(|tree| {
                    let mut found = Vec::new();
                    Search::from(&mut found, self.depth + 1).walk(tree.root(), "");
                    !found.is_empty()
                }),
                // A template of a manifest, or no manifest at all.
                Err(_) => MANIFEST_WORDS.is_in(text),
            }
        })
    }
}

/// What a scalar's token holds, without quotes or block header.
fn inside(scalar: Node<'_>) -> Range<u32> {
    let Span { start, end, .. } = scalar.span();
    let text = &scalar.tree.source.text;
    let token = text.get(start as usize..end as usize).unwrap_or("");
    let is_text = scalar.tree.raw(scalar.id).map(RawNode::kind) == Some(RawKind::Text);
    match token.as_bytes().first() {
        Some(b'"' | b'\'') if token.len() >= 2 => start + 1..end - 1,
        Some(b'|' | b'>') if is_text => {
            start + shorter(token.find('\n').unwrap_or(token.len()))..end
        }
        _ => start..end,
    }
}

/// The comment on the rest of a line.
fn comment_after(text: &str, end: u32) -> Option<Range<u32>> {
    let rest = text.get(end as usize..)?;
    // Looking for the end of the line only then: a line may be the whole text.
    let is_comment = rest.trim_start_matches([' ', '\t']).starts_with('#');
    is_comment
        .then(|| end..end + shorter(memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())))
}

/// Where the comments end that follow on this line and on lines of their own.
fn comment_lines_after(text: &str, mut at: u32) -> u32 {
    while let Some(rest) = text.get(at as usize..).filter(|rest| !rest.is_empty()) {
        let is_comment = rest
            .trim_start_matches([' ', '\t'])
            .starts_with(['#', '\n', '\r']);
        if !is_comment {
            break;
        }
        let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |line| line + 1);
        at += shorter(line);
    }
    at
}

/// A length inside a text, all of which are below 4 GiB.
#[allow(clippy::cast_possible_truncation)]
fn shorter(length: usize) -> u32 {
    length as u32
}

/// The comments in a stretch of text that holds no scalars.
fn comments_between(text: &str, stretch: Range<u32>) -> impl Iterator<Item = Range<u32>> {
    let within = text
        .get(stretch.start as usize..stretch.end as usize)
        .unwrap_or("");
    within
        .split_inclusive('\n')
        .scan(stretch.start, |at, line| {
            let start = *at;
            *at += shorter(line.len());
            Some(start + shorter(line.find('#').unwrap_or(line.len()))..*at)
        })
}
