//! The claims that an edit would change: all claim specs of both sides, by what they are for.

use super::super::Draft;
use super::super::row::{DraftFact, each};
use super::living::{REPOS, by_name, living, named, place, sets_of_both};
use crate::expr::{Quantity, Value};
use crate::fact::Element;
use crate::fact::v4::seen::if_complete;
use crate::hashing::HashMap;
use crate::manifest::{Completeness, Fact, Kind, Node, Object};

const SET: &str = "postgres-operator.crunchydata.com/instance-set";
const ROLE: &str = "postgres-operator.crunchydata.com/role";
const REPO: &str = "postgres-operator.crunchydata.com/pgbackrest-repo";
const SIZE: [&str; 3] = ["resources", "requests", "storage"];
const CLASS: [&str; 1] = ["storageClassName"];
const ASKED: &str = "what the draft asks for";
const THERE: &str = "what is there now";

pub(in super::super) static FACTS: &[DraftFact] = &[
    each(
        "change.claimsShrunk",
        "the claim specs, of instances and of repositories, that are changed and ask for less storage than now, in the spec or in the claims themselves: a claim cannot shrink; of is what they are for",
        &["of", "from", "to"],
        |draft| Fact::at(shrunk(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.modesChanged",
        "the claim specs, of instances and of repositories, that ask for other access modes than those of the spec that runs: a claim keeps its modes; of is what they are for",
        &["of", "from", "to"],
        |draft| Fact::at(modes_changed(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.classesChanged",
        "the claim specs, of instances and of repositories, whose storage class is changed to another than that of the claims: a claim keeps its class; of is what they are for, from is unknown where the spec named none and no claim is seen",
        &["of", "from", "to"],
        |draft| Fact::at(classes_changed(draft), draft.name_span(), "the draft"),
    ),
];

/// Modes of access say the same in any order.
fn modes_changed(draft: &Draft<'_>) -> Vec<Element> {
    let modes = |spec: Node<'_>| {
        let list = spec.get("accessModes").into_iter().flat_map(Node::items);
        let mut modes: Vec<String> = list.map(|mode| mode.text().to_owned()).collect();
        modes.sort_unstable();
        modes.join(", ")
    };
    let changes = |spec: Spec<'_>| {
        let (was, now) = (modes(spec.was), modes(spec.now));
        let at = spec.now.get("accessModes")?;
        let before = spec.was.get("accessModes")?;
        let from = Fact::at(was.as_str().into(), before.span(), THERE);
        (was != now).then(|| element(&spec, from, &now, at))
    };
    specs(draft).into_iter().filter_map(changes).collect()
}

/// One claim spec that both sides have.
pub(super) struct Spec<'a> {
    /// Where it stands, by names.
    pub(super) key: String,
    /// What it is for, in words.
    pub(super) of: String,
    pub(super) was: Node<'a>,
    pub(super) now: Node<'a>,
    /// Its label and value that the claims made from it bear, and the role of an instance's claim.
    pub(super) label: (&'static str, String),
    pub(super) role: &'static str,
}

/// The claims of the living cluster.
struct Claims<'a> {
    /// By what they are labelled with: the instance set or the repository they were made for.
    objects: HashMap<(&'static str, &'a str), Vec<&'a Object>>,
    completeness: Completeness,
}

impl<'a> Claims<'a> {
    fn of(draft: &Draft<'a>) -> Option<Self> {
        let (evidence, living) = place(draft)?;
        let kind = Kind::PersistentVolumeClaim;
        let all = evidence.of_v5_cluster(kind, living.namespace.as_deref(), &living.name);
        let mut objects: HashMap<_, Vec<_>> = HashMap::default();
        for claim in all.objects {
            for key in [SET, REPO] {
                if let Some(label) = claim.label(key) {
                    objects.entry((key, label.text())).or_default().push(claim);
                }
            }
        }
        Some(Claims {
            objects,
            completeness: all.completeness,
        })
    }

    /// What the claims of a spec have at a path below their own spec.
    fn have(&self, spec: &Spec<'a>, path: &[&str]) -> Vec<Node<'a>> {
        let plays = |claim: &Object| {
            let role = claim.label(ROLE);
            spec.role.is_empty() || role.is_some_and(|label| label.text() == spec.role)
        };
        let (key, value) = &spec.label;
        let own = self.objects.get(&(*key, value.as_str()));
        let own = own.into_iter().flatten().filter(|claim| plays(claim));
        own.filter_map(|claim| claim.at(&["spec"])?.at(path))
            .collect()
    }
}

pub(super) fn specs<'a>(draft: &Draft<'a>) -> Vec<Spec<'a>> {
    let mut specs = Vec::new();
    for (name, was, now) in sets_of_both(draft) {
        let key = |field: &str| format!("spec.instances[{name}].{field}");
        let kinds = [
            ("dataVolumeClaimSpec", "data", "pgdata"),
            ("walVolumeClaimSpec", "WAL", "pgwal"),
        ];
        for (field, kind, role) in kinds {
            if let (Some(was), Some(now)) = (was.get(field), now.get(field)) {
                let of = format!("the {kind} of the instance set {name}");
                specs.push(Spec {
                    key: key(field),
                    of,
                    was,
                    now,
                    label: (SET, name.clone()),
                    role,
                });
            }
        }
        let volumes = |set: Node<'a>| {
            set.get("tablespaceVolumes")
                .into_iter()
                .flat_map(Node::items)
        };
        let spaces = volumes(was).filter_map(|one| Some((one.get("name")?.text().to_owned(), one)));
        let spaces = by_name(spaces.collect());
        for volume in volumes(now) {
            let space = volume.get("name").map_or("", Node::text);
            let before = spaces.get(space).copied();
            let field = "dataVolumeClaimSpec";
            if let Some((was, now)) =
                before.and_then(|one| Some((one.get(field)?, volume.get(field)?)))
            {
                let of = format!("the tablespace {space} of the instance set {name}");
                let key = key(&format!("tablespaceVolumes[{space}]"));
                // Which claim is of which tablespace no label says in all releases.
                let label = (SET, String::new());
                let role = "tablespace";
                specs.push(Spec {
                    key,
                    of,
                    was,
                    now,
                    label,
                    role,
                });
            }
        }
    }
    specs.extend(repositories(draft));
    specs
}

