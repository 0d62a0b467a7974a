//! Facts about other people's PostgresClusters, where they are at hand: none panics, each has a value of its type or
//! a reason, and what is called a mistake in manifests that work is a false alarm.

use crate::corpus;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pgo_preflight::expr::Value;
use pgo_preflight::fact::spec::{Candidates, Draft, FACTS, drafts};
use pgo_preflight::fact::{Run, Type, v4::Surroundings};
use pgo_preflight::manifest::{Assume, Fact, Gathered, Inventory, load};
use pgo_preflight::source::{OriginId, Source, SourceId};

/// The manifests in a folder of the corpus.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Judges the drafts of one file, alone.
fn with_drafts(path: &Path, judge: impl Fn(&Draft<'_>, &Source)) -> usize {
    let origin = OriginId(0);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let loaded = load(SourceId(0), origin, name, std::fs::read(path).unwrap());
    let source = Arc::clone(&loaded.source);
    let mut gathered = Gathered::empty(origin, String::new(), Vec::new());
    gathered.take(loaded);
    let inventory = Inventory::build(gathered.holdings(), &Assume::nothing());
    let run = Run {
        now: "2023-06-02T12:00:00Z".parse().unwrap(),
        target: None,
        definition: None,
    };
    let surroundings = Surroundings::of(&inventory, &run);
    let none = Candidates::default();
    let found = drafts(&inventory, &run, &surroundings, &none, &[], |_| true);
    for draft in &found {
        judge(draft, &source);
    }
    found.len()
}

fn fact(draft: &Draft<'_>, name: &str) -> Option<Value> {
    let number = FACTS.facts().iter().position(|fact| fact.name == name);
    let number = u16::try_from(number.unwrap_or_else(|| panic!("no fact {name}"))).unwrap();
    FACTS.read(number, draft).unwrap().value().cloned()
}

fn fits(ty: Type, value: &Value) -> bool {
    match value {
        Value::Bool(_) => ty == Type::Bool,
        Value::Int(_) => ty == Type::Int,
        Value::Version(_) => ty == Type::Version,
        Value::Str(_) => matches!(ty, Type::String | Type::Quantity),
        Value::Map(_) => ty == Type::Map,
        Value::List(items) => items.iter().all(|item| match item {
            Value::Str(_) => ty == Type::Strings,
            Value::Int(_) => ty == Type::Ints,
            Value::Map(_) => matches!(ty, Type::Records | Type::Elements),
            _ => false,
        }),
        _ => false,
    }
}

#[test]
fn every_fact_has_a_value_of_its_type_or_a_reason() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let mut count = 0;
    for folder in ["v5/manifests", "v5/partial"] {
        for path in files(&corpus.join(folder)) {
            count += with_drafts(&path, |draft, source| {
                for number in 0..u16::try_from(FACTS.len()).unwrap() {
                    let own = FACTS.get(number);
                    let name = own.map_or("v4", |fact| fact.name);
                    match FACTS.read(number, draft).unwrap() {
                        Fact::Known(truth) => {
                            let ty = own.expect("v4 facts are unknown without a pair").ty;
                            assert!(
                                fits(ty, &truth.value),
                                "{name}: {:?} in {}",
                                truth.value,
                                path.display()
                            );
                            assert!(
                                !truth.evidence.is_empty(),
                                "{name} points nowhere in {}",
                                path.display()
                            );
                            for place in truth.evidence {
                                assert!(!source.slice(place.span).is_empty(), "{name}");
                                assert!(
                                    !place.note.is_empty(),
                                    "{name} has a place without a note"
                                );
                            }
                        }
                        Fact::Unknown(gaps) => {
                            assert!(!gaps.is_empty(), "{name}");
                            for gap in gaps.iter() {
                                let told = [&gap.missing, &gap.because, &gap.ask];
                                assert!(
                                    told.iter().all(|text| !text.is_empty()),
                                    "{name}: {gap:?}"
                                );
                            }
                        }
                    }
                }
            });
        }
    }
    assert_eq!(
        count, 478,
        "all but one, whose namespace is an unrendered template"
    );
}

/// Facts that list mistakes.
const MISTAKES: [&str; 4] = [
    "draft.prunedSources",
    "draft.parametersMisplaced",
    "draft.parametersOverwritten",
    "draft.v4Keys",
];

/// Mistakes in manifests that upstream publishes. Both pass `y` unquoted, which kubectl
/// reads as true.
const KNOWN: [&str; 2] = ["S009 isString", "S010 isString"];

#[test]
fn manifests_that_work_have_no_mistakes_but_those_known() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let found = RefCell::new(Vec::new());
    for path in files(&corpus.join("v5/manifests")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let id = file.split("__").next().unwrap();
        with_drafts(&path, |draft, _| {
            let options = match fact(draft, "draft.globalOptions") {
                Some(Value::List(options)) => options,
                _ => Vec::new().into(),
            };
            for field in ["known", "isString", "declared"] {
                let is_wrong = |option: &Value| match option {
                    Value::Map(fields) => fields
                        .iter()
                        .any(|(name, value)| &**name == field && *value == Value::Bool(false)),
                    _ => false,
                };
                if options.iter().any(is_wrong) {
                    found.borrow_mut().push(format!("{id} {field}"));
                }
            }
            for name in MISTAKES {
                if let Some(Value::List(items)) = fact(draft, name)
                    && !items.is_empty()
                {
                    found.borrow_mut().push(format!("{id} {name}"));
                }
            }
        });
    }
    assert_eq!(found.into_inner(), KNOWN);
}

#[test]
fn manifests_with_a_data_source_are_known_by_their_method() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let found = RefCell::new(BTreeMap::new());
    for path in files(&corpus.join("v5/manifests")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let id = file.split("__").next().unwrap().to_owned();
        with_drafts(&path, |draft, _| {
            if let Some(Value::Str(method)) = fact(draft, "draft.method") {
                let mut found = found.borrow_mut();
                let ids: &mut Vec<String> = found.entry(method.to_string()).or_default();
                ids.push(id.clone());
            }
        });
    }
    let found = found.into_inner();
    let all: usize = found.values().map(Vec::len).sum();
    assert_eq!(all, 460, "all but one, an unrendered template");
    assert_eq!(found["volumes"], ["S093", "S125", "S447", "S458", "S469"]);
    let restored = [
        "S083", "S085", "S105", "S106", "S111", "S112", "S173", "S175",
    ];
    assert_eq!(found["backups"], restored);
    assert!(!found.contains_key("mixed"));
}

#[test]
fn patches_are_told_from_whole_clusters() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    for (folder, fragment) in [("v5/manifests", false), ("v5/partial", true)] {
        for path in files(&corpus.join(folder)) {
            with_drafts(&path, |draft, _| {
                let says = fact(draft, "draft.fragment");
                assert_eq!(says, Some(Value::Bool(fragment)), "{}", path.display());
            });
        }
    }
}
