//! A text to what its documents hold: which of them there are, who reads each, and what becomes of those that
//! nobody can read.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{split, template};
use crate::manifest::contents::Contents;
use crate::manifest::problem::{Broken, MAX_PROBLEMS, ProblemKind, problem_at};
use crate::manifest::reader::fast::subset::Outside;
use crate::source::Source;

/// How many documents are read before what they hold is put together.
const AT_ONCE: usize = 4096;

/// How many nodes aliases may stand for in one input, besides a quarter of its bytes.
const ALIAS_BUDGET: usize = 4000;

/// Who reads documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::manifest) enum Readers {
    /// The fast reader what it can, the general one the rest.
    Both,
    General,
}

/// The documents of a text being read.
pub(in crate::manifest) struct Stream<'s> {
    readers: Readers,
    source: &'s Arc<Source>,
    /// How many more nodes aliases may stand for.
    budget: usize,
    contents: Contents,
    fast: usize,
}

impl<'s> Stream<'s> {
    /// A text of which nothing was read yet.
    pub(in crate::manifest) fn over(source: &'s Arc<Source>, readers: Readers) -> Self {
        Stream {
            readers,
            source,
            budget: ALIAS_BUDGET + source.text.len() / 4,
            contents: Contents::default(),
            fast: 0,
        }
    }

    /// What is in it, and how many documents the fast reader read. Documents are read in parallel where they are
    /// written as kubectl writes; with the others, problems count, and so they take turns.
    pub(in crate::manifest) fn read(mut self) -> (Contents, usize) {
        let ranges: Vec<Range<usize>> = split::documents(&self.source.text).collect();
        for some in ranges.chunks(AT_ONCE) {
            let read: Vec<Result<Contents, Outside>> = some
                .par_iter()
                .map(|range| self.fast(&shifted_range(range, 0)))
                .collect();
            for (range, read) in some.iter().zip(read) {
                if self.contents.problems.len() > MAX_PROBLEMS {
                    let rest = shifted_range(&(range.start..self.source.text.len()), 0);
                    self.contents.secrets.push(rest);
                    return (self.contents, self.fast);
                }
                match read {
                    Ok(contents) => self.took(contents),
                    Err(Outside) => self.document(range),
                }
            }
        }
        (self.contents, self.fast)
    }

    fn fast(&self, range: &Range<u32>) -> Result<Contents, Outside> {
        match self.readers {
            Readers::Both => super::read_fast(self.source, range.clone()),
            Readers::General => Err(Outside),
        }
    }

    fn took(&mut self, contents: Contents) {
        self.fast += 1;
        self.contents.append(contents);
    }

    /// Reads a document that is not written as kubectl writes.
    fn document(&mut self, range: &Range<usize>) {
        let text = self.source.text.get(range.clone()).unwrap_or("");
        if split::is_only_directives(text) {
            let at = shifted(range.start, 0);
            let problem = problem_at(self.source, at, ProblemKind::Directive);
            self.contents.problems.push(problem);
        } else if let Err(broken) = self.general(shifted_range(range, 0)) {
            self.json_values(range, broken);
        }
    }

    /// Reads one document by the general reader and adds what is in it.
    fn general(&mut self, range: Range<u32>) -> Result<(), Broken> {
        let end = range.end;
        let mut other = super::read(self.source, range, &mut self.budget)?;
        if let Some(at) = other.after_end {
            let problem = problem_at(self.source, at, ProblemKind::AfterEnd);
            other.problems.push(problem);
            other.secrets.push(at..end);
        }
        self.contents.append(other);
        Ok(())
    }

    /// Reads JSON values that follow one another; there was a reason why they are not one document.
    fn json_values(&mut self, range: &Range<usize>, why: Broken) {
        let values = split::json_values(self.source.text.get(range.clone()).unwrap_or(""));
        if values.is_empty() {
            self.refuse(shifted_range(range, 0), why);
        }
        for value in values {
            let value = shifted_range(&value, range.start);
            if self.contents.problems.len() > MAX_PROBLEMS {
                let rest = value.start..shifted(range.end, 0);
                self.contents.secrets.push(rest);
                break;
            }
            match self.fast(&value) {
                Ok(contents) => self.took(contents),
                Err(Outside) => {
                    if let Err(broken) = self.general(value.clone()) {
                        self.refuse(value, broken);
                    }
                }
            }
        }
    }

    /// Reports a document that could not be read; nothing of it stays.
    fn refuse(&mut self, range: Range<u32>, broken: Broken) {
        let text = self
            .source
            .text
            .get(range.start as usize..range.end as usize);
        let at = broken.at.saturating_sub(range.start) as usize;
        let is_template = broken.kind.may_be_template() && template::breaks(text.unwrap_or(""), at);
        let kind = if is_template {
            ProblemKind::UnrenderedTemplate
        } else {
            broken.kind
        };
        let problem = problem_at(self.source, broken.at, kind);
        self.contents.problems.push(problem);
        self.contents.secrets.push(range);
    }
}

#[allow(clippy::cast_possible_truncation)] // texts are below 4 GiB
fn shifted(at: usize, by: usize) -> u32 {
    (at + by) as u32
}

fn shifted_range(range: &Range<usize>, by: usize) -> Range<u32> {
    shifted(range.start, by)..shifted(range.end, by)
}
