//! Where in a rule file something stands: the lines of its keys, without a second reading of its YAML.

/// A place in a file, from 1; the column only where it is sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: Option<usize>,
}

impl Place {
    pub(super) fn line(line: usize) -> Place {
        Place { line, column: None }
    }
}

/// The line of a key at the top of the file; the first line if it is not to be found.
pub(super) fn key(text: &str, key: &str) -> Place {
    let found = text.lines().position(|line| value_at(line, key).is_some());
    Place::line(found.map_or(1, |index| index + 1))
}

/// The column, in bytes, at which the value of `key:` begins on this line.
fn value_at(line: &str, key: &str) -> Option<usize> {
    let rest = line.strip_prefix(key)?.strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| line.len() - rest.trim_start().len())
}

/// The line at which the n-th example begins.
pub(super) fn example(text: &str, index: usize) -> Place {
    let Place { line, .. } = key(text, "examples");
    let items = text.lines().enumerate().skip(line);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut items = items.filter(|(_, line)| line.trim_start().starts_with("- "));
    let Some((first, item)) = items.next() else {
        return Place::line(line);
    };
    let depth = indent(item);
    let mut starts = std::iter::once(first).chain(
        items
            .filter(|(_, line)| indent(line) == depth)
            .map(|(number, _)| number),
    );
    Place::line(starts.nth(index).unwrap_or(first) + 1)
}

/// The place of a byte of a key's value. Sure for a value on the key's own line, plain or quoted without
/// escapes, and for block values without blank lines.
pub(super) fn within(text: &str, key: &str, offset: usize) -> Place {
    let found = text
        .lines()
        .enumerate()
        .find_map(|(index, line)| Some((index, line, value_at(line, key)?)));
    let Some((index, line, start)) = found else {
        return Place::line(1);
    };
    let value = line.get(start..).unwrap_or("");
    if !value.is_empty() && !value.starts_with(['|', '>']) {
        let quote = usize::from(value.starts_with(['"', '\'']));
        let column = line
            .get(..start + quote + offset)
            .map(|before| before.chars().count() + 1);
        return Place {
            line: index + 1,
            column,
        };
    }
    let mut left = offset;
    for (number, line) in text.lines().enumerate().skip(index + 1) {
        let content = line.trim_start();
        if left <= content.len() {
            let indent = line.len() - content.len();
            let column = line
                .get(..indent + left)
                .map(|before| before.chars().count() + 1);
            return Place {
                line: number + 1,
                column,
            };
        }
        left -= content.len() + 1;
    }
    Place::line(index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "id: x\nwhen: \"a && b\"\nfix: >-\n  one\n  two\nexamples:\n  - name: a\n    given: |\n      - x\n  - name: b\n";

    #[test]
    fn keys_values_and_examples_are_found() {
        assert_eq!(key(TEXT, "fix"), Place::line(3));
        assert_eq!(
            within(TEXT, "when", 5),
            Place {
                line: 2,
                column: Some(13)
            }
        );
        assert_eq!(
            within(TEXT, "fix", 4),
            Place {
                line: 5,
                column: Some(3)
            }
        );
        assert_eq!(example(TEXT, 0), Place::line(7));
        assert_eq!(example(TEXT, 1), Place::line(10));
        assert_eq!(key("", "id"), Place::line(1));
    }
}
