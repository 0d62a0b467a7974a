//! Steps for people and programs: lists and explanations.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::human::visible;
use crate::rule::{Case, Method, Step};

/// One line per step, by phase, in the order of doing.
pub fn listed(steps: &[Step]) -> String {
    let width = steps.iter().map(|step| step.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut head = "";
    for step in steps {
        if head != step.phase.name() {
            head = step.phase.name();
            let _ = writeln!(text, "{}{head}", if text.is_empty() { "" } else { "\n" });
        }
        let (id, title) = (visible(&step.id), visible(&step.title));
        let _ = writeln!(text, "  {id:width$}  {title} [{}]", methods(step));
    }
    text
}

/// A table for documentation.
pub fn markdown(steps: &[Step]) -> String {
    let mut text = String::from(
        "| step | phase | methods | what is done | answers |\n|---|---|---|---|---|\n",
    );
    for step in steps {
        let answers: Vec<String> = step
            .answers
            .iter()
            .map(|rule| format!("`{rule}`"))
            .collect();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            step.id,
            step.phase.name(),
            methods(step),
            visible(&step.title),
            answers.join(" ")
        );
    }
    text
}

fn methods(step: &Step) -> String {
    let names: Vec<&str> = step
        .methods
        .iter()
        .map(|method: &Method| method.name())
        .collect();
    names.join(", ")
}

/// A step in full.
pub fn explained(step: &Step) -> String {
    let mut text = format!("{}\n{}\n\n", visible(&step.id), visible(&step.title));
    let _ = writeln!(
        text,
        "A step of {}, phase {}, for each {}.",
        methods(step),
        step.phase.name(),
        step.scope.name()
    );
    for (word, ids) in [
        ("After", &step.after),
        ("Answers", &step.answers),
        ("Stopped by", &step.stopped_by),
    ] {
        if !ids.is_empty() {
            let _ = writeln!(text, "{word}: {}", ids.join(", "));
        }
    }
    for (word, condition) in [
        ("Needed where", step.needed_text()),
        ("Starts v4 again where", step.restarts_v4_text()),
        ("Done when", step.done_text()),
    ] {
        if let Some(condition) = condition {
            let _ = writeln!(text, "{word}: {}", visible(condition));
        }
    }
    for (word, cases) in [
        ("Commands", step.run()),
        ("Wait for", step.wait()),
        ("Way back", step.back()),
        ("No return", step.no_return()),
    ] {
        told(&mut text, word, cases);
    }
    let _ = writeln!(text, "\nRests on: {}", visible(&step.source.join("; ")));
    text
}

fn told(text: &mut String, word: &str, cases: &[Case]) {
    if cases.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{word}");
    for case in cases {
        if let Some(condition) = case.condition_text() {
            let _ = writeln!(text, "  where {}:", visible(condition));
        }
        for line in case.text().lines() {
            let _ = writeln!(text, "{}", visible(line));
        }
        if let Some(step) = &case.like {
            let _ = writeln!(text, "  and on as the way back of {}", visible(step));
        }
    }
}

/// Which steps of plans are the preparation that a rule asks for; `""` for none.
pub fn answering<'s>(steps: impl Iterator<Item = &'s Step>) -> String {
    let names: Vec<String> = steps
        .map(|step| format!("  {} ({})", step.id, methods(step)))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!("\nSteps of plans that answer it\n{}\n", names.join("\n"))
}

/// A step as data.
pub fn json(step: &Step) -> Json {
    let cases = |cases: &[Case]| -> Vec<Json> {
        let case = |case: &Case| match &case.like {
            None => json!({"if": case.condition_text(), "run": case.text()}),
            Some(step) => {
                json!({"if": case.condition_text(), "run": case.text(), "as": &**step})
            }
        };
        cases.iter().map(case).collect()
    };
    let names: Vec<&str> = step.methods.iter().map(|method| method.name()).collect();
    let ids = |ids: &[std::sync::Arc<str>]| -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    };
    json!({
        "id": &*step.id,
        "title": step.title,
        "methods": names,
        "phase": step.phase.name(),
        "scope": step.scope.name(),
        "after": ids(&step.after),
        "answers": ids(&step.answers),
        "stoppedBy": ids(&step.stopped_by),
        "needed": step.needed_text(),
        "restartsV4": step.restarts_v4_text(),
        "done": step.done_text(),
        "run": cases(step.run()),
        "wait": cases(step.wait()),
        "back": cases(step.back()),
        "noReturn": cases(step.no_return()),
        "source": step.source,
        "file": step.file,
    })
}
