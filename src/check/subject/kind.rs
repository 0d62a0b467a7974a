//! The kinds of subjects that rules are about, as the one pipeline sees them.

use std::sync::Arc;

use crate::check::judge::asked;
use crate::check::judge::finding::Anchor;
use crate::check::judge::label::Pointers;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::{Ruling, add_rulings};
use crate::check::report::finding::FindingSubject;
use crate::fact::Subject;
use crate::fact::live::{self, V5Living};
use crate::fact::moved::{self, V4ToV5};
use crate::fact::spec::V5Draft;
use crate::fact::v4::{self, TargetSet, V4Cluster};
use crate::manifest::{Gap, Inventory, Object};
use crate::rule::{Effect, Method, Rule, SubjectKind};
use crate::source::Span;

/// What there is to know of a subject before its rules are asked.
pub(in crate::check) struct Whom<'w, 'a> {
    /// Where it was read.
    pub(in crate::check) inventory: &'a Inventory,
    /// Its namespace; `None` where it writes none.
    pub(in crate::check) namespace: Option<&'a str>,
    /// Its name.
    pub(in crate::check) name: &'a str,
    /// The object that findings point into.
    pub(in crate::check) object: &'a Object,
    /// Where its name is written, which findings point at when nothing else is.
    pub(in crate::check) span: Span,
    /// The releases that it is judged for.
    pub(in crate::check) target: &'w TargetSet,
}

/// A kind of subject that rules are about.
pub(in crate::check) trait Judge: Subject {
    /// Which of them.
    const KIND: SubjectKind;

    /// Who a subject is.
    fn whom<'w, 'a>(of: &'w Self::Of<'a>) -> Whom<'w, 'a>;

    /// A subject's names, answered once each.
    fn lookup<'s, 'a>(of: &'s Self::Of<'a>) -> SubjectLookup<'s, 'a, Self>
    where
        Self: Sized;

    /// Adds what comes of one rule about a subject, of which `effect` is asked.
    fn ask<'r>(
        of: &Self::Of<'_>,
        rule: &'r Rule,
        effect: Effect,
        lookup: &SubjectLookup<'_, '_, Self>,
        rulings: &mut Vec<Ruling<'r>>,
    ) where
        Self: Sized,
    {
        add_rulings(rule, effect, lookup, None, Self::whom(of).target, rulings);
    }

    /// A subject as findings name it.
    fn subject(of: &Self::Of<'_>) -> FindingSubject {
        let whom = Self::whom(of);
        FindingSubject {
            origin: whom.inventory.origin_name.clone(),
            kind: Self::KIND.name().to_owned(),
            namespace: whom.namespace.unwrap_or("").to_owned(),
            name: whom.name.to_owned(),
        }
    }
}

/// Who findings about a subject are told of, and where they point when nothing else is written down.
pub(in crate::check) fn anchor<'a, J: Judge>(
    of: &J::Of<'a>,
    subject: Arc<FindingSubject>,
) -> Anchor<'a> {
    let whom = J::whom(of);
    Anchor {
        subject,
        object: whom.object,
        span: whom.span,
        pointers: Pointers::default(),
    }
}

impl Judge for V4Cluster {
    const KIND: SubjectKind = SubjectKind::Cluster;

    fn whom<'w, 'a>(of: &'w Self::Of<'a>) -> Whom<'w, 'a> {
        Whom {
            inventory: of.inventory,
            namespace: of.namespace,
            name: of.name,
            object: of.anchor,
            span: of.name_span(),
            target: &of.surroundings.target,
        }
    }

    fn lookup<'s, 'a>(of: &'s Self::Of<'a>) -> SubjectLookup<'s, 'a, Self> {
        let no_object = |of: &v4::Cluster<'_>| of.gap_of_object();
        SubjectLookup::new(of, &v4::FACTS, of.object, no_object, of.run.now)
    }

    /// By the release of PGO v4 that manages the cluster.
    fn ask<'r>(
        of: &Self::Of<'_>,
        rule: &'r Rule,
        effect: Effect,
        lookup: &SubjectLookup<'_, '_, Self>,
        rulings: &mut Vec<Ruling<'r>>,
    ) {
        let version = Some("cluster.v4");
        let target = &of.surroundings.target;
        add_rulings(rule, effect, lookup, version, target, rulings);
    }
}

impl Judge for V5Draft {
    const KIND: SubjectKind = SubjectKind::Draft;

    fn whom<'w, 'a>(of: &'w Self::Of<'a>) -> Whom<'w, 'a> {
        Whom {
            inventory: of.inventory,
            namespace: of.namespace,
            name: of.name,
            object: of.object,
            span: of.name_span(),
            target: of.target(),
        }
    }

    fn lookup<'s, 'a>(of: &'s Self::Of<'a>) -> SubjectLookup<'s, 'a, Self> {
        asked::lookup(of)
    }

    fn ask<'r>(
        of: &Self::Of<'_>,
        rule: &'r Rule,
        effect: Effect,
        lookup: &SubjectLookup<'_, '_, Self>,
        rulings: &mut Vec<Ruling<'r>>,
    ) {
        if asked::concerns(rule, of) {
            add_rulings(rule, effect, lookup, None, of.target(), rulings);
        }
    }
}

impl Judge for V5Living {
    const KIND: SubjectKind = SubjectKind::Living;

    fn whom<'w, 'a>(of: &'w Self::Of<'a>) -> Whom<'w, 'a> {
        Whom {
            inventory: of.inventory,
            namespace: of.namespace,
            name: of.name,
            object: of.object,
            span: of.name_span(),
            target: &of.surroundings.target,
        }
    }

    fn lookup<'s, 'a>(of: &'s Self::Of<'a>) -> SubjectLookup<'s, 'a, Self> {
        SubjectLookup::new(of, &live::FACTS, Some(of.object), |_| no_gap(), of.run.now)
    }

    /// A rule about an upgrade is asked only where one is to come, and by the release that runs.
    fn ask<'r>(
        of: &Self::Of<'_>,
        rule: &'r Rule,
        effect: Effect,
        lookup: &SubjectLookup<'_, '_, Self>,
        rulings: &mut Vec<Ruling<'r>>,
    ) {
        let of_upgrade = rule.effect.on(Method::Upgrade).is_some();
        if of_upgrade && of.is_there() != Some(false) {
            return;
        }
        let running = Some("upgrade.from");
        let target = &of.surroundings.target;
        add_rulings(rule, effect, lookup, running, target, rulings);
    }
}

/// Told of the living cluster; `self` is the living PostgresCluster, too.
impl Judge for V4ToV5 {
    const KIND: SubjectKind = SubjectKind::Migration;

    fn whom<'w, 'a>(of: &'w Self::Of<'a>) -> Whom<'w, 'a> {
        V5Living::whom(of.living)
    }

    fn lookup<'s, 'a>(of: &'s Self::Of<'a>) -> SubjectLookup<'s, 'a, Self> {
        let object: Option<&'a Object> = Some(of.living.object);
        SubjectLookup::new(of, &moved::FACTS, object, |_| no_gap(), of.living.run.now)
    }
}

/// Never told: the object of these subjects is always in the input.
fn no_gap() -> Gap {
    Gap {
        missing: String::new(),
        because: String::new(),
        ask: String::new(),
    }
}
