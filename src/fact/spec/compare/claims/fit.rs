//! Whether a server would apply the drafted claim specs to the claims that are there.
//!
//! It refuses a smaller request, another class, other modes, and a larger request unless the class lets claims grow.

use super::super::super::Draft;
use super::super::super::pairing::of_pair;
use super::super::super::problems::{Culprits, at};
use super::super::super::reading::{word, words};
use super::super::sides::first_of;
use super::adopted::adopted;
use crate::expr::Quantity;
use crate::fact::Element;
use crate::fact::spec::claims::claim_spec;
use crate::fact::spec::claims::claim_spec::ClaimSpec;
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::v4::fields::truth;
use crate::fact::v4::seen::found;
use crate::manifest::{Evidence, Fact, Gap, Inventory, Kind, Node, Object, Truth};

/// What becomes of a drafted claim spec.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Refused,
    Grows,
}

/// A drafted claim spec that the operator applies to a claim.
struct Applied<'a> {
    volume: Volume,
    /// The field it is written in.
    field: &'static str,
    spec: ClaimSpec<'a>,
    claim: &'a Object,
}

/// The drafted claim specs of the adopted claims with this outcome.
pub(super) fn compared(draft: &Draft<'_>, wanted: Outcome) -> Fact<Vec<Element>> {
    of_pair(draft, |pair| {
        let mut problems = Culprits::default();
        for volume in Volume::ALL {
            let Some(name) = problems.look(adopted(draft, volume)) else {
                continue;
            };
            if name.value.is_empty() {
                continue;
            }
            let (inventory, namespace) = (pair.cluster.inventory, pair.cluster.namespace);
            let kind = Kind::PersistentVolumeClaim;
            let claim = found(inventory.find(kind, namespace, &name.value), "the claim");
            let Some(claim) = problems.look(claim).and_then(|truth| truth.value) else {
                continue;
            };
            compare(draft, volume, claim, inventory, wanted, &mut problems);
        }
        problems.list(
            draft.object.nearest(&["spec", "dataSource"]),
            "the adopted claims",
        )
    })
}

