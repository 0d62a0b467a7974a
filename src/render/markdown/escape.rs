//! Texts from input that stay text in Markdown.

use std::fmt::Write as _;

use crate::render::human::visible_char;
use crate::render::text::prose::Word;

/// Words of a paragraph, those in backticks as code.
pub(in crate::render) fn spans(words: &[Word]) -> String {
    let spans = words.iter().map(|word| {
        if word.code {
            code(&word.text)
        } else {
            escape(&word.text)
        }
    });
    spans.collect()
}

/// Text that is shown as it is: nothing in it is markup, and it stays on its line.
pub(in crate::render) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(shown(other)),
        }
    }
    out
}

/// One character of a line: controls are gaps, others that cannot be seen, or turn the text, show.
fn shown(character: char) -> char {
    if character.is_control() {
        ' '
    } else {
        visible_char(character)
    }
}

/// A code span around any text, on one line.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().map(shown).collect();
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A code span in a table, where a pipe ends a cell even within code.
pub(super) fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A fenced block around any text.
pub(super) fn fence(out: &mut String, text: &str, indent: &str) {
    let ticks = "`".repeat(longest_run(text).max(2) + 1);
    let _ = writeln!(out, "{indent}{ticks}sh");
    for line in text.lines() {
        let line: String = line
            .chars()
            .map(|character| match character {
                '\t' => character,
                other => shown(other),
            })
            .collect();
        let _ = writeln!(out, "{}", format!("{indent}{line}").trim_end());
    }
    let _ = writeln!(out, "{indent}{ticks}\n");
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markup() {
        let name = "a|b<script>[x](y)*`@team\n# c";
        assert_eq!(
            escape(name),
            "a\\|b&lt;script&gt;\\[x\\](y)\\*\\`&#64;team \\# c"
        );
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(cell_code("a|b"), "`a\\|b`");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut out = String::new();
        fence(&mut out, "echo '```'\r\nx", "  ");
        assert_eq!(out, "  ````sh\n  echo '```'\n  x\n  ````\n\n");
    }
}
