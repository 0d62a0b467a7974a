//! Two reports of the same fleet to what became of each cluster and draft between them, and of the upgrade of each living
//! cluster.

use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::by_id::ById;
use super::change::{Change, Moved, Since, Step, Work};
use super::finding::{Finding, Text};
use super::shape::{Cluster, Document, Draft, Upgrade};
use crate::check::{DraftVerdict, FindingOutcome, Verdict};
use crate::rule::{Method, SubjectKind, Weight};

/// The verdict of a living cluster whose operator is of the release to go to already.
const UPGRADED: &str = "upgraded";

/// What a report says of one cluster or draft, as far as it is compared.
struct Standing<'d> {
    verdict: &'static str,
    methods: BTreeMap<Method, Verdict>,
    draft: Option<DraftVerdict>,
    /// The release that the operator of a living cluster is to go on to; of another one it is another question.
    release: Option<&'d str>,
    left: usize,
}

/// Whose standing: kind, origin, namespace, name.
type Key<'d> = (SubjectKind, &'d str, &'d str, &'d str);

/// What became of everything in `old` until `new`.
pub fn since(old: &Document<'_>, new: &Document<'_>) -> Since {
    let (before, after) = (standings(old), standings(new));
    let same = same(&before, &after);
    let mut changes = Vec::new();
    for (key, now) in &after {
        let then = same.get(key).and_then(|key| before.get(key));
        changes.extend(moved(*key, then, Some(now)));
    }
    let still: BTreeSet<&Key<'_>> = same.values().collect();
    for (key, then) in &before {
        if !still.contains(key) {
            changes.extend(moved(*key, Some(then), None));
        }
    }
    let changed = changes.iter().filter(|one| one.change != Change::Gone);
    let unchanged = after.len() - changed.count();
    changes.sort_by(|a, b| order(a).cmp(&order(b)));
    Since {
        now: old.now,
        unchanged,
        changes,
    }
}

/// Who is who: by kind, namespace and name. An origin is called by what it was read from (a context, a bundle, loose files), so
/// it tells things apart only where a name is there more than once, and where the other report knows that origin, too.
fn same<'d>(
    before: &BTreeMap<Key<'d>, Standing<'d>>,
    after: &BTreeMap<Key<'d>, Standing<'d>>,
) -> BTreeMap<Key<'d>, Key<'d>> {
    let origins = |standings: &BTreeMap<Key<'d>, Standing<'d>>| -> BTreeSet<&'d str> {
        let named = standings.keys().map(|(_, origin, _, _)| *origin);
        named.filter(|origin| !origin.is_empty()).collect()
    };
    let (then, now) = (origins(before), origins(after));
    let (old, new) = (namesakes(before), namesakes(after));
    let mut same = BTreeMap::new();
    for (name, here) in &new {
        let there = old.get(name).map_or(&[][..], Vec::as_slice);
        let equal = here.iter().filter(|key| there.contains(key));
        same.extend(equal.map(|key| (*key, *key)));
        if let (&[was], &[is]) = (there, here.as_slice())
            && !now.contains(was.1)
            && !then.contains(is.1)
        {
            same.insert(is, was);
        }
    }
    same
}

/// Everything by kind, namespace and name.
fn namesakes<'d>(
    standings: &BTreeMap<Key<'d>, Standing<'d>>,
) -> BTreeMap<(SubjectKind, &'d str, &'d str), Vec<Key<'d>>> {
    let mut by_name: BTreeMap<_, Vec<Key<'d>>> = BTreeMap::new();
    for key in standings.keys() {
        let (kind, _, namespace, name) = *key;
        by_name
            .entry((kind, namespace, name))
            .or_default()
            .push(*key);
    }
    by_name
}

fn order(moved: &Moved) -> (Change, &str, &str, &str, &str) {
    (
        moved.change,
        &moved.kind,
        &moved.origin,
        &moved.namespace,
        &moved.name,
    )
}

fn moved(key: Key<'_>, then: Option<&Standing<'_>>, now: Option<&Standing<'_>>) -> Option<Moved> {
    let (change, methods) = match (then, now) {
        (Some(then), Some(now)) => (compare(then, now)?, steps(then, now)),
        (None, Some(_)) => (Change::New, BTreeMap::new()),
        (_, None) => (Change::Gone, BTreeMap::new()),
    };
    let (kind, origin, namespace, name) = key;
    let left = |standing: Option<&Standing<'_>>| standing.map_or(0, |standing| standing.left);
    Some(Moved {
        change,
        kind: kind.name().to_owned(),
        origin: origin.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        from: then.map(|then| then.verdict.to_owned()),
        to: now.map(|now| now.verdict.to_owned()),
        methods,
        left: Work {
            from: left(then),
            to: left(now),
        },
    })
}

