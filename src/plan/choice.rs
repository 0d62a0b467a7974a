//! Which method, and what each of them costs.

use crate::check::{CourseReport, FindingOutcome, MethodReport, Report, UnderWay, Verdict};
use crate::rule::{Method, Weight};

/// A method to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The method.
    pub method: Method,
    /// Its form, where it has several: "volume", "shared" or "own-path" of `backups`; `""` where it is not known which.
    pub variant: String,
    /// Whether it is open.
    pub verdict: Verdict,
    /// Preparations that are left.
    pub preparations: usize,
}

/// What a method costs, in a few words each.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// How v5 comes by the data.
    pub how: &'static str,
    /// How long clients are offline.
    pub downtime: &'static str,
    /// What storage it takes besides v4's.
    pub storage: &'static str,
    /// How far there is a way back.
    pub back: &'static str,
    /// What is lost.
    pub lost: &'static str,
}

/// What a method costs, in one of its forms.
pub fn about(method: Method, variant: &str) -> Course {
    match method {
        Method::Volumes => Course {
            how: "v4's volumes are adopted",
            downtime: "minutes: v5 starts on v4's own files",
            storage: "none",
            back: "one command until v4 is deleted; by hand until clients write",
            lost: "replicas (made anew), v4's record of the cluster",
        },
        Method::Backups => of_backups(variant),
        Method::Standby => Course {
            how: "it follows v4's bucket, and is promoted",
            downtime: "minutes: until the last WAL is replayed",
            storage: "the data once more, while both run",
            back: "delete the v5 cluster, until it is promoted",
            lost: "nothing, if promoted after the last WAL",
        },
        Method::Upgrade => Course {
            how: "the operator goes on to another release",
            downtime: "a restart of each instance",
            storage: "none",
            back: "the older operator, until it is told otherwise",
            lost: "nothing",
        },
    }
}

/// The three forms of method 2; of what is not known to be one of them, what all have in common.
fn of_backups(variant: &str) -> Course {
    let common = Course {
        how: "it is restored from v4's repository",
        downtime: "as long as restoring the whole database takes",
        storage: "the data once more",
        back: "v4's data claim stays: by hand, until clients write",
        lost: "nothing that was archived",
    };
    match variant {
        "volume" => Course {
            how: "it is restored from v4's repository, whose volume is adopted",
            lost: "v4's record of the cluster; nothing that was archived",
            ..common
        },
        "shared" => Course {
            how: "it is restored from v4's bucket, and goes on writing to it",
            lost: "v4's record of the cluster; nothing that was archived",
            ..common
        },
        "own-path" => Course {
            how: "it is restored from v4's bucket, which is only read; `draft --repo-path v4` goes on with it",
            storage: "the data once more, and backups of v5's own",
            back: "delete the v5 cluster and start v4 again, until clients write",
            ..common
        },
        _ => common,
    }
}

/// What was judged of a course's method; `None` where there is nothing to judge.
fn judged<'r>(report: &'r Report, course: &CourseReport) -> Option<&'r MethodReport> {
    if course.method == Method::Upgrade {
        let living = report.living.get(course.subject)?;
        return living.upgrade.as_ref()?.judged.as_ref();
    }
    let cluster = report.clusters.get(course.subject)?;
    cluster.methods.get(&course.method)
}

/// The verdict of a course's method: an upgrade that is there already is ready.
pub(super) fn verdict(report: &Report, course: &CourseReport) -> Verdict {
    let nothing = match course.method {
        Method::Upgrade => Verdict::Ready,
        _ => Verdict::Unknown,
    };
    let judged = judged(report, course).map_or(nothing, |judged| judged.verdict);
    // What was found later than that is at least to be done first.
    let left = course.about.iter().any(|at| {
        report.findings.get(*at).is_some_and(|one| {
            one.counts()
                && one.outcome == FindingOutcome::Fires
                && one.effect.on(course.method) == Some(Weight::Action)
        })
    });
    if left {
        judged.max(Verdict::Action)
    } else {
        judged
    }
}

/// The course to take, as its position, and why. The method that is under way goes on; else the one that is most open, and
/// of equals the first of the guide's.
pub(super) fn choose(courses: &[&CourseReport], choices: &[Choice]) -> (usize, String) {
    let under_way = courses.iter().find_map(|course| course.under_way);
    if let Some(UnderWay { method, shown }) = under_way {
        let position = courses.iter().position(|course| course.method == method);
        if let Some(position) = position {
            let why = format!("the move is under way by {}", method.name());
            return (position, why);
        }
        if shown {
            let why = format!(
                "the move is under way by {0}: any other plan would lead astray, `--method {0}` goes on with it",
                method.name()
            );
            return (0, why);
        }
    }
    let open = |course: &&CourseReport, choice: &Choice| {
        course.drafted == course.method.name() && choice.verdict != Verdict::Blocked
    };
    let drafted = courses
        .iter()
        .zip(choices)
        .position(|(course, choice)| open(course, choice));
    if let (Some(position), Some(choice)) = (drafted, drafted.and_then(|at| choices.get(at)))
        && choices.len() > 1
    {
        let method = choice.method.name();
        return (
            position,
            format!("{method}: the draft in the input is for it"),
        );
    }
    if let [only] = choices {
        let why = format!("{} is the one that was asked for", only.method.name());
        return (0, why);
    }
    let best = choices
        .iter()
        .enumerate()
        .min_by_key(|(_, choice)| choice.verdict);
    let Some((position, best)) = best else {
        return (0, String::new());
    };
    let equals: Vec<&str> = choices
        .iter()
        .filter(|choice| choice.verdict == best.verdict && choice.method != best.method)
        .map(|choice| choice.method.name())
        .collect();
    let word = match best.verdict {
        Verdict::Ready => "nothing is left to prepare for it",
        Verdict::Action => "it is open once it is prepared",
        Verdict::Unknown => "it is not known to be shut",
        Verdict::Blocked => "no method is open",
    };
    let mut why = format!("{}: {word}", best.method.name());
    if !equals.is_empty() && best.verdict != Verdict::Blocked {
        why.push_str(&format!(
            "; the same is so of {}: `--method {}` plans that",
            equals.join(" and "),
            equals.first().unwrap_or(&"")
        ));
    }
    (position, why)
}
