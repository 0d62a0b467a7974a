//! Whether a manifest is only a part of a PostgresCluster, such as a patch for kustomize, and what such a part lacks.

use std::sync::atomic::Ordering;

use crate::expr::{Value, nearest};
use crate::fact::spec::Draft;
use crate::manifest::{Fact, Gap, Node};

/// How a part is checked as the whole it belongs to, while its folder is not known.
pub const WHOLE: &str =
    "check what `kubectl kustomize` makes of its folder, in place of the patch alone";

impl<'a> Draft<'a> {
    /// Whether it is only a part: it changes a little of more than one thing that every cluster has, or it says by
    /// kustomize's `$patch` that it is one. A whole cluster with a mistake in it lacks one thing, or spells it wrong.
    pub fn is_part(&self) -> bool {
        let part = &self.memo().part;
        *part.get_or_init(|| !self.object.is_live() && self.looks_like_a_part())
    }

    fn looks_like_a_part(&self) -> bool {
        let spec = self.at(&["spec"]);
        if spec.is_some_and(|spec| !spec.is_map() && !spec.is_null()) {
            return false;
        }
        if self.keys().any(is_directive) {
            return true;
        }
        let root = self.object.root();
        let maps: Vec<Node<'a>> = spec.into_iter().chain([root]).collect();
        let section = |name| {
            let mut found = maps.iter().filter_map(|map| self.meant(*map, name));
            found.find(|value| !value.is_null())
        };
        let (version, instances) = (section("postgresVersion"), section("instances"));
        let backups = section("backups");
        let sets = instances.map_or(Changes::All, |sets| self.of_instances(sets));
        let backup = backups.map_or(Changes::All, |backups| self.of_backups(backups));
        let no_backups = backups.is_none() || backup == Changes::Some;
        match (version, instances) {
            (None, None) => true,
            (None, Some(_)) => no_backups || sets == Changes::Some,
            (Some(_), None) => no_backups,
            (Some(_), Some(_)) => sets == Changes::Some && backup == Changes::Some,
        }
    }

    /// Whether instance sets lack what none can do without, and say something else.
    fn of_instances(&self, sets: Node<'a>) -> Changes {
        let mut sets = sets.items().peekable();
        let partial = |set: Node<'a>| {
            let says = self.keys().below(set).iter();
            let mut says = says.filter(|entry| entry.name != "name");
            set.is_map()
                && self.meant(set, "dataVolumeClaimSpec").is_none()
                && says.next().is_some()
        };
        let any = sets.peek().is_some();
        if any && sets.all(partial) {
            Changes::Some
        } else {
            Changes::All
        }
    }

    /// The same of backups: they say something, and name no repository.
    fn of_backups(&self, backups: Node<'a>) -> Changes {
        let inner = self.meant(backups, "pgbackrest");
        let places = [Some(backups), inner].into_iter().flatten();
        let named = places
            .into_iter()
            .any(|place| self.meant(place, "repos").is_some());
        let says = inner.map_or(backups, |inner| inner);
        if !named && says.entries().next().is_some() {
            Changes::Some
        } else {
            Changes::All
        }
    }

    /// The value of a field, however its name is spelt.
    pub(in crate::fact::spec) fn meant(&self, map: Node<'a>, field: &str) -> Option<Node<'a>> {
        let entries = self.keys().below(map).iter();
        let mut like = entries.filter(|entry| {
            entry.name.eq_ignore_ascii_case(field)
                || nearest(&entry.name, [field].into_iter()).is_some()
        });
        like.next().map(|entry| entry.value)
    }

    /// A value that holds where nothing is written: of a part it is open, since the rest may write it.
    pub(in crate::fact::spec) fn by_default(&self, value: impl Into<Value>) -> Fact<Value> {
        if !self.is_part() {
            return Fact::known(value.into());
        }
        Fact::unknown(Gap {
            missing: format!("the whole manifest of {}", self.name),
            because: "what is here is only a part of it".to_owned(),
            ask: WHOLE.to_owned(),
        })
    }

    /// The same draft, of which nothing was asked yet.
    #[must_use]
    pub fn afresh(&self) -> Draft<'a> {
        Draft {
            pairing: self.pairing.clone(),
            neighbours: self.neighbours.clone(),
            memo: std::sync::OnceLock::new(),
            missed: false.into(),
            ..*self
        }
    }

    /// Whether anything was asked that it does not say. Of a part, nothing follows from that.
    pub fn missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }
}

/// Whether a key says how a patch is applied, and is no field (`k8s.io/apimachinery/pkg/util/strategicpatch`).
pub fn is_directive(key: &str) -> bool {
    let lists = ["$setElementOrder/", "$deleteFromPrimitiveList/"];
    matches!(key, "$patch" | "$retainKeys") || lists.iter().any(|list| key.starts_with(list))
}

/// How much of a section a manifest says.
#[derive(Clone, Copy, PartialEq)]
enum Changes {
    All,
    Some,
}
