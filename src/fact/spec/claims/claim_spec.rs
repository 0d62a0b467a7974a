//! The claim specs of a draft that count for adoption: of the first instance set, of the first repository.

use super::volumes::Volume;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::reading::{has, record, word, words};
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Gap, Node};
use crate::source::Span;

/// A claim spec, or where it would be.
#[derive(Clone, Copy)]
pub(in crate::fact::spec) struct ClaimSpec<'a> {
    /// `None` where the draft has none.
    pub(in crate::fact::spec) node: Option<Node<'a>>,
    /// Its key, or the nearest thing that exists.
    pub(in crate::fact::spec) key: Span,
}

/// Ways of asking for a certain volume instead of `spec.dataSource.volumes`.
const SHORTCUTS: [&str; 4] = ["dataSource", "dataSourceRef", "selector", "volumeName"];

/// The rows of one claim spec.
macro_rules! claim {
    ($prefix:literal, $volume:expr, $meaning:literal) => {
        [
            row(
                concat!($prefix, ".given"),
                Type::Bool,
                concat!($meaning, " is given"),
                |draft| {
                    of(draft, $volume).and_then(|spec| {
                        Fact::at(spec.node.is_some().into(), spec.key, "the drafted claim")
                    })
                },
            ),
            row(
                concat!($prefix, ".size"),
                Type::Quantity,
                concat!("the size asked for in ", $meaning, "; \"\" for none"),
                |draft| of(draft, $volume).and_then(|spec| spec.text(&SIZE).map(Value::from)),
            ),
            row(
                concat!($prefix, ".class"),
                Type::String,
                concat!("the storage class in ", $meaning, "; \"\" where it is left out"),
                |draft| {
                    of(draft, $volume).and_then(|spec| spec.text(&["storageClassName"]).map(Value::from))
                },
            ),
            row(
                concat!($prefix, ".accessModes"),
                Type::Strings,
                concat!("the access modes in ", $meaning),
                |draft| of(draft, $volume).and_then(|spec| spec.modes().map(Value::from)),
            ),
            row(
                concat!($prefix, ".volumeMode"),
                Type::String,
                concat!("the volume mode in ", $meaning, ": Filesystem unless it says otherwise"),
                |draft| of(draft, $volume).and_then(|spec| spec.volume_mode().map(Value::from)),
            ),
            row(
                concat!($prefix, ".shortcuts"),
                Type::Strings,
                concat!("fields in ", $meaning, " that ask for a certain volume: dataSource, dataSourceRef, selector, volumeName"),
                |draft| of(draft, $volume).and_then(|spec| spec.shortcuts()),
            ),
        ]
    };
}

pub(in crate::fact::spec) static DATA: &[DraftFact] = &claim!(
    "draft.dataClaim",
    Volume::Data,
    "dataVolumeClaimSpec of the first instance set"
);
pub(in crate::fact::spec) static WAL: &[DraftFact] = &claim!(
    "draft.walClaim",
    Volume::Wal,
    "walVolumeClaimSpec of the first instance set"
);
pub(in crate::fact::spec) static REPO: &[DraftFact] = &claim!(
    "draft.repoClaim",
    Volume::Repo,
    "volumeClaimSpec of the first repository"
);

const SIZE: [&str; 3] = ["resources", "requests", "storage"];

/// The claim spec that counts for a volume.
pub(in crate::fact::spec) fn of<'a>(draft: &Draft<'a>, volume: Volume) -> Fact<ClaimSpec<'a>> {
    let (list, path): (&[&str], &[&str]) = match volume {
        Volume::Data => (&["spec", "instances"], &["dataVolumeClaimSpec"]),
        Volume::Wal => (&["spec", "instances"], &["walVolumeClaimSpec"]),
        Volume::Repo => (
            &["spec", "backups", "pgbackrest", "repos"],
            &["volume", "volumeClaimSpec"],
        ),
    };
    draft.items(list).map(|items| {
        let Some(first) = items.first() else {
            let key = draft.nearest(list);
            return ClaimSpec { node: None, key };
        };
        ClaimSpec {
            node: first.at(path).filter(|node| !node.is_null()),
            key: nearest(*first, path),
        }
    })
}

