//! The settings of pgBackRest in one map, by name.

use std::collections::BTreeMap;

use crate::manifest::{Fact, Gap, Node};
use crate::source::Span;

/// Types of keys for which pgBackRest asks the platform, or a program of the image.
const BY_PLATFORM: [&str; 4] = ["auto", "web-id", "pod-id", "process"];

/// One setting.
#[derive(Clone)]
pub(in crate::fact::spec) struct Setting<'a> {
    pub(in crate::fact::spec) name: String,
    /// Its value as text; empty for what is no scalar.
    pub(in crate::fact::spec) text: String,
    pub(in crate::fact::spec) key: Node<'a>,
    pub(in crate::fact::spec) value: Node<'a>,
}

impl Setting<'_> {
    /// Whether a secret is written here instead of the place of one. Names of accounts and of keys are none by themselves.
    pub(in crate::fact::spec) fn is_plain_secret(&self) -> bool {
        let named_only = self.name.ends_with("-account") || self.name.ends_with("-s3-key");
        let of_file = self.text.starts_with('/') || self.text.is_empty();
        is_secret(&self.name) && !named_only && !of_file && !self.value.is_placeholder()
    }

    /// What follows from its value; unknown while that is still to be filled in, or was overwritten.
    pub(in crate::fact::spec) fn once_said<T>(&self, follows: Fact<T>) -> Fact<T> {
        said(self.value, &self.name, follows)
    }
}

/// What follows from a value; unknown while that is still to be filled in, or was overwritten.
pub(in crate::fact::spec) fn said<T>(value: Node<'_>, name: &str, follows: Fact<T>) -> Fact<T> {
    if !value.is_unsaid() {
        return follows;
    }
    Fact::unknown(Gap {
        missing: format!("the value of {name}"),
        because: "it is not written yet, or is not for this program to see".to_owned(),
        ask: format!("fill in {name} and run again"),
    })
}

/// The settings of one map.
pub(in crate::fact::spec) struct Options<'a> {
    pub(in crate::fact::spec) settings: Vec<Setting<'a>>,
    /// Positions by name.
    pub(super) by_name: BTreeMap<String, usize>,
    /// The key of the map, or the nearest thing that exists.
    pub(in crate::fact::spec) place: Span,
}

impl<'a> Options<'a> {
    /// A setting by name.
    pub(in crate::fact::spec) fn get(&self, name: &str) -> Option<&Setting<'a>> {
        self.settings.get(*self.by_name.get(name)?)
    }

    /// A setting of one repository, by the rest of its name.
    pub(in crate::fact::spec) fn of(&self, repo: &str, rest: &str) -> Option<&Setting<'a>> {
        self.get(&[repo, "-", rest].concat())
    }

    /// The first of these settings of one repository that is there.
    pub(in crate::fact::spec) fn first(&self, repo: &str, rests: &[&str]) -> Option<&Setting<'a>> {
        rests.iter().find_map(|rest| self.of(repo, rest))
    }

    /// Where the keys of a repository in an object store come from, and where that shows: `keyType` (the platform),
    /// `configuration` (projected files), `global` (keys in plain sight); `""` for nowhere.
    pub(in crate::fact::spec) fn credentials(
        &self,
        repo: &str,
        configured: bool,
    ) -> (&'static str, Span) {
        let key_type = self.first(repo, &["s3-key-type", "gcs-key-type", "azure-key-type"]);
        let by_platform = key_type.filter(|said| BY_PLATFORM.contains(&said.text.as_str()));
        let plain = self.of_repo(repo).find(|(rest, setting)| {
            let of_file = setting.text.starts_with('/') || setting.text.is_empty();
            is_secret(rest) && !rest.starts_with("cipher") && !of_file
        });
        match (by_platform, plain) {
            (Some(said), _) => ("keyType", said.value.span()),
            _ if configured => ("configuration", self.place),
            (None, Some((_, setting))) => ("global", setting.key.span()),
            (None, None) => ("", self.place),
        }
    }

    /// The settings of one repository, with the rest of their name.
    pub(in crate::fact::spec) fn of_repo<'o>(
        &'o self,
        repo: &str,
    ) -> impl Iterator<Item = (&'o str, &'o Setting<'a>)> {
        let prefix = format!("{repo}-");
        self.settings.iter().filter_map(move |setting| {
            let rest = setting.name.strip_prefix(&prefix)?;
            Some((rest, setting))
        })
    }
}

/// Whether an option's value is a secret. pgBackRest's own list of secure options.
pub(super) fn is_secret(name: &str) -> bool {
    let tails = [
        "-key",
        "-key-secret",
        "-token",
        "-account",
        "-cipher-pass",
        "-passphrase",
        "-customer-key",
    ];
    tails.iter().any(|tail| name.ends_with(tail))
}
