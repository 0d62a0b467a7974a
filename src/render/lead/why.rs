//! Why: the reasons of every verdict that is blocked or unknown.

use super::groups::reason;
use super::sections::{CANNOT, Told};
use crate::check::FindingOutcome;
use crate::render::text::page::Page;
use crate::render::view::{Part, Topic, View};

impl Told<'_> {
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
                    format!("  {} ", reason(number))
                }
            };
            if let [one] = same {
                number += 1;
                let text = format!("{head} {} [{}]", one.text, one.rule);
                page.prose(&start(number, "  "), 5, &text);
                continue;
            }
            let open = same.iter().all(|one| one.text.starts_with(CANNOT));
            if open && self.alone() && self.detail.in_a_row {
                page.prose("  ", 5, &format!("{head} {}", in_a_row(same)));
                continue;
            }
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

/// Undecided reasons in one sentence: "cannot tell whether the claim is bound; whether it is owned by another object". Without the
/// second "whether" the rest reads as what is so.
fn in_a_row(same: &[&Topic<'_>]) -> String {
    let questions = same
        .iter()
        .map(|topic| topic.text.strip_prefix(CANNOT).unwrap_or(&topic.text));
    format!("{CANNOT}{}", questions.collect::<Vec<_>>().join("; "))
}
