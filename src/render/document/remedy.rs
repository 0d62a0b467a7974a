//! What to do, with places for the names of the one it is for: the same text then serves a fleet.

use memchr::memmem::Finder;

use super::finding::Subject;

/// How a place begins.
const OPEN: &str = "{subject.";

/// What looks for the words of a text that become places. It is kept from one text to the next: the findings of a subject
/// come one after the other, and to make it takes longer than to look.
#[derive(Debug)]
pub(super) struct Seeker {
    /// For the longer of name and namespace, the other one, and what begins like a place.
    words: [Finder<'static>; 3],
}

impl Default for Seeker {
    fn default() -> Self {
        Seeker {
            words: ["", "", OPEN].map(Finder::new),
        }
    }
}

impl Seeker {
    /// Looks for other words from now on, if they are others.
    fn seek(&mut self, words: [&str; 3]) -> &[Finder<'static>; 3] {
        for (finder, word) in self.words.iter_mut().zip(words) {
            if finder.needle() != word.as_bytes() {
                *finder = Finder::new(word).into_owned();
            }
        }
        &self.words
    }
}

/// A text with places where the subject's name and namespace stand in it. A place that was in the text already stays one
/// that stands for itself.
pub(super) fn shared(text: &str, subject: &Subject<'_>, seeker: &mut Seeker) -> String {
    let mut names = [
        (&*subject.name, "{subject.name}"),
        (&*subject.namespace, "{subject.namespace}"),
    ];
    // Of a name that begins with the other one, the longer is meant.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let [(first, _), (second, _)] = names;
    let finders = seeker.seek([first, second, OPEN]);
    let mut words = finders.each_ref().map(|word| Places::of(text, word));
    let mut told = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while !rest.is_empty() {
        // All up to where the next name or place may stand stays as it is.
        let here = text.len() - rest.len();
        let next = words.iter_mut().filter_map(|word| word.from(here)).min();
        let (plain, from) = rest.split_at(next.unwrap_or(text.len()) - here);
        told.push_str(plain);
        rest = from;
        let Some(next) = rest.chars().next() else {
            break;
        };
        let named = names.iter().find_map(|(name, place)| {
            let after = rest.strip_prefix(name).filter(|_| !name.is_empty())?;
            (stands_alone(&told, after)).then_some((after, *place))
        });
        if let Some((after, place)) = named {
            told.push_str(place);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(OPEN) {
            told.push_str("{subject.}");
            rest = after;
        } else {
            told.push(next);
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
        }
    }
    told
}

/// Where a word stands in a text, looked up one place after another.
struct Places<'t> {
    text: &'t [u8],
    word: &'t Finder<'static>,
    next: Option<usize>,
}

impl<'t> Places<'t> {
    /// An empty word stands nowhere.
    fn of(text: &'t str, word: &'t Finder<'static>) -> Self {
        let text = text.as_bytes();
        let next = word.find(text).filter(|_| !word.needle().is_empty());
        Places { text, word, next }
    }

    /// The first place that is not before this one.
    fn from(&mut self, at: usize) -> Option<usize> {
        if self.next? < at {
            let found = self.word.find(self.text.get(at..).unwrap_or_default());
            self.next = found.map(|found| at + found);
        }
        self.next
    }
}

/// Whether a name between two texts is a word of its own, and not the program at the beginning of a command.
fn stands_alone(before: &str, after: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut back = before.chars().rev();
    let program = before.ends_with("\n    ") && after.starts_with(' ');
    !program
        && !back.next().is_some_and(|c| inside(c) || c == '-')
        && !after.chars().next().is_some_and(inside)
}

/// The text with the names in their places. `None`: it would have more bytes than are `left`.
pub(super) fn named(text: &str, subject: &Subject<'_>, left: &mut usize) -> Option<String> {
    let mut told = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        told.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + OPEN.len()..).unwrap_or_default();
        let places = [
            ("name}", &*subject.name),
            ("namespace}", &*subject.namespace),
            ("}", OPEN),
        ];
        let place = places
            .iter()
            .find_map(|(place, name)| Some((rest.strip_prefix(place)?, *name)));
        let (after, name) = place.unwrap_or((rest, OPEN));
        *left = left.checked_sub(name.len())?;
        told.push_str(name);
        rest = after;
    }
    told.push_str(rest);
    Some(told)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;

    fn subject<'a>(namespace: &'a str, name: &'a str) -> Subject<'a> {
        Subject {
            origin: Cow::Borrowed(""),
            kind: Cow::Borrowed("Pgcluster"),
            namespace: Cow::Borrowed(namespace),
            name: Cow::Borrowed(name),
        }
    }

    #[test]
    fn clusters_that_differ_in_their_names_share_a_text() {
        let of = |namespace: &str, name: &str| {
            let text = format!(
                "Scale {name} down.\n\n    pgo scaledown {name} -n {namespace} --target={name}-abcd"
            );
            shared(&text, &subject(namespace, name), &mut Seeker::default())
        };
        let told = "Scale {subject.name} down.\n\n    pgo scaledown {subject.name} -n {subject.namespace} --target={subject.name}-abcd";
        assert_eq!(of("shop", "hippo"), told);
        assert_eq!(of("pgo", "pg"), told);
    }

    #[test]
    fn a_program_or_a_part_of_a_word_is_no_name() {
        let text = "Take pgo-postgres.\n\n    pgo show cluster a\n    kubectl get pgotasks -n pgo";
        let told = "Take {subject.namespace}-postgres.\n\n    pgo show cluster {subject.name}\n    kubectl get pgotasks -n {subject.namespace}";
        let mut seeker = Seeker::default();
        assert_eq!(shared(text, &subject("pgo", "a"), &mut seeker), told);
        // For the next subject other words are looked for.
        let of_next = shared("Take a and b.", &subject("pgo", "b"), &mut seeker);
        assert_eq!(of_next, "Take a and {subject.name}.");
    }

    proptest! {
        /// Whatever a hostile name is, and whatever stands in a text.
        #[test]
        fn a_shared_text_with_its_names_is_the_text(
            name in "([a-z-]{0,3}|\\{subject\\.|\\{subject\\.name\\}|name\\}|\\})",
            namespace in "([a-z-]{0,3}|\\{|subject)",
            text in "([a-c \\n-]|\\{subject\\.|\\{subject\\.name\\}|name\\}|\\{|\\}|subject\\.|ü){0,30}",
        ) {
            let subject = subject(&namespace, &name);
            let mut left = 10_000;
            let told = shared(&text, &subject, &mut Seeker::default());
            prop_assert_eq!(named(&told, &subject, &mut left), Some(text));
        }
    }
}
