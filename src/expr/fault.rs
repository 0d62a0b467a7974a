//! What went wrong in an evaluation, and whose fault it is: the rule's, or that of a value in the input.

use std::sync::Arc;

use super::{Name, Value};
use crate::manifest::{Gap, Gaps};

/// What went wrong, and whose fault that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The expression's own: a key that a known map does not hold, a function that does not take an absent field.
    Expression(String),
    /// A value's: no number, a date that is none, too much of it.
    Value(String),
    /// A value is of a kind that the expression does not take. Whose fault it is depends on who chose the kind.
    Kind(String),
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Fault::Expression(message)
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Fault::Expression(message.to_owned())
    }
}

/// The error of a function that does not take these arguments.
pub(super) fn mismatch(place: &str, args: &[Value]) -> Fault {
    let kinds: Vec<&str> = args.iter().map(Value::kind).collect();
    let message = format!("`{place}` does not take {}", kinds.join(" and "));
    if args.contains(&Value::Absent) {
        Fault::Expression(message)
    } else {
        Fault::Kind(message)
    }
}

impl Fault {
    /// What went wrong.
    pub(super) fn message(&self) -> &str {
        let (Fault::Expression(message) | Fault::Value(message) | Fault::Kind(message)) = self;
        message
    }

    /// What cannot be known for this fault of an expression that rests on these names; `None` where the expression
    /// itself is at fault. Facts are of the kind that their table says, so a kind is the input's choice only in what is read as written.
    pub(super) fn of_input(&self, names: &[Name]) -> Option<Gaps> {
        let as_written = |name: &Name| matches!(name, Name::Own(_) | Name::Item(_));
        let of_input = match self {
            Fault::Expression(_) => false,
            Fault::Value(_) => !names.is_empty(),
            Fault::Kind(_) => names.iter().any(as_written),
        };
        of_input.then(|| {
            Arc::from([Gap {
                missing: "a value that can be understood".to_owned(),
                because: self.message().to_owned(),
                ask: "correct the value, or export the object again, and run again".to_owned(),
            }])
        })
    }
}
