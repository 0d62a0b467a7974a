//! What a finding means, as the JSON report has it.

use serde::{Deserialize, Serialize};

use crate::rule::{Method, Weight};

/// What a finding means, per method or for a draft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// For the volumes method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<Weight>,
    /// For the backups method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backups: Option<Weight>,
    /// For the standby method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standby: Option<Weight>,
    /// For going on to a newer release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<Weight>,
    /// For a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Weight>,
    /// For a living cluster as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub living: Option<Weight>,
    /// For a migration: whether everything arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Weight>,
}

impl Effect {
    /// What it means for one method.
    pub fn on(&self, method: Method) -> Option<Weight> {
        match method {
            Method::Volumes => self.volumes,
            Method::Backups => self.backups,
            Method::Standby => self.standby,
            Method::Upgrade => self.upgrade,
        }
    }

    /// Each weight in it.
    pub fn weights(&self) -> impl Iterator<Item = Weight> + use<> {
        let each = [
            self.volumes,
            self.backups,
            self.standby,
            self.upgrade,
            self.draft,
            self.living,
            self.moved,
        ];
        each.into_iter().flatten()
    }

    /// Whether it says nothing.
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde asks with a reference
    pub(super) fn is_nothing(&self) -> bool {
        self.heaviest().is_none()
    }

    /// The heaviest weight in it.
    pub fn heaviest(&self) -> Option<Weight> {
        self.weights().max()
    }
}
