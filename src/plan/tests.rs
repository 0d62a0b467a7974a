//! States of steps, by hand-made steps.

use super::State;
use super::progress::{next, states};
use crate::check::{StepReport, Truth};
use crate::rule::{Phase, Scope};

fn step(id: &str, phase: Phase, after: &[&str], needed: Truth, done: Truth) -> StepReport {
    StepReport {
        id: id.into(),
        title: String::new(),
        phase,
        scope: Scope::Cluster,
        after: after.iter().map(|id| (*id).into()).collect(),
        downtime: None,
        needed,
        done,
        unseen_by_hand: false,
        run: "".into(),
        wait: "".into(),
        changes: "".into(),
        back: "".into(),
        never: Vec::new(),
        no_return: "".into(),
        missing: [].into(),
        answers: Vec::new(),
        findings: Vec::new(),
        source: String::new(),
    }
}

fn unknown() -> Truth {
    Truth::Unknown([].into())
}

#[test]
fn what_nobody_can_see_lies_behind_what_comes_after_it() {
    let steps = [
        step("quiet", Phase::Stop, &[], Truth::Yes, Truth::Unshown),
        step("stop", Phase::Stop, &["quiet"], Truth::Yes, Truth::Yes),
    ];
    assert_eq!(states(&steps), [State::Passed, State::Done]);
}

#[test]
fn a_preparation_nobody_can_see_is_not_behind_because_v4_is_stopped() {
    let mut steps = [
        step("secrets", Phase::Prepare, &[], Truth::Yes, Truth::Unshown),
        step("stop", Phase::Stop, &["secrets"], Truth::Yes, Truth::Yes),
        step("apply", Phase::Move, &["stop"], Truth::Yes, Truth::No),
    ];
    assert_eq!(states(&steps), [State::ByHand, State::Done, State::Open]);
    steps[2].done = Truth::Yes;
    assert_eq!(states(&steps)[0], State::Passed);
}

#[test]
fn what_is_seen_not_to_be_done_stays_open_until_v5_is_made() {
    let mut steps = [
        step("scale", Phase::Prepare, &[], Truth::Yes, Truth::No),
        step("stop", Phase::Stop, &[], Truth::Yes, Truth::Yes),
        step("apply", Phase::Move, &[], Truth::Yes, Truth::No),
    ];
    assert_eq!(next(&states(&steps)), Some(0));
    steps[2].done = Truth::Yes;
    assert_eq!(states(&steps)[0], State::Passed);
}

#[test]
fn a_question_is_next_until_it_is_settled() {
    let steps = [
        step("maybe", Phase::Prepare, &[], unknown(), unknown()),
        step("stop", Phase::Stop, &[], Truth::Yes, Truth::No),
    ];
    let states = states(&steps);
    assert_eq!((states[0], next(&states)), (State::Question, Some(0)));
}

#[test]
fn what_comes_before_a_done_step_of_the_same_phase_lies_behind() {
    let steps = [
        step("first", Phase::Move, &[], Truth::Yes, Truth::Unshown),
        step("second", Phase::Move, &["first"], Truth::Yes, Truth::Yes),
        step("third", Phase::Move, &["second"], Truth::No, Truth::No),
    ];
    assert_eq!(
        states(&steps),
        [State::Passed, State::Done, State::NotNeeded]
    );
}

#[test]
fn what_the_input_need_not_show_is_ticked_by_hand_and_not_waited_for() {
    let mut secrets = step("secrets", Phase::Prepare, &[], Truth::Yes, unknown());
    let next_step = || step("stop", Phase::Stop, &["secrets"], Truth::Yes, Truth::No);
    let before = states(&[secrets.clone(), next_step()]);
    assert_eq!(before, [State::Open, State::Open]);
    secrets.unseen_by_hand = true;
    let by_hand = states(&[secrets.clone(), next_step()]);
    assert_eq!(by_hand, [State::ByHand, State::Open]);
    assert_eq!(next(&by_hand), Some(1));
    secrets.done = Truth::No;
    assert_eq!(next(&states(&[secrets, next_step()])), Some(0));
}
