//! What all live reading of a run may take together: bytes, counted as they come and as they are kept.

use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::Fault;
use crate::allowance::Bytes;

/// An allowance of bytes that every request of every cluster draws on; it is a part of what the whole run may read.
#[derive(Debug)]
pub(super) struct Allowance {
    most: u64,
    taken: AtomicU64,
    run: Bytes,
}

impl Allowance {
    pub(super) fn of(most: u64, run: &Bytes) -> Allowance {
        Allowance {
            most,
            taken: AtomicU64::new(0),
            run: run.clone(),
        }
    }

    /// Takes so many, or says that there are not so many left.
    pub(super) fn take(&self, bytes: usize) -> Result<(), Fault> {
        let before = self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
        if before.saturating_add(bytes as u64) > self.most {
            Err(Fault::TooLarge("all that the servers send", self.most))
        } else if !self.run.take(bytes as u64) {
            let most = Bytes::default().left();
            Err(Fault::TooLarge("all that the run reads", most))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_spent() {
        let run = Bytes::of(12);
        let allowance = Allowance::of(10, &run);
        assert!(allowance.take(6).is_ok() && allowance.take(4).is_ok());
        assert!(matches!(allowance.take(1), Err(Fault::TooLarge(..))));
        // What files took is no longer there for servers.
        let allowance = Allowance::of(10, &run);
        assert!(allowance.take(2).is_ok());
        assert!(matches!(allowance.take(1), Err(Fault::TooLarge(..))));
    }
}
