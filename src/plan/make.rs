//! The plans of a report.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::choice::{Choice, choose, verdict};
use super::progress::{next, states};
use super::siblings::{Siblings, siblings};
use super::ways::tell_ways_back;
use super::{Held, Plan, Planned, State, open_stop};
use crate::check::{
    CLEAN, CourseReport, FAILED, Finding, FindingOutcome, Report, UNDECIDED, Verdict,
};
use crate::rule::{Method, Scope, Weight};

/// A plan for each cluster that is wanted, in the order of the report.
pub fn plans(report: &Report, wanted: &dyn Fn(&CourseReport) -> bool) -> Vec<Plan> {
    let mut groups: BTreeMap<Who<'_>, Vec<&CourseReport>> = BTreeMap::new();
    for course in report.courses.iter().filter(|course| wanted(course)) {
        groups.entry(who(course)).or_default().push(course);
    }
    let mut plans: Vec<Plan> = groups
        .values()
        .map(|courses| plan(report, courses))
        .collect();
    say_once(report, &mut plans);
    for plan in &mut plans {
        tell_ways_back(plan);
    }
    plans
}

/// Whose course it is: `upgrade` is a way of its own.
type Who<'r> = (&'r str, &'r str, &'r str, bool);

fn who(course: &CourseReport) -> Who<'_> {
    let upgrade = course.method == Method::Upgrade;
    (&course.origin, &course.namespace, &course.name, upgrade)
}

/// 0 printed, 1 a method is blocked or what is there contradicts the plan, 3 questions are open or there is nothing to plan.
pub fn exit_code(plans: &[Plan], report: &Report) -> u8 {
    let shut = |plan: &Plan| plan.is_shut() || !plan.stops.is_empty() || plan.held == Held::Blocked;
    let unread = report.skipped.iter().any(|skipped| skipped.counts);
    if plans.iter().any(shut) {
        FAILED
    } else if plans.is_empty() || unread || plans.iter().any(Plan::has_questions) {
        UNDECIDED
    } else {
        CLEAN
    }
}

fn plan(report: &Report, courses: &[&CourseReport]) -> Plan {
    let choices: Vec<Choice> = courses
        .iter()
        .map(|course| choice(report, course))
        .collect();
    let (position, why) = choose(courses, &choices);
    let first = courses.get(position).or(courses.first());
    let Some(course) = first else {
        return nothing();
    };
    let elsewhere = course
        .under_way
        .is_some_and(|one| one.shown && one.method != course.method);
    let verdict = if elsewhere {
        Verdict::Blocked
    } else {
        verdict(report, course)
    };
    let begun = course.under_way.is_some() && !elsewhere;
    let of = |outcome, weight| -> Vec<usize> {
        let found = findings_of(report, course);
        found
            .filter(|(_, finding)| finding.counts() && finding.outcome == outcome)
            .filter(|(_, finding)| finding.effect.on(course.method) == Some(weight))
            .map(|(index, _)| index)
            .collect()
    };
    let shut = !begun && verdict == Verdict::Blocked;
    let open = !begun && verdict == Verdict::Unknown;
    let blocks = if shut && !elsewhere {
        of(FindingOutcome::Fires, Weight::Block)
    } else {
        Vec::new()
    };
    let undecided = if open {
        of(FindingOutcome::Unknown, Weight::Block)
    } else {
        Vec::new()
    };
    let others = match course.method {
        Method::Upgrade if !shut => siblings(report, course),
        _ => Siblings::default(),
    };
    let steps = if shut { Vec::new() } else { planned(course) };
    let why = [Some(why), others.words(), untold(&steps)];
    let why: Vec<String> = why.into_iter().flatten().collect();
    let states: Vec<State> = steps.iter().map(|planned| planned.state).collect();
    Plan {
        origin: course.origin.clone(),
        namespace: course.namespace.clone(),
        name: course.name.clone(),
        method: course.method,
        verdict,
        why: why.join(". "),
        choices,
        begun,
        elsewhere,
        v4: course.v4.clone(),
        stage: course.stage.clone(),
        blocks,
        undecided,
        held: match (others.blocked.is_empty(), others.hold()) {
            (false, _) => Held::Blocked,
            (true, true) => Held::Unknown,
            (true, false) => Held::No,
        },
        stops: course.stops.clone(),
        unanswered: if begun || shut {
            Vec::new()
        } else {
            unanswered(report, course)
        },
        next: next(&states),
        steps,
    }
}

