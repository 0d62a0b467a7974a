//! A live Kubernetes cluster to a dump: the kinds of the table of wanted kinds, by get and list and nothing else.
//!
//! A request that fails becomes a listing that failed, with what would let it succeed; it never makes anything absent.
//! It must not know what the objects mean.

mod access;
mod allowance;
mod answer;
mod context;
mod credentials;
mod discover;
mod fault;
mod foreign;
mod kubeconfig;
mod list;
mod named;
mod options;
mod order;
mod plugin;
mod progress;
mod secret;
mod server;
mod survey;
mod write;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use self::allowance::Allowance;
use self::context::Place;
use super::Dump;

pub use access::{Access, Answers, access};
pub use kubeconfig::{context_names, kubeconfig_problem};
pub use options::{Contexts, LiveError, Namespaces, Options};
pub use progress::Progress;

/// How many clusters are read at the same time.
const CLUSTERS_AT_ONCE: usize = 8;

/// Reads every cluster; the dumps are in the order of the contexts as named. Blocks until all is read or given up.
pub fn take(options: &Options, progress: &Arc<Progress>) -> Result<Vec<Dump>, LiveError> {
    let places = context::places(options)?;
    progress
        .clusters
        .store(places.len() as u64, Ordering::Relaxed);
    let runtime = runtime()?;
    let dumps = runtime.block_on(take_all(places, options, progress));
    // A name that is looked up for ever must not keep the program from ending.
    runtime.shutdown_background();
    Ok(dumps)
}

fn runtime() -> Result<Runtime, LiveError> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

async fn take_all(places: Vec<Place>, options: &Options, progress: &Arc<Progress>) -> Vec<Dump> {
    let deadline = server::Deadline::after(options.timeout);
    let allowance = Arc::new(Allowance::of(options.most_bytes.1, &options.run));
    let options = Arc::new(options.clone());
    let mut dumps: Vec<(usize, Dump)> = Vec::with_capacity(places.len());
    let mut running = JoinSet::new();
    for (number, place) in places.into_iter().enumerate() {
        if running.len() >= CLUSTERS_AT_ONCE {
            let done = running.join_next().await;
            dumps.extend(done.and_then(Result::ok));
        }
        let (options, progress) = (Arc::clone(&options), Arc::clone(progress));
        let allowance = Arc::clone(&allowance);
        running.spawn(async move {
            let dump = order::dump(place, &options, deadline, &allowance, &progress).await;
            progress.done.fetch_add(1, Ordering::Relaxed);
            (number, dump)
        });
    }
    while let Some(done) = running.join_next().await {
        dumps.extend(done);
    }
    dumps.sort_by_key(|(number, _)| *number);
    dumps.into_iter().map(|(_, dump)| dump).collect()
}
