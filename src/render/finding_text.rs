//! A finding as JSON text, as the second level of a report has it: what `serde` makes of it, byte for byte.
//!
//! Nine tenths of a fleet's report are findings. Their keys, commas and indentation never change, so they are copied in
//! pieces as long as possible instead of being put together key by key.

use std::io::Write;

use serde::Serialize;
use serde_json::ser::Serializer;

use super::document::{Effect, Finding, Gap, Label, Subject};
use super::indented::Indented;
use crate::check::FindingOutcome;

/// Writes a finding, from its bracket to its bracket.
pub(super) fn write(text: &mut Vec<u8>, finding: &Finding<'_>) {
    string(text, "{\n      \"id\": ", &finding.id);
    string(text, ",\n      \"rule\": ", &finding.rule);
    let outcome = match finding.outcome {
        FindingOutcome::Fires => "fires",
        FindingOutcome::Unknown => "unknown",
    };
    word(text, ",\n      \"outcome\": \"", outcome);
    word(text, "\",\n      \"level\": \"", finding.level.name());
    effect(text, finding.effect);
    subject(text, &finding.subject);
    string(text, ",\n      \"path\": ", &finding.path);
    string(text, ",\n      \"message\": ", &finding.message);
    list(text, ",\n      \"labels\": ", &finding.labels, label);
    list(text, ",\n      \"gaps\": ", &finding.gaps, gap);
    string(text, ",\n      \"fix\": ", &finding.fix);
    match &finding.source {
        Some(source) => string(text, ",\n      \"source\": ", source),
        None => plain(text, ",\n      \"source\": null"),
    }
    for (key, value) in &finding.further {
        string(text, ",\n      ", key);
        plain(text, ": ");
        let inside = Indented::at(3);
        // Writing to memory does not fail.
        let _ = value.serialize(&mut Serializer::with_formatter(&mut *text, inside));
    }
    plain(text, "\n    }");
}

fn effect(text: &mut Vec<u8>, effect: Effect) {
    let weights = [
        ("volumes", effect.volumes),
        ("backups", effect.backups),
        ("standby", effect.standby),
        ("draft", effect.draft),
    ];
    plain(text, "\",\n      \"effect\": {");
    let mut before = "\n        \"";
    for (method, weight) in weights {
        if let Some(weight) = weight {
            word(text, before, method);
            word(text, "\": \"", weight.name());
            before = "\",\n        \"";
        }
    }
    let is_empty = weights.iter().all(|(_, weight)| weight.is_none());
    plain(text, if is_empty { "}" } else { "\"\n      }" });
}

fn subject(text: &mut Vec<u8>, subject: &Subject<'_>) {
    plain(text, ",\n      \"subject\": {");
    string(text, "\n        \"origin\": ", &subject.origin);
    string(text, ",\n        \"kind\": ", &subject.kind);
    string(text, ",\n        \"namespace\": ", &subject.namespace);
    string(text, ",\n        \"name\": ", &subject.name);
    plain(text, "\n      }");
}

fn label(text: &mut Vec<u8>, label: &Label<'_>) {
    string(text, "{\n          \"uri\": ", &label.uri);
    number(text, ",\n          \"startLine\": ", label.start_line);
    number(text, ",\n          \"startColumn\": ", label.start_column);
    number(text, ",\n          \"endLine\": ", label.end_line);
    number(text, ",\n          \"endColumn\": ", label.end_column);
    string(text, ",\n          \"text\": ", &label.text);
    let primary = if label.primary { "true" } else { "false" };
    word(text, ",\n          \"primary\": ", primary);
    string(text, ",\n          \"message\": ", &label.message);
    plain(text, "\n        }");
}

fn gap(text: &mut Vec<u8>, gap: &Gap<'_>) {
    string(text, "{\n          \"missing\": ", &gap.missing);
    string(text, ",\n          \"because\": ", &gap.because);
    string(text, ",\n          \"ask\": ", &gap.ask);
    plain(text, "\n        }");
}

fn list<T>(text: &mut Vec<u8>, key: &str, items: &[T], write: fn(&mut Vec<u8>, &T)) {
    plain(text, key);
    let mut before = "[\n        ";
    for item in items {
        plain(text, before);
        write(text, item);
        before = ",\n        ";
    }
    plain(text, if items.is_empty() { "[]" } else { "\n      ]" });
}

