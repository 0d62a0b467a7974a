//! What the installed definition of PostgresCluster lacks of the release to move to.

use crate::expr::Version;
use crate::manifest::{Fact, Found, Object};
use crate::schema::{CrdSchemas, Release};

/// Fields of the target's release that the installed definition lacks, sorted.
#[derive(Debug)]
pub(crate) struct Behind {
    /// As `spec.dataSource.volumes`, the topmost of each branch.
    pub(in crate::fact::v4) fields: Fact<Vec<String>>,
}

impl Behind {
    /// By the answer to the question for the definition. Without a single release to move to there is nothing to
    /// compare with, and nothing is lacking.
    pub(in crate::fact::v4) fn of(definition: Found<'_>, release: Option<&Release>) -> Behind {
        let fields = match (release, definition) {
            (Some(release), Found::Here(definition)) => lacking(definition, release),
            (Some(_), Found::Unseen(gap)) => Fact::unknown(gap),
            // None is installed yet: another finding says so, and nothing is dropped by what comes.
            (None, _) | (_, Found::Absent(_)) => Fact::known(Vec::new()),
        };
        Behind { fields }
    }
}

/// What a definition lacks of a release. One without a schema says nothing but the release of its label.
fn lacking(definition: &Object, release: &Release) -> Fact<Vec<String>> {
    const NOTE: &str = "the installed definition";
    let versions = definition.read(&["spec", "versions"], NOTE);
    let Fact::Known(_) = versions else {
        return versions.map(|_| Vec::new());
    };
    let label = definition.label("app.kubernetes.io/version");
    let labelled = label.and_then(|label| CrdSchemas::of_release(&Version::parse(label.text())?));
    let installed = CrdSchemas::from_crd(definition.root()).ok().or(labelled);
    // Put together only for a comparison: it takes as long as judging a dozen clusters.
    let wanted = || CrdSchemas::of_release(&release.version);
    match installed.and_then(|installed| Some((installed, wanted()?))) {
        Some((installed, wanted)) => Fact::at(
            installed.fields_missing(&wanted),
            definition.name_span(),
            NOTE,
        ),
        None => Fact::at(Vec::new(), definition.name_span(), NOTE).assuming(
            format!(
                "the installed definition of PostgresCluster is that of PGO {} (its schema is not in the input)",
                release.version
            )
            .into(),
        ),
    }
}
