//! The colours of verdicts and levels.

use anstyle::{AnsiColor, Style};

use crate::check::Verdict;

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
