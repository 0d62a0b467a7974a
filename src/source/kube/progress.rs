//! How far the reading of clusters is.

use std::sync::atomic::{AtomicU64, Ordering};

/// How far the reading is, for whoever watches it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Clusters to be read.
    pub clusters: AtomicU64,
    /// Clusters that were read.
    pub done: AtomicU64,
    /// Requests made, repeated ones included.
    pub requests: AtomicU64,
    /// Objects kept.
    pub objects: AtomicU64,
}

impl Progress {
    /// Two numbers for people: requests and objects.
    pub fn told(&self) -> (u64, u64) {
        (
            self.requests.load(Ordering::Relaxed),
            self.objects.load(Ordering::Relaxed),
        )
    }
}
