//! What a run may take for what it was given, all of it together: bytes that are read, and work that they make.
//!
//! Counted and never timed, so that the same input always comes to the same end. What is read comes one after the other, and
//! draws on what is left ([`Bytes`]). What is worked on comes in parallel, and has its share before it begins ([`Work`],
//! [`Patterns`]): else it would depend on which thread is faster. It must not know what any of it is for; what is spent is
//! told where it was to be used. What is found comes in parts, each in parallel, and what is left is looked at between them
//! ([`Findings`]).

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of all that is read: files as they are, archives also as they unpack, servers' answers as they come and as they are
/// kept.
const BYTES: u64 = 16 << 30;
/// What all archives together may unpack to beyond what their sizes allow.
const SPARE: u64 = 32 << 20;
/// Steps of work that one object may take besides those for its bytes, and all of them together. A step is some nanoseconds.
const STEPS: (u64, u64) = (1_000_000, 1_000_000_000);
/// More for each byte of an object.
const STEPS_FOR_A_BYTE: u64 = 256;
/// Steps that all rules together may take for one subject, over all elements of its lists: many times what the rules of the program
/// take for the longest lists, and some seconds.
pub const RULES_STEPS: u32 = 20_000_000;
/// How much one run may find, and more for each byte of its texts, so that any fleet is judged in full: a cluster of which nothing is
/// known makes a hundred findings, and no real one comes with less than some kilobytes. One finding takes up to five kilobytes, where
/// all of them are told to people.
const FINDINGS: usize = 64_000;
/// Bytes of text for which a run may find one thing more.
const BYTES_FOR_A_FINDING: usize = 16;
/// The same of text that came out of an archive, which may be a hundredth of it, or from a server. There a cluster comes with all that
/// is beside it, some 27 kilobytes.
const BYTES_DUMPED_FOR_A_FINDING: usize = 256;
/// Bytes of text that may be said of any object by any schema, and by all of them together for each of its bytes.
const TEXT: (u64, u64) = (16 << 10, 48);
/// What is told takes besides its texts, in bytes.
const TOLD: usize = 256;
/// Memory that the regular expressions of one definition may take, and of all of them together, in bytes. Those of PGO take
/// a hundredth of the first.
const PATTERNS: (u64, u64) = (16 << 20, 256 << 20);

/// What is left of the bytes that a run may read. Copies share it.
#[derive(Clone, Debug)]
pub struct Bytes(Arc<LeftToRead>);

#[derive(Debug)]
struct LeftToRead {
    bytes: AtomicU64,
    spare: AtomicU64,
}

impl Bytes {
    /// For a run that may read so many.
    pub fn of(bytes: u64) -> Bytes {
        Bytes(Arc::new(LeftToRead {
            bytes: bytes.into(),
            spare: SPARE.into(),
        }))
    }

    /// How many are left.
    pub fn left(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Takes so many, or none where there are not so many left.
    pub fn take(&self, bytes: u64) -> bool {
        let take = |left: u64| left.checked_sub(bytes);
        let (on_success, on_failure) = (Ordering::Relaxed, Ordering::Relaxed);
        let taken = self.0.bytes.fetch_update(on_success, on_failure, take);
        taken.is_ok()
    }

    /// How many are left for archives that unpack to more than their sizes allow.
    pub fn spare(&self) -> u64 {
        self.0.spare.load(Ordering::Relaxed)
    }

    /// Takes what came out of an archive, and of the spare what was more than its size allowed; of either as much as there is.
    pub fn unpacked(&self, bytes: u64, beyond: u64) {
        for (left, taken) in [(&self.0.bytes, bytes), (&self.0.spare, beyond)] {
            let take = |left: u64| Some(left.saturating_sub(taken));
            let (on_success, on_failure) = (Ordering::Relaxed, Ordering::Relaxed);
            let _ = left.fetch_update(on_success, on_failure, take);
        }
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Bytes::of(BYTES)
    }
}

/// What is left of the work that one object may make, be it asked about once or several times. Copies share it.
#[derive(Clone, Debug)]
pub struct Work(Rc<LeftToDo>);

#[derive(Debug)]
struct LeftToDo {
    steps: Cell<u64>,
    text: Cell<u64>,
    spent: Cell<bool>,
}

impl Work {
    /// For an object of so many bytes, checked by so many schemas; one of so many objects.
    pub fn of(bytes: usize, schemas: usize, objects: usize) -> Work {
        let [bytes, schemas, objects] = [bytes, schemas, objects].map(|count| count as u64);
        let schemas = schemas.max(1);
        let share = STEPS.0.min(STEPS.1 / objects.max(1));
        Work(Rc::new(LeftToDo {
            steps: Cell::new((share + STEPS_FOR_A_BYTE * bytes) * schemas),
            text: Cell::new(TEXT.0 * schemas + TEXT.1 * bytes),
            spent: Cell::new(false),
        }))
    }

