//! The time that all requests to a server have together.

use std::time::{Duration, Instant};

use crate::source::kube::fault::Fault;

/// When all reading must be over.
#[derive(Clone, Copy, Debug)]
pub(in crate::source::kube) struct Deadline {
    end: Instant,
    given: Duration,
}

impl Deadline {
    pub(in crate::source::kube) fn after(given: Duration) -> Deadline {
        let now = Instant::now();
        // A wait too long to be added is as good as none: a century.
        let end = now.checked_add(given);
        Deadline {
            end: end.unwrap_or(now + Duration::from_secs(3_000_000_000)),
            given,
        }
    }

    /// What is left, or that nothing is.
    pub(super) fn left(self) -> Result<Duration, Fault> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            Err(self.over())
        } else {
            Ok(left)
        }
    }

    /// What is told when nothing is left.
    pub(super) fn over(self) -> Fault {
        Fault::OutOfTime(self.given)
    }
}
