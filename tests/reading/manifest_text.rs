//! Objects written as text mean the same when read back.

use pgo_preflight::manifest::{Node, Scalar, embedded};
use pgo_preflight::source::manifest_text;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a node means, as JSON.
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

fn comes_back(object: &Value) {
    let text = manifest_text(object);
    let tree = embedded(&text).unwrap_or_else(|| panic!("cannot be read:\n{text}"));
    assert_eq!(&meaning(tree.root()), object, "{text}");
}

/// Strings that readers like to take for something else.
fn odd_string() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "yes",
            "on",
            "n",
            "010",
            "0o7",
            "1e3",
            "1_000",
            "0x1f",
            "-1",
            "+1",
            ".5",
            ".inf",
            "~",
            "null",
            "=",
            "<<",
            "",
            " ",
            "\n",
            "a\nb",
            "a\n\nb\n",
            "a\n\n",
            "\na",
            " a\nb",
            "a\n b\n",
            "a\n \nb",
            "a\n\tb",
            "a: b",
            "a:",
            ":",
            "- a",
            "-",
            "? a",
            "# a",
            "a #b",
            "'",
            "\"",
            "|",
            ">",
            "%",
            "@",
            "`",
            "{}",
            "[]",
            "!x",
            "&a",
            "*a",
            "---",
            "...",
            "2026-11-22T07:30:54Z",
            "12:30:00",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{7f}",
            "\u{0}",
            "\u{1f600}",
            "a\r\nb",
            "a\t",
            "\ta",
            "a  b",
            "true\n",
            "key: |\n  x\n",
        ])
        .prop_map(str::to_owned),
        "[ -~\n]{0,12}",
        "[a-zA-Z0-9 :._/#-]{0,10}",
        any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1000_i32..1000).prop_map(|number| json!(f64::from(number) + 0.5)),
        odd_string().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((odd_string(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn every_object_comes_back(value in value()) {
        comes_back(&json!({ "value": value }));
    }
}

#[test]
fn strings_that_look_like_something_else_stay_strings() {
    for text in ["yes", "010", "1e3", "a\n\n", "\u{feff}", "<<", "\u{0}"] {
        comes_back(&json!({"a": text, text: [text]}));
    }
}
