//! One CEL rule of a schema (`x-kubernetes-validations`): its texts as written, and what they say when compiled.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::violation::cropped;
use crate::allowance::Work;
use crate::expr::{ExprError, Program, Value};
use crate::manifest::{Node, Scalar};

/// What a step of an evaluation weighs among the steps of a check.
const STEP: u64 = 16;

/// One rule as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct RuleText {
    pub(super) rule: Box<str>,
    pub(super) message: Box<str>,
    pub(super) message_expression: Box<str>,
    /// Where below the object the breach belongs: `.config.parameters`.
    pub(super) field_path: Box<str>,
    pub(super) optional_old_self: bool,
}

impl RuleText {
    /// Reads one entry of `x-kubernetes-validations`. A message is cut where the API server refuses a longer one.
    pub(super) fn read(rule: Node<'_>) -> RuleText {
        let text = |key| Box::<str>::from(rule.get(key).map_or("", Node::text).trim());
        let message = text("message");
        let mut end = message.len().min(LONGEST_MESSAGE);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        RuleText {
            rule: text("rule"),
            message: message.get(..end).unwrap_or("").into(),
            message_expression: text("messageExpression"),
            field_path: text("fieldPath"),
            optional_old_self: rule.get("optionalOldSelf").and_then(Node::scalar)
                == Some(Scalar::Bool(true)),
        }
    }

    /// Whether its texts have a length that people write.
    pub(super) fn is_sensible(&self) -> bool {
        self.rule.len().max(self.message_expression.len()) <= LONGEST_RULE
            && self.field_path.len() <= LONGEST_PATH
    }

    /// What its regular expressions may take when they are compiled, in bytes.
    pub(super) fn patterns_take(&self) -> u64 {
        let in_text = |text: &str| text.matches("matches").count() as u64;
        PATTERN * (in_text(&self.rule) + in_text(&self.message_expression))
    }
}

/// Longer than any rule, field path and message that a person writes, in bytes; for messages the API server's limit.
const LONGEST_RULE: usize = 10_000;

const LONGEST_PATH: usize = 1000;

const LONGEST_MESSAGE: usize = 2048;

/// The most that one regular expression of a rule takes, in bytes.
const PATTERN: u64 = 1 << 20;

/// One rule of a schema, compiled when first needed.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) text: RuleText,
    condition: OnceLock<Result<Condition, ExprError>>,
}

#[derive(Debug)]
struct Condition {
    program: Program,
    /// The message for a breach, where it is computed.
    message: Option<Program>,
    /// The fields it reads; `None` if it takes the value as a whole.
    fields: Option<BTreeSet<Arc<str>>>,
    /// It needs an older state that a new object does not have.
    transition: bool,
}

impl Rule {
    pub(super) fn new(text: RuleText) -> Self {
        Self {
            text,
            condition: OnceLock::new(),
        }
    }

    fn condition(&self) -> &Result<Condition, ExprError> {
        self.condition.get_or_init(|| {
            let variables = &["self", "oldSelf"];
            let names_old = self.text.rule.contains("oldSelf")
                && Program::compile(&self.text.rule, &["self"]).is_err();
            let program = Program::compile(&self.text.rule, variables)?;
            // A message that cannot be computed is replaced by the written one.
            let message = Program::compile(&self.text.message_expression, variables).ok();
            let read = |program: &Program| program.fields_of("self");
            let fields = match &message {
                None => read(&program),
                Some(message) => read(&program)
                    .zip(read(message))
                    .map(|(fields, more)| fields.into_iter().chain(more).collect()),
            };
            Ok(Condition {
                program,
                message,
                fields,
                transition: names_old && !self.text.optional_old_self,
            })
        })
    }

    /// Whether it reads a field of its value.
    pub(super) fn reads(&self, name: &str) -> bool {
        let condition = self.condition().as_ref();
        condition.is_ok_and(|condition| {
            let fields = condition.fields.as_ref();
            fields.is_none_or(|fields| fields.contains(name))
        })
    }

    /// Why it cannot be checked, if it cannot.
    pub(super) fn trouble(&self) -> Option<String> {
        let error = self.condition().as_ref().err()?;
        Some(format!("the rule `{}` ({error})", cropped(&self.text.rule)))
    }

    /// What is wrong with a value by this rule, in the schema's words; nothing where the allowance does not last.
    pub(super) fn breach(&self, value: &Value, allowance: &Work) -> Option<String> {
        let condition = self.condition().as_ref().ok()?;
        if condition.transition {
            return None;
        }
        let mut variables = vec![("self", value.clone())];
        if self.text.optional_old_self {
            variables.push(("oldSelf", Value::Optional(None)));
        }
        let rule = || cropped(&self.text.rule);
        let most = u32::try_from(allowance.steps() / STEP).unwrap_or(u32::MAX);
        let (value, steps) = condition.program.eval_within(&variables, most);
        if !allowance.step(STEP * u64::from(steps)) {
            return None;
        }
        match value {
            Ok(Value::Bool(true)) => None,
            Ok(Value::Bool(false)) => Some(self.message(condition, &variables)),
            Ok(other) => Some(format!("the rule `{}` gives {}", rule(), other.kind())),
            Err(error) => Some(match &*self.text.message {
                "" => format!("the rule `{}` fails: {error}", rule()),
                message => format!("{message} (the rule `{}` fails: {error})", rule()),
            }),
        }
    }

    fn message(&self, condition: &Condition, variables: &[(&str, Value)]) -> String {
        let computed = condition.message.as_ref();
        let computed = computed.and_then(|program| program.eval(variables).ok());
        match (computed, &*self.text.message) {
            (Some(Value::Str(text)), _) if is_message(&text) => text.trim().to_owned(),
            (_, "") => format!("the rule `{}` does not hold", cropped(&self.text.rule)),
            (_, message) => message.to_owned(),
        }
    }
}

/// What the server takes for a message: something, on one line, and not too much.
fn is_message(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 5 * 1024 && !text.contains('\n')
}
