//! Names the folder that a part of a manifest belongs to, where its `kustomization` was read: the question how to see the
//! whole becomes a command that can be run.

use std::path::Path;

use crate::check::evidence::Evidence;
use crate::check::report::finding::Finding;
use crate::fact::spec::WHOLE;
use crate::manifest::{Gap, Gaps, shell_word};

/// What kustomize looks for in a folder.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Names folders in the questions of every finding about a part.
pub(in crate::check) fn name_folders(findings: &mut [Finding], evidence: &Evidence) {
    for finding in findings {
        if !finding.gaps.iter().any(|gap| gap.ask == WHOLE) {
            continue;
        }
        let label = finding.labels.iter().find(|label| label.primary);
        let source = label.and_then(|label| evidence.sources.get(label.span.source.0 as usize));
        let Some(folder) = source.and_then(|source| folder_of(&source.uri, evidence)) else {
            continue;
        };
        let ask = format!(
            "kubectl kustomize {} | pgo-preflight check -",
            shell_word(&folder)
        );
        finding.gaps = with_ask(&finding.gaps, &ask);
    }
}

fn with_ask(gaps: &Gaps, ask: &str) -> Gaps {
    let named = |gap: &Gap| {
        let mut gap = gap.clone();
        if gap.ask == WHOLE {
            ask.clone_into(&mut gap.ask);
        }
        gap
    };
    gaps.iter().map(named).collect()
}

/// The nearest folder above a file of which the `kustomization` was read, too.
fn folder_of(uri: &str, evidence: &Evidence) -> Option<String> {
    let folders = Path::new(uri).ancestors().skip(1);
    let read = |path: &Path| {
        evidence
            .inputs
            .iter()
            .any(|input| Path::new(&input.uri) == path)
    };
    let found = folders
        .into_iter()
        .find(|folder| NAMES.iter().any(|name| read(&folder.join(name))))?;
    let folder = found.to_str()?;
    Some(if folder.is_empty() { "." } else { folder }.to_owned())
}
