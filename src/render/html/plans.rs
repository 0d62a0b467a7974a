//! Plans as checklists to print: why this way, the steps of one cluster and method, phase by phase, each with its box.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::check::FindingOutcome;
use crate::render::asks::{Run, Then};
use crate::render::document::{Cluster, Document, Finding, Plan, PlanStep, StepState, title};
use crate::render::plan::{Settling, phase, said_beside};
use crate::render::text::prose::{Block, blocks};

/// A plan.
pub(super) struct PlanView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) method: &'static str,
    /// How far one is, and how old what shows it.
    pub(super) standing: Vec<Block>,
    pub(super) why: Vec<Block>,
    /// The move is under way.
    pub(super) begun: bool,
    /// The methods there are to choose from; empty once one is under way.
    pub(super) choices: Vec<ChoiceView>,
    /// What contradicts that the move goes on, and what to do.
    pub(super) stops: Vec<ClearView>,
    /// What keeps the method shut, and what to do.
    pub(super) shut: Vec<ClearView>,
    /// Whether it is not known yet that the method is open.
    pub(super) undecided: bool,
    /// What settles that, and what the steps leave open.
    pub(super) open: AsksView,
    /// How far one is.
    pub(super) done: usize,
    pub(super) all: usize,
    pub(super) phases: Vec<PhaseView>,
    /// The next step, or what comes before any.
    pub(super) next: String,
    /// What must not be run, each with the step from which on.
    pub(super) never: Vec<(u64, String)>,
}

/// Something that has to be cleared first.
pub(super) struct ClearView {
    pub(super) message: String,
    pub(super) fix: Vec<Block>,
}

/// What settles questions, and what to do with what the commands print.
pub(super) struct AsksView {
    pub(super) lines: Vec<String>,
    pub(super) then: Vec<Block>,
}

impl AsksView {
    fn of(settling: &Settling, run: Option<&Run>) -> Self {
        let settled = settling.told(run, None);
        let Then {
            first,
            command,
            notes,
        } = settled.then;
        let command = command.map(|line| format!("    {line}"));
        let notes = (!notes.is_empty()).then(|| notes.join(" "));
        let parts = std::iter::once(first).chain(command).chain(notes);
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        AsksView {
            lines: settled.lines,
            then: blocks(&parts.join("\n\n")),
        }
    }
}

/// A row of the table of methods.
pub(super) struct ChoiceView {
    pub(super) method: String,
    pub(super) verdict: String,
    pub(super) cells: Vec<String>,
}

/// The steps of a phase.
pub(super) struct PhaseView {
    pub(super) name: &'static str,
    pub(super) steps: Vec<StepView>,
}

/// A step.
pub(super) struct StepView {
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) done: bool,
    pub(super) state: &'static str,
    pub(super) class: &'static str,
    /// "begins" or "ends" where it is an edge of the time in which clients are offline.
    pub(super) downtime: String,
    pub(super) run: Vec<Block>,
    pub(super) wait: Vec<Block>,
    pub(super) back: Vec<Block>,
    pub(super) changes: String,
    /// Who ticks it, where nothing shows that it is done.
    pub(super) beside: String,
    /// What cannot be undone from here on, how old the evidence is, and what is still open.
    pub(super) no_return: String,
    /// Whether what is asked for before all steps tells how far it is.
    pub(super) asks: bool,
    /// Why it is to be done.
    pub(super) reasons: Vec<ClearView>,
}

/// In place of a verdict.
pub(super) const UNDER_WAY: &str = "under way";

/// The clusters whose move is under way, by their plans.
pub(super) struct Begun<'d>(HashSet<[&'d str; 3]>);

impl<'d> Begun<'d> {
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let begun = document.plans.iter().filter(|plan| began(plan));
        Begun(
            begun
                .map(|plan| [&*plan.origin, &*plan.namespace, &*plan.name])
                .collect(),
        )
    }

    pub(super) fn has(&self, cluster: &Cluster<'_>) -> bool {
        self.0
            .contains(&[&*cluster.origin, &*cluster.namespace, &*cluster.name])
    }
}

