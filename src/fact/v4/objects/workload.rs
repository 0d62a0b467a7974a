//! What runs: the pod (template) of a Pod, Deployment, Job or `CronJob`, its containers' environment, its volumes, its scale.
//!
//! It must not know which environment variables or volumes matter.

use smallvec::SmallVec;

use crate::fact::v4::fields::{is_unset, misshapen, number, scalar_text};
use crate::manifest::{Fact, Gap, Kind, Node, Object};

/// What backs a volume of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fact::v4) enum Volume {
    /// A PersistentVolumeClaim of the pod's namespace.
    Claim {
        /// Its name.
        name: String,
        /// Whether the pod mounts it for reading only.
        read_only: bool,
    },
    /// Storage that goes with the pod.
    EmptyDir,
    /// Storage that the pod names itself, and no claim leads to: a host path, a file server, a claim that goes with the pod.
    Inline,
    /// A Secret, a ConfigMap, ...
    Other,
}

/// The kinds of volumes that hold files beyond the container, without a claim (Kubernetes, `core/v1`, `VolumeSource`).
const INLINE: [&str; 21] = [
    "hostPath",
    "nfs",
    "ephemeral",
    "iscsi",
    "fc",
    "cephfs",
    "rbd",
    "glusterfs",
    "cinder",
    "awsElasticBlockStore",
    "gcePersistentDisk",
    "azureDisk",
    "azureFile",
    "vsphereVolume",
    "portworxVolume",
    "scaleIO",
    "storageos",
    "quobyte",
    "flexVolume",
    "flocker",
    "photonPersistentDisk",
];

/// Path of one field of the pod (template) of an object of this kind.
fn pod_path(kind: Kind, field: &'static str) -> SmallVec<[&'static str; 6]> {
    let whole: &[&str] = match kind {
        Kind::Pod => &["spec"],
        Kind::CronJob => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    };
    let mut path = SmallVec::new();
    for key in whole {
        path.push(*key);
    }
    path.push(field);
    path
}

fn named<'a>(seq: Node<'a>, name: &str) -> Option<Node<'a>> {
    let is = |item: &Node<'a>| {
        let said = item.leading("name");
        said.is_some_and(|node| node.says(name))
    };
    seq.items().find(is)
}

/// Finds something inside one field of the pod (template); `None` where it is not there. Evidence is what `find`
/// gives, not the whole field.
fn find_in<'a, T>(
    object: &'a Object,
    field: &'static str,
    note: &'static str,
    find: impl FnOnce(Node<'a>) -> Option<Fact<T>>,
) -> Fact<Option<T>> {
    let path = pod_path(object.kind, field);
    // Mostly it is a list that no other copy contradicts.
    if object.rivals.is_empty()
        && let (Some(list), Some(key)) = object.walk(&path)
        && list.is_seq()
    {
        let lacking = || Fact::lacking(None, key.span(), note);
        return find(list).map_or_else(lacking, |fact| fact.map(Some));
    }
    let (field, nearest) = object.read_near(&path, note);
    match field {
        Fact::Unknown(gaps) => Fact::Unknown(gaps),
        Fact::Known(truth) => match truth.value {
            Some(node) if !node.is_seq() && !is_unset(node) => {
                Fact::unknown(misshapen(object, &path, "a list"))
            }
            found => match found.and_then(find) {
                Some(fact) => fact.map(Some),
                None => Fact::lacking(None, nearest, note),
            },
        },
    }
}

/// The container of Postgres, and of the repository host, in every release.
pub(super) const DATABASE: &str = "database";

/// A variable's value in the container `database`, else in the first that has it; `None` when no container has it. Unknown
/// when the value comes from elsewhere (`valueFrom`, `$(OTHER)`).
pub(in crate::fact) fn env(
    object: &Object,
    variable: &str,
    note: &'static str,
) -> Fact<Option<String>> {
    find_in(object, "containers", note, |containers| {
        let mut entry = None;
        for one in containers.items() {
            let Some(env) = one.get("env") else { continue };
            if !env.is_seq() && !is_unset(env) {
                let path = pod_path(object.kind, "containers");
                return Some(Fact::unknown(misshapen(
                    object,
                    &path,
                    "a list with lists of variables",
                )));
            }
            let Some(found) = last_named(env, variable) else {
                continue;
            };
            let is_database = one.get("name").is_some_and(|name| name.says(DATABASE));
            if is_database || entry.is_none() {
                entry = Some(found);
            }
            if is_database {
                break;
            }
        }
        Some(given(object, entry?, variable, note))
    })
}

