//! Tables of names, the releases that know them, and the values they take: `NAME [since RELEASE] [until RELEASE]
//! [from PLACE] [on COMMAND] [takes VALUES]`, one a line. What VALUES means is for whoever reads the table to say.

use crate::schema::Minors;

/// One such table.
pub(super) struct OptionTable {
    /// In the order of names: what a line says besides. Of hundreds few are asked for, and only then is that read.
    lines: Vec<(&'static str, &'static str)>,
    /// What stands in front of the number that tells releases apart: `2.` where they are 2.33 to 2.59; empty for whole
    /// numbers.
    major: &'static str,
}

/// What a line says of its name.
#[derive(Clone, Copy)]
struct Row {
    releases: Minors,
    /// The values it takes; empty where any will do.
    takes: &'static str,
    /// Where alone it is read from; empty where it can stand anywhere.
    from: &'static str,
    /// The only command it goes with; empty where it goes with all that are asked for.
    on: &'static str,
}

impl OptionTable {
    /// A table whose lines are in the order of their names; those that begin with `#` are comments.
    pub(super) fn read(text: &'static str, major: &'static str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        OptionTable {
            lines: lines
                .map(|line| line.split_once(' ').unwrap_or((line, "")))
                .collect(),
            major,
        }
    }

    fn row(&self, name: &str) -> Option<Row> {
        let place = self.lines.binary_search_by_key(&name, |(known, _)| known);
        let (_, line) = self.lines.get(place.ok()?)?;
        row(line, self.major)
    }

    /// The releases that know a name; nothing if none does.
    pub(super) fn get(&self, name: &str) -> Option<Minors> {
        self.row(name).map(|row| row.releases)
    }

    /// What values a name takes, as the table has it; nothing where any will do, and for a name that it lacks.
    pub(super) fn takes(&self, name: &str) -> Option<&'static str> {
        let takes = self.row(name).map(|row| row.takes);
        takes.filter(|takes| !takes.is_empty())
    }

    /// Where alone a name is read from, as the table has it; nothing where it can stand anywhere.
    pub(super) fn read_from(&self, name: &str) -> Option<&'static str> {
        let from = self.row(name).map(|row| row.from);
        from.filter(|from| !from.is_empty())
    }

    /// The only command a name goes with, as the table has it; nothing where it goes with all, and for a name that it lacks.
    pub(super) fn on(&self, name: &str) -> Option<&'static str> {
        let on = self.row(name).map(|row| row.on);
        on.filter(|on| !on.is_empty())
    }

    /// Every name, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.lines.iter().map(|(name, _)| *name)
    }

    /// Releases in words: "from 2.58 on"; `""` for all of them.
    pub(super) fn in_words(&self, known: Minors) -> String {
        let major = self.major;
        match known {
            Minors {
                min: 0,
                max: u32::MAX,
            } => String::new(),
            Minors { min: 0, max } => format!("until {major}{max}"),
            Minors { min, max: u32::MAX } => format!("from {major}{min} on"),
            Minors { min, max } => format!("from {major}{min} to {major}{max}"),
        }
    }
}

/// What a line says of its name.
fn row(line: &'static str, major: &str) -> Option<Row> {
    let (line, takes) = match line.strip_prefix("takes ") {
        Some(takes) => ("", takes),
        None => line.split_once(" takes ").unwrap_or((line, "")),
    };
    let mut words = line.split_whitespace();
    let mut minors = Minors {
        min: 0,
        max: u32::MAX,
    };
    let (mut from, mut on) = ("", "");
    while let (Some(key), Some(word)) = (words.next(), words.next()) {
        match key {
            "from" => {
                from = word;
                continue;
            }
            "on" => {
                on = word;
                continue;
            }
            _ => {}
        }
        let minor = word.strip_prefix(major)?.parse().ok()?;
        match key {
            "since" => minors.min = minor,
            "until" => minors.max = minor,
            _ => return None,
        }
    }
    Some(Row {
        releases: minors,
        takes,
        from,
        on,
    })
}

/// Whether all, some or none of the releases that may run lack what these know.
pub(super) fn missing_from(known: Minors, possible: &[Minors]) -> &'static str {
    let outside = |one: &Minors| one.max < known.min || one.min > known.max;
    let inside = |one: &Minors| known.min <= one.min && one.max <= known.max;
    if possible.is_empty() || possible.iter().all(inside) {
        return "none";
    }
    if possible.iter().all(outside) {
        return "all";
    }
    "some"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_table_is_read() {
        let tables = [
            (include_str!("repository/pgbackrest.options"), "2."),
            (include_str!("pods/pgbouncer.connections"), "1."),
            (include_str!("pods/pgbouncer.options"), "1."),
            (include_str!("parameters/postgres.parameters"), ""),
        ];
        for (text, major) in tables {
            let table = OptionTable::read(text, major);
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            assert_eq!(table.names().count(), lines.count());
            assert!(table.names().is_sorted());
            for name in table.names() {
                assert!(table.get(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn releases_are_missing_or_not() {
        let minors = |min, max| Minors { min, max };
        let known = minors(38, 50);
        assert_eq!(missing_from(known, &[]), "none");
        assert_eq!(
            missing_from(known, &[minors(38, 40), minors(50, 50)]),
            "none"
        );
        assert_eq!(
            missing_from(known, &[minors(30, 37), minors(51, 60)]),
            "all"
        );
        assert_eq!(missing_from(known, &[minors(30, 40)]), "some");
    }
}
