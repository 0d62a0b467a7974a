//! A manifest as text: YAML as a person writes it.
//!
//! It must not know what a field means.

use std::fmt::Write as _;

use super::document::{Entry, Node, TODO};
use crate::printable::{is_hidden, one_line};

/// The text of a map, with comments on the origin of each value or without. What must be filled in is always said.
pub(super) fn text(root: &Node, comments: bool) -> String {
    let mut writer = Writer {
        out: String::new(),
        comments,
    };
    if let Node::Map(entries) = root {
        writer.map(entries, 0, false);
    }
    writer.out
}

struct Writer {
    out: String,
    comments: bool,
}

impl Writer {
    /// The entries of a map; the first one continues a line that was begun where it is an item's.
    fn map(&mut self, entries: &[Entry], depth: usize, begun: bool) {
        // A comment cannot continue an item's line, so values come first there.
        let lines = entries.iter().enumerate();
        for (number, entry) in lines {
            if !self.is_written(entry) {
                continue;
            }
            if number > 0 || !begun {
                self.indent(depth);
            }
            self.entry(entry, depth);
        }
    }

    fn is_written(&self, entry: &Entry) -> bool {
        self.comments || entry.node != Node::Remark
    }

    fn entry(&mut self, entry: &Entry, depth: usize) {
        let key = scalar(&entry.key);
        match &entry.node {
            Node::Open => {
                let _ = writeln!(self.out, "# {key}: {TODO} {}", one_line(&entry.comment));
            }
            Node::Remark => {
                let _ = writeln!(self.out, "# {key}: {}", one_line(&entry.comment));
            }
            node => {
                let _ = write!(self.out, "{key}:");
                self.value(node, &entry.comment, depth);
            }
        }
    }

    /// What follows a key: a scalar on the same line, else lines of their own.
    fn value(&mut self, node: &Node, comment: &str, depth: usize) {
        match node {
            Node::Map(entries) if !entries.is_empty() => {
                self.end_line(comment);
                self.map(entries, depth + 1, false);
            }
            Node::List(items) if !items.is_empty() => {
                self.end_line(comment);
                for item in items {
                    self.item(item, depth);
                }
            }
            node => {
                self.out.push(' ');
                self.inline(node);
                self.end_line(comment);
            }
        }
    }

    fn item(&mut self, item: &Entry, depth: usize) {
        self.indent(depth);
        self.out.push_str("- ");
        match &item.node {
            Node::Map(entries) if !entries.is_empty() => self.map(entries, depth + 1, true),
            node => {
                self.inline(node);
                self.end_line(&item.comment);
            }
        }
    }

    fn inline(&mut self, node: &Node) {
        match node {
            Node::Text(text) => self.out.push_str(&scalar(text)),
            Node::Plain(text) => self.out.push_str(text),
            Node::List(_) => self.out.push_str("[]"),
            Node::Map(_) | Node::Open | Node::Remark => self.out.push_str("{}"),
        }
    }

    fn end_line(&mut self, comment: &str) {
        if self.comments && !comment.is_empty() {
            let _ = write!(self.out, "  # {}", one_line(comment));
        }
        self.out.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }
}

/// A string as YAML: plain where every reader takes it for the same string, YAML 1.1 included, else in quotes.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            other if is_hidden(other) => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a string may stand without quotes.
fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    let Some(first) = bytes.next() else {
        return false;
    };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@+-,".contains(&byte);
    if !bytes.all(is_word) || text.ends_with(':') || text.starts_with(TODO) {
        return false;
    }
    match first {
        b'0'..=b'9' => is_size(text),
        b'a'..=b'z' | b'A'..=b'Z' => !is_special(text),
        b'/' => true,
        _ => false,
    }
}

/// Whether a text that begins with a digit is an amount with its unit, which nobody takes for a number.
fn is_size(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    !unit.is_empty() && unit.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Words that a reader of YAML 1.1 or 1.2 takes for a truth, for nothing, or for a number.
fn is_special(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity",
    ];
    WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_1_1_takes_for_something_else_is_quoted() {
        for plain in [
            "hippo",
            "20Gi",
            "500m",
            "512MB",
            "a,b",
            "/backrestrepo/hippo",
            "a:5000/b",
            "ReadWriteOnce",
            "pgaudit.so",
        ] {
            assert_eq!(scalar(plain), plain);
        }
        for other in [
            "",
            "n",
            "Yes",
            "off",
            "1",
            "1.5",
            "0x1F",
            "1e3",
            "22:30",
            "12e03",
            "~",
            "-",
            "a: b",
            "a:",
            "a #b",
            "*",
            "TODO",
            "0.9",
            "1_000",
            "2026-11-20",
            ".5",
            "=",
            "<<",
            "{a}",
            "a b",
        ] {
            assert_eq!(scalar(other), format!("\"{other}\""));
        }
        assert_eq!(
            scalar("a\"b\\c\nd\u{202e}"),
            "\"a\\\"b\\\\c\\nd\\U0000202E\""
        );
    }

    #[test]
    fn a_manifest_is_laid_out_as_people_do() {
        let mut root = Node::Map(Vec::new());
        root.put("spec.image", Entry::todo("", "an image"));
        root.put(
            "spec.instances[0].name",
            Entry::text("", "db").saying("a choice".to_owned()),
        );
        root.put(
            "spec.instances[0].replicas",
            Entry::new("", Node::number(1)),
        );
        root.put(
            "spec.proxy",
            Entry::item(Node::Open).saying("is there one?".to_owned()),
        );
        root.put(
            "spec.users",
            Entry::new("", Node::List(Vec::new())).saying("none".to_owned()),
        );
        let with = "\
spec:
  image: \"TODO an image\"
  instances:
  - name: db  # a choice
    replicas: 1
  # proxy: TODO is there one?
  users: []  # none
";
        assert_eq!(text(&root, true), with);
        let without = with.replace("  # a choice", "").replace("  # none", "");
        assert_eq!(text(&root, false), without);
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        let mut root = Node::Map(Vec::new());
        root.put("a", Entry::text("", "b").saying("x\nspec: {}".to_owned()));
        assert_eq!(text(&root, true), "a: b  # x spec: {}\n");
    }
}
