//! Lines for a terminal: as wide as it is, with names and commands whole, and nothing in them that drives it.

use std::fmt::Write as _;

use anstyle::Style;

use super::wrap::filled;
use crate::render::address;
use crate::render::human::{paint, visible};
use crate::render::text::screen::Screen;

/// Lines as they come.
#[derive(Clone, Debug)]
pub(in crate::render) struct Page {
    pub(in crate::render) screen: Screen,
    text: String,
}

impl Page {
    pub(in crate::render) fn of(screen: Screen) -> Self {
        Page {
            screen,
            text: String::new(),
        }
    }

    /// The text so far.
    pub(in crate::render) fn into_text(self) -> String {
        self.text
    }

    /// How many lines a screen of its width takes for it: what is never broken may be longer than one.
    pub(in crate::render) fn lines(&self) -> usize {
        let width = self.screen.width.max(1);
        let lines = self.text.lines();
        lines.map(|line| shown(line).div_ceil(width).max(1)).sum()
    }

    pub(in crate::render) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Text that is laid out already.
    pub(in crate::render) fn as_is(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A heading, after a blank line.
    pub(in crate::render) fn head(&mut self, text: &str) {
        self.blank();
        let head = paint(&visible(text), Style::new().bold(), self.screen.colour);
        let _ = writeln!(self.text, "{head}");
    }

    /// A paragraph; its first line begins with one text, the others with as many spaces as said.
    pub(in crate::render) fn prose(&mut self, first: &str, indent: usize, text: &str) {
        for line in filled(&visible(text), self.screen.width, first, indent) {
            let line = self.linked(&line);
            let _ = writeln!(self.text, "{line}");
        }
    }

    /// Whether a text behind these words takes more than a line.
    pub(in crate::render) fn breaks(&self, first: &str, text: &str) -> bool {
        first.chars().count() + text.chars().count() > self.screen.width
    }

    /// A line in which the names of rules in brackets lead to their pages, on a terminal that knows hyperlinks.
    fn linked(&self, line: &str) -> String {
        if !self.screen.links {
            return line.to_owned();
        }
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('[') {
            let Some((names, behind)) = after.split_once(']') else {
                break;
            };
            let linked = names.split(", ").map(link).collect::<Option<Vec<String>>>();
            let names = linked.map_or_else(|| names.to_owned(), |linked| linked.join(", "));
            out.push_str(&format!("{before}[{names}]"));
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// A command, whole on its line however long.
    pub(in crate::render) fn command(&mut self, indent: usize, command: &str) {
        let command = visible(command.trim_end());
        let _ = writeln!(self.text, "{}{command}", " ".repeat(indent));
    }
}

/// How many characters of a line are seen: those of colours and links are not.
fn shown(line: &str) -> usize {
    let mut rest = line;
    let mut count = 0;
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        count += before.chars().count();
        let end = match escape.strip_prefix(']') {
            Some(link) => link.split_once("\u{1b}\\").map(|(_, behind)| behind),
            None => escape.split_once('m').map(|(_, behind)| behind),
        };
        rest = end.unwrap_or_default();
    }
    count + rest.chars().count()
}

/// A rule's name as a hyperlink (OSC 8) to its page; none for what is no rule's name.
fn link(rule: &str) -> Option<String> {
    let page = address::of_rule(rule)?;
    Some(format!("\u{1b}]8;;{page}\u{1b}\\{rule}\u{1b}]8;;\u{1b}\\"))
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
    fn a_command_counts_as_the_lines_that_a_screen_breaks_it_into() {
        let mut page = Page::of(Screen {
            width: 20,
            links: true,
            colour: true,
        });
        page.command(2, "kubectl get pods,jobs,deployments -n pgo -o yaml");
        assert_eq!(page.lines(), 3);
        page.head("a");
        page.as_is(
            "\u{1b}]8;;https://example.org/a/long/address\u{1b}\\a-rule\u{1b}]8;;\u{1b}\\ is\n",
        );
        assert_eq!(page.lines(), 6);
    }
}
