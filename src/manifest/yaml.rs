//! One document's text to trees, by the events of granit-parser. The only file that names that crate.
//!
//! YAML and JSON alike; iterative, so that no input can exhaust the stack. It must not know Kubernetes, except that
//! the items of a List may be wanted one by one.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag, options};

use super::problem::{MAX_DEPTH, ProblemKind};
use super::{NodeId, RawKind, RawNode, Scalar, Tree, scalar};
use crate::source::Source;

/// Why reading a document stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text is not what it should be.
    Broken(Broken),
    /// Items cannot be read one by one, since an anchor or a repeated key may join them: read the whole.
    Joined,
}

/// The place where a document broke, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// Byte offset in the source.
    pub(super) at: u32,
    pub(super) kind: ProblemKind,
}

/// A document that was read.
#[derive(Debug)]
pub(super) struct Reading {
    /// Its tree; nothing for an empty document.
    pub(super) tree: Option<Tree>,
    /// Where something follows `...`.
    pub(super) after_end: Option<u32>,
}

/// Reads one document.
///
/// With `item`, the elements of a sequence under the root's key `items` are handed over one by one as trees of
/// their own, and the root's tree holds an empty sequence in their place. `budget` is how many more nodes aliases
/// may stand for.
pub(super) fn read<'i>(
    source: &Arc<Source>,
    range: Range<u32>,
    budget: &mut usize,
    item: Option<&'i mut (dyn FnMut(&Tree) + 'i)>,
) -> Result<Reading, Stop> {
    let text = source.text.get(range.start as usize..range.end as usize);
    let text = text.unwrap_or("");
    let mut builder = Builder {
        text,
        base: range.start,
        tree: Tree::over(Arc::clone(source)),
        root: None,
        frames: Vec::new(),
        anchors: Vec::new(),
        cursor: 0,
        budget,
        item,
        items_met: false,
    };
    let options = options! {
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut ended = false;
    let mut after_end = None;
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((Event::DocumentStart(..), span)) if ended => {
                after_end = Some(builder.place(span.start.byte_offset()));
                break;
            }
            Ok((Event::DocumentEnd, _)) => ended = true,
            Ok((event, span)) => {
                let start = span.start.byte_offset().unwrap_or(0);
                let end = span.end.byte_offset().unwrap_or(start);
                let tag = span.tag_start().and_then(|tag| tag.byte_offset());
                builder.take(event, start..end, tag)?;
            }
            Err(error) => {
                return Err(Stop::Broken(Broken {
                    at: builder.place(error.marker().byte_offset()),
                    kind: kind_of(&error),
                }));
            }
        }
    }
    Ok(Reading {
        tree: builder.finish(),
        after_end,
    })
}

/// What the next node of an open collection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Element,
    Key,
    Value,
    /// The value of `<<`.
    Merged,
    /// An element that becomes a tree of its own.
    Item,
}

/// An open collection.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: NodeId,
    last: NodeId,
    end: u32,
    role: Role,
}

struct Builder<'t, 'b, 'i> {
    text: &'t str,
    base: u32,
    /// The document, or while items are read one by one the item.
    tree: Tree,
    /// The document while `tree` is an item.
    root: Option<Tree>,
    frames: Vec<Frame>,
    /// By anchor id.
    anchors: Vec<NodeId>,
    /// How far the text is accounted for by tokens.
    cursor: usize,
    budget: &'b mut usize,
    item: Option<&'i mut (dyn FnMut(&Tree) + 'i)>,
    /// Whether `items` was met.
    items_met: bool,
}

