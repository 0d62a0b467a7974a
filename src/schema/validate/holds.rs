//! The CEL rules of several schemas at once: most manifests break none, and each rule says so once for all schemas that
//! have it.
//!
//! It must not report anything: where a rule may be broken, each schema is asked for itself.

use super::joint::{Field, Joint, Ruled};
use super::worth;
use crate::allowance::Work;
use crate::expr::Value;
use crate::manifest::Node;
use crate::schema::shape::{Schema, Shape, ShapeId};

impl Joint {
    /// Whether a value that is right by all of the schemas breaks no rule of theirs; `whole` says that it is the whole
    /// object. `false` may also mean that this is hard to say.
    pub(in crate::schema) fn rules_hold(
        &self,
        schema: &Schema,
        node: Node<'_>,
        whole: bool,
    ) -> bool {
        if !self.ruled {
            return true;
        }
        let mut own = self.rules(schema).iter();
        own.all(|ruled| self.holds(schema, ruled, node, whole))
            && node.entries().all(|(key, value)| {
                let name = key.key();
                if whole && matches!(&*name, "metadata" | "status") || value.is_null() {
                    return true;
                }
                match self.field(schema, &name) {
                    Field::Known(below) => below.rules_hold(schema, value, false),
                    Field::Free => true,
                    Field::Doubtful => false,
                }
            })
            && node.items().all(|item| {
                let below = self.items(schema);
                below.is_some_and(|below| item.is_null() || below.rules_hold(schema, item, false))
            })
    }

    fn rules(&self, schema: &Schema) -> &[Ruled] {
        self.rules.get_or_init(|| {
            let mut all: Vec<Ruled> = Vec::new();
            for id in &self.shapes {
                let rules = &schema.shape(*id).rules;
                match all.iter_mut().find(|ruled| ruled.rules == *rules) {
                    _ if rules.is_empty() => {}
                    Some(ruled) => ruled.shapes.push(*id),
                    None => all.push(Ruled {
                        rules: rules.clone(),
                        shapes: vec![*id],
                    }),
                }
            }
            all.into()
        })
    }

    fn holds(&self, schema: &Schema, ruled: &Ruled, node: Node<'_>, whole: bool) -> bool {
        let rules = || ruled.rules.iter().filter_map(|rule| schema.rule(*rule));
        let reads = |name: &str| rules().any(|rule| rule.reads(name));
        let enough = match ruled.shapes.as_slice() {
            [_, _, ..] if self.seen_alike(schema, node, &reads, whole) => 1,
            all => all.len(),
        };
        ruled.shapes.iter().take(enough).all(|id| {
            let value = seen(schema, node, *id, reads, whole);
            rules().all(|rule| rule.breach(&value, &Work::endless()).is_none())
        })
    }

    /// Whether rules see the same of a value by any of the shapes.
    fn seen_alike(
        &self,
        schema: &Schema,
        node: Node<'_>,
        reads: &dyn Fn(&str) -> bool,
        whole: bool,
    ) -> bool {
        self.worth_alike(schema)
            && node.entries().all(|(key, value)| {
                let name = key.key();
                let aside = whole && matches!(&*name, "metadata" | "status");
                if aside || !reads(&name) {
                    return true;
                }
                match self.field(schema, &name) {
                    Field::Known(below) => {
                        !value.is_null() && below.seen_alike(schema, value, &|_| true, false)
                    }
                    Field::Free => true,
                    Field::Doubtful => false,
                }
            })
            && node.items().all(|item| {
                let below = self.items(schema);
                below.is_some_and(|below| {
                    !item.is_null() && below.seen_alike(schema, item, &|_| true, false)
                })
            })
    }

    /// Whether the shapes agree in what makes a value of what is written here, what is below aside.
    fn worth_alike(&self, schema: &Schema) -> bool {
        *self.alike.get_or_init(|| {
            let mut shapes = self.shapes.iter().map(|id| schema.shape(*id));
            let first = shapes.next();
            first.is_none_or(|first| shapes.all(|shape| makes_the_same(schema, first, shape)))
        })
    }
}

fn makes_the_same(schema: &Schema, one: &Shape, other: &Shape) -> bool {
    let format = |shape: &Shape| shape.checks.as_ref().and_then(|checks| checks.format);
    let by_default = |shape: &Shape| {
        let fields = shape.properties.iter();
        let set = fields.filter(|(_, id)| schema.shape(*id).default.is_some());
        set.cloned().collect::<Vec<_>>()
    };
    one.kind == other.kind
        && one.preserve_unknown == other.preserve_unknown
        && format(one) == format(other)
        && by_default(one) == by_default(other)
}

/// A value as rules of a shape see it that read these fields.
fn seen(
    schema: &Schema,
    node: Node<'_>,
    id: ShapeId,
    reads: impl Fn(&str) -> bool,
    whole: bool,
) -> Value {
    if !node.is_map() {
        return worth::value(schema, node, id);
    }
    let shape = schema.shape(id);
    let mut fields = worth::Fields::new(schema, shape);
    for (name, _, value) in worth::entries(node) {
        if whole && name == "status" || !reads(&name) {
            continue;
        }
        let value = match shape.field(&name) {
            _ if whole && name == "metadata" => Some(worth::metadata(value)),
            None if shape.preserve_unknown => Some(Value::from(value)),
            field => field.and_then(|id| worth::present(schema, value, id)),
        };
        fields.push(name, value);
    }
    fields.finish(reads)
}