/// Of variables that are written twice the container has the last (core/v1, `Container.env`).
fn last_named<'a>(seq: Node<'a>, name: &str) -> Option<Node<'a>> {
    let is = |item: &Node<'a>| {
        let said = item.leading("name");
        said.is_some_and(|node| node.says(name))
    };
    seq.items().filter(is).last()
}

fn given(object: &Object, entry: Node<'_>, variable: &str, note: &'static str) -> Fact<String> {
    let given = entry.get("value");
    match given.and_then(|given| Some((given, scalar_text(given)?))) {
        Some((given, _)) if given.is_overwritten() => {
            Fact::unknown(object.overwritten(&format!("the variable {variable}")))
        }
        Some((_, text)) if names_others(&text) => Fact::unknown(from_elsewhere(
            object,
            variable,
            "it is made of other variables",
        )),
        Some((given, text)) => Fact::at(text, given.span(), note),
        None if entry.get("valueFrom").is_some() => Fact::unknown(from_elsewhere(
            object,
            variable,
            "it is taken from another object",
        )),
        None => Fact::at(String::new(), entry.span(), note),
    }
}

/// Whether Kubernetes puts another variable's value in: `$(OTHER)`, which `$$` keeps from it.
fn names_others(text: &str) -> bool {
    text.contains("$(") && text.replace("$$", "").contains("$(")
}

/// Whether a container takes variables from a ConfigMap or a Secret as a whole.
pub(in crate::fact::v4) fn takes_more(object: &Object) -> bool {
    let containers = object.at(&pod_path(object.kind, "containers"));
    let mut containers = containers.into_iter().flat_map(Node::items);
    containers.any(|one| one.get("envFrom").is_some_and(|from| !is_unset(from)))
}

/// Why a variable that no container names may still be set: one takes variables as a whole.
pub(in crate::fact::v4) fn perhaps_among_more(object: &Object, variable: &str) -> Option<Gap> {
    let how = "it may be among the variables that are taken from another object";
    takes_more(object).then(|| from_elsewhere(object, variable, how))
}

fn from_elsewhere(object: &Object, variable: &str, how: &str) -> Gap {
    let of = format!("{} {}", object.kind.info().name, object.name);
    Gap {
        missing: format!("the value of {variable} in {of}"),
        because: format!("{how} when the container starts"),
        ask: format!("look up {variable} in a running container of {of}"),
    }
}

/// A field of the pod (template), by its path; of an object with differing copies, this copy's.
pub(in crate::fact::v4) fn pod_field<'a>(object: &'a Object, path: &[&str]) -> Option<Node<'a>> {
    let (field, below) = path.split_first()?;
    let whole = match object.kind {
        Kind::Pod => vec!["spec"],
        _ => vec!["spec", "template", "spec"],
    };
    object.at(&[whole.as_slice(), &[*field], below].concat())
}

/// Whether the pod (template) has a container of one of these names; `None` when it shows no containers.
pub(in crate::fact::v4) fn has_container(
    object: &Object,
    names: &[&str],
    note: &'static str,
) -> Fact<Option<bool>> {
    find_in(object, "containers", note, |containers| {
        let found = names.iter().find_map(|name| named(containers, name));
        Some(match found.and_then(|container| container.get("name")) {
            Some(name) => Fact::at(true, name.span(), note),
            None => Fact::at(false, object.name_span(), note),
        })
    })
}

/// The ConfigMaps of a volume of the pod (template), projected together or alone; `None` when it has no volume of this
/// name.
pub(in crate::fact::v4) fn config_maps(
    object: &Object,
    volume: &str,
    note: &'static str,
) -> Fact<Option<Vec<String>>> {
    find_in(object, "volumes", note, |volumes| {
        let volume = named(volumes, volume)?;
        let together = volume.at(&["projected", "sources"]);
        let parts = together.into_iter().flat_map(Node::items).chain([volume]);
        let names = parts.filter_map(|part| part.at(&["configMap", "name"]));
        let names: Vec<Node<'_>> = names.collect();
        let texts = names.iter().map(|name| name.text().to_owned()).collect();
        let at = names.first().copied().or_else(|| volume.get("name"));
        Some(Fact::at(texts, at.unwrap_or(volume).span(), note))
    })
}

