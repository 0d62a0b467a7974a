//! What the user named to clusters: a kubeconfig's contexts, or the service account of the pod we run in.

use std::time::Duration;

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};

use super::fault::span;
use super::foreign;
use super::{Contexts, LiveError, Options, credentials, kubeconfig};

/// One cluster to be read.
pub(super) struct Place {
    /// Its name in reports: the context.
    pub(super) name: String,
    /// How it is found.
    pub(super) way: Way,
}

/// How a cluster is found.
pub(super) enum Way {
    /// A context of a kubeconfig.
    Context(Box<Kubeconfig>),
    /// The service account of the pod we run in.
    InCluster,
}

impl Place {
    /// Address and credentials; certificates that the kubeconfig names are read now.
    pub(super) async fn config(self) -> Result<Config, String> {
        match self.way {
            Way::InCluster => foreign::in_cluster()
                .map_err(|_| "the service account of this pod cannot be read".to_owned()),
            Way::Context(config) => {
                let options = KubeConfigOptions {
                    context: Some(self.name),
                    ..KubeConfigOptions::default()
                };
                within(*config, options).await
            }
        }
    }
}

/// How long the files that a kubeconfig names may take to be read: one may be a pipe that nobody writes to.
const READING: Duration = Duration::from_secs(10);

/// The configuration of a context, if its files can be read in time.
async fn within(mut config: Kubeconfig, options: KubeConfigOptions) -> Result<Config, String> {
    let runtime = tokio::runtime::Handle::current();
    let reading = tokio::task::spawn_blocking(move || {
        let context = options.context.as_deref().unwrap_or_default();
        credentials::take_files(&mut config, context)?;
        let read = runtime.block_on(foreign::config_of(config, &options));
        read.map_err(|error| error.kind().to_owned())
    });
    match tokio::time::timeout(READING, reading).await {
        Ok(Ok(read)) => read.map_err(|why| format!("the kubeconfig: {why}")),
        _ => Err(format!(
            "the files that the kubeconfig names were not read within {}",
            span(READING)
        )),
    }
}

/// The clusters that are named, each once, in the order named.
pub(super) fn places(options: &Options) -> Result<Vec<Place>, LiveError> {
    let read = kubeconfig::read(options.kubeconfig.as_deref()).map_err(LiveError::NoKubeconfig)?;
    let kubeconfig = match read {
        Some(kubeconfig) if !is_blank(&kubeconfig) => kubeconfig,
        Some(_) => return in_cluster(options, "the kubeconfig names no cluster"),
        None => return in_cluster(options, "there is no kubeconfig"),
    };
    let known: Vec<&str> = kubeconfig
        .contexts
        .iter()
        .map(|context| context.name.as_str())
        .collect();
    let mut names: Vec<String> = match &options.contexts {
        Contexts::Named(names) => names.clone(),
        Contexts::All => known.iter().map(|name| (*name).to_owned()).collect(),
        Contexts::Current => {
            let current = kubeconfig.current_context.clone();
            let named = current.filter(|name| !name.is_empty());
            vec![named.ok_or(LiveError::NoCurrentContext)?]
        }
    };
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(LiveError::UnknownContext {
            name: name.clone(),
            known: if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            },
        });
    }
    let place = |name| Place {
        name,
        way: Way::Context(Box::new(kubeconfig.clone())),
    };
    Ok(names.into_iter().map(place).collect())
}

/// A kubeconfig that says nothing, as an empty file does.
fn is_blank(kubeconfig: &Kubeconfig) -> bool {
    kubeconfig.contexts.is_empty() && kubeconfig.clusters.is_empty()
}

/// Without a kubeconfig: the cluster whose pod we are, unless the user asked for a context or a file.
fn in_cluster(options: &Options, because: &str) -> Result<Vec<Place>, LiveError> {
    let asked = options.kubeconfig.is_some() || options.contexts != Contexts::Current;
    if asked || foreign::in_cluster().is_err() {
        return Err(LiveError::NoKubeconfig(because.to_owned()));
    }
    Ok(vec![Place {
        name: "in-cluster".to_owned(),
        way: Way::InCluster,
    }])
}
