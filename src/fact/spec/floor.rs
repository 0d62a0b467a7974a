//! The oldest PGO release that has every field a draft uses.

use std::sync::LazyLock;

use super::keys::Keys;
use super::reading::has;
use super::{Draft, DraftFact, row};
use crate::expr::Version;
use crate::fact::Type;
use crate::manifest::{Fact, Node};
use crate::schema::releases;

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.floor",
        Type::Version,
        "the oldest PGO release that has every field the draft uses",
        |draft| {
            let floor = draft.floor();
            let first = releases().first().map(|release| release.version);
            let release = floor.release.or(first);
            Fact::at(
                release.into(),
                floor.place.span(),
                "the field that needs it",
            )
        },
    ),
    row(
        "draft.floorWhy",
        Type::String,
        "the field that needs this release; \"\" where any will do",
        |draft| {
            let floor = draft.floor();
            Fact::at(
                floor.why.as_str().into(),
                floor.place.span(),
                "the field that needs it",
            )
        },
    ),
];

/// A lower bound for releases.
pub(super) struct Floor<'a> {
    /// `None` where any release will do.
    pub(super) release: Option<Version>,
    /// The field that sets it; empty when nothing does.
    pub(super) why: String,
    /// Where it is written.
    pub(super) place: Node<'a>,
}

/// What the draft's fields need.
pub(super) fn of<'a>(draft: &Draft<'a>) -> Floor<'a> {
    let mut floor = Floor {
        release: None,
        why: String::new(),
        place: draft
            .at(&["metadata", "name"])
            .unwrap_or(draft.object.root()),
    };
    let mut raise = |release: Option<Version>, why: &str, place: Node<'a>| {
        if release > floor.release {
            why.clone_into(&mut floor.why);
            (floor.release, floor.place) = (release, place);
        }
    };
    let keys = draft.keys();
    let spec = draft.at(&["spec"]);
    // The newest release that brought one of them decides.
    let newest = SPLIT.iter().rev().find_map(|(since, paths)| {
        let mut paths = paths.iter();
        let found = paths.find_map(|(path, steps)| Some((*path, field(keys, spec?, steps)?)));
        found.map(|(path, key)| (*since, path, key))
    });
    if let Some((since, path, key)) = newest {
        raise(since, path, key);
    }
    if let Some(api) = draft.at(&["apiVersion"])
        && api.text().ends_with("/v1")
    {
        raise(Version::parse("6.0.0"), "apiVersion", api);
    }
    if let Some((key, spec)) = draft.entry(&["spec"])
        && spec.is_map()
        && !has(spec, &["backups"])
    {
        raise(Version::parse("5.7.0"), "spec without backups", key);
    }
    if let Some(field) = draft.at(&["spec", "postgresVersion"])
        && let Ok(major) = field.text().parse::<u32>()
    {
        let newer = releases()
            .iter()
            .skip_while(|release| release.postgres_max < major);
        let first = newer.map(|release| release.version).next();
        if first > releases().first().map(|release| release.version) {
            raise(first, "spec.postgresVersion", field);
        }
    }
    floor
}

/// The key of a field that is there and not null; `[]` after a name stands for any item of the list.
fn field<'a>(keys: &Keys<'a>, node: Node<'a>, steps: &[&str]) -> Option<Node<'a>> {
    let (name, rest) = steps.split_first()?;
    let of_items = name.strip_suffix("[]");
    let entry = keys.entry(node, of_items.unwrap_or(name))?;
    let value = entry.value;
    match rest {
        [] => (!value.is_null()).then_some(entry.key),
        rest if of_items.is_some() => {
            let mut items = value.items();
            items.find_map(|item| field(keys, item, rest))
        }
        rest => field(keys, value, rest),
    }
}

/// A path below the spec, and its steps.
type Split = (&'static str, Box<[&'static str]>);

/// A release and the paths it brought.
type Brought = (Option<Version>, Box<[Split]>);

/// The table below with its paths taken apart.
static SPLIT: LazyLock<Vec<Brought>> = LazyLock::new(|| {
    let split = |path: &&'static str| (*path, path.split('.').skip(1).collect());
    let rows = SINCE.iter();
    rows.map(|(since, paths)| (Version::parse(since), paths.iter().map(split).collect()))
        .collect()
});

