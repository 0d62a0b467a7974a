//! A plan as a checklist for a ticket.

use super::settling::{ASKED_ABOVE, Asked, Settled, Shown};
use super::words::{self, EvidenceAge};
use crate::check::Report;
use crate::plan::{Plan, Planned, State, about};
use crate::printable::one_line;
use crate::render::asks::Run;
use crate::render::document::governed_by;
use crate::render::markdown::{escape as escaped, spans};
use crate::render::text::prose::{Block, blocks, words as words_of};
use crate::rule::{Downtime, Phase};

/// Plans as Markdown; with `all`, what is not needed, too.
pub fn plan_markdown(report: &Report, plans: &[Plan], age: EvidenceAge, all: bool) -> String {
    let mut out = String::new();
    let run = Run::of_report(report);
    let run = run.as_ref();
    if let Some(config) = &report.config {
        out.push_str(&format!("{}.\n\n", escaped(&governed_by(config))));
    }
    for plan in plans {
        out.push_str(&format!(
            "# {}: {}, by {}\n\n",
            escaped(&one_line(&plan.label())),
            words::verdict(plan),
            plan.method.name()
        ));
        opening(&mut out, report, plan, age);
        if !plan.is_shut() {
            let mut asked = asked_first(&mut out, report, plan, run);
            steps(&mut out, (report, plan), age, all, &mut asked);
            closing(&mut out, plan);
        }
    }
    if plans.is_empty() {
        out.push_str(&format!("Nothing to plan: {}.\n", words::nothing(report)));
    }
    out
}

fn opening(out: &mut String, report: &Report, plan: &Plan, age: EvidenceAge) {
    out.push_str(&format!(
        "{}. The evidence is {}.\n\n",
        words::standing(plan),
        age.words()
    ));
    out.push_str(&format!("{}.\n\n", plan.why));
    if plan.choices.len() > 1 && !plan.begun {
        out.push_str("| method | verdict | how | offline | storage | way back | lost |\n|---|---|---|---|---|---|---|\n");
        for choice in &plan.choices {
            let about = about(choice.method, &choice.variant);
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} | {} |\n",
                choice.method.name(),
                choice.verdict.name(),
                about.how,
                about.downtime,
                about.storage,
                about.back,
                about.lost
            ));
        }
        out.push('\n');
    }
    let parts = [
        (
            "Blocked: there is no plan until this is otherwise",
            &plan.blocks,
        ),
        (
            "STOP: what is there contradicts this plan; clear this first",
            &plan.stops,
        ),
    ];
    for (head, indices) in parts {
        if !indices.is_empty() {
            out.push_str(&format!("## {head}\n\n"));
            findings(out, report, indices);
        }
    }
}

/// The commands that settle what is open, and what to do with what they print.
fn settled(out: &mut String, indent: &str, settled: &Settled) {
    code(out, indent, &settled.lines.join("\n"));
    let then = &settled.then;
    if !then.first.is_empty() {
        let first = spans(&words_of(&then.first));
        out.push_str(&format!("\n{indent}{first}\n\n"));
    }
    if let Some(command) = &then.command {
        code(out, indent, command);
    }
    let notes = then.notes.iter().map(|line| spans(&words_of(line)));
    let notes: Vec<String> = notes.collect();
    if !notes.is_empty() {
        out.push_str(&format!("\n{indent}{}\n\n", notes.join(" ")));
    }
}

/// What is asked for before all steps.
fn asked_first<'r>(
    out: &mut String,
    report: &Report,
    plan: &Plan,
    run: Option<&'r Run>,
) -> Asked<'r> {
    let questions = words::before_all(report, plan);
    let first = questions.told(run, None);
    if !first.lines.is_empty() {
        out.push_str(&format!("## {}\n\n", words::asked_first(plan)));
        settled(out, "", &first);
    }
    Asked::after(first, run)
}

fn findings(out: &mut String, report: &Report, indices: &[usize]) {
    for (message, fix, rule) in words::told(report, indices) {
        out.push_str(&format!("- {} (`{rule}`)\n", escaped(&one_line(message))));
        text(out, "  ", fix);
    }
    out.push('\n');
}

fn text(out: &mut String, indent: &str, text: &str) {
    for block in blocks(text) {
        match block {
            Block::Prose(parts) => {
                let prose: String = parts.iter().map(|word| word.text.as_str()).collect();
                out.push_str(&format!("\n{indent}{}\n", escaped(&one_line(&prose))));
            }
            Block::Commands(lines) => code(out, indent, &lines),
        }
    }
}

