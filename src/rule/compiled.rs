//! A rule ready for use: everything but its expressions is resolved, those are compiled on first use.

use std::sync::{Arc, OnceLock};

use super::names::RuleNames;
use super::raw::Text;
use super::{Effect, Example, Phase, SubjectKind, VersionRange};
use crate::expr::{self, Expr, ExprError, Name, Names, Template};

/// A judgement: when it fires, what that means, and what to do about it.
pub struct Rule {
    /// Kebab-case, names the problem; the file's name.
    pub id: Arc<str>,
    /// What it is about.
    pub subject: SubjectKind,
    /// The problem in a few words.
    pub title: Text,
    /// What is asked where it cannot be decided, after "cannot tell"; if not said, whether the title is so.
    pub question: Option<Text>,
    /// What it means when it fires.
    pub effect: Effect,
    /// When in the course of the move what it asks for is done; if not said, a preparation while v4 runs, and for
    /// everything else no time in particular.
    pub phase: Phase,
    /// Whether who does not heed it loses data, or the backups of it.
    pub loses_data: bool,
    /// What is so where it passes, in a few words: the line of a checklist. Rules about migrations have it.
    pub holds: Option<Text>,
    /// The PGO v5 releases for which it holds; all, if not said.
    pub target: Option<VersionRange>,
    /// The PGO v4 releases of the cluster for which it holds; all, if not said.
    pub v4: Option<VersionRange>,
    /// The PGO v5 releases that run for which it holds, of a rule about an upgrade; all, if not said.
    pub from: Option<VersionRange>,
    /// What it rests on.
    pub source: Vec<Text>,
    /// The name (a fact, or a path below `self`) whose evidence carries the primary label; otherwise the first name
    /// read that has evidence.
    pub label: Option<Text>,
    /// What it makes of given input. Empty in a set that was loaded without examples.
    pub examples: Vec<Example>,
    /// The file it comes from.
    pub file: Text,
    pub(super) holds_if: Option<Lazy<Expr>>,
    pub(super) when: Option<Lazy<Expr>>,
    pub(super) message: Lazy<Template>,
    pub(super) why: Lazy<Template>,
    pub(super) fix: Lazy<Template>,
    /// The list that it goes over, as written.
    pub(super) goes_over: Option<Text>,
    pub(super) names: RuleNames,
    pub(super) label_name: OnceLock<Option<Name>>,
    pub(super) compares: OnceLock<bool>,
}

impl Rule {
    /// What is said where it cannot be decided: "cannot tell whether backups are in S3 or GCS".
    pub fn undecided(&self) -> String {
        match &self.question {
            Some(question) => format!("cannot tell {question}"),
            None => format!("cannot tell whether {}", self.title),
        }
    }

    /// The condition under which it fires; `None` for rules whose findings the program makes itself. The error can
    /// only come from a rule that was never checked.
    pub fn when(&self) -> Option<Result<&Expr, &ExprError>> {
        let when = self.when.as_ref()?;
        Some(when.get(|source| Expr::compile(source, &self.names)))
    }

    /// What must be so for `holds` to be said where it passes; `None` where that is always said. A rule also passes where
    /// what it asks about has not happened yet, and that is no proof.
    pub fn holds_if(&self) -> Option<Result<&Expr, &ExprError>> {
        let condition = self.holds_if.as_ref()?;
        Some(condition.get(|source| Expr::compile(source, &self.names)))
    }

    /// What is said when it fires.
    pub fn message(&self) -> Result<&Template, &ExprError> {
        self.message
            .get(|source| Template::parse(source, &self.names))
    }

    /// Why it matters.
    pub fn why(&self) -> Result<&Template, &ExprError> {
        self.why.get(|source| Template::parse(source, &self.names))
    }

    /// What to do, with the commands.
    pub fn fix(&self) -> Result<&Template, &ExprError> {
        self.fix.get(|source| Template::parse(source, &self.names))
    }

    /// The fact whose elements it goes over, one finding for each; `None` for a rule about its subject as a whole.
    pub fn each(&self) -> Option<u16> {
        self.names.each.map(|(number, _)| number)
    }

    /// The condition as written.
    pub fn when_text(&self) -> Option<&str> {
        self.when.as_ref().map(|when| &*when.source)
    }

    /// The message as written, with names in braces.
    pub fn message_text(&self) -> &str {
        &self.message.source
    }

    /// The reason as written.
    pub fn why_text(&self) -> &str {
        &self.why.source
    }

    /// The remedy as written.
    pub fn fix_text(&self) -> &str {
        &self.fix.source
    }

    /// The name that carries the primary label, if the rule says so.
    pub fn label_name(&self) -> Option<&Name> {
        let parse = |label: &str| Some(Name::parse(label, &self.names).ok()?.0);
        let name = || self.label.as_deref().and_then(parse);
        self.label_name.get_or_init(name).as_ref()
    }

    /// Whether the condition, or the list, of a rule about drafts reads the v4 cluster that the draft replaces (`v4.*`, `pair.*`): such
    /// a rule is for paired drafts only, unless it asks just whether there is a pair.
    pub fn compares(&self) -> bool {
        *self.compares.get_or_init(|| self.reads_the_pair())
    }

    /// The names that decide: those in its condition, and the list it goes over.
    pub(super) fn reads(&self) -> Vec<Name> {
        let when = self.when().and_then(Result::ok);
        let names = when.map(|when| when.names().iter().cloned());
        let list = self.each().map(Name::Fact);
        names.into_iter().flatten().chain(list).collect()
    }

    fn reads_the_pair(&self) -> bool {
        // By its text: many rules are never compiled, since there is no pair, or nothing of what they go over.
        let of_pair = |(root, field): &(&str, &str)| match *root {
            "v4" => true,
            "pair" => !["known", "candidates", "why", "beside"].contains(field),
            _ => false,
        };
        let reads = |text: &str| {
            let may = text.contains("v4.") || text.contains("pair.");
            may && expr::dotted(text).iter().any(of_pair)
        };
        let list = self.goes_over.as_deref();
        self.subject == SubjectKind::Draft && self.when_text().into_iter().chain(list).any(reads)
    }

    /// The names that the condition, the label and the texts may use.
    pub fn names(&self) -> &dyn Names {
        &self.names
    }
}

/// A source that is compiled when it is first needed.
pub(super) struct Lazy<T> {
    pub(super) source: Text,
    compiled: OnceLock<Result<T, ExprError>>,
}

impl<T> Lazy<T> {
    pub(super) fn new(source: impl Into<Text>) -> Self {
        Lazy {
            source: source.into(),
            compiled: OnceLock::new(),
        }
    }

    pub(super) fn get(
        &self,
        compile: impl FnOnce(&str) -> Result<T, ExprError>,
    ) -> Result<&T, &ExprError> {
        self.compiled.get_or_init(|| compile(&self.source)).as_ref()
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rule = f.debug_struct("Rule");
        rule.field("id", &self.id)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
