//! The way back from each step: one that goes on as another's is told in full where no step of the plan tells that.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Plan, Planned};
use crate::check::Way;

/// Writes down the way back of every step that is told with its commands.
pub(super) fn tell_ways_back(plan: &mut Plan) {
    let mut told: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for planned in plan.steps.iter().filter(|planned| planned.is_told()) {
        told.extend(
            planned
                .number
                .map(|number| (Arc::clone(&planned.step.id), number)),
        );
    }
    for at in 0..plan.steps.len() {
        let Some(planned) = plan.steps.get(at).filter(|planned| planned.is_told()) else {
            continue;
        };
        let mut telling = Telling {
            steps: &plan.steps,
            told: &told,
            own: &planned.step.id,
            number: planned.number,
            begun: Vec::new(),
            newly: Vec::new(),
        };
        let back = telling.of(&planned.step.back);
        let newly = telling.newly;
        if let Some(planned) = plan.steps.get_mut(at) {
            planned.back = back;
        }
        told.extend(newly);
    }
}

/// The telling of one step's way back.
struct Telling<'p> {
    steps: &'p [Planned],
    /// Whose ways back are told, and at which step.
    told: &'p BTreeMap<Arc<str>, usize>,
    own: &'p Arc<str>,
    number: Option<usize>,
    /// Those that are being told, one within the other.
    begun: Vec<Arc<str>>,
    /// Those that are told here for the first time.
    newly: Vec<(Arc<str>, usize)>,
}

impl Telling<'_> {
    fn of(&mut self, ways: &[Way]) -> String {
        let mut lines = Vec::new();
        for way in ways {
            let said = way.said.trim_end();
            match &way.like {
                None => lines.push(said.to_owned()),
                Some(id) => lines.push(self.going_on(said, &Arc::clone(id))),
            }
        }
        lines.join("\n")
    }

    /// "Later: as for step 16", or what it is as, or the text alone where nothing is known of that.
    fn going_on(&mut self, said: &str, id: &Arc<str>) -> String {
        let said = said.trim_end_matches([':', '.']);
        if let Some(number) = self.told.get(id).filter(|_| *id != *self.own) {
            return format!("{said}: as for step {number}.");
        }
        let step = self.steps.iter().find(|planned| planned.step.id == *id);
        let Some(step) = step.filter(|_| !self.begun.contains(id)) else {
            return format!("{said}.");
        };
        self.begun.push(Arc::clone(id));
        let text = self.of(&step.step.back);
        self.begun.pop();
        self.newly
            .extend(self.number.map(|number| (Arc::clone(id), number)));
        if text.is_empty() {
            format!("{said}.")
        } else {
            format!("{said}:\n{text}")
        }
    }
}
