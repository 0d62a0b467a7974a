//! Our CEL against the `cel` crate: same answers where everything is known.

use crate::expr_generator;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env};
use expr_generator::{Tape, VARIABLES, condition, value};
use pgo_preflight::expr::{Program, Value};
use proptest::prelude::*;

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

fn theirs(value: &Value) -> cel::Value {
    match value {
        Value::Bool(truth) => cel::Value::Bool(*truth),
        Value::Int(number) => cel::Value::Int(*number),
        Value::Float(number) => cel::Value::Float(*number),
        Value::Str(text) => cel::Value::from(&**text),
        Value::List(items) => cel::Value::from(items.iter().map(theirs).collect::<Vec<_>>()),
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.to_string(), theirs(value)));
            cel::Value::from(entries.collect::<HashMap<_, _>>())
        }
        _ => cel::Value::Null,
    }
}

/// The truth value; an error is `None`.
fn ours(source: &str, values: &[(&str, Value)]) -> Option<bool> {
    let program =
        Program::compile(source, &VARIABLES).unwrap_or_else(|error| panic!("{source}: {error}"));
    match program.eval(values) {
        Ok(Value::Bool(truth)) => Some(truth),
        _ => None,
    }
}

fn oracle(source: &str, values: &[(&str, Value)]) -> Option<bool> {
    let program = ENV
        .compile(source)
        .unwrap_or_else(|errors| panic!("{source}: {errors}"));
    let mut context = Context::with_env(Arc::clone(&ENV));
    for (name, value) in values {
        context.add_variable_from_value(*name, theirs(value));
    }
    match program.execute(&context) {
        Ok(cel::Value::Bool(truth)) => Some(truth),
        _ => None,
    }
}

#[test]
fn the_generator_mostly_comes_to_an_answer() {
    let (mut answered, mut fired, all) = (0, 0, 300);
    for seed in 0..all {
        let bytes: Vec<u8> = (0..160_u32)
            .map(|at| (seed * 7919 + at * at * 31 + at * 17).to_le_bytes()[0])
            .collect();
        let mut tape = Tape::new(&bytes);
        let values: Vec<_> = VARIABLES
            .iter()
            .map(|name| (*name, value(&mut tape, name, None)))
            .collect();
        let answer = ours(&condition(&mut tape), &values);
        answered += u32::from(answer.is_some());
        fired += u32::from(answer == Some(true));
    }
    assert!(
        answered * 2 > all && fired * 5 > all && fired * 5 < all * 4,
        "{answered} {fired}"
    );
}

/// What expressions are made of.
const TOKENS: &[&str] = &[
    "a", "b", "i", "l", "m", "x", "true", "null", "1", "0x1F", "1.5", "1e3", "'s'", "r'\\d'", "&&",
    "||", "!", "-", "+", "==", "in", "<", "?", ":", "(", ")", "[", "]", "{", "}", ",", ".", ".?",
    "[?", "size(", ".a", "has(", "// c\n",
];

proptest! {
    #[test]
    fn known_values_give_the_same_answer(bytes in prop::collection::vec(any::<u8>(), 1..160)) {
        let mut tape = Tape::new(&bytes);
        let values: Vec<_> = VARIABLES.iter().map(|name| (*name, value(&mut tape, name, None))).collect();
        let source = condition(&mut tape);
        prop_assert_eq!(ours(&source, &values), oracle(&source, &values), "{} with {:?}", source, values);
    }

    #[test]
    fn what_we_read_the_oracle_reads_too(picks in prop::collection::vec(0..TOKENS.len(), 1..12)) {
        let source: String = picks.iter().flat_map(|pick| [TOKENS[*pick], " "]).collect();
        if Program::compile(&source, &VARIABLES).is_ok() {
            prop_assert!(ENV.compile(&source).is_ok(), "{}", source);
        }
    }
}
