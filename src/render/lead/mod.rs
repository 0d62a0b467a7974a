//! The report for people, on one screen: what is so, what to do, what is open.
//!
//! First the table; then the reasons of the verdicts, the preparations in the order of doing, the open questions with the
//! fewest commands that settle them, what to know in a line each; drafts; what was not read; the sums. What many clusters
//! share is said once. What is left out is counted, with the flag that shows it; the reasons never are.

mod asking;
mod detail;
mod drafts;
mod groups;
mod living;
mod sections;
mod statistics;
mod sums;
mod table;
mod upgrade;

pub use self::detail::Extent;
use self::detail::{DETAILS, EACH, ONE};
use super::document::{ById, Document};
use super::text::page::{Page, Screen};
use super::view::View;

/// The report as text. `in_full` draws a finding of a draft with its lines, where they are at hand.
pub fn lead(
    document: &Document<'_>,
    screen: Screen,
    extent: Extent,
    in_full: &dyn Fn(&str, &str) -> Option<String>,
) -> String {
    if extent == Extent::Statistics {
        return statistics::text(document);
    }
    let by_id = ById::of(document);
    let view = View::of(document, &by_id);
    let clusters = document.clusters.len();
    let most = ONE + clusters.saturating_sub(1) * EACH.0 / EACH.1;
    let mut text = String::new();
    for detail in DETAILS {
        let mut page = Page::of(screen);
        table::write(&mut page, document, &view);
        if extent == Extent::Screen {
            sections::write(&mut page, document, &view, detail);
        }
        let head = page.lines();
        if extent == Extent::Screen {
            drafts::write(&mut page, document, &by_id, in_full);
            living::write(&mut page, document, &by_id);
            upgrade::write(&mut page, document, &by_id, detail);
        }
        let before = page.lines();
        if extent == Extent::Screen {
            drafts::input(&mut page, document, in_full);
        }
        sums::write(&mut page, document, extent);
        let own = head + page.lines() - before;
        text = page.into_text();
        if own <= most {
            break;
        }
    }
    text
}
