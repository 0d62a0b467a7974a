//! What differs between PGO v5 releases: one table, oldest first.
//!
//! `releases.json` states for each release only what changed since the one before it; `build/releases.rs` makes whole rows of
//! it, which are part of the program. It must not know what a cluster or a rule is.

use crate::expr::Version;

/// One PGO release and what a migration needs to know of it.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // a table row: each column is a fact of its own
pub struct Release {
    /// Its number.
    pub version: Version,
    /// Its number in words: thousands of reports name it.
    name: &'static str,
    /// Whether its own files were looked at. If not, the release is known by name only (the vendor's
    /// component tables) and its row repeats the nearest earlier patch.
    pub seen: bool,
    /// The release that introduced the `PostgresCluster` schema this one still uses.
    pub crd: Version,
    /// Served API versions, without the group.
    pub api_versions: &'static [&'static str],
    /// Lowest `spec.postgresVersion` its schema accepts.
    pub postgres_min: u32,
    /// Highest `spec.postgresVersion` its schema accepts.
    pub postgres_max: u32,
    /// Postgres majors for which a plain installation has an image; an administrator can add others.
    /// Empty: every draft needs `spec.image`.
    pub default_images: &'static [u32],
    /// Postgres majors for which the vendor published images; `None` where nothing is known.
    pub published_images: Option<PublishedImages>,
    /// `spec.backups` must be given.
    pub backups_required: bool,
    /// `spec.backups.pgbackrest` must hold `repos`.
    pub repos_required: bool,
    /// It has `spec.dataSource.volumes`.
    pub data_source_volumes: bool,
    /// It has `spec.dataSource.pgbackrest`.
    pub data_source_pgbackrest: bool,
    /// It refuses a volume repository in `spec.dataSource.pgbackrest`.
    pub volume_repo_refused: bool,
    /// It preloads pgAudit by itself.
    pub pgaudit_automatic: bool,
    /// Restoring from, or following, a v4 cluster needs an external WAL volume there.
    pub external_wal_required: bool,
    /// A standby must name a repository, even a disabled one.
    pub standby_repo_name_required: bool,
    /// A standby can stream from `spec.standby.host`.
    pub standby_streaming: bool,
    /// pgBackRest options it refuses in a restore.
    pub forbidden_restore_options: &'static [&'static str],
    /// How it looks for a forbidden option.
    pub repo_option_match: OptionMatch,
    /// It reports a missing image as an event instead of starting with an empty one.
    pub missing_image_reported: bool,
    /// Authentication method of the HBA rule that is used while the spec gives none.
    pub default_hba: &'static str,
    /// It has `spec.config.parameters`.
    pub config_parameters: bool,
    /// It has `spec.authentication.rules`.
    pub authentication_rules: bool,
    /// It has `spec.users`.
    pub users: bool,
    /// The Jobs that move v4's directories use `spec.imagePullSecrets`; `None` where it has no such Jobs.
    pub move_jobs_pull_secrets: Option<bool>,
    /// What it appends to the cluster's name in backup `CronJob` names, `repoN` and `type` standing for themselves.
    pub cron_job_suffix: &'static str,
    /// pgBackRest in its image: the tag in its own installer (`helm/install/values.yaml` of the examples, from 5.7.9 on
    /// `config/manager/manager.yaml`, from 6.0 on `config/components/images-by-tag`); of a release not looked at, what is possible.
    pub pgbackrest: Minors,
    /// `PgBouncer` in its image, its minor of 1: up to 5.3.0 from the vendor's table of components, later from the tag in
    /// `config/manager/manager.yaml` or `config/components/images-by-tag`; of a release not looked at, what is possible.
    pub pgbouncer: Minors,
    /// The newest Patroni that its images can hold: from the vendor's table of components, which ends with 5.3.0; nothing
    /// where that is not known.
    pub patroni_max: Option<Version>,
    /// Pairs of a major version of Postgres and one of `PostGIS` that a plain installation has an image for: `16+3.4`. From the
    /// same files.
    pub gis_images: &'static [&'static str],
    /// A plain installation has an image for the pgAdmin of `spec.userInterface`.
    pub pgadmin_image: bool,
    /// Its documentation has the v4 upgrade guide.
    pub guide: bool,
    /// The guide tells to create the replication role after promoting a standby.
    pub guide_crunchyrepl: bool,
    /// The guide tells to remove v4's labels from adopted claims.
    pub guide_label_removal: bool,
    /// The guide tells to carry an external WAL volume over.
    pub guide_wal_carry_over: bool,
    /// The oldest Kubernetes whose API server takes its definitions; `""` for any. Older ones do not know optionals in CEL.
    pub kubernetes_min: &'static str,
    /// The oldest Kubernetes that the vendor names for it, where that is newer; `""` for none.
    pub kubernetes_said: &'static str,
    /// The newest Kubernetes that serves every API it uses; `""` for any.
    pub kubernetes_max: &'static str,
    /// Size of its definition of `PostgresCluster` as JSON, in units of 1,000 bytes. An annotation takes 262.
    pub crd_kilobytes: u32,
    /// The feature gates it knows and whether they are on by default. Between tags by the dates of commits.
    pub gates: &'static [(&'static str, bool)],
    /// Postgres parameters that it sets whatever the spec says (`Mandatory` in `internal/postgres/parameters.go`).
    pub mandatory_parameters: &'static [&'static str],
    /// Where its defaults were read.
    pub basis: ReadFrom,
    /// Enterprise Linux generation of its Postgres images; another glibc than the data's means reindexing.
    pub image_el: u32,
}

