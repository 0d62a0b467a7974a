//! Where clusters stand, in a sentence, how much of them was seen, and what comes first.

use std::collections::BTreeSet;

use super::sections::Told;
use super::sums::{is_little, read};
use super::todo::do_this;
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
            format!(" Only {read} {was} read, which is too little to tell.")
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

/// Where one cluster stands.
fn sentence(view: &View<'_>, cluster: &Cluster<'_>) -> String {
    let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
    let best = best(cluster);
    let by = names(&best);
    let count = |part: Part| bearing(view, part, &best).count();
    let (todo, confirm) = (count(Part::Do), count(Part::Confirm));
    match cluster.verdict {
        Verdict::Ready => format!("{name} is ready to move by {by}."),
        Verdict::Action => {
            let things = |count| counted(count, "thing", "things");
            let is = |count| if count == 1 { "is" } else { "are" };
            match (todo, confirm) {
                // Nothing is listed where somebody set all of it aside.
                (0, 0) => format!(
                    "{name} can move by {by}, with what was set aside (see what it assumes)."
                ),
                (0, _) => format!(
                    "{name} is not ready yet: nothing that was seen closes {by}, but {} {} to be confirmed first (To ask).",
                    things(confirm),
                    is(confirm)
                ),
                (_, 0) => format!(
                    "{name} is not ready yet: it can move by {by} once {} {} done (To do).",
                    things(todo),
                    is(todo)
                ),
                _ => format!(
                    "{name} is not ready yet: it can move by {by} once {} {} done (To do) and {} confirmed (To ask).",
                    things(todo),
                    is(todo),
                    things(confirm)
                ),
            }
        }
        Verdict::Unknown => {
            let open = count(Part::Reason);
            let open = counted(open, "question is open", "questions are open");
            format!("Whether {name} can move by {by} is not decided: {open} (Why, To ask).")
        }
        Verdict::Blocked => format!("{name} cannot move as things are (Why)."),
    }
}

/// The methods of a cluster's own verdict.
fn best(cluster: &Cluster<'_>) -> BTreeSet<Method> {
    let methods = cluster.methods.iter();
    let same = methods.filter(|(_, judged)| judged.verdict == cluster.verdict);
    same.map(|(method, _)| *method).collect()
}

fn names(methods: &BTreeSet<Method>) -> String {
    let names: Vec<&str> = methods.iter().map(|one| one.name()).collect();
    names.join(" or ")
}

/// The topics of a part that weigh on one of these methods.
fn bearing<'v, 'd>(
    view: &'v View<'d>,
    part: Part,
    methods: &'v BTreeSet<Method>,
) -> impl Iterator<Item = &'v Topic<'d>> {
    view.part(part)
        .filter(|topic| !topic.methods.is_disjoint(methods))
}

/// What is to be done first for one cluster, by the way that is closest.
fn first(view: &View<'_>, cluster: &Cluster<'_>) -> String {
    let best = best(cluster);
    let is_due = |topic: &Topic<'_>| match topic.part {
        Part::Unblock => true,
        _ => !topic.methods.is_disjoint(&best),
    };
    let mut steps = view.steps().enumerate();
    let step = steps.find(|(_, topic)| is_due(topic));
    let asks = view
        .topics
        .iter()
        .any(|topic| topic.outcome == FindingOutcome::Unknown && topic.part != Part::Perhaps);
    match (step, cluster.verdict) {
        (_, Verdict::Unknown | Verdict::Blocked) if is_lifted(cluster) => {
            let then = if asks { " Then To ask." } else { "" };
            format!(
                "First: name the release it is to move to, with --target: another than the oldest opens what is closed (Why).{then}"
            )
        }
        (_, Verdict::Unknown) => "First: To ask. Nothing else can be decided before.".to_owned(),
        (Some((number, topic)), _) => {
            let meanwhile = if asks {
                "; To ask can be run meanwhile"
            } else {
                ""
            };
            let step = do_this(topic, None);
            let step = lower(step.split("; ").next().unwrap_or(&step));
            format!("First: {step} (To do, {}){meanwhile}.", number + 1)
        }
        (None, Verdict::Ready) => {
            format!(
                "First: nothing for {}; go on with the way step by step (last line).",
                names(&best)
            )
        }
        (None, _) if asks => {
            "First: To ask. Nothing that is known is to be done before.".to_owned()
        }
        (None, Verdict::Blocked) => "First: nothing that is known opens a method.".to_owned(),
        (None, _) => "First: nothing; go on with the way step by step (last line).".to_owned(),
    }
}

/// Whether a method is closed for some releases only.
fn is_lifted(cluster: &Cluster<'_>) -> bool {
    let mut methods = cluster.methods.values();
    methods.any(|judged| judged.verdict == Verdict::Blocked && judged.lifted_by.is_some())
}

/// A sentence as a part of another: it begins with a verb.
fn lower(sentence: &str) -> String {
    let mut rest = sentence.chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

/// What is to be done first for many clusters.
fn first_of_many(view: &View<'_>) -> String {
    let asks = view
        .topics
        .iter()
        .any(|topic| topic.outcome == FindingOutcome::Unknown);
    match (asks, view.steps().next().is_some()) {
        (true, true) => "First: To ask, which changes nothing and may add to what is to be done; then To do, from 1 on.",
        (true, false) => "First: To ask. Nothing that is known is to be done before.",
        (false, true) => "First: To do, from 1 on. Nothing is to be asked.",
        (false, false) => "First: nothing; go on with the way step by step (last line).",
    }
    .to_owned()
}
