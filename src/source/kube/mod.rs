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
mod kubeconfig;
mod list;
mod named;
mod plugin;
mod secret;
mod server;
mod survey;
mod untold;
mod write;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use self::allowance::Allowance;
use self::context::Place;
use super::Dump;
use crate::allowance::Bytes;

pub use access::{Access, Answers, access};
pub use kubeconfig::{context_names, kubeconfig_problem};

/// Which clusters are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Contexts {
    /// The current context of the kubeconfig; without a kubeconfig, the cluster this program runs in.
    #[default]
    Current,
    /// These contexts.
    Named(Vec<String>),
    /// Every context of the kubeconfig.
    All,
}

/// Which namespaces are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Namespaces {
    /// The one that the context names, else `default`.
    #[default]
    OfContext,
    /// These.
    Named(Vec<String>),
    /// All.
    All,
}

/// What to read and how patient to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kubeconfig; by default what `KUBECONFIG` names, else `~/.kube/config`.
    pub kubeconfig: Option<PathBuf>,
    /// The clusters.
    pub contexts: Contexts,
    /// The namespaces.
    pub namespaces: Namespaces,
    /// Namespaces that are read although nothing in the cluster says that they hold clusters: those of drafts.
    pub beside: Vec<String>,
    /// Whether to get the metadata of the Secret with each cluster's repository settings.
    pub secret_metadata: bool,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// How long all requests together may take.
    pub timeout: Duration,
    /// Objects asked for in one page.
    pub page: u32,
    /// Bytes of one answer, and of everything together: answers as they are without compression, and what is kept of them.
    pub most_bytes: (u64, u64),
    /// What is left of all that the run may read, files and archives included.
    pub run: Bytes,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            kubeconfig: None,
            contexts: Contexts::Current,
            namespaces: Namespaces::OfContext,
            beside: Vec::new(),
            secret_metadata: false,
            request_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(600),
            page: 500,
            most_bytes: (64 << 20, 1 << 30),
            run: Bytes::default(),
        }
    }
}

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

/// What makes it impossible to ask any cluster anything: wrong usage, not a fault of a cluster.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// No kubeconfig that can be read, and this is not a pod of a cluster either.
    #[error("no cluster to read: {0}")]
    NoKubeconfig(String),
    /// A context that the kubeconfig lacks.
    #[error("the kubeconfig has no context `{name}`; it has {known}")]
    UnknownContext {
        /// As the user wrote it.
        name: String,
        /// Those there are.
        known: String,
    },
    /// The kubeconfig names no current context.
    #[error(
        "the kubeconfig has no current context: name one with --context, or use --all-contexts"
    )]
    NoCurrentContext,
    /// The runtime of the client could not be started.
    #[error("cannot start reading: {0}")]
    Runtime(#[from] std::io::Error),
}

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
            let dump = survey::dump(place, &options, deadline, &allowance, &progress).await;
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
