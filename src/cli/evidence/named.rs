//! What flags name has to be in the input: a name that is not is a mistake, and would be without effect.

use crate::check::{Evidence, postgres_clusters, v4_clusters};
use crate::cli::Failure;
use crate::expr::nearest;
use crate::fact::spec::PairFlag;
use crate::printable::visible;

/// Most names that are told.
const MOST_TOLD: usize = 5;

type Names = Vec<(Option<String>, String)>;

/// Refuses a `--pair` whose v4 cluster, and where `drafted` whose PostgresCluster, is not in the input.
pub(in crate::cli) fn hold_pairs(
    pairs: &[PairFlag],
    evidence: &Evidence,
    drafted: bool,
) -> Result<(), Failure> {
    if pairs.is_empty() {
        return Ok(());
    }
    let v4 = v4_clusters(evidence);
    let v5 = postgres_clusters(evidence);
    for pair in pairs {
        let flag = format!("--pair {pair}");
        let (namespace, name) = pair.cluster();
        hold(&flag, "v4 cluster", (Some(namespace), name), &v4)?;
        if drafted {
            hold(&flag, "PostgresCluster", pair.draft(), &v5)?;
        }
    }
    Ok(())
}

/// Refuses flags, each with the namespace and name of a cluster, whose cluster, of v4 or v5, is not in the input.
pub(super) fn hold_clusters<'f>(
    flags: impl ExactSizeIterator<Item = (String, &'f str, &'f str)>,
    evidence: &Evidence,
) -> Result<(), Failure> {
    if flags.len() == 0 {
        return Ok(());
    }
    let all = [v4_clusters(evidence), postgres_clusters(evidence)].concat();
    for (flag, namespace, name) in flags {
        hold(&flag, "cluster", (Some(namespace), name), &all)?;
    }
    Ok(())
}

/// Refuses a name that is none of these. What writes no namespace is meant by its name.
fn hold(
    flag: &str,
    what: &str,
    (namespace, name): (Option<&str>, &str),
    known: &Names,
) -> Result<(), Failure> {
    let is_it = |(there, other): &(Option<String>, String)| {
        let same = match (there, namespace) {
            (Some(there), Some(namespace)) => there == namespace,
            _ => true,
        };
        same && other == name
    };
    if known.iter().any(is_it) {
        return Ok(());
    }
    let wanted = title(namespace, name);
    let titles = known.iter().map(|(there, name)| match namespace {
        Some(_) => title(there.as_deref(), name),
        None => name.clone(),
    });
    let mut titles: Vec<String> = titles.collect();
    titles.sort_unstable();
    titles.dedup();
    let hint = match nearest(&wanted, titles.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if titles.is_empty() => "it has none at all".to_owned(),
        None => {
            let more = titles.len().saturating_sub(MOST_TOLD);
            titles.truncate(MOST_TOLD);
            let all = titles.join(", ");
            match more {
                0 => format!("it has {all}"),
                more => format!("it has {all} and {more} more"),
            }
        }
    };
    let text = format!("{flag}: no {what} {wanted} is in the input; {hint}");
    Err(Failure::new(visible(&text)))
}

fn title(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    }
}
