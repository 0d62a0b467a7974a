//! One document's text to trees, by the events of granit-parser. The only file that names that crate.
//!
//! It reads YAML and JSON alike and must not know what grows out of the events.

use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span, Tag, options};

use super::grow::{Growth, Stop};
use crate::manifest::problem::{Broken, MAX_DEPTH, ProblemKind};
use crate::manifest::tree::token::{Style, TagName, Token};
use crate::manifest::{RawKind, Tree};
use crate::source::Source;

/// A document that was read.
#[derive(Debug)]
pub(in crate::manifest) struct Reading {
    /// Its tree; nothing for an empty document.
    pub(in crate::manifest) tree: Option<Tree>,
    /// Where something follows `...`.
    pub(in crate::manifest) after_end: Option<u32>,
}

/// Reads one document.
///
/// With `item`, the elements of a sequence under the root's key `items` are handed over one by one as trees of
/// their own, and the root's tree holds an empty sequence in their place. `budget` is how many more nodes aliases
/// may stand for.
pub(in crate::manifest) fn read<'i>(
    source: &Arc<Source>,
    range: Range<u32>,
    budget: &mut usize,
    item: Option<&'i mut (dyn FnMut(&Tree) + 'i)>,
) -> Result<Reading, Stop> {
    let mut growth = Growth::new(source, range, budget, item);
    let options = options! {
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut ended = false;
    let mut after_end = None;
    for event in Parser::new_from_str_with_options(growth.text(), options) {
        match event {
            Ok((Event::DocumentStart(..), span)) if ended => {
                after_end = Some(growth.place(bytes(&span).start));
                break;
            }
            Ok((Event::DocumentEnd, _)) => ended = true,
            Ok((event, span)) => take(&mut growth, event, &span)?,
            Err(error) => {
                return Err(Stop::Broken(Broken {
                    at: growth.place(error.marker().byte_offset().unwrap_or(0)),
                    kind: kind_of(error.kind()),
                }));
            }
        }
    }
    Ok(Reading {
        tree: growth.finish(),
        after_end,
    })
}

/// A parser over a `str` knows every byte offset.
fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or(0..0)
}

fn take(growth: &mut Growth<'_, '_, '_>, event: Event<'_>, span: &Span) -> Result<(), Stop> {
    let at = bytes(span);
    match event {
        Event::DocumentStart(true, _) => growth.skip(at.end),
        Event::SequenceStart(_, anchor, _) => growth.open(RawKind::Seq, anchor, at)?,
        Event::MappingStart(_, anchor, _) => growth.open(RawKind::Map, anchor, at)?,
        Event::SequenceEnd | Event::MappingEnd => growth.close(at)?,
        Event::Alias(anchor) => growth.alias(anchor, at)?,
        Event::Scalar(value, style, anchor, tag) => growth.scalar(
            &Token {
                value: &value,
                style: match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                },
                tag: tag.as_deref().map(tag_name),
                at,
            },
            anchor,
        )?,
        _ => {}
    }
    Ok(())
}

fn tag_name(tag: &Tag) -> TagName {
    match tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() {
        Some("binary") => TagName::Binary,
        Some("int") => TagName::Int,
        Some("float") => TagName::Float,
        Some("bool") => TagName::Bool,
        Some("null") => TagName::Null,
        _ => TagName::Other,
    }
}

/// The parser's reason in our terms; none of its words show the document.
fn kind_of(error: &ErrorKind) -> ProblemKind {
    match error {
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEof
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnclosedQuotedScalar => ProblemKind::Truncated,
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => ProblemKind::Tab,
        ErrorKind::RecursionLimitExceeded => ProblemKind::TooDeep,
        ErrorKind::UnknownAnchor => ProblemKind::UnknownAlias,
        ErrorKind::ExpectedDocumentStart | ErrorKind::InvalidDocumentEnd => ProblemKind::SecondRoot,
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            ProblemKind::ControlCharacter
        }
        other => ProblemKind::Syntax(words_for(other)),
    }
}

fn words_for(error: &ErrorKind) -> &'static str {
    match error {
        ErrorKind::UnexpectedCharacter { .. } => {
            "a value cannot start with this character; quote it"
        }
        ErrorKind::MappingValueNotAllowed => {
            "a mapping is not allowed here: check the indentation, or quote the value"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "a key without `:`: check the indentation"
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry => "the indentation does not fit",
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => {
            "an unknown escape in a double-quoted string"
        }
        ErrorKind::BomInsideDocument => {
            "a byte-order mark inside the text; kubectl would take it for part of the value"
        }
        _ => "this is not well-formed YAML",
    }
}
