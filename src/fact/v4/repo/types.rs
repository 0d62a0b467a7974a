//! In what kinds of storage the backups are: `posix` (a volume), `s3`, `gcs`.

use super::super::Cluster;
use super::super::fields::parse_bool;
use super::super::seen::if_complete;
use super::super::traces::{agreed, in_secret};
use super::super::workload::env;
use super::{enabled, info};
use crate::expr::Version;
use crate::manifest::{Fact, Gap, Object, Truth};

const NOTE: &str = "the repository's types";

/// The types in effect, in the order posix, s3, gcs; none without pgBackRest.
pub(in super::super) fn types(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let types = &cluster.repository().types;
    types.get_or_init(|| in_effect(cluster)).clone()
}

fn in_effect(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let in_use = enabled(cluster);
    if in_use.value() == Some(&false) {
        return in_use.map(|_| Vec::new());
    }
    let written = match written(cluster) {
        Fact::Unknown(gaps) => by_secret(cluster).unwrap_or(Fact::Unknown(gaps)),
        known @ Fact::Known(_) => known,
    };
    agreed(written, running(cluster), |here, there| Gap {
        missing: format!("the repository types of {} in effect", cluster.name),
        because: format!(
            "the Pgcluster says {}, its Deployments run with {}",
            here.join(" and "),
            there.join(" and ")
        ),
        ask: info(cluster),
    })
}

/// What the Pgcluster says. Up to 4.5 the user label counts, from 4.6 on the field; PGO ignores the other.
fn written(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let field = cluster.strings(&["spec", "backrestStorageTypes"], NOTE);
    let label = cluster.userlabel("backrest-storage-type", NOTE);
    let label = label.map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>());
    let fields_count = Version::parse("4.6");
    match cluster.version() {
        Fact::Known(version) if Some(version.value) >= fields_count => field.map(normalised),
        Fact::Known(_) => label.map(normalised),
        Fact::Unknown(gaps) => {
            let (field, label) = (field.map(normalised), label.map(normalised));
            let silent =
                |words: &Fact<Vec<String>>| words.value().is_some_and(|words| words == &["posix"]);
            if silent(&field) {
                label
            } else if silent(&label) || field.value() == label.value() {
                field
            } else {
                Fact::Unknown(gaps.clone())
            }
        }
    }
}

/// What the Deployments run with. Some (the repository host, `PgBouncer`) do not say.
fn running(cluster: &Cluster<'_>) -> Fact<Option<Vec<String>>> {
    let listing = cluster.deployments();
    let mut found: Option<Fact<Vec<String>>> = None;
    for deployment in &listing.objects {
        let said = in_variables(deployment);
        let Fact::Known(Truth {
            value: Some(types),
            evidence,
            assumes,
        }) = said
        else {
            if said.value().is_none() {
                return said;
            }
            continue;
        };
        let said = Fact::Known(Truth {
            value: types,
            evidence,
            assumes,
        });
        match &found {
            Some(first) if first.value() != said.value() => {
                return Fact::unknown(Gap {
                    missing: format!("the repository types of {} in effect", cluster.name),
                    because: "its Deployments say different things".to_owned(),
                    ask: info(cluster),
                });
            }
            Some(_) => {}
            None => found = Some(said),
        }
    }
    match found {
        Some(types) => types.map(Some),
        None => if_complete(&listing.completeness, None),
    }
}

/// The types by the environment of a Deployment or Job; `None` when it does not say. With a volume and an object
/// store the type is `posix`, and a flag adds the other.
pub(in super::super) fn in_variables(object: &Object) -> Fact<Option<Vec<String>>> {
    let said = |names: &[&str], note| {
        let mut values = names.iter().map(|name| env(object, name, note));
        let found = values.find(|value| value.value() != Some(&None));
        found.unwrap_or_else(|| Fact::known(None))
    };
    let flag = |names: &[&str]| {
        let said = said(names, "whether there is an object store beside the volume");
        said.map(|text| text.is_some_and(|text| parse_bool(&text).unwrap_or(false)))
    };
    let first = said(
        &["PGBACKREST_REPO1_TYPE", "PGBACKREST_REPO_TYPE"],
        "the type of storage in effect",
    );
    if first.value() == Some(&None) {
        return Fact::known(None);
    }
    let s3 = flag(&[
        "PGHA_PGBACKREST_LOCAL_S3_STORAGE",
        "BACKREST_LOCAL_AND_S3_STORAGE",
    ]);
    let gcs = flag(&["PGHA_PGBACKREST_LOCAL_GCS_STORAGE"]);
    // The type is shown first.
    gcs.both(s3).both(first).map(|((gcs, s3), first)| {
        let mut words = vec![first.unwrap_or_default()];
        words.extend((s3 || gcs).then(|| "posix".to_owned()));
        words.extend(s3.then(|| "s3".to_owned()));
        words.extend(gcs.then(|| "gcs".to_owned()));
        Some(normalised(words))
    })
}

/// What the Secret tells when the Pgcluster is gone: without a bucket there can only be a volume. With one, nothing:
/// the operator's own settings may have put it there.
fn by_secret(cluster: &Cluster<'_>) -> Option<Fact<Vec<String>>> {
    let path = in_secret(cluster, "repo-path", "written by PGO 4.4 or newer");
    path.value()?.as_ref()?;
    let s3 = in_secret(cluster, "s3-bucket", "no S3 bucket");
    let gcs = in_secret(cluster, "gcs-bucket", "no GCS bucket");
    let none = |said: &Fact<Option<String>>| {
        said.value()
            .is_some_and(|text| text.as_deref().unwrap_or("").is_empty())
    };
    (none(&s3) && none(&gcs)).then(|| s3.both(gcs).both(path).map(|_| vec!["posix".to_owned()]))
}

/// Known words in their usual spelling and order, each once; nothing said is a volume.
pub(in super::super) fn normalised(words: Vec<String>) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for word in words {
        let word = match word.trim() {
            "" => continue,
            "local" => "posix",
            word => word,
        };
        if !types.iter().any(|known| known == word) {
            types.push(word.to_owned());
        }
    }
    if types.is_empty() {
        types.push("posix".to_owned());
    }
    let order = |word: &String| {
        ["posix", "s3", "gcs"]
            .iter()
            .position(|known| known == word)
            .unwrap_or(3)
    };
    types.sort_by_key(order);
    types
}
