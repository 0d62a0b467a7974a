//! When a type or a field, all that is below it included, changes: between two such releases it is the same.

use super::text::{Edit, Field, Kind, Texts};
use crate::expr::Version;
use crate::hashing::{HashMap, RandomState};

/// When everything changes that was asked for so far.
pub(super) struct Changes<'t> {
    texts: &'t Texts<'t>,
    types: HashMap<&'t str, Times>,
    fields: HashMap<*const Field<'t>, Times>,
}

/// The releases that change something.
#[derive(Clone, Debug, Default)]
struct Times {
    /// Sorted.
    at: Vec<Version>,
    /// Whether API versions of one release differ.
    by_api: bool,
}

/// What two releases and API versions agree in that have something alike: how many changes came before them, and the
/// API version where that matters.
pub(super) type Stamp<'t> = (usize, Option<&'t str>);

impl<'t> Changes<'t> {
    pub(super) fn of(texts: &'t Texts<'t>) -> Self {
        Self {
            texts,
            types: HashMap::with_capacity_and_hasher(128, RandomState::default()),
            fields: HashMap::with_capacity_and_hasher(1024, RandomState::default()),
        }
    }

    /// How a named type stands in a release.
    pub(super) fn of_type(&mut self, name: &'t str, release: Version, api: &'t str) -> Stamp<'t> {
        if let Some(times) = self.types.get(name) {
            return times.stamp(release, api);
        }
        self.note_type(name);
        let times = self.types.get(name);
        times.map_or((0, None), |times| times.stamp(release, api))
    }

    /// How a field stands in a release.
    pub(super) fn of_field(
        &mut self,
        field: &'t Field<'t>,
        amendments: &'t [Edit<'t>],
        release: Version,
        api: &'t str,
    ) -> Stamp<'t> {
        let place = std::ptr::from_ref(field);
        if let Some(times) = self.fields.get(&place) {
            return times.stamp(release, api);
        }
        let mut times = self.times(field);
        times.note(amendments);
        let times = times.settled();
        let stamp = times.stamp(release, api);
        self.fields.insert(place, times);
        stamp
    }

    fn note_type(&mut self, name: &'t str) {
        let Some(field) = self.texts.types.get(name) else {
            return;
        };
        let times = self.times(field);
        self.types.insert(name, times.settled());
    }

    /// What changes a field, amendments to itself aside.
    fn times(&mut self, field: &'t Field<'t>) -> Times {
        let mut times = Times::default();
        times.note(&field.edits);
        if let Some(name) = innermost(&field.kind) {
            if !self.types.contains_key(name) {
                self.note_type(name);
            }
            if let Some(of_type) = self.types.get(name) {
                times.extend(of_type);
            }
        }
        for below in &field.fields {
            let amendments = self.texts.amendments.get(&(field.name, below.name));
            times.note(amendments.map_or(&[][..], Vec::as_slice));
            let below = self.times(below);
            times.extend(&below);
        }
        times
    }
}

impl Times {
    fn note(&mut self, edits: &[Edit<'_>]) {
        for edit in edits {
            self.at.extend(edit.from);
            self.by_api |= edit.api.is_some();
            let since = edit
                .words
                .iter()
                .filter_map(|word| word.strip_prefix("since:"));
            self.at.extend(since.filter_map(Version::parse));
        }
    }

    fn extend(&mut self, other: &Times) {
        self.at.extend(&other.at);
        self.by_api |= other.by_api;
    }

    fn settled(mut self) -> Self {
        self.at.sort_unstable();
        self.at.dedup();
        self
    }

    fn stamp<'t>(&self, release: Version, api: &'t str) -> Stamp<'t> {
        let passed = self.at.partition_point(|change| *change <= release);
        (passed, self.by_api.then_some(api))
    }
}

/// The type that a list or mapping holds, if it is a named one.
fn innermost<'t>(kind: &Kind<'t>) -> Option<&'t str> {
    match kind {
        Kind::Named(name) => Some(name),
        Kind::List(inner) | Kind::Map(inner) => innermost(inner),
        Kind::Plain(_) => None,
    }
}
