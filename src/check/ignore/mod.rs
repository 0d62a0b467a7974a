//! What the input itself says to ignore, in comments and annotations, and which findings that covers.
//!
//! Finding something to ignore never removes a finding: it is marked. It must not know what a verdict makes of that.

mod annotation;
mod comment;
mod head;
mod review;

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem;

use super::report::{Finding, FindingSubject, SuppressedBy, Suppression};
use crate::manifest::{Loaded, Object};
use crate::source::{Source, SourceId, Span};

pub(super) use review::findings;

/// How many ignores of one text are read.
const MOST: usize = 100_000;
/// How many rules one ignore may name.
const MOST_RULES: usize = 50;
/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// Everything that the texts of a run say to ignore.
#[derive(Debug, Default)]
pub struct Ignores {
    /// In the order of the texts.
    all: Vec<Ignore>,
    /// For what is covered, the first ignore that covers it.
    covers: BTreeMap<Cover, usize>,
}

/// One comment or annotation.
#[derive(Debug)]
struct Ignore {
    by: SuppressedBy,
    /// The comment, or the annotation's value.
    span: Span,
    /// The object in whose document it stands.
    subject: Arc<FindingSubject>,
    reach: Reach,
    /// The rules it names, each with its place; empty where it could not be understood.
    rules: Vec<(Box<str>, Span)>,
    reason: Arc<str>,
    /// `uri:line`.
    place: Arc<str>,
}

/// Which findings about the object an ignore covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// All.
    Document,
    /// Those whose primary label starts on this line.
    Line(SourceId, u32),
    /// None: it stands where it can mean nothing.
    Nothing,
}

type Cover = (Arc<FindingSubject>, Reach, Box<str>);

/// What a comment or an annotation asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wish<'t> {
    /// Byte offset of each rule's name in what was read, and the name.
    rules: Vec<(usize, &'t str)>,
    reason: &'t str,
}

impl Ignores {
    /// Reads what the texts of one origin say. Cheap where no text speaks of it.
    pub(super) fn read(&mut self, origin: &str, loaded: &[Loaded]) {
        let ours = memmem::Finder::new("pgo-preflight");
        for text in loaded {
            let bytes = text.source.text.as_bytes();
            if ours.find(bytes).is_none() {
                continue;
            }
            if memmem::find(bytes, comment::MARK.as_bytes()).is_some() {
                self.all.extend(comment::ignores(origin, text));
            }
            if memmem::find(bytes, annotation::KEY.as_bytes()).is_some() {
                self.all.extend(annotation::ignores(origin, text));
            }
        }
    }

    /// Makes ready for [`Ignores::mark`], after everything was read.
    pub(super) fn settle(&mut self) {
        for (index, ignore) in self.all.iter().enumerate() {
            if ignore.reach == Reach::Nothing {
                continue;
            }
            for (rule, _) in &ignore.rules {
                let cover = (ignore.subject.clone(), ignore.reach, rule.clone());
                self.covers.entry(cover).or_insert(index);
            }
        }
    }

    /// Marks a finding that is covered.
    pub(super) fn mark(&self, finding: &mut Finding, sources: &[Arc<Source>]) {
        let covers = self.covering(finding, sources);
        let first = covers.iter().filter_map(|cover| self.covers.get(cover));
        let ignore = first.min().and_then(|index| self.all.get(*index));
        if let Some(ignore) = ignore {
            finding.suppressed = Some(Arc::new(Suppression {
                by: ignore.by.clone(),
                span: Some(ignore.span),
                place: Arc::clone(&ignore.place),
                reason: Arc::clone(&ignore.reason),
            }));
        }
    }

    /// What would cover a finding; nothing where nothing is ignored at all.
    fn covering(&self, finding: &Finding, sources: &[Arc<Source>]) -> Vec<Cover> {
        if self.covers.is_empty() {
            return Vec::new();
        }
        let cover = |reach| (finding.subject.clone(), reach, Box::from(&*finding.rule));
        let mut covers = vec![cover(Reach::Document)];
        if let Some(label) = finding.labels.iter().find(|label| label.primary) {
            let source = label.span.source;
            let text = sources.get(source.0 as usize);
            let line = text.map(|text| text.position(label.span.start).line);
            covers.extend(line.map(|line| cover(Reach::Line(source, line))));
        }
        covers
    }
}

/// The subject that findings about an object have.
fn subject_of(origin: &str, object: &Object) -> Arc<FindingSubject> {
    Arc::new(FindingSubject {
        origin: origin.to_owned(),
        kind: object.kind.info().name.to_owned(),
        namespace: object.namespace.as_deref().unwrap_or("").to_owned(),
        name: object.name.to_string(),
    })
}

/// `uri:line` of a place.
fn place_of(source: &Source, span: Span) -> Arc<str> {
    let line = source.position(span.start).line;
    Arc::from(format!("{}:{line}", source.uri))
}

/// A reason as it is kept.
fn kept(reason: &str) -> Arc<str> {
    let cut = reason.char_indices().nth(LONGEST_REASON);
    Arc::from(cut.map_or(reason, |(end, _)| reason.get(..end).unwrap_or("")))
}

/// Rules with commas between them, with their offsets; `None` where there are none, or far too many.
fn names(list: &str, offset: usize) -> Option<Vec<(usize, &str)>> {
    let mut at = offset;
    let mut rules = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let before = part.len() - part.trim_start().len();
        if name.is_empty() || rules.len() == MOST_RULES {
            return None;
        }
        rules.push((at + before, name));
        at += part.len() + 1;
    }
    Some(rules)
}