impl Builder<'_, '_, '_> {
    #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at loading
    fn place(&self, offset: Option<usize>) -> u32 {
        self.base + offset.unwrap_or(0).min(self.text.len()) as u32
    }

    fn broken<T>(&self, at: usize, kind: ProblemKind) -> Result<T, Stop> {
        Err(Stop::Broken(Broken {
            at: self.place(Some(at)),
            kind,
        }))
    }

    fn take(
        &mut self,
        event: Event<'_>,
        span: Range<usize>,
        tag_start: Option<usize>,
    ) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(true, _) => self.cursor = span.end,
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), &span)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(RawKind::Seq, anchor, &span, tag_start)?;
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(RawKind::Map, anchor, &span, tag_start)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&span)?,
            Event::Alias(id) => self.alias(id, &span)?,
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Option<Tree> {
        let tree = self.root.take().unwrap_or(self.tree);
        (!tree.nodes.is_empty()).then_some(tree)
    }

    /// The role of the node that comes next.
    fn role(&self) -> Role {
        self.frames.last().map_or(Role::Element, |frame| frame.role)
    }

    fn open(
        &mut self,
        kind: RawKind,
        anchor: usize,
        span: &Range<usize>,
        tag_start: Option<usize>,
    ) -> Result<(), Stop> {
        if self.role() == Role::Key {
            return self.broken(tag_start.unwrap_or(span.start), ProblemKind::ComplexKey);
        }
        if self.frames.len() >= MAX_DEPTH {
            return self.broken(span.start, ProblemKind::TooDeep);
        }
        let apart = kind == RawKind::Seq && self.opens_items()?;
        let node = self.add(kind, span, 0);
        self.anchor(anchor, node)?;
        self.frames.push(Frame {
            node,
            last: NodeId::NONE,
            end: self.place(Some(span.end)),
            role: match kind {
                RawKind::Map => Role::Key,
                _ if apart => Role::Item,
                _ => Role::Element,
            },
        });
        if apart {
            let item = Tree::over(Arc::clone(&self.tree.source));
            self.root = Some(std::mem::replace(&mut self.tree, item));
        }
        self.cursor = self.cursor.max(span.end);
        Ok(())
    }

    /// Whether the sequence that starts now is the root's `items`, wanted one by one.
    fn opens_items(&mut self) -> Result<bool, Stop> {
        let [root] = self.frames.as_slice() else {
            return Ok(false);
        };
        if self.item.is_none()
            || root.role != Role::Value
            || self.tree.scalar_text(root.last) != "items"
        {
            return Ok(false);
        }
        if std::mem::replace(&mut self.items_met, true) {
            return Err(Stop::Joined);
        }
        Ok(true)
    }

    fn close(&mut self, span: &Range<usize>) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if frame.role == Role::Item
            && let Some(root) = self.root.take()
        {
            self.tree = root;
        }
        let bracket = self.text.get(span.clone());
        let end = match bracket {
            Some("]" | "}") => self.place(Some(span.end)),
            _ => frame.end,
        };
        if let Some(raw) = self.tree.raw_mut(frame.node) {
            raw.end = end;
        }
        self.cursor = self.cursor.max(span.end);
        self.done(frame.node, end)
    }

    fn alias(&mut self, id: usize, span: &Range<usize>) -> Result<(), Stop> {
        if self.item.is_some() {
            return Err(Stop::Joined);
        }
        let target = self.anchors.get(id).copied().unwrap_or(NodeId::NONE);
        if target == NodeId::NONE {
            return self.broken(span.start, ProblemKind::UnknownAlias);
        }
        if self.frames.iter().any(|frame| frame.node == target) {
            return self.broken(span.start, ProblemKind::AliasInItself);
        }
        let is_collection = |raw: &RawNode| matches!(raw.kind, RawKind::Map | RawKind::Seq);
        if self.role() == Role::Key && self.tree.raw(target).is_some_and(is_collection) {
            return self.broken(span.start, ProblemKind::ComplexKey);
        }
        let Some(copy) = self.tree.extract(target, *self.budget) else {
            return self.broken(span.start, ProblemKind::TooManyAliases);
        };
        *self.budget -= copy.nodes.len();
        let node = self.tree.append(copy);
        self.link(node);
        self.cursor = self.cursor.max(span.end);
        self.done(node, self.place(Some(span.end)))
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Range<usize>,
    ) -> Result<(), Stop> {
        let token = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_token(value, span),
            _ => span.clone(),
        };
        let text = self.text.get(token.clone()).unwrap_or("");
        // The parser gives a missing value the text `~`.
        let value = if token.is_empty() { "" } else { value };
        let Ok((kind, value)) = meaning(value, style, tag) else {
            return self.broken(span.start, ProblemKind::WrongTag);
        };
        let role = self.role();
        if kind == RawKind::Plain {
            self.check_plain(&value, role, span.start)?;
        }
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        if !quoted && !value.is_ascii() && value.contains(ODD_LINE_BREAKS) {
            return self.broken(span.start, ProblemKind::OddLineBreak);
        }
        let merges =
            role == Role::Key && style == ScalarStyle::Plain && tag.is_none() && value == "<<";
        self.cursor = self.cursor.max(span.end);
        if merges {
            if let Some(frame) = self.frames.last_mut() {
                frame.role = Role::Merged;
            }
            return self.anchor(anchor, NodeId::NONE);
        }
        let own = match style {
            ScalarStyle::Plain => *text == *value,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let inner = text.len().checked_sub(1).and_then(|end| text.get(1..end));
                kind == RawKind::Text && inner == Some(&*value)
            }
            _ => false,
        };
        let decoded = if own { 0 } else { self.tree.decode(&value) };
        let node = self.add(kind, &token, decoded);
        self.anchor(anchor, node)?;
        self.done(node, self.place(Some(token.end)))
    }

    fn check_plain(&self, value: &str, role: Role, at: usize) -> Result<(), Stop> {
        if role == Role::Key && scalar::resolve(value) == Scalar::Null {
            return self.broken(at, ProblemKind::NullKey);
        }
        let first = value.trim_start_matches(['+', '-']).as_bytes().first();
        if first == Some(&b'.') && scalar::is_not_json(value) {
            return self.broken(at, ProblemKind::NotJson);
        }
        Ok(())
    }

    /// A block scalar from its header to its last line that is not blank; the parser's span starts after the
    /// first line's indentation.
    fn block_token(&self, value: &str, span: &Range<usize>) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let start = self.block_header(span.start);
        let rest = bytes.get(start..).unwrap_or(&[]);
        let header = rest
            .iter()
            .position(|byte| !matches!(byte, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9'));
        let header_end = start + header.unwrap_or(rest.len());
        let content = self.text.get(start..span.end.max(start)).unwrap_or("");
        let trimmed = start + content.trim_ascii_end().len();
        let blank = value.bytes().all(|byte| byte == b'\n');
        start..if blank {
            header_end
        } else {
            trimmed.max(header_end)
        }
    }

    /// Between the token before and a block scalar's header stand only indicators, properties and comments.
    fn block_header(&self, content: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.cursor;
        while at < content {
            let rest = bytes.get(at..).unwrap_or(&[]);
            at += match rest.first() {
                None | Some(b'|' | b'>') => return at,
                Some(b'#') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                Some(b'!' | b'&') => {
                    let end = rest.iter().position(u8::is_ascii_whitespace);
                    end.unwrap_or(rest.len())
                }
                Some(_) => 1,
            }
        }
        content
    }

    /// Remembers what an anchor names.
    fn anchor(&mut self, id: usize, node: NodeId) -> Result<(), Stop> {
        if id == 0 {
            return Ok(());
        }
        if self.item.is_some() {
            return Err(Stop::Joined);
        }
        if self.anchors.len() <= id {
            self.anchors.resize(id + 1, NodeId::NONE);
        }
        if let Some(anchor) = self.anchors.get_mut(id) {
            *anchor = node;
        }
        Ok(())
    }

    fn add(&mut self, kind: RawKind, span: &Range<usize>, decoded: u32) -> NodeId {
        let (start, end) = (self.place(Some(span.start)), self.place(Some(span.end)));
        let node = self.tree.add(RawNode {
            start,
            end,
            first_child: NodeId::NONE,
            next: NodeId::NONE,
            decoded,
            kind,
        });
        self.link(node);
        node
    }

    /// Makes a node the child of the open collection, unless it is to be merged or an item.
    fn link(&mut self, node: NodeId) {
        if let Some(frame) = self.frames.last_mut()
            && matches!(frame.role, Role::Element | Role::Key | Role::Value)
        {
            self.tree.link(frame.node, frame.last, node);
            frame.last = node;
        }
    }

    /// A child of the open collection is complete.
    fn done(&mut self, node: NodeId, end: u32) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        frame.end = frame.end.max(end);
        match frame.role {
            Role::Element => {}
            Role::Key => frame.role = Role::Value,
            Role::Value => frame.role = Role::Key,
            Role::Merged => {
                frame.role = Role::Key;
                self.merge(node)?;
            }
            Role::Item => {
                if let Some(item) = &mut self.item {
                    item(&self.tree);
                }
                self.tree.nodes.clear();
                self.tree.decoded.clear();
            }
        }
        Ok(())
    }

    /// Puts the entries of what `<<` names where it stands: later ones win, as in kubectl's reader. In a sequence
    /// of mappings the earlier ones win.
    fn merge(&mut self, node: NodeId) -> Result<(), Stop> {
        let at = self.tree.raw(node).map_or(0, |raw| raw.start);
        let failed = Err(Stop::Broken(Broken {
            at,
            kind: ProblemKind::MergeOfNoMapping,
        }));
        let kind = |tree: &Tree, id| tree.raw(id).map(|raw| raw.kind);
        let mut maps = match kind(&self.tree, node) {
            Some(RawKind::Map) => vec![node],
            Some(RawKind::Seq) => self.children(node),
            _ => return failed,
        };
        if !maps
            .iter()
            .all(|map| kind(&self.tree, *map) == Some(RawKind::Map))
        {
            return failed;
        }
        maps.reverse();
        for map in maps {
            for child in self.children(map) {
                let Some(copy) = self.tree.extract(child, *self.budget) else {
                    return Err(Stop::Broken(Broken {
                        at,
                        kind: ProblemKind::TooManyAliases,
                    }));
                };
                *self.budget -= copy.nodes.len();
                let copy = self.tree.append(copy);
                self.link(copy);
            }
        }
        Ok(())
    }

    fn children(&self, node: NodeId) -> Vec<NodeId> {
        let next = |id: NodeId| (id != NodeId::NONE).then_some(id);
        let first = self.tree.raw(node).and_then(|raw| next(raw.first_child));
        std::iter::successors(first, |id| {
            self.tree.raw(*id).and_then(|raw| next(raw.next))
        })
        .collect()
    }
}