/// Verdicts decide; what is left to do only where they are the same, and were judged for the same methods.
fn compare(then: &Standing<'_>, now: &Standing<'_>) -> Option<Change> {
    if then.release != now.release {
        return None;
    }
    let steps = steps(then, now);
    let arrived = |one: &Standing<'_>| one.verdict == UPGRADED;
    let worse = steps.values().any(|step| step.to > step.from)
        || now.draft > then.draft
        || (arrived(then) && !arrived(now));
    let better = steps.values().any(|step| step.to < step.from)
        || now.draft < then.draft
        || (!arrived(then) && arrived(now));
    let same_methods = then.methods.keys().eq(now.methods.keys());
    match (worse, better, now.left.cmp(&then.left)) {
        (true, _, _) => Some(Change::Regressed),
        (false, true, _) => Some(Change::Improved),
        (false, false, Ordering::Greater) if same_methods => Some(Change::Regressed),
        (false, false, Ordering::Less) if same_methods => Some(Change::Improved),
        _ => None,
    }
}

fn steps(then: &Standing<'_>, now: &Standing<'_>) -> BTreeMap<Method, Step> {
    let both = then.methods.iter().filter_map(|(method, from)| {
        let to = now.methods.get(method)?;
        (from != to).then_some((
            *method,
            Step {
                from: *from,
                to: *to,
            },
        ))
    });
    both.collect()
}

fn standings<'d>(document: &'d Document<'d>) -> BTreeMap<Key<'d>, Standing<'d>> {
    let by_id = ById::of(document);
    let clusters = document.clusters.iter().map(|cluster| {
        let key = (
            SubjectKind::Cluster,
            &*cluster.origin,
            &*cluster.namespace,
            &*cluster.name,
        );
        (key, of_cluster(cluster, &by_id))
    });
    let drafts = document.drafts.iter().map(|draft| {
        let key = (
            SubjectKind::Draft,
            &*draft.origin,
            &*draft.namespace,
            &*draft.name,
        );
        (key, of_draft(draft, &by_id))
    });
    let living = document.living.iter().filter_map(|living| {
        let key = (
            SubjectKind::Living,
            &*living.origin,
            &*living.namespace,
            &*living.name,
        );
        let upgrade = living.upgrade.as_ref()?;
        Some((key, of_upgrade(&living.origin, upgrade, &by_id)))
    });
    let mut standings: BTreeMap<Key<'_>, Standing<'_>> = BTreeMap::new();
    for (key, standing) in clusters.chain(drafts).chain(living) {
        match standings.entry(key) {
            Entry::Vacant(free) => {
                free.insert(standing);
            }
            Entry::Occupied(mut namesake) => namesake.get_mut().join(standing),
        }
    }
    standings
}

impl Standing<'_> {
    /// Drafts of one name stand as badly as the worst of them, with the work of all.
    fn join(&mut self, other: Self) {
        let left = self.left + other.left;
        if other.draft > self.draft {
            *self = other;
        }
        self.left = left;
    }
}

fn of_cluster<'d>(cluster: &'d Cluster<'_>, by_id: &ById<'_>) -> Standing<'d> {
    let ids = cluster.methods.values().map(|judged| &judged.findings[..]);
    Standing {
        verdict: cluster.verdict.name(),
        methods: cluster
            .methods
            .iter()
            .map(|(method, judged)| (*method, judged.verdict))
            .collect(),
        draft: None,
        release: None,
        left: left(
            &cluster.origin,
            ids,
            by_id,
            cluster.verdict < Verdict::Blocked,
        ),
    }
}

fn of_draft<'d>(draft: &'d Draft<'_>, by_id: &ById<'_>) -> Standing<'d> {
    Standing {
        verdict: draft.verdict.name(),
        methods: BTreeMap::new(),
        draft: Some(draft.verdict),
        release: None,
        left: left(
            &draft.origin,
            std::iter::once(&draft.findings[..]),
            by_id,
            false,
        ),
    }
}

fn of_upgrade<'d>(origin: &str, upgrade: &'d Upgrade<'_>, by_id: &ById<'_>) -> Standing<'d> {
    let methods = upgrade.verdict.map(|verdict| (Method::Upgrade, verdict));
    let ids = std::iter::once(&upgrade.findings[..]);
    Standing {
        verdict: upgrade.verdict.map_or(UPGRADED, Verdict::name),
        methods: methods.into_iter().collect(),
        draft: None,
        release: Some(&upgrade.to),
        left: left(origin, ids, by_id, false),
    }
}

fn left<'i>(
    origin: &str,
    ids: impl Iterator<Item = &'i [Text<'i>]>,
    by_id: &ById<'_>,
    open: bool,
) -> usize {
    let mut weighty: HashMap<&str, bool> = HashMap::new();
    for list in ids {
        for finding in by_id.all(origin, list) {
            weighty.insert(&finding.id, is_work(finding, open));
        }
    }
    weighty.values().filter(|work| **work).count()
}

/// Whether a finding is something to do or to settle, rather than to know. Where a method is open, what rules out
/// another one is not.
fn is_work(finding: &Finding<'_>, open: bool) -> bool {
    let weight = finding.effect.heaviest();
    let elsewhere =
        open && finding.outcome == FindingOutcome::Fires && weight == Some(Weight::Block);
    !finding.suppressed() && !elsewhere && weight >= Some(Weight::Action)
}
