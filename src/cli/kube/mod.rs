//! The flags that name live clusters to dumps of them, with progress on standard error.

mod progress;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use self::progress::Shown;
use super::Failure;
use crate::allowance::Bytes;
use crate::source::Dump;
use crate::source::kube::{Contexts, Namespaces, Options, Progress, take};

/// Where `--help` lists them.
const LIVE: &str = "Live clusters (get and list only; no Secrets)";

/// Flags of everything that reads live clusters.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct LiveArgs {
    /// Read the cluster of this context (repeatable)
    #[arg(help_heading = LIVE, long, value_name = "NAME", conflicts_with = "all_contexts")]
    pub(super) context: Vec<String>,
    /// Read the cluster of every context in the kubeconfig
    #[arg(help_heading = LIVE, long)]
    pub(super) all_contexts: bool,
    /// Read this namespace (repeatable); default: the one the context names
    #[arg(
        help_heading = LIVE,
        short = 'n',
        long,
        value_name = "NAME",
        conflicts_with = "all_namespaces"
    )]
    pub(super) namespace: Vec<String>,
    /// Read all namespaces
    #[arg(help_heading = LIVE, short = 'A', long)]
    pub(super) all_namespaces: bool,
    /// The kubeconfig; default: what KUBECONFIG names, else ~/.kube/config, else the pod's service account
    #[arg(help_heading = LIVE, long, value_name = "FILE")]
    pub(super) kubeconfig: Option<PathBuf>,
    /// Also get the metadata (never the data) of each cluster's Secret CLUSTER-backrest-repo-config, whose annotations
    /// carry the repository's settings
    #[arg(help_heading = LIVE, long)]
    pub(super) secret_metadata: bool,
    /// How long one request, or a login plugin, may take [default: 30s]
    #[arg(help_heading = LIVE, long, value_name = "TIME", value_parser = duration)]
    pub(super) request_timeout: Option<Duration>,
    /// How long all requests together may take [default: 10m]
    #[arg(help_heading = LIVE, long, value_name = "TIME", value_parser = duration)]
    pub(super) timeout: Option<Duration>,
}

impl LiveArgs {
    /// Whether a cluster is to be read. Nothing is, unless a flag names one: the program works offline.
    pub(super) fn names_clusters(&self) -> bool {
        self.all_contexts
            || self.all_namespaces
            || self.kubeconfig.is_some()
            || !self.context.is_empty()
            || !self.namespace.is_empty()
    }

    /// Refuses flags that would have no effect.
    pub(super) fn refuse_idle(&self) -> Result<(), Failure> {
        let given = [
            (self.secret_metadata, "--secret-metadata"),
            (self.request_timeout.is_some(), "--request-timeout"),
            (self.timeout.is_some(), "--timeout"),
        ];
        match given.into_iter().find(|(given, _)| *given) {
            Some((_, flag)) if !self.names_clusters() => Err(Failure::new(format!(
                "{flag} says how to read a live cluster, and none is named: add --context, --all-contexts, -n or -A"
            ))),
            _ => Ok(()),
        }
    }

    /// What they ask for; `beside` are namespaces that are of interest whatever is in them.
    pub(super) fn options(&self, beside: Vec<String>) -> Options {
        let usual = Options::default();
        Options {
            kubeconfig: self.kubeconfig.clone(),
            contexts: match (self.all_contexts, self.context.as_slice()) {
                (true, _) => Contexts::All,
                (false, []) => Contexts::Current,
                (false, names) => Contexts::Named(names.to_vec()),
            },
            namespaces: match (self.all_namespaces, self.namespace.as_slice()) {
                (true, _) => Namespaces::All,
                (false, []) => Namespaces::OfContext,
                (false, names) => Namespaces::Named(names.to_vec()),
            },
            beside,
            secret_metadata: self.secret_metadata,
            request_timeout: self.request_timeout.unwrap_or(usual.request_timeout),
            timeout: self.timeout.unwrap_or(usual.timeout),
            ..usual
        }
    }

    /// Reads the clusters, within what is left for the run.
    pub(super) fn read(&self, beside: Vec<String>, run: &Bytes) -> Result<Vec<Dump>, Failure> {
        let progress = Arc::new(Progress::default());
        let _shown = Shown::of(&progress);
        let options = Options {
            run: run.clone(),
            ..self.options(beside)
        };
        Ok(take(&options, &progress)?)
    }
}

/// `30s`, `5m`, `1h 30m`; a bare number means seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a time span such as 30s or 5m");
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds))
            .filter(|time| !time.is_zero())
            .ok_or_else(wrong);
    }
    let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(span)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_are_written_as_people_write_them() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("45"), Ok(Duration::from_secs(45)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        for wrong in ["", "soon", "-5s", "0", "0s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_flag_for_live_clusters_does_not_reach_for_one() {
        let args = LiveArgs {
            timeout: Some(Duration::from_secs(1)),
            ..LiveArgs::default()
        };
        assert!(!args.names_clusters());
        assert!(args.refuse_idle().is_err());
    }
}
