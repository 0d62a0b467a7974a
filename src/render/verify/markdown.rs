//! The checklist for a ticket or a pull request.

use super::{Line, Mark, apart, headline, moves};
use crate::printable::{one_line, visible};
use crate::render::document::{ById, Document};
use crate::render::text::prose::{Block, blocks, said};
use crate::render::unproven::NOT_IN_OBJECTS;

/// Each move as a list to tick off, worst lines first.
pub fn verify_markdown(document: &Document<'_>) -> String {
    let by_id = ById::of(document);
    let moves = moves(document, &by_id);
    let mut out = format!("# {}\n", headline(document, &moves));
    if let Some(governed) = document.governed() {
        out.push_str(&format!("\n{}.\n", escaped(&governed)));
    }
    for line in apart(document) {
        out.push_str(&format!("\n{}\n", escaped(&line)));
    }
    for one in &moves {
        let stage = match one.stage {
            "" => String::new(),
            stage => format!(", at the stage \"{}\"", escaped(stage)),
        };
        out.push_str(&format!(
            "\n## {}: {}{stage}\n\nFrom v4's {}: {}.\n\n",
            escaped(&one.name()),
            one.verdict.name(),
            escaped(&one.source()),
            escaped(&one.pair.why)
        ));
        for line in &one.lines {
            let tick = if line.mark == Mark::Holds {
                "[x]"
            } else {
                "[ ]"
            };
            let (word, text) = (line.mark.word(), escaped(line.text));
            out.push_str(&format!("- {tick} **{word}** {text} (`{}`)\n", line.rule));
            remedy(&mut out, line);
        }
    }
    if !moves.is_empty() {
        out.push_str("\n## What no object proves\n\n");
        for (what, how) in NOT_IN_OBJECTS {
            out.push_str(&format!("- [ ] {what}: `{how}`\n"));
        }
    }
    out
}

/// What is to be done about what is wrong or missing, below its line.
fn remedy(out: &mut String, line: &Line<'_>) {
    let fix = line.finding.map_or("", |one| &*one.fix);
    if !matches!(line.mark, Mark::Wrong | Mark::Missing) || fix.is_empty() {
        return;
    }
    for block in blocks(fix) {
        match block {
            Block::Prose(words) => out.push_str(&format!("\n  {}\n", escaped(&said(&words)))),
            Block::Commands(text) => {
                // Longer than any run of backticks in it, so that nothing breaks out.
                let longest = text.split(|c| c != '`').map(str::len).max();
                let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
                let lines = text.lines().map(|one| format!("  {}\n", visible(one)));
                let lines: String = lines.collect();
                out.push_str(&format!("\n  {fence}sh\n{lines}  {fence}\n"));
            }
        }
    }
    out.push('\n');
}

/// Text on one line in which Markdown sees no markup.
fn escaped(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
