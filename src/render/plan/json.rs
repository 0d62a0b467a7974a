//! Plans as data.

use serde_json::{Value as Json, json};

use super::words::EvidenceAge;
use crate::check::{Report, StepReport, Truth};
use crate::plan::{Plan, Planned, about};
use crate::rule::Downtime;

/// A document with plans alone, in the shape of the JSON report's `plans`.
pub fn plan_json(report: &Report, plans: &[Plan], age: EvidenceAge, code: u8) -> Json {
    json!({
        "version": 2,
        "now": report.now.to_string(),
        "evidence": {"taken": age.taken.map(|taken| taken.to_string())},
        "exit": code,
        "plans": plan_values(report, plans),
    })
}

/// The plans.
pub fn plan_values(report: &Report, plans: &[Plan]) -> Vec<Json> {
    plans.iter().map(|plan| value(report, plan)).collect()
}

fn value(report: &Report, plan: &Plan) -> Json {
    let ids = |indices: &[usize]| -> Vec<String> {
        let found = indices
            .iter()
            .filter_map(|index| report.findings.get(*index));
        found.map(|finding| finding.id.to_string()).collect()
    };
    let choices: Vec<Json> = plan
        .choices
        .iter()
        .map(|choice| {
            let about = about(choice.method);
            json!({
                "method": choice.method.name(),
                "verdict": choice.verdict.name(),
                "preparations": choice.preparations,
                "downtime": about.downtime,
                "storage": about.storage,
                "back": about.back,
                "lost": about.lost,
            })
        })
        .collect();
    json!({
        "origin": plan.origin,
        "namespace": plan.namespace,
        "name": plan.name,
        "method": plan.method.name(),
        "verdict": plan.verdict.name(),
        "why": plan.why,
        "choices": choices,
        "begun": plan.begun,
        "v4": plan.v4,
        "stage": plan.stage,
        "blocks": ids(&plan.blocks),
        "undecided": ids(&plan.undecided),
        "stops": ids(&plan.stops),
        "unanswered": ids(&plan.unanswered),
        "next": plan.next.and_then(|at| plan.steps.get(at)).map(|planned| planned.step.id.to_string()),
        "steps": plan.steps.iter().map(|planned| step(planned, &ids)).collect::<Vec<_>>(),
    })
}

fn step(planned: &Planned, ids: &dyn Fn(&[usize]) -> Vec<String>) -> Json {
    let step = &planned.step;
    let commands = if super::words::shows_commands(planned) {
        lines(&step.run)
    } else {
        Vec::new()
    };
    json!({
        "id": &*step.id,
        "number": planned.number,
        "title": step.title,
        "phase": step.phase.name(),
        "scope": step.scope.name(),
        "state": planned.state.name(),
        "said": planned.said,
        "needed": truth(&step.needed),
        "done": truth(&step.done),
        "run": commands,
        "wait": lines(&step.wait),
        "changes": &*step.changes,
        "back": &*step.back,
        "never": step.never.iter().map(|one| &**one).collect::<Vec<_>>(),
        "noReturn": &*step.no_return,
        "downtime": step.downtime.map(|edge| match edge {
            Downtime::Begins => "begins",
            Downtime::Ends => "ends",
        }),
        "answers": step.answers.iter().map(|rule| &**rule).collect::<Vec<_>>(),
        "findings": ids(&step.findings),
        "questions": questions(step),
        "source": step.source,
    })
}

fn truth(truth: &Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown(_) => "unknown",
        Truth::Unshown => "unshown",
    }
}

fn questions(step: &StepReport) -> Vec<Json> {
    let open = |truth| match truth {
        &Truth::Unknown(ref gaps) => gaps.to_vec(),
        _ => Vec::new(),
    };
    let mut gaps = open(&step.needed);
    gaps.extend(open(&step.done));
    gaps.extend(step.missing.iter().cloned());
    gaps.dedup();
    let value = |gap: &crate::manifest::Gap| json!({"missing": gap.missing, "because": gap.because, "ask": gap.ask});
    gaps.iter().map(value).collect()
}

/// The commands without what sets them in.
fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect()
}
