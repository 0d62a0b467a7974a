//! Custom pgBackRest configuration: files that are projected into the pods, and what of them can be seen.

use super::listing::listing;
use crate::expr::Version;
use crate::fact::trust::Answer;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::{is_unset, scalar_text};
use crate::fact::v4::repository::listed::listed;
use crate::fact::v4::traces::running;
use crate::manifest::{Fact, Gap, Kind, Node, Object, Truth};

/// An object with custom configuration.
pub(super) struct Custom<'a> {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// `None` where it is not in the input.
    pub(super) object: Option<&'a Object>,
    /// Whether its keys become files of other names.
    pub(super) renames: bool,
}

/// What was found of custom configuration, and whether there may be more.
pub(super) struct Customs<'a> {
    pub(super) found: Fact<Vec<Custom<'a>>>,
    pub(super) complete: Fact<()>,
}

/// `<cluster>-config-backrest` is mounted without being named anywhere; 4.5 was the first to do so.
const SINCE: &str = "4.5";

pub(super) fn customs<'a>(cluster: &Cluster<'a>) -> Customs<'a> {
    let projected = cluster.own(
        &["spec", "backrestConfig"],
        "custom pgBackRest configuration",
    );
    let named = projected.map(|list| projections(cluster, list));
    if cluster
        .version()
        .value()
        .is_some_and(|version| Some(*version) < Version::parse(SINCE))
    {
        let complete = cluster.version().as_ref().map(|_| ());
        return Customs {
            found: complete.clone().map(|()| Vec::new()),
            complete,
        };
    }
    let mut complete = named.as_ref().map(|_| ());
    let mut found = match named {
        known @ Fact::Known(_) => known,
        Fact::Unknown(_) => Fact::known(Vec::new()),
    };
    let name = format!("{}-config-backrest", cluster.name);
    for kind in [Kind::ConfigMap, Kind::Secret] {
        let object = cluster.object_named(kind, &name, "custom pgBackRest configuration");
        complete = complete.both(object.as_ref().map(|_| ())).map(|_| ());
        if let Fact::Known(Truth {
            value: Some(object),
            evidence,
            ..
        }) = object
        {
            let custom = Custom {
                kind,
                name: name.clone(),
                object: Some(object),
                renames: false,
            };
            found = found.map(|mut all| {
                all.push(custom);
                all
            });
            // What was found tells more than where nothing was projected.
            if let Fact::Known(truth) = &mut found {
                truth.evidence.insert_many(0, evidence);
            }
        }
    }
    let mut seen = found.value().into_iter().flatten();
    if let Some(custom) = seen.find(|custom| custom.is_overwritten()) {
        complete = Fact::unknown(out_of_sight(cluster, custom));
    }
    Customs { found, complete }
}

impl Custom<'_> {
    /// Whether what it says was overwritten, as a text is that holds a passphrase: nobody knows what else it said.
    fn is_overwritten(&self) -> bool {
        self.files().any(Node::is_overwritten)
    }

    /// The files in a `ConfigMap` that pgBackRest reads: of those in a folder, it does the ones whose names end like this.
    pub(super) fn files(&self) -> impl Iterator<Item = Node<'_>> {
        let map = self.object.filter(|_| self.kind == Kind::ConfigMap);
        let data = map.and_then(|map| map.at(&["data"]));
        let data = data.filter(|data| !is_unset(*data));
        let entries = data.into_iter().flat_map(Node::entries);
        let is_read = |name: &str| self.renames || name.strip_suffix(".conf").is_some();
        entries
            .filter(move |(name, _)| is_read(name.text()))
            .map(|(_, file)| file)
    }
}

fn projections<'a>(
    cluster: &Cluster<'a>,
    list: Option<crate::manifest::Node<'_>>,
) -> Vec<Custom<'a>> {
    let items = list.into_iter().flat_map(crate::manifest::Node::items);
    let named = items.flat_map(|item| {
        [("configMap", Kind::ConfigMap), ("secret", Kind::Secret)].map(|(key, kind)| {
            let name = item.at(&[key, "name"]).and_then(scalar_text)?;
            let object = cluster.object_named(kind, &name, "custom pgBackRest configuration");
            let object = object.value().copied().flatten();
            let renames = item.at(&[key, "items"]).is_some();
            Some(Custom {
                kind,
                name,
                object,
                renames,
            })
        })
    });
    named.flatten().collect()
}

/// The names of what was found; empty only when there is none.
pub(super) fn names(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let customs = customs(cluster);
    let names = customs.found.map(|all| {
        all.into_iter()
            .map(|custom| custom.name)
            .collect::<Vec<_>>()
    });
    match names.value() {
        Some(found) if !found.is_empty() => names,
        _ => customs.complete.and_then(|()| names),
    }
}

