//! Comments `# pgo-preflight: ignore[RULE] reason` to ignores.
//!
//! The parser keeps no comments, so they are found in the text: a `#` that no scalar of a kept object covers. What is
//! not part of a kept object has no ignores of its own.

use memchr::memmem;

use super::head::Heads;
use super::wish::{Ignore, MOST, Reach, Wish, kept, names, place_of, subject_of};
use crate::check::report::finding::SuppressedBy;
use crate::manifest::{Loaded, Object};
use crate::source::{Source, Span};

/// What every such comment says.
pub(super) const MARK: &str = "pgo-preflight:";

/// How many comments of one line are looked at: a line holds one, but text in quotes before it may look like others.
const MOST_IN_LINE: usize = 16;
/// How much of a comment is read, in bytes.
const LONGEST: usize = 4096;

/// The ignores in a text's comments, in the order of the text.
pub(super) fn ignores(origin: &str, text: &Loaded) -> Vec<Ignore> {
    let mut places = Places::over(text);
    let mut found: Vec<Ignore> = Vec::new();
    // From the end, so that a block of comment lines is walked once.
    for comment in comments(&text.source).into_iter().rev() {
        let Some((object, reach)) = places.of(&comment) else {
            continue;
        };
        let wish = comment.wish();
        let rules = wish.as_ref().map_or(&[][..], |wish| &wish.rules);
        found.push(Ignore {
            by: SuppressedBy::Comment,
            span: comment.span(),
            subject: subject_of(origin, object),
            reach,
            rules: rules
                .iter()
                .map(|(at, name)| (Box::from(*name), comment.within(*at, name.len())))
                .collect(),
            reason: kept(wish.as_ref().map_or("", |wish| wish.reason)),
            place: place_of(&text.source, comment.span()),
        });
    }
    found.reverse();
    found
}

/// What looks like a comment of ours, quoted text included.
fn comments(source: &Source) -> Vec<Comment<'_>> {
    let bytes = source.text.as_bytes();
    let (mut comments, mut line_end, mut in_line) = (Vec::new(), 0, 0);
    for mark in memmem::find_iter(bytes, MARK) {
        let Some(comment) = Comment::at(source, mark) else {
            continue;
        };
        if mark >= line_end {
            let rest = bytes.get(mark..).unwrap_or(&[]);
            line_end = mark + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            in_line = 0;
        }
        in_line += 1;
        if in_line <= MOST_IN_LINE {
            comments.push(comment);
        }
        if comments.len() == MOST {
            break;
        }
    }
    comments
}

/// A comment that speaks to this program.
struct Comment<'t> {
    source: &'t Source,
    /// Byte offset of its `#`.
    start: usize,
    /// What follows the mark, up to the end of the line.
    rest: &'t str,
    /// Byte offset of `rest`.
    after: usize,
}

impl<'t> Comment<'t> {
    /// The comment whose mark stands at this offset, if it is one that asks for something.
    fn at(source: &'t Source, mark: usize) -> Option<Self> {
        let before = source.text.get(..mark)?;
        let hash = before.trim_end_matches([' ', '\t']).strip_suffix('#')?;
        let before = hash.trim_end_matches('#');
        if !(before.is_empty() || before.ends_with([' ', '\t', '\n'])) {
            return None;
        }
        let after = mark + MARK.len();
        let rest = source.text.get(after..)?;
        // Characters are at most four bytes long.
        let longest = (0..4).find_map(|less| rest.get(..LONGEST - less));
        let rest = longest.unwrap_or(rest).lines().next().unwrap_or("");
        let comment = Comment {
            source,
            start: before.len(),
            rest: rest.trim_end(),
            after,
        };
        comment.asks().then_some(comment)
    }

    /// Whether it is meant for us: `ignore`, or another word before a bracket.
    fn asks(&self) -> bool {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let (word, next) = rest.split_at(end.unwrap_or(rest.len()));
        word == "ignore" || (!word.is_empty() && next.starts_with('['))
    }

    fn wish(&self) -> Option<Wish<'t>> {
        let list = self.rest.trim_start().strip_prefix("ignore")?.trim_start();
        let list = list.strip_prefix('[')?;
        let offset = self.rest.len() - list.len();
        let (list, reason) = list.split_once(']')?;
        Some(Wish {
            rules: names(list, offset)?,
            reason: reason
                .trim_start_matches(|c: char| c.is_whitespace() || ":-\u{2013}\u{2014}".contains(c))
                .trim_end(),
        })
    }

    fn span(&self) -> Span {
        self.bytes(self.start, self.after + self.rest.len())
    }

    /// A part of what follows the mark.
    fn within(&self, at: usize, length: usize) -> Span {
        self.bytes(self.after + at, self.after + at + length)
    }

    #[allow(clippy::cast_possible_truncation)] // texts are below 4 GiB
    fn bytes(&self, start: usize, end: usize) -> Span {
        Span {
            source: self.source.id,
            start: start as u32,
            end: end as u32,
        }
    }
}