fn began(plan: &Plan<'_>) -> bool {
    plan.further.get("begun") == Some(&Json::Bool(true))
}

/// Findings by their ids, of whatever origin: a plan names those of v4 and of v5.
type ById<'d, 'f> = HashMap<&'d str, Vec<&'d Finding<'f>>>;

/// All plans of a report.
pub(super) fn plans(document: &Document<'_>) -> Vec<PlanView> {
    let mut by_id: ById<'_, '_> = HashMap::new();
    for finding in &document.findings {
        by_id.entry(&finding.id).or_default().push(finding);
    }
    let run = Run::of(document);
    let plans = document.plans.iter().enumerate();
    plans
        .map(|(index, plan)| PlanView::of(index, plan, &by_id, run.as_ref()))
        .collect()
}

impl PlanView {
    fn of(index: usize, plan: &Plan<'_>, by_id: &ById<'_, '_>, run: Option<&Run>) -> Self {
        let mut phases: Vec<PhaseView> = Vec::new();
        let mut never: Vec<(u64, String)> = Vec::new();
        for (at, step) in plan.steps.iter().enumerate() {
            let name = phase(plan.method, step.phase);
            let view = StepView::of((at + 1, plan), step, by_id);
            for command in &step.never {
                if !never.iter().any(|(_, said)| *said == **command) {
                    never.push((view.number, command.to_string()));
                }
            }
            match phases.last_mut() {
                Some(phase) if phase.name == name => phase.steps.push(view),
                _ => phases.push(PhaseView {
                    name,
                    steps: vec![view],
                }),
            }
        }
        let done = |step: &&PlanStep<'_>| step.state == StepState::Done;
        let begun = began(plan);
        let choices = plan.further.get("choices").and_then(Json::as_array);
        let stops = messages(by_id, plan.further.get("stops"));
        let shut = messages(by_id, plan.further.get("blocks"));
        PlanView {
            next: next(plan, !stops.is_empty(), !shut.is_empty()),
            id: format!("p{index}"),
            title: title(&plan.origin, &plan.namespace, &plan.name),
            method: plan.method.name(),
            begun,
            standing: standing(plan),
            why: why(&said(plan.further.get("why"))),
            choices: choices
                .filter(|choices| !begun && choices.len() > 1)
                .into_iter()
                .flatten()
                .map(choice)
                .collect(),
            stops,
            shut,
            undecided: named(by_id, plan.further.get("undecided")).next().is_some(),
            open: {
                let open = || named(by_id, plan.further.get("undecided"));
                let asks = open().flat_map(|finding| finding.gaps.iter().map(|gap| &*gap.ask));
                let rules = open().map(|finding| &*finding.rule);
                let steps = plan.steps.iter().flat_map(|step| &step.asks);
                let asks = asks.chain(steps.map(|ask| &**ask));
                AsksView::of(&Settling::of(asks).answering(rules), run)
            },
            done: plan.steps.iter().filter(done).count(),
            all: plan.steps.len(),
            phases,
            never,
        }
    }
}

/// What to do next: nothing where the plan is contradicted or shut, which is cleared first.
fn next(plan: &Plan<'_>, stopped: bool, shut: bool) -> String {
    if shut {
        return "blocked".to_owned();
    }
    if stopped {
        return "stop, and clear what contradicts the plan".to_owned();
    }
    let open = |step: &&PlanStep<'_>| step.state != StepState::Done;
    let first = plan
        .steps
        .iter()
        .find(|step| step.state == StepState::Next)
        .or_else(|| plan.steps.iter().find(open));
    first.map_or_else(
        || "nothing is left".to_owned(),
        |step| step.title.to_string(),
    )
}

