//! The checklist for a ticket or a pull request.

use super::{Mark, apart, headline, moves};
use crate::printable::one_line;
use crate::render::document::{ById, Document};
use crate::render::unproven::NOT_IN_OBJECTS;

/// Each move as a list to tick off, worst lines first.
pub fn verify_markdown(document: &Document<'_>) -> String {
    let by_id = ById::of(document);
    let moves = moves(document, &by_id);
    let mut out = format!("# {}\n", headline(document, &moves));
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
