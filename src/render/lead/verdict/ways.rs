//! How far each method of a cluster is from open, in words.

use std::collections::BTreeSet;

use crate::check::{FindingOutcome, Verdict};
use crate::render::document::Cluster;
use crate::render::fleet::{counted, listed};
use crate::render::view::{Part, Topic, View};
use crate::rule::Method;

/// Methods of which the same is to be said.
pub(super) struct Way {
    methods: BTreeSet<Method>,
    pub(super) verdict: Verdict,
    /// What is to be done before the move, what within it, what is to be confirmed, and what decides: places among the topics.
    before: Vec<usize>,
    within: Vec<usize>,
    confirm: Vec<usize>,
    decide: Vec<usize>,
}

impl Way {
    /// Whether the same is to be said of another.
    fn is_like(&self, other: &Way) -> bool {
        if self.verdict == Verdict::Unknown {
            return other.verdict == Verdict::Unknown && self.decide == other.decide;
        }
        self.verdict == other.verdict
            && self.before == other.before
            && self.within == other.within
            && self.confirm == other.confirm
    }

    /// Whether anything comes before the move.
    pub(super) fn waits(&self) -> bool {
        !self.before.is_empty() || !self.confirm.is_empty()
    }

    /// "by backups it can move once 14 questions are answered (To ask)".
    pub(super) fn words(&self) -> String {
        let by = names(&self.methods);
        let mut conditions = Vec::new();
        if !self.before.is_empty() {
            let things = counted(self.before.len(), "thing is", "things are");
            conditions.push(format!("{things} done (To do)"));
        }
        if !self.confirm.is_empty() {
            let questions = counted(self.confirm.len(), "question is", "questions are");
            conditions.push(format!("{questions} answered (To ask)"));
        }
        let within = match self.within.len() {
            0 => String::new(),
            more => format!(
                ", with {} to do within the move (To do)",
                counted(more, "thing", "things")
            ),
        };
        match conditions.as_slice() {
            // Nothing is listed where somebody set all of it aside.
            [] if within.is_empty() => {
                format!("by {by} it can move, with what was set aside (see what it assumes)")
            }
            [] => format!("by {by} it can move{within}"),
            some => format!("by {by} it can move once {}{within}", listed(some)),
        }
    }

    /// The same as a sentence beside that about other methods.
    pub(super) fn sentence(&self) -> String {
        if self.verdict == Verdict::Unknown {
            return format!(
                "Whether it can by {} is not decided: {} (Why, To ask).",
                names(&self.methods),
                questions(self.decide.len())
            );
        }
        let words = self.words();
        format!("{}.", words.replacen("by", "By", 1))
    }
}

/// The methods that are not closed, together where the same is to be said of them; the best first.
pub(super) fn ways(view: &View<'_>, cluster: &Cluster<'_>) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for (method, judged) in &cluster.methods {
        if judged.verdict == Verdict::Blocked {
            continue;
        }
        let those = |wanted: &dyn Fn(&Topic<'_>) -> bool| -> Vec<usize> {
            let topics = view.topics.iter().enumerate();
            let weighs = topics.filter(|(_, one)| one.methods.contains(method) && wanted(one));
            weighs.map(|(position, _)| position).collect()
        };
        let way = Way {
            methods: BTreeSet::from([*method]),
            verdict: judged.verdict,
            before: those(&|one| one.part == Part::Do && !one.is_within_the_move()),
            within: those(&|one| one.part == Part::Do && one.is_within_the_move()),
            confirm: those(&|one| one.part == Part::Confirm),
            decide: those(&|one| {
                one.part == Part::Reason && one.outcome == FindingOutcome::Unknown
            }),
        };
        match ways.iter_mut().find(|other| other.is_like(&way)) {
            Some(same) => {
                same.methods.insert(*method);
            }
            None => ways.push(way),
        }
    }
    ways.sort_by_key(|way| (way.verdict, way.before.len() + way.confirm.len()));
    ways
}

/// "1 question is open".
pub(super) fn questions(count: usize) -> String {
    counted(count, "question is open", "questions are open")
}

/// "volumes or backups".
pub(super) fn names(methods: &BTreeSet<Method>) -> String {
    let names: Vec<&str> = methods.iter().map(|one| one.name()).collect();
    names.join(" or ")
}
