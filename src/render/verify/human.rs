//! The checklist for people: few moves in full, many grouped by what is the same of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Line, Mark, Move, NOTHING, apart, headline, moves};
use crate::check::ArrivalVerdict;
use crate::render::document::{ById, Document, Finding};
use crate::render::fleet::counted;
use crate::render::lead::{CANNOT, asked, look};

use crate::render::text::page::Page;
use crate::render::text::prose::{Block, blocks, said};
use crate::render::text::screen::Screen;
use crate::render::unproven::NOT_IN_OBJECTS;
use crate::rule::Weight;

/// Up to how many moves are told one by one.
const IN_FULL: usize = 3;

/// How many groups of moves, and how many names of each, are told of a fleet.
const GROUPS: usize = 40;
const NAMES: usize = 6;

/// For people: each move with its checklist, worst lines first, then what no object proves, and the sums. Of a fleet the
/// sums come first, and moves of the same picture are told once. `all` tells every move with every line.
pub fn verify_human(document: &Document<'_>, screen: Screen, all: bool) -> String {
    let by_id = ById::of(document);
    let mut page = Page::of(screen);
    let mut moves = moves(document, &by_id);
    let sums = headline(document, &moves);
    if let Some(governed) = document.governed() {
        page.prose("", 2, &governed);
    }
    let one_by_one = all || moves.len() <= IN_FULL;
    if moves.len() > IN_FULL {
        page.prose("", 0, &sums);
        moves.sort_by_key(|one| Reverse(one.verdict));
    }
    if one_by_one {
        for one in &moves {
            told(&mut page, one, all || moves.len() == 1, all);
        }
    } else {
        grouped(&mut page, document, &moves);
    }
    page.blank();
    for line in apart(document) {
        page.prose("", 2, &line);
    }
    if moves.is_empty() {
        page.prose("", 2, NOTHING);
        return page.into_text();
    }
    if moves.iter().any(|one| one.verdict != ArrivalVerdict::Wrong) {
        unproven(&mut page);
    }
    page.blank();
    page.prose("", 0, &sums);
    page.into_text()
}

fn unproven(page: &mut Page) {
    page.head("What no object proves; ask the database");
    for (what, how) in NOT_IN_OBJECTS {
        page.prose("  - ", 4, what);
        page.command(6, how);
    }
}

fn verdict(one: &Move<'_>) -> String {
    match one.stage {
        "" => one.verdict.name().to_owned(),
        stage => format!("{}, at the stage \"{stage}\"", one.verdict.name()),
    }
}

/// One move. `holds` names what holds, where everything has arrived or `all` is told.
fn told(page: &mut Page, one: &Move<'_>, holds: bool, all: bool) {
    page.head(&format!("{}: {}", one.name(), verdict(one)));
    let why = &one.pair.why;
    page.prose(
        "",
        2,
        &format!("It comes from v4's {}: {why}.", one.source()),
    );
    listed(page, one, Mark::Wrong, "Wrong, first of all");
    listed(page, one, Mark::Missing, "To do, in order");
    open(page, one, all);
    known(page, one, all);
    let held = one.of_mark(Mark::Holds);
    let count = held.count();
    if count == 0 {
        return;
    }
    page.blank();
    if all || (holds && one.verdict == ArrivalVerdict::Arrived) {
        page.head("What holds");
        for line in one.of_mark(Mark::Holds) {
            page.prose("  - ", 4, &format!("{} [{}]", line.text, line.rule));
        }
    } else {
        let things = counted(count, "thing holds", "things hold");
        page.prose(
            "",
            2,
            &format!("{things} that v4 had or a move needs: -v lists them"),
        );
    }
}

/// What is wrong or missing, each with what is to be done.
fn listed(page: &mut Page, one: &Move<'_>, mark: Mark, head: &str) {
    let lines: Vec<&Line<'_>> = one.of_mark(mark).collect();
    if lines.is_empty() {
        return;
    }
    page.head(head);
    for (number, line) in lines.iter().enumerate() {
        let start = format!("  {}. ", number + 1);
        page.prose(&start, 5, &format!("{} [{}]", line.text, line.rule));
        remedy(page, line);
    }
}

