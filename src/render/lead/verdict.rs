//! Where clusters stand, in a sentence, how much of them was seen, and what comes first.

mod ways;

use std::collections::BTreeSet;

use self::ways::{Way, names, questions, ways};
use super::remedy::{do_this, in_short, lower};
use super::sections::Told;
use super::sums::{is_little, read};
use crate::check::{FindingOutcome, Verdict};
use crate::render::document::{Cluster, title};
use crate::render::fleet::{counted, listed};
use crate::render::text::page::Page;
use crate::render::view::{Part, Topic, View};
use crate::rule::Method;

impl Told<'_> {
    /// Where one cluster, or a fleet, stands; and what is to be done first.
    pub(super) fn verdict(&self, page: &mut Page, view: &View<'_>) {
        page.blank();
        // How much there is to do, or whether anything is, a part does not tell.
        if self.document.is_of_some_rules() {
            page.prose("", 0, &self.of_some_rules());
            return;
        }
        if let [cluster] = self.document.clusters.as_slice() {
            let seen = self.seen(view).unwrap_or_default();
            page.prose("", 0, &format!("{}{seen}", sentence(view, cluster)));
            page.prose("", 0, &first(view, cluster));
        } else {
            page.prose("", 0, &self.verdicts());
            page.prose("", 0, &first_of_many(view));
        }
    }

    fn of_some_rules(&self) -> String {
        let whose = match self.document.clusters.as_slice() {
            [one] => format!(
                "{}: {}, by {}",
                title(&one.origin, &one.namespace, &one.name),
                one.verdict.name(),
                names(&best(one))
            ),
            _ => "The verdicts are those of all rules".to_owned(),
        };
        format!("{whose}. What follows is what some rules say (--rule), not all there is.")
    }

    /// How much was read, where verdicts hang on what was not.
    fn seen(&self, view: &View<'_>) -> Option<String> {
        let open = view.topics.iter().filter(|topic| {
            topic.outcome == FindingOutcome::Unknown && topic.part != Part::Perhaps
        });
        if open.count() == 0 {
            return None;
        }
        let objects = read(self.document);
        let read = counted(objects, "object", "objects");
        let was = if objects == 1 { "was" } else { "were" };
        Some(if is_little(self.document) {
            format!(" Only {read} {was} read, which is little.")
        } else {
            format!(" {read} {was} read; what is open was not among them.")
        })
    }

    /// "Of 300 clusters 180 can move once what is listed below is done or confirmed, and 120 cannot move as things are."
    fn verdicts(&self) -> String {
        let clusters = &self.document.clusters;
        let of = |wanted| {
            let same = clusters.iter().filter(move |one| one.verdict == wanted);
            same.count()
        };
        if of(Verdict::Blocked) == clusters.len() {
            let all = clusters.len();
            return format!("None of the {all} clusters can move as things are (Why).");
        }
        let is = |count| if count == 1 { "is" } else { "are" };
        let (ready, unknown) = (of(Verdict::Ready), of(Verdict::Unknown));
        let words = [
            (ready, format!("{ready} {} ready to move", is(ready))),
            (
                of(Verdict::Action),
                format!(
                    "{} can move once To do and To ask are through",
                    of(Verdict::Action)
                ),
            ),
            (
                unknown,
                format!("{unknown} {} not decided (To ask comes first)", is(unknown)),
            ),
            (
                of(Verdict::Blocked),
                format!("{} cannot move as things are (Why)", of(Verdict::Blocked)),
            ),
        ];
        let told = words.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(_, words)| words).collect();
        format!("Of {} clusters {}.", clusters.len(), listed(&told))
    }
}

/// Where one cluster stands, by each method that is not closed.
fn sentence(view: &View<'_>, cluster: &Cluster<'_>) -> String {
    let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
    let by = names(&best(cluster));
    let mut others = ways(view, cluster);
    others.retain(|way| way.verdict > cluster.verdict);
    let first = match cluster.verdict {
        Verdict::Ready => format!("{name} is ready to move by {by}."),
        Verdict::Action => {
            let ways = ways(view, cluster).into_iter();
            let same = ways.filter(|way| way.verdict == cluster.verdict);
            let same: Vec<Way> = same.collect();
            let told: Vec<String> = same.iter().map(Way::words).collect();
            // Nothing keeps a move from being begun that is done within it.
            let yet = if same.iter().any(Way::waits) {
                " is not ready yet"
            } else {
                ""
            };
            format!("{name}{yet}: {}.", told.join("; "))
        }
        Verdict::Unknown => {
            let open = view.part(Part::Reason).filter(|topic| {
                topic.outcome == FindingOutcome::Unknown
                    && !topic.methods.is_disjoint(&best(cluster))
            });
            let open = questions(open.count());
            format!("Whether {name} can move by {by} is not decided: {open} (Why, To ask).")
        }
        Verdict::Blocked => format!("{name} cannot move as things are (Why)."),
    };
    let others = others.iter().map(Way::sentence);
    let all: Vec<String> = std::iter::once(first).chain(others).collect();
    all.join(" ")
}

