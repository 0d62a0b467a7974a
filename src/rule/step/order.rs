//! The order of doing: what a step comes after is before it, else by phase, then by id. It is the same for all methods.

use std::collections::BTreeMap;
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
    let mut ordered = Vec::with_capacity(steps.len());
    let mut taken = vec![false; steps.len()];
    loop {
        let free = |at: &usize| {
            let waiting = waits.get(*at).is_some_and(|waits| *waits > 0);
            !waiting && !taken.get(*at).is_some_and(|taken| *taken)
        };
        let key = |at: &usize| steps.get(*at).map(|step| (step.phase, &*step.id));
        let Some(next) = (0..steps.len()).filter(free).min_by_key(key) else {
            break;
        };
        ordered.push(next);
        if let Some(slot) = taken.get_mut(next) {
            *slot = true;
        }
        for (after, waits) in after.iter().zip(&mut waits) {
            *waits -= after.iter().filter(|before| **before == next).count();
        }
    }
    let left = (0..steps.len()).filter(|at| !taken.get(*at).is_some_and(|taken| *taken));
    let left: Vec<usize> = left.collect();
    if left.is_empty() {
        return Ok(ordered);
    }
    let names: Vec<&str> = left
        .iter()
        .filter_map(|at| Some(&*steps.get(*at)?.id))
        .collect();
    let why = format!("these steps wait for each other: {}", names.join(", "));
    Err(left
        .into_iter()
        .map(|step| OutOfOrder {
            step,
            why: why.clone(),
        })
        .collect())
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
