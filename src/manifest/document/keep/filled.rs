//! What a Template of OpenShift holds: objects, with the values that its parameters have by default.

use super::{Document, Open};
use crate::manifest::contents::Stray;
use crate::manifest::document::identity;
use crate::manifest::document::parameters::{self, Filled, Parameters};
use crate::manifest::problem::{Problem, ProblemKind};
use crate::manifest::{Kind, Node, redact};

impl Document<'_> {
    /// A Template of OpenShift: the objects in it, with the values that its parameters have by default. It is no evidence of
    /// what there is, so no listing is made of it.
    pub(super) fn take_openshift_template(&mut self, template: Node<'_>) {
        let parameters = Parameters::of(template);
        redact::secrets(template, "", None, &mut self.contents.secrets);
        self.contents.secrets.extend(parameters::values(template));
        self.open.push(Open::default());
        for object in template.get("objects").into_iter().flat_map(Node::items) {
            if let Some(template) = self.open.last_mut() {
                template.items += 1;
            }
            match parameters.filled(object) {
                Some(filled) => self.take_filled(object, &filled),
                None => self.drop(object),
            }
        }
        self.open.pop();
    }

    /// An object of a template. What a parameter without a value stands for is told of PGO's objects only: templates of
    /// others are nobody's question.
    fn take_filled(&mut self, object: Node<'_>, filled: &Filled) {
        let of = |key| identity::text(object, &[key]);
        let kind = Kind::of(of("apiVersion"), of("kind"));
        let is_of_pgo = kind.is_some_and(Kind::is_of_pgo);
        if kind.is_some() && !is_of_pgo && !filled.open.is_empty() {
            self.contents.counted += 1;
            self.drop(object);
            return;
        }
        let before = self.contents.objects.len();
        self.take(filled.tree.root(), ("", ""));
        let Some(kept) = self.contents.objects.get_mut(before) else {
            return;
        };
        if filled.namespace_is_open {
            kept.namespace = None;
        }
        for span in &filled.open {
            let problem = ProblemKind::OpenParameter;
            self.contents.strays.push(Stray {
                kind: kept.kind,
                namespace: kept.namespace.clone().unwrap_or_default(),
                name: kept.name.clone(),
                span: *span,
                problem,
                changes: Vec::new(),
            });
            self.contents.problems.push(Problem {
                span: *span,
                kind: problem,
            });
        }
    }
}
