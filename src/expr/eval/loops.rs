//! The macros that go over a list or the keys of a map.

use std::sync::Arc;

use super::{Code, Doubts, Loop, LoopKind, Machine, Reads, Seen, fault};
use crate::expr::Value;

const CONDITION: &str = "a condition";

impl Machine<'_> {
    pub(super) fn looped(&mut self, looped: &Loop) -> Seen {
        let over = self.run(&looped.over);
        let items: Arc<[Value]> = match over.value {
            Ok(Value::List(items)) => items,
            Ok(Value::Map(entries)) => {
                let keys = entries.iter().map(|(key, _)| Value::Str(Arc::clone(key)));
                keys.collect()
            }
            Ok(unknown @ Value::Unknown(_)) => return Seen::new(unknown, over.reads),
            Ok(other) => return Seen::fault(fault::mismatch("a loop", &[other]), over.reads),
            Err(message) => return Seen::fault(message, over.reads),
        };
        match looped.kind {
            LoopKind::Exists => self.quantified(looped, &items, over.reads, true),
            LoopKind::All => self.quantified(looped, &items, over.reads, false),
            LoopKind::ExistsOne => self.exists_one(looped, &items, over.reads),
            LoopKind::Filter => self.filtered(looped, &items, over.reads),
            LoopKind::Map => self.mapped(looped, &items, over.reads),
        }
    }

    /// The body (or the middle argument of `map`) for one item.
    fn body(&mut self, code: &Code, item: &Value, over: Reads) -> Seen {
        self.locals.push((item.clone(), over));
        let mut seen = self.run(code);
        self.locals.pop();
        seen.reads |= over;
        seen
    }

    /// Whether there are steps left for another round with these doubts.
    fn may_go_on(&mut self, doubts: &Doubts) -> bool {
        self.steps.spend(1 + doubts.gaps.len()).is_ok()
    }

    /// `exists` (decided by a true) and `all` (decided by a false).
    fn quantified(&mut self, looped: &Loop, items: &[Value], over: Reads, decisive: bool) -> Seen {
        let (mut reads, mut doubts) = (over, Doubts::default());
        for item in items {
            if !self.may_go_on(&doubts) {
                break;
            }
            let seen = self.body(&looped.body, item, over);
            if doubts.truth(seen.value, CONDITION) == Some(decisive) {
                return Seen::new(decisive, seen.reads);
            }
            reads |= seen.reads;
        }
        doubts.settle(reads, || Ok(Value::Bool(!decisive)))
    }

    /// More than one true is false whatever the unknown ones are; a fault anywhere is a fault.
    fn exists_one(&mut self, looped: &Loop, items: &[Value], over: Reads) -> Seen {
        let (mut reads, mut sure, mut doubts) = (over, 0, Doubts::default());
        for item in items {
            if !self.may_go_on(&doubts) {
                break;
            }
            let seen = self.body(&looped.body, item, over);
            reads |= seen.reads;
            sure += u32::from(doubts.truth(seen.value, CONDITION) == Some(true));
        }
        if sure > 1 && doubts.fault.is_none() {
            return Seen::new(false, reads);
        }
        doubts.settle(reads, || Ok(Value::Bool(sure == 1)))
    }

    fn filtered(&mut self, looped: &Loop, items: &[Value], over: Reads) -> Seen {
        let (mut reads, mut kept, mut doubts) = (over, Vec::new(), Doubts::default());
        for item in items {
            if !self.may_go_on(&doubts) {
                break;
            }
            let seen = self.body(&looped.body, item, over);
            reads |= seen.reads;
            if doubts.truth(seen.value, CONDITION) == Some(true) {
                kept.push(item.clone());
            }
        }
        doubts.settle(reads, || Ok(Value::List(kept.into())))
    }

    /// An item that comes out unknown stays so inside the list.
    fn mapped(&mut self, looped: &Loop, items: &[Value], over: Reads) -> Seen {
        let (mut reads, mut values, mut doubts) = (over, Vec::new(), Doubts::default());
        for item in items {
            if !self.may_go_on(&doubts) {
                break;
            }
            if let Some(keep) = &looped.keep {
                let seen = self.body(keep, item, over);
                reads |= seen.reads;
                if doubts.truth(seen.value, CONDITION) != Some(true) {
                    continue;
                }
            }
            let seen = self.body(&looped.body, item, over);
            reads |= seen.reads;
            match seen.value {
                Ok(value) => values.push(value),
                Err(message) => doubts.fault(message),
            }
        }
        doubts.settle(reads, || Ok(Value::List(values.into())))
    }
}
