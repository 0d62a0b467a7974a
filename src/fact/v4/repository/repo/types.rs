//! In what kinds of storage the backups are: `posix` (a volume), `s3`, `gcs`.

use super::enabled;
use super::enabled::info;
use crate::expr::Version;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::parse_bool;
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::{V4Order, kept, source, to_the_letter};
use crate::manifest::{Fact, Gap, Object, Truth};

const NOTE: &str = "the repository's types";

/// The types in effect, in the order posix, s3, gcs; none without pgBackRest.
pub(in crate::fact::v4) fn types(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let types = &cluster.repository().types;
    types.get_or_init(|| in_effect(cluster)).clone()
}

/// Who tells the types; each in words of the usual order, joined by commas.
pub(in crate::fact::v4) static TYPES: V4Order = V4Order {
    what: "the kind of repository",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_TYPE of the Deployments",
            running,
        ),
        source(
            Trust::Kept,
            "the annotations of the repository's Secret, without a bucket",
            by_secret,
        ),
        source(
            Trust::Wish,
            "spec.backrestStorageTypes, up to 4.5 the user label backrest-storage-type",
            |cluster| match written(cluster) {
                Fact::Unknown(gaps) if cluster.object.is_some() => Answer::Unclear(gaps),
                written => written
                    .map(|types| types.map(|types| types.join(",")))
                    .into(),
            },
        ),
        source(Trust::Default, "a volume", |cluster| {
            // Of a Pgcluster that is not in the input it is not known that it leaves it to PGO.
            written(cluster).map(|_| Some("posix".to_owned())).into()
        }),
    ],
};

fn in_effect(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let in_use = enabled(cluster);
    if in_use.value() == Some(&false) {
        return in_use.map(|_| Vec::new());
    }
    let words = cluster.settled_text(&TYPES);
    words.map(|words| words.split(',').map(str::to_owned).collect())
}

/// What the Pgcluster says; `None` where it leaves it to PGO. Up to 4.5 the user label counts, from 4.6 on the field; PGO
/// ignores the other.
fn written(cluster: &Cluster<'_>) -> Fact<Option<Vec<String>>> {
    let said = |words: Vec<String>| {
        let any = words.iter().any(|word| !word.trim().is_empty());
        any.then(|| normalised(words))
    };
    let field = cluster.strings(&["spec", "backrestStorageTypes"], NOTE);
    let label = cluster.userlabel("backrest-storage-type", NOTE);
    let label = label.map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>());
    let (field, label) = (field.map(said), label.map(said));
    let fields_count = Version::parse("4.6");
    match cluster.version() {
        Fact::Known(version) if Some(version.value) >= fields_count => field,
        Fact::Known(_) => label,
        Fact::Unknown(gaps) => {
            let silent = |words: &Fact<Option<Vec<String>>>| {
                let words = words.value();
                words.is_some_and(|words| words.as_deref().is_none_or(|words| words == ["posix"]))
            };
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

/// What the instances run with. Of the other Deployments only hand-made ones say a type, and it is not theirs to say.
fn running(cluster: &Cluster<'_>) -> Answer {
    let instances = cluster.instances().seen.iter();
    let of_instances: Vec<&Object> = instances.filter_map(Instance::runs).collect();
    let listing = cluster.deployments();
    said_by(cluster, &of_instances)
        .or_else(|| said_by(cluster, &listing.objects))
        .unwrap_or_else(|| if_complete(&listing.completeness, None).into())
}

/// What these say together; `None` where none of them says anything.
fn said_by(cluster: &Cluster<'_>, objects: &[&Object]) -> Option<Answer> {
    let mut found: Option<Truth<String>> = None;
    for object in objects {
        let said = match in_variables(object) {
            Fact::Unknown(gaps) if object.rivals.is_empty() => return Some(Answer::Mute(gaps)),
            Fact::Unknown(gaps) => return Some(Answer::Unclear(gaps)),
            Fact::Known(truth) => truth,
        };
        let Some(types) = said.value else { continue };
        let said = Truth {
            value: types.join(","),
            evidence: said.evidence,
            assumes: said.assumes,
        };
        match &found {
            Some(first) if first.value != said.value => {
                let gap = Gap {
                    missing: format!("the repository types of {} in effect", cluster.name),
                    because: "its Deployments say different things".to_owned(),
                    ask: info(cluster, ""),
                };
                return Some(Answer::Unclear([gap].into()));
            }
            Some(_) => {}
            None => found = Some(said),
        }
    }
    found.map(Answer::Says)
}

/// The types by the environment of a Deployment or Job; `None` when it does not say. With a volume and an object
/// store the type is `posix`, and a flag adds the other.
pub(in crate::fact::v4) fn in_variables(object: &Object) -> Fact<Option<Vec<String>>> {
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

/// What the Secret tells: without a bucket there can only be a volume. With one, nothing: the operator's own settings
/// may have put it there. It is heard only where the Pgcluster is gone: what it does not name tells less than a field.
fn by_secret(cluster: &Cluster<'_>) -> Answer {
    if cluster.object.is_some() {
        return Fact::known(None).into();
    }
    let written = kept(cluster, "repo-path", "written by PGO 4.4 or newer");
    let Answer::Says(Truth { evidence, .. }) = written else {
        return written;
    };
    let buckets = ["s3-bucket", "gcs-bucket"].map(|name| kept(cluster, name, "no bucket"));
    let none = buckets.iter().all(|bucket| match bucket {
        Answer::Says(truth) => truth.value.is_empty(),
        Answer::Silent(_) => true,
        _ => false,
    });
    if !none {
        return Fact::known(None).into();
    }
    Answer::Says(Truth {
        value: "posix".to_owned(),
        evidence,
        assumes: Vec::new(),
    })
}

/// Known words in their usual spelling and order, each once; nothing said is a volume.
pub(in crate::fact::v4) fn normalised(words: Vec<String>) -> Vec<String> {
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