/// Fields by the release that brought them, oldest first.
const SINCE: [(&str, &[&str]); 12] = [
    (
        "5.0.2",
        &[
            "spec.users",
            "spec.postGISVersion",
            "spec.dataSource.postgresCluster.affinity",
            "spec.dataSource.postgresCluster.tolerations",
        ],
    ),
    (
        "5.0.3",
        &[
            "spec.dataSource.volumes",
            "spec.dataSource.postgresCluster.priorityClassName",
            "spec.backups.pgbackrest.jobs",
            "spec.backups.pgbackrest.repoHost.affinity",
            "spec.backups.pgbackrest.repoHost.tolerations",
            "spec.backups.pgbackrest.sidecars",
            "spec.databaseInitSQL",
            "spec.disableDefaultPodScheduling",
            "spec.imagePullPolicy",
            "spec.instances[].priorityClassName",
            "spec.instances[].sidecars",
            "spec.instances[].topologySpreadConstraints",
            "spec.proxy.pgBouncer.service",
            "spec.service",
            "spec.supplementalGroups",
        ],
    ),
    ("5.0.5", &["spec.dataSource.pgbackrest"]),
    (
        "5.1.0",
        &[
            "spec.config",
            "spec.instances[].minAvailable",
            "spec.patroni.switchover",
            "spec.proxy.pgBouncer.minAvailable",
            "spec.userInterface",
            "spec.users[].password",
        ],
    ),
    (
        "5.2.0",
        &[
            "spec.standby.host",
            "spec.standby.port",
            "spec.paused",
            "spec.instances[].containers",
            "spec.backups.pgbackrest.jobs.affinity",
            "spec.backups.pgbackrest.jobs.tolerations",
            "spec.proxy.pgBouncer.containers",
            "spec.service.metadata",
            "spec.service.nodePort",
        ],
    ),
    (
        "5.3.0",
        &[
            "spec.backups.pgbackrest.jobs.ttlSecondsAfterFinished",
            "spec.monitoring.pgmonitor.exporter.customTLSSecret",
        ],
    ),
    ("5.4.0", &["spec.instances[].tablespaceVolumes"]),
    (
        "5.6.0",
        &[
            "spec.replicaService",
            "spec.service.externalTrafficPolicy",
            "spec.service.internalTrafficPolicy",
        ],
    ),
    ("5.7.0", &["spec.backups.snapshots"]),
    (
        "5.8.0",
        &[
            "spec.authentication",
            "spec.config.parameters",
            "spec.instances[].volumes",
            "spec.instrumentation",
            "spec.patroni.logging",
            "spec.service.ipFamilies",
            "spec.service.ipFamilyPolicy",
        ],
    ),
    (
        "5.8.3",
        &[
            "spec.instrumentation.config.environmentVariables",
            "spec.instrumentation.metrics.exporters",
            "spec.instrumentation.metrics.perDBMetricTargets",
        ],
    ),
    (
        "6.0.0",
        &[
            "spec.backups.pgbackrest.log",
            "spec.backups.pgbackrest.jobs.log",
            "spec.backups.pgbackrest.jobs.volumes",
            "spec.backups.pgbackrest.repoHost.log",
            "spec.backups.pgbackrest.repoHost.volumes",
            "spec.dataSource.pgbackrest.volumes",
            "spec.dataSource.postgresCluster.volumes",
            "spec.instances[].volumes.additional",
            "spec.proxy.pgBouncer.volumes",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, draft};
    use super::*;

    #[test]
    fn the_table_names_releases_oldest_first() {
        let versions: Vec<_> = SINCE
            .iter()
            .map(|(since, _)| Version::parse(since).unwrap())
            .collect();
        assert!(versions.is_sorted());
        assert!(
            versions
                .iter()
                .all(|version| crate::schema::Release::find(version).is_some())
        );
    }

    #[test]
    fn what_a_draft_uses_raises_the_floor() {
        let floor = |spec: &str| {
            let desk = Desk::of(&[&draft(spec)]);
            (desk.says("draft.floor"), desk.first_place("draft.floor"))
        };
        let backups = "  backups: {pgbackrest: {repos: []}}\n";
        let of = |spec: &str| floor(&format!("{backups}{spec}"));
        assert_eq!(
            of("  postgresVersion: 13\n"),
            ("5.0.0".into(), "hippo".into())
        );
        assert_eq!(
            of("  standby: {host: a.b}\n"),
            ("5.2.0".into(), "host".into())
        );
        assert_eq!(of("  postgresVersion: 15\n"), ("5.3.0".into(), "15".into()));
        assert_eq!(
            of("  instances: [{}, {tablespaceVolumes: []}]\n").0,
            "5.4.0"
        );
        assert_eq!(
            floor("  postgresVersion: 13\n"),
            ("5.7.0".into(), "spec".into())
        );
        let v1 = draft(backups).replace("v1beta1", "v1");
        assert_eq!(Desk::of(&[&v1]).says("draft.floor"), "6.0.0");
    }
}
