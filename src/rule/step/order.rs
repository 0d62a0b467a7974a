//! The order of doing: what a step comes after is before it, else by phase, then by id. It is the same for all methods.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::Step;

/// A step that cannot be put in order, and why.
pub(super) struct OutOfOrder {
    pub(super) step: usize,
    pub(super) why: String,
}

/// Steps by their position, in the order of doing.
pub(super) fn order(steps: &[Step]) -> Result<Vec<usize>, Vec<OutOfOrder>> {
    let numbers: BTreeMap<&str, usize> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| (&*step.id, at))
        .collect();
    let wrong = misplaced(steps, &numbers);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let number = |id: &Arc<str>| numbers.get(&**id).copied();
    let after = steps.iter().map(|step| step.after.iter());
    let after: Vec<Vec<usize>> = after.map(|ids| ids.filter_map(number).collect()).collect();
    let mut waits: Vec<usize> = after.iter().map(Vec::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (at, befores) in after.iter().enumerate() {
        for before in befores {
            if let Some(followers) = followers.get_mut(*before) {
                followers.push(at);
            }
        }
    }
    let mut ordered = Vec::with_capacity(steps.len());
    let key = |at: usize| steps.get(at).map(|step| (step.phase, &*step.id, at));
    let free = (0..steps.len()).filter(|at| waits.get(*at) == Some(&0));
    let mut free: BTreeSet<_> = free.filter_map(key).collect();
    while let Some((_, _, next)) = free.pop_first() {
        ordered.push(next);
        for at in followers.get(next).into_iter().flatten() {
            let Some(waits) = waits.get_mut(*at) else {
                continue;
            };
            *waits -= 1;
            if *waits == 0 {
                free.extend(key(*at));
            }
        }
    }
    if ordered.len() == steps.len() {
        return Ok(ordered);
    }
    Err(circle(&after)
        .map(|circle| waiting(steps, &circle))
        .into_iter()
        .collect())
}

/// Steps that wait for each other, told of the one that was loaded last: what was added closes the circle.
fn waiting(steps: &[Step], circle: &[usize]) -> OutOfOrder {
    let first = circle.first().copied().unwrap_or_default();
    let all = circle.iter().chain([&first]);
    let names: Vec<&str> = all.filter_map(|at| Some(&*steps.get(*at)?.id)).collect();
    OutOfOrder {
        step: first,
        why: format!(
            "after: these steps wait for each other: {}",
            names.join(" after ")
        ),
    }
}

/// The shortest way from a step over those that it comes after back to it; of the last step that has one.
fn circle(after: &[Vec<usize>]) -> Option<Vec<usize>> {
    let back_to = |start: usize| -> Option<Vec<usize>> {
        let mut ways: VecDeque<Vec<usize>> = VecDeque::from([vec![start]]);
        let mut seen = vec![false; after.len()];
        while let Some(way) = ways.pop_front() {
            for before in way
                .last()
                .and_then(|at| after.get(*at))
                .into_iter()
                .flatten()
            {
                if *before == start {
                    return Some(way);
                }
                if let Some(seen) = seen.get_mut(*before).filter(|seen| !**seen) {
                    *seen = true;
                    ways.push_back([way.as_slice(), &[*before]].concat());
                }
            }
        }
        None
    };
    (0..after.len()).rev().find_map(back_to)
}

fn misplaced(steps: &[Step], numbers: &BTreeMap<&str, usize>) -> Vec<OutOfOrder> {
    let mut wrong = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        for before in &step.after {
            let found = numbers.get(&**before).and_then(|at| steps.get(*at));
            let why = match found {
                None => format!("after: there is no step `{before}`"),
                Some(_) => continue,
            };
            wrong.push(OutOfOrder { step: at, why });
        }
    }
    wrong
}
