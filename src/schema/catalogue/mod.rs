//! What this program itself knows of `PostgresCluster`, for those who have no CRD at hand: every field of every
//! release, since when, until when, and its limits.
//!
//! `postgrescluster.fields` states PGO's own fields; `core.fields` the Kubernetes types among them, generated
//! by `tools/coretypes` from k8s-openapi's schemas.

mod assemble;
mod changes;
mod history;
mod lifetime;
mod shared;
mod text;

pub use history::{
    FieldUse, UnknownField, field_lifetime, first_dropped_field, newest_field, refused_shape,
    unknown_field,
};
pub use lifetime::Lifetime;

use self::text::texts;
use super::crd::{CrdSchemas, VersionSchema};
use super::releases::{Release, releases};
use super::shape::{Schema, Subject};
use crate::expr::Version;

impl CrdSchemas {
    /// What the catalogue knows of a release; of the nearest earlier patch where it does not know the release.
    pub fn of_release(version: &Version) -> Option<CrdSchemas> {
        CrdSchemas::of_releases([*version]).pop()
    }

    /// The same for several releases, what their schemas share stored once; without those the catalogue lacks.
    pub(super) fn of_releases(versions: impl IntoIterator<Item = Version>) -> Vec<CrdSchemas> {
        let known = |version| Some((version, Release::standing_for(&version)?));
        let releases: Vec<(Version, &Release)> = versions.into_iter().filter_map(known).collect();
        let wanted = releases.iter().flat_map(|(_, release)| {
            let apis = release.api_versions.iter();
            apis.map(|api| (release.crd, *api))
        });
        let mut schemas = assemble::schemas(texts(), "PostgresCluster", wanted).into_iter();
        let all = releases.into_iter().map(|(version, release)| CrdSchemas {
            group: "postgres-operator.crunchydata.com".to_owned(),
            kind: "PostgresCluster".to_owned(),
            labelled: Some(version),
            versions: named(version, release.api_versions, &mut schemas),
            unseen: unseen(&version, release),
        });
        all.collect()
    }
}

/// The API versions of a release with their schemas.
fn named(
    release: Version,
    apis: &[&str],
    schemas: &mut impl Iterator<Item = Schema>,
) -> Vec<VersionSchema> {
    let named = apis.iter().zip(schemas).map(|(api, schema)| {
        // A test makes sure of it.
        let mut schema = schema.vouched_for();
        schema.subject = Subject::PostgresCluster(Some(release));
        VersionSchema {
            name: (*api).to_owned(),
            served: true,
            schema,
        }
    });
    named.collect()
}

/// What the catalogue cannot know of a release whose own CRD nobody looked at.
fn unseen(version: &Version, release: &Release) -> Vec<String> {
    let known = releases().iter().rev().filter(|known| known.seen);
    let seen = known
        .map(|known| known.version)
        .find(|seen| *seen <= *version);
    match seen {
        _ if release.seen && release.version == *version => Vec::new(),
        Some(seen) => vec![format!("what PGO {version} changed since {seen}")],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::shape::ShapeId;

    #[test]
    fn every_line_can_be_read() {
        assert_eq!(texts().problems, [""; 0]);
    }

    #[test]
    fn every_release_has_a_schema_that_leaves_nothing_out() {
        for release in releases() {
            let schemas = CrdSchemas::of_release(&release.version).unwrap();
            assert_eq!(
                schemas.unchecked().is_empty(),
                release.seen,
                "{}",
                release.version
            );
        }
    }

    #[test]
    fn all_of_every_schema_can_be_checked() {
        for release in releases() {
            let schemas = CrdSchemas::of_release(&release.version).unwrap();
            for version in &schemas.versions {
                assert_eq!(version.schema.find_unchecked(), [""; 0]);
            }
        }
    }

    #[test]
    fn releases_made_together_are_as_if_each_were_made_alone() {
        let versions = releases().iter().map(|release| release.version);
        let together = CrdSchemas::of_releases(versions);
        for (release, together) in releases().iter().zip(&together) {
            let alone = CrdSchemas::of_release(&release.version).unwrap();
            for (one, other) in alone.versions.iter().zip(&together.versions) {
                let place = format!("{} {}", release.version, one.name);
                let (one, other) = (&one.schema, &other.schema);
                assert!(one.describe() == other.describe(), "{place}");
                assert_eq!(
                    rules(one, one.root()),
                    rules(other, other.root()),
                    "{place}"
                );
            }
        }
    }

    /// The CEL rules below a shape, in an order that depends on nothing else.
    fn rules(schema: &Schema, id: ShapeId) -> Vec<String> {
        let shape = schema.shape(id);
        let own = shape.rules.iter().filter_map(|id| schema.rule(*id));
        let own = own.map(|rule| rule.text.rule.to_string());
        let named = shape.properties.iter().map(|(_, id)| id);
        let below = named.chain(&shape.items).chain(&shape.additional);
        own.chain(below.flat_map(|id| rules(schema, *id))).collect()
    }

    #[test]
    fn a_release_that_nobody_looked_at_says_so() {
        let unchecked = |release| {
            let version = Version::parse(release).unwrap();
            CrdSchemas::of_release(&version).unwrap().unchecked()
        };
        assert_eq!(unchecked("5.5.2"), [""; 0]);
        assert_eq!(unchecked("5.5.4"), ["what PGO 5.5.4 changed since 5.5.2"]);
        assert_eq!(unchecked("6.0.7"), ["what PGO 6.0.7 changed since 6.0.3"]);
        assert!(CrdSchemas::of_release(&Version::parse("5.9.0").unwrap()).is_none());
    }
}
