//! Where the vendor's own kustomization of a release is to be had, so that a printed command installs what it says.
//!
//! Until 5.8.5 it is in the examples repository, which has no tags: the last commit whose kustomization names the operator's
//! image of the release (`kustomize/install/components/images-by-tag`, before 5.4 `manager`). From 5.8.9 on it is in the
//! operator's repository. Its tags 5.7.9 and 5.8.5 to 5.8.8 name the operator of another release, or none (`latest`), and so
//! they are good for definitions alone; in between, and for releases that are not listed, nothing was published.

use crate::expr::Version;

const OPERATOR: &str = "https://github.com/CrunchyData/postgres-operator//config";
const EXAMPLES: &str =
    "https://github.com/CrunchyData/postgres-operator-examples//kustomize/install";

/// The tags of the operator's repository whose kustomization names their own operator.
const TAGS: [&str; 5] = ["5.8.9", "6.0.0", "6.0.1", "6.0.2", "6.0.3"];

/// The tags that have the release's definitions, and another operator.
const TAGS_OF_DEFINITIONS: [&str; 5] = ["5.7.9", "5.8.5", "5.8.6", "5.8.7", "5.8.8"];

/// Releases and commits of the examples repository.
const COMMITS: &[(&str, &str)] = &[
    ("5.1.0", "f8a0eb409abfb648d182a1fccc7dd104d2a863b6"),
    ("5.1.1", "78c2d64c418fd1402dac4fbfec0fe6959173763e"),
    ("5.1.2", "c35b44b9bcabe6c1fea896bde043ff0e2d4bb43e"),
    ("5.1.3", "4b0501c8684539805c109104c9885bd102ccdcfb"),
    ("5.2.0", "206cc6aa0aa148133d3147d286f9b3c68b820ffb"),
    ("5.2.1", "072c38fcd4e38017365efb1df6b1f5a090dd7e37"),
    ("5.3.0", "af88ad9c0d0a827e12115c8771dd09f1dcc8a713"),
    ("5.3.1", "e52526ecac17e24d5b0317d6e3f812e650a952bb"),
    ("5.3.2", "0bb94ef40f6755e27de682df2527f7fcbfb289fa"),
    ("5.4.0", "9a3b808f309b2eb24da961dbadc189750e88ec48"),
    ("5.4.1", "cd8d94a2d93f4b6b03b7e730c5a94b25d8d902ab"),
    ("5.4.2", "c623b254686acc6c9b77dc070e97d723977177d6"),
    ("5.4.3", "4c8e27f762d609c3a49e6abbf81a5c60fe950ab1"),
    ("5.5.0", "78c413d4595cab363234e42b01fb88e7fe0f2ae0"),
    ("5.5.1", "62a661cb10b686a34cd156f15f520fcbef094a47"),
    ("5.5.2", "5654daea0d3ed575a835275a9c7e66d72551c3bc"),
    ("5.6.0", "9fec4999214ad43d31bdc11646e614da2dc51617"),
    ("5.6.1", "84dbf646e2fb37759f4fb36a56d9152fc05bbbae"),
    ("5.7.0", "c50bae6c3b2bb26c13c7eff44494d7d8aab3415c"),
    ("5.7.1", "c2851600fe87545f6043359a17b7ac1261fafd2d"),
    ("5.7.2", "103226888aee893a8ff96e2d7f1d9687b49cae0f"),
    ("5.7.3", "c4e35f79a82bca984428de837c87a45b5562375b"),
    ("5.7.4", "bbd73354e4f6f3229819839b4379c7fc1fcf0a68"),
    ("5.8.0", "152ad0afbd0169edb3ffd6bbbf070bb0ca894cbe"),
    ("5.8.1", "395b659d475c1804c00c689b3c1b66a657fbe13d"),
    ("5.8.2", "89a07af45ff01fe200f6176be110b53ac6b2b029"),
    ("5.8.3", "397165d28014b9c4676a122223c44683d5bfb015"),
    ("5.8.4", "81bdf8b7000149422d2b12dd8c85cef7ae93093f"),
    ("5.8.5", "2fbf3b30f9aa1bdca32926da6e9146d55f134372"),
];

/// What `kubectl apply -k` takes to apply the definitions of a release; `None` where nothing was published.
pub fn definitions(release: &Version) -> Option<String> {
    let name = release.to_string();
    if TAGS.contains(&name.as_str()) || TAGS_OF_DEFINITIONS.contains(&name.as_str()) {
        return Some(format!("{OPERATOR}/crd?ref=v{name}"));
    }
    commit(&name).map(|commit| format!("{EXAMPLES}/crd?ref={commit}"))
}

/// What `kubectl apply -k` takes to apply the operator of a release; `None` where nothing was published that names it.
pub fn operator(release: &Version) -> Option<String> {
    let name = release.to_string();
    if TAGS.contains(&name.as_str()) {
        return Some(format!("{OPERATOR}/default?ref=v{name}"));
    }
    commit(&name).map(|commit| format!("{EXAMPLES}/default?ref={commit}"))
}

fn commit(name: &str) -> Option<&'static str> {
    let (_, commit) = COMMITS.iter().find(|(release, _)| *release == name)?;
    Some(commit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::releases;

    #[test]
    fn every_release_of_the_table_is_known_and_names_a_whole_commit() {
        for (name, commit) in COMMITS {
            assert!(releases().iter().any(|one| one.name() == *name), "{name}");
            let hex = commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(hex && commit.len() == 40, "{name}");
        }
    }

    #[test]
    fn a_tag_that_names_another_operator_is_good_for_definitions_alone() {
        let version = Version::parse("5.8.8").unwrap();
        assert!(definitions(&version).unwrap().ends_with("crd?ref=v5.8.8"));
        assert_eq!(operator(&version), None);
        let newest = Version::parse("6.0.3").unwrap();
        assert!(
            operator(&newest)
                .unwrap()
                .ends_with("config/default?ref=v6.0.3")
        );
    }
}
