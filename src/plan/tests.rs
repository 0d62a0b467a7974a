//! States of steps, by hand-made steps.

use super::progress::{next, states};
use super::ways::tell_ways_back;
use super::{Plan, Planned, State};
use crate::check::{StepReport, Truth, Way};
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
        restarts_v4: false,
        unseen_by_hand: false,
        run: "".into(),
        wait: "".into(),
        changes: "".into(),
        back: Vec::new(),
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

#[test]
fn a_step_that_starts_v4_again_has_it_stopped_once_more() {
    let mut steps = [
        step("backup", Phase::Prepare, &[], Truth::Yes, Truth::No),
        step("quiet", Phase::Stop, &[], Truth::Yes, Truth::Unshown),
        step("stop", Phase::Stop, &["quiet"], Truth::Yes, Truth::Yes),
        step("apply", Phase::Move, &["stop"], Truth::Yes, Truth::No),
    ];
    // v4 is shut down, and the backup does without starting it.
    assert_eq!(states(&steps)[1..3], [State::Passed, State::Done]);
    steps[0].restarts_v4 = true;
    assert_eq!(states(&steps)[1..3], [State::ByHand, State::Open]);
    // What is done, or not needed, starts nothing.
    steps[0].done = Truth::Yes;
    assert_eq!(states(&steps)[1..3], [State::Passed, State::Done]);
    steps[0].done = Truth::No;
    steps[0].needed = Truth::No;
    assert_eq!(states(&steps)[1..3], [State::Passed, State::Done]);
}

fn way(said: &str, like: Option<&str>) -> Way {
    Way {
        said: said.into(),
        like: like.map(Into::into),
    }
}

/// A plan with steps in these states, each with its way back.
fn plan(steps: Vec<(StepReport, State)>) -> Plan {
    let mut plan = Plan {
        steps: Vec::new(),
        ..super::make::nothing()
    };
    for (at, (step, state)) in steps.into_iter().enumerate() {
        plan.steps.push(Planned {
            number: Some(at + 1),
            state,
            said: None,
            back: String::new(),
            step,
        });
    }
    tell_ways_back(&mut plan);
    plan
}

#[test]
fn a_way_back_that_goes_on_as_that_of_a_done_step_is_told_in_full_once() {
    let with = |id: &str, back: Vec<Way>| StepReport {
        back,
        ..step(id, Phase::Move, &[], Truth::Yes, Truth::No)
    };
    let steps = |states: [State; 4]| {
        let all = vec![
            with("delete", vec![way("make v4 again", None)]),
            with(
                "compare",
                vec![
                    way("delete v5", None),
                    way("Then make v4 again.", Some("delete")),
                ],
            ),
            with("source", vec![way("To v4:", Some("compare"))]),
            with("labels", vec![way("To v4", Some("compare"))]),
        ];
        plan(all.into_iter().zip(states).collect())
    };
    let backs = |plan: &Plan| -> Vec<String> {
        plan.steps
            .iter()
            .map(|planned| planned.back.clone())
            .collect()
    };
    let open = [State::Open; 4];
    assert_eq!(
        backs(&steps(open)),
        [
            "make v4 again",
            "delete v5\nThen make v4 again: as for step 1.",
            "To v4: as for step 2.",
            "To v4: as for step 2."
        ]
    );
    let late = [State::Done, State::Done, State::Open, State::ByHand];
    assert_eq!(
        backs(&steps(late)),
        [
            "",
            "",
            "To v4:\ndelete v5\nThen make v4 again:\nmake v4 again",
            "To v4: as for step 3."
        ]
    );
}

#[test]
fn ways_back_that_lead_to_each_other_come_to_an_end() {
    let with = |id: &str, like: &str| StepReport {
        back: vec![way(id, Some(like))],
        ..step(id, Phase::Move, &[], Truth::Yes, Truth::No)
    };
    let done = |step| (step, State::Done);
    let last = with("c", "a");
    let plan = plan(vec![
        done(with("a", "b")),
        done(with("b", "a")),
        (last, State::Open),
    ]);
    assert_eq!(plan.steps[2].back, "c:\na:\nb.");
}

#[test]
fn while_it_is_open_whether_v4_has_to_be_stopped_nothing_that_comes_after_is_told() {
    let of = |id: &str, phase| step(id, phase, &[], Truth::Yes, Truth::No);
    let plan = plan(vec![
        (of("draft", Phase::Prepare), State::Open),
        (of("follow", Phase::Move), State::Open),
        (of("quiet", Phase::Stop), State::Question),
        (of("stop", Phase::Stop), State::Question),
        (of("delete", Phase::Stop), State::Open),
        (of("apply", Phase::Move), State::Open),
        (of("raise", Phase::Prove), State::Question),
    ]);
    let told = |plan: &Plan| -> Vec<bool> { (0..7).map(|at| plan.tells(at)).collect() };
    let rest = [true, true, false, false, false];
    assert_eq!(told(&plan), [&[true, false], &rest[..]].concat());
    // What v5 does already is looked at.
    let begun = Plan {
        begun: true,
        ..plan
    };
    assert_eq!(told(&begun), [&[true, true], &rest[..]].concat());
}