/// Whose a comment is, by its place among a text's objects. Asked from the end of the text to its beginning.
struct Places<'t> {
    text: &'t Loaded,
    heads: Heads<'t>,
    /// The object last asked about, and where its scalars are.
    scalars: Option<(usize, Vec<(u32, u32)>)>,
    /// The line of the comment before, and the line it covers.
    below: Option<(u32, u32)>,
}

impl<'t> Places<'t> {
    fn over(text: &'t Loaded) -> Self {
        Places {
            text,
            heads: Heads::of(&text.source),
            scalars: None,
            below: None,
        }
    }

    /// The object whose document a comment stands in, and what it covers; `None` if it is no comment, or of no object.
    fn of(&mut self, comment: &Comment<'_>) -> Option<(&'t Object, Reach)> {
        let text = self.text;
        let at = comment.span().start;
        let next = text
            .objects
            .partition_point(|object| object.root().span().start <= at);
        let following = text.objects.get(next);
        let Some((index, object)) = next
            .checked_sub(1)
            .and_then(|index| Some((index, text.objects.get(index)?)))
        else {
            return self.before(comment, None, following);
        };
        let whole = object.root().span();
        if at < whole.end {
            if self.in_scalar(index, object, at) {
                return None;
            }
            let first = object.root().entries().next();
            let head = first.is_some_and(|(key, _)| at < key.span().start);
            let reach = if head {
                Reach::Document
            } else {
                self.line(comment)
            };
            return Some((object, reach));
        }
        let between = text.source.text.get(whole.end as usize..at as usize);
        if between.is_some_and(|between| !between.contains('\n')) {
            return Some((object, self.line(comment)));
        }
        self.before(comment, Some(object), following)
    }

    /// A comment between two objects: at the head of the second, or of no effect.
    fn before(
        &mut self,
        comment: &Comment<'_>,
        previous: Option<&'t Object>,
        next: Option<&'t Object>,
    ) -> Option<(&'t Object, Reach)> {
        if let Some(object) = next {
            let floor = previous.map_or(0, |object| object.root().span().end);
            if self
                .heads
                .covers(object.root().span().start, floor, comment.start)
            {
                return Some((object, Reach::Document));
            }
        }
        previous.or(next).map(|object| (object, Reach::Nothing))
    }

    fn in_scalar(&mut self, index: usize, object: &Object, at: u32) -> bool {
        if self.scalars.as_ref().is_none_or(|(of, _)| *of != index) {
            let nodes = object.tree.nodes.iter();
            let scalars = nodes.filter(|raw| !raw.is_collection());
            let mut spans: Vec<(u32, u32)> = scalars.map(|raw| (raw.start, raw.end)).collect();
            spans.sort_unstable();
            self.scalars = Some((index, spans));
        }
        let Some((_, spans)) = &self.scalars else {
            return false;
        };
        let after = spans.partition_point(|(start, _)| *start <= at);
        let last = after.checked_sub(1).and_then(|last| spans.get(last));
        last.is_some_and(|(start, end)| at < *end && !self.beside_header(*start, at))
    }

    /// Whether an offset lies on the first line of a block scalar, after the `|` or `>`: there a comment may stand.
    fn beside_header(&self, scalar: u32, at: u32) -> bool {
        let before = self.text.source.text.get(scalar as usize..at as usize);
        before.is_some_and(|line| line.starts_with(['|', '>']) && !line.contains('\n'))
    }

    /// A comment beside a value covers its own line; one on a line of its own covers the line below the block of
    /// comment lines it is part of.
    fn line(&mut self, comment: &Comment<'_>) -> Reach {
        let source = &self.text.source;
        let own = source.position(comment.span().start).line;
        let is_comment = |line: u32| line_of(source, line).is_some_and(|l| l.starts_with('#'));
        if !is_comment(own) {
            return Reach::Line(source.id, own);
        }
        let mut covered = own + 1;
        while is_comment(covered) {
            match self.below {
                Some((line, target)) if line == covered => covered = target,
                _ => covered += 1,
            }
        }
        self.below = Some((own, covered));
        Reach::Line(source.id, covered)
    }
}

/// A line without its indentation.
fn line_of(source: &Source, line: u32) -> Option<&str> {
    let index = (line as usize).checked_sub(1)?;
    let start = *source.line_starts().get(index)? as usize;
    let text = source.text.get(start..)?;
    Some(text.lines().next().unwrap_or("").trim_start())
}
