//! YAML or JSON inside a value: an entry of a ConfigMap, an annotation.

use std::sync::Arc;

use super::Tree;
use crate::source::{OriginId, Source, SourceId};

/// How many nodes aliases may stand for in one value.
const ALIAS_BUDGET: usize = 1000;

/// Reads a value's text as a document of its own; `None` where it is empty or cannot be read.
///
/// Spans in the tree lie in the value, not in the input: as evidence take the span of the value itself.
pub fn embedded(text: &str) -> Option<Tree> {
    let end = u32::try_from(text.len()).ok()?;
    let source = Source::new(
        SourceId(u32::MAX),
        OriginId(u32::MAX),
        String::new(),
        text.to_owned(),
    );
    let mut budget = ALIAS_BUDGET;
    super::reader::reading::read_tree(&Arc::new(source), 0..end, &mut budget).ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_json_in_a_value_are_read() {
        let tree = embedded("Cluster:\n  Port:  5432\n  Database:  \"\"\n").unwrap();
        assert_eq!(tree.root().at(&["Cluster", "Port"]).unwrap().text(), "5432");
        let tree = embedded(r#"{"postgresql":{"parameters":{"work_mem":"4MB"}}}"#).unwrap();
        let parameters = tree.root().at(&["postgresql", "parameters"]).unwrap();
        assert_eq!(parameters.get("work_mem").unwrap().text(), "4MB");
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        assert!(embedded("").is_none());
        assert!(embedded("{unclosed: [").is_none());
    }
}
