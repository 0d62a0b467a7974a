//! Ways down from a draft's spec, put into words only where something was found.

use std::borrow::Cow;

/// The steps of many ways, each by the number of the one before it; `None` is the spec itself.
#[derive(Default)]
pub(in crate::fact::spec) struct Ways<'n>(Vec<(Option<usize>, Step<'n>)>);

/// One step down.
pub(in crate::fact::spec) enum Step<'n> {
    /// Into the field of a map.
    Field(Cow<'n, str>),
    /// To an item of a list: its name, or what else tells it from the others.
    Item(Cow<'n, str>),
}

impl<'n> Ways<'n> {
    /// A step on from another one; gives its number.
    pub(in crate::fact::spec) fn step(
        &mut self,
        from: Option<usize>,
        step: Step<'n>,
    ) -> Option<usize> {
        self.0.push((from, step));
        self.0.len().checked_sub(1)
    }

    /// `spec.instances[a].affinity`.
    pub(in crate::fact::spec) fn text(&self, to: Option<usize>) -> String {
        let before = |at: &usize| self.0.get(*at).and_then(|(from, _)| *from);
        let mut all: Vec<usize> = std::iter::successors(to, before).collect();
        all.reverse();
        let taken = all.iter().filter_map(|at| self.0.get(*at));
        let mut path = "spec".to_owned();
        for (_, step) in taken {
            match step {
                Step::Field(key) => path.extend([".", key]),
                Step::Item(name) => path.extend(["[", name, "]"]),
            }
        }
        path
    }
}
