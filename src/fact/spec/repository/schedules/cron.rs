//! Cron schedules as Kubernetes reads them: robfig/cron v3, its standard parser.

/// When a schedule is due: one bit for each minute, hour, day, month and weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cron {
    minutes: u64,
    hours: u64,
    days: Days,
    months: u64,
    weekdays: Days,
    /// `@every`: due at times that depend on when it is made.
    drifting: bool,
}

/// Days of the month or of the week; whether all of them, by a star.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Days {
    bits: u64,
    star: bool,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Cron {
    /// Reads a schedule; `None` for what the server refuses. A time zone inside is refused, too.
    pub(super) fn parse(text: &str) -> Option<Cron> {
        let text = text.trim();
        if text.contains("TZ") {
            return None;
        }
        match text {
            "@yearly" | "@annually" => return Cron::parse("0 0 1 1 *"),
            "@monthly" => return Cron::parse("0 0 1 * *"),
            "@weekly" => return Cron::parse("0 0 * * 0"),
            "@daily" | "@midnight" => return Cron::parse("0 0 * * *"),
            "@hourly" => return Cron::parse("0 * * * *"),
            _ => {}
        }
        if let Some(pause) = text.strip_prefix("@every ") {
            let every_minute = Cron::parse("* * * * *")?;
            return is_duration(pause).then_some(Cron {
                drifting: true,
                ..every_minute
            });
        }
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return None;
        };
        Some(Cron {
            minutes: field(minutes, 0, 59, &[])?.bits,
            hours: field(hours, 0, 23, &[])?.bits,
            days: field(days, 1, 31, &[])?,
            months: field(months, 1, 12, &MONTHS)?.bits,
            weekdays: field(weekdays, 0, 6, &WEEKDAYS)?,
            drifting: false,
        })
    }

    /// Whether both are due in the same minute, some time or other.
    pub(super) fn meets(&self, other: &Cron) -> bool {
        let time = self.minutes & other.minutes != 0 && self.hours & other.hours != 0;
        let steady = !self.drifting && !other.drifting;
        let mut weekdays = 0..7;
        steady
            && time
            && self.months & other.months != 0
            && weekdays.any(|weekday| {
                let mut days = 1..=31;
                days.any(|day| self.is_on(day, weekday) && other.is_on(day, weekday))
            })
    }

    /// Whether it is due at all: the 31st of February is not.
    pub(super) fn comes(&self) -> bool {
        let mut dates =
            (1..=12).flat_map(|month| (1..=days_of(month)).map(move |day| (month, day)));
        dates.any(|(month, day)| {
            let mut weekdays = 0..7;
            self.months >> month & 1 == 1 && weekdays.any(|weekday| self.is_on(day, weekday))
        })
    }

    /// With both kinds of days given either will do; a star leaves it to the other.
    fn is_on(&self, day: u32, weekday: u32) -> bool {
        let by_day = self.days.bits >> day & 1 == 1;
        let by_weekday = self.weekdays.bits >> weekday & 1 == 1;
        if self.days.star || self.weekdays.star {
            by_day && by_weekday
        } else {
            by_day || by_weekday
        }
    }
}

/// How many days a month has at most.
fn days_of(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A comma list of ranges.
fn field(text: &str, least: u32, most: u32, names: &[&str]) -> Option<Days> {
    let mut all = Days {
        bits: 0,
        star: false,
    };
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let range = range(part, least, most, names)?;
        all.bits |= range.bits;
        all.star |= range.star;
    }
    (all.bits != 0).then_some(all)
}

/// `*`, `3`, `1-5`, each with a step or without: `*/15`; a single number with a step goes on to the end.
fn range(text: &str, least: u32, most: u32, names: &[&str]) -> Option<Days> {
    let mut parts = text.split('/');
    let (span, step) = (parts.next()?, parts.next());
    let mut ends = span.split('-');
    let (low, high) = (ends.next()?, ends.next());
    if parts.next().is_some() || ends.next().is_some() {
        return None;
    }
    let any = matches!(low, "*" | "?");
    let from = if any { least } else { number(low, names)? };
    let until = match high {
        _ if any => most,
        Some(high) => number(high, names)?,
        None if step.is_some() => most,
        None => from,
    };
    let step = step.map_or(Some(1), |step| step.parse().ok())?;
    if from < least || until > most || from > until || step == 0 {
        return None;
    }
    let every = usize::try_from(step).ok()?;
    let bits = (from..=until)
        .step_by(every)
        .fold(0, |bits, one| bits | 1 << one);
    Some(Days {
        bits,
        star: any && step == 1,
    })
}

fn number(text: &str, names: &[&str]) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let lower = text.to_ascii_lowercase();
    let by_name = names.iter().position(|name| *name == lower)?;
    // Months count from one, weekdays from zero.
    u32::try_from(by_name + names.len() / 12).ok()
}

/// `1h30m`, as Go writes durations.
fn is_duration(text: &str) -> bool {
    let mut rest = text.trim().trim_start_matches(['+', '-']);
    if rest == "0" {
        return true;
    }
    let mut seen = false;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let units = ["ms", "us", "µs", "ns", "h", "m", "s"];
        let unit = units.into_iter().find_map(|unit| after.strip_prefix(unit));
        match unit {
            Some(next) if after.len() < rest.len() => rest = next,
            _ => return false,
        }
        seen = true;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_takes_and_refuses() {
        for text in [
            "0 1 * * 0",
            "*/15 * * * *",
            "0 1 ? * sun",
            "0 1 * JAN-mar Mon-Fri",
            "5/10 0-23/2 1,15 * *",
            " 0  1\t* * * ",
            "@daily",
            "@every 1h30m",
        ] {
            assert!(Cron::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "0 1 * *",
            "every day at 3",
            "0 1 * * 7",
            "0 1 * * 1-7",
            "60 1 * * *",
            "0 24 * * *",
            "0 1 0 * *",
            "0 1 * 13 *",
            "0 1 * * 5-1",
            "0 1 * * */0",
            "0 1 * * * *",
            "1-2-3 1 * * *",
            "CRON_TZ=UTC 0 1 * * *",
            "@every day",
            "@never",
            "0 1 * * monday",
        ] {
            assert_eq!(Cron::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_that_no_month_has_never_come() {
        let comes = |text| Cron::parse(text).unwrap().comes();
        for text in [
            "0 1 31 2 *",
            "0 1 30 feb *",
            "0 1 31 4,6,9,11 *",
            "0 1 30-31 2 ?",
        ] {
            assert!(!comes(text), "{text}");
        }
        for text in [
            "0 1 29 2 *",
            "0 1 31 * *",
            "0 1 31 2,3 *",
            "0 1 31 2 0",
            "@yearly",
            "@every 1h",
        ] {
            assert!(comes(text), "{text}");
        }
    }

    #[test]
    fn schedules_meet_where_a_minute_is_common() {
        let meet = |one, other| {
            Cron::parse(one)
                .unwrap()
                .meets(&Cron::parse(other).unwrap())
        };
        assert!(meet("0 1 * * 0", "0 1 * * *"));
        assert!(meet("0 1 * * *", "0 */1 * * *"));
        assert!(meet("0 1 1 * *", "0 1 * * 0"), "a first that is a Sunday");
        assert!(!meet("0 1 * * 0", "0 1 * * 1-6"));
        assert!(!meet("0 1 * * 0", "30 1 * * *"));
        assert!(!meet("0 1 * * 0", "0 */4 * * *"));
        assert!(!meet("0 1 1 1 *", "0 1 1 2 *"));
        assert!(!meet("@every 1h", "* * * * *"));
    }
}
