//! Trees to the objects in them: alone, or as the items of (nested) Lists.
//!
//! Kinds we do not keep are counted and dropped as soon as they are read; what is dropped is to be overwritten in
//! the text, since nothing will ever point into it.

mod filled;
mod patched;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::common_labels::{Labels, share};
use super::parameters;
use super::unread::unread;
use super::{duplicate, identity, patches, template};
use crate::manifest::contents::{Contents, DuplicateKey, ListSeen, Stray};
use crate::manifest::problem::{Broken, MAX_PROBLEMS, ProblemKind, problem_at};
use crate::manifest::redact::blank;
use crate::manifest::{Kind, Node, NodeId, Object, ServerSaid, Tree, redact};
use crate::source::{Source, Span};

/// A document of which the parts come one by one.
pub(in crate::manifest) struct Document<'s> {
    source: &'s Arc<Source>,
    range: Range<u32>,
    helm_source: Option<Box<str>>,
    /// Whether the text of what is dropped can go.
    overwrite_dropped: bool,
    pub(in crate::manifest) contents: Contents,
    /// Elements that were read before the List said what they are.
    pending: Vec<Tree>,
    /// The Lists being read, from the outermost; the first is the document, List or not.
    open: Vec<Open>,
}

/// What is known of a List that is being read.
#[derive(Default)]
struct Open {
    items: usize,
    holds: BTreeSet<(Kind, Option<Box<str>>)>,
    /// The labels that all elements of kinds we keep carry; nothing before the first.
    common: Option<Labels>,
    /// An element was no object that could be read.
    unread: bool,
}

impl<'s> Document<'s> {
    pub(in crate::manifest) fn over(
        source: &'s Arc<Source>,
        range: Range<u32>,
        overwrite_dropped: bool,
    ) -> Self {
        let text = source.text.get(range.start as usize..range.end as usize);
        Document {
            source,
            range,
            helm_source: template::helm_source(text.unwrap_or("")),
            overwrite_dropped,
            contents: Contents::default(),
            pending: Vec::new(),
            open: vec![Open::default()],
        }
    }

    /// Some of its items, to be joined to it again.
    pub(in crate::manifest) fn part(&self) -> Self {
        Document {
            source: self.source,
            range: self.range.clone(),
            helm_source: self.helm_source.clone(),
            overwrite_dropped: self.overwrite_dropped,
            contents: Contents::default(),
            pending: Vec::new(),
            open: vec![Open::default()],
        }
    }

    /// Adds the items that follow.
    pub(in crate::manifest) fn join(&mut self, part: Self) {
        self.contents.append(part.contents);
        self.pending.extend(part.pending);
        for (list, more) in self.open.iter_mut().zip(part.open) {
            list.items += more.items;
            list.holds.extend(more.holds);
            list.common = match (list.common.take(), more.common) {
                (Some(these), Some(those)) => Some(&these & &those),
                (these, those) => these.or(those),
            };
            list.unread |= more.unread;
        }
    }

    /// How many elements the innermost List has so far.
    fn items(&self) -> usize {
        self.open.last().map_or(0, |list| list.items)
    }

    /// An element of the root's `items`, before the root's kind is known.
    pub(in crate::manifest) fn take_item(&mut self, item: &Tree) {
        if let Some(list) = self.open.last_mut() {
            list.items += 1;
        }
        let says = |key| identity::written(item.root(), &[key]).is_some();
        if says("apiVersion") && says("kind") {
            self.take(item.root(), ("", ""));
        } else {
            self.pending.push(item.copy());
        }
    }

    /// An element of the root's `items` that is an object of a kind we do not keep, and was not read.
    pub(in crate::manifest) fn pass_item(&mut self, item: Range<u32>) {
        if let Some(list) = self.open.last_mut() {
            list.items += 1;
        }
        self.contents.counted += 1;
        if self.overwrite_dropped {
            self.contents.secrets.push(item);
        }
    }

