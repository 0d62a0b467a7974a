//! Volumes of others that are the same directory of a file server, or of a node, as one of the cluster's own.
//!
//! PGO v4 gives each instance and each repository a directory of its own in its volume; PGO v5 has `pg13` and `pg13_wal` at the
//! root of the volume of every cluster, and `archive/db` and `backup/db` at that of every repository. On one directory they
//! meet. Sources: PGO v4 `pv/crunchy-pv-nfs.json` and `pv/crunchy-pv.json`, by which all volumes are one; PGO 5.8
//! internal/postgres/config.go (`DataDirectory`), internal/controller/postgrescluster/volumes.go (the Jobs that move).

use super::claims::Claim;
use super::directories::home;
use crate::expr::Value;
use crate::fact::directory::directory_of;
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::listings::needing_cluster_role;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Completeness, Fact, Found, Kind, Node, Object};

/// "pv-zebra (dbs/zebra)" for each volume of another claim; unknown where none is seen and there may be more volumes.
pub(in crate::fact::v4) fn shared_with(cluster: &Cluster<'_>, claim: &Claim<'_>) -> Fact<Value> {
    // A volume that cannot be seen is asked for by what is asked of it otherwise.
    let Some(Some(volume)) = claim.volume.value() else {
        let none = Value::from(Vec::<String>::new());
        return Fact::at(none, cluster.name_span(), "the cluster");
    };
    let none = || claim.of_volume(Vec::new(), |_| Fact::known(Vec::<String>::new()));
    let inventory = cluster.inventory;
    let Some(place) = directory_of(volume, "", home(inventory)) else {
        return none().map(Value::from);
    };
    let all = cluster.directories().of(&place, inventory).iter();
    let others = all.filter(|other| other.name != volume.name);
    let told = others.filter_map(|other| Some((other, of_another(cluster, other)?)));
    let start = claim.of_volume(Vec::new(), |volume| {
        let note = "the directory that the volume is";
        Fact::at(Vec::<String>::new(), volume.nearest(&["spec"]), note)
    });
    let mut told = told.peekable();
    if told.peek().is_none() {
        let seen = match cluster.directories().seen(inventory) {
            Completeness::Unknown(gap) => {
                Fact::unknown(needing_cluster_role(gap.clone(), Kind::PersistentVolume))
            }
            known => if_complete(known, ()),
        };
        return start.both(seen).map(|(none, ())| none).map(Value::from);
    }
    let named = told.fold(start, |fact, (other, whose)| {
        let words = format!("{} ({whose})", other.name);
        let fact = fact.and_at(other.name_span(), "the same directory");
        fact.map(|mut all| {
            all.push(words);
            all
        })
    });
    named.map(Value::from)
}

/// The claim that a volume is bound to, unless it is one of the cluster's own or not known to be another's.
fn of_another(cluster: &Cluster<'_>, volume: &Object) -> Option<String> {
    let said = |path: &[&str]| volume.at(path).map_or("", Node::text);
    if !matches!(said(&["status", "phase"]), "" | "Bound") {
        return None;
    }
    let reserved = |key| said(&["spec", "claimRef", key]);
    let (namespace, name) = (reserved("namespace"), reserved("name"));
    if name.is_empty() {
        return None;
    }
    let here = cluster.namespace.is_none_or(|own| own == namespace);
    if here {
        let kind = Kind::PersistentVolumeClaim;
        let Found::Here(claim) = cluster.inventory.find(kind, cluster.namespace, name) else {
            return None;
        };
        let owner = claim.label("pg-cluster").map_or("", Node::text);
        if owner == cluster.name {
            return None;
        }
    }
    Some(format!("{namespace}/{name}"))
}

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{PGCLUSTER, World, claim, deployment, pod, stream, with};

    /// The volumes that share the directory of hippo's data, where hippo's and zebra's have these sources.
    fn shared(own: &str, other: &str, label: &str) -> String {
        let driver = "csi: {driver: ebs.csi.aws.com, fsType: ext4, volumeHandle: vol-1}";
        let data = with(&claim("hippo"), driver, own);
        let zebra = with(&claim("zebra"), driver, other);
        let zebra = with(&zebra, "pg-cluster: hippo", &format!("pg-cluster: {label}"));
        let all = [
            PGCLUSTER,
            &deployment("hippo", 1),
            &pod("hippo", "master"),
            &data,
            &zebra,
        ];
        World::complete(&stream(&all)).says("dataClaim.sharedWith")
    }

    #[test]
    fn volumes_of_one_directory_are_found_whatever_leads_there() {
        let told = "[\"pv-zebra (pgo/zebra)\"]";
        for (own, other) in [
            (
                "nfs: {server: nas, path: /all}",
                "nfs: {server: NAS, path: /all/}",
            ),
            (
                "nfs: {server: nas, path: /all}",
                "csi: {driver: nfs.csi.k8s.io, volumeAttributes: {server: nas, share: /all}}",
            ),
            ("hostPath: {path: /data}", "hostPath: {path: /data}"),
        ] {
            assert_eq!(shared(own, other, "zebra"), told, "{own} and {other}");
        }
    }

    /// Read live in one namespace, the volumes of others are not asked for.
    #[test]
    fn where_not_all_volumes_are_seen_it_is_unknown() {
        let driver = "csi: {driver: ebs.csi.aws.com, fsType: ext4, volumeHandle: vol-1}";
        let export = with(&claim("hippo"), driver, "nfs: {server: nas, path: /all}");
        let block = claim("hippo");
        for (data, told) in [(&export, "unknown"), (&block, "[]")] {
            let all = [
                PGCLUSTER,
                &deployment("hippo", 1),
                &pod("hippo", "master"),
                data,
            ];
            let world = World::partial(&stream(&all));
            assert_eq!(world.says("dataClaim.sharedWith"), told);
        }
    }

    #[test]
    fn directories_of_ones_own_are_shared_with_nobody() {
        for (own, other) in [
            (
                "nfs: {server: nas, path: /all/a}",
                "nfs: {server: nas, path: /all/b}",
            ),
            (
                "nfs: {server: nas, path: /all}",
                "nfs: {server: other, path: /all}",
            ),
            (
                "csi: {driver: ebs.csi.aws.com, volumeHandle: a}",
                "csi: {driver: ebs.csi.aws.com, volumeHandle: a}",
            ),
            (
                "local: {path: /d}\n  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: h, operator: In, values: [a]}]}]}}",
                "local: {path: /d}\n  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: h, operator: In, values: [b]}]}]}}",
            ),
        ] {
            assert_eq!(shared(own, other, "zebra"), "[]", "{own} and {other}");
        }
        let one = "nfs: {server: nas, path: /all}";
        assert_eq!(shared(one, one, "hippo"), "[]", "a replica's");
    }
}
