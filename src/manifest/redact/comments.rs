//! Comments beside what is overwritten: who writes a password into a file may have written the old one beside it.

use std::ops::Range;

use super::spelled;
use crate::manifest::{Node, RawKind, RawNode};
use crate::source::Span;

/// What comments say that speak to this program: they are kept. `draft` leaves a key that it cannot fill in as the second.
const OURS: [&str; 2] = ["pgo-preflight:", ": TODO"];

/// Of the comments in an object, and right after it, those that look like settings: who tries another password comments out the
/// line with the old one. Of those that speak to us, only the credentials that they spell out.
pub(super) fn settings_in_comments(object: Node<'_>) -> Vec<Range<u32>> {
    let text = object.tree.source.text.as_str();
    let Span { start, end, .. } = object.span();
    let end = comment_lines_after(text, end);
    let within = text.get(start as usize..end as usize).unwrap_or("");
    if memchr::memchr(b'#', within.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut gaps = gaps(object, start..end);
    gaps.retain(|gap| gap.start < gap.end);
    let comments = gaps.into_iter().flat_map(|gap| comments_between(text, gap));
    comments
        .flat_map(|comment| told_by(text, comment))
        .collect()
}

/// What is between the scalars of an object, the headers of block scalars included.
fn gaps(object: Node<'_>, whole: Range<u32>) -> Vec<Range<u32>> {
    let (mut open, mut scalars) = (vec![object], Vec::new());
    while let Some(node) = open.pop() {
        open.extend(node.entries().flat_map(|(key, value)| [key, value]));
        open.extend(node.items());
        let Span { start, end, .. } = node.span();
        // What an alias brought here stands elsewhere.
        if node.is_scalar() && whole.start <= start && end <= whole.end {
            scalars.push((start, end, header(node)));
        }
    }
    scalars.sort_unstable();
    let (mut gaps, mut at) = (Vec::new(), whole.start);
    for (start, end, header) in scalars {
        if at <= start {
            gaps.push(at..start + header);
            at = end;
        }
    }
    gaps.push(at..whole.end);
    gaps
}

/// The length of a block scalar's first line, which may end with a comment.
fn header(scalar: Node<'_>) -> u32 {
    let is_text = scalar.tree.raw(scalar.id).map(RawNode::kind) == Some(RawKind::Text);
    let Span { start, end, .. } = scalar.span();
    let token = scalar.tree.source.text.get(start as usize..end as usize);
    let token = token.filter(|token| is_text && token.starts_with(['|', '>']));
    token.map_or(0, |token| {
        shorter(memchr::memchr(b'\n', token.as_bytes()).unwrap_or(token.len()))
    })
}

/// What of a comment may be a credential.
fn told_by(text: &str, comment: Range<u32>) -> Vec<Range<u32>> {
    let said = text.get(comment.start as usize..comment.end as usize);
    let said = said.unwrap_or("");
    let before = text.get(..comment.start as usize).unwrap_or("");
    if !before.is_empty() && !before.ends_with(char::is_whitespace) {
        // Part of a tag or an anchor.
        return Vec::new();
    }
    if OURS.iter().any(|ours| said.contains(ours)) {
        let told = spelled::credentials(said).into_iter();
        return told
            .map(|told| comment.start + shorter(told.start)..comment.start + shorter(told.end))
            .collect();
    }
    let body = said.trim_start_matches('#').trim();
    let is_setting = body.contains(": ") || body.contains(['=', '@']) || body.starts_with("- ");
    let from = comment.start + shorter(said.len() - said.trim_start_matches('#').len());
    let goes = is_setting || spelled::tells(body);
    goes.then_some(from..comment.end).into_iter().collect()
}

/// The comment on the rest of a line.
pub(super) fn comment_after(text: &str, end: u32) -> Option<Range<u32>> {
    let rest = text.get(end as usize..)?;
    // Looking for the end of the line only then: a line may be the whole text.
    let is_comment = rest.trim_start_matches([' ', '\t']).starts_with('#');
    is_comment
        .then(|| end..end + shorter(memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())))
}

/// Where the comments end that follow on this line and on lines of their own.
pub(super) fn comment_lines_after(text: &str, mut at: u32) -> u32 {
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

/// The comments in a stretch of text that holds no scalars.
pub(super) fn comments_between(
    text: &str,
    stretch: Range<u32>,
) -> impl Iterator<Item = Range<u32>> {
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

/// A length inside a text, all of which are below 4 GiB.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn shorter(length: usize) -> u32 {
    length as u32
}

#[cfg(test)]
mod tests {
    use crate::manifest::load;
    use crate::source::{OriginId, SourceId};

    /// What is kept of an object's text.
    fn kept(text: &str) -> String {
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n{text}");
        let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
        assert_eq!(loaded.objects.len(), 1);
        let whole = &loaded.source.text;
        whole.split_once("name: a\n").unwrap().1.to_owned()
    }

    #[test]
    fn settings_that_are_commented_out_go() {
        for (text, left) in [
            ("a: 1 # password: x\n", "a: 1 #____________\n"),
            ("a: 1\n# was: x\nb: 2\n", "a: 1\n#_______\nb: 2\n"),
            ("a: [1, # - x\n  2]\n", "a: [1, #____\n  2]\n"),
            ("a: 1\n#PGPASSWORD=x\n", "a: 1\n#____________\n"),
            ("a: 1 # u:x@h\n---\n", "a: 1 #______\n---\n"),
            ("a: | # b: x\n  c\n", "a: | #_____\n  c\n"),
            (
                "# pgo-preflight: ignore[a] see password=x\n",
                "# pgo-preflight: ignore[a] see password=_\n",
            ),
            ("# port: TODO password=x\n", "# port: TODO password=_\n"),
        ] {
            assert_eq!(kept(text), left);
        }
    }

    #[test]
    fn prose_and_what_is_no_comment_stay() {
        for text in [
            "a: 1 # two are enough\n",
            "a: 'x # b: c'\n",
            "a: |\n  # b: c\n  d=e\n",
            "a: x#b=c\n",
            "a: !x#b=c d\n",
            "# pgo-preflight: ignore[a] reason: b\n",
            "# port: TODO where it is not 5432\n",
        ] {
            assert_eq!(kept(text), text);
        }
    }
}
