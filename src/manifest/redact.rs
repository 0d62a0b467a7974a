//! Where secrets stand in an object: the ranges of its text that must be overwritten before anybody sees it.
//!
//! It finds; [`super::blank`] overwrites. It must not know what the values are for. When in doubt it takes too much:
//! what is overwritten is known to be, and no fact mistakes it for a setting.

mod assigned;
pub(super) mod blank;
mod comments;
pub(super) mod copy;
mod entries;
pub(super) mod filler;
mod hidden;
mod issued;
pub(super) mod lines;
mod names;
mod options;
mod quoted;
pub(super) mod scrub;
mod spelled;
mod token;
mod words;

use std::ops::Range;
use std::sync::Arc;

use super::document::split;
use super::environment::{keeps_annotation, keeps_variable};
use super::{Kind, Node, NodeId, RawNode};
use crate::source::{Source, Span};
use comments::{
    comment_after, comment_lines_after, comments_between, settings_in_comments, shorter,
};
use names::{is_credential, is_gcs_key, names_options};
use spelled::{is_option, tells_credential};
use token::{inside, tag_before};
pub(super) use words::names_secret;
use words::{
    MANIFEST_WORDS, SECRET_WORDS, Settings, is_config_map, is_secret, is_secret_name, says_secret,
};

/// Collects the secrets of an object of this kind (as it says itself, or as its List does), without a look at what is `unread`.
/// Answers whether keys are among them, which then all read alike.
pub(super) fn secrets(
    root: Node<'_>,
    kind: &str,
    unread: Option<NodeId>,
    found: &mut Vec<Range<u32>>,
) -> bool {
    let mut search = Search::from(found, 0);
    search.unread = unread;
    search.walk(root, kind);
    let (takes_keys, is_definition) = (search.takes_keys, search.is_definition);
    if !is_definition {
        found.extend(settings_in_comments(root));
    }
    takes_keys
}

/// Whether this is the key of a list of environment variables, or of what else has names and values like them.
#[inline]
fn lists_variables(key: &str) -> bool {
    matches!(key, "env" | "environmentVariables" | "httpHeaders")
}

/// The key of a list of options alone.
const OPTIONS: &str = "options";

/// What a collection on one line begins with.
const FLOW: [char; 2] = ['{', '['];

/// How deep manifests may be embedded in strings of manifests; what is deeper is overwritten.
const EMBEDDING: usize = 3;

struct Search<'f> {
    found: &'f mut Vec<Range<u32>>,
    /// How many strings we are inside of.
    depth: usize,
    takes_keys: bool,
    /// Definitions hold expressions, and nobody's credentials.
    is_definition: bool,
    /// What is overwritten elsewhere, as a whole.
    unread: Option<NodeId>,
}

impl<'f> Search<'f> {
    fn from(found: &'f mut Vec<Range<u32>>, depth: usize) -> Self {
        Search {
            found,
            depth,
            takes_keys: false,
            is_definition: false,
            unread: None,
        }
    }

    fn walk(&mut self, root: Node<'_>, kind: &str) {
        self.is_definition = kind == Kind::CustomResourceDefinition.info().name;
        if root.is_map() && is_secret(kind) {
            self.secret_data(root);
        }
        if root.is_map() && is_config_map(kind) {
            self.unread_entries(root);
        }
        let mut open = vec![(root, "")];
        while let Some((node, name)) = open.pop() {
            if node.is_map() {
                self.mapping(node, name, &mut open);
            } else if node.is_seq() {
                self.sequence(node, name, &mut open);
            } else {
                self.scalar(node);
            }
        }
    }

