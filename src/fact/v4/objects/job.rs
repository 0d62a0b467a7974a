//! How far a Job has come.
//!
//! It must not know what Jobs are for.

use crate::fact::v4::fields::number;
use crate::manifest::{Fact, Gap, Node, Object};

/// Attempts of a Job that says nothing of it, as Kubernetes counts them.
const BACKOFF_LIMIT: i64 = 6;

/// Whether a Job has ended, with or without success. Between two attempts it has not. Unknown for a Job that was
/// exported without its status.
pub(in crate::fact) fn has_ended(job: &Object) -> Fact<bool> {
    const NOTE: &str = "how far the Job has come";
    if job.at(&["status"]).is_none() {
        return Fact::unknown(Gap {
            missing: format!("the status of Job {}", job.name),
            because: "it is in the input without its status".to_owned(),
            ..Gap::of_one(job.kind, job.namespace.as_deref(), &job.name)
        });
    }
    let count = |path: &[&str]| number(job, path, NOTE);
    let counts = count(&["status", "succeeded"])
        .both(count(&["status", "failed"]))
        .both(count(&["spec", "backoffLimit"]));
    counts.map(|((succeeded, failed), limit)| {
        let condition = |kind| condition(job, kind).is_some();
        succeeded.unwrap_or(0) > 0
            || condition("Complete")
            || condition("Failed")
            || failed.unwrap_or(0) > limit.unwrap_or(BACKOFF_LIMIT)
    })
}

/// A condition that holds.
pub(in crate::fact::v4) fn condition<'a>(job: &'a Object, kind: &str) -> Option<Node<'a>> {
    let conditions = job.at(&["status", "conditions"])?;
    let is = |item: &Node<'_>, key: &str, value: &str| {
        item.get(key).is_some_and(|node| node.text() == value)
    };
    conditions
        .items()
        .find(|item| is(item, "type", kind) && is(item, "status", "True"))
}
