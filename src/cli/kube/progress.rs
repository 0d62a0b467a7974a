//! How far the reading of live clusters is: a line on standard error, only on a terminal, only when it takes longer
//! than a moment.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::ProgressBar;

use crate::source::kube::Progress;

/// What counts as a moment.
const MOMENT: Duration = Duration::from_millis(800);

/// From one look at the counters to the next.
const LOOK: Duration = Duration::from_millis(100);

/// The line, as long as this lives.
pub(super) struct Shown {
    over: Arc<AtomicBool>,
    drawing: Option<JoinHandle<()>>,
}

impl Shown {
    /// Shows how far the reading is.
    pub(super) fn of(progress: &Arc<Progress>) -> Shown {
        let over = Arc::new(AtomicBool::new(false));
        let drawing = io::stderr().is_terminal().then(|| {
            let (progress, over) = (Arc::clone(progress), Arc::clone(&over));
            thread::spawn(move || draw(&progress, &over))
        });
        Shown { over, drawing }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(drawing) = self.drawing.take() {
            drawing.thread().unpark();
            // A line that could not be drawn is no reason to fail.
            let _ = drawing.join();
        }
    }
}

fn draw(progress: &Progress, over: &AtomicBool) {
    let is_over = || over.load(Ordering::Relaxed);
    thread::park_timeout(MOMENT);
    if is_over() {
        return;
    }
    let bar = ProgressBar::new_spinner();
    while !is_over() {
        bar.set_message(words(progress));
        bar.tick();
        thread::park_timeout(LOOK);
    }
    bar.finish_and_clear();
}

/// "3 of 12 clusters, 96 requests, 4521 objects".
fn words(progress: &Progress) -> String {
    let clusters = progress.clusters.load(Ordering::Relaxed);
    let done = progress.done.load(Ordering::Relaxed);
    let (requests, objects) = progress.told();
    let so_far = format!("{requests} requests, {objects} objects");
    if clusters > 1 {
        format!("reading: {done} of {clusters} clusters, {so_far}")
    } else {
        format!("reading the cluster: {so_far}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_clusters_only_where_there_are_several() {
        let progress = Progress::default();
        progress.clusters.store(1, Ordering::Relaxed);
        progress.requests.store(7, Ordering::Relaxed);
        assert_eq!(
            words(&progress),
            "reading the cluster: 7 requests, 0 objects"
        );
        progress.clusters.store(3, Ordering::Relaxed);
        assert!(words(&progress).contains("0 of 3 clusters"));
    }
}
