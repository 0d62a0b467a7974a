//! Where clusters stand, in a sentence, and why: the reasons of every verdict that is blocked or unknown.

use super::sections::{CANNOT, Told};
use crate::check::{FindingOutcome, Verdict};
use crate::render::document::title;
use crate::render::fleet::listed;
use crate::render::text::page::Page;
use crate::render::view::{Part, Topic, View};

/// Whether anything is to be done or confirmed.
fn is_listed(view: &View<'_>) -> bool {
    let parts = [Part::Unblock, Part::Do, Part::Confirm];
    parts
        .into_iter()
        .any(|part| view.part(part).next().is_some())
}

impl Told<'_> {
    /// Where one cluster, or a fleet, stands in one sentence.
    pub(super) fn verdict(&self, page: &mut Page, view: &View<'_>) {
        page.blank();
        let [cluster] = self.document.clusters.as_slice() else {
            page.prose("", 0, &self.verdicts());
            return;
        };
        let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
        let by = |verdict: Verdict| -> String {
            let methods = cluster.methods.iter();
            let names = methods.filter(|(_, judged)| judged.verdict == verdict);
            let names: Vec<&str> = names.map(|(method, _)| method.name()).collect();
            names.join(" or ")
        };
        let line = match cluster.verdict {
            Verdict::Ready => format!("{name} is ready to move by {}.", by(Verdict::Ready)),
            // Nothing is listed where somebody set all of it aside.
            Verdict::Action if !is_listed(view) => format!(
                "{name} can move by {}, with what was set aside (see what it assumes).",
                by(Verdict::Action)
            ),
            Verdict::Action => format!(
                "{name} can move by {} once what is listed below is done or confirmed.",
                by(Verdict::Action)
            ),
            Verdict::Unknown => {
                format!("Whether {name} can move is not decided; the questions below come first.")
            }
            Verdict::Blocked => format!("{name} cannot move as things are."),
        };
        page.prose("", 0, &line);
    }

    /// "Of 300 clusters 180 can move once what is listed below is done or confirmed, and 120 cannot move as things are."
    fn verdicts(&self) -> String {
        let clusters = &self.document.clusters;
        let of = |wanted| {
            let same = clusters.iter().filter(move |one| one.verdict == wanted);
            same.count()
        };
        if of(Verdict::Blocked) == clusters.len() {
            let all = clusters.len();
            return format!("None of the {all} clusters can move as things are.");
        }
        let is = |count| if count == 1 { "is" } else { "are" };
        let (ready, unknown) = (of(Verdict::Ready), of(Verdict::Unknown));
        let words = [
            (ready, format!("{ready} {} ready to move", is(ready))),
            (
                of(Verdict::Action),
                format!(
                    "{} can move once what is listed below is done or confirmed",
                    of(Verdict::Action)
                ),
            ),
            (
                unknown,
                format!(
                    "{unknown} {} not decided (the questions below come first)",
                    is(unknown)
                ),
            ),
            (
                of(Verdict::Blocked),
                format!("{} cannot move as things are", of(Verdict::Blocked)),
            ),
        ];
        let told = words.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(_, words)| words).collect();
        format!("Of {} clusters {}.", clusters.len(), listed(&told))
    }

    /// Why verdicts are blocked or unknown. Never left out.
    pub(super) fn reasons(&self, page: &mut Page, view: &View<'_>) {
        let reasons: Vec<&Topic<'_>> = view.part(Part::Reason).collect();
        if reasons.is_empty() {
            return;
        }
        page.head("Why");
        let mut number = 0;
        for same in reasons.chunk_by(|one, next| one.bears_as(next)) {
            let Some(first) = same.first() else {
                continue;
            };
            let word = match first.outcome {
                FindingOutcome::Fires => "blocked",
                FindingOutcome::Unknown => "unknown",
            };
            let methods: Vec<&str> = first.methods.iter().map(|one| one.name()).collect();
            let shared = self.shared(first);
            let shared = if self.alone() {
                shared
            } else {
                format!(" ({shared})")
            };
            let head = format!("{} {word}{shared}:", methods.join(", "));
            let start = |number: usize, alone: &str| {
                if self.alone() {
                    alone.to_owned()
                } else {
                    format!("  {number}. ")
                }
            };
            if let [one] = same {
                number += 1;
                let text = format!("{head} {} [{}]", one.text, one.rule);
                page.prose(&start(number, "  "), 5, &text);
                continue;
            }
            let open = same.iter().all(|one| one.text.starts_with(CANNOT));
            let tell = if open { " cannot tell" } else { "" };
            page.prose("  ", 5, &format!("{head}{tell}"));
            for topic in same {
                number += 1;
                let text = topic.text.strip_prefix(CANNOT).filter(|_| open);
                let text = text.unwrap_or(&topic.text);
                let whole = format!("{text} [{}]", topic.rule);
                let start = start(number, "  - ");
                let is_short = self.detail.again == 0 && page.breaks(&start, &whole);
                page.prose(&start, 5, if is_short { text } else { &whole });
            }
        }
    }
}