fn remedy(page: &mut Page, line: &Line<'_>) {
    let fix = line.finding.map_or("", |one| &*one.fix);
    for block in blocks(fix) {
        match block {
            Block::Prose(words) => page.prose("     ", 5, &said(&words)),
            Block::Commands(text) => {
                for command in text.lines() {
                    page.command(7, command);
                }
            }
        }
    }
}

/// What could not be decided, and the fewest commands that settle it. What could change the verdict is named; the rest
/// only with `all`.
fn open(page: &mut Page, one: &Move<'_>, all: bool) {
    let findings: Vec<&Finding<'_>> = one
        .of_mark(Mark::Open)
        .filter_map(|line| line.finding)
        .collect();
    if findings.is_empty() {
        return;
    }
    page.head("To ask");
    let found = asked(page, None, &findings);
    let decides = |finding: &&&Finding<'_>| finding.effect.moved >= Some(Weight::Incomplete);
    let deciding: Vec<_> = findings.iter().filter(decides).collect();
    let others = findings.len() - deciding.len();
    if !deciding.is_empty() {
        let words = ("question that decides is", "questions that decide are");
        let count = counted(deciding.len(), words.0, words.1);
        page.prose("  ", 2, &format!("{count} open:"));
    }
    let told: Vec<&&Finding<'_>> = if all {
        findings.iter().collect()
    } else {
        deciding
    };
    for finding in told {
        let text = finding.message.strip_prefix(CANNOT);
        let text = text.unwrap_or(&finding.message);
        page.prose("  - ", 4, &format!("{text} [{}]", finding.rule));
    }
    if others > 0 && !all {
        let things = counted(others, "thing to know", "things to know");
        page.prose(
            "  ",
            2,
            &format!("and {things}, if they hold: -v shows all"),
        );
    }
    look(page, &findings, &found, usize::MAX);
}

/// What is to be known, in a line each; with `all`, with what can be done about it.
fn known(page: &mut Page, one: &Move<'_>, all: bool) {
    let lines: Vec<&Line<'_>> = one.of_mark(Mark::Warned).collect();
    if lines.is_empty() {
        return;
    }
    page.head("To know");
    for line in lines {
        page.prose("  - ", 4, &format!("{} [{}]", line.text, line.rule));
        if all {
            remedy(page, line);
        }
    }
}

/// Moves of a fleet by what is the same of them: verdict, stage, and what is not as it should be.
fn grouped(page: &mut Page, document: &Document<'_>, moves: &[Move<'_>]) {
    type Picture<'m> = (Reverse<ArrivalVerdict>, &'m str, Vec<(Mark, &'m str)>);
    let mut groups: BTreeMap<Picture<'_>, Vec<&Move<'_>>> = BTreeMap::new();
    for one in moves {
        let lines = one.lines.iter().filter(|line| line.mark < Mark::Warned);
        let lines = lines.map(|line| (line.mark, line.rule)).collect();
        let key = (Reverse(one.verdict), one.stage, lines);
        groups.entry(key).or_default().push(one);
    }
    for group in groups.values().take(GROUPS) {
        let Some(first) = group.first() else { continue };
        let mut names: Vec<String> = group.iter().take(NAMES).map(|one| one.name()).collect();
        if group.len() > NAMES {
            names.push(format!("and {} more", group.len() - NAMES));
        }
        page.blank();
        page.prose("", 2, &format!("{}: {}", names.join(", "), verdict(first)));
        for line in first.lines.iter().filter(|line| line.mark < Mark::Warned) {
            let text = match group.as_slice() {
                [_] => line.text.to_owned(),
                _ => in_general(document, line),
            };
            let word = line.mark.word();
            page.prose("  - ", 4, &format!("{word}: {text} [{}]", line.rule));
        }
    }
    page.blank();
    let left = groups.len().saturating_sub(GROUPS);
    if left > 0 {
        let more = counted(left, "more picture", "more pictures");
        page.prose("", 2, &format!("and {more} of moves: -v tells each"));
    }
    page.prose(
        "",
        2,
        "`--cluster` NAMESPACE/NAME tells one move with what to do, -v all of them.",
    );
}

/// What several moves have in common: each says it with its own names.
fn in_general(document: &Document<'_>, line: &Line<'_>) -> String {
    match (line.mark, document.rules.get(line.rule)) {
        (Mark::Open, Some(rule)) => rule.undecided(),
        (_, Some(rule)) => rule.title.to_string(),
        (_, None) => line.text.to_owned(),
    }
}
