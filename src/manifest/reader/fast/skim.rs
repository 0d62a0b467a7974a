//! Items of kinds that nothing reads: where they end and that they are well-formed, without a tree.
//!
//! It knows less than the reader: what it accepts the reader accepts, with the same end, and what it does not know (flow
//! collections, comments, scalars of several lines that are not block scalars) it leaves to the reader. An item is passed
//! over only when all of it was looked at, so that a wrong cut, or anything else that is wrong, is still found.

use memchr::memmem::Finder;

use super::items::Item;
use super::reader::Reader;
use super::scan;
use super::scan::{Column, END};
use super::subset::LONGEST_KEY;
use crate::manifest::tree::scalar;
use crate::manifest::tree::token::check_plain;
use crate::manifest::{Kind, Scalar};

/// How deep collections may be nested here.
const DEPTH: usize = 32;

/// How many collections are open where an item's own keys stand: the items, and the item.
const ITEM: usize = 2;

/// An open collection.
#[derive(Clone, Copy)]
struct Level {
    column: Column,
    is_seq: bool,
}

/// What an item says it is.
#[derive(Default)]
struct Head<'t> {
    api_version: Option<&'t str>,
    kind: Option<&'t str>,
}

/// An item being passed over.
struct Skim<'r, 't> {
    reader: &'r mut Reader<'t>,
    /// The sequence of items, the item itself, and what is open in it.
    levels: Vec<Level>,
    /// The column of a key whose value starts on the next line.
    opened: Option<Column>,
    head: Head<'t>,
    /// Where the last value ends.
    end: usize,
}

/// What the line looks like that says the kind of an item.
pub(in crate::manifest) struct Sniff(Finder<'static>);

impl Sniff {
    /// For items like this one.
    pub(in crate::manifest) fn like(item: &Item) -> Option<Self> {
        let indent = usize::try_from(item.column).ok()? + 2;
        let line = format!("\n{:indent$}kind: ", "");
        Some(Sniff(Finder::new(&line).into_owned()))
    }

    /// Whether an item is likely to be of a kind we do not keep: worth a closer look.
    pub(super) fn is_worthwhile(&self, text: &str, item: &Item) -> bool {
        let text = text.get(item.start..).unwrap_or("");
        let own = text.strip_prefix("- kind: ").or_else(|| {
            let at = self.0.find(text.as_bytes())?;
            text.get(at + self.0.needle().len()..)
        });
        let kind = own.and_then(|rest| rest.lines().next());
        kind.is_some_and(|kind| !Kind::is_name(kind) && !kind.ends_with("List"))
    }
}

impl Reader<'_> {
    /// From the first key to the last value of an item of a block sequence, if it is sure to be well-formed, and an object
    /// of a kind we do not keep.
    pub(super) fn skim(&mut self, item: &Item) -> Option<(usize, usize)> {
        (self.at, self.column) = (item.start, item.column);
        let items = Level {
            column: item.column,
            is_seq: true,
        };
        let mut skim = Skim {
            reader: self,
            levels: vec![items],
            opened: None,
            head: Head::default(),
            end: item.start,
        };
        skim.line()?;
        let start = scan::after_spaces(skim.reader.bytes, item.start + 1);
        while skim.reader.column > END {
            skim.place()?;
            skim.line()?;
        }
        let is_whole = skim.opened.is_none() && skim.head.is_dropped();
        is_whole.then_some((start, skim.end))
    }
}

impl Head<'_> {
    fn is_dropped(&self) -> bool {
        let (Some(api_version), Some(kind)) = (self.api_version, self.kind) else {
            return false;
        };
        let is_other = kind.ends_with("List")
            || kind == "Template"
            || api_version.starts_with("kustomize.config.k8s.io/");
        !is_other
            && Kind::of(api_version, kind).is_none()
            && Kind::almost(api_version, kind).is_none()
    }
}

