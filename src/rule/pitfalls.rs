//! Which pitfalls a rule is about: the numbers that its sources name, those of `docs/pitfalls.md`.

use std::collections::BTreeSet;

use super::Rule;

impl Rule {
    /// The numbers behind "pitfall" and "pitfalls" in its sources: `pitfalls 18 and 19`.
    pub fn pitfalls(&self) -> BTreeSet<u32> {
        let sources = self.source.iter();
        sources.flat_map(|source| numbers(source)).collect()
    }
}

fn numbers(source: &str) -> Vec<u32> {
    let named = source.split("pitfall").skip(1);
    let lists = named.flat_map(|after| {
        let after = after.strip_prefix('s').unwrap_or(after);
        let words = after
            .split([' ', ',', '\n'])
            .filter(|word| !word.is_empty());
        words.map_while(|word| match word.trim_end_matches([';', '.']) {
            "and" => Some(None),
            number => number.parse().ok().map(Some),
        })
    });
    lists.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_follow_the_word() {
        assert_eq!(numbers("PGO issue 12; pitfall 53"), [53]);
        assert_eq!(numbers("pitfalls 2, 18 and 19; PGO issue 7"), [2, 18, 19]);
        assert!(numbers("PGO issue 12").is_empty());
    }
}