    /// The root after its items were taken. Answers whether it was no List, so that all must be read again.
    pub(in crate::manifest) fn take_envelope(&mut self, root: Node<'_>) -> Result<bool, Broken> {
        if self.items() == 0 {
            self.take(root, ("", ""));
            return Ok(false);
        }
        if identity::is_list(root) {
            let inherited = inherited(root);
            for item in std::mem::take(&mut self.pending) {
                self.take(item.root(), inherited);
            }
            self.list_ends(root);
            return Ok(false);
        }
        // kubectl writes `kind` after `items`.
        let cut = identity::text(root, &["kind"]).is_empty() && self.contents.counted > 0;
        if cut {
            return Err(Broken {
                at: self.range.end,
                kind: ProblemKind::Truncated,
            });
        }
        Ok(true)
    }

    /// A List that was read in one piece. Calls nest no deeper than [`super::problem::MAX_DEPTH`] / 2.
    fn take_list(&mut self, list: Node<'_>) {
        self.open.push(Open::default());
        for item in list.get("items").into_iter().flat_map(Node::items) {
            if let Some(list) = self.open.last_mut() {
                list.items += 1;
            }
            self.take(item, inherited(list));
        }
        self.list_ends(list);
    }

    fn list_ends(&mut self, list: Node<'_>) {
        let open = self.open.pop().unwrap_or_default();
        redact::secrets(list, "", None, &mut self.contents.secrets);
        let (api_version, kind) = inherited(list);
        self.contents.lists.push(ListSeen {
            span: list.span(),
            kind: identity::text(list, &["kind"]).into(),
            of: Kind::of(api_version, kind),
            items: open.items,
            // All that one element carries may be what it was selected by.
            common: open.common.unwrap_or_default(),
            holds: open.holds,
            partial: open.unread || identity::is_partial(list),
        });
    }

    /// An object, a List, or something that is neither. The List it is in may say its apiVersion and kind.
    pub(in crate::manifest) fn take(&mut self, node: Node<'_>, inherited: (&str, &str)) {
        if identity::is_list(node) {
            self.take_list(node);
            return;
        }
        if parameters::is_template(node) {
            self.take_openshift_template(node);
            return;
        }
        let own = |key, inherited| identity::written(node, &[key]).map_or(inherited, Node::text);
        let api_version = own("apiVersion", inherited.0);
        let kind = own("kind", inherited.1);
        if let Some(meant) = Kind::almost(api_version, kind) {
            self.stray(node, meant, ProblemKind::Almost(meant));
            return;
        }
        if self.is_alone() && self.take_patches(node, (api_version, kind)) {
            return;
        }
        let said = || ServerSaid::of_document(node).filter(|_| self.is_alone());
        if api_version.is_empty()
            && kind.is_empty()
            && let Some(said) = said()
        {
            self.take_server(said);
            return;
        }
        if api_version.is_empty() || kind.is_empty() || patches::is_kustomization(api_version) {
            if identity::is_json_patch(node) {
                self.stray(node, Kind::PostgresCluster, ProblemKind::JsonPatch);
            } else if !(node.is_null() && self.is_alone()) {
                self.refuse(node, ProblemKind::NotKubernetes);
            }
            return;
        }
        self.contents.counted += 1;
        match Kind::of(api_version, kind) {
            Some(kept) => self.keep(node, kept, api_version),
            None => self.drop(node),
        }
    }

    /// The release of the API server; the rest of the document is nobody's question.
    fn take_server(&mut self, said: ServerSaid) {
        if let Some(place) = said.place.filter(|_| self.overwrite_dropped) {
            let Range { start, end } = self.range;
            self.contents.secrets.push(start..place.start);
            self.contents.secrets.push(place.end..end);
        }
        self.contents.server.push(said);
    }

