//! A text that is no manifest, such as the program's own settings, to one tree, or to the place where it breaks.

use std::sync::Arc;

use super::Tree;
use super::problem::{Problem, ProblemKind, problem_at};
use super::reader::grow::Stop;
use super::reader::yaml;
use crate::source::Source;

/// How many nodes aliases may stand for.
const ALIAS_BUDGET: usize = 10_000;

/// Reads a text as one YAML document; nothing where it is empty.
pub fn settings(source: &Arc<Source>) -> Result<Option<Tree>, Problem> {
    let end = u32::try_from(source.text.len())
        .map_err(|_| problem_at(source, 0, ProblemKind::TooLarge))?;
    let mut budget = ALIAS_BUDGET;
    match yaml::read(source, 0..end, &mut budget, None) {
        Ok(reading) => match reading.after_end {
            Some(at) => Err(problem_at(source, at, ProblemKind::SecondRoot)),
            None => Ok(reading.tree),
        },
        Err(Stop::Broken(broken)) => Err(problem_at(source, broken.at, broken.kind)),
        Err(Stop::Joined) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{OriginId, SourceId};

    fn read(text: &str) -> Result<Option<Tree>, ProblemKind> {
        let source = Source::new(SourceId(0), OriginId(0), String::new(), text.to_owned());
        settings(&Arc::new(source)).map_err(|problem| problem.kind)
    }

    #[test]
    fn one_document_is_read_and_a_second_is_told() {
        assert!(read("").unwrap().is_none());
        assert_eq!(
            read("a: b")
                .unwrap()
                .unwrap()
                .root()
                .at(&["a"])
                .unwrap()
                .text(),
            "b"
        );
        assert_eq!(
            read("a: b\n---\nc: d\n").unwrap_err(),
            ProblemKind::SecondRoot
        );
        assert_eq!(read("a: [").unwrap_err(), ProblemKind::Truncated);
    }
}
