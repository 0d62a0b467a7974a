//! A plan on a terminal: where one is, what is next, then every step with its commands.

use super::settling::{ASKED_ABOVE, Asked, Settled, Shown};
use super::words::{self, EvidenceAge};
use crate::check::Report;
use crate::plan::{Plan, Planned, State, about};
use crate::printable::one_line;
use crate::render::asks::Run;
use crate::render::document::governed_by;
use crate::render::text::page::Page;
use crate::render::text::prose::{Block, blocks};
use crate::render::text::screen::Screen;
use crate::rule::{Downtime, Method, Phase};

/// Plans for people; with `all`, what is not needed, too.
pub fn plan_human(
    report: &Report,
    plans: &[Plan],
    age: EvidenceAge,
    screen: Screen,
    all: bool,
) -> String {
    let mut page = Page::of(screen);
    let run = Run::of_report(report);
    let run = run.as_ref();
    if let Some(config) = &report.config {
        page.prose("", 2, &governed_by(config));
    }
    if plans.is_empty() {
        page.prose(
            "",
            0,
            &format!("nothing to plan: {}", words::nothing(report)),
        );
    }
    for plan in plans {
        let label = one_line(&plan.label());
        page.head(&format!(
            "{label}: {}, by {}",
            words::verdict(plan),
            plan.method.name()
        ));
        opening(&mut page, report, plan, age);
        if !plan.is_shut() {
            let mut asked = asked_first(&mut page, report, plan, run);
            steps(&mut page, (report, plan), age, all, &mut asked);
            closing(&mut page, plan);
        }
    }
    page.into_text()
}

fn opening(page: &mut Page, report: &Report, plan: &Plan, age: EvidenceAge) {
    page.prose(
        "",
        0,
        &format!(
            "{}. The evidence is {}.",
            words::standing(plan),
            age.words()
        ),
    );
    page.prose("", 0, &plan.why);
    if plan.choices.len() > 1 && !plan.begun {
        page.blank();
        for choice in &plan.choices {
            let about = about(choice.method, &choice.variant);
            let left = match choice.preparations {
                0 => String::new(),
                1 => "1 preparation; ".to_owned(),
                count => format!("{count} preparations; "),
            };
            let first = format!("  {:<8} {:<8}", choice.method.name(), choice.verdict.name());
            let text = format!(
                "{left}{}; offline: {}; storage: {}; back: {}; lost: {}",
                about.how, about.downtime, about.storage, about.back, about.lost
            );
            page.prose(&format!("{first} "), 20, &text);
        }
    }
    if !plan.blocks.is_empty() {
        page.head("Blocked: there is no plan until this is otherwise");
        findings(page, report, &plan.blocks);
        return;
    }
    if !plan.stops.is_empty() {
        page.head(
            "STOP: what is there contradicts this plan. Clear this first, run no step before",
        );
        findings(page, report, &plan.stops);
    }
}

fn findings(page: &mut Page, report: &Report, indices: &[usize]) {
    for (message, fix, rule) in words::told(report, indices) {
        page.prose("  - ", 4, &format!("{} [{rule}]", one_line(message)));
        text(page, 4, fix);
    }
}

/// The commands that settle what is open, and what to do with what they print.
fn settled(page: &mut Page, indent: usize, settled: &Settled) {
    for line in &settled.lines {
        page.command(indent, line);
    }
    let spaces = " ".repeat(indent.min(7));
    let then = &settled.then;
    if !then.first.is_empty() {
        page.prose(&spaces, spaces.len(), &then.first);
    }
    if let Some(command) = &then.command {
        page.command(indent, command);
    }
    for line in &then.notes {
        page.prose(&spaces, spaces.len(), line);
    }
}

/// What is asked for before all steps.
fn asked_first<'r>(
    page: &mut Page,
    report: &Report,
    plan: &Plan,
    run: Option<&'r Run>,
) -> Asked<'r> {
    let questions = words::before_all(report, plan);
    let first = questions.told(run, None);
    if !first.lines.is_empty() {
        page.head(words::asked_first(plan));
        settled(page, 4, &first);
    }
    Asked::after(first, run)
}

/// Prose and commands.
fn text(page: &mut Page, indent: usize, text: &str) {
    let spaces = " ".repeat(indent);
    for block in blocks(text) {
        match block {
            Block::Prose(parts) => {
                let prose: String = parts.iter().map(|word| word.text.as_str()).collect();
                page.prose(&spaces, indent, &prose);
            }
            Block::Commands(lines) => {
                for line in lines.lines() {
                    page.command(indent + 4, line);
                }
            }
        }
    }
}

fn steps(
    page: &mut Page,
    (report, plan): (&Report, &Plan),
    age: EvidenceAge,
    all: bool,
    asked: &mut Asked<'_>,
) {
    next(page, plan);
    let mut phase: Option<Phase> = None;
    let mut hidden = 0;
    for (at, planned) in plan.steps.iter().enumerate() {
        if !plan.tells(at) {
            continue;
        }
        if planned.state == State::NotNeeded && !all {
            hidden += 1;
            continue;
        }
        if phase != Some(planned.step.phase) {
            phase = Some(planned.step.phase);
            page.head(words::phase(plan.method, planned.step.phase));
        }
        step(page, (report, plan, at), planned, age, asked);
    }
    if !plan.unanswered.is_empty() {
        page.head("Prepare, too, what no step has");
        findings(page, report, &plan.unanswered);
    }
    if hidden > 0 {
        page.blank();
        page.prose(
            "",
            0,
            &format!("{hidden} steps are not needed here; -v shows them."),
        );
    }
    page.prose("", 0, words::LEGEND);
}