fn compare(
    draft: &Draft<'_>,
    volume: Volume,
    claim: &Object,
    inventory: &Inventory,
    wanted: Outcome,
    problems: &mut Culprits,
) {
    let mut grown = None;
    // The operator gives the WAL claim the spec of the data claim first.
    let fields: &[(Volume, &'static str)] = match volume {
        Volume::Data => &[(Volume::Data, "instances[0].dataVolumeClaimSpec")],
        Volume::Wal => &[
            (Volume::Data, "instances[0].dataVolumeClaimSpec"),
            (Volume::Wal, "instances[0].walVolumeClaimSpec"),
        ],
        Volume::Repo => &[(Volume::Repo, "repos[0].volume.volumeClaimSpec")],
    };
    for (spec, field) in fields {
        let Some(spec) = problems.look(claim_spec::of(draft, *spec)) else {
            continue;
        };
        if spec.value.node.is_none() {
            continue;
        }
        let applied = Applied {
            volume,
            field,
            spec: spec.value,
            claim,
        };
        if wanted == Outcome::Refused {
            applied.compare_fixed(problems);
        }
        applied.compare_size(inventory, wanted, &mut grown, problems);
    }
}

impl Applied<'_> {
    /// What cannot change after a claim was made.
    fn compare_fixed(&self, problems: &mut Culprits) {
        let claim = self.claim.root();
        let class = self.spec.class();
        let existing = place(self.claim, &["spec", "storageClassName"]);
        if let Some(class) = problems.look(class) {
            let has = word(claim, &["spec", "storageClassName"]);
            if !class.value.is_empty() && class.value != has {
                self.add(problems, ["class", "class"], (&class, &has), existing);
            }
        }
        if let Some(modes) = problems.look(self.spec.modes()) {
            let sorted = |mut modes: Vec<String>| {
                modes.sort_unstable();
                modes.join(", ")
            };
            let has = sorted(words(claim, &["spec", "accessModes"]));
            let modes = modes_text(modes, sorted);
            let existing = place(self.claim, &["spec", "accessModes"]);
            if !modes.value.is_empty() && modes.value != has {
                self.add(
                    problems,
                    ["accessModes", "accessModes"],
                    (&modes, &has),
                    existing,
                );
            }
        }
        if let Some(mode) = problems.look(self.spec.volume_mode()) {
            let has = match word(claim, &["spec", "volumeMode"]).as_str() {
                "" => "Filesystem".to_owned(),
                mode => mode.to_owned(),
            };
            let existing = place(self.claim, &["spec", "volumeMode"]);
            if mode.value != has {
                self.add(
                    problems,
                    ["volumeMode", "volumeMode"],
                    (&mode, &has),
                    existing,
                );
            }
        }
    }

    /// Requests may only grow, and only where the class allows it. `grown` is what the claim has grown to already.
    fn compare_size(
        &self,
        inventory: &Inventory,
        wanted: Outcome,
        grown: &mut Option<(Quantity, String)>,
        problems: &mut Culprits,
    ) {
        let path = ["spec", "resources", "requests", "storage"];
        let written = word(self.claim.root(), &path);
        let existing = place(self.claim, &path);
        let Some(size) = problems.look(self.spec.size()) else {
            return;
        };
        let (drafted, there) = (
            quantity(&size.value, self.field),
            quantity(&written, &format!("the claim {}", self.claim.name)),
        );
        let Some((ours, first)) = problems.look(drafted.both(there)).map(|both| both.value) else {
            return;
        };
        // What asks for nothing changes nothing.
        let Some(ours) = ours else { return };
        let Some(first) = first else {
            let missing = format!("the size of the claim {}", self.claim.name);
            problems.look(Fact::<()>::unknown(Gap {
                missing,
                because: "it is in the input without spec.resources.requests".to_owned(),
                ..Gap::of_one(
                    self.claim.kind,
                    self.claim.namespace.as_deref(),
                    &self.claim.name,
                )
            }));
            return;
        };
        let (theirs, written) = grown.clone().unwrap_or((first, written));
        if ours < theirs {
            if wanted == Outcome::Refused {
                self.add(problems, ["size", "smaller"], (&size, &written), existing);
            }
        } else if ours > theirs {
            let Some(expandable) = problems.look(expandable(self.claim, inventory)) else {
                return;
            };
            let outcome = if expandable.value {
                Outcome::Grows
            } else {
                Outcome::Refused
            };
            if outcome == wanted {
                self.add(problems, ["size", "larger"], (&size, &written), existing);
            }
            if expandable.value {
                *grown = Some((ours, size.value));
            }
        }
    }

    fn add(
        &self,
        problems: &mut Culprits,
        [property, kind]: [&str; 2],
        (ours, theirs): (&Truth<String>, &str),
        existing: Evidence,
    ) {
        let (role, field, claim) = (self.volume.role(), self.field, &self.claim.name);
        let (drafted, has) = (
            ours.value.as_str(),
            if theirs.is_empty() { "none" } else { theirs },
        );
        let verb = if property == "size" {
            "asks for"
        } else {
            "says"
        };
        let text = format!("{field} {verb} {drafted}, the claim {claim} has {has}");
        let item = [
            ("role", role.into()),
            ("field", field.into()),
            ("property", property.into()),
            ("draft", drafted.into()),
            ("v4", theirs.into()),
            ("kind", kind.into()),
            ("text", text.into()),
        ];
        let drafted = first_of(ours, "the drafted claim");
        let places: Vec<Evidence> = drafted.into_iter().chain([existing]).collect();
        problems.tell(format!("{role} {field} {property}"), item, &places);
    }
}

fn modes_text(modes: Truth<Vec<String>>, text: impl Fn(Vec<String>) -> String) -> Truth<String> {
    Truth {
        value: text(modes.value),
        evidence: modes.evidence,
        assumes: modes.assumes,
    }
}

/// A size as a number; `None` where none is written.
fn quantity(text: &str, of: &str) -> Fact<Option<Quantity>> {
    if text.is_empty() {
        return Fact::known(None);
    }
    Quantity::parse(text).map_or_else(
        || {
            Fact::unknown(Gap {
                missing: format!("the size in {of}"),
                because: format!("{text:?} is no quantity"),
                ask: format!("correct the size in {of} (10Gi, 500M) and run again"),
            })
        },
        |quantity| Fact::known(Some(quantity)),
    )
}

/// Where a claim says something, or the nearest thing it says.
fn place(claim: &Object, path: &[&str]) -> Evidence {
    let node = claim.at(path).filter(|node| !node.is_null());
    let span = node.map_or_else(|| claim.nearest(path), Node::span);
    at(span, "the claim to adopt")
}

/// Whether the class of a claim lets it grow.
fn expandable(claim: &Object, inventory: &Inventory) -> Fact<bool> {
    let name = word(claim.root(), &["spec", "storageClassName"]);
    if name.is_empty() {
        return Fact::known(false);
    }
    let class = found(
        inventory.find(Kind::StorageClass, None, &name),
        "the storage class",
    );
    class.and_then(|class| match class {
        Some(class) => truth(class, &["allowVolumeExpansion"], "whether claims may grow"),
        None => Fact::known(false),
    })
}