/// What a scalar's style and tag make of its text.
fn meaning<'v>(
    value: &'v str,
    style: ScalarStyle,
    tag: Option<&Tag>,
) -> Result<(RawKind, Cow<'v, str>), WrongTag> {
    let Some(tag) = tag else {
        let kind = if style == ScalarStyle::Plain {
            RawKind::Plain
        } else {
            RawKind::Text
        };
        return Ok((kind, Cow::Borrowed(value)));
    };
    let Some(name) = tag.suffix_in_namespace("tag:yaml.org,2002:") else {
        return Ok((RawKind::Text, Cow::Borrowed(value)));
    };
    let fits = |fits: bool| {
        if fits {
            Ok((RawKind::Plain, Cow::Borrowed(value)))
        } else {
            Err(WrongTag)
        }
    };
    let resolved = scalar::resolve(value);
    match &*name {
        "binary" => Ok((
            RawKind::Text,
            Cow::Owned(super::base64::decode(value).ok_or(WrongTag)?),
        )),
        "int" => fits(matches!(resolved, Scalar::Int(_))),
        "float" => fits(matches!(resolved, Scalar::Int(_) | Scalar::Float(_))),
        "bool" => fits(matches!(resolved, Scalar::Bool(_))),
        "null" => fits(resolved == Scalar::Null),
        _ => Ok((RawKind::Text, Cow::Borrowed(value))),
    }
}

/// The value does not fit its tag.
struct WrongTag;

/// Next line, line separator, paragraph separator: line breaks in YAML 1.1 but not in 1.2.
const ODD_LINE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// The parser's reason in our terms; none of its words show the document.
fn kind_of(error: &ScanError) -> ProblemKind {
    match error.kind() {
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
        ErrorKind::UnexpectedCharacter { .. } => {
            ProblemKind::Syntax("a value cannot start with this character; quote it")
        }
        ErrorKind::MappingValueNotAllowed => ProblemKind::Syntax(
            "a mapping is not allowed here: check the indentation, or quote the value",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ProblemKind::Syntax("a key without `:`: check the indentation")
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry => {
            ProblemKind::Syntax("the indentation does not fit")
        }
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => {
            ProblemKind::Syntax("an unknown escape in a double-quoted string")
        }
        ErrorKind::BomInsideDocument => ProblemKind::Syntax(
            "a byte-order mark inside the text; kubectl would take it for part of the value",
        ),
        _ => ProblemKind::Syntax("this is not well-formed YAML"),
    }
}
