//! A `CustomResourceDefinition` into the schemas of the versions it serves.

use super::compile;
use super::shape::{Schema, Subject};
use super::validate::Validation;
use super::validate::memo::{Memo, written};
use super::violation::Violation;
use crate::allowance::{Patterns, Work};
use crate::expr::Version;
use crate::manifest::{Node, Scalar, is_live};
use crate::source::Span;

/// Why a CRD cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CrdError {
    /// The reason, one sentence.
    pub message: String,
    /// Where it is written.
    pub span: Span,
}

/// The schemas of one custom resource.
#[derive(Debug)]
pub struct CrdSchemas {
    /// API group.
    pub group: String,
    /// `kind`.
    pub kind: String,
    /// The release its labels claim, if they do.
    pub labelled: Option<Version>,
    /// Its versions, in the order they are written.
    pub versions: Vec<VersionSchema>,
    /// What else may be different, as phrases.
    pub(super) unseen: Vec<String>,
}

/// The schema of one API version.
#[derive(Debug)]
pub struct VersionSchema {
    /// `v1beta1`.
    pub name: String,
    /// Whether the API server answers for it.
    pub served: bool,
    /// Its schema.
    pub schema: Schema,
}

impl CrdSchemas {
    /// Compiles what a CRD (`apiextensions.k8s.io/v1`) says. An error only if it is none, or has no schema.
    pub fn from_crd(crd: Node<'_>) -> Result<CrdSchemas, CrdError> {
        CrdSchemas::from_one_of(crd, 1)
    }

    /// The same for one of so many definitions, which share what a run may spend on them.
    pub fn from_one_of(crd: Node<'_>, definitions: usize) -> Result<CrdSchemas, CrdError> {
        let refuse = |node: Node<'_>, message: String| CrdError {
            message,
            span: node.span(),
        };
        let text = |path: &[&str]| crd.at(path).map_or("", Node::text);
        if text(&["kind"]) != "CustomResourceDefinition" {
            return Err(refuse(
                crd,
                "this is not a CustomResourceDefinition".to_owned(),
            ));
        }
        if text(&["apiVersion"]) != "apiextensions.k8s.io/v1" {
            let message = format!(
                "only CRDs of apiextensions.k8s.io/v1 can be read, not of {}",
                text(&["apiVersion"])
            );
            return Err(refuse(crd.get("apiVersion").unwrap_or(crd), message));
        }
        let mut allowed = Patterns::of_one_of(definitions);
        let versions: Vec<VersionSchema> = crd
            .at(&["spec", "versions"])
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|version| VersionSchema::read(version, &mut allowed))
            .collect();
        if versions.is_empty() {
            return Err(refuse(crd, "the CRD holds no schema".to_owned()));
        }
        let label = ["metadata", "labels", "app.kubernetes.io/version"];
        let mut schemas = CrdSchemas {
            group: text(&["spec", "group"]).to_owned(),
            kind: text(&["spec", "names", "kind"]).to_owned(),
            labelled: Version::parse(text(&label)),
            versions,
            unseen: Vec::new(),
        };
        if schemas.kind == "PostgresCluster" {
            for version in &mut schemas.versions {
                version.schema.subject = Subject::PostgresCluster(schemas.labelled);
            }
        }
        Ok(schemas)
    }

    /// The schema of a served version, by its name.
    pub fn served(&self, version: &str) -> Option<&VersionSchema> {
        self.versions
            .iter()
            .find(|known| known.served && known.name == version)
    }

    /// The schema of the version that an object asks for, if it is served. A server writes an object in any version of its
    /// own that it was asked for, whichever was applied: where that is none of these, the last that is served.
    pub(super) fn asked(&self, object: Node<'_>) -> Option<&VersionSchema> {
        let version = object.get("apiVersion")?.text();
        self.asked_for(version).or_else(|| {
            let group = version.split('/').next();
            let ours = group == Some(self.group.as_str()) && is_live(object);
            let mut versions = self.versions.iter().rev();
            versions.find(|known| ours && known.served)
        })
    }

    /// The schema of a version with its group, if it is served.
    pub(super) fn asked_for(&self, api_version: &str) -> Option<&VersionSchema> {
        let rest = api_version.strip_prefix(self.group.as_str())?;
        self.served(rest.strip_prefix('/')?)
    }

    /// What of these schemas cannot be checked, each as one phrase; compiles every rule and pattern to find out.
    pub fn unchecked(&self) -> Vec<String> {
        let mut phrases = self.unseen.clone();
        let unchecked = self.versions.iter().map(|known| known.schema.unchecked());
        for phrase in unchecked.flatten() {
            if !phrases.contains(phrase) {
                phrases.push(phrase.clone());
            }
        }
        phrases
    }

    /// Everything wrong with an object by the version of the schema it asks for; or that it asks for one that
    /// is not served.
    pub fn validate(&self, object: Node<'_>) -> Validation {
        self.validate_one_of(object, 1)
    }

    /// The same for one of so many objects, which share what a run may spend on such checks.
    pub fn validate_one_of(&self, object: Node<'_>, objects: usize) -> Validation {
        let mut memo = Memo {
            allowance: Work::of(written(object), 1, objects),
            ..Memo::default()
        };
        self.validate_beside(object, &mut memo)
    }

    /// The same, without looking twice at what was found right by a schema of the same arena.
    pub(super) fn validate_beside(&self, object: Node<'_>, memo: &mut Memo) -> Validation {
        if let Some(served) = self.asked(object) {
            return served.schema.validate_beside(object, memo);
        }
        let asked = object.get("apiVersion");
        let version = asked.map_or("", Node::text);
        let names: Vec<String> = self
            .versions
            .iter()
            .filter(|known| known.served)
            .map(|known| format!("{}/{}", self.group, known.name))
            .collect();
        let message = if version.is_empty() {
            format!("apiVersion is missing; {} is served", names.join(", "))
        } else {
            format!("{version} is not served; {} is", names.join(", "))
        };
        let mut violation = Violation::new(
            "schema-version",
            "/apiVersion".to_owned(),
            asked.map_or_else(|| object.span(), Node::span),
            message,
        );
        if let Some(name) = names.last() {
            violation.replace(name.clone());
        }
        Validation {
            violations: vec![violation],
            rules_held_back: true,
        }
    }
}

impl VersionSchema {
    fn read(version: Node<'_>, allowed: &mut Patterns) -> Option<VersionSchema> {
        let flag = |key| version.get(key).and_then(Node::scalar) == Some(Scalar::Bool(true));
        let schema = version.at(&["schema", "openAPIV3Schema"])?;
        let drops_status = version
            .at(&["subresources", "status"])
            .is_some_and(|status| !status.is_null());
        let (schema, left) = compile::schema(schema, drops_status, std::mem::take(allowed));
        *allowed = left;
        Some(VersionSchema {
            name: version.get("name").map_or("", Node::text).to_owned(),
            served: flag("served"),
            schema,
        })
    }
}
