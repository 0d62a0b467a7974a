//! From which release to which: what runs, what is asked for, and the server under both.

use super::super::row::{LivingFact, row};
use super::super::subject::Living;
use super::operator::in_charge;
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::fact::v4::{BY_FLAG, Operator};
use crate::manifest::{Fact, Gap, shell_word};

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.from",
        Type::Version,
        "the release of the PGO v5 operator that manages the cluster; of several the oldest",
        |living| living.running().map(Value::from),
    ),
    row(
        "upgrade.to",
        Type::String,
        "the PGO release of --target; \"\" without it, or where it is not a single one",
        |living| {
            let to = living.run.target.and(living.surroundings.target.single());
            Fact::known(to.map_or("", |release| release.name()).into())
        },
    ),
    row(
        "upgrade.server",
        Type::Version,
        "the release of the Kubernetes API server: as a live cluster or a bundle says it, or in the output of `kubectl version -o yaml`",
        |living| server(living).map(Value::from),
    ),
];

impl Living<'_> {
    /// The release of the operator that manages it; of several the oldest, for which most is still to come.
    pub fn running(&self) -> Fact<Version> {
        in_charge(self).and_then(|operators| {
            let mut all: Fact<Option<Version>> = Fact::known(None);
            for operator in operators {
                let version = asking_the_log(operator.version.clone(), operator);
                all = all.both(version).map(|(oldest, version)| {
                    Some(oldest.map_or(version, |oldest: Version| oldest.min(version)))
                });
            }
            all.and_then(|oldest| oldest.map_or_else(|| Fact::unknown(nobody(self)), Fact::known))
        })
    }

    /// Whether it runs the release of `--target`, or a newer one, already: nothing is left to judge. `None` without
    /// `--target`.
    pub fn is_there(&self) -> Option<bool> {
        let to = self.run.target.as_ref()?;
        let to = crate::schema::Release::newest_of(to).map_or(*to, |newest| newest.version);
        Some(self.running().value().is_some_and(|from| *from >= to))
    }
}

/// Of an upgrade --target says where it goes, not what runs: an operator writes its release into each line of its log.
fn asking_the_log(version: Fact<Version>, operator: &Operator) -> Fact<Version> {
    let Fact::Unknown(gaps) = version else {
        return version;
    };
    let flag = operator.namespace.as_deref();
    let flag = flag.map_or_else(String::new, |name| format!(" -n {}", shell_word(name)));
    let name = shell_word(&operator.name);
    let ask = format!(
        "kubectl logs deployment/{name}{flag} --tail=3 # says version=; write it into the export as the Deployment's label app.kubernetes.io/version"
    );
    let asked = gaps.iter().map(|gap| match gap.ask.as_str() {
        BY_FLAG => Gap {
            ask: ask.clone(),
            ..gap.clone()
        },
        _ => gap.clone(),
    });
    Fact::Unknown(asked.collect())
}

/// Why nothing is known where no operator is there at all.
fn nobody(living: &Living<'_>) -> Gap {
    Gap {
        missing: format!("which release of PGO manages {}", living.name),
        because: "no Deployment of its operator is in the input".to_owned(),
        ask: super::operator::ASK.to_owned(),
    }
}

fn server(living: &Living<'_>) -> Fact<Version> {
    living.inventory.server().and_then(|text| {
        Version::parse(text).map_or_else(
            || {
                Fact::unknown(Gap {
                    missing: "the release of the Kubernetes API server".to_owned(),
                    because: format!("`{text}` is no release"),
                    ask: "kubectl version -o yaml".to_owned(),
                })
            },
            Fact::known,
        )
    })
}
