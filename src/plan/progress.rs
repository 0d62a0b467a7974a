//! How far each step of a plan is, and which one is next.

use super::State;
use crate::check::{StepReport, Truth};
use crate::rule::Phase;

/// The state of each step, in their order. Where a step that is to be done starts v4 again, what stops it is to be done once
/// more, whatever objects show now.
pub(super) fn states(steps: &[StepReport]) -> Vec<State> {
    let states = |again| -> Vec<State> {
        let course = Seen { steps, again };
        (0..steps.len()).map(|at| course.state(at)).collect()
    };
    let now = states(None);
    let mut pairs = steps.iter().zip(&now);
    let again = pairs
        .position(|(step, state)| step.restarts_v4 && matches!(state, State::Open | State::ByHand));
    match again {
        Some(_) => states(again),
        None => now,
    }
}

/// The first step that is neither done nor behind, and that objects could show.
pub(super) fn next(states: &[State]) -> Option<usize> {
    states
        .iter()
        .position(|state| matches!(state, State::Open | State::Question))
}

/// Steps as they are seen.
struct Seen<'s> {
    steps: &'s [StepReport],
    /// The step that starts v4 again.
    again: Option<usize>,
}

impl Seen<'_> {
    fn state(&self, at: usize) -> State {
        let Some(step) = self.steps.get(at) else {
            return State::NotNeeded;
        };
        let done = self.done(at, step);
        match (&step.needed, done) {
            (Truth::No, _) => State::NotNeeded,
            (_, Truth::Yes) => State::Done,
            (_, done) if self.is_behind(at, step, done) => State::Passed,
            (Truth::Unknown(_), _) => State::Question,
            (_, Truth::Unshown) => State::ByHand,
            (_, Truth::Unknown(_)) if step.unseen_by_hand => State::ByHand,
            _ => State::Open,
        }
    }

    /// Whether a step is done, as far as that lasts.
    fn done<'s>(&self, at: usize, step: &'s StepReport) -> &'s Truth {
        let undone = self.again.is_some_and(|again| at > again) && step.phase == Phase::Stop;
        if undone && step.done == Truth::Yes {
            &Truth::No
        } else {
            &step.done
        }
    }

    /// Whether a later step that is done leaves this one behind. A preparation for v5 is one until v5 is being made, whatever
    /// became of v4 by then; what objects show not to be done, for v4 the same. What nobody can see lies behind what comes
    /// after it.
    fn is_behind(&self, at: usize, step: &StepReport, done: &Truth) -> bool {
        let later = self.steps.iter().enumerate().skip(at + 1);
        let mut later = later
            .filter(|(at, later)| later.needed != Truth::No && *self.done(*at, later) == Truth::Yes)
            .map(|(_, later)| later);
        later.any(|later| {
            let made = step.phase < Phase::Move && later.phase >= Phase::Move;
            let unseen = *done != Truth::No && step.phase != Phase::Prepare;
            // What is proved, and clients that come in, do not wait for what is cleaned up, nor the other way round.
            let follows = later.phase > step.phase && step.phase < Phase::Prove
                || comes_after(self.steps, later, step);
            made || unseen && follows
        })
    }
}

/// Whether a step comes after another, directly or over others.
fn comes_after(steps: &[StepReport], later: &StepReport, earlier: &StepReport) -> bool {
    later.after.iter().any(|id| {
        let before = steps.iter().find(|step| step.id == *id);
        *id == earlier.id || before.is_some_and(|before| comes_after(steps, before, earlier))
    })
}
