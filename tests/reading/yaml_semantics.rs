//! Values mean what kubectl makes of them: `fixtures/yaml/kubectl.yaml`.

use pgo_preflight::manifest::{Loaded, Node, ProblemKind, Scalar, load};
use pgo_preflight::source::{OriginId, SourceId};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    before: String,
    body: String,
    kubectl: Answer,
    ours: Option<Answer>,
    because: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase", untagged)]
enum Answer {
    Value { value: Value },
    Rejects(Rejects),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Rejects {
    Rejects,
}

fn read(before: &str, body: &str) -> Loaded {
    let text =
        format!("{before}apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\nspec:\n{body}");
    load(
        SourceId(0),
        OriginId(0),
        "in.yaml".to_owned(),
        text.into_bytes(),
    )
}

fn json(node: Node<'_>) -> Value {
    if node.is_map() {
        let entries = node
            .entries()
            .map(|(key, value)| (key.key().into_owned(), json(value)));
        return Value::Object(entries.collect());
    }
    match node.scalar() {
        None => Value::Array(node.items().map(json).collect()),
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => value.into(),
        Some(Scalar::Str(value)) => value.into(),
    }
}

/// Numbers by value: kubectl prints `18446744073709552000` for what is a float to the server.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|there| same(value, there)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            left.as_f64() == right.as_f64()
        }
        _ => left == right,
    }
}

fn answer(loaded: &Loaded) -> Answer {
    match loaded
        .objects
        .first()
        .and_then(|object| object.at(&["spec"]))
    {
        Some(spec) if loaded.problems.is_empty() => Answer::Value { value: json(spec) },
        _ => Answer::Rejects(Rejects::Rejects),
    }
}

#[test]
fn every_snippet_means_what_kubectl_makes_of_it() {
    let text = std::fs::read_to_string("fixtures/yaml/kubectl.yaml").unwrap();
    let cases: Vec<Case> = yaml_serde::from_str(&text).unwrap();
    assert_eq!(cases.len(), 110);
    let mut wrong = Vec::new();
    for case in cases {
        assert_eq!(case.ours.is_some(), case.because.is_some(), "{}", case.name);
        let ours = answer(&read(&case.before, &case.body));
        let right = match (case.ours.as_ref().unwrap_or(&case.kubectl), &ours) {
            (Answer::Value { value }, Answer::Value { value: ours }) => same(value, ours),
            (expected, ours) => expected == ours,
        };
        if !right {
            wrong.push(format!(
                "{}: {:?} -> {ours:?}, expected {:?}",
                case.name, case.body, case.kubectl
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_key_longer_than_a_thousand_characters_is_rejected_as_by_kubectl() {
    let long = "k".repeat(1100);
    assert_eq!(
        answer(&read("", &format!("  {long}: 1\n"))),
        Answer::Rejects(Rejects::Rejects)
    );
}

/// kubectl reads 2000 levels; nothing in Kubernetes is nested that deep, and we stop at 512.
#[test]
fn two_thousand_levels_are_rejected_unlike_by_kubectl() {
    let body = format!("  m: {}{}\n", "[".repeat(2000), "]".repeat(2000));
    let loaded = read("", &body);
    assert_eq!(loaded.problems[0].kind, ProblemKind::TooDeep);
    assert_eq!(
        loaded.source.position(loaded.problems[0].span.start).line,
        6
    );
}
