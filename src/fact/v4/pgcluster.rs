//! Fields of the Pgcluster.

use super::Cluster;
use super::fields::{keys, number, text, texts, truth};
use crate::manifest::{Fact, Object};

impl<'a> Cluster<'a> {
    /// A field of the Pgcluster as text; `""` when unset.
    pub fn string(&self, path: &[&str], note: &'static str) -> Fact<String> {
        self.of_object(|object| text(object, path, note))
    }

    /// A field of the Pgcluster as a truth; false when unset.
    pub fn boolean(&self, path: &[&str], note: &'static str) -> Fact<bool> {
        self.of_object(|object| truth(object, path, note))
    }

    /// A field of the Pgcluster as a whole number; `None` when unset.
    pub fn integer(&self, path: &[&str], note: &'static str) -> Fact<Option<i64>> {
        self.of_object(|object| number(object, path, note))
    }

    /// The strings of a sequence in the Pgcluster; empty when unset.
    pub fn strings(&self, path: &[&str], note: &'static str) -> Fact<Vec<String>> {
        self.of_object(|object| texts(object, path, note))
    }

    /// The keys of a mapping in the Pgcluster, sorted; empty when unset.
    pub fn keys(&self, path: &[&str], note: &'static str) -> Fact<Vec<String>> {
        self.of_object(|object| keys(object, path, note))
    }

    /// An entry of `spec.userlabels`; `""` when unset.
    pub fn userlabel(&self, key: &str, note: &'static str) -> Fact<String> {
        self.string(&["spec", "userlabels", key], note)
    }

    /// A label of the Pgcluster; `""` when unset.
    pub fn label(&self, key: &str, note: &'static str) -> Fact<String> {
        self.string(&["metadata", "labels", key], note)
    }

    /// An annotation of the Pgcluster; `""` when unset.
    pub fn annotation(&self, key: &str, note: &'static str) -> Fact<String> {
        self.string(&["metadata", "annotations", key], note)
    }

    /// Something read from the Pgcluster; unknown when it is not in the input.
    pub fn of_object<T>(&self, read: impl FnOnce(&'a Object) -> Fact<T>) -> Fact<T> {
        self.object
            .map_or_else(|| Fact::unknown(self.gap_of_object()), read)
    }
}
