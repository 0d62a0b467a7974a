//! The names that a rule may use: its subject's, and with `each` those of the element it is about.

use super::SubjectKind;
use crate::expr::Names;

/// Gives the names that rules about a subject may use.
pub type NamesOf = fn(SubjectKind) -> &'static dyn Names;

/// The list that a rule goes over, as a fact's number, and the fields of its elements.
pub(super) type Each = (u16, &'static [&'static str]);

/// The names of one rule.
pub(super) struct RuleNames {
    subject: &'static dyn Names,
    /// What it goes over.
    pub(super) each: Option<Each>,
}

impl RuleNames {
    /// Those of its subject alone.
    pub(super) fn new(subject: &'static dyn Names) -> Self {
        RuleNames {
            subject,
            each: None,
        }
    }

    /// The list with this name, or why `each` cannot go over it.
    pub(super) fn list(&self, dotted: &str) -> Result<Each, String> {
        let Some(number) = self.subject.fact(dotted) else {
            return Err(match self.subject.similar(dotted) {
                Some(near) => format!("each: there is no fact `{dotted}`; did you mean `{near}`?"),
                None => format!("each: there is no fact `{dotted}`"),
            });
        };
        let Some(fields) = self.subject.elements_of(number) else {
            return Err(format!(
                "each: `{dotted}` is no list that rules can go over (`pgo-preflight rules --facts` has them as \"list for each\")"
            ));
        };
        Ok((number, fields))
    }
}

impl Names for RuleNames {
    fn fact(&self, dotted: &str) -> Option<u16> {
        self.subject.fact(dotted)
    }

    fn fact_name(&self, number: u16) -> &str {
        self.subject.fact_name(number)
    }

    fn similar(&self, dotted: &str) -> Option<String> {
        self.subject.similar(dotted)
    }

    fn elements_of(&self, number: u16) -> Option<&'static [&'static str]> {
        self.subject.elements_of(number)
    }

    fn element(&self) -> Option<&'static [&'static str]> {
        self.each.map(|(_, fields)| fields)
    }
}
