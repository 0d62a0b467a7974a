//! Values that pgBackRest refuses: with one of them in its configuration no command of it runs.

use super::sections;
use crate::fact::Element;
use crate::fact::spec::reading::bare;
use crate::fact::spec::repository::global;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.optionValuesRefused",
    "options of pgBackRest with a value that it does not take: {name, value, takes}",
    &["name", "value", "takes"],
    refused,
)];

/// What an option takes.
enum Takes {
    OneOf(&'static [&'static str]),
    /// A whole number from one to this.
    UpTo(u64),
}

const LEVELS: &[&str] = &["off", "error", "warn", "info", "detail", "debug", "trace"];
const STYLES: &[&str] = &["host", "path"];

/// From pgBackRest's own definition of its options, src/build/config/config.yaml (allow-list, allow-range), releases 2.33 to
/// 2.59; of the repository's options the name without its number. What one of these releases takes counts.
const TABLE: &[(&str, Takes)] = &[
    (
        "compress-type",
        Takes::OneOf(&["none", "bz2", "gz", "lz4", "zst"]),
    ),
    ("log-level-console", Takes::OneOf(LEVELS)),
    ("log-level-file", Takes::OneOf(LEVELS)),
    ("log-level-stderr", Takes::OneOf(LEVELS)),
    ("process-max", Takes::UpTo(999)),
    ("retention-full-type", Takes::OneOf(&["count", "time"])),
    (
        "retention-archive-type",
        Takes::OneOf(&["full", "diff", "incr"]),
    ),
    ("retention-full", Takes::UpTo(9_999_999)),
    ("retention-diff", Takes::UpTo(9_999_999)),
    ("retention-archive", Takes::UpTo(9_999_999)),
    ("cipher-type", Takes::OneOf(&["none", "aes-256-cbc"])),
    ("s3-uri-style", Takes::OneOf(STYLES)),
    (
        "s3-key-type",
        Takes::OneOf(&["shared", "auto", "web-id", "pod-id", "process"]),
    ),
    ("azure-uri-style", Takes::OneOf(STYLES)),
    ("azure-key-type", Takes::OneOf(&["auto", "shared", "sas"])),
    ("gcs-key-type", Takes::OneOf(&["auto", "service", "token"])),
    ("host-type", Takes::OneOf(&["ssh", "tls"])),
];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let found = bare(sections(draft)).map(|sections| {
        let mut found: Vec<Element> = Vec::new();
        for section in &sections {
            for setting in &section.options.settings {
                let value = setting.value;
                // One that is no string is told by the schema; one that was overwritten or is to be filled in is not known.
                let Some(text) = value.as_str().filter(|_| !value.is_unsaid()) else {
                    continue;
                };
                let takes = takes(&setting.name).filter(|takes| !accepts(takes, text));
                let told = |element: &Element| element.place.span == value.span();
                if let Some(takes) = takes.filter(|_| !found.iter().any(told)) {
                    let id = format!("{}.{}", section.path.join("."), setting.name);
                    let at = Fact::at(text.into(), value.span(), "not what it takes");
                    found.push(
                        Element::new(id, value.span(), "not what it takes")
                            .with("name", Fact::known(setting.name.as_str().into()))
                            .with("value", at)
                            .with("takes", Fact::known(words(takes).into())),
                    );
                }
            }
        }
        found
    });
    found.and_at(draft.nearest(&global::BACKUPS), "pgBackRest's settings")
}

/// What the option takes, if it is in the table.
fn takes(name: &str) -> Option<&'static Takes> {
    let of_repository = name.strip_prefix("repo").map(|rest| {
        let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        rest.trim_start_matches('-')
    });
    let own = of_repository.unwrap_or(name);
    let entry = TABLE.iter().find(|(known, _)| *known == own);
    entry.map(|(_, takes)| takes)
}

fn accepts(takes: &Takes, value: &str) -> bool {
    match takes {
        Takes::OneOf(values) => values.contains(&value),
        Takes::UpTo(most) => value
            .parse()
            .is_ok_and(|number: u64| (1..=*most).contains(&number)),
    }
}

fn words(takes: &Takes) -> String {
    match takes {
        Takes::OneOf(values) => values.join(", "),
        Takes::UpTo(most) => format!("a whole number from 1 to {most}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, takes};

    #[test]
    fn values_are_known_by_the_option_without_its_number() {
        let fine = |name: &str, value: &str| takes(name).is_none_or(|takes| accepts(takes, value));
        assert!(fine("repo1-retention-full-type", "time"));
        assert!(!fine("repo1-retention-full-type", "days"));
        assert!(fine("repo2-retention-full", "14"));
        assert!(!fine("repo2-retention-full", "14d"));
        assert!(!fine("repo2-retention-full", "0"));
        assert!(fine("archive-async", "whatever"));
        assert!(!fine("compress-type", "gzip"));
        assert!(fine("repo1-s3-key-type", "web-id"));
    }
}