fn said(value: Option<&Json>) -> String {
    value.and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn choice(choice: &Json) -> ChoiceView {
    let columns = ["how", "downtime", "storage", "back", "lost"];
    ChoiceView {
        method: said(choice.get("method")),
        verdict: said(choice.get("verdict")),
        cells: columns.map(|key| said(choice.get(key))).into(),
    }
}

/// How far one is, and how old the evidence is that says so.
fn standing(plan: &Plan<'_>) -> Vec<Block> {
    let (standing, evidence) = ["standing", "evidence"]
        .map(|key| said(plan.further.get(key)))
        .into();
    if standing.is_empty() || evidence.is_empty() {
        return why(&standing);
    }
    blocks(&format!("{standing}. The evidence is {evidence}."))
}

/// What is to be known before a point of no return is passed.
fn no_return(plan: &Plan<'_>, step: &PlanStep<'_>) -> String {
    if step.no_return.is_empty() {
        return String::new();
    }
    let mut all = format!("{} ", step.no_return);
    let evidence = said(plan.further.get("evidence"));
    if !evidence.is_empty() {
        all.push_str(&format!("The evidence is {evidence}: collect again and run pgo-preflight plan again before this step. "));
    }
    all.push_str(&said(step.further.get("openBefore")));
    all.trim_end().to_owned()
}

/// A sentence.
fn why(text: &str) -> Vec<Block> {
    if text.is_empty() {
        return Vec::new();
    }
    blocks(&format!("{text}."))
}

/// What the findings of these ids say.
fn messages(by_id: &ById<'_, '_>, ids: Option<&Json>) -> Vec<ClearView> {
    let view = |one: &Finding<'_>| ClearView {
        message: one.message.to_string(),
        fix: blocks(&one.fix),
    };
    named(by_id, ids).map(view).collect()
}

/// The findings of these ids.
fn named<'v, 'd, 'f>(
    by_id: &'v ById<'d, 'f>,
    ids: Option<&'v Json>,
) -> impl Iterator<Item = &'d Finding<'f>> {
    let ids = ids.and_then(Json::as_array).into_iter().flatten();
    let ids = ids.filter_map(Json::as_str);
    ids.filter_map(|id| by_id.get(id)).flatten().copied()
}

/// What was found that a step with commands answers, and the prose of what the rules say to it: one without commands of its
/// own has all of that in place of them.
fn reasons(by_id: &ById<'_, '_>, step: &PlanStep<'_>) -> Vec<ClearView> {
    let own = |one: &&Finding<'_>| {
        one.outcome == FindingOutcome::Fires && !step.run.contains(&*one.message)
    };
    let view = |one: &Finding<'_>| ClearView {
        message: one.message.to_string(),
        fix: blocks(&said_beside(&one.fix, &step.run)),
    };
    if step.run.is_empty() {
        return Vec::new();
    }
    let found = named(by_id, step.further.get("findings"));
    found.filter(own).map(view).collect()
}

impl StepView {
    fn of((place, plan): (usize, &Plan<'_>), step: &PlanStep<'_>, by_id: &ById<'_, '_>) -> Self {
        let number = step.further.get("number").and_then(Json::as_u64);
        StepView {
            number: number.unwrap_or(place as u64),
            title: step.title.to_string(),
            done: step.state == StepState::Done,
            state: step.state.name(),
            class: match step.state {
                StepState::Done => "ready",
                StepState::Next => "action",
                StepState::Later => "",
                StepState::Unknown => "unknown",
            },
            downtime: said(step.further.get("downtime")),
            run: blocks(&step.run),
            wait: blocks(&step.wait),
            back: blocks(&step.back),
            changes: step.changes.to_string(),
            beside: said(step.further.get("beside")),
            no_return: no_return(plan, step),
            asks: !step.asks.is_empty(),
            reasons: reasons(by_id, step),
        }
    }
}
