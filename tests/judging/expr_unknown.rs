//! What an expression decides although something is unknown holds whatever that is.

use crate::expr_generator;

use expr_generator::{Tape, VARIABLES, condition, value};
use pgo_preflight::expr::{Evaluation, Expr, Lookup, Name, Names, Outcome, Value};
use pgo_preflight::manifest::{Fact, Gap};
use proptest::prelude::*;

/// The variables as facts.
struct Table;

impl Names for Table {
    fn fact(&self, dotted: &str) -> Option<u16> {
        let index = VARIABLES.iter().position(|name| *name == dotted)?;
        u16::try_from(index).ok()
    }
    fn fact_name(&self, number: u16) -> &str {
        VARIABLES[usize::from(number)]
    }
    fn similar(&self, _: &str) -> Option<String> {
        None
    }
}

/// What is known of each variable.
#[derive(Clone, Debug)]
struct Known(Vec<Option<Value>>);

fn gap(name: &str) -> Gap {
    Gap {
        missing: name.to_owned(),
        because: "hidden".to_owned(),
        ask: "look".to_owned(),
    }
}

impl Lookup for Known {
    fn read(&self, name: &Name) -> Fact<Value> {
        let Name::Fact(number) = name else {
            panic!("only facts are generated")
        };
        match &self.0[usize::from(*number)] {
            Some(value) => Fact::known(value.clone()),
            None => Fact::unknown(gap(VARIABLES[usize::from(*number)])),
        }
    }
}

/// Every variable with a value; some lists and maps with unknown items.
fn world(tape: &mut Tape<'_>, partly: Option<&Value>) -> Known {
    Known(
        VARIABLES
            .iter()
            .map(|name| Some(value(tape, name, partly)))
            .collect(),
    )
}

/// The same value with something in place of each unknown item.
fn completed(value: &Value, tape: &mut Tape<'_>) -> Value {
    match value {
        Value::Unknown(_) => expr_generator::value(tape, "x", None),
        Value::List(items) => Value::List(items.iter().map(|item| completed(item, tape)).collect()),
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), completed(value, tape)));
            Value::Map(entries.collect())
        }
        other => other.clone(),
    }
}

fn decided(evaluation: &Evaluation) -> Option<bool> {
    match evaluation.outcome {
        Outcome::True => Some(true),
        Outcome::False => Some(false),
        _ => None,
    }
}

fn compiled(source: &str) -> Expr {
    Expr::compile(source, &Table).unwrap_or_else(|error| panic!("{source}: {error}"))
}

proptest! {
    #[test]
    fn a_decision_holds_for_every_completion(
        bytes in prop::collection::vec(any::<u8>(), 1..160),
        hidden in prop::collection::vec(any::<bool>(), VARIABLES.len()),
        fillings in prop::collection::vec(prop::collection::vec(any::<u8>(), 60), 12),
    ) {
        let mut tape = Tape::new(&bytes);
        let item = Value::Unknown([gap("an item")].into());
        let full = world(&mut tape, Some(&item));
        let source = condition(&mut tape);
        let expr = compiled(&source);
        let mut partly = full.clone();
        for (value, hide) in partly.0.iter_mut().zip(&hidden) {
            if *hide {
                *value = None;
            }
        }
        if let Some(decision) = decided(&expr.eval(&partly)) {
            for filling in &fillings {
                let mut tape = Tape::new(filling);
                let values = VARIABLES.iter().zip(&partly.0).map(|(name, value)| match value {
                    Some(value) => Some(completed(value, &mut tape)),
                    None => Some(expr_generator::value(&mut tape, name, None)),
                });
                let whole = Known(values.collect());
                if let Some(answer) = decided(&expr.eval(&whole)) {
                    prop_assert_eq!(decision, answer, "{} with {:?} then {:?}", source, partly, whole);
                }
            }
        }
    }

    #[test]
    fn nothing_but_the_reads_can_change_a_decision(
        bytes in prop::collection::vec(any::<u8>(), 1..160),
        others in prop::collection::vec(prop::collection::vec(any::<u8>(), 60), 8),
    ) {
        let mut tape = Tape::new(&bytes);
        let full = world(&mut tape, None);
        let source = condition(&mut tape);
        let expr = compiled(&source);
        let evaluation = expr.eval(&full);
        if let Some(decision) = decided(&evaluation) {
            for other in &others {
                let mut tape = Tape::new(other);
                let mut changed = full.clone();
                for (number, value) in changed.0.iter_mut().enumerate() {
                    let read = evaluation.reads.contains(&Name::Fact(u16::try_from(number).unwrap()));
                    if !read {
                        *value = (tape.pick(3) > 0).then(|| expr_generator::value(&mut tape, "x", None));
                    }
                }
                prop_assert_eq!(decided(&expr.eval(&changed)), Some(decision), "{} with {:?} then {:?}", source, full, changed);
            }
        }
    }

    #[test]
    fn an_unknown_outcome_names_gaps_and_a_known_world_has_none(
        bytes in prop::collection::vec(any::<u8>(), 1..160),
    ) {
        let mut tape = Tape::new(&bytes);
        let full = world(&mut tape, None);
        let source = condition(&mut tape);
        let expr = compiled(&source);
        // A value that cannot be understood is the input's fault, not a thing unseen.
        if let Outcome::Unknown(gaps) = expr.eval(&full).outcome {
            prop_assert!(gaps.iter().all(|gap| gap.missing == "a value that can be understood"), "{}", source);
        }
        let nothing = Known(vec![None; VARIABLES.len()]);
        if let Outcome::Unknown(gaps) = expr.eval(&nothing).outcome {
            prop_assert!(!gaps.is_empty());
        }
    }

    #[test]
    fn no_source_whatever_ends_the_process(source in "[ab!&|()\\[\\]{}'\".?:+<=0-9, -]{0,80}") {
        let _ = Expr::compile(&source, &Table);
    }
}
