//! The table of fields: an entry for each thing that a manifest takes from v4, in the order of the manifest.
//!
//! Which of the paths a release has is for the schema room to say: what it lacks is not written.

pub(super) mod access;
mod addons;
pub(super) mod bucket;
mod identity;
mod instances;
mod postgres;
pub(super) mod repository;
mod row;
mod source;

use crate::expr::Version;

pub(super) use row::{Field, has_field};

/// Every entry, in the order of the manifest.
fn table() -> impl Iterator<Item = &'static Field> {
    [
        identity::FIELDS,
        source::FIELDS,
        instances::FIELDS,
        access::FIELDS,
        postgres::FIELDS,
        repository::FIELDS,
        addons::FIELDS,
    ]
    .into_iter()
    .flatten()
}

/// The entries whose paths a release has.
pub(super) fn of_release(release: &Version) -> Vec<&'static Field> {
    let has = |path: &str| has_field(release, path);
    let fits = |field: &&Field| has(field.path) && !field.unless.is_some_and(has);
    table().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Release;

    #[test]
    fn the_newest_release_has_every_path() {
        let newest = Release::newest().unwrap().version;
        for field in table() {
            assert!(has_field(&newest, field.path), "{}", field.path);
        }
    }

    #[test]
    fn of_two_paths_a_release_takes_the_one_it_has() {
        let paths = |version: &str| -> Vec<&str> {
            let fields = of_release(&Version::parse(version).unwrap());
            fields.iter().map(|field| field.path).collect()
        };
        let (old, new) = (
            "spec.patroni.dynamicConfiguration.postgresql.pg_hba",
            "spec.authentication.rules",
        );
        assert!(paths("5.7.9").contains(&old) && !paths("5.7.9").contains(&new));
        assert!(paths("5.8.9").contains(&new) && !paths("5.8.9").contains(&old));
    }
}
