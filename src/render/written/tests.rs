//! Held against serde_json, byte for byte.

use super::*;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

fn lines(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    over_lines(&mut text, value).unwrap();
    String::from_utf8(text).unwrap()
}

fn line(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    let mut out = Chunks::to(&mut text);
    on_one_line(&mut out, value).unwrap();
    out.flush().unwrap();
    String::from_utf8(text).unwrap()
}

fn like_theirs(value: &impl Serialize) {
    assert_eq!(line(value), serde_json::to_string(value).unwrap());
    let theirs = serde_json::to_string_pretty(value).unwrap() + "\n";
    assert_eq!(lines(value), theirs);
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[ -~\"\\\\\n\u{7f}\u{1f}é]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".*", inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_text_is_that_of_serde_json(value in values()) {
        like_theirs(&value);
    }
}

#[test]
fn every_byte_is_escaped_as_there_wherever_it_stands() {
    for byte in 0..=0x7f_u8 {
        for before in 0..20 {
            for after in [0, 1, 7, 8, 9] {
                let text = format!(
                    "{}{}{}",
                    "a".repeat(before),
                    char::from(byte),
                    "é".repeat(after)
                );
                assert_eq!(line(&text), serde_json::to_string(&text).unwrap());
            }
        }
    }
}

#[derive(Serialize)]
enum Sort {
    Bare,
    Newtype(u8),
    Tuple(i32, char),
    Struct { a: (), b: Option<f32> },
}

#[derive(Serialize)]
struct Two(i8, bool);

#[test]
fn what_rust_can_say_is_said_alike() {
    let sorts = [
        Sort::Bare,
        Sort::Newtype(7),
        Sort::Tuple(i32::MIN, '"'),
        Sort::Struct {
            a: (),
            b: Some(0.1),
        },
    ];
    like_theirs(&sorts);
    let keys: BTreeMap<i64, (Two, Vec<u8>, [u64; 2])> = [
        (-1, (Two(i8::MIN, true), Vec::new(), [0, u64::MAX])),
        (10, (Two(0, false), vec![1, 100], [9, 10])),
    ]
    .into();
    like_theirs(&keys);
    like_theirs(&BTreeMap::<String, ()>::new());
}

#[test]
fn levels_below_the_deepest_are_indented_too() {
    let nested = |deep: usize| (0..deep).fold(Value::from(1), |value, _| Value::from([value]));
    for deep in [DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 40] {
        like_theirs(&nested(deep));
    }
}
