//! The keys of a mapping in the configuration, read with every mistake noted at its place.

use jiff::civil::Date;

use crate::expr::nearest;
use crate::manifest::{Node, Scalar};
use crate::printable::one_line;
use crate::source::{Position, Source};

/// What is read, and what is wrong with it.
pub(super) struct Reading<'s> {
    pub(super) source: &'s Source,
    /// `uri:line:column: what is wrong`, with the offset for order.
    pub(super) problems: Vec<(u32, String)>,
}

impl Reading<'_> {
    /// Notes a mistake.
    pub(super) fn wrong(&mut self, at: Node<'_>, words: &str) {
        let start = at.span().start;
        let place = self.place(start);
        // A key of several lines is told in one.
        let words = one_line(words);
        self.problems.push((start, format!("{place}: {words}")));
    }

    /// `uri:line:column`.
    pub(super) fn place(&self, offset: u32) -> String {
        let Position { line, column } = self.source.position(offset);
        format!("{}:{line}:{column}", self.source.uri)
    }

    /// The entries of a mapping whose keys are these; others, and keys written twice, are mistakes.
    pub(super) fn fields<'a>(
        &mut self,
        node: Node<'a>,
        what: &str,
        keys: &[&str],
    ) -> Vec<(&'a str, Node<'a>)> {
        if !node.is_map() {
            let words = format!("{what} must be a mapping with the keys {}", keys.join(", "));
            self.wrong(node, &words);
            return Vec::new();
        }
        let mut fields: Vec<(&'a str, Node<'a>)> = Vec::new();
        for (key, value) in node.entries() {
            let name = key.text();
            if fields.iter().any(|(seen, _)| *seen == name) {
                self.wrong(key, &format!("`{name}` is written twice"));
            } else if keys.contains(&name) {
                fields.push((name, value));
            } else {
                let hint = match nearest(cut(name), keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known are {}", keys.join(", ")),
                };
                self.wrong(
                    key,
                    &format!("there is no key `{}` in {what}; {hint}", cut(name)),
                );
            }
        }
        fields
    }

    /// A text that is not empty; a number or a version written without quotes is the text it is written as.
    pub(super) fn text<'a>(&mut self, node: Node<'a>, what: &str) -> Option<&'a str> {
        let is_text = matches!(
            node.scalar(),
            Some(Scalar::Str(_) | Scalar::Int(_) | Scalar::Float(_))
        );
        let text = node.text().trim();
        if is_text && !text.is_empty() {
            return Some(text);
        }
        self.wrong(node, &format!("{what} must be a text"));
        None
    }

    /// A day such as 2026-12-31.
    pub(super) fn date(&mut self, node: Node<'_>, what: &str) -> Option<Date> {
        let date = node.text().trim().parse().ok();
        if date.is_none() {
            self.wrong(node, &format!("{what} must be a day such as 2026-12-31"));
        }
        date
    }

    /// The items of a list, or the one value that stands in its place.
    pub(super) fn one_or_more<'a>(&mut self, node: Node<'a>, what: &str) -> Vec<Node<'a>> {
        let items = if node.is_seq() {
            node.items().collect()
        } else {
            vec![node]
        };
        if items.is_empty() {
            self.wrong(node, &format!("{what} is empty"));
        }
        items
    }

    /// The items of a list.
    pub(super) fn list<'a>(&mut self, node: Node<'a>, what: &str) -> Vec<Node<'a>> {
        if !node.is_seq() {
            self.wrong(node, &format!("{what} must be a list"));
        }
        node.items().collect()
    }
}

/// A name short enough to be told.
pub(super) fn cut(name: &str) -> &str {
    let end = name
        .char_indices()
        .nth(60)
        .map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or("")
}

/// The value under a key.
pub(super) fn get<'a>(fields: &[(&str, Node<'a>)], key: &str) -> Option<Node<'a>> {
    let found = fields.iter().find(|(name, _)| *name == key);
    found.map(|(_, value)| *value)
}