/// The names of the options that ConfigMaps among them set, as far as these are in the input; none only where no
/// configuration is out of sight.
pub(super) fn set_options(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let Customs { found, complete } = customs(cluster);
    let names = found.map(|customs| {
        let files = customs.iter().flat_map(Custom::files);
        let set = files.flat_map(|file| settings_of(file.text()));
        let mut names: Vec<String> = set.map(|(name, _)| name.to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    });
    match names.value() {
        Some(set) if set.is_empty() => complete.and_then(|()| names),
        _ => names,
    }
}

/// Known when all custom configuration can be read.
pub(super) fn in_sight(cluster: &Cluster<'_>) -> Fact<()> {
    let customs = customs(cluster);
    let is_read = |custom: &&Custom<'_>| custom.kind == Kind::ConfigMap && custom.object.is_some();
    let found = customs.found.value().into_iter().flatten();
    match found.into_iter().find(|custom| !is_read(custom)) {
        Some(custom) => Fact::unknown(out_of_sight(cluster, custom)),
        None => customs.complete,
    }
}

/// Whether the repository is encrypted: a cipher that can be seen says so; that there is none pgBackRest's own list, or all
/// custom configuration, where that can be read.
pub(super) fn encrypted(cluster: &Cluster<'_>) -> Fact<bool> {
    let names = ["PGBACKREST_REPO1_CIPHER_TYPE"];
    if let Answer::Says(said) = running(cluster, &names, "the repository's cipher")
        && is_cipher(&said.value)
    {
        return Fact::Known(said).map(|_| true);
    }
    let infos = listed(cluster).unwrap_or_default();
    let told = infos.iter().find_map(|info| info.encrypted);
    let told =
        told.map(|(cipher, span)| Fact::at(cipher, span, "the cipher that pgBackRest tells"));
    if let Some(cipher) = told.as_ref().filter(|one| one.value() == Some(&true)) {
        return cipher.clone();
    }
    let customs = customs(cluster);
    let mut hidden = Vec::new();
    for custom in customs.found.value().into_iter().flatten() {
        let is_seen = custom.object.is_some() && custom.kind == Kind::ConfigMap;
        if !is_seen || custom.is_overwritten() {
            hidden.push(out_of_sight(cluster, custom));
        }
        if let Some(entry) = custom.files().find(|entry| sets_cipher(entry.text())) {
            return Fact::at(true, entry.span(), "sets the repository's cipher");
        }
    }
    if let Some(none) = told {
        return none;
    }
    if hidden.is_empty() {
        return customs.complete.both(customs.found).map(|_| false);
    }
    Fact::Unknown(hidden.into())
}

fn out_of_sight(cluster: &Cluster<'_>, custom: &Custom<'_>) -> Gap {
    let kind = custom.kind.info().name;
    Gap {
        missing: format!("the pgBackRest options in {kind} {}", custom.name),
        because: match custom.kind {
            Kind::ConfigMap if custom.object.is_some() => {
                "its text was overwritten, as it may hold a credential; pgBackRest tells its cipher"
            }
            Kind::Secret => "the values of a Secret are not read; pgBackRest tells its cipher",
            _ => "not in the input; pgBackRest tells its cipher",
        }
        .to_owned(),
        ask: listing(cluster),
    }
}

fn sets_cipher(file: &str) -> bool {
    settings_of(file).any(|(option, value)| {
        let numbered = option.strip_prefix("repo").unwrap_or("");
        let bare = numbered.trim_start_matches(|c: char| c.is_ascii_digit());
        matches!(bare, "-cipher-type") && is_cipher(value)
    })
}

fn is_cipher(value: &str) -> bool {
    !matches!(value.trim(), "" | "none")
}

/// The options of an INI file.
pub(super) fn settings_of(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = file
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(['#', ';', '[']));
    lines.filter_map(|line| {
        let (option, value) = line.split_once('=')?;
        Some((option.trim(), value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cipher_is_an_option_with_a_value() {
        assert!(sets_cipher("[global]\nrepo1-cipher-type=aes-256-cbc\n"));
        assert!(sets_cipher("repo-cipher-type = aes-256-cbc"));
        for plain in [
            "",
            "[global]\n# repo1-cipher-type=aes-256-cbc",
            "repo1-cipher-type=none",
            "repo1-retention-full=2",
        ] {
            assert!(!sets_cipher(plain), "{plain}");
        }
    }
}
