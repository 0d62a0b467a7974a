//! A draft against the schema of the releases it may be applied to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject, Label};
use crate::expr::Version;
use crate::fact::spec::Draft;
use crate::fact::v4::TargetSet;
use crate::manifest::{Found, Gap, Gaps, Inventory, Kind, Object};
use crate::rule::{Effect, Level, Weight};
use crate::schema::{CrdSchemas, Family, Release, Validation, Violation};
use crate::source::OriginId;

/// The name of the definition that drafts are instances of.
const DEFINITION: &str = "postgresclusters.postgres-operator.crunchydata.com";

/// A schema that was given or found, with words for it.
#[derive(Debug)]
pub struct GivenSchema {
    /// The schema.
    pub schemas: CrdSchemas,
    /// In words: "--crd crd.yaml".
    pub from: String,
}

/// Where the schema of a draft comes from: the flag, the input, else the catalogue.
pub(in crate::check) struct Schemas<'a> {
    given: Option<&'a GivenSchema>,
    found: Option<GivenSchema>,
    catalogue: &'a Catalogue,
    among: Among,
}

/// How many there are in all of what shares an allowance of the run.
#[derive(Clone, Copy)]
pub(in crate::check) struct Among {
    drafts: usize,
    definitions: usize,
}

impl Among {
    /// What these inventories hold. Each has one definition at most that counts.
    pub(in crate::check) fn all<'i>(inventories: impl Iterator<Item = &'i Inventory>) -> Among {
        let drafts = inventories.map(|inventory| {
            let drafts = inventory.list_all(Kind::PostgresCluster);
            drafts.objects.len()
        });
        drafts.fold(
            Among {
                drafts: 0,
                definitions: 0,
            },
            |all, drafts| Among {
                drafts: all.drafts + drafts,
                definitions: all.definitions + 1,
            },
        )
    }
}

/// The catalogue's schemas, made on first use: of one release that changed the definition, or of all at once.
#[derive(Default)]
pub(in crate::check) struct Catalogue {
    single: Mutex<BTreeMap<Version, Arc<OnceLock<Family>>>>,
    all: OnceLock<Family>,
}

impl Catalogue {
    /// What `ask` finds out from the schemas of these releases.
    fn ask<T>(&self, definitions: &[Version], ask: impl FnOnce(&Family) -> T) -> T {
        let [release] = definitions else {
            return ask(self.all.get_or_init(Family::of_all_releases));
        };
        let slot = {
            let slots = self.single.lock();
            let mut slots = slots.unwrap_or_else(std::sync::PoisonError::into_inner);
            Arc::clone(slots.entry(*release).or_default())
        };
        ask(slot.get_or_init(|| Family::of_release(*release)))
    }
}

/// What came of checking a draft.
pub(in crate::check) struct Checked {
    pub(in crate::check) findings: Vec<Finding>,
    /// Which schema it was checked with, and what that could not check.
    pub(in crate::check) with: String,
}

impl<'a> Schemas<'a> {
    pub(in crate::check) fn of(
        inventory: &Inventory,
        given: Option<&'a GivenSchema>,
        catalogue: &'a Catalogue,
        among: Among,
    ) -> Self {
        let found = match inventory.find(Kind::CustomResourceDefinition, None, DEFINITION) {
            Found::Here(definition) if given.is_none() && definition.rivals.is_empty() => {
                in_input(definition, &inventory.origin_name, among)
            }
            _ => None,
        };
        Schemas {
            given,
            found,
            catalogue,
            among,
        }
    }

    /// Checks a draft; with several possible releases, what fails for each of them is an error, and what fails only
    /// for some a warning that names them.
    pub(in crate::check) fn check(
        &self,
        draft: &Object,
        target: &TargetSet,
        subject: &Arc<FindingSubject>,
    ) -> Checked {
        if let Some(given) = self.given.or(self.found.as_ref()) {
            let validation = given
                .schemas
                .validate_one_of(draft.root(), self.among.drafts);
            let weight = |_: &Violation| Weight::Error;
            let findings = validation
                .violations
                .iter()
                .map(|violation| finding(violation, weight(violation), None, subject));
            return Checked {
                findings: findings.collect(),
                with: with(&given.from, &given.schemas, validation.rules_held_back),
            };
        }
        self.by_catalogue(draft, target, subject)
    }

    fn by_catalogue(
        &self,
        draft: &Object,
        target: &TargetSet,
        subject: &Arc<FindingSubject>,
    ) -> Checked {
        let mut definitions: Vec<Version> = Vec::new();
        for release in &target.releases {
            let definition = definition(target, release);
            if definitions.last() != Some(&definition) {
                definitions.push(definition);
            }
        }
        definitions.sort_unstable();
        definitions.dedup();
        self.catalogue.ask(&definitions, |family| {
            let wanted = definitions.iter().rev();
            let validations = family.validate_one_of(draft.root(), wanted, self.among.drafts);
            by_family(family, &definitions, validations, target, subject)
        })
    }
}

/// The release whose definition a release has: one that was asked for by name is told by its own name.
fn definition(target: &TargetSet, release: &Release) -> Version {
    match target.releases.as_slice() {
        [only] => only.version,
        _ => release.crd,
    }
}

