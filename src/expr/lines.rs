//! A text put together piece by piece, where a command with a list in it becomes one command for each item.

/// What a line is made of.
enum Piece {
    Text(String),
    /// Alternatives: one line each if the line is a command, joined otherwise.
    Each(Vec<String>),
}

/// A text under construction.
#[derive(Default)]
pub(super) struct Lines {
    done: String,
    line: Vec<Piece>,
}

impl Lines {
    /// Adds plain text, of any number of lines.
    pub(super) fn add(&mut self, text: &str) {
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or("");
        self.line.push(Piece::Text(first.to_owned()));
        for line in lines {
            self.end_line();
            self.done.push('\n');
            self.line.push(Piece::Text(line.to_owned()));
        }
    }

    /// Adds the items of a list.
    pub(super) fn add_each(&mut self, items: Vec<String>) {
        self.line.push(Piece::Each(items));
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> String {
        self.end_line();
        self.done
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let indented = matches!(line.first(), Some(Piece::Text(text)) if text.starts_with("  "));
        let each = line.iter().find_map(|piece| match piece {
            Piece::Each(items) => Some(items.len()),
            Piece::Text(_) => None,
        });
        let times = each.filter(|_| indented).unwrap_or(1);
        for index in 0..times {
            if index > 0 {
                self.done.push('\n');
            }
            for piece in &line {
                match piece {
                    Piece::Text(text) => self.done.push_str(text),
                    Piece::Each(items) => match items.get(index).filter(|_| indented) {
                        Some(item) => self.done.push_str(item),
                        None => self.done.push_str(&items.join(", ")),
                    },
                }
            }
        }
    }
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
