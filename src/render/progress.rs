//! What became of things since an earlier report, for people at a terminal.

use std::fmt::Write as _;

use anstyle::Style;

use super::document::{Change, Moved, Since, title};
use super::human::{paint, visible};

/// Up to how many changes of a kind are listed one by one.
const LISTED: usize = 60;

/// What became of things since an earlier report, as text.
pub fn progress(since: &Since, colour: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "\nSince {}:", since.now);
    for change in Change::ALL {
        let changed: Vec<&Moved> = since.of(change).collect();
        if changed.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "  {}",
            paint(
                &format!("{} {}", changed.len(), change.name()),
                Style::new().bold(),
                colour
            )
        );
        for moved in changed.iter().take(LISTED) {
            let _ = writeln!(out, "    {}", visible(&line(moved)));
        }
        let more = changed.len().saturating_sub(LISTED);
        if more > 0 {
            let _ = writeln!(out, "    and {more} more");
        }
    }
    let _ = writeln!(out, "  {} unchanged", since.unchanged);
    out
}

/// "pgo/hippo: volumes blocked -> action; 3 -> 1 left to do".
pub(super) fn line(moved: &Moved) -> String {
    let name = title(&moved.origin, &moved.namespace, &moved.name);
    let what = steps(moved).join("; ");
    format!("{}{name}: {what}", moved.told_as())
}

/// What changed about one cluster or draft, in words.
pub(super) fn steps(moved: &Moved) -> Vec<String> {
    let mut parts: Vec<String> = moved
        .methods
        .iter()
        .map(|(method, step)| {
            format!(
                "{} {} -> {}",
                method.name(),
                step.from.name(),
                step.to.name()
            )
        })
        .collect();
    match (&moved.from, &moved.to) {
        (None, Some(to)) => parts.push(to.clone()),
        (Some(from), None) => parts.push(format!("was {from}")),
        (Some(from), Some(to)) if parts.is_empty() && from != to => {
            parts.push(format!("{from} -> {to}"));
        }
        _ => {}
    }
    if moved.from.is_some() && moved.to.is_some() && moved.left.from != moved.left.to {
        parts.push(format!(
            "{} -> {} left to do",
            moved.left.from, moved.left.to
        ));
    }
    parts
}
