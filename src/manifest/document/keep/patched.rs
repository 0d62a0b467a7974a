//! What a kustomization holds of PostgresClusters: patches, each where it stands.

use std::ops::Range;

use super::{Document, Open};
use crate::manifest::contents::Stray;
use crate::manifest::document::{identity, patches};
use crate::manifest::problem::{MAX_PROBLEMS, ProblemKind, problem_at};
use crate::manifest::{Kind, Node};
use crate::source::Span;

impl Document<'_> {
    /// The patches for PostgresClusters in a kustomization; nobody asks for the rest of it. Answers whether there are any.
    pub(super) fn take_patches(&mut self, node: Node<'_>, said: (&str, &str)) -> bool {
        let found = patches::patches(self.source, node, said);
        let Range { mut start, end } = self.range.clone();
        // From here on it is a list of what is in it, and none of it may be dropped with the whole.
        self.open.push(Open::default());
        for patch in &found {
            for told in told_of(patch) {
                self.contents.secrets.push(start..told.start.max(start));
                start = told.end.max(start);
            }
            if let Some(list) = self.open.last_mut() {
                list.items += 1;
            }
            let root = patch.tree.root();
            if root.is_seq() {
                self.take_operations(patch);
            } else {
                self.take(root, ("", ""));
            }
        }
        self.open.pop();
        if !found.is_empty() {
            self.contents.secrets.push(start..end);
        }
        !found.is_empty()
    }

    /// Operations on a PostgresCluster that is elsewhere.
    fn take_operations(&mut self, patch: &patches::Patch<'_>) {
        let of = |key| {
            patch
                .target
                .map_or("", |target| identity::text(target, &[key]))
        };
        let Span { start, .. } = patch.node.span();
        let problem = problem_at(self.source, start, ProblemKind::JsonPatch);
        if self.contents.strays.len() < MAX_PROBLEMS {
            self.contents.strays.push(Stray {
                kind: Kind::PostgresCluster,
                namespace: of("namespace").into(),
                name: of("name").into(),
                span: problem.span,
                problem: ProblemKind::JsonPatch,
                changes: patches::changes(patch.tree.root()),
            });
        }
        self.contents.problems.push(problem);
    }
}

/// What of a patch stays as it is written: a piece of a manifest, in which credentials are looked for like in any, and of
/// operations the paths alone, since their values may be anything.
fn told_of(patch: &patches::Patch<'_>) -> Vec<Range<u32>> {
    let root = patch.tree.root();
    if !root.is_seq() {
        return vec![patch.range.clone()];
    }
    let changes = patches::changes(root).into_iter();
    changes
        .map(|change| change.span.start..change.span.end)
        .collect()
}
