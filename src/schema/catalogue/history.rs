//! Since when and until when PGO has a field, and what that says of the drafts that use it.

use std::borrow::Cow;

use super::lifetime::Lifetime;
use super::text::{Edit, Field, Kind, Texts, texts};
use crate::expr::Version;
use crate::manifest::{Node, Shape};
use crate::schema::releases;
use crate::source::Span;

/// A field that a manifest uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldUse {
    /// The releases that have it.
    pub lifetime: Lifetime,
    /// JSON pointer to it.
    pub path: String,
    /// Its key.
    pub key: Span,
}

/// The lifetime of a field of `PostgresCluster`, by its JSON pointer; `None` for fields that no release has.
pub fn field_lifetime(pointer: &str) -> Option<Lifetime> {
    let mut place = Place::root()?;
    let mut life = Lifetime::always()?;
    for step in pointer.split('/').skip(1) {
        let name = match step {
            plain if !plain.contains('~') => Cow::Borrowed(plain),
            escaped => Cow::Owned(escaped.replace("~1", "/").replace("~0", "~")),
        };
        if let (Kind::List(_), Ok(_)) = (&place.kind, name.parse::<usize>()) {
            place = place.inner();
            continue;
        }
        let (below, own) = place.field(&name)?;
        place = below;
        life = life.within(own);
    }
    Some(life)
}

/// The first field in a JSON pointer into a `PostgresCluster` that no release has; `None` where each is known, or nothing is
/// known of what may stand there.
pub fn unknown_field(pointer: &str) -> Option<UnknownField> {
    let mut place = Place::root()?;
    let mut parent = String::new();
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        match &place.kind {
            // The end of a list is `-`.
            Kind::List(_) if name == "-" || name.parse::<usize>().is_ok() => {
                place = place.inner();
                continue;
            }
            // A name of the server's own, such as that of the API.
            _ if parent.is_empty() && matches!(&*name, "apiVersion" | "kind" | "metadata") => {
                return None;
            }
            _ => {}
        }
        let Some((below, _)) = place.field(&name) else {
            let known = place.names();
            let near = crate::expr::nearest(&name, known.iter().copied()).map(str::to_owned);
            return (!known.is_empty()).then_some(UnknownField { name, parent, near });
        };
        place = below;
        if !parent.is_empty() {
            parent.push('.');
        }
        parent.push_str(&name);
    }
    None
}

/// What the field at a JSON pointer into a `PostgresCluster` takes, where a value of this shape is none of it; `None` where it
/// fits, and where nothing is known of the field.
pub fn refused_shape(pointer: &str, shape: Shape) -> Option<&'static str> {
    let mut place = Place::root()?;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        place = match &place.kind {
            Kind::List(_) if name == "-" || name.parse::<usize>().is_ok() => place.inner(),
            _ => place.field(&name)?.0,
        };
    }
    let mut kind = place.kind;
    // No type of the catalogue is another name more than once or twice.
    for _ in 0..4 {
        let Kind::Named(named) = kind else { break };
        kind = &texts().types.get(named)?.kind;
    }
    let takes = match kind {
        Kind::List(_) => &[Shape::List][..],
        Kind::Map(_) | Kind::Plain("object") => &[Shape::Mapping],
        Kind::Plain("string") => &[Shape::Text],
        Kind::Plain("integer") => &[Shape::Whole],
        Kind::Plain("number") => &[Shape::Number, Shape::Whole],
        Kind::Plain("boolean") => &[Shape::Truth],
        Kind::Plain("quantity" | "int-or-string") => &[Shape::Text, Shape::Whole, Shape::Number],
        Kind::Plain(_) | Kind::Named(_) => return None,
    };
    let first = takes.first()?;
    (!takes.contains(&shape)).then(|| first.in_words())
}

/// A field that no release has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    /// Its name.
    pub name: String,
    /// What it is written below, in words: `spec.instances`.
    pub parent: String,
    /// The field that is called nearly so.
    pub near: Option<String>,
}

/// The field of a `PostgresCluster` that came last: no earlier release can take this manifest.
pub fn newest_field(object: Node<'_>) -> Option<FieldUse> {
    let later = |new: &Lifetime, old: &Lifetime| new.since > old.since;
    let newest = foremost(object, &later)?;
    (Some(newest.lifetime.since) > Lifetime::always().map(|life| life.since)).then_some(newest)
}

/// The field of a `PostgresCluster` that went first: no later release can take this manifest.
pub fn first_dropped_field(object: Node<'_>) -> Option<FieldUse> {
    let sooner = |new: &Lifetime, old: &Lifetime| match (new.until, old.until) {
        (Some(new), Some(old)) => new < old,
        (new, old) => new.is_some() && old.is_none(),
    };
    foremost(object, &sooner).filter(|found| found.lifetime.until.is_some())
}