/// The methods of a cluster's own verdict.
fn best(cluster: &Cluster<'_>) -> BTreeSet<Method> {
    let methods = cluster.methods.iter();
    let same = methods.filter(|(_, judged)| judged.verdict == cluster.verdict);
    same.map(|(method, _)| *method).collect()
}

/// What is to be done first for one cluster, by the ways that are closest.
fn first(view: &View<'_>, cluster: &Cluster<'_>) -> String {
    let asks = view
        .topics
        .iter()
        .any(|topic| topic.outcome == FindingOutcome::Unknown && topic.part != Part::Perhaps);
    match cluster.verdict {
        Verdict::Unknown | Verdict::Blocked if is_lifted(cluster) => {
            let then = if asks { " Then To ask." } else { "" };
            return format!(
                "First: name the release it is to move to, with --target: another than the oldest opens what is closed (Why).{then}"
            );
        }
        Verdict::Unknown => {
            return "First: To ask. Nothing else can be decided before.".to_owned();
        }
        Verdict::Ready => {
            return format!(
                "First: nothing for {}; go on with the way step by step (last line).",
                names(&best(cluster))
            );
        }
        Verdict::Action | Verdict::Blocked => {}
    }
    let firsts = first_steps(view, cluster);
    match (firsts.as_slice(), asks) {
        ([], true) => "First: To ask. Nothing that is known is to be done before.".to_owned(),
        ([], false) if cluster.verdict == Verdict::Blocked => {
            "First: nothing that is known opens a method.".to_owned()
        }
        ([], false) if view.steps().next().is_some() => {
            "First: nothing before the move; go on with the way step by step (last line), which has what is To do."
                .to_owned()
        }
        ([], false) => "First: nothing; go on with the way step by step (last line).".to_owned(),
        (some, _) => {
            let meanwhile = if asks {
                "; To ask can be run meanwhile"
            } else {
                ""
            };
            format!("First: {}{meanwhile}.", some.join("; "))
        }
    }
}

/// What comes first by each of the methods that are closest: "scale down the replicas (To do, 1, for volumes only)".
fn first_steps(view: &View<'_>, cluster: &Cluster<'_>) -> Vec<String> {
    let best = best(cluster);
    let steps: Vec<(usize, &Topic<'_>)> = view
        .steps()
        .enumerate()
        .filter(|(_, topic)| !topic.waits && !topic.is_within_the_move())
        .collect();
    let mut firsts: Vec<(usize, &Topic<'_>, BTreeSet<Method>)> = Vec::new();
    for method in &best {
        let mut due = steps.iter();
        let due = due.find(|(_, one)| one.part == Part::Unblock || one.methods.contains(method));
        let Some((position, topic)) = due else {
            continue;
        };
        match firsts.iter_mut().find(|(same, ..)| same == position) {
            Some((.., methods)) => {
                methods.insert(*method);
            }
            None => firsts.push((*position, topic, BTreeSet::from([*method]))),
        }
    }
    firsts.sort_by_key(|(position, ..)| *position);
    let told = firsts.iter().map(|(position, topic, methods)| {
        let step = lower(&in_short(&do_this(topic, None)));
        let open = cluster.methods.iter();
        let open = open.filter(|(_, judged)| judged.verdict != Verdict::Blocked);
        let its: BTreeSet<Method> = open
            .map(|(method, _)| *method)
            .filter(|method| topic.methods.contains(method))
            .collect();
        let only = if methods.len() == best.len() {
            String::new()
        } else {
            let its: Vec<&str> = its.iter().map(|one| one.name()).collect();
            format!(", for {} only", listed(&its))
        };
        format!("{step} (To do, {}{only})", position + 1)
    });
    told.collect()
}

/// Whether a method is closed for some releases only.
fn is_lifted(cluster: &Cluster<'_>) -> bool {
    let mut methods = cluster.methods.values();
    methods.any(|judged| judged.verdict == Verdict::Blocked && judged.lifted_by.is_some())
}

/// What is to be done first for many clusters.
fn first_of_many(view: &View<'_>) -> String {
    let asks = view
        .topics
        .iter()
        .any(|topic| topic.outcome == FindingOutcome::Unknown);
    let is_before = |topic: &Topic<'_>| !topic.is_within_the_move();
    let before = view.steps().any(is_before);
    let within = if view.steps().all(is_before) {
        ""
    } else {
        "; what is within the move waits for the plan"
    };
    match (asks, before) {
        (true, true) => format!(
            "First: To ask, which changes nothing and may add to what is to be done; then To do, each cluster what is said of it{within}."
        ),
        (true, false) => "First: To ask. Nothing that is known is to be done before.".to_owned(),
        (false, true) => {
            format!(
                "First: To do, each cluster what is said of it{within}. Nothing is to be asked."
            )
        }
        (false, false) => {
            "First: nothing before the move; go on with the way step by step (last line)."
                .to_owned()
        }
    }
}
