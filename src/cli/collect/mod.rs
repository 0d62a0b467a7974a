//! `collect`: live clusters to bundles, and what is needed to make one: permissions, or kubectl commands.

mod access;
mod commands;
mod cost;
mod flags;
mod rbac;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

pub(super) use self::flags::CollectArgs;

use self::commands::file_name;
use super::Failure;
use super::kube::LiveArgs;
use super::streams::door::Form;
use super::streams::output::{create_file, print, tell};
use crate::allowance::Bytes;
use crate::check::{BROKEN, CLEAN, UNDECIDED};
use crate::manifest::scrubbed;
use crate::printable::one_line;
use crate::source::{Dump, Listed, bundle};

/// Runs `collect` and returns the exit code.
pub(super) fn run(args: &CollectArgs) -> Result<u8, Failure> {
    if let Some(reach) = args.print_rbac {
        print(&rbac::manifests(reach, &args.live.namespace), Form::Lines)?;
        return Ok(CLEAN);
    }
    if args.print_commands {
        print(&scripts(&args.live), Form::Lines)?;
        return Ok(CLEAN);
    }
    if args.check_access {
        return access::run(&args.live);
    }
    let several = args.live.all_contexts || args.live.context.len() > 1;
    if several && args.output.is_some() {
        return Err(Failure::new(
            "--output names one file, and each cluster gets a bundle of its own: leave it out, or name one context",
        ));
    }
    let homes = super::evidence::homes_of_drafts(&args.drafts)?;
    let dumps = args.live.read(homes, &Bytes::default())?;
    let mut code = CLEAN;
    for dump in dumps {
        code = worse(code, collect(args, dump)?);
    }
    Ok(code)
}

fn scripts(live: &LiveArgs) -> String {
    let namespaces = match (live.all_namespaces, live.namespace.as_slice()) {
        (true, _) => commands::Namespaces::All,
        (false, []) => commands::Namespaces::OfContext,
        (false, names) => commands::Namespaces::Named(names),
    };
    let script = |context| commands::script(context, &namespaces, live.secret_metadata);
    if live.context.is_empty() {
        return script(None);
    }
    let scripts: Vec<String> = live.context.iter().map(|name| script(Some(name))).collect();
    scripts.join("\n\n")
}

/// The exit code that outranks the other.
fn worse(left: u8, right: u8) -> u8 {
    [BROKEN, UNDECIDED]
        .into_iter()
        .find(|code| *code == left || *code == right)
        .unwrap_or(CLEAN)
}

/// Writes one cluster's bundle, and says what is not in it.
fn collect(args: &CollectArgs, dump: Dump) -> Result<u8, Failure> {
    let dump = scrubbed(dump);
    let missing = missing(&dump);
    let context = one_line(&dump.name);
    if dump.texts.is_empty() && !dump.listings.iter().any(was_listed) {
        tell(&format!(
            "error: {context}: nothing could be read, so no bundle was written"
        ));
        for line in &missing {
            tell(line);
        }
        return Ok(BROKEN);
    }
    let mut bytes = Vec::new();
    bundle::write(&dump, &mut bytes)
        .map_err(|error| Failure::new(format!("{context}: cannot make the bundle: {error}")))?;
    let place = match args.output.as_deref() {
        Some(path) if path == Path::new("-") => {
            to_standard_output(&bytes)?;
            "standard output".to_owned()
        }
        named => {
            let path = named.map_or_else(|| default_path(&dump), Path::to_owned);
            create_file(&path, &bytes, args.force)?;
            path.display().to_string()
        }
    };
    let objects = dump.texts.len();
    let noun = if objects == 1 { "object" } else { "objects" };
    tell(&format!("{context}: {objects} {noun} in {place}"));
    if missing.is_empty() {
        return Ok(CLEAN);
    }
    tell("Not in it (what that leaves open, `check` will say):");
    for line in &missing {
        tell(line);
    }
    Ok(UNDECIDED)
}

fn was_listed(listing: &crate::source::Listing) -> bool {
    !matches!(listing.outcome, Listed::Failed { .. })
}

/// One line for each kind that could not be listed, and for whatever else could not be read.
fn missing(dump: &Dump) -> Vec<String> {
    let listings = dump
        .listings
        .iter()
        .filter_map(|listing| match &listing.outcome {
            Listed::Failed { because, ask } => {
                let place = listing
                    .namespace
                    .as_ref()
                    .map_or(String::new(), |name| format!(" of namespace {name}"));
                let ask = if ask.is_empty() {
                    String::new()
                } else {
                    format!("\n    {}", one_line(ask))
                };
                Some(format!(
                    "  {}{}: {}{ask}",
                    listing.resource,
                    one_line(&place),
                    one_line(because)
                ))
            }
            Listed::Whole | Listed::NotInstalled => None,
        });
    let skipped = dump
        .skipped
        .iter()
        .filter(|skipped| skipped.reason.may_hide_objects());
    let skipped = skipped.map(|skipped| {
        format!(
            "  {}: {}",
            one_line(&skipped.uri),
            one_line(&skipped.reason.to_string())
        )
    });
    listings.chain(skipped).collect()
}

fn to_standard_output(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        return Err(Failure::new(
            "a bundle is no text for a terminal: redirect standard output, or name a file with --output",
        ));
    }
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new(format!("cannot write to standard output: {error}")))
}

/// In the working directory, named for the context and the day.
fn default_path(dump: &Dump) -> PathBuf {
    let taken = dump.taken.unwrap_or_else(jiff::Timestamp::now);
    let day = taken.strftime("%Y-%m-%d");
    PathBuf::from(format!(
        "pgo-preflight-{}-{day}.tar.gz",
        file_name(&dump.name)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_named_for_its_context_and_day() {
        let dump = Dump {
            name: "arn:aws:eks:eu-1:12:cluster/prod".to_owned(),
            taken: Some("2026-11-20T23:59:59Z".parse().unwrap()),
            ..Dump::default()
        };
        let path = default_path(&dump);
        assert_eq!(
            path,
            Path::new("pgo-preflight-arn-aws-eks-eu-1-12-cluster-prod-2026-11-20.tar.gz")
        );
        assert_eq!(file_name("../../x"), "x");
    }

    #[test]
    fn the_worst_of_several_clusters_decides() {
        assert_eq!(worse(CLEAN, UNDECIDED), UNDECIDED);
        assert_eq!(worse(UNDECIDED, BROKEN), BROKEN);
        assert_eq!(worse(CLEAN, CLEAN), CLEAN);
    }
}
