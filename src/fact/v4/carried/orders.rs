//! Words that several places can tell of how instances stand together.

use super::scheduling::kept_apart;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::workload::pod_field;
use crate::fact::v4::postgres::by_patroni;
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::status::{SHUTDOWN, state_is};
use crate::fact::v4::traces::{V4Order, asked, source, to_the_letter};
use crate::manifest::{Fact, Node};

const APART: &str = "how pods are kept apart";
const FAILOVER: &str = "whether it fails over by itself";

/// Who tells how instances are kept apart. PGO v4 never acts on a change of the wish.
pub(super) static SPREAD: V4Order = V4Order {
    what: "how instances are kept apart",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "podAntiAffinity of the Deployments",
            |cluster| match kept_apart(cluster) {
                Some(kept) => kept.map(Some).into(),
                None => Fact::known(None).into(),
            },
        ),
        source(
            Trust::Wish,
            "spec.podAntiAffinity.default, up to 4.5 the user label pg-pod-anti-affinity",
            |cluster| {
                let field = cluster.string(&["spec", "podAntiAffinity", "default"], APART);
                if field.value() != Some(&String::new()) {
                    return asked(cluster, field);
                }
                asked(cluster, cluster.userlabel("pg-pod-anti-affinity", APART))
            },
        ),
    ],
};

/// Who tells whether automatic failover is off, as "true" or "false". PGO v4 pauses Patroni for it, and for a shutdown too.
pub(super) static AUTOFAIL: V4Order = V4Order {
    what: "automatic failover",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "pause of Patroni's configuration", |cluster| {
            match by_patroni(cluster, "pause") {
                Answer::Says(truth) if state_is(cluster, SHUTDOWN) => {
                    Fact::Known(truth).map(|_| None).into()
                }
                // It stays unseen, and the wish counts: a remark in the draft rests on it, nothing else.
                Answer::Unseen(_) => Fact::known(None).into(),
                other => other,
            }
        }),
        source(
            Trust::Wish,
            "spec.disableAutofail, up to 4.5 the label autofail",
            disabled,
        ),
    ],
};

const OWN_USER: &str = "the user of the Pgcluster";

/// Who tells the cluster's own user. Its Secret is mounted in every instance, from the cluster's making on.
pub(super) static USER: V4Order = V4Order {
    what: "the user",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "the volume user-volume of the Deployments",
            |cluster| match mounted_user(cluster) {
                Some(user) => user.map(Some).into(),
                // It stays unseen, and the wish counts, as where nothing runs any more.
                None => Fact::known(None).into(),
            },
        ),
        source(Trust::Wish, "spec.user", |cluster| {
            asked(cluster, cluster.string(&["spec", "user"], OWN_USER))
        }),
    ],
};

/// Of the Secret `CLUSTER-USER-secret`.
fn mounted_user(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    let objects = cluster.instances().seen.iter().filter_map(Instance::runs);
    let secrets = objects.flat_map(|object| {
        let volumes = pod_field(object, &["volumes"]);
        let volumes = volumes.into_iter().flat_map(Node::items);
        let of_user = |one: &Node<'_>| {
            one.get("name")
                .is_some_and(|name| name.text() == "user-volume")
        };
        volumes
            .filter(of_user)
            .filter_map(|one| one.at(&["secret", "secretName"]))
    });
    let mut users = secrets.filter_map(|secret| {
        let rest = secret
            .text()
            .strip_prefix(cluster.name)?
            .strip_prefix('-')?;
        let user = rest.strip_suffix("-secret")?;
        Some(Fact::at(user.to_owned(), secret.span(), OWN_USER))
    });
    users.next()
}

fn disabled(cluster: &Cluster<'_>) -> Answer {
    let field = cluster.boolean(&["spec", "disableAutofail"], FAILOVER);
    if field.value() != Some(&false) {
        return asked(cluster, field.map(|off| off.to_string()));
    }
    let label = cluster.label("autofail", FAILOVER);
    asked(
        cluster,
        field
            .both(label)
            .map(|(_, label)| (label == "false").to_string()),
    )
}