/// The field that stands before all others in an order of lifetimes; of equals the first.
fn foremost(object: Node<'_>, before: &dyn Fn(&Lifetime, &Lifetime) -> bool) -> Option<FieldUse> {
    let mut found: Option<FieldUse> = None;
    let mut visit = |lifetime: Lifetime, key: Node<'_>, path: &[Step<'_>]| {
        if found
            .as_ref()
            .is_none_or(|found| before(&lifetime, &found.lifetime))
        {
            found = Some(FieldUse {
                lifetime,
                path: path.iter().map(Step::text).collect(),
                key: key.span(),
            });
        }
    };
    fields_below(
        object,
        Place::root()?,
        Lifetime::always()?,
        // As deep as most manifests are.
        &mut Vec::with_capacity(16),
        &mut visit,
    );
    found
}

/// One step of a JSON pointer.
enum Step<'n> {
    Key(Cow<'n, str>),
    Item(usize),
}

impl Step<'_> {
    /// As it stands in a pointer.
    fn text(&self) -> String {
        match self {
            Step::Key(name) => format!("/{}", super::super::violation::escape(name)),
            Step::Item(at) => format!("/{at}"),
        }
    }
}

fn fields_below<'n>(
    node: Node<'n>,
    place: Place,
    life: Lifetime,
    path: &mut Vec<Step<'n>>,
    visit: &mut dyn FnMut(Lifetime, Node<'n>, &[Step<'n>]),
) {
    for (at, item) in node.items().enumerate() {
        path.push(Step::Item(at));
        fields_below(item, place.inner(), life, path, visit);
        path.pop();
    }
    // The server drops a null.
    for (key, value) in node.entries().filter(|(_, value)| !value.is_null()) {
        let name = key.key();
        let Some((below, own)) = place.field(&name) else {
            continue;
        };
        let lifetime = life.within(own);
        path.push(Step::Key(name));
        visit(lifetime, key, path);
        fields_below(value, below, lifetime, path, visit);
        path.pop();
    }
}

/// What the edits of one field say of its lifetime.
fn stated<'e>(edits: impl Iterator<Item = &'e Edit<'static>>) -> Option<Lifetime> {
    let mut life = Lifetime::always()?;
    for edit in edits {
        for word in &edit.words {
            match (word.split_once(':'), edit.from) {
                (Some(("since", since)), _) => life.since = Version::parse(since)?,
                (None, Some(from)) if *word == "gone" => life.until = before(from),
                (None, Some(_)) if *word == "back" => life.until = None,
                _ => {}
            }
        }
    }
    Some(life)
}

/// The release before another.
fn before(version: Version) -> Option<Version> {
    let earlier = releases().iter().rev().map(|release| release.version);
    earlier.into_iter().find(|earlier| *earlier < version)
}

/// A place in the tree of fields.
#[derive(Clone, Copy)]
struct Place {
    kind: &'static Kind<'static>,
    /// The fields written under it.
    fields: &'static [Field<'static>],
    /// The named type it is in, whose fields may be amended.
    inside: &'static str,
}

impl Place {
    fn root() -> Option<Place> {
        let root = texts().types.get("PostgresCluster")?;
        Some(Place {
            kind: &root.kind,
            fields: &root.fields,
            inside: root.name,
        })
    }

    /// What a list's items or a mapping's values are.
    fn inner(self) -> Place {
        let kind = match self.kind {
            Kind::List(inner) | Kind::Map(inner) => inner,
            other => other,
        };
        Place { kind, ..self }
    }

    /// A field, and its own lifetime.
    fn field(self, name: &str) -> Option<(Place, Lifetime)> {
        let texts: &'static Texts<'static> = texts();
        match self.kind {
            Kind::Map(_) => Some((self.inner(), Lifetime::always()?)),
            Kind::List(_) => None,
            Kind::Named(named) => {
                if let Some(field) = self.fields.iter().find(|field| field.name == name) {
                    let lifetime = || stated(field.edits.iter());
                    return Some((Place::of(field), (*field.lifetime.get_or_init(lifetime))?));
                }
                let base = texts.types.get(named)?;
                let place = Place {
                    kind: &base.kind,
                    fields: &base.fields,
                    inside: base.name,
                };
                place.field(name)
            }
            Kind::Plain(_) => {
                let field = self.fields.iter().find(|field| field.name == name)?;
                let lifetime = || {
                    let amended = texts.amendments.get(&(self.inside, field.name));
                    stated(field.edits.iter().chain(amended.into_iter().flatten()))
                };
                Some((Place::of(field), (*field.lifetime.get_or_init(lifetime))?))
            }
        }
    }

