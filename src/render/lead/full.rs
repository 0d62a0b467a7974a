//! The report for people in full: every finding, with its lines where they are at hand.

use super::asking::{asked, look};
use super::detail::Extent;
use super::{sums, table};
use crate::render::asks::{Answers, Run};
use crate::render::document::{ById, Document, Finding};
use crate::render::human::InFull;
use crate::render::text::page::Page;
use crate::render::text::screen::Screen;
use crate::render::view::View;

/// The report as text.
pub(super) fn text(
    document: &Document<'_>,
    view: &View<'_>,
    screen: Screen,
    lines: &dyn Fn(&str, &str) -> Option<String>,
) -> String {
    let mut page = Page::of(screen);
    table::write(&mut page, document, view, &[], Extent::Full);
    let news: Vec<&Finding<'_>> = document
        .findings
        .iter()
        .filter(|one| one.is_news())
        .collect();
    let mut full = InFull::of(document, screen);
    for finding in &news {
        page.blank();
        let drawn = lines(&finding.subject.origin, &finding.id);
        page.as_is(&full.finding(finding, drawn));
    }
    let mut found = Answers::default();
    if news.iter().any(|one| !one.gaps.is_empty()) {
        page.head("To ask");
        found = asked(&mut page, Run::of(document).as_ref(), &news);
        look(&mut page, &news, &found, usize::MAX);
    }
    let by_id = ById::of(document);
    sums::write(&mut page, document, &by_id, Extent::Full, &found);
    page.into_text()
}
