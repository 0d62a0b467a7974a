//! The pgBackRest options of a restore, taken apart.

use std::collections::BTreeSet;

use super::aimed::{Moment, oldest_backup};
use super::command_line::{Given, RESTORE, given};
use super::places::{SOURCE, places};
use super::shell::Words;
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::Draft;
use crate::fact::spec::release::target::named;
use crate::manifest::{Fact, Node};
use crate::schema::{OptionMatch, Release};
use jiff::Timestamp;

const NOTE: &str = "the options of the restore";
pub(super) const FIELDS: [&str; 11] = [
    "place",
    "refused",
    "doubtful",
    "refusedBy",
    "fallsApart",
    "targetWithoutType",
    "typeWithoutTarget",
    "targetWithoutZone",
    "outOfReach",
    "notTaken",
    "endless",
];

pub(super) fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut all = Vec::new();
    for place in places(draft) {
        let path = [place.path, &["options"]].concat();
        let (key, span) = (path.join("."), draft.nearest(&path));
        let items = match place.open {
            Some(gaps) => Fact::Unknown(gaps),
            None => draft.items(&path),
        };
        match items {
            Fact::Unknown(gaps) => all.push(Element::open(key, span, &FIELDS, &gaps)),
            Fact::Known(items) => all.extend(of_list(draft, place.path, &items.value)),
        }
    }
    Fact::known(all).and_at(draft.nearest(&SOURCE), NOTE)
}

/// The options of one restore; what one means may stand in others.
fn of_list(draft: &Draft<'_>, place: &[&str], items: &[Node<'_>]) -> Vec<Element> {
    let mut words = Words::default();
    let options = given(items);
    let aim = Aim::of(&options);
    let each = items.iter().enumerate().map(|(number, item)| {
        let is = |it: bool| Fact::at(Value::from(it), item.span(), NOTE);
        let key = format!("{}.options[{}]", place.join("."), item.text());
        let element = Element::new(key, item.span(), NOTE)
            .with("place", Fact::known(place.join(".").into()))
            .with("fallsApart", is(words.falls_apart(item.text())))
            .with("targetWithoutType", is(aim.lacks_type(number)))
            .with("typeWithoutTarget", is(aim.lacks_target(number)))
            .with("targetWithoutZone", is(aim.lacks_zone(number)))
            .with("outOfReach", out_of_reach(draft, &aim, number, *item))
            .with("notTaken", not_taken(&options, number, *item))
            .with("endless", aim.without_end(number, *item));
        with_refusals(element, item.text(), &draft.target().releases)
    });
    each.collect()
}

