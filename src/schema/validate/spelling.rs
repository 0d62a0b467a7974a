//! Names that are nearly alike.

/// The only name that begins with this one, or that this one ends with: `incr` for `incremental`, `existingVolumes` for
/// `volumes`.
pub(super) fn cut_short<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
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

pub(super) fn closest<'k>(
    name: &str,
    known: impl Iterator<Item = &'k str>,
    limit: usize,
) -> Option<&'k str> {
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
pub(super) fn folded(name: &str) -> impl Iterator<Item = char> {
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
