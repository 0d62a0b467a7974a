//! Optional values: what they hold, or something else.

use std::sync::Arc;

use super::{Code, Machine, Seen, fault};
use crate::expr::Value;

impl Machine<'_> {
    pub(super) fn or_else(&mut self, sides: &[Code; 2], unwrap: bool) -> Seen {
        let [left, right] = sides;
        let left = self.run(left);
        match left.value {
            Ok(Value::Optional(Some(inner))) if unwrap => Seen::new((*inner).clone(), left.reads),
            Ok(Value::Optional(Some(inner))) => Seen::new(Value::Optional(Some(inner)), left.reads),
            Ok(Value::Optional(None)) => {
                let right = self.run(right);
                Seen {
                    value: right.value,
                    reads: left.reads | right.reads,
                }
            }
            Ok(unknown @ Value::Unknown(_)) => Seen::new(unknown, left.reads),
            Ok(other) => Seen::fault(
                fault::mismatch(if unwrap { "orValue" } else { "or" }, &[other]),
                left.reads,
            ),
            Err(message) => Seen::fault(message, left.reads),
        }
    }

    pub(super) fn opt_map(&mut self, sides: &[Code; 2], flat: bool) -> Seen {
        let [target, body] = sides;
        let target = self.run(target);
        let inner = match target.value {
            Ok(Value::Optional(Some(inner))) => (*inner).clone(),
            Ok(value @ (Value::Optional(None) | Value::Unknown(_))) => {
                return Seen::new(value, target.reads);
            }
            Ok(other) => return Seen::fault(fault::mismatch("optMap", &[other]), target.reads),
            Err(message) => return Seen::fault(message, target.reads),
        };
        self.locals.push((inner, target.reads));
        let seen = self.run(body);
        self.locals.pop();
        let value = match seen.value {
            Ok(value @ (Value::Unknown(_) | Value::Optional(_)))
                if flat || matches!(value, Value::Unknown(_)) =>
            {
                Ok(value)
            }
            Ok(value) if flat => Err(fault::mismatch("optFlatMap", &[value])),
            Ok(value) => Ok(Value::Optional(Some(Arc::new(value)))),
            Err(message) => Err(message),
        };
        Seen {
            value,
            reads: target.reads | seen.reads,
        }
    }
}
