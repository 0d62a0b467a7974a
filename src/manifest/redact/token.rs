//! What of a scalar as written is its value: what quotes or a header go around, and the tag before it.

use std::ops::Range;

use super::comments::shorter;
use crate::manifest::{Node, RawKind, RawNode};
use crate::source::Span;

/// What a scalar's token holds, without quotes or block header.
pub(super) fn inside(scalar: Node<'_>) -> Range<u32> {
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

/// A tag that says what a scalar is, where that is no string: it would not fit what the value becomes.
pub(super) fn tag_before(scalar: Node<'_>) -> Option<Range<u32>> {
    /// Longer than any such tag.
    const LONGEST: usize = 64;
    let start = scalar.span().start as usize;
    let before = scalar.tree.source.text.as_bytes().get(..start)?;
    let before = before.trim_ascii_end();
    let ends_word = |byte: &u8| byte.is_ascii_whitespace() || b"[{,".contains(byte);
    let from = before.len().saturating_sub(LONGEST);
    let tail = before.get(from..)?;
    // In its long form, `!<tag:yaml.org,2002:int>`, a tag has commas of its own.
    let at = if tail.ends_with(b">") {
        tail.windows(2).rposition(|two| two == b"!<")? + from
    } else {
        tail.iter().rposition(ends_word)? + from + 1
    };
    let word = before.get(at..)?;
    let is_tag = word.starts_with(b"!") && !word.ends_with(b":");
    let is_text = matches!(word, b"!" | b"!!str");
    (is_tag && !is_text).then(|| shorter(at)..shorter(before.len()))
}