/// The key of the deepest existing part of a path below a list's item; the item's name, or itself, if there is none.
fn nearest(item: Node<'_>, path: &[&str]) -> Span {
    let own = item.get("name").unwrap_or(item).span();
    let mut found = own;
    let mut node = item;
    for key in path {
        let Some((name, value)) = node.entry(key) else {
            break;
        };
        found = name.span();
        node = value;
    }
    found
}

impl ClaimSpec<'_> {
    fn text(&self, path: &[&str]) -> Fact<String> {
        let Some(spec) = self.node else {
            return Fact::at(String::new(), self.key, "the drafted claim");
        };
        let value = word(spec, path);
        let place = spec.at(path).filter(|node| !node.is_null());
        if place.is_some_and(Node::is_placeholder) {
            return Fact::unknown(not_filled_in(&path.join(".")));
        }
        let span = place.map_or_else(|| self.within(path), Node::span);
        Fact::at(value, span, "the drafted claim")
    }

    /// The size asked for; `""` for none.
    pub(in crate::fact::spec) fn size(&self) -> Fact<String> {
        self.text(&SIZE)
    }

    /// The storage class; `""` where it is left out.
    pub(in crate::fact::spec) fn class(&self) -> Fact<String> {
        self.text(&["storageClassName"])
    }

    pub(in crate::fact::spec) fn modes(&self) -> Fact<Vec<String>> {
        let Some(spec) = self.node else {
            return Fact::at(Vec::new(), self.key, "the drafted claim");
        };
        let modes = spec.get("accessModes");
        let mut written = modes.into_iter().flat_map(Node::items);
        if written.any(Node::is_placeholder) {
            return Fact::unknown(not_filled_in("accessModes"));
        }
        let span = modes.map_or(self.key, Node::span);
        Fact::at(words(spec, &["accessModes"]), span, "the drafted claim")
    }

    pub(in crate::fact::spec) fn volume_mode(&self) -> Fact<String> {
        self.text(&["volumeMode"]).map(|mode| {
            if mode.is_empty() {
                "Filesystem".to_owned()
            } else {
                mode
            }
        })
    }

    pub(in crate::fact::spec) fn shortcuts(&self) -> Fact<Value> {
        let spec = self.node;
        let given = SHORTCUTS
            .into_iter()
            .filter(|field| spec.is_some_and(|spec| has(spec, &[field])));
        let given: Vec<&str> = given.collect();
        let fact = Fact::known(given.clone().into());
        let keys = given.iter().filter_map(|field| Some(spec?.entry(field)?.0));
        let fact = keys.fold(fact, |fact, key| {
            fact.and_at(key.span(), "asks for a certain volume")
        });
        if given.is_empty() {
            return fact.and_at(self.key, "the drafted claim");
        }
        fact
    }

    /// The key of the deepest existing part of a path within the spec.
    fn within(&self, path: &[&str]) -> Span {
        let mut found = self.key;
        let mut node = self.node;
        for key in path {
            let Some((name, value)) = node.and_then(|node| node.entry(key)) else {
                break;
            };
            found = name.span();
            node = Some(value);
        }
        found
    }
}

/// The gap that a value leaves which somebody must still fill in.
fn not_filled_in(what: &str) -> Gap {
    Gap {
        missing: format!("{what} of a drafted claim"),
        because: "it says TODO, and is still to be filled in".to_owned(),
        ask: format!("fill in {what} and run again"),
    }
}

/// A claim spec in a record.
pub(in crate::fact::spec) fn as_record(spec: Option<Node<'_>>) -> Value {
    let spec = spec.filter(|node| !node.is_null());
    let text = |path: &[&str]| spec.map_or_else(String::new, |spec| word(spec, path));
    let mode = match text(&["volumeMode"]).as_str() {
        "" => "Filesystem".to_owned(),
        mode => mode.to_owned(),
    };
    let shortcuts = SHORTCUTS
        .into_iter()
        .filter(|field| spec.is_some_and(|spec| has(spec, &[field])));
    record([
        ("given", spec.is_some().into()),
        ("size", text(&SIZE).into()),
        ("class", text(&["storageClassName"]).into()),
        (
            "accessModes",
            spec.map_or_else(Vec::new, |spec| words(spec, &["accessModes"]))
                .into(),
        ),
        ("volumeMode", mode.into()),
        ("shortcuts", shortcuts.collect::<Vec<_>>().into()),
    ])
}