    /// One list under this key: words of a command, or anything.
    fn sequence<'a>(
        &mut self,
        list: Node<'a>,
        under: &'a str,
        open: &mut Vec<(Node<'a>, &'a str)>,
    ) {
        let is_environment = lists_variables(under);
        let is_command = matches!(under, "args" | "command");
        let has_options = is_command || under == OPTIONS;
        let mut awaits_credential = false;
        for item in list.items() {
            if !item.is_scalar() {
                open.push((item, if is_environment { under } else { "" }));
                continue;
            }
            let word = if has_options { item.text() } else { "" };
            if awaits_credential && !word.starts_with('-') || is_command && !is_option(word) {
                self.value(item);
            } else {
                self.scalar(item);
            }
            awaits_credential = spelled::asks_for_credential(word);
        }
    }

    /// One scalar, which may be a manifest in a string.
    #[inline]
    fn scalar(&mut self, scalar: Node<'_>) {
        // A plain scalar on one line is none, unless it is one in other letters; nor is one in quotes that is read as it is
        // written, so on one line, and begins with a letter, unless a collection is in it.
        let raw = scalar.tree.raw(scalar.id);
        let is_word = raw.is_some_and(RawNode::is_plain_as_written);
        let is_as_written = is_word || raw.is_some_and(RawNode::is_text_as_written);
        let text = || scalar.text();
        let is_no_manifest = || {
            is_word
                || is_as_written
                    && text().starts_with(|c: char| c.is_ascii_alphanumeric())
                    && !text().contains(FLOW)
        };
        // No text says more than it is written with.
        let is_long = raw.is_some_and(|raw| raw.len() >= copy::SHORTEST);
        if !is_no_manifest() && self.embeds_secret(text()) || is_long && self.encodes_secret(text())
        {
            self.value(scalar);
        } else if !self.is_definition && self.depth == 0 {
            // Of a manifest in a string, the string is looked through.
            self.spelled(scalar);
            if !is_as_written && hidden::hides(scalar) {
                self.value(scalar);
            }
        }
    }

    /// The credentials that a text spells out, wherever they stand: who wrote `https://user:password@host` for a bucket's
    /// endpoint meant the host, which stays.
    #[inline]
    fn spelled(&mut self, scalar: Node<'_>) {
        let Span { start, end, .. } = scalar.span();
        let token = scalar.tree.source.text.get(start as usize..end as usize);
        let Some(token) = token.filter(|token| spelled::may_tell(token)) else {
            return;
        };
        let inner = inside(scalar);
        let shifted = |range: Range<usize>| {
            let whole = quoted::whole(token, range);
            let (from, to) = (start + shorter(whole.start), start + shorter(whole.end));
            from.max(inner.start)..to.min(inner.end)
        };
        self.found
            .extend(spelled::credentials(token).into_iter().map(shifted));
    }

    /// Whether a text is base64, compressed or not, of a manifest with a secret in it.
    fn encodes_secret(&mut self, text: &str) -> bool {
        match copy::decoded(text) {
            copy::Decoded::No => false,
            copy::Decoded::Text(_) if self.depth >= EMBEDDING => true,
            copy::Decoded::Text(text) => {
                self.depth += 1;
                let encodes = self.embeds_secret(&text)
                    || spelled::tells(&text)
                    || options::has_credential(&text)
                    || self.encodes_secret(&text);
                self.depth -= 1;
                encodes
            }
            copy::Decoded::Endless => true,
        }
    }

    /// One mapping under this key: a Secret, an environment entry, or settings by name. What is in it is left open.
    fn mapping<'a>(&mut self, map: Node<'a>, under: &str, open: &mut Vec<(Node<'a>, &'a str)>) {
        let is_variable = lists_variables(under);
        // A variable without a name may be any.
        let mut named_secret = is_variable && map.entries().all(|(key, _)| key.text() != "name");
        let mut has_value = false;
        let settings = Settings::under(under);
        for (key, value) in map.entries() {
            let name = key.text();
            match name {
                "kind" if is_secret(value.text()) => self.secret_data(map),
                "kind" if is_config_map(value.text()) => self.unread_entries(map),
                "name" if is_variable => {
                    let given = || map.get("value").map_or("", Node::text);
                    named_secret |= !keeps_variable(value.text(), given);
                }
                "name" => named_secret |= is_secret_name(value.text()),
                "value" if is_variable && tells_credential(value.text()) => {
                    (named_secret, has_value) = (true, true);
                }
                "value" => has_value = true,
                // Of a JSON patch, as kustomize has them: the place that the value goes to.
                "path" => named_secret |= leads_to_secret(value.text()),
                // A map of variables is none that Kubernetes knows, but Helm's charts do.
                _ if is_variable
                    && !self.is_definition
                    && !is_of_variable(name)
                    && value.is_scalar() =>
                {
                    self.value(value);
                }
                name => {
                    // A mapping says what kind of password, or where it is; a value in it is caught below.
                    let is_setting = is_credential(name) && !value.is_map();
                    let is_option = names_options(name) && tells_credential(value.text());
                    // The path of one is none.
                    let is_key = is_gcs_key(name) && !value.text().starts_with('/');
                    if is_setting || is_option || is_key || settings.hold_secret(name) {
                        self.value(value);
                    }
                }
            }
            if value.is_scalar() {
                self.scalar(value);
                if under == "data" {
                    self.file(value);
                }
            } else if self.unread != Some(value.id) {
                open.push((value, name));
            }
        }
        if has_value && (named_secret || is_credential(under)) {
            for (_, value) in map.entries().filter(|(key, _)| key.text() == "value") {
                self.value(value);
            }
        }
    }

    /// `data` and `stringData` of a Secret: the keys stay. Of its annotations, too, may any be a copy of them.
    fn secret_data(&mut self, secret: Node<'_>) {
        let annotations = secret.at(&["metadata", "annotations"]);
        for (key, value) in annotations.into_iter().flat_map(Node::entries) {
            if !keeps_annotation(key.text()) {
                self.value(value);
            }
        }
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
                self.found.extend(tag_before(node));
                self.found.push(inside(node));
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
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let may_hold = text.starts_with(['"', '\'', '&', '!', '-', '?'])
            || text.contains('\n')
            || text.contains(FLOW);
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
            match super::reader::reading::read_tree(&source, range, &mut budget) {
                Ok(tree) => tree.is_some_and(|tree| {
                    let mut found = Vec::new();
                    Search::from(&mut found, self.depth + 1).walk(tree.root(), "");
                    !found.is_empty()
                }),
                // A template of a manifest, or no manifest at all.
                Err(_) => MANIFEST_WORDS.is_in(text) || says_secret(text),
            }
        })
    }
}

/// Whether a key is one of those that the list of a container's variables has.
fn is_of_variable(key: &str) -> bool {
    matches!(key, "name" | "value" | "valueFrom")
}

/// Whether a path of a JSON patch leads to what may be a credential.
fn leads_to_secret(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    let may_hold = |part: &str| {
        lists_variables(part) || matches!(part, "args" | "command" | "data" | "stringData")
    };
    let last = path.rsplit('/').next().unwrap_or(path);
    names_secret(last) || parts.any(may_hold)
}
