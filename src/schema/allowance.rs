//! How much work one object, and one CRD of the input, may make: counted, never measured, so that the same input always
//! comes to the same end.
//!
//! Both grow with what was given, so that all work of a run is bounded by its input.

use std::cell::Cell;
use std::rc::Rc;

/// Steps that any object may take, and more for each of its bytes. A step is some nanoseconds.
const STEPS: (u64, u64) = (1_000_000, 256);
/// Bytes of text that may be said of any object, and more for each of its bytes.
const TEXT: (u64, u64) = (16 << 10, 64);
/// What a breach takes besides its texts, in bytes.
const BREACH: usize = 256;

/// What is left for checking one object, be it by one schema or by several. Copies share it.
#[derive(Clone, Debug)]
pub(super) struct Allowance(Rc<Left>);

#[derive(Debug)]
struct Left {
    steps: Cell<u64>,
    text: Cell<u64>,
    spent: Cell<bool>,
}

impl Allowance {
    /// For an object of so many bytes, checked by so many schemas.
    pub(super) fn of(bytes: usize, schemas: usize) -> Allowance {
        let (bytes, schemas) = (bytes as u64, schemas as u64);
        let share = |(any, each): (u64, u64)| Cell::new((any + each * bytes) * schemas.max(1));
        Allowance(Rc::new(Left {
            steps: share(STEPS),
            text: share(TEXT),
            spent: Cell::new(false),
        }))
    }

    /// Without an end, for schemas of our own that are only asked whether all is right.
    pub(super) fn endless() -> Allowance {
        Allowance(Rc::new(Left {
            steps: Cell::new(u64::MAX),
            text: Cell::new(u64::MAX),
            spent: Cell::new(false),
        }))
    }

    /// Whether something was refused.
    pub(super) fn is_spent(&self) -> bool {
        self.0.spent.get()
    }

    /// How many steps are left.
    pub(super) fn steps(&self) -> u64 {
        self.0.steps.get()
    }

    /// Takes steps; whether there were as many.
    pub(super) fn step(&self, count: u64) -> bool {
        self.take(&self.0.steps, count)
    }

    /// Takes room for a breach with texts of so many bytes; whether there was as much. Making texts is work, too.
    pub(super) fn tell(&self, bytes: usize) -> bool {
        let bytes = (bytes + BREACH) as u64;
        self.step(bytes) && self.take(&self.0.text, bytes)
    }

    fn take(&self, of: &Cell<u64>, count: u64) -> bool {
        match of.get().checked_sub(count) {
            Some(left) if !self.is_spent() => of.set(left),
            _ => self.0.spent.set(true),
        }
        !self.is_spent()
    }
}

impl Default for Allowance {
    fn default() -> Self {
        Allowance::endless()
    }
}

/// What is left of the memory that the regular expressions of one CRD may take, in bytes.
#[derive(Debug)]
pub(super) struct Compiled(u64);

impl Compiled {
    /// For a CRD of the input. Those of PGO take a hundredth.
    pub(super) fn of_one_crd() -> Compiled {
        Compiled(16 << 20)
    }

    /// Takes so many bytes; whether there were as many.
    pub(super) fn take(&mut self, bytes: u64) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// How many are left.
    pub(super) fn left(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_stays_spent_for_all_who_share_it() {
        let whole = Allowance::of(0, 1);
        let part = whole.clone();
        assert!(part.step(STEPS.0) && !part.is_spent());
        assert!(!whole.step(1) && part.is_spent() && !part.tell(0));
    }

    #[test]
    fn a_larger_object_may_take_more() {
        assert!(!Allowance::of(0, 1).tell(17 << 10));
        assert!(Allowance::of(1 << 10, 1).tell(17 << 10));
    }
}
