//! Values that pgBackRest refuses: with one of them in its configuration no command of it runs.

use super::sections;
use super::size::is_size;
use crate::fact::Element;
use crate::fact::spec::reading::bare;
use crate::fact::spec::repository::global;
use crate::fact::spec::repository::pgbackrest_options::takes;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.optionValuesRefused",
    "options of pgBackRest with a value that it does not take: {name, value, takes}",
    &["name", "value", "takes"],
    refused,
)];

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

/// Whether pgBackRest's parser takes a value: `cfgParseSize`, `cfgParseTime` and what is around them in src/config/parse.c.
/// Units that only some of its releases know count as known.
pub(in super::super) fn accepts(takes: &str, value: &str) -> bool {
    match takes {
        "size" => is_size(value),
        "time" => is_time(value),
        "path" => value.starts_with('/') && !value.contains("//"),
        _ => match range(takes) {
            Some((least, most)) => {
                let number = value.parse::<i64>();
                number.is_ok_and(|number| (least..=most).contains(&number))
            }
            None => takes.split('|').any(|one| one == value),
        },
    }
}

/// `1..999`.
fn range(takes: &str) -> Option<(i64, i64)> {
    let (least, most) = takes.split_once("..")?;
    Some((least.parse().ok()?, most.parse().ok()?))
}

fn is_time(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let units = ["ms", "s", "m", "h", "d", "w"];
    let number = units.into_iter().find_map(|unit| value.strip_suffix(unit));
    let number = number.unwrap_or(&value);
    number.parse::<f64>().is_ok_and(f64::is_finite) && !number.starts_with(['+', '-'])
}

/// What an option takes, in words.
pub(in super::super) fn words(takes: &str) -> String {
    match takes {
        "size" => "a size such as 64MiB".to_owned(),
        "time" => "a time in seconds, or such as 30m".to_owned(),
        "path" => "a path from the root, without // in it".to_owned(),
        _ => match range(takes) {
            Some((least, most)) => format!("a whole number from {least} to {most}"),
            None => takes.replace('|', ", "),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, takes};

    fn fine(name: &str, value: &str) -> bool {
        takes(name).is_none_or(|takes| accepts(takes, value))
    }

    #[test]
    fn values_are_known_by_the_option_without_its_number() {
        assert!(fine("repo1-retention-full-type", "time"));
        assert!(!fine("repo1-retention-full-type", "days"));
        assert!(fine("repo2-retention-full", "14"));
        assert!(!fine("repo2-retention-full", "14d"));
        assert!(!fine("repo2-retention-full", "0"));
        assert!(!fine("archive-async", "yes"));
        assert!(!fine("start-fast", "true"));
        assert!(fine("start-fast", "y"));
        assert!(!fine("compress-type", "gzip"));
        assert!(fine("repo1-s3-key-type", "web-id"));
        assert!(fine("repo1-s3-bucket", "whatever"));
        assert!(!fine("repo1-s3-verify-tls", "false"));
    }

    #[test]
    fn sizes_and_times_have_the_units_of_pgbackrest() {
        for fits in ["10GB", "10GiB", "10g", "1048576", "64b"] {
            assert!(fine("archive-push-queue-max", fits), "{fits}");
        }
        for odd in ["10Gi", "10 GB", "ten", "GB", ""] {
            assert!(!fine("archive-push-queue-max", odd), "{odd}");
        }
        for fits in ["30m", "1800", "0.5", "100ms", "7d"] {
            assert!(fine("db-timeout", fits), "{fits}");
        }
        for odd in ["30min", "-5", "", "inf", "1h30m"] {
            assert!(!fine("db-timeout", odd), "{odd}");
        }
        assert!(fine("spool-path", "/pgdata/spool") && !fine("spool-path", "pgdata/spool"));
    }
}
