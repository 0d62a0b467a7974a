//! Properties of the reader over generated manifests: values and spans are right whatever the layout.

use std::fmt::Write as _;

use pgo_preflight::manifest::{Loaded, Node, Scalar, load};
use pgo_preflight::source::{OriginId, SourceId};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn read(text: &str) -> Loaded {
    load(
        SourceId(0),
        OriginId(0),
        "in.yaml".to_owned(),
        text.as_bytes().to_vec(),
    )
}

fn json_of(node: Node<'_>) -> Value {
    if node.is_map() {
        let entries = node
            .entries()
            .map(|(key, value)| (key.key().into_owned(), json_of(value)));
        return Value::Object(entries.collect());
    }
    match node.scalar() {
        None => Value::Array(node.items().map(json_of).collect()),
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => value.into(),
        Some(Scalar::Str(value)) => value.into(),
    }
}

/// A value as it may stand in a manifest.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        4 => string().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (-1e6..1e6f64).prop_map(|value| json!(value.floor() + 0.25)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z][a-z0-9.-]{0,12}",
        1 => prop::sample::select(vec![
            "", "yes", "n", "010", "0x1F", "1e3", "~", "null", ".5", "2024-01-01", "true", "<<", "- a", "a: b", "a #b", "#a", "*a", "&a",
            "!a", "%a", "@a", "`a", "'", "\"", "|", "> ", "a\n", "a\nb", "\na", " a", "a ", "a\n\n b\n", "1_0", "10Gi", "x\ty", "{", "}]",
        ])
        .prop_map(str::to_owned),
        1 => "[ -~äß漢\u{2003}😀\n]{0,30}",
    ]
    // Else the reader would rightly overwrite a part of it.
    .prop_filter("no `user:password@host`", |text| !(text.contains(':') && text.contains('@')))
}

/// What names of settings, variables and lists with credentials have in them.
const SECRET: [&str; 11] = [
    "auth", "cookie", "cred", "env", "key", "opts", "pass", "pw", "secret", "sig", "token",
];

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => "[a-z]{1,8}",
        1 => prop::sample::select(vec!["yes", "n", "1", "1.5", "0x10", "a b", "a/b.c", "~x", "é", "\"q\""]).prop_map(str::to_owned),
    ]
    // Else the reader would rightly overwrite the value.
    .prop_filter("no word that may mean a secret", |key| !SECRET.iter().any(|word| key.contains(word)))
}

/// How a text is laid out: each choice takes the next number.
struct Layout {
    choices: Vec<u8>,
    next: usize,
}

impl Layout {
    fn choose(&mut self, of: u8) -> u8 {
        self.next += 1;
        self.choices
            .get(self.next % self.choices.len())
            .map_or(0, |choice| choice % of)
    }

    /// A block value at this indentation, from after its key's colon or its dash.
    fn block(&mut self, value: &Value, indent: usize, out: &mut String) {
        match value {
            Value::Object(map) if !map.is_empty() && self.choose(5) > 0 => {
                for (key, value) in map {
                    self.line(indent, out);
                    self.scalar_key(key, out);
                    out.push(':');
                    self.block(value, indent + 2, out);
                }
            }
            Value::Array(items) if !items.is_empty() && self.choose(5) > 0 => {
                for item in items {
                    self.line(indent, out);
                    out.push('-');
                    self.block(item, indent + 2, out);
                }
            }
            Value::String(text) if self.choose(2) == 0 && is_literal(text) => {
                literal(text, indent, out);
            }
            _ => {
                out.push(' ');
                self.flow(value, out);
                if self.choose(6) == 0 {
                    out.push_str("  # a comment: [");
                }
            }
        }
    }

    fn line(&mut self, indent: usize, out: &mut String) {
        if self.choose(9) == 0 {
            // An empty line would belong to a scalar that keeps its line ends.
            let empty = if out.ends_with('\n') { "" } else { "\n" };
            write!(out, "{empty}\n# \"a comment").unwrap();
        }
        write!(out, "\n{:indent$}", "").unwrap();
    }

    fn flow(&mut self, value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                out.push('{');
                for (at, (key, value)) in map.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    self.scalar_key(key, out);
                    out.push_str(": ");
                    self.flow(value, out);
                }
                out.push('}');
            }
            Value::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    self.flow(item, out);
                }
                out.push(']');
            }
            Value::String(text) => self.scalar_key(text, out),
            other => out.push_str(&other.to_string()),
        }
    }

    fn scalar_key(&mut self, text: &str, out: &mut String) {
        match self.choose(3) {
            0 if is_plain(text) => out.push_str(text),
            1 if !text.contains('\n') => write!(out, "'{}'", text.replace('\'', "''")).unwrap(),
            _ => out.push_str(&serde_json::to_string(text).unwrap()),
        }
    }
}

/// Whether every reader takes this for a string without quotes.
fn is_plain(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c == '-' || c == '.' || c.is_ascii_digit();
    let means_more = ["yes", "no", "on", "off", "y", "n", "true", "false", "null"];
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(is_word)
        && !means_more.contains(&text)
}

fn is_literal(text: &str) -> bool {
    let printable = |c: char| {
        c == '\n' || !c.is_control() && c != '\u{85}' && c != '\u{2028}' && c != '\u{2029}'
    };
    let first = text.trim_start_matches('\n');
    !first.is_empty() && !first.starts_with(' ') && text.chars().all(printable)
        // Readers differ in what they make of lines that hold only spaces.
        && text.lines().all(|line| line.is_empty() || !line.trim().is_empty())
}

