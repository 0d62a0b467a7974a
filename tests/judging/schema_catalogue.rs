//! The embedded catalogue against the CRDs of the corpus, fact by fact.

use crate::corpus;

use pgo_preflight::schema::{CrdSchemas, releases};

#[test]
fn the_catalogue_says_what_the_crds_say() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let mut with_crd: Vec<_> = releases().iter().map(|release| release.crd).collect();
    with_crd.sort();
    with_crd.dedup();
    assert_eq!(with_crd.len(), 23);
    for release in with_crd {
        let theirs = corpus::crd(&corpus, &release.to_string());
        let ours = CrdSchemas::of_release(&release).unwrap();
        for version in &theirs.versions {
            let ours = ours.served(&version.name).unwrap().schema.describe();
            let theirs = version.schema.describe();
            let mut differences: Vec<String> = Vec::new();
            for (path, said) in &theirs {
                match ours.get(path) {
                    None => differences.push(format!("- {path}: {said}")),
                    Some(here) if here != said => {
                        differences.push(format!("~ {path}: {said}, but here {here}"));
                    }
                    Some(_) => {}
                }
            }
            let only_here = ours.iter().filter(|(path, _)| !theirs.contains_key(*path));
            differences.extend(only_here.map(|(path, said)| format!("+ {path}: {said}")));
            assert!(
                differences.is_empty(),
                "{release} {}: {} of {} facts differ (- only in the CRD, + only here):\n{}",
                version.name,
                differences.len(),
                theirs.len(),
                differences.join("\n")
            );
        }
    }
}

#[test]
fn a_crd_without_a_label_is_known_by_its_schema() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let names = |release| {
        let found = corpus::crd(&corpus, release).like_releases();
        let names = found.iter().filter(|release| release.seen);
        names
            .map(|release| release.version.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("5.0.4"), ["5.0.4"]);
    assert_eq!(names("5.1.0"), ["5.1.0", "5.1.1", "5.1.2", "5.1.3"]);
    // These two differ in how they write one CEL rule.
    assert_eq!(names("5.8.6"), ["5.8.5", "5.8.6"]);
    assert_eq!(names("6.0.1"), ["6.0.1", "6.0.2", "6.0.3"]);
}