impl Skim<'_, '_> {
    /// Opens the collection that starts on this line, or closes those that it is no part of.
    fn place(&mut self) -> Option<()> {
        let (column, is_dash) = (self.reader.column, self.reader.is_dash());
        if let Some(key) = self.opened.take() {
            let fits = column > key || is_dash && column == key;
            return if fits {
                self.open(column, is_dash)
            } else {
                None
            };
        }
        loop {
            let level = *self.levels.last()?;
            if level.column < column || level.column == column && is_dash && !level.is_seq {
                return None;
            }
            if level.column == column && level.is_seq == is_dash {
                // Another item is no part of this one.
                return (self.levels.len() >= ITEM).then_some(());
            }
            self.levels.pop();
        }
    }

    fn open(&mut self, column: Column, is_seq: bool) -> Option<()> {
        self.levels.push(Level { column, is_seq });
        (self.levels.len() < DEPTH).then_some(())
    }

    /// A line: dashes, a key, a value.
    fn line(&mut self) -> Option<()> {
        let mut column = self.reader.column;
        let mut is_dash = self.reader.is_dash();
        while is_dash {
            let dash = self.reader.at;
            self.reader.at = scan::after_spaces(self.reader.bytes, dash + 1);
            let inner = column + Column::try_from(self.reader.at - dash).ok()?;
            is_dash = self.reader.is_dash();
            if !is_dash && !self.reader.is_at_key() {
                // An item is a mapping.
                return (self.levels.len() >= ITEM).then(|| self.value(column))?;
            }
            column = inner;
            self.open(column, is_dash)?;
        }
        self.entry(column)
    }

    /// A key and its value in a mapping at this column.
    fn entry(&mut self, column: Column) -> Option<()> {
        let start = self.reader.at;
        let end = self.reader.plain_key_end(start)?;
        let key = self.reader.slice(start, end);
        let is_key = !key.ends_with(' ') && key != "<<" && check_plain(key, true).is_ok();
        if !is_key || end - start > LONGEST_KEY {
            return None;
        }
        let start = scan::after_spaces(self.reader.bytes, end + 1);
        self.reader.at = start;
        if self.reader.byte(start) == b'\n' {
            (self.opened, self.end) = (Some(column), start);
            self.reader.next_line().ok()?;
        } else {
            self.value(column)?;
        }
        let own = match key {
            "apiVersion" if self.levels.len() == ITEM => &mut self.head.api_version,
            "kind" if self.levels.len() == ITEM => &mut self.head.kind,
            _ => return Some(()),
        };
        let value = string(self.reader.slice(start, self.end))?;
        own.replace(value).is_none().then_some(())
    }

    /// A value in a collection at this column, and on to the next line.
    fn value(&mut self, column: Column) -> Option<()> {
        let reader = &mut *self.reader;
        let (bytes, start) = (reader.bytes, reader.at);
        self.end = match reader.byte(start) {
            quote @ (b'"' | b'\'') => {
                let end = scan::quote_end(bytes, start + 1, quote);
                let is_doubled = quote == b'\'' && reader.byte(end + 1) == quote;
                (reader.byte(end) == quote && !is_doubled).then_some(end + 1)?
            }
            b'{' | b'[' => {
                let is_empty = matches!(reader.slice(start, start + 2), "{}" | "[]");
                is_empty.then_some(start + 2)?
            }
            b'|' | b'>' => {
                let node = reader.block_scalar(column).ok()?;
                self.end = reader.tree.raw(node)?.end as usize;
                reader.tree.clear();
                return Some(());
            }
            _ => {
                let is_plain = reader.may_be_plain(start);
                let end = is_plain.then(|| reader.plain_line())?.ok()?;
                check_plain(reader.slice(start, end), false).ok()?;
                end
            }
        };
        reader.at = scan::after_spaces(bytes, self.end);
        if reader.byte(reader.at) != b'\n' {
            return None;
        }
        reader.next_line().ok()?;
        // Otherwise the value may go on.
        (reader.column <= column).then_some(())
    }
}

