//! From what an expression read to labels on lines.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::report::Label;
use crate::manifest::{Evidence, Fact, Object};
use crate::source::Span;

/// How many places beside the deciding one are shown.
const RELATED_LIMIT: usize = 6;

/// Labels for a finding: the first place of the leading fact is primary, other places are related. Where nothing is
/// written down anywhere, `otherwise` is the place. The subject's name (the anchor) says nothing new beside another place.
pub(super) fn labels<'f, V: Clone + 'f>(
    leading_first: impl IntoIterator<Item = Cow<'f, Fact<V>>>,
    anchor: Span,
    otherwise: Span,
) -> Vec<Label> {
    let mut places: Vec<Evidence> = Vec::new();
    for fact in leading_first {
        if let Fact::Known(truth) = &*fact {
            for place in &truth.evidence {
                if !places.iter().any(|seen| seen.span == place.span) {
                    places.push(*place);
                }
            }
        }
    }
    if places.is_empty() {
        places.push(Evidence {
            absent: false,
            span: otherwise,
            note: "",
        });
    }
    let mut index = 0;
    places.retain(|place| {
        index += 1;
        index == 1 || place.span != anchor
    });
    let labels = places.into_iter().take(RELATED_LIMIT + 1).enumerate();
    labels
        .map(|(index, place)| Label {
            span: place.span,
            primary: index == 0,
            message: match (place.absent, place.note) {
                (true, note) if !note.is_empty() => Cow::Owned(format!("{note}: not said here")),
                (_, note) => Cow::Borrowed(note),
            },
        })
        .collect()
}

/// The JSON Pointer of the innermost value (or key) of an object that covers a span; `None` if it lies elsewhere.
pub(super) fn pointer(object: &Object, span: Span) -> Option<String> {
    let root = object.root();
    let whole = root.span();
    if whole.source != span.source || span.start < whole.start || span.end > whole.end {
        return None;
    }
    let covers = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    let mut pointer = String::new();
    let mut node = root;
    loop {
        let entry = node
            .entries()
            .find(|(key, value)| covers(key.span()) || covers(value.span()));
        if let Some((key, value)) = entry {
            pointer.push('/');
            push_escaped(&mut pointer, &key.key());
            if covers(key.span()) {
                return Some(pointer);
            }
            node = value;
            continue;
        }
        let Some((index, item)) = node
            .items()
            .enumerate()
            .find(|(_, item)| covers(item.span()))
        else {
            return Some(pointer);
        };
        let _ = write!(pointer, "/{index}");
        node = item;
    }
}

/// A key as a JSON Pointer spells it.
fn push_escaped(pointer: &mut String, key: &str) {
    if !key.contains(['~', '/']) {
        pointer.push_str(key);
        return;
    }
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subjects_name_is_shown_only_where_nothing_else_is() {
        let span = |start| Span {
            source: crate::source::SourceId(0),
            start,
            end: start + 1,
        };
        let at = |start| Fact::at((), span(start), "");
        let starts = |reads: &[Fact<()>]| -> Vec<u32> {
            let labels = labels(reads.iter().map(Cow::Borrowed), span(0), span(0));
            labels.iter().map(|label| label.span.start).collect()
        };
        assert_eq!(starts(&[]), [0]);
        assert_eq!(starts(&[at(0)]), [0]);
        assert_eq!(starts(&[at(5), at(0), at(7)]), [5, 7]);
        assert_eq!(starts(&[at(0), at(5)]), [0, 5]);
    }

    #[test]
    fn a_label_says_that_a_key_is_not_there() {
        let span = Span {
            source: crate::source::SourceId(0),
            start: 0,
            end: 4,
        };
        let message = |fact: Fact<()>| labels([Cow::Owned(fact)], span, span).remove(0).message;
        assert_eq!(message(Fact::at((), span, "the port")), "the port");
        let lacking = Fact::lacking((), span, "the port");
        assert_eq!(message(lacking), "the port: not said here");
    }
}
