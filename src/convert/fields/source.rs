//! Where the data come from: `dataSource` and `standby`.

use super::row::{Field, field};
use super::{bucket, instances, repository};
use crate::convert::choices::Form;
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, open, todo};
use crate::manifest::{Fact, Gap, Gaps, shell_word};

const VOLUMES: &[Form] = &[Form::Volumes];
const ADOPTING: &[Form] = &[Form::Volumes, Form::RepositoryVolume];
const OF_ITSELF: &[Form] = &[Form::RepositoryVolume, Form::SharedPath];
const OWN_PATH: &[Form] = &[Form::OwnPath];
const STANDBY: &[Form] = &[Form::Standby];

pub(super) const FIELDS: &[Field] = &[
    field("spec.dataSource.volumes.pgDataVolume.pvcName", |view| {
        of_primary(view, "dataClaim.name", "the claim with the primary's data")
    })
    .only(VOLUMES),
    field("spec.dataSource.volumes.pgDataVolume.directory", |view| {
        let what = "the primary's data directory in that claim";
        of_primary(view, "primary.dataDirectory", what)
    })
    .only(VOLUMES),
    field("spec.dataSource.volumes.pgWALVolume.pvcName", wal_claim).only(VOLUMES),
    field("spec.dataSource.volumes.pgBackRestVolume.pvcName", |view| {
        view.stores_in("posix")
            .then(|| view.word("repoClaim.name", "the claim with the repository"))?
    })
    .only(ADOPTING),
    field(
        "spec.dataSource.volumes.pgBackRestVolume.directory",
        |view| {
            view.stores_in("posix")
                .then(|| view.word("repo.directory", "the repository's directory in that claim"))?
        },
    )
    .only(ADOPTING),
    field("spec.dataSource.postgresCluster.repoName", |_| {
        let words = "the cluster's own first repository, which is v4's";
        Some(Entry::text("", "repo1").saying(words.to_owned()))
    })
    .only(OF_ITSELF),
    field("spec.dataSource.postgresCluster.options", until).only(OF_ITSELF),
    field(
        "spec.dataSource.postgresCluster.resources",
        instances::resources,
    )
    .only(OF_ITSELF),
    field(
        "spec.dataSource.postgresCluster.tolerations",
        instances::tolerations,
    )
    .only(OF_ITSELF),
    field("spec.dataSource.postgresCluster.affinity", node_affinity).only(OF_ITSELF),
    field("spec.dataSource.pgbackrest.stanza", |view| {
        Some(Entry::text("", "db").saying(view.origin(&view.text("repo.stanza"))))
    })
    .only(OWN_PATH),
    field(
        "spec.dataSource.pgbackrest.configuration",
        repository::configuration,
    )
    .only(OWN_PATH),
    field(
        "spec.dataSource.pgbackrest.global",
        repository::source_global,
    )
    .only(OWN_PATH),
    field("spec.dataSource.pgbackrest.repo", |view| {
        Some(Entry::item(bucket::bucket(view, "repo1")))
    })
    .only(OWN_PATH),
    field("spec.dataSource.pgbackrest.options", until).only(OWN_PATH),
    field("spec.dataSource.pgbackrest.resources", instances::resources).only(OWN_PATH),
    field(
        "spec.dataSource.pgbackrest.tolerations",
        instances::tolerations,
    )
    .only(OWN_PATH),
    field("spec.dataSource.pgbackrest.affinity", node_affinity).only(OWN_PATH),
    field("spec.standby.enabled", |_| {
        Some(
            Entry::item(Node::truth(true))
                .saying("until v4 is shut down and replay has ended".to_owned()),
        )
    })
    .only(STANDBY),
    field("spec.standby.repoName", |_| Some(Entry::text("", "repo1"))).only(STANDBY),
];

/// What stops the restore before the end of the log. The operator puts these options into a shell's command line.
fn until(view: &View<'_, '_>) -> Option<Entry> {
    let target = view
        .choices
        .until?
        .strftime("%Y-%m-%d %H:%M:%S%.f+00")
        .to_string();
    let options = ["--type=time".to_owned(), format!("--target=\"{target}\"")];
    let items = options.iter().map(|option| Entry::item(Node::text(option)));
    Some(
        Entry::item(Node::List(items.collect()))
            .saying("your choice: --point-in-time; what v4 wrote later is not restored".to_owned()),
    )
}

/// Something of the primary. Where it is not proven which of several instances that is, none of them is taken for it: a
/// claim of a replica holds other data.
fn of_primary(view: &View<'_, '_>, fact: &str, what: &str) -> Option<Entry> {
    let certain = view.truth("primary.certain");
    if certain.value() == Some(&true) {
        return view.word(fact, what);
    }
    let instances = view.texts("instances.seen");
    let several = |names: &Fact<Vec<String>>| names.value().is_some_and(|names| names.len() > 1);
    // Of what is left of a deleted cluster only the claims tell.
    let candidates = if several(&instances) {
        instances
    } else {
        view.texts("dataClaim.candidates")
    };
    match candidates.value().map(Vec::as_slice) {
        Some([_]) => {
            let entry = view.word(fact, what)?;
            let comment = format!("probable, the only one that is seen: {}", entry.comment);
            Some(entry.saying(comment))
        }
        Some(several) if !several.is_empty() => {
            let names = several.join(" or ");
            let what = format!("{what}, that is of {names}");
            Some(todo(&what, &telling(view, &certain)))
        }
        _ => Some(todo(what, &telling(view, &certain))),
    }
}

/// What tells which instance is the primary.
fn telling(view: &View<'_, '_>, certain: &Fact<bool>) -> Gaps {
    let ask = format!(
        "kubectl get pods {}-l {}",
        view.cluster.namespace_flag(),
        shell_word(&format!("pg-cluster={},role=master", view.cluster.name))
    );
    match certain {
        Fact::Unknown(gaps) => gaps.clone(),
        Fact::Known(_) => Gaps::from([Gap {
            missing: "which instance is the primary".to_owned(),
            because: "nothing proves it".to_owned(),
            ask,
        }]),
    }
}

/// The WAL claim, without a directory: what is in it is found by the data directory.
fn wal_claim(view: &View<'_, '_>) -> Option<Entry> {
    match view.text("walClaim.storage") {
        Fact::Known(truth) if truth.value == "claim" => {
            of_primary(view, "walClaim.name", "the claim with the primary's WAL")
        }
        Fact::Known(_) => None,
        Fact::Unknown(gaps) => Some(match view.text("walClaim.name") {
            Fact::Unknown(_) => open(
                "the claim with the primary's WAL, where there is one",
                &gaps,
            ),
            Fact::Known(_) => todo("the claim with the primary's WAL", &gaps),
        }),
    }
}

/// A restore Job must be able to run where the volumes are.
fn node_affinity(view: &View<'_, '_>) -> Option<Entry> {
    let entry = view.structure("instances.nodeAffinity", "the node affinity of v4's pods")?;
    let comment = entry.comment.clone();
    Some(match entry.node {
        Node::Open => entry,
        node => {
            let inner = Entry::new("nodeAffinity", node);
            Entry::item(Node::Map(vec![inner])).saying(comment)
        }
    })
}
