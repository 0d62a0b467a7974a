//! The CEL rules of a schema (`x-kubernetes-validations`) on an object, as the API server applies them when the
//! object is created: rules that compare with an older state are left out.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::family::Memo;
use super::shape::{Schema, ShapeId};
use super::value::cropped;
use super::violation::{Path, Step, Violation, escape};
use super::worth;
use crate::allowance::Work;
use crate::expr::{ExprError, Program, Value};
use crate::manifest::{Node, Scalar};

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
}

impl RuleText {
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

/// What a step of an evaluation weighs among the steps of a check.
const STEP: u64 = 16;

/// What the server takes for a message: something, on one line, and not too much.
fn is_message(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 5 * 1024 && !text.contains('\n')
}

/// Every breach of a rule by an object.
pub(super) fn check(schema: &Schema, object: Node<'_>, memo: &mut Memo) -> Vec<Violation> {
    let mut rules = Rules {
        schema,
        path: Path::default(),
        found: Vec::new(),
        memo,
    };
    rules.visit(object, schema.root(), false);
    rules.found
}

struct Rules<'s, 'n, 'm> {
    schema: &'s Schema,
    path: Path<'n>,
    found: Vec<Violation>,
    memo: &'m mut Memo,
}

impl<'n> Rules<'_, 'n, '_> {
    /// Keeps a breach, as far as the allowance lasts.
    fn keep(&mut self, violation: Violation) {
        if self.memo.allowance.tell(violation.text()) {
            self.found.push(violation);
        }
    }

    /// Applies the rules here and below, unless that was done beside another schema; the value, as rules see it, if
    /// rules here or above need it.
    fn visit(&mut self, node: Node<'n>, id: ShapeId, needed: bool) -> Option<Value> {
        if !self.memo.several || node.scalar().is_some() {
            return self.apply(node, id, needed);
        }
        if let Some(known) = self.memo.values.get(&(node.id, id))
            && (known.is_some() || !needed)
        {
            return known.clone();
        }
        let before = self.found.len();
        let value = self.apply(node, id, needed);
        if self.found.len() == before {
            self.memo.values.insert((node.id, id), value.clone());
        }
        value
    }

    fn apply(&mut self, node: Node<'n>, id: ShapeId, needed: bool) -> Option<Value> {
        let shape = self.schema.shape(id);
        if !self.memo.allowance.step(1) {
            return None;
        }
        if !shape.ruled {
            return needed.then(|| worth::value(self.schema, node, id));
        }
        let whole = needed;
        let needed = needed || !shape.rules.is_empty();
        let value = if node.is_map() {
            self.visit_fields(node, id, whole)
        } else if node.is_seq() {
            let items: Vec<Value> = node
                .items()
                .enumerate()
                .filter_map(|(at, item)| {
                    self.path.0.push(Step::Index(at));
                    let value = self.visit_field(item, shape.items, needed);
                    self.path.0.pop();
                    value
                })
                .collect();
            needed.then(|| Value::List(items.into()))
        } else {
            needed.then(|| worth::value(self.schema, node, id))
        };
        if let Some(value) = &value {
            for rule in &shape.rules {
                let rule = self.schema.rule(*rule);
                if let Some((rule, message)) =
                    rule.and_then(|r| Some((r, r.breach(value, &self.memo.allowance)?)))
                {
                    self.report(node, &rule.text.field_path, &message);
                }
            }
        }
        value.filter(|_| whole)
    }

    /// Applies the rules below; the value with those fields that the rules here read, or with all if it is needed as a
    /// whole.
    fn visit_fields(&mut self, node: Node<'n>, id: ShapeId, whole: bool) -> Option<Value> {
        let schema = self.schema;
        let shape = schema.shape(id);
        let rules = || shape.rules.iter().filter_map(|rule| schema.rule(*rule));
        let reads = |name: &str| whole || rules().any(|rule| rule.reads(name));
        let resource = self.path.0.is_empty() || shape.embedded;
        let mut fields = worth::Fields::new(self.schema, shape);
        for (name, key, value) in worth::entries(node) {
            if self.path.0.is_empty() && self.schema.drops_status() && name == "status" {
                continue;
            }
            if resource && name == "metadata" {
                let metadata = reads(&name).then(|| worth::metadata(value));
                fields.push(name, metadata);
                continue;
            }
            let needed = reads(&name);
            let field = shape.field(&name);
            let ruled = field.is_some_and(|id| schema.shape(id).ruled);
            if !needed && !ruled {
                continue;
            }
            self.path.0.push(Step::Key(name.clone(), key.span()));
            let value = match field {
                None if shape.preserve_unknown => Some(Value::from(value)),
                field => self.visit_field(value, field, needed),
            };
            self.path.0.pop();
            fields.push(name, value);
        }
        (whole || !shape.rules.is_empty()).then(|| fields.finish(reads))
    }

    /// A field or item; nothing where it is pruned, or null without being allowed to.
    fn visit_field(&mut self, node: Node<'n>, id: Option<ShapeId>, needed: bool) -> Option<Value> {
        let id = id?;
        if !node.is_null() {
            return self.visit(node, id, needed);
        }
        let shape = self.schema.shape(id);
        (shape.nullable && needed).then_some(Value::Null)
    }

    /// Reports a breach where the rule says it belongs, as far down as that exists.
    fn report(&mut self, node: Node<'n>, field_path: &str, message: &str) {
        let mut pointer = self.path.pointer();
        let mut place = self.path.dotted();
        let (mut here, mut span) = (Some(node), self.path.label(node));
        for name in steps(field_path) {
            pointer.push('/');
            pointer.push_str(&escape(&name));
            place = if place.is_empty() {
                name.clone()
            } else {
                format!("{place}.{name}")
            };
            let entry = here.and_then(|node| node.entry(&name));
            here = entry.map(|(_, value)| value);
            if let Some((key, value)) = entry {
                let is_scalar = value.scalar().is_some();
                span = if is_scalar { value.span() } else { key.span() };
            }
        }
        let message = match place.as_str() {
            "" => message.to_owned(),
            place => format!("{place}: {message}"),
        };
        self.keep(Violation::new("schema-cel", pointer, span, message));
    }
}

/// The names in a field path: `.a.b['c']`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let end = quoted.find("']").unwrap_or(quoted.len());
            steps.push(quoted.get(..end).unwrap_or("").replace("\\'", "'"));
            rest = quoted.get(end + 2..).unwrap_or("");
            continue;
        }
        let bare = rest.strip_prefix('.').unwrap_or(rest);
        // A bracket that begins no name is part of one: each step takes something.
        let from = usize::from(bare.starts_with('['));
        let end = bare.get(from..).and_then(|rest| rest.find(['.', '[']));
        let end = end.map_or(bare.len(), |end| from + end);
        steps.push(bare.get(..end).unwrap_or("").to_owned());
        rest = bare.get(end..).unwrap_or("");
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_path_with_a_bracket_that_begins_no_name_comes_to_an_end() {
        assert_eq!(steps(".a.b['c.d'].e"), ["a", "b", "c.d", "e"]);
        assert_eq!(steps(".a[0]"), ["a", "[0]"]);
        assert_eq!(steps("[[["), ["[", "[", "["]);
        assert_eq!(steps("['a"), ["a"]);
        assert_eq!(steps("..[.["), ["", "[", "["]);
    }
}