fn repositories<'a>(draft: &Draft<'a>) -> Vec<Spec<'a>> {
    let Some(living) = living(draft) else {
        return Vec::new();
    };
    let there = by_name(named(living, &REPOS));
    let path = ["volume", "volumeClaimSpec"];
    let both = |(name, now): (String, Node<'a>)| {
        let was = there.get(&name)?;
        Some(Spec {
            key: format!("spec.backups.pgbackrest.repos[{name}]"),
            of: format!("the repository {name}"),
            was: was.at(&path)?,
            now: now.at(&path)?,
            label: (REPO, name),
            role: "",
        })
    };
    named(draft.object, &REPOS)
        .into_iter()
        .filter_map(both)
        .collect()
}

/// One spec that changes, as an element.
pub(super) fn element(spec: &Spec<'_>, from: Fact<Value>, to: &str, at: Node<'_>) -> Element {
    let of = Fact::at(Value::from(spec.of.as_str()), at.span(), ASKED);
    Element::new(spec.key.clone(), at.span(), ASKED)
        .with("of", of)
        .with("from", from)
        .with("to", Fact::known(to.into()))
}

pub(super) fn there(node: Node<'_>) -> Fact<Value> {
    Fact::at(node.text().into(), node.span(), THERE)
}

/// A claim that has grown cannot go back, whatever the spec of the living cluster says.
fn shrunk(draft: &Draft<'_>) -> Vec<Element> {
    let Some(claims) = Claims::of(draft) else {
        return Vec::new();
    };
    let shrinks = |spec: Spec<'_>| {
        let to = spec.now.at(&SIZE)?;
        let was = spec.was.at(&SIZE);
        if was.is_some_and(|was| was.text() == to.text()) {
            return None;
        }
        let sizes = claims.have(&spec, &SIZE).into_iter().chain(was);
        let sizes = sizes.filter_map(|node| Some((Quantity::parse(node.text())?, node)));
        let (largest, from) = sizes.max_by_key(|(size, _)| *size)?;
        let less = Quantity::parse(to.text())? < largest;
        less.then(|| element(&spec, there(from), to.text(), to))
    };
    specs(draft).into_iter().filter_map(shrinks).collect()
}

/// Of the claims where they are seen, else of the spec that runs.
fn classes_changed(draft: &Draft<'_>) -> Vec<Element> {
    let Some(claims) = Claims::of(draft) else {
        return Vec::new();
    };
    let changes = |spec: Spec<'_>| {
        let (was, now) = (spec.was.at(&CLASS), spec.now.at(&CLASS));
        let text = |node: Option<Node<'_>>| node.map_or(String::new(), |n| n.text().to_owned());
        if text(was) == text(now) {
            return None;
        }
        let Some(now) = now.filter(|now| !now.text().is_empty()) else {
            return was.map(|was| element(&spec, there(was), "none", spec.now));
        };
        let have = claims.have(&spec, &CLASS);
        let other = have.iter().find(|class| class.text() != now.text());
        let from = match (other, was) {
            (Some(other), _) => there(*other),
            (None, _) if !have.is_empty() => return None,
            (None, Some(was)) => there(was),
            (None, None) => if_complete(&claims.completeness, now.text().into()),
        };
        Some(element(&spec, from, now.text(), now))
    };
    specs(draft).into_iter().filter_map(changes).collect()
}
