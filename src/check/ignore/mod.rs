//! What the input itself says to ignore, in comments and annotations, and which findings that covers.
//!
//! Finding something to ignore never removes a finding: it is marked. It must not know what a verdict makes of that.

mod annotation;
mod comment;
mod head;
mod review;
mod wish;

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem;

use super::report::finding::{Finding, FindingSubject, Suppression};
use crate::manifest::Loaded;
use crate::source::Source;

pub(super) use review::findings;
use wish::{Ignore, Reach};

/// Everything that the texts of a run say to ignore.
#[derive(Debug, Default)]
pub struct Ignores {
    /// In the order of the texts.
    all: Vec<Ignore>,
    /// For what is covered, the first ignore that covers it.
    covers: BTreeMap<Cover, usize>,
}

type Cover = (Arc<FindingSubject>, Reach, Box<str>);

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
