//! How far each step of a plan is, and which one is next.

use super::State;
use crate::check::{StepReport, Truth};
use crate::rule::Phase;

/// The state of each step, in their order.
pub(super) fn states(steps: &[StepReport]) -> Vec<State> {
    (0..steps.len()).map(|at| state(steps, at)).collect()
}

/// The first step that is neither done nor behind, and that objects could show.
pub(super) fn next(states: &[State]) -> Option<usize> {
    states
        .iter()
        .position(|state| matches!(state, State::Open | State::Question))
}

fn state(steps: &[StepReport], at: usize) -> State {
    let Some(step) = steps.get(at) else {
        return State::NotNeeded;
    };
    match (&step.needed, &step.done) {
        (Truth::No, _) => State::NotNeeded,
        (_, Truth::Yes) => State::Done,
        (_, done) if is_behind(steps, at, done) => State::Passed,
        (Truth::Unknown(_), _) => State::Question,
        (_, Truth::Unshown) => State::ByHand,
        (_, Truth::Unknown(_)) if step.unseen_by_hand => State::ByHand,
        _ => State::Open,
    }
}

/// Whether a later step that is done leaves this one behind. A preparation for v5 is one until v5 is being made, whatever
/// became of v4 by then; what objects show not to be done, for v4 the same. What nobody can see lies behind what comes
/// after it.
fn is_behind(steps: &[StepReport], at: usize, done: &Truth) -> bool {
    let Some(step) = steps.get(at) else {
        return false;
    };
    let later = steps.iter().skip(at + 1);
    let mut later = later.filter(|later| later.needed != Truth::No && later.done == Truth::Yes);
    later.any(|later| {
        let made = step.phase < Phase::Move && later.phase >= Phase::Move;
        let unseen = *done != Truth::No && step.phase != Phase::Prepare;
        // What is proved, and clients that come in, do not wait for what is cleaned up, nor the other way round.
        let follows = later.phase > step.phase && step.phase < Phase::Prove
            || comes_after(steps, later, step);
        made || unseen && follows
    })
}

/// Whether a step comes after another, directly or over others.
fn comes_after(steps: &[StepReport], later: &StepReport, earlier: &StepReport) -> bool {
    later.after.iter().any(|id| {
        let before = steps.iter().find(|step| step.id == *id);
        *id == earlier.id || before.is_some_and(|before| comes_after(steps, before, earlier))
    })
}
