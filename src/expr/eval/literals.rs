//! Lists and maps written out.

use std::sync::Arc;

use super::super::fault::Fault;
use super::{Code, Doubts, Item, Machine, Reads, Seen, fault};
use crate::expr::Value;

impl Machine<'_> {
    /// An item that is unknown stays so inside the list; how many items there are must be known.
    fn item(&mut self, item: &Item) -> (Result<Option<Value>, Fault>, Reads) {
        let Seen { value, reads } = self.run(&item.code);
        let value = match (item.optional, value) {
            (false, value) => value.map(Some),
            (true, Ok(Value::Optional(inner))) => Ok(inner.map(|inner| (*inner).clone())),
            (true, Ok(unknown @ Value::Unknown(_))) => Ok(Some(unknown)),
            (true, Ok(other)) => Err(fault::mismatch("[?...]", &[other])),
            (true, Err(message)) => Err(message),
        };
        (value, reads)
    }

    pub(super) fn list(&mut self, items: &[Item]) -> Seen {
        let (mut values, mut reads, mut doubts) = (Vec::new(), 0, Doubts::default());
        for item in items {
            let (value, more) = self.item(item);
            reads |= more;
            match value {
                Ok(Some(Value::Unknown(gaps))) if item.optional => doubts.unknown(gaps),
                Ok(value) => values.extend(value),
                Err(message) => doubts.fault(message),
            }
        }
        doubts.settle(reads, || Ok(Value::List(values.into())))
    }

    pub(super) fn map(&mut self, entries: &[(Code, Item)]) -> Seen {
        let mut known: Vec<(Arc<str>, Value)> = Vec::new();
        let (mut reads, mut doubts) = (0, Doubts::default());
        for (key, item) in entries {
            let key = self.run(key);
            let (value, more) = self.item(item);
            reads |= key.reads | more;
            match (key.value, value) {
                (Ok(Value::Unknown(gaps)), _) => doubts.unknown(gaps),
                (_, Ok(Some(Value::Unknown(gaps)))) if item.optional => doubts.unknown(gaps),
                (Err(message), _) | (_, Err(message)) => doubts.fault(message),
                (Ok(Value::Str(key)), Ok(_)) if known.iter().any(|(name, _)| *name == key) => {
                    doubts.fault(format!("the key \"{key}\" twice in one map").into());
                }
                (Ok(Value::Str(key)), Ok(value)) => known.extend(value.map(|value| (key, value))),
                (Ok(other), _) => doubts.fault(fault::mismatch("a map key", &[other])),
            }
        }
        doubts.settle(reads, || Ok(Value::Map(known.into())))
    }
}
