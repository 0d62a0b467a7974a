//! The first thing that a condition asks, answered without a machine where it is as simple as it mostly is: most rules pass,
//! and by this.
//!
//! It must say what the machine says, in as many steps.

use super::Value;
use super::compile::code::Code;
use super::function::Function;

/// The slot of the first name that a condition reads.
pub(super) const FIRST: u8 = 0;

/// What the first name must be for a condition to hold at all.
#[derive(Debug)]
pub(super) struct Guard {
    wants: Wants,
    /// The steps that the machine takes to find out.
    pub(super) steps: u32,
}

#[derive(Debug)]
enum Wants {
    Truth(bool),
    /// A text, a whole number or a truth value.
    Same(Value),
    Other(Value),
    /// A list of more items.
    Longer(i64),
}

impl Guard {
    /// That of a condition, if it begins with one.
    pub(super) fn of(condition: &Code) -> Option<Guard> {
        let (first, around) = match condition {
            Code::All(parts) => (parts.first()?, 1),
            alone => (alone, 0),
        };
        let (wants, steps) = match first {
            Code::Read(FIRST) => (Wants::Truth(true), 1),
            Code::Not(inner) => match &**inner {
                Code::Read(FIRST) => (Wants::Truth(false), 2),
                _ => return None,
            },
            Code::Call(function, args) => match (function, &**args) {
                (Function::Equal, [Code::Read(FIRST), Code::Constant(value)]) => {
                    (Wants::Same(plain(value)?), 4)
                }
                (Function::Unequal, [Code::Read(FIRST), Code::Constant(value)]) => {
                    (Wants::Other(plain(value)?), 4)
                }
                (
                    Function::Greater,
                    [
                        Code::Call(Function::Size, list),
                        Code::Constant(Value::Int(count)),
                    ],
                ) => match &**list {
                    [Code::Read(FIRST)] => (Wants::Longer(*count), 4),
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        Some(Guard {
            wants,
            steps: steps + around,
        })
    }

    /// Whether this value of its name makes the condition false whatever else it asks. What is unknown, or of another kind,
    /// is for the condition to judge.
    pub(super) fn refuses(&self, value: &Value) -> bool {
        match (&self.wants, value) {
            (Wants::Truth(wanted), Value::Bool(truth)) => wanted != truth,
            (Wants::Same(wanted), value) => same(wanted, value) == Some(false),
            (Wants::Other(unwanted), value) => same(unwanted, value) == Some(true),
            (Wants::Longer(count), Value::List(items)) => {
                i64::try_from(items.len()).is_ok_and(|length| length <= *count)
            }
            _ => false,
        }
    }
}

/// A constant that is compared in one step.
fn plain(value: &Value) -> Option<Value> {
    let short = match value {
        Value::Bool(_) | Value::Int(_) => true,
        Value::Str(text) => text.len() < 1000,
        _ => false,
    };
    short.then(|| value.clone())
}

/// Whether two values of one of these kinds are the same.
fn same(one: &Value, other: &Value) -> Option<bool> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Some(one == other),
        (Value::Int(one), Value::Int(other)) => Some(one == other),
        (Value::Str(one), Value::Str(other)) => Some(one == other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::Expr;
    use crate::expr::tests::{Table, values};

    /// Conditions that begin with a guard, and what they may meet.
    const CONDITIONS: [&str; 12] = [
        "a",
        "!a",
        "a == 'x'",
        "a != 'x'",
        "a == 2",
        "a != 2",
        "a == true",
        "size(a) > 0",
        "size(a) > 1",
        "self.a",
        "self.a != 'x'",
        "!self.a",
    ];
    const VALUES: [&str; 14] = [
        "true", "false", "null", "'x'", "''", "'y'", "2", "3", "2.0", "[]", "[1]", "[1, 2]", "{}",
        "{'x': 1}",
    ];

    #[test]
    fn a_guard_says_what_the_machine_says_in_as_many_steps() {
        for condition in CONDITIONS {
            let more = format!("{condition} && b && a == 'x'");
            for source in [condition, &more] {
                let guarded = Expr::compile(source, &Table).unwrap();
                assert!(guarded.guard.is_some(), "{source}");
                let bare = Expr {
                    guard: None,
                    ..Expr::compile(source, &Table).unwrap()
                };
                let worlds = VALUES.map(|value| vec![("a", value), ("self.a", value)]);
                for world in worlds.into_iter().chain([Vec::new()]) {
                    for b in ["true", "false"] {
                        let world = values(&[&world[..], &[("b", b)]].concat());
                        for most in (0..9).chain([u32::MAX]) {
                            let (ours, theirs) = (
                                guarded.eval_within(&world, most),
                                bare.eval_within(&world, most),
                            );
                            assert_eq!(ours, theirs, "{source} in {most} steps");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_not_simple_has_no_guard() {
        for source in [
            "a || b",
            "b == a",
            "a in ['x']",
            "size(a) > size(b)",
            "1 == 1",
        ] {
            assert!(
                Expr::compile(source, &Table).unwrap().guard.is_none(),
                "{source}"
            );
        }
    }
}