fn by_family(
    family: &Family,
    definitions: &[Version],
    validations: Vec<(&Version, Validation)>,
    target: &TargetSet,
    subject: &Arc<FindingSubject>,
) -> Checked {
    let held_back = validations
        .iter()
        .any(|(_, validation)| validation.rules_held_back);
    let all = target.releases.len();
    let breaches = breaches(validations, target).into_iter();
    let findings = breaches.map(|(violation, versions)| {
        let only = (versions.len() < all).then(|| range(&versions));
        let weight = if only.is_some() {
            Weight::Warn
        } else {
            Weight::Error
        };
        finding(&violation, weight, only.as_deref(), subject)
    });
    let from = match definitions {
        [one] => format!("the built-in catalogue of PGO {one}"),
        _ => "the built-in catalogue, for each possible release".to_owned(),
    };
    let newest = definitions.last();
    Checked {
        findings: findings.collect(),
        with: match newest.and_then(|newest| family.member(newest)) {
            Some(schemas) => with(&from, schemas, held_back),
            None => from,
        },
    }
}

/// What is wrong by several definitions, each thing once, with the releases by which it is wrong.
fn breaches(
    validations: Vec<(&Version, Validation)>,
    target: &TargetSet,
) -> Vec<(Violation, Vec<Version>)> {
    if validations.iter().all(|(_, one)| one.violations.is_empty()) {
        return Vec::new();
    }
    let mut by_definition: BTreeMap<Version, Vec<Version>> = BTreeMap::new();
    for release in &target.releases {
        let versions = by_definition
            .entry(definition(target, release))
            .or_default();
        versions.push(release.version);
    }
    let mut breaches: BTreeMap<(u32, &'static str, String), (Violation, Vec<Version>)> =
        BTreeMap::new();
    for (definition, validation) in validations {
        for violation in validation.violations {
            let key = (violation.span.start, violation.rule, violation.path.clone());
            let breach = breaches.entry(key);
            let (_, versions) = breach.or_insert_with(|| (violation, Vec::new()));
            versions.extend(by_definition.get(definition).into_iter().flatten());
        }
    }
    let mut breaches: Vec<(Violation, Vec<Version>)> = breaches.into_values().collect();
    for (_, versions) in &mut breaches {
        versions.sort_unstable();
    }
    breaches
}

/// The schemas by which a draft is checked: its own input's where that says something, else those of where it will go.
pub(in crate::check) fn of_draft<'s, 'a>(
    draft: &Draft<'_>,
    by_origin: &'s BTreeMap<OriginId, Schemas<'a>>,
) -> Option<&'s Schemas<'a>> {
    let own = by_origin.get(&draft.inventory.origin)?;
    if own.given.is_some() || own.found.is_some() {
        return Some(own);
    }
    let mut places = draft.places();
    let elsewhere = places.find_map(|place| {
        let schemas = by_origin.get(&place.origin)?;
        schemas.found.is_some().then_some(schemas)
    });
    Some(elsewhere.unwrap_or(own))
}

fn in_input(definition: &Object, origin: &str, among: Among) -> Option<GivenSchema> {
    let schemas = CrdSchemas::from_one_of(definition.root(), among.definitions).ok()?;
    let place = if origin.is_empty() {
        "in the input".to_owned()
    } else {
        format!("of {origin}")
    };
    Some(GivenSchema {
        schemas,
        from: format!("the CustomResourceDefinition {place}"),
    })
}

/// Which schema was used and what it left unchecked.
fn with(from: &str, schemas: &CrdSchemas, held_back: bool) -> String {
    let mut words = from.to_owned();
    let unchecked = schemas.versions.iter();
    let unchecked: Vec<&str> = unchecked
        .flat_map(|version| version.schema.unchecked())
        .map(String::as_str)
        .collect();
    if !unchecked.is_empty() {
        words.push_str(&format!("; not checked: {}", unchecked.join(", ")));
    }
    if held_back {
        words.push_str(
            "; its cross-field rules were not run: on a server, too, they wait until every field is as the schema asks",
        );
    }
    words
}

/// "5.0.3 to 5.1.3", or the one.
fn range(versions: &[Version]) -> String {
    match versions {
        [] => String::new(),
        [one] => one.to_string(),
        [first, .., last] => format!("{first} to {last}"),
    }
}

/// The rule by which a check came to its end before all was checked.
const TOO_MUCH: &str = "schema-too-much";

fn finding(
    violation: &Violation,
    weight: Weight,
    only: Option<&str>,
    subject: &Arc<FindingSubject>,
) -> Finding {
    let mut message = violation.message.clone();
    if let Some(releases) = only {
        message.push_str(&format!(" (only for PGO {releases})"));
    }
    let mut labels = vec![Label {
        span: violation.span,
        primary: true,
        message: Cow::Borrowed(""),
    }];
    labels.extend(violation.related.iter().map(|(span, text)| Label {
        span: *span,
        primary: false,
        message: Cow::Owned(text.clone()),
    }));
    let effect = Effect::Draft(weight);
    // What was not looked at is neither right nor wrong.
    let (outcome, level, gaps): (_, _, Gaps) = if violation.rule == TOO_MUCH {
        let gap = Gap {
            missing: "all that is wrong by the schema".to_owned(),
            because: "checking it takes more than one object may take".to_owned(),
            ask: format!("pgo-preflight rules {TOO_MUCH}"),
        };
        (FindingOutcome::Unknown, Level::Note, Arc::new([gap]))
    } else {
        (FindingOutcome::Fires, weight.level(), Arc::default())
    };
    let rule = Arc::from(violation.rule);
    Finding {
        outcome,
        level,
        path: violation.path.clone(),
        message: message.into(),
        labels,
        gaps,
        fix: violation.fix.as_deref().unwrap_or_default().into(),
        ..Finding::of(&rule, Arc::clone(subject), effect, &[&violation.path])
    }
}