fn with_refusals(element: Element, option: &str, releases: &[&'static Release]) -> Element {
    let (mut refused, mut doubtful, mut by) = (Vec::new(), Vec::new(), String::new());
    let mut seen = BTreeSet::new();
    for flag in flags_of(option).filter(|flag| seen.insert(*flag)) {
        let refusing = |release: &Release| refuses(release, flag);
        if releases.is_empty() || !releases.iter().any(|release| refusing(release)) {
            continue;
        }
        if releases.iter().all(|release| refusing(release)) {
            refused.push(flag);
        } else {
            doubtful.push(flag);
            by = named(releases, refusing);
        }
    }
    let place = element.place;
    let at = |value: Value| Fact::at(value, place.span, "an option the operator refuses");
    element
        .with("refused", at(refused.into()))
        .with("doubtful", at(doubtful.into()))
        .with("refusedBy", Fact::known(by.into()))
}

/// The words of one option that begin with two dashes, up to a blank or `=`.
fn flags_of(option: &str) -> impl Iterator<Item = &str> {
    let words = option.split([' ', '\t', '\n']);
    let flags = words.filter(|word| word.starts_with("--") && word.len() > 2);
    flags.map(|word| word.split('=').next().unwrap_or(word))
}

/// Whether a release refuses a flag. Older ones look for the forbidden words anywhere in an option.
fn refuses(release: &Release, flag: &str) -> bool {
    let forbidden = release.forbidden_restore_options;
    forbidden
        .iter()
        .any(|option| match release.repo_option_match {
            OptionMatch::Flag => flag == *option,
            OptionMatch::Substring => flag.contains(option),
        })
}

/// How far a restore is to go: `--type` and `--target`, each with the number of the item it stands in.
#[derive(Default)]
struct Aim {
    kinds: Vec<(usize, String)>,
    targets: Vec<(usize, String)>,
}

/// The values of `--type` that ask for a target; pgBackRest refuses one without the other.
const AIMED: [&str; 4] = ["lsn", "name", "time", "xid"];

/// The values of `--type` that do not end in a database that is open: a standby waits for more, and without the write-ahead log
/// of the archive a backup taken while Postgres ran is not consistent.
const ENDLESS: [&str; 3] = ["none", "preserve", "standby"];

/// Why pgBackRest ends at an option of an item; `""` where it takes them, and where the operator refuses it before.
fn not_taken(options: &[Given], number: usize, item: Node<'_>) -> Fact<Value> {
    let mut own = options.iter().filter(|option| option.item == number);
    let why = own.find_map(|option| RESTORE.refuses(option));
    Fact::at(why.unwrap_or_default().into(), item.span(), NOTE)
}

impl Aim {
    fn of(options: &[Given]) -> Aim {
        let mut aim = Aim::default();
        for option in options {
            let Some(value) = option.value.clone() else {
                continue;
            };
            match option.name.as_str() {
                "--type" => aim.kinds.push((option.value_item, value)),
                "--target" => aim.targets.push((option.value_item, value)),
                _ => {}
            }
        }
        aim
    }

    fn is_aimed(&self) -> bool {
        let mut kinds = self.kinds.iter();
        kinds.any(|(_, kind)| AIMED.contains(&kind.as_str()))
    }

    fn lacks_type(&self, number: usize) -> bool {
        self.targets.iter().any(|(at, _)| *at == number) && !self.is_aimed()
    }

    fn lacks_target(&self, number: usize) -> bool {
        let mut kinds = self.kinds.iter();
        let aimed = kinds.any(|(at, kind)| *at == number && AIMED.contains(&kind.as_str()));
        aimed && self.targets.is_empty()
    }

    /// The type of restore in an item with which the database never leaves recovery, or does not get there; `""` for none.
    fn without_end(&self, number: usize, item: Node<'_>) -> Fact<Value> {
        let mut kinds = self.kinds.iter();
        let endless = kinds.find(|(at, kind)| *at == number && ENDLESS.contains(&kind.as_str()));
        let kind = endless.map_or("", |(_, kind)| kind);
        Fact::at(kind.into(), item.span(), NOTE)
    }

    /// The times that an item asks for, each as early and as late as it can be meant.
    fn times(&self, number: usize) -> impl Iterator<Item = Moment> {
        let of_time = !self.kinds.is_empty() && self.kinds.iter().all(|(_, kind)| kind == "time");
        let targets = self.targets.iter();
        let targets = targets.filter(move |(at, _)| of_time && *at == number);
        targets.filter_map(|(_, target)| Moment::read(target))
    }

    fn is_future(&self, number: usize, now: Timestamp) -> bool {
        self.times(number)
            .any(|time| time.earliest > now.as_second())
    }

    fn is_before(&self, number: usize, moment: Timestamp) -> bool {
        self.times(number)
            .any(|time| time.latest < moment.as_second())
    }

    fn lacks_zone(&self, number: usize) -> bool {
        let of_time = self.kinds.iter().all(|(_, kind)| kind == "time");
        let mut targets = self.targets.iter();
        of_time && targets.any(|(at, target)| *at == number && !has_zone(target))
    }
}

/// The first Postgres that ends recovery with an error where it does not reach its target.
const STRICT: i64 = 13;

/// Why a target cannot be reached, in words; `""` for one that may be.
fn out_of_reach(draft: &Draft<'_>, aim: &Aim, number: usize, item: Node<'_>) -> Fact<Value> {
    let fact = |text: String| Fact::at(text.into(), item.span(), NOTE);
    let major = draft.number(&["spec", "postgresVersion"], "the Postgres version");
    let lenient = matches!(major.value(), Some(Some(major)) if *major < STRICT);
    if aim.is_future(number, draft.run.now) && !lenient {
        return fact(format!("it is still to come; {} is now", draft.run.now));
    }
    match oldest_backup(draft) {
        Some(oldest) if aim.is_before(number, oldest.ended) => {
            let text = format!("the oldest backup that is listed ended at {}", oldest.ended);
            fact(text).and_at(oldest.span, "the oldest backup")
        }
        _ => fact(String::new()),
    }
}

/// Whether what may be a time says its zone; what does not begin with a date is none.
fn has_zone(target: &str) -> bool {
    let bytes = target.as_bytes();
    let digits = [0, 1, 2, 3, 5, 6, 8, 9];
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if !digits.into_iter().all(digit) || bytes.get(4) != Some(&b'-') {
        return true;
    }
    let time = target.get(10..).unwrap_or("");
    let time = time.strip_prefix('T').unwrap_or(time);
    time.contains(|c: char| c.is_ascii_alphabetic() || matches!(c, '+' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_found_in_every_spelling() {
        let flags: Vec<&str> =
            flags_of("--type=time --target=\"2021-06-09 14:15:11-04\" --set 2021-- -- x--y")
                .collect();
        assert_eq!(flags, ["--type", "--target", "--set"]);
    }

    #[test]
    fn times_tell_their_zone_or_not() {
        for zoned in [
            "2021-06-09 14:15:11-04",
            "2021-06-09 14:15:11.5+05:30",
            "2021-06-09T14:15:11Z",
            "2021-06-09 14:15:11 UTC",
            "before-migration",
            "0/30000D8",
        ] {
            assert!(has_zone(zoned), "{zoned}");
        }
        for bare in [
            "2021-06-09 14:15:11",
            "2021-06-09T14:15:11.25",
            "2021-06-09",
            "2021-06-09 14:15",
        ] {
            assert!(!has_zone(bare), "{bare}");
        }
    }
}
