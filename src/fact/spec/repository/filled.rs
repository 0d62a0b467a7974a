//! Whether there is anything in a repository on a volume of the draft's own: a new volume is empty.

use super::repos::repos;
use super::source_repo;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::around::existing::{bootstrapped, live};
use crate::fact::spec::claims::volumes;
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Object};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[row(
    "draft.sourceRepo.filled",
    Type::Bool,
    "there can be backups on the volume of the draft's own repository that data comes from: v4's volume is adopted into it, a claim of v5 for it is there, or the cluster exists already; true where data comes from no repository on a volume; unknown while the claims of the namespace are not listed",
    |draft| {
        let filled = filled(draft).map(Value::from);
        filled.and_at(draft.nearest(&["spec", "dataSource"]), "the source")
    },
)];

fn filled(draft: &Draft<'_>) -> Fact<bool> {
    let source = source_repo::of(draft);
    source.and_then(|source| {
        let Some(source) = source else {
            return Fact::known(true);
        };
        let on_volume = source.kind().map(|kind| kind == "volume");
        on_volume.and_then(|on_volume| {
            if !on_volume {
                return Fact::known(true);
            }
            adopted(draft, &source.name).and_then(|adopted| {
                if adopted {
                    return Fact::known(true);
                }
                kept(draft, &source.name)
            })
        })
    })
}

/// The operator gives v4's volume to the first repository.
fn adopted(draft: &Draft<'_>, name: &str) -> Fact<bool> {
    let given = volumes::given(draft, Volume::Repo);
    given.both(repos(draft)).map(|(given, repos)| {
        let first = repos.first().is_some_and(|repo| repo.name() == name);
        given && first
    })
}

/// A claim that the operator made before is found again by its labels.
fn kept(draft: &Draft<'_>, name: &str) -> Fact<bool> {
    let started = live(draft).value().copied().flatten();
    if let Some(sign) = started.and_then(bootstrapped) {
        return Fact::at(true, sign.span(), "the cluster has started before");
    }
    let namespace = draft.namespace().map(str::to_owned);
    namespace.and_then(|namespace| {
        let mut complete = Fact::known(());
        for (number, place) in draft.places().enumerate() {
            let kind = Kind::PersistentVolumeClaim;
            let claims = place.of_v5_cluster(kind, Some(&namespace), draft.name);
            if let Some(claim) = claims.objects.iter().find(|claim| is_for(claim, name)) {
                return Fact::at(true, claim.name_span(), "the repository's claim");
            }
            // The first place is the one that counts; the others may add to it.
            if number == 0 {
                complete = if_complete(&claims.completeness, ());
            }
        }
        complete.map(|()| false)
    })
}

fn is_for(claim: &Object, repo: &str) -> bool {
    let label = claim.label("postgres-operator.crunchydata.com/pgbackrest-repo");
    label.is_some_and(|label| label.text() == repo)
}
