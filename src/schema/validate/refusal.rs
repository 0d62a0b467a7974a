//! How it is said that a value of an object's own metadata cannot be.

use super::value::shown;
use super::walk::Walk;
use crate::manifest::{Node, Scalar};
use crate::schema::violation::{Violation, cropped};

pub(super) fn mistyped(walk: &mut Walk<'_, '_>, node: Node<'_>, wanted: &str) {
    let message = format!("{} must be {wanted}, not {}", walk.place(), shown(node));
    let mut violation = walk.breach("schema-wrong-type", node.span(), message);
    if wanted == "a string"
        && matches!(
            node.scalar(),
            Some(Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_))
        )
    {
        violation.fix = Some("put it in quotes".to_owned());
        violation.replacement = Some(format!("\"{}\"", node.text()));
    }
    walk.report_blocking(violation);
}

pub(super) fn refuse(walk: &mut Walk<'_, '_>, node: Node<'_>, text: &str, rule: &str) {
    let message = format!(
        "{} is \"{}\" but must be {rule}",
        walk.place(),
        cropped(text)
    );
    let violation: Violation = walk.breach("schema-metadata", node.span(), message);
    walk.report(violation);
}