    fn keep(&mut self, node: Node<'_>, kind: Kind, api_version: &str) {
        let name = identity::text(node, &["metadata", "name"]);
        let namespace = identity::written(node, &["metadata", "namespace"]).map(Node::text);
        if template::is_marked(name) || namespace.is_some_and(template::is_marked) {
            self.refuse(node, ProblemKind::UnrenderedTemplate);
            return;
        }
        // A draft without a name is judged, and told that it has none; a server makes the names of others.
        let named = || identity::written(node, &["metadata", "generateName"]).is_some();
        if name.is_empty() && kind != Kind::PostgresCluster && !named() {
            self.stray(node, kind, ProblemKind::Nameless(kind));
            return;
        }
        let namespace = namespace.filter(|_| kind.info().namespaced).map(Box::from);
        if let Some(list) = self.open.last_mut() {
            list.holds.insert((kind, namespace.clone()));
            share(&mut list.common, node);
        }
        let before = self.contents.secrets.len();
        let is_own = node.id == NodeId::ROOT && self.overwrite_dropped;
        let unread = is_own.then(|| unread(node, kind)).flatten();
        let found = &mut self.contents.secrets;
        let takes_keys = redact::secrets(node, kind.info().name, unread.map(|node| node.id), found);
        let secrets = self.contents.secrets.get(before..).unwrap_or_default();
        let secrets = blank::Ranges::of(secrets.to_vec());
        let is_secret = |key: Span| secrets.touch(key.start, key.end);
        let repeated = if node.tree.unique_keys {
            Vec::new()
        } else {
            duplicate::keys(node)
        };
        for repeated in repeated {
            self.contents.duplicates.push(DuplicateKey {
                kind,
                namespace: namespace.clone(),
                name: name.into(),
                key: if is_secret(repeated.again) {
                    "(overwritten)".into()
                } else {
                    repeated.key.into()
                },
                again: repeated.again,
                earlier: repeated.earlier,
            });
        }
        let tree = if node.id == NodeId::ROOT {
            let mut tree = match unread {
                Some(unread) => {
                    let Span { start, end, .. } = unread.span();
                    self.contents.secrets.push(start..end);
                    node.tree.copy_without(unread.id)
                }
                None => node.tree.copy(),
            };
            tree.unique_keys &= !takes_keys;
            Some(tree)
        } else {
            node.tree.extract(node.id, usize::MAX)
        };
        self.contents.objects.extend(tree.map(|tree| Object {
            kind,
            api_version: api_version.into(),
            namespace,
            name: name.into(),
            helm_source: self.helm_source.clone(),
            tree,
            rivals: Vec::new(),
            live: OnceLock::new(),
        }));
    }

    /// An object that is not what it seems.
    fn stray(&mut self, node: Node<'_>, kind: Kind, problem: ProblemKind) {
        let Span { start, .. } = node.span();
        if self.contents.strays.len() < MAX_PROBLEMS {
            self.contents.strays.push(Stray {
                kind,
                namespace: identity::text(node, &["metadata", "namespace"]).into(),
                name: identity::text(node, &["metadata", "name"]).into(),
                span: problem_at(self.source, start, problem).span,
                problem,
                changes: match problem {
                    ProblemKind::JsonPatch => patches::changes(node),
                    _ => Vec::new(),
                },
            });
        }
        self.refuse(node, problem);
    }

    fn refuse(&mut self, node: Node<'_>, kind: ProblemKind) {
        let Span { start, .. } = node.span();
        if self.contents.problems.len() <= MAX_PROBLEMS {
            let problem = problem_at(self.source, start, kind);
            self.contents.problems.push(problem);
        }
        if let Some(list) = self.open.last_mut() {
            list.unread = true;
        }
        self.drop(node);
    }

    fn drop(&mut self, node: Node<'_>) {
        if !self.overwrite_dropped {
            return;
        }
        let Span { start, end, .. } = node.span();
        let gone = if self.is_alone() {
            self.range.clone()
        } else {
            start..end
        };
        self.contents.secrets.push(gone);
    }

    /// Whether what is read now is the whole document.
    fn is_alone(&self) -> bool {
        self.open.len() == 1 && self.items() == 0
    }
}

/// What a typed List says about its elements: their apiVersion and kind.
fn inherited(list: Node<'_>) -> (&str, &str) {
    match identity::element_kind(list) {
        "" => ("", ""),
        kind => (identity::text(list, &["apiVersion"]), kind),
    }
}
