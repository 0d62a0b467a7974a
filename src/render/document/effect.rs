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
    /// Whether it was written: on paper one that is left out is its rule's, and one without any weight says that it has none.
    #[serde(skip_serializing, skip_deserializing, default = "written")]
    pub(super) said: bool,
}

fn written() -> bool {
    true
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

    /// Whether it is left out on paper.
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde asks with a reference
    pub(super) fn is_left_out(&self) -> bool {
        self.heaviest().is_none() && !self.said
    }

    /// The same, that is not left out whatever it says.
    pub(super) fn told(self) -> Self {
        Effect { said: true, ..self }
    }

    /// The same, whether it was written or not.
    pub(super) fn as_meant(self) -> Self {
        Effect {
            said: false,
            ..self
        }
    }

    /// The heaviest weight in it.
    pub fn heaviest(&self) -> Option<Weight> {
        self.weights().max()
    }
}