/// Between which minors of pgBackRest 2, or of `PgBouncer` 1, that of a release lies; equal where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minors {
    /// Lowest.
    pub min: u32,
    /// Highest.
    pub max: u32,
}

/// Postgres majors with published images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedImages {
    /// Lowest.
    pub min: u32,
    /// Highest.
    pub max: u32,
    /// How this is known.
    pub basis: Basis,
}

/// Where the defaults of a release were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFrom {
    /// The chart and manifests that the vendor published for it.
    Chart,
    /// The operator's repository at the tag of the release.
    Tag,
}

/// How a fact of the table is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The release's documentation says so.
    Documented,
    /// It follows from other tables.
    Derived,
}

/// How a release recognises a forbidden restore option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionMatch {
    /// Anywhere in the text: `--repo1-path=...` counts as `--repo`.
    Substring,
    /// The whole flag, up to a blank or `=`.
    Flag,
}

impl Release {
    /// Its number as a text.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The release with exactly this number.
    pub fn find(version: &Version) -> Option<&'static Release> {
        releases()
            .binary_search_by(|release| release.version.cmp(version))
            .ok()
            .and_then(|at| releases().get(at))
    }

    /// The release to judge a version by: itself, or for a patch the table lacks the nearest earlier one of
    /// the same minor. `None` for minors the table does not know.
    pub fn standing_for(version: &Version) -> Option<&'static Release> {
        let after = releases().partition_point(|release| release.version <= *version);
        let nearest = releases().get(after.checked_sub(1)?)?;
        let same_minor = nearest.version.major() == version.major()
            && nearest.version.minor() == version.minor();
        same_minor.then_some(nearest)
    }

    /// The newest patch of a minor that is named without one, as 5.8; `None` for whole numbers and unknown minors.
    pub fn newest_of(version: &Version) -> Option<&'static Release> {
        let same = |release: &&Release| {
            release.version.major() == version.major() && release.version.minor() == version.minor()
        };
        let mut patches = releases().iter().filter(same);
        (version.numbers() == 2).then(|| patches.next_back())?
    }

    /// Every minor known, oldest first: "5.0".
    pub fn minors() -> Vec<String> {
        let named =
            |release: &Release| format!("{}.{}", release.version.major(), release.version.minor());
        let mut minors: Vec<String> = releases().iter().map(named).collect();
        minors.dedup();
        minors
    }

    /// The newest release known.
    pub fn newest() -> Option<&'static Release> {
        releases().last()
    }
}

/// Every PGO v5 (and later) release known, oldest first.
pub fn releases() -> &'static [Release] {
    #[allow(clippy::unreadable_literal)] // as `build/releases.rs` writes numbers
    static TABLE: &[Release] = include!(concat!(env!("OUT_DIR"), "/releases.rs"));
    TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(text: &str) -> &'static Release {
        Release::find(&Version::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn the_table_is_whole_sorted_and_names_schemas_it_has() {
        let table = releases();
        assert!(table.is_sorted_by(|a, b| a.version < b.version));
        for release in table {
            assert!(release.pgbackrest.min <= release.pgbackrest.max);
            let crd = Release::find(&release.crd).unwrap();
            assert!(crd.version <= release.version || !release.seen);
            assert!(release.postgres_min <= release.postgres_max);
        }
        assert_eq!(Release::newest().unwrap().version.to_string(), "6.0.3");
    }

    #[test]
    fn migration_parameters_change_where_the_releases_changed_them() {
        assert!(!release("5.0.2").data_source_volumes && release("5.0.3").data_source_volumes);
        assert!(release("5.0.3").external_wal_required && !release("5.0.4").external_wal_required);
        assert!(
            !release("5.0.4").data_source_pgbackrest && release("5.0.5").data_source_pgbackrest
        );
        assert!(!release("5.1.3").standby_streaming && release("5.2.0").standby_streaming);
        assert!(release("5.6.1").backups_required && !release("5.7.0").backups_required);
        assert_eq!(
            (release("5.7.9").postgres_min, release("5.8.0").postgres_min),
            (10, 11)
        );
        assert_eq!(
            (release("5.7.9").image_el, release("5.8.0").image_el),
            (8, 9)
        );
        assert_eq!(release("5.3.1").default_images, [13, 14, 15]);
        assert_eq!(release("6.0.3").api_versions, ["v1", "v1beta1"]);
    }

    #[test]
    fn an_unlisted_patch_is_judged_by_the_nearest_earlier_one() {
        let standing = |text| {
            Release::standing_for(&Version::parse(text).unwrap())
                .map(|release| release.version.to_string())
        };
        assert_eq!(standing("6.0.9").as_deref(), Some("6.0.3"));
        assert_eq!(standing("5.7.2").as_deref(), Some("5.7.2"));
        assert_eq!(standing("5.9.0"), None);
        assert_eq!(standing("4.7.0"), None);
    }
}
