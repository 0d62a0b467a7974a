//! A step ready for use: everything but its expressions and texts is resolved, those are compiled on first use.

use std::sync::Arc;

use super::StepExample;
use crate::expr::{Expr, ExprError, Names, Template};
use crate::rule::compiled::Lazy;
use crate::rule::raw::Text;
use crate::rule::{Method, Phase, SubjectKind};

/// One thing to do in the course of a move.
pub struct Step {
    /// Kebab-case, a verb first; the file's name.
    pub id: Arc<str>,
    /// The methods it is a part of: ways from v4, or `upgrade` alone.
    pub methods: Vec<Method>,
    /// When it is done.
    pub phase: Phase,
    /// The steps that come before it.
    pub after: Vec<Arc<str>>,
    /// Who shares it.
    pub scope: Scope,
    /// The rules whose preparation it is. Without `needed`, it is needed where one of them fires.
    pub answers: Vec<Arc<str>>,
    /// The rules whose findings contradict that it could be done: with one of them, the plan stops before it.
    pub stopped_by: Vec<Arc<str>>,
    /// What is done, in a few words.
    pub title: String,
    /// Whether clients are offline from here on, or no longer.
    pub downtime: Option<Downtime>,
    /// No object shows that it is done, although rules may tell whether it is needed.
    pub by_hand: bool,
    /// Objects would show that it is done, but the input may well lack them: then a person ticks it.
    pub unseen_by_hand: bool,
    /// What it is about is still there when v4 is gone: then the youngest export decides, and not the last that shows v4.
    pub outlives_v4: bool,
    /// What it rests on.
    pub source: Vec<String>,
    /// What it makes of given input. Empty in a set that was loaded without examples.
    pub examples: Vec<StepExample>,
    /// The file it comes from.
    pub file: String,
    /// The lines of the keys that only all steps together show to be wrong, counted from 1; none of a built-in step.
    pub(super) lines: Vec<(&'static str, usize)>,
    pub(super) needed: Option<Lazy<Expr>>,
    pub(super) restarts_v4: Option<Lazy<Expr>>,
    pub(super) done: Option<Lazy<Expr>>,
    pub(super) run: Vec<Case>,
    pub(super) wait: Vec<Case>,
    pub(super) changes: Option<Lazy<Template>>,
    pub(super) back: Vec<Case>,
    pub(super) never: Vec<Case>,
    pub(super) no_return: Vec<Case>,
    pub(super) names: &'static dyn Names,
}

/// Who shares a step: it is said once for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One cluster.
    Cluster,
    /// All clusters of a namespace.
    Namespace,
    /// All clusters of a Kubernetes cluster.
    Installation,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::Cluster, Scope::Namespace, Scope::Installation];

    /// As written in steps.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Cluster => "cluster",
            Scope::Namespace => "namespace",
            Scope::Installation => "installation",
        }
    }
}

/// An edge of the time in which clients are offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Downtime {
    /// It begins with this step.
    Begins,
    /// It ends with this step.
    Ends,
}

/// Commands (or a text), for one case or always.
pub struct Case {
    /// The rules whose remedy they are; of all that the step answers, where none is named.
    pub remedies: Vec<Arc<str>>,
    /// The step with whose way back this one goes on; `None` but in ways back.
    pub like: Option<Arc<str>>,
    condition: Option<Lazy<Expr>>,
    commands: Lazy<Template>,
    names: &'static dyn Names,
}

impl Case {
    /// Commands.
    pub(super) fn new(condition: Option<Text>, commands: &str, names: &'static dyn Names) -> Self {
        Case::text_of(condition, set_in(commands).into(), names)
    }

    /// A text.
    pub(super) fn text_of(condition: Option<Text>, text: Text, names: &'static dyn Names) -> Self {
        Case {
            remedies: Vec::new(),
            like: None,
            condition: condition.map(Lazy::new),
            commands: Lazy::new(text),
            names,
        }
    }

    /// When they are run; `None` for always.
    pub fn condition(&self) -> Option<Result<&Expr, &ExprError>> {
        let condition = self.condition.as_ref()?;
        Some(condition.get(|source| Expr::compile(source, self.names)))
    }