/// What a scalar on one line says, if it is a string that says something.
fn string(written: &str) -> Option<&str> {
    let value = match written.as_bytes() {
        [b'"' | b'\'', .., _] => written.get(1..written.len() - 1)?,
        [b'{' | b'[' | b'|' | b'>', ..] => return None,
        _ => written,
    };
    let is_string = value != written || matches!(scalar::resolve(value), Scalar::Str(_));
    (is_string && !value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::manifest::Tree;
    use crate::manifest::reader::fast;
    use crate::source::{OriginId, Source, SourceId};

    /// What is passed over of the first item of a List.
    fn passed(item: &str) -> Option<String> {
        let text =
            format!("apiVersion: v1\nitems:\n{item}- apiVersion: v1\n  kind: Pod\nkind: List\n");
        let end = u32::try_from(text.len()).unwrap();
        let source = Arc::new(Source::new(SourceId(0), OriginId(0), String::new(), text));
        let outline = fast::outline(&source, 0..end).unwrap();
        let first = outline.items.first().unwrap();
        let sniff = fast::Sniff::like(first).unwrap();
        let mut tree = Tree::over(Arc::clone(&source));
        let range = fast::skim(&mut tree, first, &sniff);
        let read = fast::item(&mut tree, first);
        range.map(|range| {
            assert_eq!(read, Ok(()), "{item}");
            let span = tree.root().span();
            assert_eq!(range, span.start..span.end, "{item}");
            source.text[range.start as usize..range.end as usize].to_owned()
        })
    }

    #[test]
    fn what_kubectl_writes_is_passed_over_to_its_last_value() {
        let set = "- apiVersion: apps/v1\n  kind: ReplicaSet\n  metadata:\n    annotations:\n      a/b: |\n        {\"a\": 1}\n\n\
                   \x20   labels: {}\n    name: \"x\"\n  spec:\n    args:\n    - -c\n    - 'a: b'\n    - - x\n      - y: 1\n\
                   \x20       z: []\n    env:\n      - name: b\n        value: c: d\n".replace("c: d", "c:d");
        assert_eq!(passed(&set).unwrap(), set[2..].trim_end());
        let event = "- count: 1\n  involvedObject:\n    apiVersion: v1\n    kind: Pod\n  apiVersion: v1\n  kind: 'Event'\n  note: |-\n    a\n    # b\n";
        assert_eq!(passed(event).unwrap(), event[2..].trim_end());
    }

    #[test]
    fn what_is_kept_or_not_sure_is_read() {
        for item in [
            "- apiVersion: v1\n  kind: Pod\n",
            "- apiVersion: v1\n  kind: \"Pod\"\n",
            "- apiVersion: v1\n  kind: List\n  items: []\n",
            "- apiVersion: v1\n  kind: PodList\n",
            "- apiVersion: v1\n  kind: Node\n  kind: Pod\n",
            "- apiVersion: v1\n  kind: Node\n  kind:\n    a: b\n",
            "- apiVersion: v1\n  kind: Node\n  \"kind\": Pod\n",
            "- apiVersion: v1\n  kind: Node\n  <<: {kind: Pod}\n",
            "- apiVersion: v1\n  kind: Node\n  a: 'x\n- b: c'\n",
            "- apiVersion: v1\n  kind: Node\n  a: x\n    y\n",
            "- apiVersion: v1\n  kind: Node\n  a:\n  b:\n",
            "- apiVersion: v1\n  kind: Node\n  a: b: c\n",
            "- apiVersion: v1\n  kind: Node\n  a: .inf\n",
            "- apiVersion: v1\n  kind: Node\n  a: *b\n",
            "- apiVersion: v1\n  kind: Node\n  a:\n     b: 1\n    c: 1\n",
            "- apiVersion: v1\n  kind: Node\n  a: {}\n    c: 1\n",
            "- kind: Node\n  metadata:\n    name: a\n",
            "- apiVersion: kustomize.config.k8s.io/v1\n  kind: Kustomization\n",
            "- apiVersion: v1\n  kind: null\n",
        ] {
            assert_eq!(passed(item), None, "{item}");
        }
    }
}
