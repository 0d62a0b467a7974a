//! What keeps a claim from being used as it is: a change of its size under way, storage that cannot be written to.
//!
//! Sources: Kubernetes `PersistentVolumeClaimConditionType` (core/v1), and the controller that resizes volumes: the request
//! comes first, the capacity follows when the file system has grown.

use super::{Claim, mode_of};
use crate::expr::{Quantity, Value};
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::{is_unset, misshapen, text, texts, truth};
use crate::fact::v4::storage::fsgroup::source_field;
use crate::manifest::{Fact, Node, Object};

/// Conditions that tell of a change of size (or of class) that is under way, or stuck.
const CHANGING: [&str; 6] = [
    "Resizing",
    "FileSystemResizePending",
    "ControllerResizeError",
    "NodeResizeError",
    "ModifyingVolume",
    "ModifyVolumeError",
];

/// "it has 30Gi of the 60Gi it asks for (`FileSystemResizePending`)"; `""` where nothing is under way. A claim that is in the
/// input without what its status would say tells of none.
pub(super) fn resizing(_: &Cluster<'_>, claim: &Claim<'_>) -> Fact<Value> {
    claim.of_claim(String::new(), change).map(Value::from)
}

fn change(claim: &Object) -> Fact<String> {
    let path = ["spec", "resources", "requests", "storage"];
    let wanted = text(claim, &path, "the size the claim asks for");
    let path = ["status", "capacity", "storage"];
    let has = text(claim, &path, "the size the claim has");
    let path = ["status", "conditions"];
    let conditions = match listed(claim, &path, "what is under way") {
        Fact::Unknown(gaps) => return Fact::Unknown(gaps),
        Fact::Known(conditions) => conditions.value,
    };
    let said = conditions
        .into_iter()
        .filter(|one| one.get("status").is_some_and(|it| it.text() == "True"));
    let mut types = said.filter_map(|one| one.get("type"));
    let condition = types.find(|kind| CHANGING.contains(&kind.text()));
    has.both(wanted).and_then(|(has, wanted)| {
        let amounts = (Quantity::parse(&has), Quantity::parse(&wanted));
        let short = matches!(amounts, (Some(has), Some(wanted)) if has < wanted);
        let words = match (short, condition) {
            (true, Some(kind)) => {
                format!("it has {has} of the {wanted} it asks for ({})", kind.text())
            }
            (true, None) => format!("it has {has} of the {wanted} it asks for"),
            (false, Some(kind)) => format!("its status says {}", kind.text()),
            (false, None) => return Fact::known(String::new()),
        };
        let fact = Fact::known(words);
        match condition {
            Some(kind) => fact.and_at(kind.span(), "a change that is under way"),
            None => fact,
        }
    })
}

/// Why Postgres and pgBackRest could not write files on it, whoever mounts it: "it is a block device without a file
/// system"; `""` where nothing speaks against it, as far as claim and volume are seen.
pub(super) fn unwritable(_: &Cluster<'_>, claim: &Claim<'_>) -> Fact<Value> {
    let by_claim = claim.of_claim(String::new(), of_claim);
    if by_claim.value() != Some(&String::new()) {
        return by_claim.map(Value::from);
    }
    // A volume that cannot be seen is asked for by what is asked of it otherwise.
    let Some(Some(volume)) = claim.volume.value() else {
        return by_claim.map(Value::from);
    };
    by_claim.both(of_volume(volume)).map(|(_, why)| why.into())
}

fn of_claim(claim: &Object) -> Fact<String> {
    let note = "the claim's access modes";
    let modes = texts(claim, &["spec", "accessModes"], note);
    mode_of(claim).both(modes).map(|(mode, modes)| {
        if mode == "Block" {
            return "it is a block device without a file system".to_owned();
        }
        if modes == ["ReadOnlyMany"] {
            return "its only access mode is ReadOnlyMany".to_owned();
        }
        String::new()
    })
}

fn of_volume(volume: &Object) -> Fact<String> {
    let note = "how the volume is mounted";
    let options = texts(volume, &["spec", "mountOptions"], note);
    let read_only = match source_field(volume) {
        Some(source) => truth(volume, &["spec", source, "readOnly"], note),
        None => Fact::known(false),
    };
    read_only.both(options).map(|(read_only, options)| {
        if read_only {
            return format!("its volume {} is read-only", volume.name);
        }
        let words = options.iter().flat_map(|option| option.split(','));
        if words.map(str::trim).any(|word| word == "ro") {
            return format!("its volume {} is mounted with the option ro", volume.name);
        }
        String::new()
    })
}

/// Owners that control nothing, as "Kind/name": where the last owner of a claim goes, Kubernetes deletes the claim, whatever PGO
/// v4 was told to keep. Those that control it are told by themselves.
pub(super) fn goes_with(_: &Cluster<'_>, claim: &Claim<'_>) -> Fact<Value> {
    let note = "an owner of the claim";
    let read = |object: &Object| {
        let path = ["metadata", "ownerReferences"];
        let owners = listed(object, &path, note);
        owners.map(|owners| {
            let owners = owners.into_iter();
            let said = |owner: Node<'_>, key| owner.get(key).map_or("", Node::text).to_owned();
            let others = owners.filter(|owner| said(*owner, "controller") != "true");
            let named =
                others.map(|owner| format!("{}/{}", said(owner, "kind"), said(owner, "name")));
            named.collect::<Vec<String>>()
        })
    };
    claim.of_claim(Vec::new(), read).map(Value::from)
}

/// The items of a list; unknown where something else stands in its place.
fn listed<'a>(object: &'a Object, path: &[&str], note: &'static str) -> Fact<Vec<Node<'a>>> {
    object.read(path, note).and_then(|list| match list {
        Some(other) if !other.is_seq() && !is_unset(other) => {
            Fact::unknown(misshapen(object, path, "a list"))
        }
        list => Fact::known(list.into_iter().flat_map(Node::items).collect()),
    })
}
