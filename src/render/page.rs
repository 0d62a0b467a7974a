//! Lines for a terminal: as wide as it is, with names and commands whole, and nothing in them that drives it.

use std::fmt::Write as _;

use anstyle::Style;
use textwrap::{Options, WordSeparator, WordSplitter};

use super::human::{paint, visible};

/// What a terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Its width in columns.
    pub width: usize,
    /// Whether ANSI styles are written.
    pub colour: bool,
    /// Whether it knows hyperlinks.
    pub links: bool,
}

impl Screen {
    /// A file, a pipe, or a terminal of which nothing is known.
    pub const PLAIN: Screen = Screen {
        width: 80,
        colour: false,
        links: false,
    };
}

/// A space that is no place to break a line; a space again when the line is written.
const TIED: char = '\u{a0}';

/// Lines as they come.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) screen: Screen,
    text: String,
}

impl Page {
    pub(super) fn of(screen: Screen) -> Self {
        Page {
            screen,
            text: String::new(),
        }
    }

    /// The text so far.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> usize {
        self.text.matches('\n').count()
    }

    pub(super) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Text that is laid out already.
    pub(super) fn as_is(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A heading, after a blank line.
    pub(super) fn head(&mut self, text: &str) {
        self.blank();
        let head = paint(&visible(text), Style::new().bold(), self.screen.colour);
        let _ = writeln!(self.text, "{head}");
    }

    /// A paragraph; its first line begins with one text, the others with as many spaces as said.
    pub(super) fn prose(&mut self, first: &str, indent: usize, text: &str) {
        let spaces = " ".repeat(indent);
        let options = Options::new(self.screen.width.max(indent + 20))
            .initial_indent(first)
            .subsequent_indent(&spaces)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        let text = tie(&visible(text));
        for line in textwrap::wrap(&text, options) {
            let _ = writeln!(self.text, "{}", line.replace(TIED, " ").trim_end());
        }
    }

    /// An item in one line: the first of the texts that fits, else the last one cut, and what stands behind it whole.
    pub(super) fn item(&mut self, texts: &[&str], behind: &str) {
        let behind = visible(behind);
        let room = self
            .screen
            .width
            .saturating_sub(4 + behind.chars().count())
            .max(20);
        let texts: Vec<String> = texts
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| plain(&visible(text)))
            .collect();
        let fits = texts.iter().find(|text| text.chars().count() <= room);
        let text = cut(fits.or(texts.last()).map_or("", String::as_str), room);
        let _ = writeln!(self.text, "  - {text}{behind}");
    }

    /// A command, whole on its line however long.
    pub(super) fn command(&mut self, indent: usize, command: &str) {
        let command = visible(command.trim_end());
        let _ = writeln!(self.text, "{}{command}", " ".repeat(indent));
    }
}

/// A text that fits, cut between two words.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    let end = kept.rfind(' ').filter(|end| *end > kept.len() / 2);
    let kept = kept.get(..end.unwrap_or(kept.len())).unwrap_or_default();
    format!("{}\u{2026}", kept.trim_end_matches([' ', ',', ';', ':']))
}

/// What stands in backticks is one word; the backticks go.
fn tie(text: &str) -> String {
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
pub(super) fn plain(text: &str) -> String {
    tie(text).replace(TIED, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_names_nor_commands_are_broken() {
        let mut page = Page::of(Screen {
            width: 30,
            ..Screen::PLAIN
        });
        page.prose("- ", 2, "the operator postgres-operator.crunchydata.com/cluster-name-of-length and `kubectl get pods -n pgo -o yaml` there");
        let text = page.into_text();
        assert!(text.contains("postgres-operator.crunchydata.com/cluster-name-of-length"));
        assert!(text.contains("kubectl get pods -n pgo -o yaml"), "{text}");
        assert!(!text.contains('`'));
    }

    #[test]
    fn a_line_is_cut_between_words_and_says_so() {
        let mut page = Page::of(Screen {
            width: 20,
            ..Screen::PLAIN
        });
        page.item(&["one two three four five six"], " [a]");
        assert_eq!(page.into_text(), "  - one two three four\u{2026} [a]\n");
    }
}
