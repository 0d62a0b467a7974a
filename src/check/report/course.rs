//! What a run says of the steps of a move.

use std::sync::Arc;

use crate::manifest::Gaps;
use crate::rule::{Downtime, Method, Phase, Scope};

/// A v4 cluster on its way by one method (or a living v5 cluster on its way to a newer release), and how far each step is.
#[derive(Debug)]
pub struct CourseReport {
    /// Name of its origin, `""` for loose files.
    pub origin: String,
    /// The namespace of the cluster it begins with, `""` where none is written.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The method.
    pub method: Method,
    /// The method by which the move is under way or done, by what is alive of v5; the same for all courses of a cluster.
    pub under_way: Option<UnderWay>,
    /// The form of the method `backups`, as the fact `course.variant` says it; `""` for other methods and where it is unknown.
    pub variant: String,
    /// The method that the draft in the input is for, as the fact `course.draftMethod` says it; `""` where there is none.
    pub drafted: String,
    /// What a fact `course.v4` says: "running", "stopped", "gone"; `""` where it is unknown, and for `upgrade`.
    pub v4: String,
    /// How far the v5 cluster is (fact `live.stage`); `""` where there is none or it is unknown.
    pub stage: String,
    /// Position in [`Report::clusters`](crate::check::Report::clusters) of what is judged of it (of `upgrade`: in
    /// [`Report::living`](crate::check::Report::living)).
    pub subject: usize,
    /// Positions in [`Report::findings`](crate::check::Report::findings) of what bears on the method: as `subject` was judged, but
    /// for what outlives v4, of which a later export says more.
    pub about: Vec<usize>,
    /// Positions in [`Report::findings`](crate::check::Report::findings) of what contradicts that the move could go on.
    pub stops: Vec<usize>,
    /// The steps of the method, in the order of doing.
    pub steps: Vec<StepReport>,
}

/// The method of a move that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// The method.
    pub method: Method,
    /// Whether the living cluster shows it: its spec, what it adopted, or that it was restored. Else it is the likeliest.
    pub shown: bool,
}

/// One step of a course.
#[derive(Clone, Debug)]
pub struct StepReport {
    /// The step.
    pub id: Arc<str>,
    /// What is done, in a few words.
    pub title: String,
    /// When.
    pub phase: Phase,
    /// Who shares it.
    pub scope: Scope,
    /// The steps it comes after.
    pub after: Vec<Arc<str>>,
    /// Whether clients are offline from here on, or no longer.
    pub downtime: Option<Downtime>,
    /// Whether it is to be done at all.
    pub needed: Truth,
    /// Whether it is done.
    pub done: Truth,
    /// Whether doing it starts v4 again.
    pub restarts_v4: bool,
    /// Whether a person ticks it where the input does not show whether it is done.
    pub unseen_by_hand: bool,
    /// The commands, in order; empty where it is not known which.
    pub run: Arc<str>,
    /// What to wait for.
    pub wait: Arc<str>,
    /// What it changes.
    pub changes: Arc<str>,
    /// The way back from here.
    pub back: Vec<Way>,
    /// What must not be run from here until the end.
    pub never: Vec<Arc<str>>,
    /// What cannot be undone from here on; `""` for nothing.
    pub no_return: Arc<str>,
    /// What the commands need and nobody knows yet.
    pub missing: Gaps,
    /// The rules it answers.
    pub answers: Vec<Arc<str>>,
    /// Positions in [`Report::findings`](crate::check::Report::findings) of those that they found and that count.
    pub findings: Vec<usize>,
    /// What it rests on.
    pub source: String,
}

/// A part of a way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What is said.
    pub said: Arc<str>,
    /// The step with whose way back it goes on.
    pub like: Option<Arc<str>>,
}

/// An answer that evidence gives, or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// It cannot be decided; what is missing.
    Unknown(Gaps),
    /// No object shows it.
    Unshown,
}
