//! What must hold for whatever bytes are loaded. The fuzz targets and `tests/yaml_fuzz.rs` run the same bodies.

use pgo_preflight::manifest::{Loaded, Node, load};
use pgo_preflight::source::{OriginId, SourceId, Span};

/// Loading gives an answer whose every part holds together.
pub(crate) fn load_any(data: &[u8]) {
    let loaded = read(data);
    let text = &loaded.source.text;
    let mark = "\u{feff}".len();
    assert!(
        text.len() == data.len() || text.len() + mark == data.len(),
        "the length changed"
    );
    let newlines = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').count();
    assert_eq!(
        newlines(text.as_bytes()),
        newlines(data),
        "the number of lines changed"
    );
    assert!(loaded.objects.len() <= loaded.counted);
    for problem in &loaded.problems {
        lies_in(&loaded, problem.span);
        assert!(!problem.kind.to_string().is_empty());
    }
    for list in &loaded.lists {
        lies_in(&loaded, list.span);
    }
    for twice in &loaded.duplicates {
        lies_in(&loaded, twice.again);
        lies_in(&loaded, twice.earlier);
        assert!(twice.earlier < twice.again);
    }
    for object in &loaded.objects {
        holds_together(&loaded, object.root());
    }
}

/// A Secret's value does not survive, whatever else the Secret says.
pub(crate) fn hide_any(data: &[u8]) {
    const MARK: &str = "S3cr3tM4rk";
    let said = String::from_utf8_lossy(data);
    // What ends the document or a comment could make the value part of something else.
    if ["---", "...", "\u{feff}", MARK]
        .iter()
        .any(|end| said.contains(end))
    {
        return;
    }
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{said}\nstringData:\n  p: {MARK}\n"
    );
    let loaded = read(text.as_bytes());
    assert!(
        !loaded.source.text.contains(MARK),
        "survives in the text:\n{}",
        loaded.source.text
    );
    assert!(
        !format!("{loaded:?}").contains(MARK),
        "survives in a tree:\n{loaded:?}"
    );
}

fn read(data: &[u8]) -> Loaded {
    load(SourceId(7), OriginId(0), "any".to_owned(), data.to_vec())
}

fn lies_in(loaded: &Loaded, span: Span) {
    assert_eq!(span.source, SourceId(7));
    let range = span.start as usize..span.end as usize;
    assert!(
        loaded.source.text.get(range).is_some(),
        "{span:?} is not in the text"
    );
}

/// Every node can be asked everything.
fn holds_together(loaded: &Loaded, root: Node<'_>) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        lies_in(loaded, node.span());
        let collection = node.is_map() || node.is_seq();
        assert_eq!(node.scalar().is_none(), collection);
        assert!(!collection || node.text().is_empty());
        for (key, value) in node.entries() {
            assert!(node.get(&key.key()).is_some());
            open.extend([key, value]);
        }
        open.extend(node.items());
    }
}