fn plain(text: &mut Vec<u8>, written: &str) {
    text.extend_from_slice(written.as_bytes());
}

/// A key and a word that needs no escape.
fn word(text: &mut Vec<u8>, key: &str, word: &str) {
    plain(text, key);
    plain(text, word);
}

fn number(text: &mut Vec<u8>, key: &str, number: u32) {
    plain(text, key);
    // Writing to memory does not fail.
    let _ = write!(text, "{number}");
}

/// A key and a string in quotes.
fn string(text: &mut Vec<u8>, key: &str, value: &str) {
    plain(text, key);
    if needs_escape(value.as_bytes()) {
        let _ = serde_json::to_writer(&mut *text, value);
        return;
    }
    text.reserve(value.len() + 2);
    text.push(b'"');
    plain(text, value);
    text.push(b'"');
}

/// Whether JSON writes one of these bytes in another way.
fn needs_escape(bytes: &[u8]) -> bool {
    let escaped = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    // In chunks, so that the compiler can look at many bytes at once.
    let (chunks, rest) = bytes.as_chunks::<16>();
    let mut chunks = chunks.iter();
    chunks.any(|chunk| chunk.iter().fold(false, |any, byte| any | escaped(byte)))
        || rest.iter().any(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Level, Weight};
    use proptest::prelude::*;
    use serde_json::Value;
    use std::borrow::Cow;

    fn text(text: &str) -> Cow<'_, str> {
        Cow::Borrowed(text)
    }

    /// A finding in which every string is one of these, and which has as many labels and gaps as numbers.
    fn finding<'a>(
        words: &'a [String],
        numbers: &[u32],
        weights: &[Option<Weight>],
    ) -> Finding<'a> {
        let word = |at: usize| text(words.get(at % words.len()).unwrap());
        let labels = numbers.iter().map(|number| Label {
            uri: word(0),
            start_line: *number,
            start_column: number / 2,
            end_line: number / 3,
            end_column: 1,
            text: word(1),
            primary: number % 2 == 0,
            message: word(2),
        });
        let gaps = numbers.iter().map(|_| Gap {
            missing: word(3),
            because: word(4),
            ask: word(5),
        });
        let subject = Subject {
            origin: word(1),
            kind: word(2),
            namespace: word(3),
            name: word(4),
        };
        Finding {
            id: word(0),
            rule: word(1),
            outcome: FindingOutcome::Unknown,
            level: Level::Warning,
            effect: Effect {
                volumes: weights[0],
                backups: weights[1],
                standby: weights[2],
                draft: weights[3],
                ..Effect::default()
            },
            subject,
            path: word(2),
            message: word(3),
            labels: labels.collect(),
            gaps: gaps.collect(),
            fix: word(4),
            source: numbers.first().map(|_| word(5)),
            further: words
                .iter()
                .zip(numbers)
                .map(|(word, number)| (word.clone(), serde_json::json!({"a": [number, {}]})))
                .collect(),
        }
    }

    fn by_serde(finding: &Finding<'_>) -> String {
        let report = serde_json::json!({"findings": [Value::Null]});
        let outer = serde_json::to_string_pretty(&report).unwrap();
        let inner = serde_json::to_string_pretty(finding).unwrap();
        let inner = inner.replace('\n', "\n    ");
        outer.replace("null", &inner)
    }

    fn weight() -> impl Strategy<Value = Option<Weight>> {
        prop_oneof![
            Just(None),
            Just(Some(Weight::Info)),
            Just(Some(Weight::Warn)),
            Just(Some(Weight::Action)),
            Just(Some(Weight::Block)),
            Just(Some(Weight::Error)),
        ]
    }

    proptest! {
        #[test]
        fn the_text_is_what_serde_makes_of_a_finding(
            words in prop::collection::vec(r#"[a-z"\\\n\té]{0,40}"#, 1..6),
            numbers in prop::collection::vec(any::<u32>(), 0..3),
            weights in prop::collection::vec(weight(), 4),
        ) {
            let finding = finding(&words, &numbers, &weights);
            let mut text = b"{\n  \"findings\": [\n    ".to_vec();
            write(&mut text, &finding);
            text.extend_from_slice(b"\n  ]\n}");
            prop_assert_eq!(String::from_utf8(text).unwrap(), by_serde(&finding));
        }
    }
}
