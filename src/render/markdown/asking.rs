//! What settles questions as Markdown: the commands, the run once more with the answers, and what a person has to look at.

use std::fmt::Write as _;

use super::escape::{code, escape, fence, spans};
use crate::render::asks::{Answers, LOOK, Run, answers, is_command, missing};
use crate::render::document::Document;
use crate::render::fleet::Fleet;
use crate::render::text::prose::words;

/// How many things to look at are told.
const LOOKED: usize = 10;

/// What is open for all clusters, where none is told one by one.
pub(super) fn asks(out: &mut String, document: &Document<'_>, fleet: &Fleet<'_>, told: bool) {
    if told || fleet.asks.is_empty() {
        return;
    }
    out.push_str("## What to collect\n\n");
    let run = Run::of(document);
    let called = run.as_ref().map(|run| &run.called);
    let found = answers(fleet.asks.iter().copied(), called);
    settle(out, &found, run.as_ref(), &|ask| missing(document, ask));
}

/// The commands that settle questions, and what a person has to look at.
pub(super) fn settle(
    out: &mut String,
    found: &Answers,
    run: Option<&Run>,
    missing: &dyn Fn(&str) -> String,
) {
    if !found.commands.is_empty() {
        fence(out, &found.to_run().join("\n"), "");
        end_paragraph(out);
        let then = found.then("Check", run);
        let _ = writeln!(out, "{}", spans(&words(&then.first)));
        if let Some(command) = &then.command {
            end_paragraph(out);
            fence(out, command, "");
            end_paragraph(out);
        }
        for line in &then.notes {
            let _ = writeln!(out, "{}", spans(&words(line)));
        }
        end_paragraph(out);
    }
    if found.look.is_empty() {
        return;
    }
    let _ = writeln!(out, "{LOOK}\n");
    for (ask, _) in found.look.iter().take(LOOKED) {
        let told = if is_command(ask) {
            code(ask)
        } else {
            spans(&words(ask))
        };
        let about = match missing(ask) {
            about if about.is_empty() => about,
            about => format!("{}: ", escape(&about)),
        };
        let _ = writeln!(out, "- {about}{told}");
    }
    if found.look.len() > LOOKED {
        let _ = writeln!(out, "- and {} more", found.look.len() - LOOKED);
    }
    end_paragraph(out);
}

/// One blank line, and not two.
pub(super) fn end_paragraph(out: &mut String) {
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
}