    /// The names of all its fields; none where any may stand.
    fn names(self) -> Vec<&'static str> {
        let texts: &'static Texts<'static> = texts();
        let own = self.fields.iter().map(|field| field.name);
        let named = match self.kind {
            Kind::Named(named) => texts.types.get(named),
            _ => None,
        };
        let below = named.map_or(&[][..], |base| &base.fields);
        own.chain(below.iter().map(|field| field.name)).collect()
    }

    fn of(field: &'static Field<'static>) -> Place {
        Place {
            kind: &field.kind,
            fields: &field.fields,
            inside: field.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(pointer: &str) -> Option<(String, Option<String>)> {
        let life = field_lifetime(pointer)?;
        Some((
            life.since.to_string(),
            life.until.map(|until| until.to_string()),
        ))
    }

    #[test]
    fn values_of_operations_have_the_shape_of_their_field() {
        let refused = |pointer, shape| refused_shape(pointer, shape);
        assert_eq!(refused("/spec/port", Shape::Text), Some("a whole number"));
        assert_eq!(refused("/spec/port", Shape::Whole), None);
        let global = "/spec/backups/pgbackrest/global/repo1-retention-full";
        assert_eq!(refused(global, Shape::Whole), Some("a string"));
        assert_eq!(refused("/spec/instances/-", Shape::List), Some("a mapping"));
        let replicas = "/spec/instances/0/replicas";
        assert_eq!(refused(replicas, Shape::Text), Some("a whole number"));
        let size = "/spec/instances/0/dataVolumeClaimSpec/resources/requests/storage";
        assert_eq!(refused(size, Shape::Text), None);
        let free = "/spec/patroni/dynamicConfiguration";
        assert_eq!(refused(free, Shape::Mapping), None);
        assert_eq!(refused("/spec/shutdown", Shape::Text), Some("a boolean"));
        assert_eq!(refused("/spec/nothing", Shape::Text), None);
    }

    #[test]
    fn fields_came_and_went() {
        let since = |release: &str| Some((release.to_owned(), None));
        assert_eq!(life("/spec/port"), since("5.0.0"));
        assert_eq!(life("/spec/standby/host"), since("5.2.0"));
        assert_eq!(
            life("/spec/dataSource/volumes/pgDataVolume/pvcName"),
            since("5.0.3")
        );
        assert_eq!(
            life("/spec/instances/0/dataVolumeClaimSpec/autoGrow/trigger"),
            since("6.0.0")
        );
        assert_eq!(
            life("/spec/instances/0/walVolumeClaimSpec/dataSourceRef/namespace"),
            since("5.7.0")
        );
        assert_eq!(
            life("/spec/instances/1/containers/0/resources/claims"),
            since("5.7.0")
        );
        assert_eq!(life("/spec/config/parameters/work_mem"), since("5.8.0"));
        let dedicated = Some(("5.0.0".to_owned(), Some("5.0.2".to_owned())));
        assert_eq!(
            life("/spec/backups/pgbackrest/repoHost/dedicated/affinity"),
            dedicated
        );
        assert_eq!(
            life("/status/tokenRequired"),
            Some(("5.4.3".to_owned(), Some("5.8.4".to_owned())))
        );
        assert_eq!(life("/spec/dataSource/existingVolumes"), None);
    }

    #[test]
    fn a_pointer_that_leads_nowhere_is_told_from_one_that_may() {
        let unknown = |pointer| {
            let found = unknown_field(pointer)?;
            Some((found.name, found.parent, found.near))
        };
        let told = |name: &str, parent: &str, near: &str| {
            let near = (!near.is_empty()).then(|| near.to_owned());
            Some((name.to_owned(), parent.to_owned(), near))
        };
        assert_eq!(
            unknown("/spec/instance/0/replicas"),
            told("instance", "spec", "instances")
        );
        assert_eq!(
            unknown("/spec/instances/-/replicsa"),
            told("replicsa", "spec.instances", "replicas")
        );
        for fine in [
            "/spec/instances/0/replicas",
            "/spec/instances/-",
            "/spec/backups/pgbackrest/global/repo1-retention-full",
            "/spec/patroni/dynamicConfiguration/postgresql/parameters/work_mem",
            "/metadata/annotations/a~1b",
            "/spec/metadata/labels/team",
            "/spec",
            "",
        ] {
            assert_eq!(unknown(fine), None, "{fine}");
        }
    }
}