fn literal(text: &str, indent: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => " |-",
        1 => " |",
        _ => " |+",
    });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            write!(out, "{:width$}{line}", "", width = indent.max(1)).unwrap();
        }
    }
    out.push_str(text.get(body.len()..).unwrap().get(1..).unwrap_or(""));
}

/// A `ConfigMap` with these entries in `spec`, laid out in some way.
fn manifest(spec: &Value, choices: Vec<u8>) -> String {
    let mut text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nspec:".to_owned();
    Layout { choices, next: 0 }.block(spec, 2, &mut text);
    text.push('\n');
    text
}

fn spec_of(loaded: &Loaded) -> Node<'_> {
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    loaded.objects[0].at(&["spec"]).unwrap()
}

/// Every span lies in its parent's, after its elder sibling's, and covers the token it says it covers.
fn check_spans(loaded: &Loaded) {
    let text = &loaded.source.text;
    let mut open = vec![loaded.objects[0].root()];
    while let Some(node) = open.pop() {
        let within = node.span();
        let mut from = within.start;
        let children: Vec<_> = node
            .items()
            .chain(node.entries().flat_map(|(key, value)| [key, value]))
            .collect();
        for child in &children {
            let span = child.span();
            assert!(
                from <= span.start && span.start <= span.end && span.end <= within.end,
                "{span:?} in {within:?}: {text}"
            );
            from = span.end;
        }
        let token = loaded.source.slice(within);
        let is_block = matches!(token.bytes().next(), Some(b'|')) || !children.is_empty();
        let trimmed = token.trim_matches(['\n', '\r']);
        let trimmed = if is_block {
            trimmed
        } else {
            trimmed.trim_ascii()
        };
        assert_eq!(
            trimmed, token,
            "a span starts and ends with what is written"
        );
        if children.is_empty() {
            check_token(node, token);
        } else {
            let last = text[from as usize..within.end as usize].trim();
            assert!(
                matches!(last, "" | "]" | "}"),
                "{last:?} after the last child: {text}"
            );
        }
        open.extend(children);
    }
}

/// The token of a scalar, read alone, is the scalar.
fn check_token(node: Node<'_>, token: &str) {
    let Some(scalar) = node.scalar() else {
        assert!(
            matches!(token.bytes().next(), Some(b'[' | b'{')),
            "an empty collection: {token}"
        );
        return;
    };
    let alone = match token.as_bytes().first() {
        // Without its parent's indentation; a final line break belongs to the value, not to the token.
        Some(b'|') => {
            let ends = "\n".repeat(node.text().len() - node.text().trim_end_matches('\n').len());
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nspec: {token}{ends}")
        }
        _ => format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, spec: {token}}}"),
    };
    let loaded = read(&alone);
    assert_eq!(spec_of(&loaded).scalar(), Some(scalar), "{token:?}");
}

fn choices() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..60)
}

fn spec() -> impl Strategy<Value = Value> {
    prop::collection::vec((key(), value()), 1..6)
        .prop_map(|entries| Value::Object(entries.into_iter().collect()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_what_was_written(spec in spec(), choices in choices()) {
        let text = manifest(&spec, choices);
        prop_assert_eq!(json_of(spec_of(&read(&text))), spec, "{}", text);
    }

    #[test]
    fn values_are_those_of_a_reference_reader(spec in spec(), choices in choices()) {
        let text = manifest(&spec, choices);
        let reference: Value = yaml_serde::from_str(&text).unwrap();
        prop_assert_eq!(json_of(spec_of(&read(&text))), reference["spec"].clone(), "{}", text);
    }

    #[test]
    fn spans_cover_what_is_written(spec in spec(), choices in choices()) {
        let text = manifest(&spec, choices);
        check_spans(&read(&text));
    }

    #[test]
    fn json_means_the_same(spec in spec(), pretty: bool) {
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "spec": spec});
        let text = if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) }.unwrap();
        let loaded = read(&text);
        prop_assert_eq!(json_of(loaded.objects[0].root()), object, "{}", text);
        check_spans(&loaded);
    }

    #[test]
    fn line_ends_do_not_matter(spec in spec(), choices in choices()) {
        let text = manifest(&spec, choices).replace('\n', "\r\n");
        prop_assert_eq!(json_of(spec_of(&read(&text))), spec, "{}", text);
    }

    #[test]
    fn of_repeated_keys_the_last_counts_and_each_is_told(spec in spec(), choices in choices(), extra in value()) {
        let Value::Object(entries) = &spec else { unreachable!() };
        let earlier: Map<String, Value> = entries.keys().map(|key| (key.clone(), extra.clone())).collect();
        let mut text = manifest(&Value::Object(earlier), vec![1]);
        let again = manifest(&spec, choices);
        text.push_str(again.split_once("spec:").unwrap().1.trim_start_matches('\n'));
        // Only where both were laid out as block mappings.
        prop_assume!(again.contains("spec:\n"));
        let loaded = read(&text);
        prop_assert_eq!(&json_of(spec_of(&loaded)), &spec, "{}", text);
        let spec = spec_of(&loaded);
        let told = loaded.duplicates.iter().filter(|twice| spec.entries().any(|(key, _)| key.span() == twice.again));
        prop_assert_eq!(told.count(), entries.len());
    }

    #[test]
    fn the_order_of_keys_does_not_matter(spec in spec(), left in choices(), right in choices()) {
        let Value::Object(entries) = &spec else { unreachable!() };
        let reversed = Value::Object(entries.clone().into_iter().rev().collect());
        let (left, right) = (read(&manifest(&spec, left)), read(&manifest(&reversed, right)));
        prop_assert!(spec_of(&left).same_value(spec_of(&right)));
    }
}
