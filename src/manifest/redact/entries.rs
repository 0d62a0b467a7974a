//! The entries of a `ConfigMap`: files of options, and those that no fact reads.

use std::ops::Range;

use super::comments::shorter;
use super::options::credential_in;
use super::{Search, lines};
use crate::manifest::Node;
use crate::manifest::environment::{SCHEDULER, connects, keeps_entry};
use crate::source::Span;

impl Search<'_> {
    /// A file of options, one on a line, as pgBackRest reads: those that are credentials. Where lines do not stand as they
    /// are, all of it.
    pub(super) fn file(&mut self, file: Node<'_>) {
        let lines = file.text().lines();
        let told = lines.filter(|line| credential_in(line).is_some()).count();
        if told == 0 {
            return;
        }
        let found = self.found.len();
        let (start, token) = written(file);
        for line in lines::of(token, file.text()).unwrap_or_default() {
            let text = token.get(line.clone()).unwrap_or("");
            if let Some(value) = credential_in(text) {
                let end = line.start + text.trim_end().len();
                self.found
                    .push(start + shorter(line.start + value)..start + shorter(end));
            }
        }
        // Escapes may hide one.
        if self.found.len() - found < told {
            self.value(file);
        }
    }

    /// The entries of a `ConfigMap` that no fact reads: files of other programs, with their passwords among it. Of a script for
    /// psql stays where it goes.
    pub(super) fn unread_entries(&mut self, map: Node<'_>) {
        let label = map.at(&["metadata", "labels", SCHEDULER]);
        let is_schedule = label.is_some_and(|label| label.text() == "true");
        let is_read = |name: &str, entry: Node<'_>| {
            let text = entry.text();
            keeps_entry(name, text) || is_schedule && text.trim_start().starts_with('{')
        };
        for (key, data) in map.entries() {
            let is_text = key.text() == "data";
            if !is_text && key.text() != "binaryData" {
                continue;
            }
            for (key, entry) in data.entries() {
                if !is_text || !entry.is_scalar() || !is_read(key.text(), entry) {
                    self.unread_entry(entry);
                }
            }
        }
    }

    fn unread_entry(&mut self, entry: Node<'_>) {
        let stay = entry.text().lines().filter(|line| connects(line)).count();
        if stay == 0 {
            return self.value(entry);
        }
        let (start, token) = written(entry);
        let lines = lines::of(token, entry.text()).unwrap_or_default();
        let (stays, go): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| {
            let text = token.get(line.clone()).unwrap_or("");
            // A backslash in double quotes is two.
            let is_escaped = token.starts_with('"') && text.starts_with("\\\\");
            connects(text.get(usize::from(is_escaped)..).unwrap_or(""))
        });
        if stays.len() != stay {
            return self.value(entry);
        }
        let shifted = |line: Range<usize>| {
            let text = token.get(line.clone()).unwrap_or("");
            // What a block is indented by stays.
            let indent = text.len() - text.trim_start_matches(' ').len();
            start + shorter(line.start + indent)..start + shorter(line.end)
        };
        self.found.extend(go.into_iter().map(shifted));
    }
}

/// What a scalar is written with, and where that begins.
fn written(scalar: Node<'_>) -> (u32, &str) {
    let Span { start, end, .. } = scalar.span();
    let text = &scalar.tree.source.text;
    (start, text.get(start as usize..end as usize).unwrap_or(""))
}
