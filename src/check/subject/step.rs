//! One step for one subject: whether it is needed, whether it is done, and its texts with the subject's own names.

use std::sync::Arc;

use crate::check::judge::remedy;
use crate::check::report::course::{StepReport, Truth, Way};
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::expr::{Expr, ExprError, Lookup, Missing, Outcome, Template};
use crate::fact::course::NO_V5;
use crate::manifest::{Gap, Gaps};
use crate::rule::{Case, Step};

/// What a judged step is made from.
pub(in crate::check) struct Judging<'j> {
    /// The subject's names.
    pub(in crate::check) lookup: &'j dyn Lookup,
    /// Everything that was found.
    pub(in crate::check) findings: &'j [Finding],
    /// The positions of what was found about the subject.
    pub(in crate::check) about: &'j [usize],
}

impl Judging<'_> {
    /// Judges a step; what a step itself is at fault for is told.
    pub(in crate::check) fn judge(&self, step: &Step, bugs: &mut Vec<String>) -> StepReport {
        let answered = self.answered(step);
        let by_rules = self.of_rules(&answered);
        let decide = |expr: Option<Result<&Expr, &ExprError>>, bugs: &mut Vec<String>| {
            expr.map(|expr| self.truth(step, expr, bugs))
        };
        let needed = decide(step.needed(), bugs);
        let done = decide(step.done(), bugs);
        let derives = !step.answers.is_empty() && done.is_none();
        // Where both say it, both have to be so.
        let needed = match (needed, derives) {
            (None, false) => Truth::Yes,
            (Some(Truth::No), _) => Truth::No,
            (None | Some(Truth::Yes), true) => by_rules.clone(),
            (Some(_), true) if by_rules == Truth::No => Truth::No,
            (Some(needed), _) => needed,
        };
        let derives = derives && !step.by_hand;
        let done = done.unwrap_or_else(|| match (&by_rules, derives) {
            (Truth::Yes, true) => Truth::No,
            (Truth::No, true) => Truth::Yes,
            (other, true) => other.clone(),
            (_, false) => Truth::Unshown,
        });
        let (run, mut missing) = self.commands(step, step.run(), bugs);
        let (wait, more) = self.commands(step, step.wait(), bugs);
        missing.extend(more);
        // What only v5 can tell is told by the next plan, when there is one.
        missing.retain(|gap| gap.missing != NO_V5);
        missing.dedup();
        StepReport {
            id: Arc::clone(&step.id),
            title: step.title.clone(),
            phase: step.phase,
            scope: step.scope,
            after: step.after.clone(),
            downtime: step.downtime,
            needed,
            done,
            restarts_v4: decide(step.restarts_v4(), bugs) == Some(Truth::Yes),
            unseen_by_hand: step.unseen_by_hand,
            run: run.into(),
            wait: wait.into(),
            changes: self.text(step.changes()),
            back: self.ways(step),
            never: self.forbidden(step, bugs),
            no_return: self.no_return(step),
            missing: missing.into(),
            answers: step.answers.clone(),
            findings: answered,
            source: step.source.join("; "),
        }
    }

    /// What the rules found that a step answers, those aside that somebody set aside.
    fn answered(&self, step: &Step) -> Vec<usize> {
        let is_answered = |index: &&usize| {
            let finding = self.findings.get(**index);
            finding.is_some_and(|one| one.counts() && step.answers.contains(&one.rule))
        };
        self.about.iter().filter(is_answered).copied().collect()
    }

    fn of_rules(&self, answered: &[usize]) -> Truth {
        let found = || {
            answered
                .iter()
                .filter_map(|index| self.findings.get(*index))
        };
        if found().any(|one| one.outcome == FindingOutcome::Fires) {
            return Truth::Yes;
        }
        let gaps: Vec<Gap> = found().flat_map(|one| one.gaps.iter().cloned()).collect();
        if gaps.is_empty() {
            Truth::No
        } else {
            Truth::Unknown(distinct(gaps))
        }
    }

    fn truth(&self, step: &Step, expr: Result<&Expr, &ExprError>, bugs: &mut Vec<String>) -> Truth {
        let outcome = match expr {
            Ok(expr) => expr.eval(self.lookup).outcome,
            Err(error) => Outcome::Bug(error.to_string()),
        };
        match outcome {
            Outcome::True => Truth::Yes,
            Outcome::False => Truth::No,
            Outcome::Unknown(gaps) => Truth::Unknown(distinct(gaps.to_vec())),
            Outcome::Bug(text) => {
                bugs.push(format!("step {}: {text}", step.id));
                Truth::Unknown(Gaps::default())
            }
        }
    }

    /// The commands of the cases that hold, and what keeps others from being told.
    fn commands(&self, step: &Step, cases: &[Case], bugs: &mut Vec<String>) -> (String, Vec<Gap>) {
        let (mut text, mut missing) = (String::new(), Vec::new());
        for case in cases {
            match case
                .condition()
                .map(|condition| self.truth(step, condition, bugs))
            {
                None | Some(Truth::Yes) => {}
                Some(Truth::Unknown(gaps)) => {
                    missing.extend(gaps.iter().cloned());
                    continue;
                }
                Some(_) => continue,
            }
            let Ok(template) = case.commands() else {
                continue;
            };
            let (commands, gaps) = remedy::commands_of(template, self.lookup);
            if !text.is_empty() && !commands.is_empty() {
                text.push('\n');
            }
            text.push_str(&commands);
            missing.extend(gaps);
        }
        (text, missing)
    }

    /// The commands that must not be run, those aside whose names are not known; in a case that is not known to hold, one is
    /// said all the same.
    fn forbidden(&self, step: &Step, bugs: &mut Vec<String>) -> Vec<Arc<str>> {
        let mut said = Vec::new();
        for case in step.never() {
            let condition = case.condition();
            let holds = condition.is_none_or(|one| self.truth(step, one, bugs) != Truth::No);
            let Ok(template) = case.commands() else {
                continue;
            };
            let text = template.render(self.lookup, Missing::Placeholder);
            let lacks = template.missing_in(&text, self.lookup).next().is_some();
            if holds && !lacks {
                said.push(text);
            }
        }
        said
    }

    /// What cannot be undone, in the cases that are not known not to hold.
    fn no_return(&self, step: &Step) -> Arc<str> {
        let holds = |case: &&Case| {
            let condition = case.condition();
            condition.is_none_or(|one| self.truth(step, one, &mut Vec::new()) != Truth::No)
        };
        let said = step.no_return().iter().filter(holds);
        let said = said.map(|case| self.text(Some(case.commands())));
        let said: Vec<Arc<str>> = said.filter(|text| !text.is_empty()).collect();
        let said: Vec<&str> = said.iter().map(|text| text.trim_end()).collect();
        said.join(" ").into()
    }

    /// The way back in the cases that are known to hold, and what keeps others from being told.
    fn ways(&self, step: &Step) -> Vec<Way> {
        let (mut ways, mut missing) = (Vec::new(), Vec::new());
        for case in step.back() {
            let holds = case.condition();
            match holds.map(|one| self.truth(step, one, &mut Vec::new())) {
                None | Some(Truth::Yes) => ways.push(Way {
                    said: self.text(Some(case.commands())),
                    like: case.like.clone(),
                }),
                Some(Truth::Unknown(gaps)) => {
                    missing.extend(gaps.iter().map(|gap| gap.missing.clone()));
                }
                Some(_) => {}
            }
        }
        ways.retain(|way| !way.said.is_empty() || way.like.is_some());
        missing.retain(|one| one != NO_V5);
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let missing = missing.join(", and on ");
            ways.push(Way {
                said: format!("Left out here is what depends on {missing}.").into(),
                like: None,
            });
        }
        ways
    }

    fn text(&self, template: Option<Result<&Template, &ExprError>>) -> Arc<str> {
        match template {
            Some(Ok(template)) => remedy::of_firing(template, self.lookup),
            _ => Arc::from(""),
        }
    }
}

/// Each gap once, in order.
fn distinct(gaps: Vec<Gap>) -> Gaps {
    let mut kept: Vec<Gap> = Vec::with_capacity(gaps.len());
    for gap in gaps {
        if !kept.contains(&gap) {
            kept.push(gap);
        }
    }
    kept.into()
}