/// That nothing is told yet of what moves anything, while it is not known whether v4 has to be stopped.
fn untold(steps: &[Planned]) -> Option<String> {
    let open = open_stop(steps)?;
    let number = steps.get(open)?.number?;
    Some(format!(
        "What comes after the preparations is told once it is known whether step {number} is needed"
    ))
}

/// A plan of nothing.
pub(super) fn nothing() -> Plan {
    Plan {
        origin: String::new(),
        namespace: String::new(),
        name: String::new(),
        method: Method::Volumes,
        verdict: Verdict::Unknown,
        why: String::new(),
        choices: Vec::new(),
        begun: false,
        elsewhere: false,
        v4: String::new(),
        stage: String::new(),
        blocks: Vec::new(),
        undecided: Vec::new(),
        held: Held::No,
        stops: Vec::new(),
        unanswered: Vec::new(),
        steps: Vec::new(),
        next: None,
    }
}

fn choice(report: &Report, course: &CourseReport) -> Choice {
    let weighs = |finding: &Finding| finding.effect.on(course.method) == Some(Weight::Action);
    let found = findings_of(report, course);
    let left = found.filter(|(_, finding)| finding.counts() && weighs(finding));
    Choice {
        method: course.method,
        variant: course.variant.clone(),
        verdict: verdict(report, course),
        preparations: left.count(),
    }
}

/// What bears on the method of a course.
fn findings_of<'r>(
    report: &'r Report,
    course: &CourseReport,
) -> impl Iterator<Item = (usize, &'r Finding)> {
    let indices = course.about.iter();
    indices.filter_map(|index| Some((*index, report.findings.get(*index)?)))
}

fn unanswered(report: &Report, course: &CourseReport) -> Vec<usize> {
    let is_answered = |rule: &Arc<str>| {
        let mut steps = course.steps.iter();
        steps.any(|step| step.answers.contains(rule))
    };
    findings_of(report, course)
        .filter(|(_, finding)| finding.counts() && !is_answered(&finding.rule))
        .filter(|(_, finding)| finding.effect.on(course.method) == Some(Weight::Action))
        .map(|(index, _)| index)
        .collect()
}

fn planned(course: &CourseReport) -> Vec<Planned> {
    let states = states(&course.steps);
    let mut numbers = 1..;
    let steps = course.steps.iter().zip(states);
    steps
        .map(|(step, state)| Planned {
            number: if state == State::NotNeeded {
                None
            } else {
                numbers.next()
            },
            state,
            said: None,
            back: String::new(),
            step: step.clone(),
        })
        .collect()
}

/// What clusters of a namespace, or of an installation, share is said in the first plan that has it.
fn say_once(report: &Report, plans: &mut [Plan]) {
    let mut said: BTreeMap<(String, String, Arc<str>, String), String> = BTreeMap::new();
    for plan in plans {
        let label = plan.label();
        for planned in &mut plan.steps {
            let namespace = match planned.step.scope {
                Scope::Cluster => continue,
                Scope::Namespace => plan.namespace.clone(),
                Scope::Installation => String::new(),
            };
            if planned.state == State::NotNeeded {
                continue;
            }
            let what = match plan.method {
                Method::Upgrade => to_do(report, planned),
                _ => String::new(),
            };
            let id = Arc::clone(&planned.step.id);
            let key = (plan.origin.clone(), namespace, id, what);
            match said.get(&key) {
                Some(first) => planned.said = Some(first.clone()),
                None => {
                    said.insert(key, label.clone());
                }
            }
        }
    }
}

/// What a step comes to: of two operators, each has commands of its own.
fn to_do(report: &Report, planned: &Planned) -> String {
    let step = &planned.step;
    let found = step
        .findings
        .iter()
        .filter_map(|at| report.findings.get(*at));
    let messages = found.map(|one| &*one.message);
    let texts = [&*step.run, &*step.wait].into_iter().chain(messages);
    texts.collect::<Vec<_>>().join("\n")
}
