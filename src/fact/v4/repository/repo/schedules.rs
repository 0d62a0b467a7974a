//! Backup schedules, and the retention that is written in them, in single backups and in custom files.

use super::custom::{customs, settings_of};
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::traces::placed;
use crate::manifest::{Evidence, Fact, Gap, Kind, Node, Object, SCHEDULER, Tree, embedded};

/// One schedule of v4's scheduler.
struct Schedule<'a> {
    /// The entry that holds it.
    entry: Node<'a>,
    json: Tree,
}

impl Schedule<'_> {
    fn text(&self, path: &[&str]) -> &str {
        self.json.root().at(path).map_or("", Node::text)
    }

    /// Where it keeps backups: v4 calls a volume "local" or "posix", or says nothing.
    fn store(&self) -> &'static str {
        match self.text(&["pgbackrest", "storageType"]) {
            "s3" => "s3",
            "gcs" => "gcs",
            _ => "posix",
        }
    }

    /// "full 0 1 * * *".
    fn words(&self) -> String {
        format!(
            "{} {}",
            self.text(&["pgbackrest", "type"]),
            self.text(&["schedule"])
        )
    }
}

/// The schedules of pgBackRest that are seen; v4's scheduler runs SQL policies too.
fn all<'a>(cluster: &Cluster<'a>) -> (Vec<Schedule<'a>>, Fact<()>) {
    let listing = cluster.all_of(Kind::ConfigMap);
    let is_schedule = |map: &&Object| {
        map.label(SCHEDULER)
            .is_some_and(|label| label.text() == "true")
    };
    let read = |map: &'a Object| {
        let data = map.at(&["data"])?;
        data.entries().find_map(|(_, entry)| {
            let json = embedded(entry.text()).filter(|json| json.root().is_map())?;
            Some(Schedule { entry, json })
        })
    };
    let maps = listing.objects.iter().copied().filter(is_schedule);
    let mut complete = if_complete(&listing.completeness, ());
    let mut schedules = Vec::new();
    for map in maps {
        match read(map) {
            Some(schedule) => schedules.push(schedule),
            None if map.at(&["data"]).is_some() => {
                let hidden = Fact::<()>::unknown(hidden_in(map));
                complete = complete.both(hidden).map(|_| ());
            }
            None => {}
        }
    }
    let of_backups = |schedule: &Schedule<'a>| schedule.text(&["type"]) == "pgbackrest";
    (schedules.into_iter().filter(of_backups).collect(), complete)
}

/// A schedule that cannot be read may be any.
fn hidden_in(map: &Object) -> Gap {
    Gap {
        because: "its text was overwritten, or is no schedule".to_owned(),
        ..Gap::of_one(map.kind, map.namespace.as_deref(), &map.name)
    }
}

/// What was found, with its places; that nothing was found says something only when all was seen.
fn found(words: Vec<String>, places: Vec<Evidence>, all: Fact<()>) -> Fact<Vec<String>> {
    if words.is_empty() {
        return all.map(|()| words);
    }
    let known = Fact::known(words);
    places
        .into_iter()
        .fold(known, |fact, place| fact.and_at(place.span, place.note))
}

/// The schedules as kind of backup and cron expression.
pub(super) fn schedules(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    told(cluster, &|one| one.words())
}

/// The same, each behind the repository it is for: "s3 full 0 1 * * *".
pub(super) fn by_store(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    told(cluster, &|one| format!("{} {}", one.store(), one.words()))
}

fn told(cluster: &Cluster<'_>, words: &dyn Fn(&Schedule<'_>) -> String) -> Fact<Vec<String>> {
    let (schedules, complete) = all(cluster);
    let place = |schedule: &Schedule<'_>| Evidence {
        absent: false,
        span: schedule.entry.span(),
        note: "a backup schedule",
    };
    let places = schedules.iter().map(place).collect();
    let words = schedules.iter().map(words).collect();
    placed(cluster, found(words, places, complete))
}

/// The retention options that are written anywhere.
pub(super) fn retention(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let mut words = Vec::new();
    let mut places = Vec::new();
    let mut add = |text: &str, place: Node<'_>| {
        for word in text.split_whitespace().filter(|word| is_retention(word)) {
            places.push(Evidence {
                absent: false,
                span: place.span(),
                note: "how long backups are kept",
            });
            words.push(word.trim_start_matches('-').to_owned());
        }
    };
    let (schedules, mut complete) = all(cluster);
    for schedule in &schedules {
        add(schedule.text(&["pgbackrest", "options"]), schedule.entry);
    }
    for (object, place) in single_backups(cluster) {
        add(&object, place);
    }
    let customs = customs(cluster);
    for custom in customs.found.value().into_iter().flatten() {
        for entry in custom.files() {
            for (option, value) in settings_of(entry.text()) {
                add(&format!("--{option}={value}"), entry);
            }
        }
    }
    for kind in [Kind::Job, Kind::Pgtask] {
        complete = complete
            .both(if_complete(&cluster.all_of(kind).completeness, ()))
            .map(|_| ());
    }
    complete = complete.both(customs.complete).map(|_| ());
    words.sort_unstable();
    words.dedup();
    placed(cluster, found(words, places, complete))
}

/// The options of backups that were asked for, as the Pgtasks and Jobs have them.
fn single_backups<'a>(cluster: &Cluster<'a>) -> Vec<(String, Node<'a>)> {
    let tasks = cluster.all_of(Kind::Pgtask).objects.iter();
    let asked = tasks.filter_map(|task| task.at(&["spec", "parameters", "backrest-opts"]));
    let mut options: Vec<(String, Node<'a>)> =
        asked.map(|node| (node.text().to_owned(), node)).collect();
    for job in &cluster.all_of(Kind::Job).objects {
        let said = env(job, "COMMAND_OPTS", "the options of a backup");
        let text = said.value().cloned().flatten();
        options.extend(text.zip(job.at(&["metadata", "name"])));
    }
    options
}

/// `--repo1-retention-full=7`.
fn is_retention(word: &str) -> bool {
    let option = word.trim_start_matches('-');
    let numbered = option.strip_prefix("repo").unwrap_or("");
    let bare = numbered.trim_start_matches(|c: char| c.is_ascii_digit());
    (bare.starts_with("-retention-") || option.starts_with("retention-")) && option.contains('=')
}
