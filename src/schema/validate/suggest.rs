//! What somebody meant who wrote a field that does not exist: another spelling, or another place.

use super::spelling::{closest, cut_short, folded, nearest};
use crate::manifest::{Node, Scalar};
use crate::schema::catalogue::field_lifetime;
use crate::schema::shape::{Places, Schema, Shape, ShapeId, Subject, Type};
use crate::schema::violation::{Path, Step, escape};

/// Advice about an unknown field.
#[derive(Debug, Default)]
pub(in crate::schema) struct Hint {
    /// Goes on after "the API server would drop it".
    pub(in crate::schema) remark: String,
    pub(in crate::schema) fix: Option<String>,
    pub(in crate::schema) replacement: Option<String>,
}

/// Names that the upgrade guide's drafts, older notes or PGO v4 use and that share no word with the field's.
const SLIPS: [(&str, &str); 6] = [
    ("existingRepoVolume", "pgBackRestVolume"),
    ("repoVolume", "pgBackRestVolume"),
    ("repository", "repos"),
    ("claimName", "pvcName"),
    ("persistentVolumeClaim", "pvcName"),
    ("tablespaceMounts", "tablespaceVolumes"),
];

/// What may have been meant by `name`, written in the mapping `node` at `path` with this value.
pub(in crate::schema) fn hint(
    schema: &Schema,
    path: &Path<'_>,
    shape: &Shape,
    node: Node<'_>,
    name: &str,
    value: Node<'_>,
) -> Hint {
    if let Some(hint) = of_another_release(schema, path, name) {
        return hint;
    }
    let free = |known: &&str| node.get(known).is_none();
    let known = || {
        shape
            .properties
            .iter()
            .map(|(known, _)| &**known)
            .filter(free)
    };
    let slip = SLIPS.iter().find(|(slip, _)| *slip == name);
    let slip = slip.and_then(|(_, right)| known().find(|known| known == right));
    let spelling = slip
        .or_else(|| known().find(|known| folded(known).eq(folded(name))))
        .or_else(|| closest(name, known(), 1));
    if let Some(right) = spelling {
        return misspelt(right);
    }
    let elsewhere = places(schema, path, name, value);
    if !elsewhere.is_empty() {
        return misplaced(&elsewhere);
    }
    let meant = cut_short(name, known()).or_else(|| nearest(name, known()));
    meant.map_or_else(Hint::default, misspelt)
}

/// What to say of a field that other releases have.
fn of_another_release(schema: &Schema, path: &Path<'_>, name: &str) -> Option<Hint> {
    let Subject::PostgresCluster(release) = schema.subject else {
        return None;
    };
    let pointer = format!("{}/{}", path.pointer(), escape(name));
    let life = field_lifetime(&pointer)?;
    let target = match release {
        Some(release) => format!("; {release} does not have it"),
        None => ", but not in this CRD".to_owned(),
    };
    let late = release.is_none_or(|release| life.since > release);
    let (when, fix) = match life.until {
        Some(until) if !late => (
            format!("PGO had it up to {until}"),
            "leave it out".to_owned(),
        ),
        _ => (
            format!("PGO has it since {}", life.since),
            format!("move to PGO {} or later, or leave it out", life.since),
        ),
    };
    Some(Hint {
        remark: format!(". {when}{target}"),
        fix: Some(fix),
        replacement: None,
    })
}

fn misspelt(right: &str) -> Hint {
    Hint {
        remark: format!(". Did you mean `{right}`?"),
        fix: Some(format!("write `{right}`")),
        replacement: Some(right.to_owned()),
    }
}

fn misplaced(places: &[&str]) -> Hint {
    let places: Vec<String> = places
        .iter()
        .map(|place| match *place {
            "" => "the top level".to_owned(),
            place => format!("`{place}`"),
        })
        .collect();
    Hint {
        remark: format!(". The field belongs under {}", places.join(" or ")),
        fix: Some(format!("move it under {}", places.join(" or "))),
        replacement: None,
    }
}

/// Deeper fields belong to embedded Kubernetes types, which nobody means by mistake.
const MAX_STEPS: usize = 7;

/// The places of the schema's that a field of this name and value fits, if they are few.
fn places<'s>(schema: &'s Schema, path: &Path<'_>, name: &str, value: Node<'_>) -> Vec<&'s str> {
    let index = schema.places.get_or_init(|| {
        let mut places = Places::new();
        collect(schema, schema.root(), &mut String::new(), 0, &mut places);
        places
    });
    let here = pattern(path);
    let fitting = index.get(name).into_iter().flatten();
    let mut best: Vec<(usize, &str)> = fitting
        .filter(|(_, id)| fits(schema, value, *id))
        .map(|(place, _)| (apart(&here, place), &**place))
        .collect();
    best.sort_unstable();
    let Some((least, _)) = best.first().copied() else {
        return Vec::new();
    };
    best.retain(|(distance, _)| *distance == least);
    if best.len() > 3 {
        return Vec::new();
    }
    best.into_iter().map(|(_, place)| place).collect()
}

fn collect(schema: &Schema, id: ShapeId, at: &mut String, steps: usize, places: &mut Places) {
    let shape = schema.shape(id);
    let end = at.len();
    if let Some(items) = shape.items {
        at.push_str("[]");
        collect(schema, items, at, steps, places);
        at.truncate(end);
    }
    for (name, field) in &shape.properties {
        if steps == 0 && **name == *"status" {
            continue;
        }
        places
            .entry(Box::from(&**name))
            .or_default()
            .push((at.as_str().into(), *field));
        if steps < MAX_STEPS {
            if end > 0 {
                at.push('.');
            }
            at.push_str(name);
            collect(schema, *field, at, steps + 1, places);
            at.truncate(end);
        }
    }
}

/// A path without its indices: `spec.instances[]`.
fn pattern(path: &Path<'_>) -> String {
    let mut pattern = String::new();
    for step in &path.0 {
        match step {
            Step::Key(name, _) => {
                if !pattern.is_empty() {
                    pattern.push('.');
                }
                pattern.push_str(name);
            }
            Step::Index(_) => pattern.push_str("[]"),
        }
    }
    pattern
}

/// Steps up and down again from one place to another.
fn apart(from: &str, to: &str) -> usize {
    let steps = |text: &str| text.split('.').filter(|step| !step.is_empty()).count();
    let common = from
        .split('.')
        .zip(to.split('.'))
        .take_while(|(a, b)| a == b && !a.is_empty())
        .count();
    steps(from) + steps(to) - 2 * common
}

/// Whether a value could stand in a place: of its type, and with fields that the place knows.
fn fits(schema: &Schema, value: Node<'_>, id: ShapeId) -> bool {
    let shape = schema.shape(id);
    if value.is_map() {
        return shape.kind == Type::Object
            && (shape.preserve_unknown
                || value
                    .entries()
                    .all(|(key, _)| shape.field(&key.key()).is_some()));
    }
    if value.is_seq() {
        return shape.kind == Type::Array;
    }
    match value.scalar() {
        Some(Scalar::Str(_)) => matches!(shape.kind, Type::String | Type::IntOrString),
        Some(Scalar::Int(_)) => {
            matches!(shape.kind, Type::Integer | Type::Number | Type::IntOrString)
        }
        Some(Scalar::Float(_)) => shape.kind == Type::Number,
        Some(Scalar::Bool(_)) => shape.kind == Type::Boolean,
        _ => false,
    }
}
