//! The CEL rules of a schema (`x-kubernetes-validations`) on an object, as the API server applies them when the
//! object is created: rules that compare with an older state are left out.

use super::memo::Memo;
use super::worth;
use crate::expr::Value;
use crate::manifest::Node;
use crate::schema::shape::{Schema, ShapeId};
use crate::schema::violation::{Path, Step, Violation, escape};

/// Every breach of a rule by an object.
pub(in crate::schema) fn check(
    schema: &Schema,
    object: Node<'_>,
    memo: &mut Memo,
) -> Vec<Violation> {
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
