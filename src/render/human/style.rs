//! How wide the text is, and its colours.

use anstyle::{AnsiColor, Style};

use crate::check::Verdict;

/// How wide the text is laid out, in columns.
pub(super) const WIDTH: usize = 80;

pub(super) fn bold(colour: AnsiColor) -> Style {
    Style::new().bold().fg_color(Some(colour.into()))
}

pub(in crate::render) fn verdict_style(verdict: Verdict) -> Style {
    bold(match verdict {
        Verdict::Ready => AnsiColor::Green,
        Verdict::Action => AnsiColor::Yellow,
        Verdict::Unknown => AnsiColor::Magenta,
        Verdict::Blocked => AnsiColor::Red,
    })
}

pub(in crate::render) fn paint(text: &str, style: Style, colour: bool) -> String {
    if colour {
        format!("{}{text}{}", style.render(), style.render_reset())
    } else {
        text.to_owned()
    }
}
