//! A Kubernetes object as JSON to YAML as `kubectl get -o yaml` prints it: sorted keys, two spaces, block text.
//!
//! Written by hand because every string must come back as the same string from a reader with kubectl's semantics,
//! where `yes`, `on`, `010` and `1e3` are none. It must not know what objects mean.

use serde_json::Value;

use crate::printable::is_hidden;

/// One object as a YAML document.
pub fn manifest_text(object: &Value) -> String {
    let mut text = String::new();
    match object {
        Value::Object(_) | Value::Array(_) if !is_empty(object) => collection(&mut text, object, 0),
        _ => inline(&mut text, object, 0),
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A mapping or list that has entries, its first line at the cursor, the others at `indent`.
fn collection(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            for (number, (key, value)) in entries.into_iter().enumerate() {
                if number > 0 {
                    spaces(text, indent);
                }
                scalar(text, key);
                text.push(':');
                entry(text, value, indent);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    spaces(text, indent);
                }
                text.push_str("- ");
                if is_collection(item) {
                    collection(text, item, indent + 2);
                } else {
                    inline(text, item, indent + 2);
                    text.push('\n');
                }
            }
        }
        _ => {}
    }
}

fn is_collection(value: &Value) -> bool {
    (value.is_object() || value.is_array()) && !is_empty(value)
}

/// What follows `key:`. Lists stand at the indentation of their key, as kubectl has them.
fn entry(text: &mut String, value: &Value, indent: usize) {
    if is_collection(value) {
        let inner = if value.is_array() { indent } else { indent + 2 };
        text.push('\n');
        spaces(text, inner);
        collection(text, value, inner);
    } else {
        text.push(' ');
        inline(text, value, indent + 2);
        text.push('\n');
    }
}

fn spaces(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n(' ', count));
}

/// A scalar or an empty collection, without the line's end.
fn inline(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) if is_block(string) => block(text, string, indent),
        Value::String(string) => scalar(text, string),
        Value::Object(_) => text.push_str("{}"),
        Value::Array(_) => text.push_str("[]"),
    }
}

/// Whether the text reads best, and safely, as a literal block: several lines, nothing invisible, no line that begins or
/// ends with white space at a place where YAML counts it.
fn is_block(string: &str) -> bool {
    let body = string.strip_suffix('\n').unwrap_or(string);
    let plain = |line: &str| !line.starts_with([' ', '\t']) || !line.trim().is_empty();
    body.contains('\n')
        && !body.starts_with(['\n', ' ', '\t'])
        && !body.ends_with('\n')
        && body
            .chars()
            .all(|c| c == '\n' || c == '\t' || is_visible(c))
        && body.split('\n').all(plain)
}

fn block(text: &mut String, string: &str, indent: usize) {
    text.push_str(if string.ends_with('\n') { "|" } else { "|-" });
    let body = string.strip_suffix('\n').unwrap_or(string);
    for line in body.split('\n') {
        text.push('\n');
        if !line.is_empty() {
            spaces(text, indent);
            text.push_str(line);
        }
    }
}

/// A string on one line: plain where nothing can take it for something else, else quoted.
fn scalar(text: &mut String, string: &str) {
    if is_plain(string) {
        text.push_str(string);
    } else {
        quoted(text, string);
    }
}

fn is_plain(string: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let first = string.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let mut before = ' ';
    let mut safe = |c: char| {
        let fits = match c {
            ' ' => before != ':' && before != ' ',
            _ => c.is_ascii_alphanumeric() || "_-./:=+,@()".contains(c),
        };
        before = c;
        fits
    };
    first
        && string.chars().all(&mut safe)
        && !string.ends_with([' ', ':'])
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(string))
}

fn quoted(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            c if is_visible(c) => text.push(c),
            c if u32::from(c) <= 0xff => text.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) <= 0xffff => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    text.push('"');
}

/// Characters that YAML takes as they are, that do not break lines, and that a reader sees.
fn is_visible(c: char) -> bool {
    !is_hidden(c)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_reads_like_kubectl() {
        let object = json!({
            "kind": "Pgcluster",
            "apiVersion": "crunchydata.com/v1",
            "metadata": {"name": "hippo", "labels": {}, "uid": "0-1", "creationTimestamp": "2026-11-22T07:30:54Z"},
            "spec": {
                "port": "5432", "replicas": 1, "shutdown": false, "syncReplication": null, "status": "on",
                "ccpimagetag": "ubi8-13.10-4.7.10", "image": "registry/a:b",
                "users": [{"name": "a", "of": ["x", "y"]}, [1, [2]], [], "two words"],
                "file": "a: b\n\n  c\n", "cut": "one\ntwo"
            },
        });
        let expected = "\
apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata:
  creationTimestamp: \"2026-11-22T07:30:54Z\"
  labels: {}
  name: hippo
  uid: \"0-1\"
spec:
  ccpimagetag: ubi8-13.10-4.7.10
  cut: |-
    one
    two
  file: |
    a: b

      c
  image: registry/a:b
  port: \"5432\"
  replicas: 1
  shutdown: false
  status: \"on\"
  syncReplication: null
  users:
  - name: a
    of:
    - x
    - \"y\"
  - - 1
    - - 2
  - []
  - two words
";
        assert_eq!(manifest_text(&object), expected);
    }

    #[test]
    fn what_is_no_string_elsewhere_is_quoted() {
        for word in [
            "yes",
            "Off",
            "010",
            "1e3",
            "~",
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "-",
            "<<",
            "0x1f",
            ".inf",
            "null",
            "a:",
            "2026-01-01",
            "1:30",
            "!x",
            "&x",
            "*x",
            "'",
            "{",
            "é",
            "NULL",
            "Y",
        ] {
            assert!(!is_plain(word), "{word}");
        }
    }
}