/// What backs a volume of the pod (template); `None` when it has no volume of this name.
pub(in crate::fact::v4) fn volume(
    object: &Object,
    name: &str,
    note: &'static str,
) -> Fact<Option<Volume>> {
    find_in(object, "volumes", note, |volumes| {
        let (volume, at) = backing(named(volumes, name)?);
        Some(Fact::at(volume, at.span(), note))
    })
}

/// Every volume of the pod (template): its name and what backs it. Of an object with differing copies, this copy's.
pub(in crate::fact::v4) fn volumes(
    object: &Object,
) -> impl Iterator<Item = (&str, Volume, Node<'_>)> {
    volumes_named(object, |_| true)
}

/// The same of those with such a name.
pub(in crate::fact::v4) fn volumes_named<'a>(
    object: &'a Object,
    is_wanted: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (&'a str, Volume, Node<'a>)> {
    let seq = object.at(&pod_path(object.kind, "volumes"));
    let named = |node: Node<'a>| (node.leading("name").map_or("", Node::text), node);
    let wanted = seq.into_iter().flat_map(Node::items).map(named);
    let wanted = wanted.filter(move |(name, _)| is_wanted(name));
    wanted.map(|(name, node)| {
        let (volume, at) = backing(node);
        (name, volume, at)
    })
}

fn backing(node: Node<'_>) -> (Volume, Node<'_>) {
    if let Some(claim) = node.get("persistentVolumeClaim") {
        let name = claim.get("claimName");
        let read_only = claim
            .get("readOnly")
            .is_some_and(|flag| flag.text() == "true");
        let volume = Volume::Claim {
            name: name.and_then(scalar_text).unwrap_or_default(),
            read_only,
        };
        return (volume, name.unwrap_or(claim));
    }
    if let Some((key, _)) = node.entry("emptyDir") {
        return (Volume::EmptyDir, key);
    }
    let mut keys = node.entries().map(|(key, _)| key);
    match keys.find(|key| INLINE.contains(&key.text())) {
        Some(key) => (Volume::Inline, key),
        None => (Volume::Other, node),
    }
}

/// How many pods a Deployment asks for; 1 where it does not say, unknown for a number that no server takes.
pub(in crate::fact::v4) fn replicas(deployment: &Object, note: &'static str) -> Fact<i64> {
    const PATH: [&str; 2] = ["spec", "replicas"];
    let count = number(deployment, &PATH, note).map(|count| count.unwrap_or(1));
    if count.value().is_some_and(|count| *count < 0) {
        return Fact::unknown(misshapen(deployment, &PATH, "a number of pods"));
    }
    count
}

/// Whether an object is being deleted.
pub(in crate::fact::v4) fn deleting(object: &Object, note: &'static str) -> Fact<bool> {
    object
        .read(&["metadata", "deletionTimestamp"], note)
        .map(|node| node.is_some_and(|node| !is_unset(node)))
}

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

    /// The repository's path where the Deployment has these containers.
    fn path(containers: &str) -> String {
        let text = with(
            &deployment("hippo", 1),
            "      containers:\n",
            &format!("      containers:\n{containers}"),
        );
        World::complete(&stream(&[PGCLUSTER, &text, &pod("hippo", "master")])).says("repo.path")
    }

    fn container(name: &str, values: &[&str]) -> String {
        let of = |value: &&str| format!("{{name: PGBACKREST_REPO1_PATH, value: '{value}'}}");
        let all: Vec<String> = values.iter().map(of).collect();
        format!("      - {{name: {name}, env: [{}]}}\n", all.join(", "))
    }

    #[test]
    fn what_a_container_of_ones_own_is_told_is_not_what_postgres_is_told() {
        let own = container("metrics", &["/of-metrics"]);
        assert_eq!(path(&own), "\"/of-metrics\"");
        let both = format!("{own}{}", container("database", &["/of-database"]));
        assert_eq!(path(&both), "\"/of-database\"");
    }

    #[test]
    fn of_a_variable_that_is_written_twice_the_last_counts() {
        let twice = container("database", &["/first", "/last"]);
        assert_eq!(path(&twice), "\"/last\"");
    }

    #[test]
    fn a_value_made_of_other_variables_is_what_was_asked_for_as_an_assumption() {
        let made = container("database", &["/$(NAME)/repo"]);
        assert_eq!(path(&made), "\"/backrestrepo/hippo-backrest-shared-repo\"");
        let literal = container("database", &["/$$(NAME)"]);
        assert_eq!(path(&literal), "\"/$$(NAME)\"");
    }
}