    /// The commands, each line set in as commands are.
    pub fn commands(&self) -> Result<&Template, &ExprError> {
        self.commands
            .get(|source| Template::parse(source, self.names))
    }

    /// The condition and the commands by other names than the step's own; `None` where they name what there is not.
    pub fn by_names(&self, names: &dyn Names) -> Option<(Option<Expr>, Template)> {
        let condition = match self.condition_text() {
            Some(source) => Some(Expr::compile(source, names).ok()?),
            None => None,
        };
        Some((condition, Template::parse(self.text(), names).ok()?))
    }

    /// As written, with names in braces.
    pub fn text(&self) -> &str {
        &self.commands.source
    }

    /// The condition as written.
    pub fn condition_text(&self) -> Option<&str> {
        self.condition.as_ref().map(|one| &*one.source)
    }
}

/// What tells a command from prose wherever texts are shown.
fn set_in(commands: &str) -> String {
    let mut text = String::with_capacity(commands.len() + 64);
    for line in commands.trim_end().lines() {
        if !line.trim().is_empty() {
            text.push_str("    ");
            text.push_str(line);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// A text, and where it was refused by whom it was compiled.
type Compiled<'s, T> = Option<Result<&'s T, &'s ExprError>>;

impl Step {
    /// What its names are asked of: the course of a move, or a living cluster for `upgrade`.
    pub fn subject(&self) -> SubjectKind {
        subject(&self.methods)
    }

    /// Whether it is a part of a method.
    pub fn is_of(&self, method: Method) -> bool {
        self.methods.contains(&method)
    }

    /// Under which condition it is to be done; `None` where the rules that it answers decide, or it always is.
    pub fn needed(&self) -> Compiled<'_, Expr> {
        compiled(self.needed.as_ref(), self.names)
    }

    /// Where doing it starts v4 again, so that what stops it is to be done once more.
    pub fn restarts_v4(&self) -> Compiled<'_, Expr> {
        compiled(self.restarts_v4.as_ref(), self.names)
    }

    /// By what it is seen to be done; `None` where no object shows it, or the rules that it answers do.
    pub fn done(&self) -> Compiled<'_, Expr> {
        compiled(self.done.as_ref(), self.names)
    }

    /// The commands, case by case.
    pub fn run(&self) -> &[Case] {
        &self.run
    }

    /// What to wait for, case by case.
    pub fn wait(&self) -> &[Case] {
        &self.wait
    }

    /// What it changes.
    pub fn changes(&self) -> Compiled<'_, Template> {
        text(self.changes.as_ref(), self.names)
    }

    /// The way back from here, case by case.
    pub fn back(&self) -> &[Case] {
        &self.back
    }

    /// What cannot be undone from here on, case by case.
    pub fn no_return(&self) -> &[Case] {
        &self.no_return
    }

    /// Commands that must not be run from here until the end, case by case.
    pub fn never(&self) -> &[Case] {
        &self.never
    }

    /// The condition under which it is needed, as written.
    pub fn needed_text(&self) -> Option<&str> {
        self.needed.as_ref().map(|one| &*one.source)
    }

    /// Where doing it starts v4 again, as written.
    pub fn restarts_v4_text(&self) -> Option<&str> {
        self.restarts_v4.as_ref().map(|one| &*one.source)
    }

    /// By what it is done, as written.
    pub fn done_text(&self) -> Option<&str> {
        self.done.as_ref().map(|one| &*one.source)
    }

    /// The names that its expressions and texts may use.
    pub fn names(&self) -> &'static dyn Names {
        self.names
    }
}

pub(super) fn subject(methods: &[Method]) -> SubjectKind {
    if methods.contains(&Method::Upgrade) {
        SubjectKind::Living
    } else {
        SubjectKind::Course
    }
}

fn compiled<'s>(lazy: Option<&'s Lazy<Expr>>, names: &dyn Names) -> Compiled<'s, Expr> {
    Some(lazy?.get(|source| Expr::compile(source, names)))
}

fn text<'s>(lazy: Option<&'s Lazy<Template>>, names: &dyn Names) -> Compiled<'s, Template> {
    Some(lazy?.get(|source| Template::parse(source, names)))
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut step = f.debug_struct("Step");
        step.field("id", &self.id)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
