//! What an entry of the table is, and which releases have its path.

use crate::convert::choices::Form;
use crate::convert::document::Entry;
use crate::convert::view::View;
use crate::expr::Version;
use crate::schema::field_lifetime;

/// One entry: where it stands, for which forms of the methods, and what stands there.
pub(in crate::convert) struct Field {
    /// As in "spec.instances[0].replicas".
    pub(in crate::convert) path: &'static str,
    /// The forms that write it.
    forms: &'static [Form],
    /// A path that takes its place in every release that has it.
    pub(super) unless: Option<&'static str>,
    /// The value with its origin; `None` where there is nothing to write.
    pub(in crate::convert) write: for<'v, 'a> fn(&View<'v, 'a>) -> Option<Entry>,
}

const ALL: &[Form] = &[
    Form::Volumes,
    Form::RepositoryVolume,
    Form::SharedPath,
    Form::OwnPath,
    Form::Standby,
];

/// A field of every method.
pub(super) const fn field(
    path: &'static str,
    write: for<'v, 'a> fn(&View<'v, 'a>) -> Option<Entry>,
) -> Field {
    Field {
        path,
        forms: ALL,
        unless: None,
        write,
    }
}

impl Field {
    /// Only these forms write it.
    pub(super) const fn only(mut self, forms: &'static [Form]) -> Field {
        self.forms = forms;
        self
    }

    /// Only releases without this path write it.
    pub(super) const fn unless(mut self, path: &'static str) -> Field {
        self.unless = Some(path);
        self
    }

    pub(in crate::convert) fn is_of(&self, form: Form) -> bool {
        self.forms.contains(&form)
    }
}

/// Whether a release has a field.
pub(in crate::convert) fn has_field(release: &Version, path: &str) -> bool {
    if !path.starts_with("spec.") {
        return true;
    }
    // Below it anything may stand.
    let free = "spec.patroni.dynamicConfiguration";
    let path = if path.starts_with(free) { free } else { path };
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    field_lifetime(&pointer).is_some_and(|life| {
        life.since <= *release && life.until.is_none_or(|until| *release <= until)
    })
}
