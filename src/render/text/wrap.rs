//! Paragraphs to lines of a width, with names and commands whole; and texts without their backticks.

use textwrap::{Options, WordSeparator, WordSplitter};

/// A space that is no place to break a line; a space again when the line is written.
const TIED: char = '\u{a0}';

/// A paragraph in lines of a width, the first after one text, the others set in. Neither names nor what stands in backticks
/// is broken; the backticks go.
pub(in crate::render) fn filled(
    text: &str,
    width: usize,
    first: &str,
    indent: usize,
) -> Vec<String> {
    let spaces = " ".repeat(indent);
    let options = Options::new(width.max(indent + 20))
        .initial_indent(first)
        .subsequent_indent(&spaces)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let text = tie(text);
    let lines = textwrap::wrap(&text, options);
    let lines = lines.iter().map(|line| line.replace(TIED, " "));
    lines.map(|line| line.trim_end().to_owned()).collect()
}

/// Programs whose commands are printed on lines of their own: no line of prose begins with one.
const PROGRAMS: [&str; 6] = [
    "kubectl",
    "pgo",
    "pgbackrest",
    "pgo-preflight",
    "psql",
    "oc",
];

/// What stands in backticks is one word, and a program's name stays with the word before it; the backticks go.
fn tie(text: &str) -> String {
    let mut text = joined(text);
    for program in PROGRAMS {
        for behind in [' ', TIED] {
            let from = format!(" {program}{behind}");
            text = text.replace(&from, &format!("{TIED}{program}{behind}"));
        }
    }
    text
}

/// What stands in backticks as one word, without them.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`') else {
            break;
        };
        out.push_str(before);
        out.push_str(&code.replace(' ', "\u{a0}"));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A text without its backticks.
pub(in crate::render) fn plain(text: &str) -> String {
    joined(text).replace(TIED, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_prose_begins_like_a_command() {
        let text = "Use the other method; `pgo backup --x` is refused, and kubectl cannot do it, nor can pgo do that.";
        for width in 20..60 {
            for line in filled(text, width, "", 0) {
                let begins = |program: &&str| line.starts_with(&format!("{program} "));
                assert!(!PROGRAMS.iter().any(begins), "{width}: {line}");
            }
        }
    }
}
