//! Manifests to the JSON a server would hold, read as the program itself reads them.

use std::path::Path;

use pgo_preflight::manifest::{Node, Scalar, gather, gather_texts};
use pgo_preflight::source::{Inputs, Limits, OriginId, SourceId};
use serde_json::{Value, json};

/// Every object of the kinds we read in a file or folder.
pub fn objects_in(path: &Path) -> Vec<Value> {
    let inputs = Inputs::find([path], Limits::default()).unwrap();
    let gathered = gather(inputs, OriginId(0), SourceId(0));
    let loaded = gathered.loaded.iter().flat_map(|text| &text.objects);
    loaded.map(|object| meaning(object.root())).collect()
}

/// Every object in a text.
pub fn manifests(text: &str) -> Vec<Value> {
    let gathered = gather_texts(vec![("x.yaml".to_owned(), text.as_bytes().to_vec())]);
    let loaded = gathered.loaded.iter().flat_map(|text| &text.objects);
    loaded.map(|object| meaning(object.root())).collect()
}

fn meaning(node: Node<'_>) -> Value {
    if node.is_map() {
        let entries = node.entries();
        return entries
            .map(|(key, value)| (key.text().to_owned(), meaning(value)))
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    if node.is_seq() {
        return node.items().map(meaning).collect::<Vec<_>>().into();
    }
    match node.scalar() {
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => json!(value),
        Some(Scalar::Str(text)) => text.into(),
        Some(Scalar::Null) | None => Value::Null,
    }
}
