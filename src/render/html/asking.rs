//! What settles questions, as the page shows it.

use crate::render::asks::{LOOK, Run, answers, is_command};
use crate::render::text::wrap::plain;

/// The commands, what to do with what they print, and what a person has to look at.
#[derive(Default)]
pub(super) struct Asking {
    pub(super) commands: Vec<String>,
    /// What is done with what they print.
    pub(super) then: String,
    /// The run once more, with the answers beside its input; empty where it cannot be called again.
    pub(super) again: String,
    pub(super) notes: Vec<String>,
    /// What stands before the things to look at.
    pub(super) intro: String,
    pub(super) look: Vec<Look>,
    /// How much more there is to look at.
    pub(super) more: usize,
}

/// Something to look at.
pub(super) struct Look {
    /// What it is about, as far as that is told.
    pub(super) missing: String,
    pub(super) command: bool,
    pub(super) text: String,
}

impl Asking {
    /// Of questions with what each is about; what to look at is told up to a number.
    pub(super) fn of<'q>(
        asks: impl Iterator<Item = (&'q str, usize)>,
        missing: &dyn Fn(&str) -> String,
        most: usize,
        run: Option<&Run>,
    ) -> Self {
        let found = answers(asks, run.map(|run| &run.called));
        let then = found.then("Check", run);
        let look = found.look.iter().take(most);
        Asking {
            then: plain(&then.first),
            again: then.command.unwrap_or_default(),
            notes: then.notes.iter().map(|line| plain(line)).collect(),
            intro: plain(LOOK),
            look: look
                .map(|(ask, _)| Look {
                    missing: missing(ask),
                    command: is_command(ask),
                    text: ask.clone(),
                })
                .collect(),
            more: found.look.len().saturating_sub(most),
            commands: found.to_run(),
        }
    }

    /// Whether nothing is asked.
    pub(super) fn is_empty(&self) -> bool {
        self.commands.is_empty() && self.look.is_empty()
    }
}