fn next(page: &mut Page, plan: &Plan) {
    page.blank();
    let next = plan.next.and_then(|at| plan.steps.get(at));
    if plan.next.is_some_and(|at| !plan.tells(at)) {
        let first = if plan.undecided.is_empty() {
            "Next: what the plans of the other clusters of its operator say."
        } else {
            "Next: settle what is not known."
        };
        page.prose("", 0, first);
        return;
    }
    let when = if plan.stops.is_empty() {
        "Next"
    } else {
        "Next, once that is cleared"
    };
    let Some(planned) = next else {
        let left = format!("{when}: nothing that objects could show is left.");
        let prove = match plan.method {
            Method::Upgrade => String::new(),
            _ => " Prove it with `pgo-preflight verify`.".to_owned(),
        };
        page.prose("", 0, &format!("{left}{prove}"));
        return;
    };
    let number = planned
        .number
        .map_or(String::new(), |number| number.to_string());
    let mut line = format!("{when}: step {number}, {}", planned.step.title);
    let by_hand = words::by_hand_before(plan);
    if !by_hand.is_empty() {
        let numbers: Vec<String> = by_hand.iter().map(ToString::to_string).collect();
        line.push_str(&format!("; before it, by hand: {}", numbers.join(", ")));
    }
    page.prose("", 0, &format!("{line}."));
}

fn step(
    page: &mut Page,
    (report, plan, at): (&Report, &Plan, usize),
    planned: &Planned,
    age: EvidenceAge,
    asked: &mut Asked<'_>,
) {
    let step = &planned.step;
    let shown = planned.is_told();
    if step.downtime == Some(Downtime::Begins) {
        page.prose("", 0, "----- clients are offline from here on -----");
    }
    if !step.no_return.is_empty() && shown {
        banner(page, &step.no_return, age);
        if let Some(open) = words::questions_before(plan, at) {
            page.prose("!!! ", 4, &open);
        }
    }
    let number = planned
        .number
        .map_or("-".to_owned(), |number| number.to_string());
    let mut title = format!("{} ({})", step.title, step.id);
    if let Some(words) = words::beside(planned) {
        title.push_str(&format!(": {words}"));
    }
    page.prose(
        &format!("{} {number:>2} ", words::mark(plan, at, planned)),
        7,
        &title,
    );
    if !words::questions(report, planned).is_empty() {
        page.prose("       ", 7, ASKED_ABOVE);
    }
    if shown {
        details(page, report, planned, asked);
    }
    if step.downtime == Some(Downtime::Ends) {
        page.prose("", 0, "----- clients are online again -----");
    }
}

fn banner(page: &mut Page, no_return: &str, age: EvidenceAge) {
    page.blank();
    page.prose("!!! ", 4, "POINT OF NO RETURN");
    page.prose("!!! ", 4, &one_line(no_return));
    let words = format!(
        "The evidence is {}: collect again and run `pgo-preflight plan` again before this step.",
        age.words()
    );
    page.prose("!!! ", 4, &words);
}

fn details(page: &mut Page, report: &Report, planned: &Planned, asked: &mut Asked<'_>) {
    let step = &planned.step;
    let here = "       ";
    for (message, fix) in words::reasons(report, planned) {
        page.prose(here, 7, &one_line(message));
        text(page, 7, &fix);
    }
    commands(page, &step.run);
    if !step.wait.is_empty() {
        page.prose(here, 7, "wait, until this shows it:");
        commands(page, &step.wait);
    }
    match asked.shown(&words::shown_by(planned), planned) {
        Some(Shown::By(shown)) => {
            page.prose(here, 7, "whether it is done would be shown by:");
            settled(page, 11, &shown);
        }
        Some(Shown::Before(None)) => {
            let line = "whether it is done shows what is collected once more, as above";
            page.prose(here, 7, line);
        }
        Some(Shown::Before(Some(_))) | None => {}
    }
    for (word, said) in [("changes", &*step.changes), ("way back", &*planned.back)] {
        if !said.is_empty() {
            said_in(page, word, said);
        }
    }
}

/// "way back: ..." with its commands, if it has any.
fn said_in(page: &mut Page, word: &str, said: &str) {
    let first = format!("       {word}: ");
    for (at, block) in blocks(said).into_iter().enumerate() {
        match block {
            Block::Prose(parts) => {
                let prose: String = parts.iter().map(|word| word.text.as_str()).collect();
                page.prose(if at == 0 { &first } else { "       " }, 7, &prose);
            }
            Block::Commands(lines) => {
                if at == 0 {
                    page.prose("", 0, first.trim_end());
                }
                lines.lines().for_each(|line| page.command(11, line));
            }
        }
    }
}

fn commands(page: &mut Page, lines: &str) {
    for line in lines.lines() {
        page.command(11, line.strip_prefix("    ").unwrap_or(line));
    }
}

fn closing(page: &mut Page, plan: &Plan) {
    let never = words::never(plan);
    if never.is_empty() || plan.ends_with_preparations() {
        return;
    }
    page.head("Never, until the end (the ways back above are another thing)");
    for (number, command) in never {
        page.prose(
            "  - ",
            4,
            &format!("from step {number} on: {}", one_line(command)),
        );
    }
}
