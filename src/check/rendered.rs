//! Says of places in Helm's output which template they come from.

use super::report::Finding;
use crate::manifest::Inventory;
use crate::source::SourceId;

/// One object that Helm rendered: its text, and the template it says it comes from.
struct Rendered<'a> {
    source: SourceId,
    start: u32,
    end: u32,
    template: &'a str,
}

/// Adds to each label in an object with a `# Source:` comment the path that stands there.
pub(super) fn name_templates(findings: &mut [Finding], inventories: &[Inventory]) {
    let objects = inventories.iter().flat_map(Inventory::objects);
    let rendered = objects.filter_map(|object| {
        let whole = object.root().span();
        Some(Rendered {
            source: whole.source,
            start: whole.start,
            end: whole.end,
            template: object.helm_source.as_deref()?,
        })
    });
    let mut rendered: Vec<Rendered<'_>> = rendered.collect();
    if rendered.is_empty() {
        return;
    }
    rendered.sort_unstable_by_key(|object| (object.source, object.start));
    let labels = findings.iter_mut().flat_map(|finding| &mut finding.labels);
    for label in labels {
        let span = label.span;
        let after = rendered.partition_point(|object| (object.source, object.start) <= (span.source, span.start));
        let before = after.checked_sub(1).and_then(|at| rendered.get(at));
        let around = before.filter(|object| object.source == span.source && span.end <= object.end);
        if let Some(object) = around {
            let separator = if label.message.is_empty() { "" } else { ", " };
            label.message.push_str(&format!("{separator}rendered from {}", object.template));
        }
    }
}
