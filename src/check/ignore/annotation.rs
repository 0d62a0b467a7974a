//! The annotation `pgo-preflight/ignore: RULE[,RULE][: reason]` to ignores that cover all findings about its object.

use super::wish::{Ignore, MOST, Reach, Wish, kept, names, place_of, subject_of};
use crate::check::report::finding::SuppressedBy;
use crate::manifest::Loaded;
use crate::source::Span;

/// The annotation's key.
pub(super) const KEY: &str = "pgo-preflight/ignore";

/// The ignores in the annotations of a text's objects.
pub(super) fn ignores<'t>(
    origin: &'t str,
    text: &'t Loaded,
) -> impl Iterator<Item = Ignore> + use<'t> {
    let values = text
        .objects
        .iter()
        .filter_map(|object| Some((object, object.annotation(KEY)?)));
    values.take(MOST).map(move |(object, value)| {
        let span = value.span();
        let wish = wish(value.text());
        let written = text.source.slice(span);
        // The name's own place, where the value is written as it reads.
        let within = |name: &str| {
            let at = written.find(name);
            at.map_or(span, |at| part(span, at, name.len()))
        };
        let rules = wish.as_ref().map_or(&[][..], |wish| &wish.rules);
        Ignore {
            by: SuppressedBy::Annotation,
            span,
            subject: subject_of(origin, object),
            reach: Reach::Document,
            rules: rules
                .iter()
                .map(|(_, name)| (Box::from(*name), within(name)))
                .collect(),
            reason: kept(wish.as_ref().map_or("", |wish| wish.reason)),
            place: place_of(&text.source, span),
        }
    })
}

#[allow(clippy::cast_possible_truncation)] // within a text below 4 GiB
fn part(span: Span, at: usize, length: usize) -> Span {
    let start = span.start + at as u32;
    Span {
        start,
        end: start + length as u32,
        ..span
    }
}

/// What a value asks for: rules, and after a colon the reason.
fn wish(value: &str) -> Option<Wish<'_>> {
    let (list, reason) = value.split_once(':').unwrap_or((value, ""));
    Some(Wish {
        rules: names(list, 0)?,
        reason: reason.trim(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_follows_the_first_colon() {
        let read = |value| {
            let wish: Wish<'_> = wish(value).unwrap();
            let rules: Vec<String> = wish.rules.iter().map(|(_, name)| (*name).into()).collect();
            (rules.join(" "), wish.reason.to_owned())
        };
        assert_eq!(read("a-b"), ("a-b".into(), String::new()));
        assert_eq!(read("a, b-c : x: y "), ("a b-c".into(), "x: y".into()));
        assert_eq!(wish(""), None);
        assert_eq!(wish("a,,b"), None);
    }
}