/// A fenced block; the fence is longer than any run of backticks in it.
fn code(out: &mut String, indent: &str, lines: &str) {
    let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    out.push_str(&format!("\n{indent}{fence}sh\n"));
    for line in lines.trim_end().lines() {
        let line = line.strip_prefix("    ").unwrap_or(line);
        out.push_str(&format!("{indent}{}\n", crate::printable::visible(line)));
    }
    out.push_str(&format!("{indent}{fence}\n"));
}

fn steps(
    out: &mut String,
    (report, plan): (&Report, &Plan),
    age: EvidenceAge,
    all: bool,
    asked: &mut Asked<'_>,
) {
    let mut phase: Option<Phase> = None;
    for (at, planned) in plan.steps.iter().enumerate() {
        let hidden = planned.state == State::NotNeeded && !all;
        if hidden || !plan.tells(at) {
            continue;
        }
        if phase != Some(planned.step.phase) {
            phase = Some(planned.step.phase);
            out.push_str(&format!(
                "## {}\n\n",
                words::phase(plan.method, planned.step.phase)
            ));
        }
        step(out, (report, plan, at), planned, age, asked);
    }
    if !plan.unanswered.is_empty() {
        out.push_str("## Prepare, too, what no step has\n\n");
        findings(out, report, &plan.unanswered);
    }
}

fn step(
    out: &mut String,
    (report, plan, at): (&Report, &Plan, usize),
    planned: &Planned,
    age: EvidenceAge,
    asked: &mut Asked<'_>,
) {
    let step = &planned.step;
    let shown = planned.is_told();
    if step.downtime == Some(Downtime::Begins) {
        out.push_str("**Clients are offline from here on.**\n\n");
    }
    if shown && !step.no_return.is_empty() {
        out.push_str(&format!(
            "> **Point of no return.** {} The evidence is {}: collect again and run `pgo-preflight plan` again before this step.",
            escaped(&one_line(&step.no_return)),
            age.words()
        ));
        let open = words::questions_before(plan, at);
        out.push_str(&open.map_or_else(String::new, |open| format!(" {open}")));
        out.push_str("\n\n");
    }
    let tick = match planned.state {
        State::Done | State::Passed => "[x]",
        _ => "[ ]",
    };
    let number = planned
        .number
        .map_or(String::new(), |number| format!("{number}. "));
    let next = if plan.next == Some(at) {
        " **(next)**"
    } else {
        ""
    };
    let beside =
        words::beside(planned).map_or(String::new(), |words| format!(" ({})", escaped(&words)));
    out.push_str(&format!(
        "- {tick} {number}{} (`{}`){next}{beside}\n",
        escaped(&step.title),
        step.id
    ));
    if !words::questions(report, planned).is_empty() {
        out.push_str(&format!("\n  {ASKED_ABOVE}\n"));
    }
    if shown {
        details(out, report, planned, asked);
    }
    if step.downtime == Some(Downtime::Ends) {
        out.push_str("\n**Clients are online again.**\n\n");
    }
}

fn details(out: &mut String, report: &Report, planned: &Planned, asked: &mut Asked<'_>) {
    let step = &planned.step;
    for (message, fix) in words::reasons(report, planned) {
        out.push_str(&format!("\n  {}\n", escaped(&one_line(message))));
        text(out, "  ", &fix);
    }
    if !step.run.is_empty() {
        code(out, "  ", &step.run);
    }
    if !step.wait.is_empty() {
        out.push_str("\n  Wait, until this shows it:\n");
        code(out, "  ", &step.wait);
    }
    match asked.shown(&words::shown_by(planned), planned) {
        Some(Shown::By(shown)) => {
            out.push_str("\n  Whether it is done would be shown by:\n");
            settled(out, "  ", &shown);
        }
        Some(Shown::Before(None)) => {
            out.push_str("\n  Whether it is done shows what is collected once more, as above.\n");
        }
        Some(Shown::Before(Some(_))) | None => {}
    }
    for (word, said) in [("Changes", &*step.changes), ("Way back", &*planned.back)] {
        if !said.is_empty() {
            out.push_str(&format!("\n  {word}:\n"));
            text(out, "  ", said);
        }
    }
    out.push('\n');
}

fn closing(out: &mut String, plan: &Plan) {
    let never = words::never(plan);
    if never.is_empty() || plan.ends_with_preparations() {
        return;
    }
    out.push_str("## Never, until the end\n\nThe ways back above are another thing.\n\n");
    for (number, command) in never {
        out.push_str(&format!(
            "- from step {number} on: {}\n",
            escaped(&one_line(command))
        ));
    }
    out.push('\n');
}
