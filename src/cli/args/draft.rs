//! What `draft` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::help::WRITTEN;
use super::judging::JudgingArgs;
use super::show::glob;
use super::value::timestamp;
use crate::check::Glob;
use crate::convert::{Clients, RepositoryPath, Target};
use crate::rule::Method;

pub(in crate::cli) const EXAMPLES: &str = "\
Examples:
  pgo-preflight draft exports/ --method volumes --target 5.8.9
  pgo-preflight draft exports/ --cluster pgo/hippo --method standby --target 5.8.9 --to pgo/hippo-v5
  pgo-preflight draft --context prod -A --target 5.8.9 -o drafts/      one file for each cluster
  pgo-preflight draft exports/ --method backups --target 5.8.9 --format kustomize -o drafts/
  pgo-preflight draft exports/ --method volumes --target 5.8.9 --secrets    the commands that make its Secrets
  pgo-preflight draft exports/ --method backups --target 5.8.9 --point-in-time 2026-11-20T12:00:00Z

What cannot be derived is left as a quoted TODO, which `pgo-preflight check` finds, or as a comment where the key would stand.

Exit codes: 0 written; 1 a cluster is refused a draft, because the method is blocked or what it hangs on is not known; 3 something
is left to fill in; 2 the tool or its usage failed.";

/// Flags of `draft`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // switches are what they are
pub(in crate::cli) struct DraftArgs {
    /// Files, folders, bundles, or - for standard input: the evidence about the v4 clusters
    #[arg(value_name = "[NAME=]PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Draft only for these clusters: NAME or NAMESPACE/NAME, with * and ? (repeatable)
    #[arg(long, value_name = "[NAMESPACE/]NAME", value_parser = glob)]
    pub(in crate::cli) cluster: Vec<Glob>,
    /// The method; default: of each cluster the one that is closest to ready
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub(in crate::cli) method: Option<Method>,
    /// The new cluster's name, and its namespace; default: v4's, with -v5 behind the name where v4 lives on beside it
    #[arg(long, value_name = "[NAMESPACE/]NAME", value_parser = target_name)]
    pub(in crate::cli) to: Option<Target>,
    /// How clients come in: as with v4, with TLS alone, or with TLS and SCRAM alone; default: keep, or tls where v4 takes TLS alone
    #[arg(long, value_name = "HOW", value_enum)]
    pub(in crate::cli) clients: Option<ClientsArg>,
    /// Where v5 keeps backups in a bucket: own, v4, or a path; default: v4's where v5 takes over from it, else one of its own
    #[arg(long, value_name = "PATH", value_parser = repository)]
    pub(in crate::cli) repo_path: Option<RepositoryPath>,
    /// How many instances; default: 1, until the move is done
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub(in crate::cli) replicas: Option<u32>,
    /// With the method backups: restore to this time, as RFC 3339; default: to the end of what v4 archived
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub(in crate::cli) point_in_time: Option<Timestamp>,
    /// The API version to write; v1 from 6.0 on
    #[arg(long, value_name = "VERSION", value_parser = ["v1beta1", "v1"])]
    pub(in crate::cli) api_version: Option<String>,
    /// Write one file for each cluster into this folder, instead of all to standard output
    #[arg(help_heading = WRITTEN, short, long, value_name = "DIR")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Overwrite files that are there
    #[arg(help_heading = WRITTEN, long, requires = "output")]
    pub(in crate::cli) force: bool,
    /// One manifest, or a base for kustomize with an overlay for what you change, which is never overwritten
    #[arg(help_heading = WRITTEN, long, value_enum, default_value_t = DraftFormat::Yaml)]
    pub(in crate::cli) format: DraftFormat,
    /// Print the commands that make the Secrets from those of v4 instead; no value is read or printed
    #[arg(help_heading = WRITTEN, long, conflicts_with_all = ["output", "format"])]
    pub(in crate::cli) secrets: bool,
    /// Leave out where values come from
    #[arg(help_heading = WRITTEN, long)]
    pub(in crate::cli) no_comments: bool,
    /// Draft also for a method that is blocked, and say on top why it is
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
    #[command(flatten)]
    pub(in crate::cli) judging: JudgingArgs,
}

/// `--format` of `draft`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DraftFormat {
    /// The manifest
    Yaml,
    /// A base with the manifest, and an overlay
    Kustomize,
}

/// `--clients`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum ClientsArg {
    /// With TLS or without, by the passwords they have
    Keep,
    /// With TLS alone, by the passwords they have
    Tls,
    /// With TLS alone, by passwords hashed as SCRAM
    Scram,
}

impl From<ClientsArg> for Clients {
    fn from(arg: ClientsArg) -> Self {
        match arg {
            ClientsArg::Keep => Clients::Keep,
            ClientsArg::Tls => Clients::Tls,
            ClientsArg::Scram => Clients::Scram,
        }
    }
}

fn method(text: &str) -> Result<Method, String> {
    let found = Method::ALL.into_iter().find(|method| method.name() == text);
    found.ok_or_else(|| format!("`{text}` is no way from v4; use volumes, backups or standby"))
}

fn target_name(text: &str) -> Result<Target, String> {
    let (namespace, name) = match text.split_once('/') {
        Some((namespace, name)) => (Some(namespace.to_owned()), name),
        None => (None, text),
    };
    if name.is_empty() || namespace.as_deref() == Some("") {
        return Err(format!("`{text}` is not NAME or NAMESPACE/NAME"));
    }
    Ok(Target {
        namespace,
        name: name.to_owned(),
    })
}

fn repository(text: &str) -> Result<RepositoryPath, String> {
    match text {
        "own" => Ok(RepositoryPath::Own),
        "v4" => Ok(RepositoryPath::V4),
        path if path.starts_with('/') && path.len() > 1 => Ok(RepositoryPath::At(path.to_owned())),
        other => Err(format!(
            "`{other}` is neither own nor v4 nor a path that begins with /"
        )),
    }
}
