//! The report for people, on one screen: what is so, what to do, what is open.
//!
//! First the table; then the reasons of the verdicts, the preparations in the order of doing, the open questions with the
//! fewest commands that settle them, what to know in a line each; drafts; what was not read; the sums. What many clusters
//! share is said once. What is left out is counted, with the flag that shows it; the reasons never are.

mod asking;
mod detail;
mod drafts;
mod full;
mod groups;
mod judged;
mod know;
mod living;
mod questions;
mod remedy;
mod sections;
mod shared;
mod statistics;
mod sums;
mod table;
mod todo;
mod upgrade;
mod verdict;
mod why;

pub(super) use self::asking::{asked, look};
pub use self::detail::Extent;
use self::detail::{DETAILS, EACH, ONE};
pub(super) use self::drafts::of_nobody;
pub(super) use self::sections::CANNOT;
use super::asks::Answers;
use super::document::{ById, Document};
use super::text::page::Page;
use super::text::screen::Screen;
use super::view::View;

/// The report as text. `lines` draws those that a finding points at, by its origin and id, where they are at hand.
pub fn lead(
    document: &Document<'_>,
    screen: Screen,
    extent: Extent,
    lines: &dyn Fn(&str, &str) -> Option<String>,
) -> String {
    let by_id = ById::of(document);
    let view = View::of(document, &by_id);
    match extent {
        Extent::Statistics => return statistics::text(document),
        Extent::Full => return full::text(document, &view, screen, lines),
        Extent::Table | Extent::Screen => {}
    }
    let alike = groups::groups(document, &view);
    let clusters = document.clusters.len();
    let most = ONE + clusters.saturating_sub(1) * EACH.0 / EACH.1;
    let mut table = Page::of(screen);
    table::write(&mut table, document, &view, &alike, extent);
    let others = drafts::of_nobody(document);
    let mut text = String::new();
    for detail in DETAILS {
        let mut page = table.clone();
        let answers = if extent == Extent::Screen {
            sections::write(&mut page, document, &view, &alike, detail)
        } else {
            Answers::default()
        };
        let head = page.lines();
        if extent == Extent::Screen {
            drafts::write(&mut page, document, &by_id, lines);
            // What was asked for comes first.
            let asked = upgrade::is_asked(document);
            if asked {
                upgrade::write(&mut page, document, &by_id, detail);
            }
            living::write(&mut page, document, &by_id);
            if !asked {
                upgrade::write(&mut page, document, &by_id, detail);
            }
        }
        let before = page.lines();
        if extent == Extent::Screen {
            table::one_by_one(&mut page, document, &view, &alike, extent);
            drafts::input(&mut page, document, &others, lines);
        }
        sums::write(&mut page, document, &by_id, extent, &answers);
        let own = head + page.lines() - before;
        text = page.into_text();
        if own <= most {
            break;
        }
    }
    text
}
