//! Says of places in Helm's output which template they come from.

use crate::check::report::finding::Finding;
use crate::manifest::Inventory;
use crate::source::{SourceId, Span};

/// One object that Helm rendered: its text, and the template it says it comes from.
struct Rendered<'a> {
    source: SourceId,
    start: u32,
    end: u32,
    template: &'a str,
}

/// Adds the path in an object's `# Source:` comment to labels in that object, once in each finding.
pub(in crate::check) fn name_templates(findings: &mut [Finding], inventories: &[Inventory]) {
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
    for finding in findings {
        let mut named: Vec<&str> = Vec::new();
        for label in &mut finding.labels {
            let Some(template) = template_of(&rendered, label.span) else {
                continue;
            };
            if named.contains(&template) {
                continue;
            }
            named.push(template);
            let separator = if label.message.is_empty() { "" } else { ", " };
            label
                .message
                .to_mut()
                .push_str(&format!("{separator}rendered from {template}"));
        }
    }
}

/// The template of the object that a place lies in.
fn template_of<'a>(rendered: &[Rendered<'a>], span: Span) -> Option<&'a str> {
    let after = rendered
        .partition_point(|object| (object.source, object.start) <= (span.source, span.start));
    let before = rendered.get(after.checked_sub(1)?)?;
    (before.source == span.source && span.end <= before.end).then_some(before.template)
}
