//! Commands of kubectl carry the context that their cluster was read from.

use std::collections::HashMap;
use std::sync::Arc;

use super::remedy::with_context;
use crate::check::report::course::{CourseReport, Truth};
use crate::check::report::finding::Finding;
use crate::manifest::{Gap, Gaps, Inventory, shell_word};

/// Names the context in the commands of every finding about what was read from one.
pub(in crate::check) fn name_contexts(findings: &mut [Finding], inventories: &[Inventory]) {
    let contexts: HashMap<&str, &str> = inventories
        .iter()
        .filter_map(|one| Some((one.origin_name.as_str(), one.context.as_deref()?)))
        .collect();
    if contexts.is_empty() {
        return;
    }
    // Findings share their gaps; so do those that name the context.
    let mut named: HashMap<usize, Gaps> = HashMap::new();
    for finding in findings {
        let Some(context) = contexts.get(finding.subject.origin.as_str()) else {
            continue;
        };
        if finding.fix.contains("kubectl ") {
            finding.fix = with_context(&finding.fix, context).into();
        }
        if !finding.gaps.is_empty() {
            let key = Arc::as_ptr(&finding.gaps).cast::<Gap>() as usize;
            let gaps = named.entry(key).or_insert_with(|| {
                let gaps = finding.gaps.iter();
                gaps.map(|gap| with_ask(gap, context)).collect()
            });
            finding.gaps = Arc::clone(gaps);
        }
    }
}

/// The same for the steps of moves.
pub(in crate::check) fn name_contexts_of_steps(
    courses: &mut [CourseReport],
    inventories: &[Inventory],
) {
    for course in courses {
        let mut read = inventories.iter();
        let own = read.rfind(|one| one.origin_name == course.origin && one.context.is_some());
        let Some(context) = own.and_then(|one| one.context.as_deref()) else {
            continue;
        };
        for step in &mut course.steps {
            let back = step.back.iter_mut().map(|way| &mut way.said);
            for text in [&mut step.run, &mut step.wait].into_iter().chain(back) {
                if text.contains("kubectl ") || text.contains("pgo-preflight ") {
                    *text = with_context(text, context).into();
                }
            }
            let named = |gaps: &Gaps| gaps.iter().map(|gap| with_ask(gap, context)).collect();
            step.missing = named(&step.missing);
            for truth in [&mut step.needed, &mut step.done] {
                if let Truth::Unknown(gaps) = truth {
                    *gaps = named(gaps);
                }
            }
        }
    }
}

fn with_ask(gap: &Gap, context: &str) -> Gap {
    let ask = if gap.ask.contains("--context") {
        gap.ask.clone()
    } else {
        let named = format!("kubectl --context {} ", shell_word(context));
        gap.ask.replace("kubectl ", &named)
    };
    Gap { ask, ..gap.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_names_the_context_once() {
        let gap = |ask: &str| Gap {
            missing: String::new(),
            because: String::new(),
            ask: ask.to_owned(),
        };
        let named = with_ask(&gap("kubectl get pods -n pgo -o yaml"), "a b");
        assert_eq!(named.ask, "kubectl --context 'a b' get pods -n pgo -o yaml");
        assert_eq!(with_ask(&named, "other").ask, named.ask);
    }
}