    /// Without an end, for what is our own.
    pub fn endless() -> Work {
        Work(Rc::new(LeftToDo {
            steps: Cell::new(u64::MAX),
            text: Cell::new(u64::MAX),
            spent: Cell::new(false),
        }))
    }

    /// Whether something was refused.
    pub fn is_spent(&self) -> bool {
        self.0.spent.get()
    }

    /// How many steps are left.
    pub fn steps(&self) -> u64 {
        self.0.steps.get()
    }

    /// Takes steps; whether there were as many.
    pub fn step(&self, count: u64) -> bool {
        self.take(&self.0.steps, count)
    }

    /// Takes room for something to tell, with texts of so many bytes; whether there was as much. Making texts is work, too.
    pub fn tell(&self, bytes: usize) -> bool {
        let bytes = (bytes + TOLD) as u64;
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

impl Default for Work {
    fn default() -> Self {
        Work::endless()
    }
}

/// What is left of the memory that the regular expressions of one definition may take, in bytes; by default nothing.
#[derive(Debug, Default)]
pub struct Patterns(u64);

impl Patterns {
    /// For one of so many definitions of the input.
    pub fn of_one_of(definitions: usize) -> Patterns {
        let definitions = definitions.max(1) as u64;
        Patterns(PATTERNS.0.min(PATTERNS.1 / definitions))
    }

    /// Takes so many bytes; whether there were as many.
    pub fn take(&mut self, bytes: u64) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// How many are left.
    pub fn left(&self) -> u64 {
        self.0
    }
}

/// What is left of what a run may find, in findings.
#[derive(Debug)]
pub struct Findings(usize);

/// Whether there is something left for what is to be judged next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It is judged.
    Left,
    /// It is told that it is not.
    Spent,
}

impl Findings {
    /// For a run that read so many bytes of text, and so many that came out of archives or from servers.
    pub fn of(bytes: usize, dumped: usize) -> Findings {
        Findings(FINDINGS + bytes / BYTES_FOR_A_FINDING + dumped / BYTES_DUMPED_FOR_A_FINDING)
    }

    /// For a run that may find so many, whatever it read.
    #[cfg(test)]
    pub(crate) fn only(count: usize) -> Findings {
        Findings(count)
    }

    /// What is left of it for a run that also tells of steps, which take as much as half of what is found.
    #[must_use]
    pub fn beside_steps(self) -> Findings {
        Findings(self.0 / 3 * 2)
    }

    /// Whether any are left.
    pub fn room(&self) -> Room {
        if self.0 == 0 { Room::Spent } else { Room::Left }
    }

    /// Takes so many, or what is left.
    pub fn take(&mut self, count: usize) {
        self.0 = self.0.saturating_sub(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_may_be_found_in_more_text_until_it_is_spent() {
        let mut left = Findings::of(1600, 0);
        left.take(FINDINGS + 99);
        assert_eq!(left.room(), Room::Left);
        left.take(2);
        assert_eq!(left.room(), Room::Spent);
    }

    /// An archive of a megabyte may hold a hundred times its size in clusters that say nothing but their names.
    #[test]
    fn less_may_be_found_in_what_an_archive_unpacks_to() {
        assert_eq!(Findings::of(0, 1 << 20).0, FINDINGS + (1 << 12));
        assert_eq!(Findings::of(1 << 20, 0).0, FINDINGS + (1 << 16));
    }

    #[test]
    fn bytes_are_left_for_all_who_share_them_and_what_is_refused_takes_none() {
        let whole = Bytes::of(10);
        let part = whole.clone();
        assert!(part.take(6) && !whole.take(5) && whole.take(4) && !part.take(1));
        assert_eq!(part.spare(), SPARE);
        part.unpacked(7, SPARE - 1);
        assert_eq!((whole.left(), whole.spare()), (0, 1));
    }

    #[test]
    fn what_is_spent_stays_spent_for_all_who_share_it() {
        let whole = Work::of(0, 1, 1);
        let part = whole.clone();
        assert!(part.step(STEPS.0) && !part.is_spent());
        assert!(!whole.step(1) && part.is_spent() && !part.tell(0));
    }

    #[test]
    fn a_larger_object_may_take_more() {
        assert!(!Work::of(0, 1, 1).tell(17 << 10));
        assert!(Work::of(16 << 10, 1, 1).tell(17 << 10));
    }

    #[test]
    fn very_many_share_what_is_not_for_their_bytes() {
        let of_many = |objects| Work::of(1, 1, objects).steps();
        assert_eq!(of_many(1000), STEPS.0 + STEPS_FOR_A_BYTE);
        assert_eq!(of_many(1_000_000), 1000 + STEPS_FOR_A_BYTE);
        assert_eq!(Patterns::of_one_of(1).left(), PATTERNS.0);
        assert_eq!(Patterns::of_one_of(256).left(), 1 << 20);
    }
}
