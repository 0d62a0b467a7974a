//! A text put together piece by piece, where a command with a list in it becomes one command for each item.

/// A text under construction.
#[derive(Default)]
pub(super) struct Lines {
    done: String,
    /// Where the line begins that is being put together.
    line: usize,
    /// The lists in that line, by where they belong.
    lists: Vec<(usize, Vec<String>)>,
}

/// A place in a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Inside a quote.
    pub(super) quoted: bool,
    /// Where a word begins.
    pub(super) begins_word: bool,
}

impl Lines {
    /// A text of about this length.
    pub(super) fn with_capacity(length: usize) -> Self {
        Lines {
            done: String::with_capacity(length),
            ..Lines::default()
        }
    }

    /// Adds plain text, of any number of lines.
    pub(super) fn add(&mut self, text: &str) {
        let mut rest = text;
        // Only a line with lists in it needs to be known by its end.
        while !self.lists.is_empty()
            && let Some((line, after)) = rest.split_once('\n')
        {
            self.done.push_str(line);
            self.end_line();
            self.done.push('\n');
            self.line = self.done.len();
            rest = after;
        }
        if let Some(at) = memchr::memrchr(b'\n', rest.as_bytes()) {
            self.line = self.done.len() + at + 1;
        }
        self.done.push_str(rest);
    }

    /// Where the text ends within a command, which is a line that is set in; `None` in prose.
    pub(super) fn in_command(&self) -> Option<Spot> {
        let line = self.done.get(self.line..).unwrap_or("");
        if !line.starts_with("  ") {
            return None;
        }
        // Most commands have no quotes.
        let quotes = memchr::memchr3(b'\\', b'\'', b'"', line.as_bytes()).is_some();
        Some(Spot {
            quoted: quotes && ends_quoted(line),
            begins_word: line.ends_with(' '),
        })
    }

    /// Adds the items of a list.
    pub(super) fn add_each(&mut self, items: Vec<String>) {
        self.lists.push((self.done.len(), items));
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> String {
        self.end_line();
        self.done
    }

    /// Puts the lists of the line in their places: one line for each item if it is a command, joined otherwise.
    fn end_line(&mut self) {
        let lists = std::mem::take(&mut self.lists);
        let Some((at, first)) = lists.first() else {
            return;
        };
        let line = self.done.split_off(self.line);
        let before = line.get(..at - self.line).unwrap_or("");
        let indented = before.starts_with("  ");
        let times = if indented { first.len() } else { 1 };
        for index in 0..times {
            if index > 0 {
                self.done.push('\n');
            }
            let mut from = 0;
            for (at, items) in &lists {
                let at = at - self.line;
                self.done.push_str(line.get(from..at).unwrap_or(""));
                match items.get(index).filter(|_| indented) {
                    Some(item) => self.done.push_str(item),
                    None => self.done.push_str(&items.join(", ")),
                }
                from = at;
            }
            self.done.push_str(line.get(from..).unwrap_or(""));
        }
    }
}

/// Whether a command ends within a quote.
fn ends_quoted(line: &str) -> bool {
    let (mut quote, mut escaped) = (None, false);
    // A byte of these is never a part of another character.
    for byte in line.bytes() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (None | Some(b'"'), b'\\') => escaped = true,
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    quote.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_a_list_is_written_once_for_each_item() {
        let mut text = Lines::default();
        text.add("Remove ");
        text.add_each(vec!["a".into(), "b".into()]);
        text.add(":\n\n    drop --target=");
        text.add_each(vec!["a".into(), "b".into()]);
        text.add(" -n pgo\n    list\n");
        assert_eq!(
            text.finish(),
            "Remove a, b:\n\n    drop --target=a -n pgo\n    drop --target=b -n pgo\n    list\n"
        );
    }
}
