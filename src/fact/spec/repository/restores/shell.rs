//! Restore options as the shell takes them apart: the operator joins them with blanks and hands them to `bash -c`.

/// Options of pgBackRest that take no value.
const SWITCHES: [&str; 5] = [
    "--archive-async",
    "--delta",
    "--force",
    "--link-all",
    "--target-exclusive",
];

/// What is left over between two options.
#[derive(Default)]
pub(super) struct Words {
    /// The last word was an option that may have its value in the next word.
    open: bool,
}

impl Words {
    /// Whether the next item of the list has a word that is neither an option nor the value of one, or a quote that is
    /// never closed.
    pub(super) fn falls_apart(&mut self, item: &str) -> bool {
        let Some(words) = split(item) else {
            return true;
        };
        let mut stray = false;
        for word in words {
            if word.starts_with('-') {
                self.open = !word.contains('=')
                    && !word.starts_with("--no-")
                    && !SWITCHES.contains(&word.as_str());
            } else {
                stray |= !self.open;
                self.open = false;
            }
        }
        stray
    }
}

/// The words of a line of shell, quotes taken off; `None` where a quote is not closed.
pub(super) fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(items: &[&str]) -> Vec<bool> {
        let mut words = Words::default();
        items.iter().map(|item| words.falls_apart(item)).collect()
    }

    #[test]
    fn blanks_outside_quotes_part_a_value() {
        for items in [
            &["--type=time", "--target=2021-06-09 14:15:11-04"][..],
            &["--type=time", "--target", "2021-06-09 14:15:11-04"],
            &["--type=time --target=2021-06-09 14:15:11-04"],
            &["--delta time"],
            &["--target='2021"],
            &["time"],
        ] {
            assert_eq!(apart(items).last(), Some(&true), "{items:?}");
        }
        for items in [
            &["--type=time", "--target=\"2021-06-09 14:15:11-04\""][..],
            &["--type=time", "--target='2021-06-09 14:15:11-04'"],
            &["--type=time", "\"--target=2021-06-09 14:15:11-04\""],
            &["--target=2021-06-09\\ 14:15:11-04"],
            &["--type", "time", "--target", "'2021-06-09 14:15:11-04'"],
            &["--type=immediate --set=20210609-141511F"],
            &["--type immediate", "--delta", "--no-archive-async"],
            &["--db-include=zoo --db-include=app"],
            &[""],
        ] {
            assert!(!apart(items).contains(&true), "{items:?}");
        }
    }
}
