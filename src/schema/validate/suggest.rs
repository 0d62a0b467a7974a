//! What somebody meant who wrote a field that does not exist: another spelling, or another place.

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

/// The only name that begins with this one, or that this one ends with: `incr` for `incremental`, `existingVolumes` for
/// `volumes`.
fn cut_short<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let name: String = folded(name).collect();
    let mut alike: Vec<&str> = known
        .filter(|known| {
            let known: String = folded(known).collect();
            let shorter = name.len().min(known.len());
            shorter >= 4 && (known.starts_with(&name) || name.ends_with(&known))
        })
        .collect();
    // Of `pgDataVolume` and `volume` the longer is meant.
    alike.sort_by_key(|known| std::cmp::Reverse(known.len()));
    let begun = |known: &&str| known.len() > name.len();
    match alike.as_slice() {
        [one] => Some(one),
        [one, ..] if !begun(one) => Some(one),
        _ => None,
    }
}

/// The only name within an edit distance that leaves most of the word as it is.
pub(in crate::schema) fn nearest<'k>(
    name: &str,
    known: impl Iterator<Item = &'k str>,
) -> Option<&'k str> {
    closest(name, known, (name.chars().count() / 3).min(3))
}

fn closest<'k>(name: &str, known: impl Iterator<Item = &'k str>, limit: usize) -> Option<&'k str> {
    let name: Vec<char> = name.to_lowercase().chars().take(64).collect();
    let letters = letters(&name);
    // Of words without other letters the lengths tell that before they are taken apart.
    let far = |known: &str| known.is_ascii() && known.len().abs_diff(name.len()) > limit;
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for known in known.filter(|known| !far(known)) {
        let lower: Vec<char> = known.to_lowercase().chars().collect();
        // Each letter that the other does not have must be dropped or replaced.
        if strange(&name, self::letters(&lower)).max(strange(&lower, letters)) > limit {
            continue;
        }
        let distance = distance(&name, &lower);
        if distance > limit || distance >= name.len() {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tied = true,
            _ => (best, tied) = (Some((distance, known)), false),
        }
    }
    best.filter(|_| !tied).map(|(_, known)| known)
}

/// Which letters a word has; some that are rare count as others.
fn letters(word: &[char]) -> u128 {
    word.iter().fold(0, |known, letter| known | bit(*letter))
}

fn bit(letter: char) -> u128 {
    1 << (u32::from(letter) % 128)
}

/// How many letters of a word are none of these.
fn strange(word: &[char], letters: u128) -> usize {
    let strange = word.iter().filter(|letter| letters & bit(**letter) == 0);
    strange.count()
}

/// The letters of a name without what people vary: case, `-` and `_`.
fn folded(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_'));
    letters.flat_map(char::to_lowercase)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
fn distance(left: &[char], right: &[char]) -> usize {
    if left.len().abs_diff(right.len()) > 3 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut cost = at(&above, j) + usize::from(a != b);
            cost = cost.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_only_when_it_is_the_only_one() {
        let known = ["volumes", "volumeName", "replicas", "name"];
        let near = |name: &str| nearest(name, known.into_iter());
        assert_eq!(near("volume"), Some("volumes"));
        assert_eq!(near("replcias"), Some("replicas"));
        assert_eq!(near("Replicas"), Some("replicas"));
        assert_eq!(near("image"), None);
        assert_eq!(nearest("ab", ["ac", "bb"].into_iter()), None);
    }

    #[test]
    fn a_word_of_a_name_tells_what_was_meant() {
        let known = [
            "volumes",
            "pgDataVolume",
            "incremental",
            "image",
            "imagePullPolicy",
            "imagePullSecrets",
        ];
        let meant = |name: &str| cut_short(name, known.into_iter());
        assert_eq!(meant("existingVolumes"), Some("volumes"));
        assert_eq!(meant("existingPGDataVolume"), Some("pgDataVolume"));
        assert_eq!(meant("incr"), Some("incremental"));
        assert_eq!(meant("ccpimage"), Some("image"));
        assert_eq!(meant("imagePull"), None);
        assert_eq!(meant("age"), None);
    }

    #[test]
    fn distance_counts_a_swap_as_one() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("retpos"), &chars("repots")), 1 + 1);
        assert_eq!(distance(&chars("sepc"), &chars("spec")), 1);
        assert_eq!(distance(&chars(""), &chars("abc")), 3);
    }
}
